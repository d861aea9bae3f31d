"""Seats go where they are sold: a desk that is short is given what nobody has, then what others do not need."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.central_hub import Enrolled, two_desks
from helpers.desk import CASH
from helpers.postgres import Central
from helpers.seated import add_numbered
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import SeatsGone
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.planning import Rebook
from travellr_desktop.services.seats import SeatState


def granted(at: Enrolled) -> list[tuple[int, int]]:
    """Seats and taken of each grant that the desk's file knows, by desk."""
    query = "SELECT g.seats, g.taken FROM grants g JOIN desks d ON d.id = g.desk_id ORDER BY d.number"
    return [(row[0], row[1]) for row in at.lies(query)]


def test_what_another_desk_does_not_need_is_sold_here(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.departure()
        first.desk.sold(departure, pay=CASH, adult=3)
        second.desk.sold(departure, pay=CASH, adult=4)
        place.quiet()
        assert granted(first) == granted(second)
        assert sum(seats for seats, _taken in granted(first)) <= 20
        assert [taken for _seats, taken in granted(first)] == [3, 4]
        assert first.dump() == second.dump() == place.dump()
        assert first.desk.services.check.run().ok
        assert second.desk.services.check.run().ok


def test_offline_the_grant_is_all_there_is(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(capacity=6)
        place.quiet()
        own = dict(enumerate(granted(second))).get(1)
        assert own is None or own[0] <= 6
        second.online = False
        with pytest.raises(SeatsGone):
            second.desk.hold(departure, adult=6)
        second.online = True
        second.desk.hold(departure, adult=6)
        place.quiet()
        assert first.dump() == second.dump() == place.dump()


def test_the_last_seats_are_sold_once(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(capacity=5)
        place.quiet()
        sold = 0
        for number in range(8):
            desk = (first, second)[number % 2].desk
            try:
                desk.sold(departure, pay=CASH, adult=1)
                sold += 1
            except SeatsGone:
                pass
        place.quiet()
        assert sold == 5
        assert first.dump() == second.dump() == place.dump()


def test_a_desk_sees_and_sells_what_no_desk_was_granted(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(capacity=20)
        first.desk.services.sharing.share_new()  # half of it is nobody's now
        first.desk.sold(departure, pay=CASH, adult=2)
        place.quiet()
        departures = second.desk.services.departures
        party = Party(adult=9)
        offer = departures.offer(second.desk.agent, departure, party)
        row = offer.row
        assert (row.sold, row.held + row.yours, row.free, row.away) == (2, 0, 10, 8)
        assert row.own < 9 and not offer.too_full and offer.why_not is None and offer.asked == 0
        query = DepartureQuery(row.starts_at.date(), party=party, free_only=True)
        assert departure in {each.id for each in departures.search(second.desk.agent, query).rows}
        second.online = False
        offer = departures.offer(second.desk.agent, departure, party)
        assert (offer.row.free, offer.row.away) == (row.own, 18 - row.own)
        assert offer.too_full and "while the central database is reached" in (offer.why_not or "")
        assert departure not in {each.id for each in departures.search(second.desk.agent, query).rows}
        second.online = True
        second.desk.hold(departure, adult=9)
        place.quiet()
        with second.desk.database.read() as view:
            left = view.departures.free(departure, view.agency.this_desk().id)
        assert left == 0  # no more was asked for than was missing


def test_a_seat_that_is_nobodys_can_be_chosen(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = add_numbered(first.desk)
        first.desk.services.sharing.share_new()
        place.quiet()
        hold = second.desk.hold(departure, adult=1)
        place.quiet()
        at = second.desk.services.seats
        before = at.plan_of(second.desk.agent, departure)
        with second.desk.database.read() as view:
            owners = view.seats.owners(departure)
        last = [seat.label for seat in before.seats if seat.label not in owners][-1]
        assert before.by_label[last].state is SeatState.FREE
        assert at.choose(second.desk.agent, hold.id, [last]).labels == (last,)
        theirs = next(label for label, desk in owners.items() if desk != owners[hold.labels[0]])
        assert at.plan_of(second.desk.agent, departure).by_label[theirs].state is SeatState.HELD
        second.online = False
        offline = at.plan_of(second.desk.agent, departure)
        assert all(
            seat.state is not SeatState.FREE or seat.label in _ours(second, departure)
            for seat in offline.seats
        )
        place.quiet()
        assert first.dump() == second.dump() == place.dump()


def _ours(at: Enrolled, departure: UUID) -> frozenset[str]:
    with at.desk.database.read() as view:
        return view.seats.ours(departure) or frozenset()


def test_a_booking_moves_to_seats_that_are_nobodys(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        here = first.desk.add_departure(capacity=8)
        there = first.desk.add_departure(capacity=12)
        first.desk.services.sharing.share_new()
        place.quiet()
        sold = second.desk.sold(here, pay=CASH, adult=4)
        booking = sold.bookings[0].id
        with second.desk.database.read() as view:
            had = view.departures.free(there, view.agency.this_desk().id)
        assert had < 4
        change = Rebook(there)
        changes, agent = second.desk.services.changes, second.desk.agent
        shown = changes.preview(agent, booking, change)
        changes.apply(agent, booking, change, shown.difference, None, key=uuid4())
        place.quiet()
        assert first.dump() == second.dump() == place.dump()
