"""Departures one by one: times, seats, what is stopped and cancelled, never against what is sold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.catalogue import audit_of, problems, the_trip
from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import DepartureState
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, SalesClosed, WrongState
from travellr_desktop.events import DepartureChanged
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.timetable import DepartureDetail, DepartureDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Desk as DeskRow
from travellr_desktop.storage.models import Grant


def detail(desk: Desk, departure_id: UUID) -> DepartureDetail:
    return desk.services.timetable.departure(desk.admin, departure_id)


def grants(desk: Desk, departure_id: UUID) -> list[tuple[int, int]]:
    with desk.database.read() as view:
        rows = view.session.query(Grant).filter(Grant.departure_id == departure_id).order_by(Grant.id)
        return [(row.seats, row.taken) for row in rows]


def give_to_another_desk(desk: Desk, departure_id: UUID, seats: int) -> None:
    """As an agency with several desks does it."""
    with desk.database.write(Commit.CATALOGUE_SAVE, desk.admin) as work:
        own = work.departures.grant(departure_id, work.agency.this_desk().id)
        assert own is not None
        own.seats -= seats
        other = DeskRow(id=new_id(), number=2, name="Budva")
        work.session.add(other)
        work.session.flush()
        work.session.add(Grant(departure_id=departure_id, desk_id=other.id, seats=seats))
        work.commit()


# changing one


def test_time_cutoff_and_note_of_one_departure(desk: Desk) -> None:
    made = desk.add_departure(at=time(8, 30))
    before = detail(desk, made).edit
    wanted = replace(before, at=time(10, 0), cutoff=timedelta(hours=2), note="Low tide")
    heard: list[DepartureChanged] = []
    with desk.services.bus.subscribe(DepartureChanged, heard.append):
        after = desk.services.timetable.update(desk.admin, made, wanted, before=before)
    assert after.edit == wanted
    assert f"{after.starts_at:%H:%M}" == "08:00"
    assert after.ends_at - after.starts_at == timedelta(minutes=180)
    assert [event.aggregate_id for event in heard] == [made]
    assert audit_of(desk, made)[-1][1]["before"] == {"at": "08:30", "cutoff": 30, "note": ""}
    with pytest.raises(ChangedMeanwhile):
        desk.services.timetable.update(desk.admin, made, before, before=before)
    assert problems(desk) == []


def test_the_time_on_a_voucher_stays_true(desk: Desk) -> None:
    made = desk.add_departure()
    desk.sold(made, pay=CASH, adult=3)
    before = detail(desk, made).edit
    with pytest.raises(InUse, match="The time stays as it is: there is 1 booking with 3 travellers"):
        desk.services.timetable.update(desk.admin, made, replace(before, at=time(10, 0)))
    late = desk.services.timetable.update(
        desk.admin, made, replace(before, note="Pier 4", cutoff=timedelta(0))
    )
    assert (late.edit.note, late.edit.at) == ("Pier 4", before.at)


def test_a_departure_does_not_move_into_the_past_or_a_time_there_is_not(desk: Desk) -> None:
    today = desk.add_departure(day=date(2026, 6, 18), at=time(12, 0))
    with pytest.raises(InvalidInput):
        desk.services.timetable.update(desk.admin, today, replace(detail(desk, today).edit, at=time(10, 0)))
    spring = desk.add_departure(day=date(2027, 3, 28), at=time(12, 0))
    with pytest.raises(InvalidInput, match="does not exist"):
        desk.services.timetable.update(desk.admin, spring, replace(detail(desk, spring).edit, at=time(2, 30)))


def test_several_departures_are_made_or_none(desk: Desk) -> None:
    drafts = [DepartureDraft(date(2026, 7, 4), time(9), 10), DepartureDraft(date(2026, 6, 1), time(9), 10)]
    with pytest.raises(InvalidInput):
        desk.services.timetable.add_departures(desk.admin, the_trip(desk), drafts)
    with desk.database.read() as view:
        assert view.departures.find_all()[1] == 0


# stop-sell


def test_what_is_stopped_is_not_sold_and_says_why_until_it_is_opened(desk: Desk) -> None:
    made, other = desk.add_departure(), desk.add_departure()
    desk.sold(made, pay=CASH)
    desk.services.timetable.stop(desk.admin, [made, other], "The engine is being mended")
    assert detail(desk, made).stop_reason == "The engine is being mended"
    with pytest.raises(SalesClosed):
        desk.hold(made)
    assert audit_of(desk, made)[-1] == ("departure.stop", {"reason": "The engine is being mended"})
    desk.services.timetable.reopen(desk.admin, [made, other])
    assert detail(desk, made).state is DepartureState.OPEN
    desk.hold(made)
    assert problems(desk) == []


@pytest.mark.parametrize(
    "call",
    [
        lambda desk, ids: desk.services.timetable.stop(desk.admin, ids, " "),
        lambda desk, ids: desk.services.timetable.stop(desk.admin, [], "Storm"),
        lambda desk, ids: desk.services.timetable.cancel(desk.admin, ids[0], ""),
    ],
)
def test_without_a_reason_or_a_departure_nothing_is_stopped(
    desk: Desk, call: Callable[[Desk, list[UUID]], None]
) -> None:
    made = desk.add_departure()
    with pytest.raises(InvalidInput):
        call(desk, [made])
    assert detail(desk, made).state is DepartureState.OPEN


def test_one_that_is_not_there_stops_none(desk: Desk) -> None:
    made = desk.add_departure()
    with pytest.raises(NotFound):
        desk.services.timetable.stop(desk.admin, [made, uuid4()], "Storm")
    assert detail(desk, made).state is DepartureState.OPEN


# capacity


def test_this_desks_unspent_grant_grows_and_shrinks_with_the_capacity(desk: Desk) -> None:
    made = desk.add_departure(capacity=10)
    desk.sold(made, pay=CASH, adult=3)
    assert desk.services.timetable.set_capacity(desk.admin, made, 14).capacity == 14
    assert grants(desk, made) == [(14, 3)]
    assert desk.services.timetable.set_capacity(desk.admin, made, 5).capacity == 5
    assert grants(desk, made) == [(5, 3)]
    assert audit_of(desk, made)[-1] == (
        "departure.capacity",
        {"before": {"capacity": 14}, "after": {"capacity": 5}},
    )
    assert problems(desk) == []


def test_a_cut_below_what_is_sold_held_or_granted_elsewhere_names_the_figures(desk: Desk) -> None:
    made = desk.add_departure(capacity=20)
    give_to_another_desk(desk, made, 6)
    desk.sold(made, pay=CASH, adult=3)
    desk.hold(made, adult=2)
    words = "There are 3 seats sold, 2 seats held and 6 seats granted to other desks: the capacity cannot be lower"
    with pytest.raises(InUse, match=f"{words} than 11"):
        desk.services.timetable.set_capacity(desk.admin, made, 10)
    assert detail(desk, made).capacity == 20
    assert desk.services.timetable.set_capacity(desk.admin, made, 11).standing.least == 11
    assert grants(desk, made) == [(5, 5), (6, 0)]
    assert problems(desk) == []


def test_a_seat_that_was_allowed_beyond_counts_as_capacity(desk: Desk) -> None:
    made = desk.add_departure(capacity=4)
    desk.sold(made, pay=CASH, adult=4)
    desk.services.overbooking.allow(desk.admin, made, 2, "Two lap seats", key=uuid4())
    desk.sold(made, pay=CASH, adult=2)
    with pytest.raises(InUse, match="2 seats of them beyond: the capacity cannot be lower than 4"):
        desk.services.timetable.set_capacity(desk.admin, made, 3)
    desk.services.timetable.set_capacity(desk.admin, made, 6)
    assert grants(desk, made) == [(8, 6)]
    assert problems(desk) == []


def test_new_seats_go_to_who_waits(desk: Desk) -> None:
    made = desk.add_departure(capacity=2)
    desk.sold(made, pay=CASH)
    someone = desk.traveller("Waits").id
    desk.services.waiting_list.join(desk.agent, made, someone, Party(2), key=uuid4())
    desk.services.timetable.set_capacity(desk.admin, made, 4)
    assert detail(desk, made).standing.held == 2


@pytest.mark.parametrize("seats", [0, -1, 10_001])
def test_a_capacity_that_cannot_be(desk: Desk, seats: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        desk.services.timetable.set_capacity(desk.admin, desk.add_departure(), seats)
    assert refusal.value.field == "capacity"


# cancelling


def test_a_departure_of_which_nothing_is_sold_is_cancelled_and_nobody_waits_any_more(desk: Desk) -> None:
    made = desk.add_departure(capacity=2)
    booked = desk.sold(made, pay=CASH)
    someone = desk.traveller("Waits").id
    desk.services.waiting_list.join(desk.agent, made, someone, Party(2), key=uuid4())
    with pytest.raises(InUse, match="There is 1 booking with 2 travellers of this departure") as refusal:
        desk.services.timetable.cancel(desk.admin, made, "Storm")
    assert "rebook or cancel" in refusal.value.hint
    desk.services.timetable.stop(desk.admin, [made], "Storm")
    desk.cancel(booked.bookings[0].id)
    desk.services.timetable.cancel(desk.admin, made, "Storm")
    after = detail(desk, made)
    assert (after.state, after.stop_reason, after.standing.waits) == (DepartureState.CANCELLED, "Storm", 0)
    for call in (
        lambda: desk.services.timetable.cancel(desk.admin, made, "Again"),
        lambda: desk.services.timetable.reopen(desk.admin, [made]),
        lambda: desk.services.timetable.set_capacity(desk.admin, made, 5),
    ):
        with pytest.raises(WrongState):
            call()
    assert problems(desk) == []


def test_what_has_left_stays_as_it_was(desk: Desk) -> None:
    made = desk.add_departure()
    edit = detail(desk, made).edit
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.forward(timedelta(days=30))
    for call in (
        lambda: desk.services.timetable.update(desk.admin, made, edit),
        lambda: desk.services.timetable.stop(desk.admin, [made], "Storm"),
        lambda: desk.services.timetable.set_capacity(desk.admin, made, 5),
    ):
        with pytest.raises(WrongState, match="has left"):
            call()
