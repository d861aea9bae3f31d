"""Programs that do one thing with money otherwise: the model finds what they do wrong in a few steps, and the same
steps are right when the program does it rightly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.money_model import Money
from travellr_desktop.domain import cancellation, ledger, refund_quote
from travellr_desktop.domain.commission import Kept, Split, split
from travellr_desktop.domain.ledger import cancelling, refunds
from travellr_desktop.domain.money import Money as Euros
from travellr_desktop.domain.money import share
from travellr_desktop.domain.periods import wall_clock_before
from travellr_desktop.domain.states import DisputeState, RefundOrderState
from travellr_desktop.payments.gateway import DisputeStatus
from travellr_desktop.services import (
    amendments,
    disputed,
    disputing,
    giving_back,
    refund_orders,
    refund_parts,
)
from travellr_desktop.storage.models import RefundOrder
from travellr_desktop.storage.repositories import RefundOrderRepository
from travellr_desktop.storage.uow import UnitOfWork


def each_by_itself(now: Kept, _before: list[Kept], _already: int, bps: int) -> Split:
    """The commission on what is kept of each who leaves, rounded each time."""
    parts = split(now.kept - now.fixed_fee, bps)
    return Split(parts.commission + now.fixed_fee, parts.net)


def commission_each_time(at: pytest.MonkeyPatch) -> None:
    at.setattr(cancelling, "kept_split", each_by_itself)
    at.setattr(amendments, "kept_split", each_by_itself)


def given_up_each_time(at: pytest.MonkeyPatch) -> None:
    """The commission on each refund after the trip, rounded each time."""
    at.setattr(refunds, "cumulative_part", lambda bps, *, part, **_sums: share(part, bps))


def each_refund_alone(at: pytest.MonkeyPatch) -> None:
    """The limit forgets what went back before."""
    at.setattr(RefundOrderRepository, "alone", lambda *_args: 0)


def by_our_own_clock(at: pytest.MonkeyPatch) -> None:
    """Days before a departure are counted where the agency is."""
    for module in (cancellation, refund_quote):
        at.setattr(
            module,
            "wall_clock_before",
            lambda moment, before, _zone: wall_clock_before(moment, before, "Europe/Podgorica"),
        )


def no_bank_has_anything(at: pytest.MonkeyPatch) -> None:
    """What a bank has is given back by the policy."""
    at.setattr(disputed, "held", lambda *_args: frozenset())
    at.setattr(disputed, "refuse_disputed", lambda *_args: None)


def taken_back_and_waiting(at: pytest.MonkeyPatch) -> None:
    """What was taken back waits all the same."""
    decide = refund_orders.decide

    def none_back(work: UnitOfWork, order: RefundOrder, state: RefundOrderState, words: str) -> None:
        if state is not RefundOrderState.WITHDRAWN:
            decide(work, order, state, words)

    at.setattr(refund_orders, "decide", none_back)


def deaf_to_what_is_over(at: pytest.MonkeyPatch) -> None:
    """That a bank asks no more is heard, and not understood."""
    state_of = disputing.state_of

    def asking(status: DisputeStatus, known: DisputeState | None) -> DisputeState:
        found = state_of(status, known)
        return DisputeState.INQUIRY if found is DisputeState.CLOSED else found

    at.setattr(disputing, "state_of", asking)


def too_much_is_like_the_rest(at: pytest.MonkeyPatch) -> None:
    """What was too much goes back with the price, and first."""
    at.setattr(giving_back, "_excess_of", lambda *_args: 0)


def paid_after_all_and_too_much(at: pytest.MonkeyPatch) -> None:
    """What was given up stays so, whoever pays it."""
    used_for = ledger.used_for

    def none_undone(came: Euros, *, due: Euros, owed: Euros, written_off: Sequence[Euros]) -> ledger.Used:
        return used_for(came, due=due, owed=owed, written_off=written_off[:0])

    at.setattr(ledger, "used_for", none_undone)


def changed_by_one_alone(at: pytest.MonkeyPatch) -> None:
    """Who changes a booking gives back as much as they like."""
    at.setattr(refund_orders, "refuse_alone", lambda *_args: None)


def while_it_is_paid(at: pytest.MonkeyPatch) -> None:
    """A booking is cancelled while a change of it is paid."""
    at.setattr(refund_parts, "refuse_blocked", lambda *_args, **_more: None)


def one_after_the_other_leaves(money: Money) -> None:
    money.clock.at(money.trips[0][1].edges()[0] + timedelta(seconds=1))
    for leave in (1, 1, 0):
        money.give_back(0, leave, 0, None, False)


def refunded_after_the_trip(money: Money) -> None:
    money.clock.at(money.trips[1][1].leaves + timedelta(hours=2))
    money.complete(1)
    for share_of_rest in (2, 2):
        money.give_back(3, 0, share_of_rest, None, False)


def one_after_the_other_is_refunded(money: Money) -> None:
    money.give_back(2, 1, 0, None, False)
    money.give_back(2, 0, 0, None, False)


def cancelled_just_too_late(money: Money) -> None:
    money.clock.at(money.trips[0][1].edges()[1] + timedelta(seconds=1))
    money.give_back(1, 0, 0, None, False)


def cancelled_while_a_bank_has_it(money: Money) -> None:
    money.bank_asks(0, inquiry=False)
    money.cancel_what_a_bank_has(0, alone=True)
    money.cancel_what_a_bank_has(0, alone=False)
    money.bank_decides(0, won=True)
    money.give_back(0, 0, 2, "agency", True)


def all_back_while_a_bank_asks(money: Money) -> None:
    money.bank_asks(2, inquiry=True)
    money.give_back(3, 0, 0, None, False)


def paid_too_much_then_cancelled(money: Money) -> None:
    for more, way in ((500, "cash"), (77, "bank")):
        money.pay_too_much(2, more, way)
    money.give_back(2, 0, 0, None, False)
    money.decide(0, True)
    money.give_back_what_was_too_much(0, True)


def given_up_and_paid(money: Money) -> None:
    """The balance is not paid before the trip; then twice a part of it."""
    money.clock.at(money.trips[2][1].leaves + timedelta(hours=2))
    money.complete(2)
    money.give_up(0)
    money.wait_for_it_again(0)
    money.give_up(0)
    money.pay_more(0, 2, "card")
    money.pay_more(0, 4, "cash")


def on_a_lap_one_after_the_other(money: Money) -> None:
    """The second above the limit: a colleague has to say so."""
    for asked in (False, False, True):
        money.goes_on_a_lap(0, asked, False)
    money.decide(0, True)


def one_more_of_whom_nobody_knows(money: Money) -> None:
    """Of two bookings, and heard of the one in time: the other's money goes back."""
    money.somebody_joins(0, False, "unknown")
    money.give_back(0, 0, 0, None, False)
    money.what_banks_did_is_heard()
    money.somebody_joins(0, True, "unknown")
    money.clock.at(money.trips[0][1].leaves)


