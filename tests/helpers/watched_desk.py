"""A desk beside a plain count of its seats: what must be the same in both after whatever step."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from helpers.clock import HandClock
from helpers.desk import Desk, desk_again
from helpers.plain_desk import Kept, PlainDesk, Trip
from helpers.seated import add_numbered
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.states import BookingState, HoldState

BUS = """
1A 1B
2A 2B:guide
3A 3B
"""
LABELS = ("1A", "1B", "2A", "3A", "3B")
OPEN_SEATS = 6
FAR = date(2027, 5, 1)

T = TypeVar("T")
which = st.integers(0, 11)
few = st.integers(1, 3)


class WatchedDesk(RuleBasedStateMachine):
    agency: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "profile"
        shutil.copytree(self.agency, folder)
        self.clock = HandClock()
        self.desk: Desk = self.stack.enter_context(desk_again(folder, self.clock))
        self.plain = PlainDesk()
        self.pending: dict[UUID, list[Kept]] = {}
        self.people = 0

    @initialize()
    def departures(self) -> None:
        """One where people sit where they like, one with numbered seats."""
        self.buyer = self.desk.traveller()
        sea = self.desk.add_departure(day=FAR, capacity=OPEN_SEATS)
        coach = add_numbered(self.desk, plan_from(BUS), day=FAR + timedelta(days=1))
        self.plain.trips = {sea: Trip(OPEN_SEATS, False), coach: Trip(len(LABELS), True)}
        self.sea, self.coach = sea, coach

    def teardown(self) -> None:
        try:
            if self.plain.trips:
                assert self.desk.services.check.run().problems == ()
        finally:
            self.stack.close()

    def one(self, of: list[T], number: int) -> T | None:
        return of[number % len(of)] if of else None

    @rule(minutes=st.sampled_from([1, 5, 20, 90, 25 * 60]))
    def wait(self, minutes: int) -> None:
        """The clock goes on, and the program does what it does by itself."""
        self.clock.forward(timedelta(minutes=minutes))
        now = self.clock.now()
        self.desk.services.upkeep.expire_holds()
        self.desk.services.options.remind_due()
        self.desk.services.waiting_list.keep_up()
        ended = {id(each) for each in self.plain.kept if each.until <= now}
        self.plain.lapse(now)
        self.pending = {
            sale: [kept for kept in holds if id(kept) not in ended]
            for sale, holds in self.pending.items()
            if any(id(kept) not in ended for kept in holds)
        }

    # what must hold

    def taken_labels(self) -> set[str]:
        with self.desk.database.read() as view:
            return view.seats.taken(self.coach)

    @invariant()
    def seats_are_where_the_count_has_them(self) -> None:
        self.learn()
        with self.desk.database.read() as view:
            desk_id = view.agency.this_desk().id if self.plain.trips else None
            for departure, trip in self.plain.trips.items():
                assert desk_id is not None
                grant = view.departures.grant(departure, desk_id)
                assert grant is not None
                assert (grant.seats, grant.taken) == (trip.seats, self.plain.taken(departure))
            holds = {
                hold.id: (hold.departure_id, hold.seats, hold.kind.value, hold.expires_at)
                for hold in view.holds.find_all(limit=500)[0]
                if hold.state is HoldState.ACTIVE
            }
            assert holds == {
                each.id: (each.departure, each.seats, each.kind, each.until) for each in self.plain.kept
            }
            bookings = {
                booking.id: booking.departure_id
                for booking in view.bookings.find_all(limit=500)[0]
                if booking.state is BookingState.CONFIRMED
            }
            assert bookings == {key: each.departure for key, each in self.plain.booked.items()}

    @invariant()
    def who_waits_is_served_in_order(self) -> None:
        with self.desk.database.read() as view:
            for departure, trip in self.plain.trips.items():
                found = [(entry.id, entry.state.value) for entry in view.waiting.of_departure(departure)]
                assert found == [(entry.id, entry.state) for entry in trip.list]

    @invariant()
    def everybody_who_sits_has_a_number_of_their_own(self) -> None:
        if not self.plain.trips:
            return
        with self.desk.database.read() as view:
            seats = view.seats.taken_by(self.coach)
            assert len({seat.label for seat in seats}) == len(seats) == self.plain.taken(self.coach)
            assert {seat.label for seat in seats} <= set(LABELS)
            for each in self.plain.kept:
                if each.departure == self.coach and each.id is not None:
                    assert len([seat for seat in seats if seat.hold_id == each.id]) == each.seats
            sitting = [
                line.id
                for booking in view.bookings.find_many(list(self.plain.booked))
                for line in booking.lines
                if line.occupies and booking.departure_id == self.coach
            ]
            assert set(view.seats.of_lines(sitting)) == set(sitting)

    def learn(self) -> None:
        """The ids of the holds that the program offers by."""
        for each in self.plain.nameless():
            assert each.entry is not None
            each.id = self.desk.services.waiting_list.detail(self.desk.agent, each.entry).offer_id
            assert each.id is not None
