"""A desk beside a plain count of it: what must be the same in both after whatever step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from helpers.books import balance, charged, ops
from helpers.clock import HandClock
from helpers.desk import Desk, desk_again
from helpers.plain_desk import PlainDesk, Trip
from helpers.seated import add_numbered
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.states import BookingState, HoldKind, HoldState
from travellr_desktop.errors import Refusal, SalesClosed

BUS = """
1A 1B
2A 2B:guide
3A 3B
"""
LABELS = ("1A", "1B", "2A", "3A", "3B")
DEPARTURES = (
    (date(2026, 6, 24), 6, {"adult": 4500, "child": 2700, "infant": 0}, "moderate"),
    (date(2026, 6, 27), len(LABELS), {"adult": 6100, "child": 3100, "infant": 500}, "strict"),
    (date(2027, 2, 1), 4, {"adult": 3900, "child": 3900, "infant": 0}, "flexible"),
)
"""Day, seats, prices in cents and policy; the second has numbered seats."""
CUTOFF = timedelta(hours=2)
CHECK_EVERY = 20

T = TypeVar("T")
Why = set[type[Refusal]]
which = st.integers(0, 11)
few = st.integers(1, 3)
parties = st.builds(
    lambda adult, child, infant: {"adult": adult, "child": child, "infant": infant},
    st.sampled_from([1, 2, 1, 3, 0]),
    st.sampled_from([0, 0, 1, 2]),
    st.sampled_from([0, 0, 1]),
)


class WatchedDesk(RuleBasedStateMachine):
    agency: ClassVar[Path]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "profile"
        shutil.copytree(self.agency, folder)
        self.clock = HandClock()
        self.desk: Desk = self.stack.enter_context(desk_again(folder, self.clock))
        self.plain = PlainDesk()
        self.people = 0
        self.done = 0

    @initialize()
    def departures(self) -> None:
        """Two that leave within days, the second with numbered seats, and one that is far away."""
        self.buyer = self.desk.traveller()
        for number, (day, seats, prices, policy) in enumerate(DEPARTURES):
            trip = self.desk.add_trip(
                f"Trip {number}",
                policy=policy,
                adult=prices["adult"],
                child=prices["child"],
                infant=prices["infant"],
            )
            numbered = number == 1
            if numbered:
                made = add_numbered(self.desk, plan_from(BUS), trip_id=trip, day=day, cutoff=CUTOFF)
            else:
                made = self.desk.add_departure(trip, day=day, capacity=seats, cutoff=CUTOFF)
            with self.desk.database.read() as view:
                leaves = view.departures.get(made).starts_at
            self.plain.trips[made] = Trip(seats, numbered, leaves, leaves - CUTOFF, prices, policy)
        self.sea, self.coach, self.far = self.plain.trips

    def teardown(self) -> None:
        try:
            if self.plain.trips:
                self.clock.forward(timedelta(minutes=1))
                self.wake()
                assert self.plain.doubts == []
                self.all_is_as_the_count_has_it()
                self.prove()
        finally:
            self.stack.close()

    def prove(self) -> None:
        """The program's own proof finds nothing, but charges that nobody has asked about yet."""
        report = self.desk.services.check.run()
        unknown = sum(doubt.charged for doubt in self.plain.doubts)
        found = [problem for problem in report.problems if problem.kind != "provider.payment"]
        assert found == [], report.as_text()
        assert len(report.problems) <= unknown, report.as_text()
        assert report.ok or unknown

    # for the rules

    def one(self, of: Sequence[T], number: int) -> T | None:
        return of[number % len(of)] if of else None

    def place(self, number: int) -> UUID:
        return (self.sea, self.coach, self.far)[number % 3]

    def closed(self, departure: UUID) -> Why:
        return set() if self.plain.trips[departure].is_sold(self.clock.now()) else {SalesClosed}

    def tried(self, act: Callable[[], T], why: Why) -> T | None:
        """Do it, and have it refused for one of the reasons that there are: then nothing is written."""
        before = ops(self.desk)
        try:
            done = act()
        except Refusal as refusal:
            if type(refusal) not in why:
                raise AssertionError(f"refused: {refusal!r}, expected {why or 'nothing'}") from refusal
            assert ops(self.desk) == before
            return None
        assert not why, f"not refused, although {why}"
        return done

    @rule(minutes=st.sampled_from([1, 5, 20, 90, 25 * 60, 50 * 60]), asleep=st.booleans())
    def wait(self, minutes: int, asleep: bool) -> None:
        """The clock goes on, and the program, where it runs, does what it does by itself."""
        self.clock.forward(timedelta(minutes=minutes))
        if not asleep:
            self.wake()

    def wake(self) -> None:
        now = self.clock.now()
        self.desk.services.payments.recover()
        self.desk.services.upkeep.expire_holds()
        self.desk.services.options.remind_due()
        self.desk.services.waiting_list.keep_up()
        for doubt in [each for each in self.plain.doubts if each.asked <= now]:
            self.plain.settle(doubt, now)
        self.plain.lapse(now)
        self.plain.nobody_waits_in_vain(now)

    # what must hold

    def learn(self) -> None:
        """The ids of the holds that the program made by itself."""
        known = {each.id for each in self.plain.kept}
        for each in self.plain.nameless():
            if each.entry is not None:
                each.id = self.desk.services.waiting_list.detail(self.desk.agent, each.entry).offer_id
            else:
                with self.desk.database.read() as view:
                    (each.id,) = (
                        hold.id
                        for hold in view.holds.find_all(limit=500)[0]
                        if hold.kind is HoldKind.CHANGE
                        and hold.state is HoldState.ACTIVE
                        and hold.id not in known
                    )
            assert each.id is not None

    def seats_are_where_the_count_has_them(self) -> None:
        with self.desk.database.read() as view:
            desk_id = view.agency.this_desk().id if self.plain.trips else None
            for departure, trip in self.plain.trips.items():
                assert desk_id is not None
                grant = view.departures.grant(departure, desk_id)
                assert grant is not None
                assert (grant.seats, grant.taken) == (trip.seats, self.plain.taken(departure))
                assert 0 <= grant.taken <= trip.capacity + trip.allowed
            holds = {
                hold.id: (hold.departure_id, hold.seats, hold.kind.value, hold.expires_at)
                for hold in view.holds.find_all(limit=500)[0]
                if hold.state is HoldState.ACTIVE
            }
            assert holds == {
                each.id: (each.departure, each.seats, each.kind, each.until) for each in self.plain.kept
            }

    def bookings_are_what_the_count_has(self) -> None:
        with self.desk.database.read() as view:
            found = {
                booking.id: (
                    booking.departure_id,
                    booking.state.value,
                    {
                        line.position: (line.traveller_type.value, line.price)
                        for line in booking.lines
                        if line.ended_at is None
                    },
                    {line.position for line in booking.lines if line.checked_in_at is not None},
                    {line.position for line in booking.lines if line.absent},
                )
                for booking in view.bookings.find_many(list(self.plain.booked))
            }
            confirmed = {
                booking.id
                for booking in view.bookings.find_all(limit=500)[0]
                if booking.state is BookingState.CONFIRMED
            }
        assert found == {
            key: (each.departure, each.state, each.lines, each.came, each.absent)
            for key, each in self.plain.booked.items()
        }
        assert confirmed == {key for key, each in self.plain.booked.items() if each.state == "confirmed"}

    def who_waits_is_served_in_order(self) -> None:
        with self.desk.database.read() as view:
            for departure, trip in self.plain.trips.items():
                found = [(entry.id, entry.state.value) for entry in view.waiting.of_departure(departure)]
                assert found == [(entry.id, entry.state) for entry in trip.list]

    def everybody_who_sits_has_a_number_of_their_own(self) -> None:
        if not self.plain.trips:
            return
        with self.desk.database.read() as view:
            seats = view.seats.taken_by(self.coach)
            assert len({seat.label for seat in seats}) == len(seats) == self.plain.taken(self.coach)
            assert {seat.label for seat in seats} <= set(LABELS)
            for each in self.plain.kept:
                if each.departure == self.coach:
                    assert len([seat for seat in seats if seat.hold_id == each.id]) == each.seats
            sitting = [
                line.id
                for booking in view.bookings.find_many(list(self.plain.booked))
                for line in booking.lines
                if line.occupies and booking.departure_id == self.coach
            ]
            assert set(view.seats.of_lines(sitting)) == set(sitting)

    def no_cent_is_lost_or_made(self) -> None:
        with self.desk.database.read() as view:
            ids = list(self.plain.booked)
            paid, back = view.payments.paid(ids), view.refunds.promised(ids)
            for booking in view.bookings.find_many(ids):
                count = self.plain.booked[booking.id]
                assert (paid[booking.id], back[booking.id]) == (count.paid, count.back)
                price = 0 if count.state == "cancelled" else booking.price
                assert count.paid - count.back - count.kept == price
            assert sum(view.ledger.balances().values()) == 0
        assert charged(self.desk) == (self.plain.charged, self.plain.returned)
        assert balance(self.desk, Account.STRIPE) == self.plain.known - self.plain.returned
        assert balance(self.desk, Account.TILL) == self.plain.till
        assert balance(self.desk, Account.REFUNDS_PAYABLE) == 0

    @invariant()
    def all_is_as_the_count_has_it(self) -> None:
        self.learn()
        self.seats_are_where_the_count_has_them()
        self.bookings_are_what_the_count_has()
        self.who_waits_is_served_in_order()
        self.everybody_who_sits_has_a_number_of_their_own()
        self.no_cent_is_lost_or_made()
        type(self).steps += 1
        self.done += 1
        if self.done % CHECK_EVERY == 0:
            self.prove()
