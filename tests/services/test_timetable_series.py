"""Series: made, previewed, changed for what nobody has bought, across changes of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from helpers.catalogue import MONDAYS, audit_of, days_of, problems, the_trip
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from helpers.seated import add_plan, small
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.domain.series import DayKind
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.timetable import SeriesDraft, SeriesOutcome
from travellr_desktop.services.vendors import VendorDraft


def add(desk: Desk, draft: SeriesDraft = MONDAYS) -> SeriesOutcome:
    return desk.services.timetable.add_series(desk.admin, the_trip(desk), draft)


def test_a_series_makes_its_departures_each_with_its_grant(desk: Desk) -> None:
    made = add(desk)
    assert days_of(desk, made.series_id) == [
        "06.07 09:00 12",
        "13.07 09:00 12",
        "20.07 09:00 12",
        "27.07 09:00 12",
        "03.08 09:00 12",
    ]
    assert len(made.made) == 5
    (series,) = desk.services.timetable.series(desk.admin, the_trip(desk))
    assert (series.draft, series.departures, series.to_come, series.touched) == (
        replace(MONDAYS, zone="Europe/Podgorica"),
        5,
        5,
        0,
    )
    desk.sold(made.made[0], pay=CASH)
    assert desk.services.timetable.series(desk.admin, the_trip(desk))[0].touched == 1
    assert problems(desk) == []


def test_a_series_across_both_changes_of_the_clocks(desk: Desk) -> None:
    night = SeriesDraft(frozenset({5, 6}), time(2, 30), date(2026, 10, 24), date(2027, 3, 28), 8)
    seen = desk.services.timetable.preview_series(desk.admin, the_trip(desk), night)
    assert days_of(desk) == []
    told = {day.day: (day.kind, day.words) for day in seen.remarkable}
    assert set(told) == {date(2026, 10, 25), date(2027, 3, 28)}
    assert told[date(2026, 10, 25)][0] is DayKind.DOUBLED
    assert told[date(2027, 3, 28)][0] is DayKind.SKIPPED
    assert "02:30 does not exist" in told[date(2027, 3, 28)][1]
    made = add(desk, night)
    assert made.preview == seen
    assert len(made.made) == len(seen.made) == 45
    assert days_of(desk)[0] == "24.10 02:30 8"
    assert days_of(desk)[-1] == "27.03 02:30 8"
    assert problems(desk) == []


def test_days_left_out_past_or_taken_are_told_in_the_preview(desk: Desk) -> None:
    desk.add_departure(day=date(2026, 7, 13), at=time(9, 0))
    draft = replace(
        MONDAYS,
        first_day=date(2026, 6, 15),
        except_days=frozenset({date(2026, 7, 20), date(2026, 7, 21)}),
    )
    made = add(desk, draft)
    told = {f"{day.day:%d.%m}": day.kind for day in made.preview.remarkable}
    assert told == {"15.06": DayKind.PAST, "13.07": DayKind.THERE, "20.07": DayKind.EXCEPTED}
    assert made.preview.never == (date(2026, 7, 21),)
    assert len(made.made) == 5


def test_the_same_series_twice_makes_nothing_and_says_so(desk: Desk) -> None:
    add(desk)
    with pytest.raises(InvalidInput, match="makes no departure"):
        add(desk)
    assert len(desk.services.timetable.series(desk.admin, the_trip(desk))) == 1


def test_a_change_is_for_what_nobody_has_bought_and_names_the_rest(desk: Desk) -> None:
    made = add(desk)
    desk.sold(made.made[1], pay=CASH)
    desk.services.holds.release(desk.agent, desk.hold(made.made[2]).id)
    wanted = replace(
        MONDAYS, weekdays=frozenset({0, 3}), at=time(10, 0), capacity=20, last_day=date(2026, 7, 27)
    )
    seen = desk.services.timetable.preview_series(
        desk.admin, the_trip(desk), wanted, series_id=made.series_id
    )
    done = desk.services.timetable.change_series(desk.admin, made.series_id, wanted)
    assert done.preview == seen
    assert days_of(desk) == [
        "06.07 10:00 20",
        "09.07 10:00 20",
        "13.07 09:00 12",
        "16.07 10:00 20",
        "20.07 09:00 12",
        "23.07 10:00 20",
        "27.07 10:00 20",
    ]
    assert (len(done.made), seen.changed, seen.removed) == (3, 2, 1)
    assert [(kept.day.day, kept.words) for kept in seen.kept] == [
        (13, "It has 1 booking: it stays as it is."),
        (20, "It has 1 hold: it stays as it is."),
    ]
    action, told = audit_of(desk, made.series_id)[-1]
    assert (action, told["made"], told["removed"], told["kept"]) == ("series.update", 3, 1, 2)
    assert told["before"]["weekdays"] == "0"
    assert problems(desk) == []


def test_what_has_left_is_no_more_changed(desk: Desk) -> None:
    made = add(desk)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(days=25))  # 13 July, after nine
    desk.services.timetable.change_series(desk.admin, made.series_id, replace(MONDAYS, capacity=15))
    assert [day[-2:] for day in days_of(desk)] == ["12", "12", "15", "15", "15"]


def test_days_are_left_out_and_taken_back(desk: Desk) -> None:
    made = add(desk)
    desk.sold(made.made[0], pay=CASH)
    timetable = desk.services.timetable
    done = timetable.except_days(desk.admin, made.series_id, leave_out=[date(2026, 7, 6), date(2026, 7, 20)])
    assert [kept.day.day for kept in done.preview.kept] == [6]
    assert len(days_of(desk)) == 4
    timetable.except_days(desk.admin, made.series_id, take_back=[date(2026, 7, 20)])
    assert days_of(desk)[2] == "20.07 09:00 12"
    with pytest.raises(InvalidInput, match="Tue 07 Jul 2026 is not in this series"):
        timetable.except_days(desk.admin, made.series_id, leave_out=[date(2026, 7, 7)])
    assert problems(desk) == []


def test_who_waits_keeps_their_departure(desk: Desk) -> None:
    made = add(desk, replace(MONDAYS, capacity=2))
    booked = desk.sold(made.made[0], pay=CASH)
    desk.services.waiting_list.join(desk.agent, made.made[0], desk.traveller("W").id, Party(2), key=uuid4())
    desk.cancel(booked.bookings[0].id)
    done = desk.services.timetable.change_series(
        desk.admin, made.series_id, replace(MONDAYS, capacity=2, at=time(11, 0))
    )
    assert [kept.day.day for kept in done.preview.kept] == [6]


def test_a_plan_bounds_the_seats(desk: Desk) -> None:
    plan, seats = add_plan(desk, name="Minibus"), 11
    with pytest.raises(InvalidInput, match=f"{seats} seats to sell") as refusal:
        add(desk, replace(MONDAYS, plan_id=plan, capacity=seats + 1))
    assert refusal.value.field == "capacity"
    made = add(desk, replace(MONDAYS, plan_id=plan, capacity=seats))
    with pytest.raises(InvalidInput):
        desk.services.timetable.set_capacity(desk.admin, made.made[0], seats + 1)
    assert desk.services.timetable.departure(desk.admin, made.made[0]).plan_name == "Minibus"
    other = desk.services.vendors.create(desk.admin, VendorDraft("Nomad"))
    theirs = desk.services.plans.save(desk.admin, PlanDraft("Theirs", PlanKind.COACH, small(), other))
    for wrong in (uuid4(), theirs):
        with pytest.raises(NotFound):
            add(desk, replace(MONDAYS, plan_id=wrong, capacity=5, at=time(12, 0)))


def test_who_began_from_something_else_is_told(desk: Desk) -> None:
    made = add(desk)
    (series,) = desk.services.timetable.series(desk.admin, the_trip(desk))
    desk.services.timetable.change_series(desk.admin, made.series_id, replace(MONDAYS, capacity=15))
    with pytest.raises(ChangedMeanwhile):
        desk.services.timetable.change_series(desk.admin, made.series_id, MONDAYS, before=series.draft)
