"""Worked examples: disputes. How to read the tables is said in `helpers.worked`.

An inquiry, in which the bank only asks, moves no money and is not in the books.
"""

from __future__ import annotations

from helpers.worked import Given, worked
from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Earned,
    Entry,
    KeptOnCancelling,
    RefundedSoFar,
    dispute_fee_entries,
    dispute_lost_entries,
    dispute_opened_entries,
    dispute_won_entries,
)
from travellr_desktop.domain.money import Money

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()


def test_a_dispute_is_opened() -> None:
    worked(
        """
        The bank of a traveller takes a payment back, and Stripe takes its fee for that. Whose money it is, is open.

        Given                                                              EUR       JPY       KWD
        payment                                                          84.00    12,000    25.000
        fee                                                              20.00     1,500     5.000

        Event             Debit             Credit                         EUR       JPY       KWD
        Dispute opened    Disputed funds    Stripe                       84.00    12,000    25.000
        Dispute fee       Processor fees    Stripe                       20.00     1,500     5.000
        """,
        lambda given: dispute_opened_entries({BOOKING: given["payment"]}, fee=given["fee"]),
    )


def test_a_dispute_about_two_bookings() -> None:
    worked(
        """
        The payment was for two bookings; the fee stands on each in proportion, three to one.

        Given                                                              EUR       JPY       KWD
        for the first                                                    90.00     9,000    30.000
        for the second                                                   30.00     3,000    10.000
        fee                                                              20.00     1,501     5.000

        Event             Debit             Credit                         EUR       JPY       KWD
        Dispute opened    Disputed funds    Stripe                       90.00     9,000    30.000
        Dispute opened    Disputed funds    Stripe                       30.00     3,000    10.000
        Dispute fee       Processor fees    Stripe                       15.00     1,126     3.750
        Dispute fee       Processor fees    Stripe                        5.00       375     1.250
        """,
        lambda given: dispute_opened_entries(
            {BOOKING: given["for the first"], OTHER: given["for the second"]}, fee=given["fee"]
        ),
    )


def test_a_dispute_is_won() -> None:
    worked(
        """
        The bank has decided for the agency. The money is back with Stripe; its fee came back in this case.

        Given                                                              EUR       JPY       KWD
        payment                                                          84.00    12,000    25.000
        fee                                                              20.00     1,500     5.000

        Event               Debit     Credit                               EUR       JPY       KWD
        Dispute won         Stripe    Disputed funds                     84.00    12,000    25.000
        Dispute fee back    Stripe    Processor fees                     20.00     1,500     5.000
        """,
        lambda given: dispute_won_entries({BOOKING: given["payment"]}, fee_back=given["fee"]),
    )


def test_a_dispute_is_won_and_the_fee_stays() -> None:
    worked(
        """
        As a rule the fee does not come back.

        Given                                                              EUR       JPY       KWD
        payment                                                          84.00    12,000    25.000

        Event          Debit     Credit                                    EUR       JPY       KWD
        Dispute won    Stripe    Disputed funds                          84.00    12,000    25.000
        """,
        lambda given: dispute_won_entries({BOOKING: given["payment"]}),
    )


def test_a_dispute_is_lost_before_the_trip() -> None:
    worked(
        """
        The bank has decided for the traveller, who has not travelled yet: the money was theirs. Nothing is paid for
        the booking any more.

        Given                                                              EUR       JPY       KWD
        payment                                                          84.00    12,000    25.000

        Event           Debit              Credit                          EUR       JPY       KWD
        Dispute lost    Traveller funds    Disputed funds                84.00    12,000    25.000
        """,
        lambda given: dispute_lost_entries(
            given["payment"], booking_id=BOOKING, vendor_id=VENDOR, funds=given["payment"]
        ),
    )


def test_a_dispute_is_lost_after_the_trip() -> None:
    worked(
        """
        The trip has been, and the price was earned: the vendor gives up 80 %, the agency its 20 %.

        Given                                                              EUR       JPY       KWD
        price                                                            84.02    11,999    25.010
        commission                                                        20 %      20 %      20 %

        Event           Debit             Credit                           EUR       JPY       KWD
        Dispute lost    Vendor payable    Disputed funds                 67.22     9,599    20.008
        Dispute lost    Commission        Disputed funds                 16.80     2,400     5.002
        """,
        lambda given: dispute_lost_entries(
            given["price"],
            booking_id=BOOKING,
            vendor_id=VENDOR,
            earned=Earned(given["price"], given.rate("commission")),
        ),
    )


def test_a_dispute_is_lost_after_a_refund_of_a_part() -> None:
    worked(
        """
        A third was refunded after the trip, with which the agency gave up 6.67 euros (667 yen, 0.666 dinars) of its
        commission. The rest is lost in a dispute: the agency gives up the rest of its 20.00 (2,000; 2.000).

        Given                                                              EUR       JPY       KWD
        price                                                           100.00    10,000    10.000
        refunded                                                         33.33     3,333     3.330
        commission on that                                                6.67       667     0.666
        disputed                                                         66.67     6,667     6.670
        commission                                                        20 %      20 %      20 %

        Event           Debit             Credit                           EUR       JPY       KWD
        Dispute lost    Vendor payable    Disputed funds                 53.34     5,334     5.336
        Dispute lost    Commission        Disputed funds                 13.33     1,333     1.334
        """,
        lambda given: dispute_lost_entries(
            given["disputed"],
            booking_id=BOOKING,
            vendor_id=VENDOR,
            earned=Earned(
                given["price"],
                given.rate("commission"),
                RefundedSoFar(given["refunded"].minor, given["commission on that"].minor),
            ),
        ),
    )


