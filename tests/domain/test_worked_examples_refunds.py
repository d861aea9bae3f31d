"""Worked examples: money that goes back. How to read the tables is said in `helpers.worked`."""

from __future__ import annotations

from datetime import UTC, datetime

from helpers.worked import Given, worked
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Bearer,
    Entry,
    LedgerEvent,
    RefundedSoFar,
    done_entries,
    goodwill_entries,
    processor_fee_entry,
    refund_accepted_entry,
    refund_after_trip_entries,
    refund_failed_entry,
    reversal,
)
from travellr_desktop.domain.money import Money, share

BOOKING, VENDOR = new_id(), new_id()


def after_trip(given: Given, amount: Money, before: RefundedSoFar) -> tuple[Entry, ...]:
    return refund_after_trip_entries(
        amount,
        price=given["price"],
        before=before,
        commission_bps=given.rate("commission"),
        booking_id=BOOKING,
        vendor_id=VENDOR,
    )


def one_after_the_other(given: Given, *amounts: Money) -> list[Entry]:
    """Refunds of one booking after its trip, each knowing of those before it."""
    entries: list[Entry] = []
    before = RefundedSoFar()
    for amount in amounts:
        new = after_trip(given, amount, before)
        commission = sum(entry.amount.minor for entry in new if entry.debit is Account.COMMISSION)
        before = RefundedSoFar(before.refunded + amount.minor, before.commission + commission)
        entries += new
    return entries


def test_after_the_trip() -> None:
    worked(
        """
        The engine failed, and half of the price is given back after the trip. The vendor gives up 80 % of it, the
        agency its 20 %.

        Given                                                                            EUR       JPY       KWD
        price                                                                         122.00    15,000    36.340
        refund                                                                         61.00     7,500    18.170
        commission                                                                      20 %      20 %      20 %

        Event                         Debit             Credit                           EUR       JPY       KWD
        Refund approved after trip    Vendor payable    Refunds payable                48.80     6,000    14.536
        Refund approved after trip    Commission        Refunds payable                12.20     1,500     3.634
        """,
        lambda given: one_after_the_other(given, given["refund"]),
    )


def test_after_the_trip_in_three_parts() -> None:
    worked(
        """
        All of the price goes back, in three parts. The commission that is given up is 20 % of all that was refunded
        so far, less what was given up before; the last part takes the rest. In euros: 20 % of 33.33 is 6.67; of
        66.66 it is 13.33, less 6.67 leaves 6.66; of 100.00 it is 20.00, less 13.33 leaves 6.67.

        Given                                                                            EUR       JPY       KWD
        price                                                                         100.00    10,000    10.000
        first                                                                          33.33     3,333     3.330
        second                                                                         33.33     3,333     3.330
        third                                                                          33.34     3,334     3.340
        commission                                                                      20 %      20 %      20 %

        Event                         Debit             Credit                           EUR       JPY       KWD
        Refund approved after trip    Vendor payable    Refunds payable                26.66     2,666     2.664
        Refund approved after trip    Commission        Refunds payable                 6.67       667     0.666
        Refund approved after trip    Vendor payable    Refunds payable                26.67     2,667     2.664
        Refund approved after trip    Commission        Refunds payable                 6.66       666     0.666
        Refund approved after trip    Vendor payable    Refunds payable                26.67     2,667     2.672
        Refund approved after trip    Commission        Refunds payable                 6.67       667     0.668
        """,
        lambda given: one_after_the_other(given, given["first"], given["second"], given["third"]),
    )


def test_101_units_in_34_parts_give_up_20_of_commission() -> None:
    """101 units, of which 20 are commission (20.2, rounded once), go back in 33 parts of 3 units and one of 2.

    Rounding each part by itself gives up 1 unit (0.6, rounded) with each of the 33, and none with the last (0.4):
    33 in all, 13 more than the agency ever had.
    """
    parts = [3] * 33 + [2]
    assert sum(parts) == 101
    for currency in ("EUR", "JPY", "KWD"):
        given = Given(currency, {"price": {"EUR": "1.01", "JPY": "101", "KWD": "0.101"}[currency]})
        given.cells["commission"] = "20 %"
        entries = one_after_the_other(given, *(Money(part, currency) for part in parts))
        assert sum(entry.amount.minor for entry in entries if entry.debit is Account.COMMISSION) == 20
        assert sum(entry.amount.minor for entry in entries if entry.debit is Account.VENDOR_PAYABLE) == 81
    assert sum(share(part, 2_000) for part in parts) == 33


