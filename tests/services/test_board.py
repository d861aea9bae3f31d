"""The day on the quay: departures of a local day, their seats and people, and what each is at."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.board import BoardRow, DayFree, Phase
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Series

TODAY = date(2026, 6, 18)
HERE = "Europe/Podgorica"


def at(text: str, zone_hours: int = 2) -> datetime:
    """A moment of today on a clock that is so many hours ahead of UTC."""
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 6, 18, hour, minute, tzinfo=UTC) - timedelta(hours=zone_hours)


def row(desk: Desk, departure_id: UUID) -> BoardRow:
    return desk.services.board.departure(desk.agent, departure_id)


def other_vendor(desk: Desk) -> tuple[UUID, Actor]:
    vendor = desk.services.vendors.create(desk.admin, VendorDraft("Zeta Travel"))
    return vendor, Actor(uuid4(), "Zora", Role.VENDOR, vendor)


def test_a_day_is_that_of_the_place_in_the_order_of_the_times_shown(desk: Desk) -> None:
    lisbon = desk.add_trip("Alfama on foot", zone="Europe/Lisbon")
    kuwait = desk.add_trip("Kuwait towers", zone="Asia/Kuwait")
    noon = desk.add_departure(day=TODAY, at=time(12, 0))  # 10:00 UTC
    abroad = desk.add_departure(lisbon, day=TODAY, at=time(11, 30))  # 10:30 UTC
    at_noon_too = desk.add_departure(lisbon, day=TODAY, at=time(12, 0))
    early = desk.add_departure(kuwait, day=TODAY + timedelta(days=1), at=time(0, 30))  # 21:30 UTC of today
    board = desk.services.board.day(desk.agent, TODAY)
    assert [each.id for each in board.rows] == [abroad, at_noon_too, noon]
    assert [each.local_time for each in board.rows] == ["11:30", "12:00", "12:00"]
    tomorrow = desk.services.board.day(desk.agent, TODAY + timedelta(days=1))
    assert [each.id for each in tomorrow.rows] == [early]


def test_seats_are_sold_held_yours_and_free(desk: Desk) -> None:
    departure = desk.add_departure(day=TODAY, at=time(12, 0), capacity=10)
    desk.sold(departure, adult=2, child=1, pay=CASH)
    desk.hold(departure, adult=2)
    colleague = Actor(desk.admin.user_id, desk.admin.name, Role.ADMIN)
    found = row(desk, departure)
    assert (found.sold, found.held, found.yours, found.free) == (3, 0, 2, 5)
    theirs = desk.services.board.departure(colleague, departure)
    assert (theirs.sold, theirs.held, theirs.yours, theirs.free) == (3, 2, 0, 5)
    assert (found.pax, found.here, found.bookings, found.oversold, found.empty) == (3, 0, 1, 0, 7)


def test_an_oversold_departure_says_by_how_many_and_its_day_is_below_nothing(desk: Desk) -> None:
    departure = desk.add_departure(day=TODAY, at=time(12, 0), capacity=4)
    desk.services.overbooking.allow(desk.admin, departure, 2, "A second guide comes along", key=uuid4())
    desk.sold(departure, adult=6, pay=CASH)
    found = row(desk, departure)
    assert (found.capacity, found.allowed, found.sold, found.free, found.oversold) == (4, 2, 6, 0, 2)
    assert desk.services.board.month(desk.agent, TODAY, TODAY) == {TODAY: DayFree(1, -2, 0, 1)}


def test_the_month_counts_what_this_desk_may_still_sell(desk: Desk) -> None:
    blue, walk = desk.trips["Blue Cave and Perast"], desk.add_trip("Old Town food walk")
    full = desk.add_departure(blue, day=TODAY + timedelta(days=2), capacity=2)
    desk.sold(full, adult=2, pay=CASH)
    desk.add_departure(blue, day=TODAY + timedelta(days=3), capacity=5)
    desk.add_departure(walk, day=TODAY + timedelta(days=3), capacity=7)
    left = desk.add_departure(walk, day=TODAY, at=time(12, 0), capacity=9)
    gone = desk.add_departure(walk, day=TODAY + timedelta(days=4), capacity=9)
    desk.services.timetable.stop(desk.admin, [left], "Wind")
    desk.services.timetable.cancel(desk.admin, gone, "Storm")
    last = TODAY + timedelta(days=30)
    month = desk.services.board.month(desk.agent, TODAY, last)
    assert month == {
        TODAY: DayFree(1, 0, 0, 0),
        TODAY + timedelta(days=2): DayFree(1, 0, 0, 1),
        TODAY + timedelta(days=3): DayFree(2, 12, 12, 2),
    }
    assert desk.services.board.month(desk.agent, TODAY, last, blue) == {
        TODAY + timedelta(days=2): DayFree(1, 0, 0, 1),
        TODAY + timedelta(days=3): DayFree(1, 5, 5, 1),
    }
    assert month[TODAY].closed
    assert not month[TODAY + timedelta(days=2)].closed
    with pytest.raises(InvalidInput):
        desk.services.board.month(desk.agent, TODAY, TODAY + timedelta(days=92))
    with pytest.raises(InvalidInput):
        desk.services.board.month(desk.agent, last, TODAY)


def test_a_departure_goes_from_open_to_done(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(day=TODAY, at=time(12, 0), cutoff=timedelta(minutes=30))
    desk.sold(departure, adult=1, pay=CASH)
    seen = []
    for moment in ("11:00", "11:30", "11:45", "12:00", "16:00"):
        clock.at(at(moment))
        seen.append(row(desk, departure).phase)
    assert seen == [Phase.OPEN, Phase.CLOSED, Phase.BOARDING, Phase.MANIFEST, Phase.MANIFEST]
    clock.at(at("13:00"))
    desk.services.manifests.close(desk.agent, departure, key=uuid4())
    assert row(desk, departure).phase is Phase.ON_THE_WAY
    clock.at(at("15:00"))
    assert row(desk, departure).phase is Phase.DONE


def test_people_board_from_the_first_who_is_there(desk: Desk) -> None:
    departure = desk.add_departure(day=TODAY, at=time(12, 0))
    desk.sold(departure, adult=2, pay=CASH)
    manifest = desk.services.manifests.manifest(desk.agent, departure)
    assert row(desk, departure).phase is Phase.OPEN
    desk.services.manifests.check_in(desk.agent, [manifest.bookings[0].lines[0].id])
    found = row(desk, departure)
    assert (found.phase, found.here, found.pax) == (Phase.BOARDING, 1, 2)


def test_nobody_has_to_close_a_departure_that_nobody_was_on(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure(day=TODAY, at=time(12, 0))
    clock.at(at("12:30"))
    assert row(desk, departure).phase is Phase.EMPTY
    desk.services.manifests.close(desk.agent, departure, key=uuid4())
    assert row(desk, departure).phase is Phase.ON_THE_WAY


def test_a_stopped_one_says_why_until_it_has_left_and_a_cancelled_one_stays_so(
    desk: Desk, clock: HandClock
) -> None:
    stopped, cancelled = (desk.add_departure(day=TODAY, at=time(hour)) for hour in (12, 13))
    desk.sold(stopped, adult=1, pay=CASH)
    desk.services.timetable.stop(desk.admin, [stopped], "Wind")
    desk.services.timetable.cancel(desk.admin, cancelled, "Storm")
    assert (row(desk, stopped).phase, row(desk, stopped).reason) == (Phase.STOPPED, "Wind")
    clock.at(at("12:10"))
    assert row(desk, stopped).phase is Phase.MANIFEST
    assert (row(desk, cancelled).phase, row(desk, cancelled).reason) == (Phase.CANCELLED, "Storm")


def test_an_empty_day_names_the_next_and_an_empty_agency_says_so(desk: Desk) -> None:
    assert desk.services.board.day(desk.agent, TODAY).first_use
    desk.add_departure(day=TODAY + timedelta(days=3))
    board = desk.services.board.day(desk.agent, TODAY)
    assert (board.rows, board.first_use, board.next_day) == ((), False, TODAY + timedelta(days=3))
    other = desk.add_trip("Old Town food walk")
    assert desk.services.board.day(desk.agent, TODAY, other).next_day is None


def test_a_vendors_person_sees_their_own_departures_and_no_others(desk: Desk) -> None:
    vendor, zora = other_vendor(desk)
    theirs = desk.add_trip("Ostrog monastery", vendor_id=vendor)
    mine = desk.add_departure(day=TODAY, at=time(12, 0))
    other = desk.add_departure(theirs, day=TODAY, at=time(13, 0), capacity=3)
    board = desk.services.board
    assert [each.id for each in board.day(zora, TODAY).rows] == [other]
    assert board.day(zora, TODAY, desk.trips["Blue Cave and Perast"]).rows == ()
    assert board.month(zora, TODAY, TODAY) == {TODAY: DayFree(1, 3, 3, 1)}
    assert [each.title for each in board.trips(zora)] == ["Ostrog monastery"]
    for refused in (
        lambda: board.departure(zora, mine),
        lambda: board.trip(zora, desk.trips["Blue Cave and Perast"], TODAY),
        lambda: board.departure(zora, uuid4()),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_trip_tells_its_series_and_what_was_added_by_itself(desk: Desk) -> None:
    trip = desk.trips["Blue Cave and Perast"]
    daily, single = (desk.add_departure(trip, day=TODAY, at=time(hour), capacity=12) for hour in (12, 14))
    with desk.database.write(Commit.CATALOGUE_SAVE, desk.admin) as work:
        series = Series(
            trip_id=trip,
            weekdays="0123456",
            local_time="12:00",
            first_day=date(2026, 5, 1),
            last_day=date(2026, 9, 30),
            zone=HERE,
            capacity=12,
            cutoff_min=30,
            except_days=["2026-06-20"],
            created_at=work.now,
        )
        over = Series(
            trip_id=trip,
            weekdays="3",
            local_time="09:00",
            first_day=date(2026, 4, 1),
            last_day=date(2026, 6, 17),
            zone=HERE,
            capacity=12,
            cutoff_min=30,
            except_days=[],
            created_at=work.now,
        )
        work.session.add_all((series, over))
        work.session.flush()
        work.departures.get(daily).series_id = series.id
        work.commit()
    facts = desk.services.board.trip(desk.agent, trip, TODAY)
    line = facts.series[0]
    assert len(facts.series) == 1
    assert (line.weekdays, line.local_time, line.except_days) == (tuple(range(7)), "12:00", 1)
    assert (facts.singles, facts.seats, facts.cutoffs, facts.kept) == (("14:00",), (12,), (30,), ())
    assert row(desk, single).series_id is None


def test_a_day_on_which_the_clocks_change_is_still_one_day(desk: Desk, clock: HandClock) -> None:
    """25 October 2026: 02:30 comes twice in Kotor; what leaves then leaves at the first."""
    night = date(2026, 10, 25)
    clock.at(datetime(2026, 10, 24, 12, tzinfo=UTC))
    ids = [desk.add_departure(day=night, at=at_) for at_ in (time(0, 30), time(2, 30), time(23, 30))]
    board = desk.services.board.day(desk.agent, night)
    assert [each.id for each in board.rows] == ids
    assert board.rows[1].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert board.rows[2].starts_at == datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    assert desk.services.board.month(desk.agent, night, night, desk.trips["Blue Cave and Perast"]) == {
        night: DayFree(3, 30, 30, 3)
    }


def test_a_day_costs_the_same_number_of_statements_however_full_it_is(desk: Desk) -> None:
    from sqlalchemy import event

    counts = []
    statements: list[str] = []

    def count(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.append(statement)

    for departures in (1, 12):
        for number in range(departures):
            departure = desk.add_departure(day=TODAY, at=time(12 + number // 2, number % 2 * 30))
            desk.sold(departure, adult=1, pay=CASH)
        event.listen(desk.database.engine, "before_cursor_execute", count)
        statements.clear()
        desk.services.board.day(desk.agent, TODAY)
        counts.append(len(statements))
        event.remove(desk.database.engine, "before_cursor_execute", count)
    assert counts[0] == counts[1] <= 10
