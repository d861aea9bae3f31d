"""What is played of disputes and of hearing the provider's events in a process that is killed on the way
(`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from helpers import crash_sales as sales
from helpers.clock import HandClock
from helpers.desk import CARD, Desk
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.gateway import DisputeStatus
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation


def _hear(desk: Desk) -> None:
    """A turn, when what was put off is due."""
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=2))
    desk.services.listening.poll()


def _payment(desk: Desk) -> str:
    with desk.database.read() as view:
        refs = [each.provider_ref for each in view.payments.find_all()[0] if each.way is Way.CARD]
    (ref,) = refs
    assert ref is not None
    return ref


def _dispute(desk: Desk) -> DisputeStatus:
    found = desk.program.gateway.dispute_of(_payment(desk))
    assert found is not None
    return found


def disputed(desk: Desk) -> None:
    """A sale that is listened to, and whose payment the bank takes back."""
    sales.ready_and_sold(CARD, 0, 1)(desk)
    desk.services.listening.poll()
    with desk.sandbox() as sandbox:
        sandbox.open_dispute(_payment(desk))


def disputed_while_it_goes_back(desk: Desk) -> None:
    """It was cancelled, its refund has not left, and the bank was faster."""
    sales.ready_and_sold(CARD, 1)(desk)
    desk.services.listening.poll()
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.REFUND_CREATE, FaultKind.UNREACHABLE)
    sales.cancel(4500)(desk)
    with desk.sandbox() as sandbox:
        sandbox.disarm()
        sandbox.open_dispute(_payment(desk))


def decided(*, won: bool) -> Callable[[Desk], object]:
    """The bank decides, and it is heard of."""

    def play(desk: Desk) -> None:
        _hear(desk)
        with desk.sandbox() as sandbox:
            try:
                sandbox.close_dispute(_dispute(desk).ref, won=won)
            except WrongState:
                pass  # it has decided already
        _hear(desk)

    return play


def asked_about(desk: Desk) -> None:
    """The bank asks, and has taken nothing yet."""
    sales.ready_and_sold(CARD, 0)(desk)
    desk.services.listening.poll()
    with desk.sandbox() as sandbox:
        sandbox.open_dispute(_payment(desk), inquiry=True)


def taken_and_won(desk: Desk) -> None:
    """It is heard of as an inquiry; then the bank takes the money, and gives it back."""
    _hear(desk)
    with desk.sandbox() as sandbox:
        try:
            sandbox.escalate_dispute(_dispute(desk).ref)
        except WrongState:
            pass  # it has taken it already
    decided(won=True)(desk)


def lost_while_it_goes_back(desk: Desk) -> None:
    desk.services.payments.recover(start_up=True)
    decided(won=False)(desk)


def came_back(desk: Desk) -> None:
    """A refund that had arrived is sent back by the bank."""
    with desk.database.read() as view:
        (refund,) = view.refunds.find_all()[0]
    assert refund.provider_ref is not None
    with desk.sandbox() as sandbox:
        try:
            sandbox.settle_refund(refund.provider_ref)
        except WrongState:
            pass  # it has arrived, or come back, already
    _hear(desk)
    with desk.sandbox() as sandbox:
        try:
            sandbox.settle_refund(refund.provider_ref, failure="lost_or_stolen_card")
        except WrongState:
            pass
    _hear(desk)


def on_its_way_back(desk: Desk) -> None:
    sales.ready_and_sold(sales.SLOW_REFUNDS, 1)(desk)
    desk.services.listening.poll()
    sales.cancel(4500)(desk)
