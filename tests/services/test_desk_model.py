"""Whatever people do at a desk, in whatever order: seats are where a plain count has them, no seat is anybody's twice,
who waits is served in order, and the books are right.

The count knows nothing of the program. Two ways of doing it wrong show that it sees what it should.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpers.changing import change, joining, line_ids, to
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk, desk_again
from helpers.plain_desk import Booked, Kept, PlainDesk, Trip, Waiting
from helpers.provider import NO_FUNDS
from helpers.seated import add_numbered
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.states import BookingState, HoldState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, SeatsGone
from travellr_desktop.services import seating, waitlist
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.planning import CancelTravellers
from travellr_desktop.services.sales import PayChoice, Sell, SellLine

BUS = """
1A 1B
2A 2B:guide
3A 3B
"""
LABELS = ("1A", "1B", "2A", "3A", "3B")
OPEN_SEATS = 6
FAR = date(2027, 5, 1)
LASTS = timedelta(minutes=15)
LONGEST = timedelta(hours=2)
NO_MONEY = PayChoice(Way.CARD, NO_FUNDS)

T = TypeVar("T")
which = st.integers(0, 11)
few = st.integers(1, 3)


class AtTheDesk(RuleBasedStateMachine):
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
        self.desk.services.options.keep(self.desk.agent, kept.id, until, self.buyer.id, key=uuid4())
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

    # selling

    @rule(number=which, other=which, pay=st.sampled_from([CASH, CASH, CARD, NO_MONEY, None]))
    def sell(self, number: int, other: int, pay: PayChoice | None) -> None:
        basket = self.plain.in_basket()
        chosen = [kept for kept in (self.one(basket, number), self.one(basket, other)) if kept is not None]
        holds = [kept for at, kept in enumerate(chosen) if kept not in chosen[:at] and kept.id is not None]
        if not holds:
            return
        lines = tuple(SellLine(kept.id) for kept in holds if kept.id is not None)
        outcome = self.desk.services.sales.sell(self.desk.agent, Sell(lines, self.buyer.id, pay), key=uuid4())
        if outcome.state is OutcomeState.PAID:
            self.booked(outcome, holds)
        else:
            self.pending[outcome.sale_id] = holds
            for kept in holds:
                kept.sale = outcome.sale_id

    @precondition(lambda self: self.pending)
    @rule(number=which, pay=st.sampled_from([CASH, CARD, NO_MONEY]))
    def pay(self, number: int, pay: PayChoice) -> None:
        sale = self.one(list(self.pending), number)
        assert sale is not None
        outcome = self.desk.services.sales.pay(self.desk.agent, sale, pay, key=uuid4())
        if outcome.state is OutcomeState.PAID:
            self.booked(outcome, self.pending.pop(sale))

    @precondition(lambda self: self.pending)
    @rule(number=which)
    def give_up_sale(self, number: int) -> None:
        sale = self.one(list(self.pending), number)
        assert sale is not None
        self.desk.services.sales.release(self.desk.agent, sale)
        self.plain.end(self.clock.now(), *self.pending.pop(sale))

    def booked(self, outcome: SaleOutcome, holds: list[Kept]) -> None:
        for booking, kept in zip(outcome.bookings, holds, strict=True):
            sits = list(range(1, kept.seats + 1))
            laps = [kept.seats + number for number in range(1, kept.laps + 1)]
            self.plain.booked[booking.id] = Booked(kept.departure, sits, laps, kept.seats + kept.laps)
        self.plain.end(self.clock.now(), *holds, taken=True)

    @rule(number=which)
    def cancel(self, number: int) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is not None:
            self.desk.cancel(booking)
            gone = self.plain.booked.pop(booking)
            self.plain.offer(gone.departure, self.clock.now())

    # changing

    @rule(number=which, count=few)
    def somebody_joins(self, number: int, count: int) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        kept = self.plain.booked[booking]
        try:
            change(self.desk, booking, joining(*[TravellerType.ADULT] * count))
        except SeatsGone:
            assert count > self.plain.free(kept.departure)
            return
        assert count <= self.plain.free(kept.departure)
        kept.sits += [kept.last + each for each in range(1, count + 1)]
        kept.last += count

    @rule(number=which, who=which)
    def somebody_leaves(self, number: int, who: int) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        kept = self.plain.booked[booking]
        position = kept.sits[who % kept.seats]
        leaves = CancelTravellers(line_ids(self.desk, booking, position))
        try:
            change(self.desk, booking, leaves)
        except InvalidInput:
            assert kept.seats == 1
            return
        kept.sits.remove(position)
        self.plain.offer(kept.departure, self.clock.now())

    @rule(number=which)
    def rebook(self, number: int) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        kept = self.plain.booked[booking]
        target = self.sea if kept.departure == self.coach else self.coach
        try:
            change(self.desk, booking, to(target))
        except SeatsGone:
            assert kept.seats > self.plain.free(target)
            return
        assert kept.seats <= self.plain.free(target)
        before, kept.departure = kept.departure, target
        self.plain.offer(before, self.clock.now())

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


def play(agency: Path, monkeypatch: pytest.MonkeyPatch, *, examples: int, steps: int) -> None:
    monkeypatch.setattr(AtTheDesk, "agency", agency, raising=False)
    run_state_machine_as_test(
        AtTheDesk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


def test_seats_are_where_a_plain_count_has_them(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(agency, monkeypatch, examples=12, steps=40)


@pytest.mark.soak
@pytest.mark.parametrize("_time", range(12))
def test_they_still_are_after_thousands_of_steps(
    agency: Path, monkeypatch: pytest.MonkeyPatch, _time: int
) -> None:
    play(agency, monkeypatch, examples=12, steps=80)


@pytest.fixture
def at(agency: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtTheDesk]:
    monkeypatch.setattr(AtTheDesk, "agency", agency, raising=False)
    made = AtTheDesk()
    made.departures()
    made.hold(numbered=True, count=3, laps=0)
    made.hold(numbered=True, count=2, laps=0)
    yield made
    made.stack.close()


def test_a_number_that_nobody_gives_up_is_found(at: AtTheDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative control."""
    monkeypatch.setattr(seating, "give_up", lambda *_args, **_more: None)
    at.release(1)
    at.seats_are_where_the_count_has_them()
    with pytest.raises(AssertionError):
        at.everybody_who_sits_has_a_number_of_their_own()


def test_freed_seats_that_nobody_is_offered_are_found(at: AtTheDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one."""
    at.join(numbered=True, count=2)
    monkeypatch.setattr(waitlist, "freed", lambda *_args: None)
    at.release(1)
    with pytest.raises(AssertionError):
        at.who_waits_is_served_in_order()
