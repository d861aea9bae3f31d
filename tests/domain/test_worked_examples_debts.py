"""Worked examples: what is owed and not paid, or paid too much. How to read the tables is said in `helpers.worked`."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.worked import Given, worked
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Entry,
    credit_given_entry,
    overpaid_entry,
    overpayment_back_entry,
    payment_entries,
    receivable_collected_entry,
    refund_accepted_entry,
    reversal,
    used_for,
    written_off_entry,
)
from travellr_desktop.domain.money import Money

BOOKING = new_id()


def paid_after_all(given: Given) -> Iterator[Entry]:
    """By somebody whose debts were written off, the newest first."""
    nothing = Money.zero(given.currency)
    debts = [
        amount for name in ("second debt", "first debt") if name in given.cells and (amount := given[name])
    ]
    used = used_for(given["paid"], due=nothing, owed=nothing, written_off=debts)
    for debt in debts[: used.undone]:
        yield reversal(written_off_entry(debt, booking_id=BOOKING))
    if used.owed:
        yield receivable_collected_entry(used.owed, into=Account.BANK, booking_id=BOOKING)
    if used.excess:
        yield overpaid_entry(used.excess, into=Account.BANK, booking_id=BOOKING)


def test_what_is_owed_is_written_off() -> None:
    worked(
        """
        The traveller does not answer. A manager gives the debt up: nobody waits for it any more. Vendor and commission
        stay as they were earned, so the loss is the agency's alone.

        Given                                                              EUR       JPY       KWD
        owed                                                             70.00     2,000    21.000

        Event                     Debit        Credit                    EUR       JPY       KWD
        Receivable written off    Bad debts    Traveller receivable    70.00     2,000    21.000
        """,
        lambda given: [written_off_entry(given["owed"], booking_id=BOOKING)],
    )


def test_what_was_written_off_is_paid_after_all() -> None:
    worked(
        """
        A year later the money is on the bank account. The loss is undone, and the debt is paid like any other.

        Given                                                                      EUR       JPY       KWD
        first debt                                                               70.00     2,000    21.000
        paid                                                                     70.00     2,000    21.000

        Event                   Debit                   Credit                   EUR       JPY       KWD
        Reversal                Traveller receivable    Bad debts              70.00     2,000    21.000
        Receivable collected    Bank                    Traveller receivable   70.00     2,000    21.000
        """,
        paid_after_all,
    )


def test_a_part_of_what_was_written_off_is_paid_after_all() -> None:
    """What is left is owed again: 40.00 euros, 1,500 yen and 20.999 dinars."""
    worked(
        """
        The traveller pays a part of what was written off. The debt stands, then, and the rest of it is owed again; it
        may be written off anew.

        Given                                                                      EUR       JPY       KWD
        first debt                                                               70.00     2,000    21.000
        paid                                                                     30.00       500     0.001

        Event                   Debit                   Credit                   EUR       JPY       KWD
        Reversal                Traveller receivable    Bad debts              70.00     2,000    21.000
        Receivable collected    Bank                    Traveller receivable   30.00       500     0.001
        """,
        paid_after_all,
    )


def test_of_two_debts_that_were_written_off_as_many_come_back_as_are_paid() -> None:
    """In euros the second debt alone is paid, in yen both in part, in dinars more than both."""
    worked(
        """
        Two debts were written off one after the other. What is paid undoes the newer first, and the older only where
        it is more; what is beyond both was paid too much.

        Given                                                                      EUR       JPY       KWD
        first debt                                                               50.00     1,500    10.000
        second debt                                                              20.00       500     2.500
        paid                                                                     20.00       501    13.000

        Event                   Debit                   Credit                   EUR       JPY       KWD
        Reversal                Traveller receivable    Bad debts              20.00       500     2.500
        Reversal                Traveller receivable    Bad debts                  –     1,500    10.000
        Receivable collected    Bank                    Traveller receivable   20.00       501    12.500
        Overpaid                Bank                    Overpayment                –         –     0.500
        """,
        paid_after_all,
    )


def test_a_transfer_that_is_too_high_goes_back() -> None:
    worked(
        """
        480.00 euros are due, and the traveller wires 500.00. What is too much stands for itself until somebody decides;
        here it is sent back to where it came from.

        Given                                                                   EUR       JPY       KWD
        due                                                                  480.00    72,000   145.000
        wired                                                                500.00    75,000   150.500

        Event              Debit              Credit                            EUR       JPY       KWD
        Payment            Bank               Traveller funds                480.00    72,000   145.000
        Overpaid           Bank               Overpayment                     20.00     3,000     5.500
        Overpaid back      Overpayment        Refunds payable                 20.00     3,000     5.500
        Refund accepted    Refunds payable    Bank                            20.00     3,000     5.500
        """,
        lambda given: [
            *payment_entries({BOOKING: given["due"]}, into=Account.BANK),
            overpaid_entry(given["wired"] - given["due"], into=Account.BANK, booking_id=BOOKING),
            overpayment_back_entry(given["wired"] - given["due"], booking_id=BOOKING),
            refund_accepted_entry(given["wired"] - given["due"], out_of=Account.BANK, booking_id=BOOKING),
        ],
    )


def test_what_was_paid_too_much_becomes_credit() -> None:
    worked(
        """
        The traveller would rather have it for the next trip: it is promised back and stays as credit.

        Given                                                           EUR       JPY       KWD
        too much                                                      20.00     3,000     5.500

        Event            Debit              Credit                      EUR       JPY       KWD
        Overpaid back    Overpayment        Refunds payable           20.00     3,000     5.500
        Credit given     Refunds payable    Agency credit             20.00     3,000     5.500
        """,
        lambda given: [
            overpayment_back_entry(given["too much"], booking_id=BOOKING),
            credit_given_entry(given["too much"], booking_id=BOOKING),
        ],
    )