def lost_and_paid_again(money: Money) -> None:
    """One has left with all kept: what the bank takes of that is not owed by who still goes."""
    money.bank_asks(0, inquiry=False)
    money.cancel_what_a_bank_has(0, alone=True)
    money.bank_decides(0, won=False)
    money.pay_more(0, 4, "card")


def asked_and_taken_back(money: Money) -> None:
    money.give_back(0, 0, 0, None, False)
    money.take_back_what_was_asked(0)
    money.give_back(0, 1, 0, None, False)


@pytest.mark.parametrize(
    ("done_wrong", "steps"),
    [
        (commission_each_time, one_after_the_other_leaves),
        (given_up_each_time, refunded_after_the_trip),
        (each_refund_alone, one_after_the_other_is_refunded),
        (by_our_own_clock, cancelled_just_too_late),
        (no_bank_has_anything, cancelled_while_a_bank_has_it),
        (taken_back_and_waiting, asked_and_taken_back),
        (deaf_to_what_is_over, all_back_while_a_bank_asks),
        (too_much_is_like_the_rest, paid_too_much_then_cancelled),
        (paid_after_all_and_too_much, given_up_and_paid),
        (changed_by_one_alone, on_a_lap_one_after_the_other),
        (while_it_is_paid, one_more_of_whom_nobody_knows),
    ],
)
def test_what_is_done_wrong_is_found(
    agency: Path,
    monkeypatch: pytest.MonkeyPatch,
    done_wrong: Callable[[pytest.MonkeyPatch], None],
    steps: Callable[[Money], None],
) -> None:
    """The same steps are right when the program does it rightly."""
    monkeypatch.setattr(Money, "agency", agency, raising=False)
    walked(steps)
    done_wrong(monkeypatch)
    with pytest.raises(AssertionError):
        walked(steps)


def test_what_a_bank_took_is_paid_again_and_no_more(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Money, "agency", agency, raising=False)
    walked(lost_and_paid_again)


def walked(steps: Callable[[Money], None]) -> None:
    money = Money()
    try:
        money.begin()
        steps(money)
        money.every_booking_is_where_it_should_be()
        money.money_is_where_it_should_be()
        money.what_banks_did_is_heard()
        money.the_provider_has_what_the_books_say()
    finally:
        money.stack.close()
