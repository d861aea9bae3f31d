"""A vendor's person reads what is theirs and not a word of another vendor, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from uuid import UUID

import pytest

from helpers.desk import CASH, DAY, PASSWORD, Desk
from helpers.seated import add_numbered, small
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.errors import NotFound, NotPermitted
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendors import VendorDraft

STRANGE = "Zanzibar"
"""Stands in every text of the other vendor."""


class Two:
    """A sale of two vendors' departures on one day, `own` and `theirs`, each on a seat plan of its vendor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        draft = NewUser("Nikola", "nikola@travellr.example", PASSWORD, Role.VENDOR, desk.vendor_id)
        row = desk.services.users.register(desk.admin, draft)
        self.person = Actor(row.id, row.name, row.role, row.vendor_id)
        other = desk.services.vendors.create(desk.admin, VendorDraft(f"{STRANGE} Tours"))
        strange = desk.add_trip(f"{STRANGE} by boat", vendor_id=other, place=STRANGE)
        trips = (desk.trips["Blue Cave and Perast"], strange)
        plans = tuple(
            desk.services.plans.save(desk.admin, PlanDraft(name, PlanKind.COACH, small(), vendor))
            for name, vendor in (("Minibus", desk.vendor_id), (f"{STRANGE} bus", other))
        )
        self.own, self.theirs = (
            add_numbered(desk, plan_id=plan, trip_id=trip, day=DAY)
            for trip, plan in zip(trips, plans, strict=True)
        )
        self.trips, self.plans = trips, plans
        self.sale = desk.sell(desk.hold(self.own), desk.hold(self.theirs), pay=CASH)


@pytest.fixture
def two(desk: Desk) -> Two:
    return Two(desk)


def test_what_is_read_without_naming_anything_is_their_own(two: Two) -> None:
    services, person = two.desk.services, two.person
    query = DepartureQuery(DAY, days=7)
    told: list[object] = [
        services.departures.search(person, query),
        services.departures.places(person),
        services.board.day(person, DAY),
        services.board.trips(person),
        services.plans.list(person, everything=True),
    ]
    for read in (services.lists.bookings, services.lists.departures):
        with closing(read(person, ListQuery())) as rows:
            told.append(rows.first())
    assert all(told)
    assert STRANGE not in repr(told)
    assert services.departures.calendar(person, query)[DAY].departures == 1
    assert services.board.month(person, DAY, DAY)[DAY].departures == 1


ASKED: dict[str, Callable[[Two, int], object]] = {
    "offer": lambda two, at: two.desk.services.departures.offer(two.person, place(two, at), Party(1)),
    "alternatives": lambda two, at: two.desk.services.departures.alternatives(
        two.person, place(two, at), Party(1)
    ),
    "board": lambda two, at: two.desk.services.board.departure(two.person, place(two, at)),
    "trip": lambda two, at: two.desk.services.board.trip(two.person, two.trips[at], DAY),
    "manifest": lambda two, at: two.desk.services.manifests.manifest(two.person, place(two, at)),
    "paper": lambda two, at: two.desk.services.documents.manifest(two.person, place(two, at)),
    "seats": lambda two, at: two.desk.services.seats.plan_of(two.person, place(two, at)),
    "plan": lambda two, at: two.desk.services.plans.get(two.person, two.plans[at]),
    "pictures": lambda two, at: two.desk.services.pictures.of_trip(two.person, two.trips[at]),
    "booking": lambda two, at: two.desk.services.bookings.detail(two.person, two.sale.bookings[at].id),
}


def place(two: Two, at: int) -> UUID:
    return (two.own, two.theirs)[at]


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_what_is_named_is_their_own_or_is_not_there(two: Two, ask: Callable[[Two, int], object]) -> None:
    assert STRANGE not in repr(ask(two, 0))
    with pytest.raises(NotFound):
        ask(two, 1)


def test_a_sale_has_bookings_of_others_and_is_shown_to_no_vendor(two: Two) -> None:
    assert STRANGE in repr(two.desk.services.sales.outcome(two.desk.agent, two.sale.sale_id))
    with pytest.raises(NotPermitted):
        two.desk.services.sales.outcome(two.person, two.sale.sale_id)
