"""What the provider says against what the file says, and what was left half done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from helpers.provider import SLOW_REFUNDS, Provider
from travellr_desktop.app import Program
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.check import CheckService
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def sell(desk: Desk, card: str = "pm_card_visa") -> SaleOutcome:
    return desk.sold(desk.add_departure(), pay=PayChoice(Way.CARD, card))


def problems(desk: Desk) -> list[Problem]:
    return list(desk.services.check.run().problems)


def ref_of(desk: Desk, outcome: SaleOutcome) -> str:
    assert outcome.payment_id is not None
    with desk.database.read() as view:
        ref = view.payments.get(outcome.payment_id).provider_ref
    assert ref is not None
    return ref


def at_the_provider(desk: Desk, sql: str, *values: object) -> None:
    """Change the provider's own file."""
    with closing(sqlite3.connect(desk.profile.sandbox)) as connection:
        assert connection.execute(sql, values).rowcount == 1
        connection.commit()


class Dies(BaseException):
    """The end of a program, at a moment of the test's choosing."""


def die_at(commit: Commit) -> None:
    def die(reached: Commit, moment: Moment) -> None:
        if reached is commit and moment is Moment.BEFORE:
            set_failpoint(None)
            raise Dies

    set_failpoint(die)


def test_a_charge_whose_answer_was_lost_is_named_until_it_is_read(desk: Desk, clock: HandClock) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    sold = sell(desk)
    assert sold.payment_id is not None
    (found,) = problems(desk)
    assert (found.kind, found.table, found.row) == ("provider.payment", "payments", sold.payment_id.hex)
    assert found.reference == sold.reference
    assert "charged at the provider, and is not recorded here" in found.says
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    assert problems(desk) == []


def test_a_sale_that_was_cut_off_after_its_charge_is_named(desk: Desk) -> None:
    die_at(Commit.PAYMENT_COMPLETE)
    with pytest.raises(Dies):
        sell(desk)
    found = {problem.kind: problem for problem in problems(desk)}
    assert set(found) == {"unfinished", "provider.payment"}
    with desk.database.read() as view:
        (payment,) = view.payments.in_flight()
        sale = view.sales.get(payment.sale_id)
    assert {problem.row for problem in found.values()} == {payment.id.hex}
    assert {problem.reference for problem in found.values()} == {sale.reference}
    desk.services.payments.recover(start_up=True)
    assert problems(desk) == []


def test_a_sale_that_was_cut_off_before_its_charge_is_named(desk: Desk) -> None:
    die_at(Commit.PAYMENT_PREPARE)
    with pytest.raises(Dies):
        sell(desk)
    assert [problem.kind for problem in problems(desk)] == ["unfinished"]


def test_a_refund_that_was_cut_off_is_named(desk: Desk) -> None:
    sold = sell(desk)
    die_at(Commit.REFUND_RECORD)
    with pytest.raises(Dies):
        desk.cancel(sold.bookings[0].id)
    found = problems(desk)
    with desk.database.read() as view:
        (refund,) = view.refunds.in_flight()
    assert {"unfinished", "provider.refund"} == {problem.kind for problem in found}
    assert {refund.id.hex} == {problem.row for problem in found}
    assert {sold.bookings[0].reference} == {problem.reference for problem in found}


def test_a_charge_that_runs_at_this_moment_is_no_problem(desk: Desk) -> None:
    seen: list[list[Problem]] = []

    def look(commit: Commit, moment: Moment) -> None:
        if commit in (Commit.PAYMENT_COMPLETE, Commit.REFUND_RECORD) and moment is Moment.BEFORE:
            seen.append(problems(desk))

    set_failpoint(look)
    try:
        desk.cancel(sell(desk).bookings[0].id)
    finally:
        set_failpoint(None)
    assert seen == [[], []]


def test_a_payment_of_another_amount_at_the_provider_is_named(desk: Desk) -> None:
    sold = sell(desk)
    ref = ref_of(desk, sold)
    at_the_provider(desk, "UPDATE intents SET amount = amount + 1 WHERE id = ?", ref)
    assert sold.payment_id is not None
    found = problems(desk)
    assert {(problem.kind, problem.row) for problem in found} == {("provider.payment", sold.payment_id.hex)}


