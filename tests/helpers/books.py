"""What a test asks of the books: balances, seats, states, what the provider counted."""

from __future__ import annotations

from uuid import UUID

from helpers.desk import Desk
from travellr_desktop.domain.ledger import Account, standing
from travellr_desktop.domain.states import BookingState, HoldState, PaymentState, RefundState


def balance(desk: Desk, account: Account, currency: str = "EUR") -> int:
    """As people read it: above zero is what the account is for."""
    with desk.database.read() as view:
        return standing(account, view.ledger.balance(account, currency))


def balances(desk: Desk, currency: str = "EUR") -> dict[str, int]:
    """Every account that is not at nothing, as people read it."""
    with desk.database.read() as view:
        found = view.ledger.balances()
    return {
        account.value: standing(account, amount)
        for (account, of), amount in found.items()
        if of == currency and amount
    }


def entries(desk: Desk, booking_id: UUID) -> list[tuple[str, str, str, int]]:
    """The ledger of one booking: event, debit, credit, amount."""
    with desk.database.read() as view:
        return [
            (row.event.value, row.debit.value, row.credit.value, row.amount)
            for row in view.ledger.of_booking(booking_id)
        ]


def seats(desk: Desk, departure_id: UUID) -> tuple[int, int]:
    """Granted and taken."""
    with desk.database.read() as view:
        grant = view.departures.grant(departure_id, view.agency.this_desk().id)
    assert grant is not None
    return grant.seats, grant.taken


def booking_state(desk: Desk, booking_id: UUID) -> BookingState:
    with desk.database.read() as view:
        return view.bookings.get(booking_id).state


def hold_state(desk: Desk, hold_id: UUID) -> HoldState:
    with desk.database.read() as view:
        return view.holds.get(hold_id).state


def payment_state(desk: Desk, payment_id: UUID | None) -> PaymentState:
    assert payment_id is not None
    with desk.database.read() as view:
        return view.payments.get(payment_id).state


def refund_states(desk: Desk, booking_id: UUID) -> list[tuple[RefundState, int]]:
    with desk.database.read() as view:
        return [(refund.state, refund.amount) for refund in view.refunds.find_by_booking_id(booking_id)]


def charged(desk: Desk) -> tuple[int, int]:
    """What the provider took and gave back, counted in its own file, in cents."""
    with desk.sandbox() as sandbox:
        counts = sandbox.counts()
    return counts.charged.get("eur", 0), counts.refunded.get("eur", 0)


def ops(desk: Desk) -> int:
    """How many transactions were sealed: a refused command adds none."""
    with desk.database.read() as view:
        return int(view.session.connection().exec_driver_sql("SELECT count(*) FROM ops").scalar_one())
