"""What is played of invoices in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from helpers.crash_sales import key
from helpers.crash_sales import ready_and_sold as sold_before
from helpers.desk import CASH, Desk
from helpers.invoicing import order_of, ready
from travellr_desktop.errors import WrongState


def ready_and_sold(desk: Desk) -> None:
    """The agency has said all of itself, and sold a trip."""
    ready(desk)
    sold_before(CASH, 1)(desk)


def invoiced(desk: Desk) -> None:
    """A booking is invoiced, credited because the buyer was wrong, and invoiced again. Each form is sent with its own
    key, and shows what its preview showed the first time."""
    with desk.database.read() as view:
        booking = view.bookings.find_all()[0][0]
        numbers = [row.number for row in view.invoices.of_booking(booking.id)]
    service = desk.services.invoices
    shown = service.preview(desk.agent, [booking.id])
    if not numbers:
        service.issue(desk.agent, order_of(shown), key=key("invoice"))
    first = service.find(desk.agent, "IV-2026-000001")
    try:
        service.credit(desk.agent, first.id, reason="Wrong buyer", key=key("credit"))
    except WrongState:
        pass  # done already, by another program's key
    again = service.preview(desk.agent, [booking.id])
    if not again.nothing:
        service.issue(desk.agent, order_of(again), key=key("invoice again"))
