"""Whatever the provider or the reader gets wrong, and whoever acts at the same moment: one outcome, nothing lost,
nothing doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest

from helpers.alternating import alternating
from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk, desk_again, desk_at
from helpers.readers import READER, with_reader
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome

CALLS = (
    Operation.INTENT_CREATE,
    Operation.INTENT_RETRIEVE,
    Operation.INTENT_CANCEL,
    Operation.READER_RETRIEVE,
    Operation.READER_PROCESS,
    Operation.READER_CANCEL,
    Operation.READER_PRESENT,
)
FAULTS = [(call, kind) for call in CALLS for kind in FaultKind if possible(call, kind)]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        with_reader(desk)
        yield desk


def now(desk: Desk, sale: SaleOutcome) -> SaleOutcome:
    return desk.services.sales.outcome(desk.agent, sale.sale_id)


def holds_card(desk: Desk) -> bool:
    """The traveller does, where the reader asks for one: whether it was charged."""
    here = desk.services.readers.here(desk.agent)
    assert here is not None
    with desk.sandbox() as sandbox, suppress(Refusal):
        return sandbox.hold_card(here.ref, VISA)
    return False


def cancels(desk: Desk, sale: SaleOutcome) -> None:
    assert sale.payment_id is not None
    with suppress(Refusal):
        desk.services.readers.cancel(desk.agent, sale.payment_id)


def a_day_goes_by(desk: Desk, clock: HandClock) -> None:
    for wait in (5, 20, 60, 300, 3_600, 7_200, 80_000):
        clock.forward(timedelta(seconds=wait))
        desk.services.readers.poll()
        desk.services.payments.recover()
        desk.services.upkeep.expire_holds()


def one_outcome(desk: Desk, *, paid: bool) -> None:
    """The books say what the provider says, and nothing waits any more."""
    with desk.database.read() as view:
        states = [row.state for row in view.payments.find_all()[0] if row.way is Way.READER]
    with desk.sandbox() as sandbox:
        counts, by_payment = sandbox.counts(), sandbox.succeeded_by_payment()
    assert counts.charges == int(paid)
    assert set(by_payment.values()) <= {1}
    assert states.count(PaymentState.COMPLETED) == int(paid)
    assert not set(states) - {PaymentState.COMPLETED, PaymentState.FAILED, PaymentState.ABANDONED}
    assert desk.services.check.run().problems == ()


@pytest.mark.parametrize(
    ("call", "kind", "lasting"), alternating(FAULTS, [("once", False), ("for a while", True)])
)
def test_a_fault_costs_time_and_no_money(
    desk: Desk, clock: HandClock, call: Operation, kind: FaultKind, lasting: bool
) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(call, kind, until_disarmed=lasting)
    sale = desk.sold(desk.add_departure(), pay=READER)
    paid = holds_card(desk)
    desk.services.readers.poll()
    clock.forward(timedelta(seconds=20))
    if not paid:
        cancels(desk, sale)
    desk.services.payments.recover()
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    a_day_goes_by(desk, clock)
    one_outcome(desk, paid=paid)
    assert now(desk, sale).state is (OutcomeState.PAID if paid else OutcomeState.LAPSED)


@pytest.mark.parametrize("kind", [k for k in FaultKind if possible(Operation.READER_CANCEL, k)])
def test_a_cancellation_that_meets_a_fault_has_one_outcome(
    desk: Desk, clock: HandClock, kind: FaultKind
) -> None:
    sale = desk.sold(desk.add_departure(), pay=READER)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.READER_CANCEL, kind)
    cancels(desk, sale)
    paid = holds_card(desk)
    a_day_goes_by(desk, clock)
    one_outcome(desk, paid=paid)


def test_who_takes_a_silent_reader_for_a_failure_would_be_paid_twice(desk: Desk) -> None:
    """The control: an object that is given up by what the reader says, and not closed, is charged later."""
    gateway = desk.program.gateway
    here = desk.services.readers.here(desk.agent)
    assert here is not None
    sale = desk.sold(desk.add_departure(), pay=READER)
    with desk.database.read() as view:
        ref = view.payments.find_all()[0][0].provider_ref
    assert ref is not None
    desk.services.readers.cancel(desk.agent, sale.payment_id or uuid4())
    desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=uuid4())
    with pytest.raises(Refusal):
        gateway.process_on_reader(here.ref, ref, key="once more")
    assert not holds_card(desk)
    other = desk.sold(desk.add_departure(), pay=READER)
    assert holds_card(desk)  # nobody closed this one, and so it takes the money
    desk.services.payments.recover(start_up=True)
    assert now(desk, other).state is OutcomeState.PAID


# at the same moment


def at_once(*acts: Callable[[], object]) -> None:
    """Each on a thread of its own, begun together. What is refused is refused."""
    ready = Barrier(len(acts))

    def act(each: Callable[[], object]) -> None:
        ready.wait()
        with suppress(Refusal):
            each()

    with ThreadPoolExecutor(len(acts)) as pool:
        for future in [pool.submit(act, each) for each in acts]:
            future.result()


@pytest.mark.parametrize("attempt", range(5))
def test_a_cancellation_and_the_card_at_once(tmp_path: Path, clock: HandClock, attempt: int) -> None:
    with desk_at(tmp_path, clock) as desk:
        with_reader(desk)
        sale = desk.sold(desk.add_departure(), pay=READER)
        came: list[bool] = []
        at_once(
            lambda: cancels(desk, sale),
            lambda: came.append(holds_card(desk)),
            desk.services.readers.poll,
        )
        desk.services.payments.recover(start_up=True)
        paid = came == [True]
        assert now(desk, sale).state is (OutcomeState.PAID if paid else OutcomeState.DECLINED)
        one_outcome(desk, paid=paid)


@pytest.mark.parametrize("attempt", range(5))
def test_two_agents_and_one_reader(tmp_path: Path, clock: HandClock, attempt: int) -> None:
    """Both ask it, from two windows: one is told that it is busy, the other is paid."""
    with desk_at(tmp_path, clock) as desk, desk_again(tmp_path, clock) as other:
        with_reader(desk)
        holds = [each.hold(each.add_departure()) for each in (desk, other)]
        buyers = [each.traveller() for each in (desk, other)]
        sales: list[SaleOutcome] = []

        def sell(each: Desk, number: int) -> None:
            sales.append(each.sell(holds[number], pay=READER, traveller=buyers[number]))

        at_once(lambda: sell(desk, 0), lambda: sell(other, 1))
        assert len(sales) == 1
        assert holds_card(desk)
        desk.services.payments.recover(start_up=True)
        assert now(desk, sales[0]).state is OutcomeState.PAID
        one_outcome(desk, paid=True)


def test_a_double_click_asks_once(desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure()), desk.traveller(), uuid4()
    made: list[SaleOutcome] = []
    at_once(*[lambda: made.append(desk.sell(hold, pay=READER, traveller=buyer, key=key))] * 2)
    assert holds_card(desk)
    desk.services.payments.recover(start_up=True)
    assert {each.sale_id for each in made} == {made[0].sale_id}
    one_outcome(desk, paid=True)
