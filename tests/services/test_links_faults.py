"""Whatever the provider gets wrong about a payment link, and whoever acts at the same moment: one outcome, nothing
lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from helpers.alternating import alternating
from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk, desk_again, desk_at
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice

LINK = PayChoice(Way.LINK)
CALLS = (Operation.SESSION_CREATE, Operation.SESSION_RETRIEVE, Operation.SESSION_EXPIRE)
FAULTS = [(call, kind) for call in CALLS for kind in FaultKind if possible(call, kind)]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def now(desk: Desk, sale: SaleOutcome) -> SaleOutcome:
    return desk.services.sales.outcome(desk.agent, sale.sale_id)


def pays(desk: Desk, sale: SaleOutcome) -> bool:
    """The traveller does, where there is a link and it is open."""
    if sale.link is None:
        return False
    with desk.sandbox() as sandbox, suppress(Refusal):
        return sandbox.pay_link(sale.link.ref, VISA).is_paid
    return False


def cancels(desk: Desk, sale: SaleOutcome) -> None:
    assert sale.payment_id is not None
    with suppress(Refusal):
        desk.services.links.cancel(desk.agent, sale.payment_id)


def a_day_goes_by(desk: Desk, clock: HandClock) -> None:
    for wait in (5, 20, 60, 300, 3_600, 7_200, 80_000):
        clock.forward(timedelta(seconds=wait))
        desk.services.links.poll()
        desk.services.payments.recover()
        desk.services.upkeep.expire_holds()


def one_outcome(desk: Desk, *, paid: bool) -> None:
    """The books say what the provider says, and nothing waits any more."""
    with desk.database.read() as view:
        states = [row.state for row in view.payments.find_all()[0] if row.way is Way.LINK]
    with desk.sandbox() as sandbox:
        sandbox.shift_clock(timedelta())
        counts = sandbox.counts()
    assert counts.charges == int(paid)
    assert states.count(PaymentState.COMPLETED) == int(paid)
    assert not set(states) - {PaymentState.COMPLETED, PaymentState.FAILED, PaymentState.ABANDONED}
    assert counts.links.get("open", 0) == 0
    assert desk.services.check.run().problems == ()


@pytest.mark.parametrize(
    ("call", "kind", "lasting"), alternating(FAULTS, [("once", False), ("for a while", True)])
)
def test_a_fault_costs_time_and_no_money(
    desk: Desk, clock: HandClock, call: Operation, kind: FaultKind, lasting: bool
) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(call, kind, until_disarmed=lasting)
    sale = desk.sold(desk.add_departure(), pay=LINK)
    paid = pays(desk, now(desk, sale))
    desk.services.links.poll()
    clock.forward(timedelta(seconds=20))
    if not paid:
        cancels(desk, sale)
    desk.services.payments.recover()
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    a_day_goes_by(desk, clock)
    one_outcome(desk, paid=paid)
    assert now(desk, sale).state is (OutcomeState.PAID if paid else OutcomeState.LAPSED)


@pytest.mark.parametrize("kind", [k for k in FaultKind if possible(Operation.SESSION_EXPIRE, k)])
def test_a_cancellation_that_meets_a_fault_has_one_outcome(
    desk: Desk, clock: HandClock, kind: FaultKind
) -> None:
    sale = desk.sold(desk.add_departure(), pay=LINK)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.SESSION_EXPIRE, kind)
    cancels(desk, sale)
    paid = pays(desk, sale)
    a_day_goes_by(desk, clock)
    one_outcome(desk, paid=paid)


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
def test_a_cancellation_and_the_traveller_at_once(tmp_path: Path, clock: HandClock, attempt: int) -> None:
    with desk_at(tmp_path, clock) as desk:
        sale = desk.sold(desk.add_departure(), pay=LINK)
        came: list[bool] = []
        at_once(
            lambda: cancels(desk, sale),
            lambda: came.append(pays(desk, sale)),
            desk.services.links.poll,
        )
        desk.services.payments.recover(start_up=True)
        paid = came == [True]
        assert now(desk, sale).state is (OutcomeState.PAID if paid else OutcomeState.DECLINED)
        one_outcome(desk, paid=paid)


@pytest.mark.parametrize("attempt", range(5))
def test_a_refund_and_a_link_that_is_being_paid(tmp_path: Path, clock: HandClock, attempt: int) -> None:
    """The booking is cancelled, from two windows, while the payment is read: before it is known nothing is refunded,
    afterwards once."""
    with desk_at(tmp_path, clock) as desk, desk_again(tmp_path, clock) as other:
        sale = desk.sold(desk.add_departure(), pay=LINK)
        ids = [booking.id for booking in sale.bookings]
        pays(desk, sale)
        at_once(
            desk.services.links.poll,
            other.services.links.poll,
            lambda: desk.cancel(*ids),
            lambda: other.cancel(*ids),
        )
        with suppress(Refusal):
            desk.cancel(*ids)
        with desk.sandbox() as sandbox:
            counts = sandbox.counts()
            assert (counts.charges, counts.refunds) == (1, 1)
            assert all(count == 1 for count in sandbox.refunds_by_id().values())
        one_outcome(desk, paid=True)


def test_a_double_click_on_cancel_and_on_make(desk: Desk) -> None:
    hold, buyer, key = desk.hold(desk.add_departure()), desk.traveller(), uuid4()
    made: list[SaleOutcome] = []

    def sell() -> None:
        made.append(desk.sell(hold, pay=LINK, traveller=buyer, key=key))

    at_once(sell, sell)
    sale = now(desk, made[0])
    at_once(lambda: cancels(desk, sale), lambda: cancels(desk, sale))
    one_outcome(desk, paid=False)
    assert now(desk, sale).state is OutcomeState.DECLINED


def test_cash_is_not_taken_while_the_link_may_be_paid(desk: Desk) -> None:
    sale = desk.sold(desk.add_departure(), pay=LINK)

    def cash(key: UUID) -> None:
        desk.services.sales.pay(desk.agent, sale.sale_id, CASH, key=key)

    at_once(lambda: cash(uuid4()), lambda: pays(desk, sale), lambda: cash(uuid4()))
    desk.services.payments.recover(start_up=True)
    assert now(desk, sale).paid == sale.total
    one_outcome(desk, paid=True)
