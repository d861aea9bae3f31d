"""Whatever happens to the money of bookings, the books agree with plain numbers, and with themselves."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from helpers.search import examples
from helpers.watched_books import WatchedBooks
from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ledger import LedgerEvent, RefundedSoFar, refunds
from travellr_desktop.domain.money import Money, share

HAPPENS = {
    LedgerEvent.PAYMENT,
    LedgerEvent.PROCESSOR_FEE,
    LedgerEvent.TRIP_DONE,
    LedgerEvent.NO_SHOW,
    LedgerEvent.RECEIVABLE_COLLECTED,
    LedgerEvent.RECEIVABLE_WRITTEN_OFF,
    LedgerEvent.OVERPAID,
    LedgerEvent.OVERPAID_BACK,
    LedgerEvent.REFUND_APPROVED,
    LedgerEvent.KEPT,
    LedgerEvent.REFUND_APPROVED_AFTER_TRIP,
    LedgerEvent.REFUND_ACCEPTED,
    LedgerEvent.REFUND_FAILED_LATE,
    LedgerEvent.REVERSAL,
    LedgerEvent.GOODWILL,
    LedgerEvent.CREDIT_GIVEN,
    LedgerEvent.CREDIT_SPENT,
    LedgerEvent.DISPUTE_OPENED,
    LedgerEvent.DISPUTE_FEE,
    LedgerEvent.DISPUTE_WON,
    LedgerEvent.DISPUTE_LOST,
}


def test_the_books_agree_with_plain_numbers_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WatchedBooks, "seen", set())
    run_state_machine_as_test(
        WatchedBooks,
        settings=settings(max_examples=examples(40), stateful_step_count=40, deadline=None, database=None),
    )
    assert WatchedBooks.seen >= HAPPENS


def test_commission_that_is_rounded_part_by_part_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: each refund after the trip gives up its own share, rounded by itself."""

    def naive(
        amount: Money, *, price: Money, before: RefundedSoFar, commission_bps: int, own: int = 0
    ) -> Split:
        commission = share(amount.minor, commission_bps)
        return Split(commission, amount.minor - commission)

    monkeypatch.setattr(refunds, "given_up", naive)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            WatchedBooks,
            settings=settings(
                max_examples=200,
                stateful_step_count=40,
                deadline=None,
                database=None,
                phases=[Phase.generate],
            ),
        )
