"""Departures that complete themselves, as long after their end as the agency says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.catalogue import audit_of, problems
from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk, desk_again
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BookingState, DepartureState
from travellr_desktop.errors import DiskFull, InvalidInput
from travellr_desktop.events import DepartureChanged
from travellr_desktop.services import completing
from travellr_desktop.services.completing import Completion
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint

OVER = datetime(2026, 7, 4, 9, 30, tzinfo=UTC)
"""When the departure of `DAY` is back: 08:30 in Podgorica and three hours."""


def waits(desk: Desk, hours: int | None) -> None:
    rules = desk.services.agency.rules(desk.admin)
    desk.services.agency.save_rules(desk.admin, replace(rules, completes_after=hours))


def state(desk: Desk, booking_id: UUID) -> BookingState:
    with desk.database.read() as view:
        return view.bookings.get(booking_id).state


def lines(desk: Desk, booking_id: UUID) -> list[UUID]:
    with desk.database.read() as view:
        return [line.id for line in view.bookings.get_full(booking_id).lines]


def test_by_a_person_unless_the_agency_says_otherwise(desk: Desk, clock: HandClock) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    clock.at(OVER + timedelta(days=90))
    assert desk.services.completing.complete_due() is None
    assert state(desk, booking) is BookingState.CONFIRMED


def test_it_waits_to_the_second(desk: Desk, clock: HandClock) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    waits(desk, 12)
    clock.at(OVER + timedelta(hours=12) - timedelta(seconds=1))
    assert desk.services.completing.complete_due() == Completion()
    clock.forward(timedelta(seconds=1))
    assert desk.services.completing.complete_due() == Completion(1, 1, 0)
    assert state(desk, booking) is BookingState.COMPLETED
    assert desk.services.completing.complete_due() == Completion()
    assert problems(desk) == []


def test_who_was_noted_as_absent_is_a_no_show_and_is_earned_all_the_same(
    desk: Desk, clock: HandClock
) -> None:
    departure = desk.add_departure()
    came, gone, half = (desk.sold(departure, pay=CASH).bookings[0].id for _ in range(3))
    clock.at(datetime(2026, 7, 4, 6, tzinfo=UTC))
    desk.services.manifests.absent(desk.agent, lines(desk, gone), True)
    desk.services.manifests.absent(desk.agent, lines(desk, half)[:1], True)
    waits(desk, 0)
    clock.at(OVER)
    assert desk.services.completing.complete_due() == Completion(1, 2, 1)
    assert [state(desk, each) for each in (came, gone, half)] == [
        BookingState.COMPLETED,
        BookingState.NO_SHOW,
        BookingState.COMPLETED,
    ]
    assert problems(desk) == []


def test_a_closed_manifest_stays_and_what_was_paid_since_is_completed(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    gone = desk.sold(departure, pay=CASH).bookings[0].id
    clock.at(datetime(2026, 7, 4, 7, tzinfo=UTC))
    desk.services.manifests.absent(desk.agent, lines(desk, gone), True)
    desk.services.manifests.close(desk.admin, departure, key=uuid4())
    waits(desk, 0)
    clock.at(OVER)
    assert desk.services.completing.complete_due() == Completion()
    assert state(desk, gone) is BookingState.NO_SHOW


def test_a_departure_that_is_put_off_meanwhile_is_left(desk: Desk, clock: HandClock) -> None:
    """While the first is completed, somebody moves the second by a day."""
    first, second = (desk.add_departure(at=time(hour, 0)) for hour in (7, 8))
    bookings = [desk.sold(each, pay=CASH).bookings[0].id for each in (first, second)]
    waits(desk, 0)
    clock.at(OVER)

    def put_off(event: DepartureChanged) -> None:
        if event.aggregate_id != first:
            return
        with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
            row = work.departures.get(second)
            row.starts_at, row.ends_at = row.starts_at + timedelta(1), row.ends_at + timedelta(1)
            work.departures.update(row)
            work.commit()

    with desk.services.bus.subscribe(DepartureChanged, put_off):
        assert desk.services.completing.complete_due() == Completion(1, 1, 0)
    assert [state(desk, each) for each in bookings] == [BookingState.COMPLETED, BookingState.CONFIRMED]


def test_what_is_pending_cancelled_or_still_to_come_is_left(desk: Desk, clock: HandClock) -> None:
    departure, later = desk.add_departure(), desk.add_departure(day=DAY + timedelta(days=1))
    cancelled = desk.sold(departure, pay=CASH).bookings[0].id
    desk.cancel(cancelled)
    coming = desk.sold(later, pay=CASH).bookings[0].id
    waits(desk, 0)
    clock.at(OVER)
    assert desk.services.completing.complete_due() == Completion()
    assert [state(desk, each) for each in (cancelled, coming)] == [
        BookingState.CANCELLED,
        BookingState.CONFIRMED,
    ]


def test_two_windows_complete_each_departure_once(desk: Desk, clock: HandClock) -> None:
    bookings = [
        desk.sold(desk.add_departure(at=time(8, minute)), pay=CASH).bookings[0].id for minute in (0, 15)
    ]
    waits(desk, 0)
    clock.at(OVER)
    with desk_again(desk.profile.folder, clock) as other:
        assert desk.services.completing.complete_due() == Completion(2, 2, 0)
        assert other.services.completing.complete_due() == Completion()
    assert {state(desk, each) for each in bookings} == {BookingState.COMPLETED}
    assert problems(desk) == []


def test_one_turn_does_no_more_than_it_may_and_the_next_goes_on(
    desk: Desk, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completing, "AT_ONCE", 1)
    first, second = (desk.add_departure(at=time(hour, 0)) for hour in (8, 7))
    for departure in (first, second):
        desk.sold(departure, pay=CASH)
    waits(desk, 0)
    clock.at(OVER)
    assert [desk.services.completing.complete_due() for _ in range(3)] == [
        Completion(1, 1, 0),
        Completion(1, 1, 0),
        Completion(),
    ]
    done = [audit_of(desk, each)[-1][0] for each in (first, second)]
    assert done == ["departure.complete_due"] * 2


def test_one_that_cannot_be_ended_does_not_keep_the_others(desk: Desk, clock: HandClock) -> None:
    one, other = (desk.sold(desk.add_departure(at=time(hour, 0)), pay=CASH).bookings[0].id for hour in (7, 8))
    waits(desk, 0)
    clock.at(OVER)
    refused: list[Commit] = []

    def refuse_the_first(commit: Commit, moment: Moment) -> None:
        if commit is Commit.BOOKING_COMPLETE and moment is Moment.BEFORE and not refused:
            refused.append(commit)
            raise DiskFull("The disk is full.")

    set_failpoint(refuse_the_first)
    try:
        assert desk.services.completing.complete_due() == Completion(1, 1, 0)
    finally:
        set_failpoint(None)
    assert (state(desk, one), state(desk, other)) == (BookingState.CONFIRMED, BookingState.COMPLETED)
    assert desk.services.completing.complete_due() == Completion(1, 1, 0)


@pytest.mark.parametrize("hours", [-1, 24 * 30 + 1])
def test_how_long_it_waits_makes_sense(desk: Desk, hours: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        waits(desk, hours)
    assert refusal.value.field == "completes_after"


def test_the_departure_is_done(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    desk.sold(departure, pay=CASH)
    waits(desk, 0)
    clock.at(OVER)
    desk.services.completing.complete_due()
    with desk.database.read() as view:
        assert view.departures.get(departure).state is DepartureState.DONE