def test_goodwill_after_the_trip() -> None:
    worked(
        """
        After the trip the agency gives something back at its own cost; of another booking the vendor alone, as they
        agreed.

        Given                                                                 EUR       JPY       KWD
        goodwill                                                            15.00     2,000     4.500

        Event       Debit             Credit                                  EUR       JPY       KWD
        Goodwill    Goodwill          Refunds payable                       15.00     2,000     4.500
        Goodwill    Vendor payable    Refunds payable                       15.00     2,000     4.500
        """,
        lambda given: [
            *goodwill_entries(
                given["goodwill"], borne_by=Bearer.AGENCY, booking_id=BOOKING, vendor_id=VENDOR
            ),
            *goodwill_entries(
                given["goodwill"], borne_by=Bearer.VENDOR, booking_id=new_id(), vendor_id=VENDOR
            ),
        ],
    )


def test_the_refund_is_taken_on() -> None:
    worked(
        """
        Stripe has taken the refund on (it may still be on its way), cash went over the counter, the bank has sent
        it: the promise is kept.

        Given                                                                 EUR       JPY       KWD
        by card                                                             61.00     7,500    18.170
        in cash                                                             67.00     8,000    20.000
        by bank                                                             12.50     1,200     3.750

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund accepted    Refunds payable    Stripe                        61.00     7,500    18.170
        Refund accepted    Refunds payable    Till                          67.00     8,000    20.000
        Refund accepted    Refunds payable    Bank                          12.50     1,200     3.750
        """,
        lambda given: [
            refund_accepted_entry(given[how], out_of=account, booking_id=BOOKING)
            for how, account in (
                ("by card", Account.STRIPE),
                ("in cash", Account.TILL),
                ("by bank", Account.BANK),
            )
        ],
    )


def test_the_refund_comes_back() -> None:
    worked(
        """
        Days later a refund comes back, because the card was closed; another was returned by the bank. The money is
        there again, and is still owed.

        Given                                                                 EUR       JPY       KWD
        by card                                                             48.00     6,100    14.880
        by bank                                                             12.50     1,200     3.750

        Event                 Debit     Credit                                EUR       JPY       KWD
        Refund failed late    Stripe    Refunds payable                     48.00     6,100    14.880
        Refund failed late    Bank      Refunds payable                     12.50     1,200     3.750
        """,
        lambda given: [
            refund_failed_entry(given["by card"], booking_id=BOOKING),
            refund_failed_entry(given["by bank"], booking_id=BOOKING, into=Account.BANK),
        ],
    )


def test_a_wrong_entry_is_reversed() -> None:
    worked(
        """
        A fee was written down twice, and a trip was closed that had not been. Nothing is edited: the same amounts
        are written the other way.

        Given                                                                 EUR       JPY       KWD
        fee                                                                  2.92       540     1.260
        price                                                              117.03    14,999    36.330

        Event            Debit              Credit                            EUR       JPY       KWD
        Processor fee    Processor fees     Stripe                           2.92       540     1.260
        Reversal         Stripe             Processor fees                   2.92       540     1.260
        Trip done        Traveller funds    Vendor payable                  93.62    11,999    29.064
        Trip done        Traveller funds    Commission                      23.41     3,000     7.266
        Reversal         Vendor payable     Traveller funds                 93.62    11,999    29.064
        Reversal         Commission         Traveller funds                 23.41     3,000     7.266
        """,
        undone,
    )


def undone(given: Given) -> list[Entry]:
    fee = processor_fee_entry(given["fee"], booking_id=BOOKING)
    trip = done_entries(
        LedgerEvent.TRIP_DONE,
        price=given["price"],
        paid=given["price"],
        commission_bps=2_000,
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=datetime(2026, 6, 21, 9, 30, tzinfo=UTC),
    )
    return [fee, reversal(fee), *trip, *map(reversal, trip)]