def test_a_dispute_about_what_was_kept_is_lost() -> None:
    worked(
        """
        A booking was cancelled; what was kept had been divided between vendor and agency. The bank gives all of it
        to the traveller: each gives up what it had.

        Given                                                                 EUR       JPY       KWD
        kept by the vendor                                                  46.80     6,000    14.536
        kept by the agency                                                  16.70     2,000     5.134
        disputed                                                            63.50     8,000    19.670

        Event           Debit                   Credit                        EUR       JPY       KWD
        Dispute lost    Vendor payable          Disputed funds              46.80     6,000    14.536
        Dispute lost    Cancellation revenue    Disputed funds              16.70     2,000     5.134
        """,
        lost_after_cancelling,
    )


def lost_after_cancelling(given: Given) -> tuple[Entry, ...]:
    kept = Split(given["kept by the agency"].minor, given["kept by the vendor"].minor)
    return dispute_lost_entries(
        given["disputed"], booking_id=BOOKING, vendor_id=VENDOR, kept=KeptOnCancelling(kept)
    )


def test_the_bank_gives_what_was_promised_back() -> None:
    worked(
        """
        A refund was promised when the dispute came, and had not gone. The bank has given the money instead, so it is
        owed no more; the rest was what had been kept, a part of it: 20.00 of 40.00 euros that the vendor had 32.00 of.

        Given                                                                 EUR       JPY       KWD
        promised back                                                       60.00     9,000    18.000
        kept by the vendor                                                  32.00     4,800     9.600
        kept by the agency                                                   8.00     1,200     2.400
        disputed                                                            80.00    12,000    24.000

        Event           Debit                   Credit                        EUR       JPY       KWD
        Dispute lost    Refunds payable         Disputed funds              60.00     9,000    18.000
        Dispute lost    Vendor payable          Disputed funds              16.00     2,400     4.800
        Dispute lost    Cancellation revenue    Disputed funds               4.00       600     1.200
        """,
        lambda given: dispute_lost_entries(
            given["disputed"],
            booking_id=BOOKING,
            vendor_id=VENDOR,
            promised=given["promised back"],
            kept=KeptOnCancelling(
                Split(given["kept by the agency"].minor, given["kept by the vendor"].minor)
            ),
        ),
    )


def test_the_traveller_has_it_twice() -> None:
    worked(
        """
        A part had been refunded before the trip, and then the bank took the whole payment back and gave it to the
        traveller. What they have twice, they owe.

        Given                                                                 EUR       JPY       KWD
        still the traveller's                                               40.00     6,000    12.000
        refunded before                                                     60.00     9,000    18.000
        disputed                                                           100.00    15,000    30.000

        Event           Debit                   Credit                        EUR       JPY       KWD
        Dispute lost    Traveller funds         Disputed funds              40.00     6,000    12.000
        Dispute lost    Traveller receivable    Disputed funds              60.00     9,000    18.000
        """,
        lambda given: dispute_lost_entries(
            given["disputed"],
            booking_id=BOOKING,
            vendor_id=VENDOR,
            funds=given["still the traveller's"],
        ),
    )


def test_a_disputed_payment_had_been_too_much() -> None:
    worked(
        """
        Of the disputed payment a part had been paid too much. It is disputed, and lost, like the rest.

        Given                                                              EUR       JPY       KWD
        for the trip                                                    117.00    15,000    36.250
        too much                                                          3.00       500     3.750

        Event             Debit              Credit                        EUR       JPY       KWD
        Dispute opened    Disputed funds     Stripe                     117.00    15,000    36.250
        Dispute opened    Disputed funds     Stripe                       3.00       500     3.750
        Dispute lost      Traveller funds    Disputed funds             117.00    15,000    36.250
        Dispute lost      Overpayment        Disputed funds               3.00       500     3.750
        """,
        lambda given: [
            *dispute_opened_entries({BOOKING: given["for the trip"]}, overpaid=given["too much"]),
            *dispute_lost_entries(
                given["for the trip"], booking_id=BOOKING, vendor_id=VENDOR, funds=given["for the trip"]
            ),
            *dispute_lost_entries(
                given["too much"], booking_id=None, vendor_id=None, overpaid=given["too much"]
            ),
        ],
    )


def test_a_dispute_that_is_answered_costs_more() -> None:
    worked(
        """
        Some providers take a second fee once the agency answers: what was written before stays, the rest is added.

        Given                                                              EUR       JPY       KWD
        for the first                                                    90.00     9,000    30.000
        for the second                                                   30.00     3,000    10.000
        before                                                           15.00     1,500     5.000
        now                                                              35.00     3,501    11.000

        Event             Debit             Credit                         EUR       JPY       KWD
        Dispute fee       Processor fees    Stripe                       15.00     1,501     4.500
        Dispute fee       Processor fees    Stripe                        5.00       500     1.500
        """,
        lambda given: dispute_fee_entries(
            {BOOKING: given["for the first"], OTHER: given["for the second"]},
            before=given["before"],
            now=given["now"],
        ),
    )


def test_a_fee_that_is_given_back() -> None:
    worked(
        """
        The second fee is given back to who wins; the first stays with the provider.

        Given                                                              EUR       JPY       KWD
        payment                                                          84.00    12,000    25.000
        before                                                           35.00     3,500    11.000
        now                                                              15.00     1,500     5.000

        Event             Debit             Credit                         EUR       JPY       KWD
        Dispute fee back  Stripe            Processor fees               20.00     2,000     6.000
        """,
        lambda given: dispute_fee_entries(
            {BOOKING: given["payment"]}, before=given["before"], now=given["now"]
        ),
    )


def test_a_fee_that_is_the_same_is_not_written_again() -> None:
    fee = Money(1500, "EUR")
    assert dispute_fee_entries({BOOKING: Money(9000, "EUR")}, before=fee, now=fee) == ()
