"""What people do with seats that are not sold: they are held, kept, waited for, allowed beyond what there is."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import (
    rule,
)

from helpers.plain_desk import Kept, Waiting
from helpers.watched_desk import LABELS, WatchedDesk, few, which
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import InvalidInput, SeatsGone

LASTS = timedelta(minutes=15)
LONGEST = timedelta(hours=2)


class SeatRules(WatchedDesk):
    # seats set aside

    @rule(numbered=st.booleans(), count=few, laps=st.integers(0, 1))
    def hold(self, numbered: bool, count: int, laps: int) -> None:
        departure = self.coach if numbered else self.sea
        try:
            hold = self.desk.hold(departure, adult=count, infant=laps)
        except SeatsGone:
            assert count > self.plain.free(departure)
            return
        assert count <= self.plain.free(departure)
        now = self.clock.now()
        self.plain.kept.append(Kept(departure, count, laps, now + LASTS, id=hold.id, since=now))

    @rule(labels=st.sets(st.sampled_from(LABELS), min_size=1, max_size=3))
    def choose(self, labels: set[str]) -> None:
        """By their numbers."""
        wanted, taken = sorted(labels), self.taken_labels()
        try:
            hold = self.desk.services.holds.hold(
                self.desk.agent, self.coach, Party(adult=len(wanted)), key=uuid4(), labels=wanted
            )
        except SeatsGone:
            assert taken & labels
            return
        assert not taken & labels
        assert hold.labels == tuple(wanted)
        now = self.clock.now()
        self.plain.kept.append(Kept(self.coach, len(wanted), 0, now + LASTS, id=hold.id, since=now))

    @rule(number=which, count=few, laps=st.integers(0, 1))
    def resize(self, number: int, count: int, laps: int) -> None:
        kept = self.one(self.plain.in_basket(), number)
        if kept is None or kept.id is None:
            return
        more = count - kept.seats
        try:
            self.desk.services.holds.resize(
                self.desk.agent, kept.id, Party(adult=count, infant=laps), key=uuid4()
            )
        except SeatsGone:
            assert more > self.plain.free(kept.departure)
            return
        assert more <= self.plain.free(kept.departure)
        kept.seats, kept.laps = count, laps
        if more < 0:
            self.plain.offer(kept.departure, self.clock.now())

    @rule(number=which, other=which, count=few)
    def move(self, number: int, other: int, count: int) -> None:
        source, target = self.one(self.plain.in_basket(), number), self.one(self.plain.in_basket(), other)
        if source is None or target is None or source is target or source.id is None or target.id is None:
            return
        here = source.departure == target.departure
        everybody = count == source.seats and source.laps == 0
        try:
            self.desk.services.holds.move(
                self.desk.agent, source.id, target.id, Party(adult=count), key=uuid4()
            )
        except InvalidInput:
            assert count > source.seats or (count == source.seats and source.laps)
            return
        except SeatsGone:
            assert not here
            assert count > self.plain.free(target.departure)
            return
        assert here or count <= self.plain.free(target.departure)
        target.seats += count
        source.seats -= count
        if everybody:
            self.plain.end(self.clock.now(), source)
        else:
            self.plain.offer(source.departure, self.clock.now())

    @rule(number=which)
    def extend(self, number: int) -> None:
        kept = self.one(self.plain.in_basket(), number)
        if kept is None or kept.id is None or kept.since is None:
            return
        now, latest = self.clock.now(), kept.since + LONGEST
        extended = self.desk.services.holds.extend(self.desk.agent, kept.id)
        kept.until = max(kept.until, min(now + LASTS, latest))
        assert extended.expires_at == kept.until

    @rule(number=which)
    def release(self, number: int) -> None:
        kept = self.one(self.plain.in_basket(), number)
        if kept is not None and kept.id is not None:
            self.desk.services.holds.release(self.desk.agent, kept.id)
            self.plain.end(self.clock.now(), kept)

    # kept for somebody, and waiting

    @rule(number=which, hours=st.sampled_from([1, 30, 200]))
    def keep_as_option(self, number: int, hours: int) -> None:
        kept = self.one(self.plain.in_basket(), number)
        if kept is None or kept.id is None:
            return
        until = self.clock.now() + timedelta(hours=hours)
        try:
            self.desk.services.options.keep(self.desk.agent, kept.id, until, self.buyer.id, key=uuid4())
        except InvalidInput:
            assert kept.entry is not None  # it was offered to another
            return
        assert kept.entry is None
        kept.kind, kept.until = "option", until

    @rule(number=which)
    def take_up(self, number: int) -> None:
        kept = self.one(self.plain.kept_for_somebody(), number)
        if kept is None or kept.id is None:
            return
        self.desk.services.options.take_up(self.desk.agent, kept.id, key=uuid4())
        now = self.clock.now()
        kept.kind, kept.since, kept.until = "hold", now, now + LASTS

    @rule(number=which)
    def give_up_option(self, number: int) -> None:
        kept = self.one(self.plain.kept_for_somebody(), number)
        if kept is not None and kept.id is not None:
            self.desk.services.options.release(self.desk.agent, kept.id)
            self.plain.end(self.clock.now(), kept)

    @rule(numbered=st.booleans(), count=st.integers(1, 5))
    def join(self, numbered: bool, count: int) -> None:
        departure = self.coach if numbered else self.sea
        self.people += 1
        person = self.desk.traveller(f"Traveller {self.people}")
        try:
            entry = self.desk.services.waiting_list.join(
                self.desk.agent, departure, person.id, Party(adult=count), key=uuid4()
            )
        except InvalidInput:
            assert count <= self.plain.free(departure) or count > self.plain.trips[departure].seats
            return
        assert count > self.plain.free(departure)
        self.plain.trips[departure].list.append(Waiting(entry.id, count))

    @rule(number=which)
    def withdraw(self, number: int) -> None:
        standing = [
            entry for trip in self.plain.trips.values() for entry in trip.list if entry.state == "waiting"
        ]
        entry = self.one(standing, number)
        if entry is not None:
            self.desk.services.waiting_list.withdraw(self.desk.agent, entry.id)
            entry.state = "withdrawn"

    @rule(count=st.integers(1, 2))
    def overbook(self, count: int) -> None:
        self.desk.services.overbooking.allow(self.desk.admin, self.sea, count, "A regular", key=uuid4())
        trip = self.plain.trips[self.sea]
        trip.seats, trip.allowed = trip.seats + count, trip.allowed + count
        self.plain.offer(self.sea, self.clock.now())

    @rule(count=st.integers(1, 2))
    def take_back(self, count: int) -> None:
        trip = self.plain.trips[self.sea]
        try:
            self.desk.services.overbooking.take_back(
                self.desk.admin, self.sea, count, "Not needed", key=uuid4()
            )
        except SeatsGone:
            assert count > min(trip.allowed, self.plain.free(self.sea))
            return
        assert count <= min(trip.allowed, self.plain.free(self.sea))
        trip.seats, trip.allowed = trip.seats - count, trip.allowed - count
