"""What is played of payouts to vendors in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from helpers.crash_sales import key
from helpers.desk import Desk
from helpers.paying_out import approved, batch_state, owed, payouts, plenty
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.payments.gateway import ReversalRequest
from travellr_desktop.services.payouts.run_views import RunFigures


def _batch(desk: Desk) -> UUID:
    return payouts(desk)[0].batch_id


def two_owed(desk: Desk) -> None:
    """Two vendors with 76.50 each to come, in a batch that is approved."""
    plenty(desk)
    owed(desk, "Bay Kayaks", "Perast Boats")
    approved(desk)


def one_owed(desk: Desk) -> None:
    plenty(desk)
    owed(desk, "Perast Boats")
    approved(desk)


def run(desk: Desk) -> None:
    """Somebody runs it, or goes on, until everything of it was sent."""
    runs, state = desk.services.payout_runs, batch_state(desk, _batch(desk))
    if state is BatchState.PAUSED:
        runs.resume(desk.admin, _batch(desk))
    elif state is not BatchState.DONE and runs.figures(desk.admin, _batch(desk)).left:
        runs.run(desk.admin, _batch(desk))


def run_with_a_pause(desk: Desk) -> None:
    """After the first payout somebody pauses it, then it goes on."""

    def look(figures: RunFigures) -> None:
        if figures.paid == 1 and figures.vendor:
            desk.services.payout_runs.pause(desk.admin, figures.batch_id)

    if batch_state(desk, _batch(desk)) is BatchState.APPROVED:
        desk.services.payout_runs.run(desk.admin, _batch(desk), look)
    run(desk)


def one_failed(desk: Desk) -> None:
    """The vendor's account could not be paid to, and can be now."""
    one_owed(desk)
    (payout,) = payouts(desk)
    assert payout.account_ref is not None
    with desk.sandbox() as sandbox:
        sandbox.change_account(payout.account_ref, transfers="inactive")
    run(desk)
    assert payouts(desk)[0].state is PayoutState.FAILED
    with desk.sandbox() as sandbox:
        sandbox.change_account(payout.account_ref, transfers="active")


def retry(desk: Desk) -> None:
    desk.services.payout_runs.retry(desk.admin, payouts(desk)[0].id)


def one_paid(desk: Desk) -> None:
    one_owed(desk)
    run(desk)
    assert payouts(desk)[0].state is PayoutState.PAID


def take_back(minor: int) -> Callable[[Desk], object]:
    def play(desk: Desk) -> None:
        amount = Money(minor, "EUR")
        desk.services.payout_runs.take_back(
            desk.admin, payouts(desk)[0].id, amount, "Paid twice", key=key("take back")
        )

    return play


def taken_back_elsewhere(desk: Desk) -> None:
    """Somebody took a part back at the provider; this desk listens already."""
    one_paid(desk)
    desk.services.listening.poll()
    ref = payouts(desk)[0].provider_ref
    assert ref is not None
    request = ReversalRequest(new_id(), ref, Money(2000, "EUR"))
    desk.program.gateway.reverse_transfer(request, key=str(new_id()))


def hear(desk: Desk) -> None:
    desk.services.listening.poll()