def test_a_payment_that_the_provider_never_took_is_named(desk: Desk) -> None:
    ref = ref_of(desk, sell(desk))
    at_the_provider(desk, "UPDATE intents SET status = 'canceled' WHERE id = ?", ref)
    assert [p.says for p in problems(desk)] == ["it is completed here, and cancelled at the provider"]


def test_a_payment_that_the_provider_does_not_know_is_named(desk: Desk) -> None:
    ref = ref_of(desk, sell(desk))
    at_the_provider(desk, "UPDATE intents SET id = 'pi_gone' WHERE id = ?", ref)
    assert [problem.says for problem in problems(desk)] == ["the provider knows nothing of it"]


def test_money_that_went_back_behind_our_back_is_named(desk: Desk) -> None:
    ref = ref_of(desk, sell(desk))
    Provider(desk.program.gateway).refund(ref, Money(100, "EUR"))
    assert [problem.says for problem in problems(desk)] == ["0 of it went back here, 100 at the provider"]


def test_a_refund_whose_answer_was_lost_is_named_until_it_is_sent_again(desk: Desk, clock: HandClock) -> None:
    sold = sell(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.REFUND_CREATE, FaultKind.REPLY_LOST_AFTER)
    cancelled = desk.cancel(sold.bookings[0].id)
    (found,) = problems(desk)
    assert (found.kind, found.row) == ("provider.refund", cancelled.refunds[0].id.hex)
    assert "it went back at the provider, and is not recorded here" in found.says
    clock.forward(timedelta(minutes=1))
    desk.services.payments.recover()
    assert problems(desk) == []


def test_a_refund_that_came_back_is_named_until_it_is_read(desk: Desk, clock: HandClock) -> None:
    refund = desk.cancel(sell(desk, SLOW_REFUNDS).bookings[0].id).refunds[0]
    with desk.database.read() as view:
        ref = view.refunds.get(refund.id).provider_ref
    assert ref is not None
    assert problems(desk) == []
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(ref, failure="expired_or_canceled_card")
    assert refund.id.hex in {problem.row for problem in problems(desk)}
    clock.forward(timedelta(hours=2))
    desk.services.payments.recover()
    assert problems(desk) == []


def test_a_provider_that_cannot_be_reached_is_a_problem_of_its_own(desk: Desk) -> None:
    for _ in range(3):
        sell(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_RETRIEVE, FaultKind.UNREACHABLE, until_disarmed=True)
    assert [problem.kind for problem in problems(desk)] == ["provider.unreachable"]
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    assert problems(desk) == []


def test_one_answer_that_was_lost_does_not_stop_the_comparison(desk: Desk) -> None:
    first, second = sell(desk), sell(desk)
    at_the_provider(desk, "UPDATE intents SET id = 'pi_gone' WHERE id = ?", ref_of(desk, second))
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_RETRIEVE, FaultKind.TRUNCATED)
    assert first.payment_id is not None
    assert second.payment_id is not None
    assert [("provider.unreachable", first.payment_id.hex), ("provider.payment", second.payment_id.hex)] == [
        (problem.kind, problem.row) for problem in problems(desk)
    ]


class Live:
    """The sandbox's gateway, that says it is none, and remembers what it was asked to read."""

    is_sandbox = False

    def __init__(self, gateway: PaymentGateway) -> None:
        self._gateway = gateway
        self.read: list[str] = []

    def get_payment_status(self, ref: str) -> Any:
        self.read.append(ref)
        return self._gateway.get_payment_status(ref)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gateway, name)


def test_with_a_live_provider_old_settled_payments_are_not_read(desk: Desk, clock: HandClock) -> None:
    sell(desk)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_BEFORE)
    unsettled = sell(desk)
    clock.forward(timedelta(days=3))
    late = sell(desk)
    live: Any = Live(desk.program.gateway)
    assert CheckService(desk.database, live).run().ok
    assert live.read == [ref_of(desk, unsettled), ref_of(desk, late)]


def test_without_the_provider_nothing_is_asked(program: Program) -> None:
    live: Any = Live(program.gateway)
    assert CheckService(program.database, live, provider=False).run().ok
    assert live.read == []
