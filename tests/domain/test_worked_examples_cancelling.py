"""Worked examples: cancelling before the trip. How to read the tables is said in `helpers.worked`.

The trip leaves on 19 June 2026 at 08:30, and the commission is 20 % unless the table says otherwise.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from helpers.worked import Given, worked
from travellr_desktop.domain.cancellation import PRESETS, Policy
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Bearer,
    Entry,
    cancellation_entries,
    goodwill_entries,
    promised_back_entries,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import Booked, RefundQuote, refund_quote

BOOKING, VENDOR = new_id(), new_id()
DEPARTS = datetime(2026, 6, 19, 6, 30, tzinfo=UTC)  # 08:30 in Kotor
AVAILABLE = DEPARTS + timedelta(days=2)


def quoted(
    given: Given, policy: Policy, days_before: int, *, give_back: str = "", travellers: int = 1
) -> RefundQuote:
    booked = Booked(
        policy=policy,
        prices=[given["price"].minor] * travellers,
        deposit=given["deposit"].minor if "deposit" in given.cells else 0,
        paid=given["paid"].minor,
        currency=given.currency,
        departs_at=DEPARTS,
        zone="Europe/Podgorica",
        booked_at=DEPARTS - timedelta(days=200),
    )
    return refund_quote(
        booked,
        now=DEPARTS - timedelta(days=days_before),
        chosen=[0],
        give_back=given[give_back].minor if give_back else None,
    )


def posted(given: Given, quote: RefundQuote, *, shared: bool = False) -> tuple[Entry, ...]:
    return cancellation_entries(
        quote.to_post(shared=shared),
        commission_bps=given.rate("commission"),
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=AVAILABLE,
    )


def strict(given: Given) -> Policy:
    fee = given["fixed fee"].minor if "fixed fee" in given.cells else 0
    return Policy("strict", "Strict", PRESETS["strict"].tiers, fixed_fee=fee)


def test_cancelled_early() -> None:
    worked(
        """
        Ten days before the trip, by the policy "strict": nothing is kept, all of it is promised back.

        Given                                                                 EUR       JPY       KWD
        price                                                              117.00    15,000    36.250
        paid                                                               117.00    15,000    36.250
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund approved    Traveller funds    Refunds payable              117.00    15,000    36.250
        """,
        lambda given: posted(given, quoted(given, strict(given), 10)),
    )


def test_half_is_kept_and_a_fixed_fee() -> None:
    worked(
        """
        Five days before the trip, by the policy "strict" with a fixed fee: half of the price is kept, and the fee.
        The half is divided 80 to 20 between vendor and agency, the fee is the agency's alone. In euros: 58.50 and
        5.00 are kept; of 58.50 the vendor has 46.80 and the agency 11.70, with the fee 16.70.

        Given                                                                 EUR       JPY       KWD
        price                                                              117.00    15,000    36.340
        paid                                                               117.00    15,000    36.340
        fixed fee                                                            5.00       500     1.500
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund approved    Traveller funds    Refunds payable               53.50     7,000    16.670
        Kept               Traveller funds    Vendor payable                46.80     6,000    14.536
        Kept               Traveller funds    Cancellation revenue          16.70     2,000     5.134
        """,
        lambda given: posted(given, quoted(given, strict(given), 5)),
    )


def test_one_of_two_travellers() -> None:
    worked(
        """
        One of two travellers leaves five days before the trip; half of their own price is kept, the other stays.

        Given                                                                 EUR       JPY       KWD
        price                                                               45.00     6,000    12.000
        paid                                                                90.00    12,000    24.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund approved    Traveller funds    Refunds payable               22.50     3,000     6.000
        Kept               Traveller funds    Vendor payable                18.00     2,400     4.800
        Kept               Traveller funds    Cancellation revenue           4.50       600     1.200
        """,
        lambda given: posted(given, quoted(given, strict(given), 5, travellers=2)),
    )


def test_the_deposit_is_kept() -> None:
    worked(
        """
        A tour is cancelled 61 days before it leaves: the deposit is kept, by the policy "tour". Nothing more was
        paid, so nothing goes back.

        Given                                                                 EUR       JPY       KWD
        price                                                              990.00   150,000   300.000
        deposit                                                            297.00    45,000    90.000
        paid                                                               297.00    45,000    90.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Kept               Traveller funds    Vendor payable               237.60    36,000    72.000
        Kept               Traveller funds    Cancellation revenue          59.40     9,000    18.000
        """,
        lambda given: posted(given, quoted(given, PRESETS["tour"], 61)),
    )


def test_no_more_is_kept_than_was_paid() -> None:
    worked(
        """
        Another is cancelled 45 days before: half of the price would be kept, 495.00 euros, but only the deposit was
        paid. That is kept, and nothing is asked for.

        Given                                                                 EUR       JPY       KWD
        price                                                              990.00   150,000   300.000
        deposit                                                            297.00    45,000    90.000
        paid                                                               297.00    45,000    90.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Kept               Traveller funds    Vendor payable               237.60    36,000    72.000
        Kept               Traveller funds    Cancellation revenue          59.40     9,000    18.000
        """,
        lambda given: posted(given, quoted(given, PRESETS["tour"], 45)),
    )


def test_nobody_gains_by_paying_late() -> None:
    worked(
        """
        Who had paid that tour in full has half of the price kept, reckoned on the price.

        Given                                                                 EUR       JPY       KWD
        price                                                              990.00   150,000   300.000
        deposit                                                            297.00    45,000    90.000
        paid                                                               990.00   150,000   300.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund approved    Traveller funds    Refunds payable              495.00    75,000   150.000
        Kept               Traveller funds    Vendor payable               396.00    60,000   120.000
        Kept               Traveller funds    Cancellation revenue          99.00    15,000    30.000
        """,
        lambda given: posted(given, quoted(given, PRESETS["tour"], 45)),
    )


def beyond(given: Given, borne_by: Bearer) -> list[Entry]:
    quote = quoted(given, strict(given), 1, give_back="back")
    goodwill = Money(quote.goodwill, given.currency)
    return [
        *posted(given, quote),
        *goodwill_entries(goodwill, borne_by=borne_by, booking_id=BOOKING, vendor_id=VENDOR),
    ]


def test_beyond_the_policy_at_the_agencys_cost() -> None:
    worked(
        """
        The day before, all of the price is kept by the policy. The agency gives some of it back at its own cost: the
        vendor has their part of the whole.

        Given                                                                 EUR       JPY       KWD
        price                                                              100.00    15,000    30.000
        paid                                                               100.00    15,000    30.000
        back                                                                40.00     6,000    12.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Kept               Traveller funds    Vendor payable                80.00    12,000    24.000
        Kept               Traveller funds    Cancellation revenue          20.00     3,000     6.000
        Goodwill           Goodwill           Refunds payable               40.00     6,000    12.000
        """,
        lambda given: beyond(given, Bearer.AGENCY),
    )


def test_beyond_the_policy_at_the_vendors_cost() -> None:
    worked(
        """
        The same, but the vendor has agreed to bear it.

        Given                                                                 EUR       JPY       KWD
        price                                                              100.00    15,000    30.000
        paid                                                               100.00    15,000    30.000
        back                                                                40.00     6,000    12.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Kept               Traveller funds    Vendor payable                80.00    12,000    24.000
        Kept               Traveller funds    Cancellation revenue          20.00     3,000     6.000
        Goodwill           Vendor payable     Refunds payable               40.00     6,000    12.000
        """,
        lambda given: beyond(given, Bearer.VENDOR),
    )


def test_beyond_the_policy_at_the_cost_of_both() -> None:
    worked(
        """
        The same, but both bear it: less is kept, and what is kept is divided.

        Given                                                                 EUR       JPY       KWD
        price                                                              100.00    15,000    30.000
        paid                                                               100.00    15,000    30.000
        back                                                                40.00     6,000    12.000
        commission                                                           20 %      20 %      20 %

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund approved    Traveller funds    Refunds payable               40.00     6,000    12.000
        Kept               Traveller funds    Vendor payable                48.00     7,200    14.400
        Kept               Traveller funds    Cancellation revenue          12.00     1,800     3.600
        """,
        lambda given: posted(given, quoted(given, strict(given), 1, give_back="back"), shared=True),
    )


def test_a_part_is_promised_back_of_a_booking_that_stands() -> None:
    worked(
        """
        The price of a booking falls, and the difference is promised back.

        Given                                                                 EUR       JPY       KWD
        difference                                                          12.50     1,200     3.750

        Event              Debit              Credit                          EUR       JPY       KWD
        Refund approved    Traveller funds    Refunds payable               12.50     1,200     3.750
        """,
        lambda given: promised_back_entries(given["difference"], booking_id=BOOKING),
    )
