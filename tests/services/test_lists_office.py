"""The audit trail as a list: what an entry is about, and in what money."""

from __future__ import annotations

from contextlib import closing

from helpers.desk import CASH, Desk
from helpers.seated import add_plan
from travellr_desktop.services.lists import AuditListRow
from travellr_desktop.services.paged import ListQuery


def entries(desk: Desk, action: str) -> list[AuditListRow]:
    opened = desk.services.lists.audit(desk.admin, ListQuery(filters={"action": (action,)}))
    with closing(opened) as found:
        return list(found.first())


def test_an_entry_knows_the_currency_of_what_was_sold(desk: Desk) -> None:
    yen = desk.add_departure(desk.add_trip("Arashiyama", adult=9_700, currency="JPY"))
    sale = desk.sold(yen, pay=CASH, adult=1)
    booking = sale.bookings[0]
    desk.cancel(booking.id)
    (taken,) = entries(desk, "payment.take")
    assert (taken.about, taken.currency, taken.detail["amount"]) == (sale.reference, "JPY", 9_700)
    (cancelled,) = entries(desk, "booking.cancel")
    assert (cancelled.about, cancelled.currency) == (booking.reference, "JPY")
    assert {row.currency for row in entries(desk, "trip.create")} == {""}


def test_an_entry_about_a_seat_plan_has_its_name(desk: Desk) -> None:
    add_plan(desk, name="Two decks")
    assert [row.about for row in entries(desk, "plan.create")] == ["Two decks"]
