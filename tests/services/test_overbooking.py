"""Overbooking: by permission, with a reason, counted by every rule, and taken back where nobody used it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.books import seats
from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk
from helpers.waiting import join, state
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DepartureState, WaitingState
from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted, SalesClosed, SeatsGone
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.overbooking import Overbooked
from travellr_desktop.storage.commits import Commit


@pytest.fixture
def full(desk: Desk) -> UUID:
    departure = desk.add_departure(capacity=4)
    desk.sold(departure, adult=4, pay=CASH)
    return departure


def allow(desk: Desk, departure: UUID, count: int, reason: str = "A regular guest") -> Overbooked:
    return desk.services.overbooking.allow(desk.admin, departure, count, reason, key=uuid4())


def test_allowed_seats_are_sold_and_shown_as_too_many(desk: Desk, full: UUID) -> None:
    done = allow(desk, full, 3)
    assert (done.allowed, done.unused, done.free) == (3, 3, 3)
    assert seats(desk, full) == (7, 4)
    desk.sold(full, adult=2, pay=CASH)
    (row,) = desk.services.departures.search(desk.agent, DepartureQuery(DAY)).rows
    assert (row.capacity, row.allowed, row.allowed_here, row.free, row.away, row.over) == (4, 3, 3, 1, 0, 2)
    with pytest.raises(SeatsGone):
        desk.hold(full, adult=2)


def test_a_day_without_free_seats_counts_those_beyond_below_zero(desk: Desk, full: UUID) -> None:
    allow(desk, full, 2)
    day = DepartureQuery(DAY, 2)
    assert desk.services.departures.calendar(desk.agent, day)[DAY].free == 2
    desk.sold(full, adult=2, pay=CASH)
    assert desk.services.departures.calendar(desk.agent, day)[DAY].free == -2
    desk.add_departure(capacity=5)
    assert desk.services.departures.calendar(desk.agent, day)[DAY].free == 5


def test_who_may_not_is_refused(desk: Desk, full: UUID) -> None:
    with pytest.raises(NotPermitted, match="may not sell more seats than there are"):
        desk.services.overbooking.allow(desk.agent, full, 1, "Please", key=uuid4())
    assert seats(desk, full) == (4, 4)


@pytest.mark.parametrize(
    ("count", "reason", "field"),
    [(0, "x", "seats"), (-1, "x", "seats"), (501, "x", "seats"), (1, " ", "reason")],
)
def test_it_needs_seats_and_a_reason(desk: Desk, full: UUID, count: int, reason: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        allow(desk, full, count, reason)
    assert refused.value.field == field
    assert seats(desk, full) == (4, 4)


def test_the_reason_stays_in_the_books(desk: Desk, full: UUID, clock: HandClock) -> None:
    allow(desk, full, 2, "The captain takes two more")
    rows = desk.services.overbooking.take_back(desk.admin, full, 1, "One did not come", key=uuid4()).rows
    assert [(row.seats, row.reason, row.by) for row in rows] == [
        (2, "The captain takes two more", "Mira Kovač"),
        (-1, "One did not come", "Mira Kovač"),
    ]
    assert desk.services.overbooking.read(desk.agent, full).rows == rows


def test_only_what_is_not_used_is_taken_back(desk: Desk, full: UUID) -> None:
    allow(desk, full, 3)
    desk.sold(full, adult=2, pay=CASH)
    with pytest.raises(SeatsGone, match=r"^1 of the seats"):
        desk.services.overbooking.take_back(desk.admin, full, 2, "Enough", key=uuid4())
    done = desk.services.overbooking.take_back(desk.admin, full, 1, "Enough", key=uuid4())
    assert (done.allowed, done.unused, done.free) == (2, 0, 0)
    assert seats(desk, full) == (6, 6)


def test_free_seats_of_the_departure_itself_are_not_taken_back(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    allow(desk, departure, 1)
    with pytest.raises(SeatsGone):
        desk.services.overbooking.take_back(desk.admin, departure, 2, "Enough", key=uuid4())
    with pytest.raises(InvalidInput):
        desk.services.overbooking.take_back(desk.admin, departure, 0, "Enough", key=uuid4())


def test_the_same_form_allows_once(desk: Desk, full: UUID) -> None:
    key = uuid4()
    for _ in range(2):
        desk.services.overbooking.allow(desk.admin, full, 2, "A regular guest", key=key)
    assert seats(desk, full) == (6, 4)


def test_not_past_the_cut_off_nor_of_what_is_not_sold(desk: Desk, full: UUID, clock: HandClock) -> None:
    with pytest.raises(NotFound):
        allow(desk, uuid4(), 1)
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        work.departures.get(full).state = DepartureState.STOPPED
        work.commit()
    with pytest.raises(SalesClosed):
        allow(desk, full, 1)
    late = desk.add_departure()
    clock.at(clock.now() + timedelta(days=20))
    with pytest.raises(SalesClosed):
        allow(desk, late, 1)


def test_those_who_wait_are_offered_the_seats_first(desk: Desk, full: UUID) -> None:
    entry = join(desk, full, 2)
    done = allow(desk, full, 3)
    assert state(desk, entry) is WaitingState.OFFERED
    assert (done.unused, done.free) == (1, 1)
