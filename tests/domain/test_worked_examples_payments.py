"""Worked examples: money that comes in. How to read the tables is said in `helpers.worked`."""

from __future__ import annotations

from helpers.worked import worked
from travellr_desktop.domain.fees import spread_over
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    credit_given_entry,
    credit_spent_entries,
    overpayment_back_entry,
    payment_entries,
    processor_fee_entries,
    processor_fee_entry,
    receivable_collected_entry,
)

BOOKING, OTHER = new_id(), new_id()


def test_a_payment_by_card() -> None:
    worked(
        """
        A traveller pays a boat trip by card. The money is with Stripe, and is the traveller's until the trip.

        Given                                            EUR       JPY       KWD
        paid                                          117.00    15,000    36.250

        Event      Debit     Credit                      EUR       JPY       KWD
        Payment    Stripe    Traveller funds          117.00    15,000    36.250
        """,
        lambda given: payment_entries({BOOKING: given["paid"]}, into=Account.STRIPE),
    )


def test_a_deposit_and_its_balance() -> None:
    worked(
        """
        Of a tour 30 % are paid as a deposit by card, and the balance in cash a month later.

        Given                                            EUR       JPY       KWD
        deposit                                       297.00    45,000    90.000
        balance                                       693.00   105,000   210.000

        Event      Debit     Credit                      EUR       JPY       KWD
        Payment    Stripe    Traveller funds          297.00    45,000    90.000
        Payment    Till      Traveller funds          693.00   105,000   210.000
        """,
        lambda given: [
            *payment_entries({BOOKING: given["deposit"]}, into=Account.STRIPE),
            *payment_entries({BOOKING: given["balance"]}, into=Account.TILL),
        ],
    )


def test_one_payment_for_two_bookings() -> None:
    worked(
        """
        A part payment for two bookings: each gets what is due on it bears to what is due on both, two thirds and
        one third here. The unit that rounding leaves goes to the booking that has the larger remainder.

        Given                                            EUR       JPY       KWD
        due on the first                              117.00    15,000    36.260
        due on the second                              58.50     7,500    18.130
        paid                                          100.00    10,000    10.000

        Event      Debit     Credit                      EUR       JPY       KWD
        Payment    Bank      Traveller funds           66.67     6,667     6.667
        Payment    Bank      Traveller funds           33.33     3,333     3.333
        """,
        lambda given: payment_entries(
            spread_over(
                given["paid"], {BOOKING: given["due on the first"], OTHER: given["due on the second"]}
            ),
            into=Account.BANK,
        ),
    )


def test_paid_too_much() -> None:
    worked(
        """
        A bank transfer brings more than is due. What is too much is owed to the traveller, and is not for the trip.

        Given                                            EUR       JPY       KWD
        due                                           117.00    15,000    36.250
        too much                                        3.00       500     3.750

        Event       Debit    Credit                      EUR       JPY       KWD
        Payment     Bank     Traveller funds          117.00    15,000    36.250
        Overpaid    Bank     Overpayment                3.00       500     3.750
        """,
        lambda given: payment_entries({BOOKING: given["due"]}, into=Account.BANK, overpaid=given["too much"]),
    )


def test_what_was_too_much_is_promised_back() -> None:
    worked(
        """
        The agency promises to send back what was paid too much.

        Given                                            EUR       JPY       KWD
        too much                                        3.00       500     3.750

        Event            Debit          Credit           EUR       JPY       KWD
        Overpaid back    Overpayment    Refunds payable  3.00      500     3.750
        """,
        lambda given: [overpayment_back_entry(given["too much"])],
    )


def test_the_fee_of_the_provider() -> None:
    worked(
        """
        Stripe keeps its fee, known a little later. The fee is an expense; the traveller has paid in full.

        Given                                            EUR       JPY       KWD
        fee                                             2.92       540     1.260

        Event            Debit             Credit        EUR       JPY       KWD
        Processor fee    Processor fees    Stripe       2.92       540     1.260
        """,
        lambda given: [processor_fee_entry(given["fee"], booking_id=BOOKING)],
    )


def test_the_fee_of_a_payment_for_two_bookings() -> None:
    worked(
        """
        One fee was taken on a payment for two bookings. It stands on each in proportion, two thirds and one third:
        2.92 euros are 1.94 2/3 and 0.97 1/3, and the cent that is left goes where the remainder is larger.

        Given                                            EUR       JPY       KWD
        paid for the first                            117.00    15,000    36.260
        paid for the second                            58.50     7,500    18.130
        fee                                             2.92       541     1.270

        Event            Debit             Credit        EUR       JPY       KWD
        Processor fee    Processor fees    Stripe       1.95       361     0.847
        Processor fee    Processor fees    Stripe       0.97       180     0.423
        """,
        lambda given: processor_fee_entries(
            given["fee"], {BOOKING: given["paid for the first"], OTHER: given["paid for the second"]}
        ),
    )


def test_what_was_owed_after_the_trip_is_paid() -> None:
    worked(
        """
        The traveller pays on the quay, in cash, what was still owed; another by card, another to the bank.

        Given                                                       EUR       JPY       KWD
        owed                                                      70.00     2,000    21.000

        Event                   Debit     Credit                    EUR       JPY       KWD
        Receivable collected    Till      Traveller receivable    70.00     2,000    21.000
        Receivable collected    Stripe    Traveller receivable    70.00     2,000    21.000
        Receivable collected    Bank      Traveller receivable    70.00     2,000    21.000
        """,
        lambda given: [
            receivable_collected_entry(given["owed"], into=account, booking_id=BOOKING)
            for account in (Account.TILL, Account.STRIPE, Account.BANK)
        ],
    )


def test_a_refund_becomes_credit() -> None:
    worked(
        """
        The traveller leaves the money that was promised back with the agency, for another trip.

        Given                                                         EUR       JPY       KWD
        promised back                                               53.50     7,000    16.670

        Event           Debit              Credit                     EUR       JPY       KWD
        Credit given    Refunds payable    Agency credit            53.50     7,000    16.670
        """,
        lambda given: [credit_given_entry(given["promised back"], booking_id=BOOKING)],
    )


def test_credit_is_spent() -> None:
    worked(
        """
        In the next season it pays for two bookings; on a third the traveller settles what was owed after the trip.

        Given                                                         EUR       JPY       KWD
        for the first                                               40.00     5,000    12.000
        for the second                                              10.00     1,500     4.000
        owed for the third                                           3.50       500     0.670

        Event           Debit            Credit                       EUR       JPY       KWD
        Credit spent    Agency credit    Traveller funds            40.00     5,000    12.000
        Credit spent    Agency credit    Traveller funds            10.00     1,500     4.000
        Credit spent    Agency credit    Traveller receivable        3.50       500     0.670
        """,
        lambda given: [
            *credit_spent_entries({BOOKING: given["for the first"], OTHER: given["for the second"]}),
            *credit_spent_entries({new_id(): given["owed for the third"]}, after_trip=True),
        ],
    )
