"""What is done to a departure: its seats, its sales, and what is written down when it leaves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from helpers.changing import line_ids
from helpers.plain_desk import Booked
from helpers.watched_desk import LABELS, WatchedDesk, Why, which
from travellr_desktop.errors import InvalidInput, SeatsGone, WrongState
from travellr_desktop.services.catalogue import InUse


class OfficeRules(WatchedDesk):
    def _gone(self, number: int) -> Why:
        trip = self.plain.trips[self.place(number)]
        return {WrongState} if trip.state == "done" or trip.leaves <= self.clock.now() else set()

    @rule(number=which, seats=st.integers(1, 7))
    def set_capacity(self, number: int, seats: int) -> None:
        departure, why = self.place(number), self._gone(number)
        trip = self.plain.trips[departure]
        if seats < self.plain.taken(departure) - trip.allowed:
            why.add(InUse)
        if trip.numbered and seats > len(LABELS):
            why.add(InvalidInput)
        timetable = self.desk.services.timetable
        if self.tried(lambda: timetable.set_capacity(self.desk.admin, departure, seats), why) is not None:
            more, trip.capacity = seats > trip.capacity, seats
            if more:
                self.plain.offer(departure, self.clock.now())

    @rule(number=which, again=st.booleans())
    def stop(self, number: int, again: bool) -> None:
        """Sell no more of a departure, or sell it again."""
        departure, why = self.place(number), self._gone(number)
        timetable = self.desk.services.timetable
        if again:
            self.tried(lambda: timetable.reopen(self.desk.admin, [departure]), why)
        else:
            self.tried(lambda: timetable.stop(self.desk.admin, [departure], "Storm"), why)
        if not why:
            trip = self.plain.trips[departure]
            before, trip.state = trip.state, "open" if again else "stopped"
            if before != trip.state:
                self.plain.offer(departure, self.clock.now())

    @rule(number=which, count=st.integers(1, 2))
    def overbook(self, number: int, count: int) -> None:
        departure = self.place(number)
        trip = self.plain.trips[departure]
        why = self.closed(departure) | ({WrongState} if trip.numbered else set())
        overbooking = self.desk.services.overbooking
        done = self.tried(
            lambda: overbooking.allow(self.desk.admin, departure, count, "A regular", key=uuid4()), why
        )
        if done is not None:
            trip.allowed += count
            self.plain.offer(departure, self.clock.now())

    @rule(number=which, count=st.integers(1, 2))
    def take_back(self, number: int, count: int) -> None:
        departure = self.place(number)
        trip = self.plain.trips[departure]
        unused = min(trip.allowed, self.plain.free(departure))
        overbooking = self.desk.services.overbooking
        done = self.tried(
            lambda: overbooking.take_back(self.desk.admin, departure, count, "Not needed", key=uuid4()),
            {SeatsGone} if count > unused else set(),
        )
        if done is not None:
            trip.allowed -= count

    # as it leaves

    @rule(number=which, who=which, what=st.sampled_from(["came", "came", "absent", "neither", "expected"]))
    def mark(self, number: int, who: int, what: str) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked = self.plain.booked[booking]
        position = who % booked.last + 1
        ids = line_ids(self.desk, booking, position)
        opens = self.plain.trips[booked.departure].leaves - timedelta(hours=24)
        why: Why = set()
        if booked.state != "confirmed" or position not in booked.lines or opens > self.clock.now():
            why.add(WrongState)
        manifests, agent = self.desk.services.manifests, self.desk.agent
        act = {
            "came": lambda: manifests.check_in(agent, ids),
            "absent": lambda: manifests.absent(agent, ids, on=True),
            "neither": lambda: manifests.undo_check_in(agent, ids),
            "expected": lambda: manifests.absent(agent, ids, on=False),
        }[what]
        if self.tried(act, why) is not None:
            _mark(booked, position, what)

    @rule(number=which)
    def close(self, number: int) -> None:
        departure, now = self.place(number), self.clock.now()
        trip = self.plain.trips[departure]
        there = [
            each
            for each in self.plain.booked.values()
            if each.departure == departure and each.state == "confirmed"
        ]
        why: Why = set()
        if trip.leaves > now or (trip.state == "done" and not there):
            why.add(WrongState)
        manifests = self.desk.services.manifests
        closed = self.tried(lambda: manifests.close(self.desk.agent, departure, key=uuid4()), why)
        if closed is not None:
            trip.state = "done"
            for each in there:
                each.state = "no_show" if each.absent == set(each.lines) else "completed"
            no_show = sum(each.state == "no_show" for each in there)
            assert (closed.completed, closed.no_show) == (len(there) - no_show, no_show)

    @rule(number=which)
    def nobody_came(self, number: int) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked = self.plain.booked[booking]
        leaves = self.plain.trips[booked.departure].leaves
        why: Why = {WrongState} if leaves > self.clock.now() or booked.state != "confirmed" else set()
        self.tried(lambda: self.desk.services.bookings.no_show(self.desk.agent, booking), why)
        if not why:
            booked.state = "no_show"


def _mark(booked: Booked, position: int, what: str) -> None:
    if what != "expected":
        booked.came.discard(position)
    if what != "neither":
        booked.absent.discard(position)
    if what == "came":
        booked.came.add(position)
    elif what == "absent":
        booked.absent.add(position)
