"""What people pay for: sales, also those whose answer is lost, changes of what was sold, cancellations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpers.changing import becoming, change, joining, line_ids, to
from helpers.desk import CARD, CASH
from helpers.plain_desk import Booked, Doubt, Kept, Lines
from helpers.provider import NO_FUNDS
from helpers.watched_desk import WatchedDesk, Why, which
from helpers.watched_seats import LASTS
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import (
    AlreadyRefunded,
    HoldLapsed,
    InvalidInput,
    NotFound,
    SalesClosed,
    SeatsGone,
    WrongState,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.changes import ChangeState
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.planning import CancelTravellers, Change
from travellr_desktop.services.sales import PayChoice, Sell, SellLine

T = TypeVar("T")

CHOICES = {
    "cash": CASH,
    "card": CARD,
    "declined": PayChoice(Way.CARD, NO_FUNDS),
    "lost": CARD,
    "never": CARD,
}
"""How it is paid; of the last two the answer does not come: the one was charged, the other was not."""
LOST = {"lost": FaultKind.REPLY_LOST_AFTER, "never": FaultKind.REPLY_LOST_BEFORE}
READ_AFTER = timedelta(seconds=5)

ways = st.sampled_from(["cash", "cash", "card", "card", "declined", "lost", "never"])
kinds = st.sampled_from([kind.value for kind in TravellerType])


class MoneyRules(WatchedDesk):
    def met_by(self, way: str | None, act: Callable[[], T]) -> T:
        """Do it while the provider's answer to a charge is lost, where that is the way."""
        if way not in LOST:
            return act()
        with self.desk.sandbox() as sandbox:
            sandbox.arm(Operation.INTENT_CONFIRM, LOST[way])
        try:
            return act()
        finally:
            with self.desk.sandbox() as sandbox:
                sandbox.disarm()

    def charge(self, way: str, amount: int) -> None:
        if way in ("card", "lost"):
            self.plain.charged += amount

    # selling

    @rule(number=which, other=which, way=st.one_of(ways, st.none()))
    def sell(self, number: int, other: int, way: str | None) -> None:
        chosen = [self.one(self.plain.kept, number), self.one(self.plain.kept, other)]
        holds = [kept for at, kept in enumerate(chosen) if kept is not None and kept not in chosen[:at]]
        if not holds:
            return
        why: Why = set()
        for kept in holds:
            if kept.kind != "hold":
                why |= {WrongState, NotFound}
            if kept.sale is not None:
                why.add(WrongState)
            if kept.until <= self.clock.now():
                why.add(HoldLapsed)
        lines = tuple(SellLine(kept.id) for kept in holds if kept.id is not None)
        order = Sell(lines, self.buyer.id, None if way is None else CHOICES[way])
        sales = self.desk.services.sales
        outcome = self.tried(
            lambda: self.met_by(way, lambda: sales.sell(self.desk.agent, order, key=uuid4())), why
        )
        if outcome is None:
            return
        for booking, kept in zip(outcome.bookings, holds, strict=True):
            kept.sale, kept.booking = outcome.sale_id, booking.id
        self.plain.pending.append(outcome.sale_id)
        if way is None:
            assert outcome.state is OutcomeState.PENDING
        else:
            self.answered(outcome.sale_id, way, outcome.state)

    def answered(self, sale: UUID, way: str, state: OutcomeState) -> None:
        now = self.clock.now()
        amount = sum(
            self.plain.trips[kept.departure].prices[kind] * count
            for kept in self.plain.waits_for(sale)
            for kind, count in kept.party.items()
        )
        self.charge(way, amount)
        if way in LOST:
            assert state is OutcomeState.UNKNOWN
            self.plain.doubts.append(Doubt(sale, amount, way == "lost", now + READ_AFTER))
        elif way == "declined":
            assert state is OutcomeState.DECLINED
        else:
            assert state is OutcomeState.PAID
            self.plain.book(sale, way, now)

    @precondition(lambda self: self.plain.pending)
    @rule(number=which, way=ways)
    def pay(self, number: int, way: str) -> None:
        sale = self.one(self.plain.pending, number)
        assert sale is not None
        why: Why = {WrongState} if self.plain.in_doubt(sale) else set()
        sales = self.desk.services.sales
        outcome = self.tried(
            lambda: self.met_by(way, lambda: sales.pay(self.desk.agent, sale, CHOICES[way], key=uuid4())), why
        )
        if outcome is not None:
            self.answered(sale, way, outcome.state)

    @precondition(lambda self: self.plain.pending)
    @rule(number=which)
    def give_up_sale(self, number: int) -> None:
        sale = self.one(self.plain.pending, number)
        assert sale is not None
        why: Why = {WrongState} if self.plain.in_doubt(sale) else set()
        if self.tried(lambda: self.desk.services.sales.release(self.desk.agent, sale), why) is not None:
            self.plain.end(self.clock.now(), *self.plain.waits_for(sale))

    @precondition(lambda self: self.plain.doubts)
    @rule(number=which)
    def ask_now(self, number: int) -> None:
        """Whoever waits for the provider may ask it before its time."""
        doubt = self.one(self.plain.doubts, number)
        assert doubt is not None
        if doubt.change is None:
            self.desk.services.sales.read_now(self.desk.agent, doubt.sale)
        else:
            self.desk.services.changes.read_now(self.desk.agent, doubt.change)
        self.plain.settle(doubt, self.clock.now())

    @rule(number=which)
    def cancel(self, number: int) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked, now = self.plain.booked[booking], self.clock.now()
        why: Why = set()
        if booked.state != "confirmed":
            why |= {AlreadyRefunded} if booked.state == "cancelled" else {WrongState}
        elif self.plain.in_doubt(booked.sale):
            why.add(WrongState)
        outcome = self.tried(lambda: self.desk.cancel(booking), why)
        if outcome is None:
            return
        kept = booked.would_keep(booked.price, self.plain.trips[booked.departure].leaves, now)
        back = booked.price - kept
        assert (outcome.kept.minor, outcome.back.minor) == (kept, back)
        booked.state, booked.kept = "cancelled", booked.kept + kept
        self.plain.give_back(booked, back)
        self.plain.offer(booked.departure, now)

    # changing

    def unchangeable(self, booked: Booked) -> Why:
        why: Why = set()
        if booked.state != "confirmed" or self.plain.in_doubt(booked.sale):
            why.add(WrongState)
        if self.plain.trips[booked.departure].leaves <= self.clock.now():
            why.add(SalesClosed)
        return why

    def changed(
        self, booking: UUID, wanted: Change, departure: UUID, lines: Lines, why: Why, way: str
    ) -> None:
        """Change a booking to these travellers on that departure, paying the difference or being given it."""
        booked, now = self.plain.booked[booking], self.clock.now()
        more = sum(price for _kind, price in lines.values()) - booked.price
        there = booked.lines if departure == booked.departure else {}
        sitters: dict[str, int] = {}
        for position, (kind, _price) in lines.items():
            if kind != "infant" and there.get(position, ("infant", 0))[0] == "infant":
                sitters[kind] = sitters.get(kind, 0) + 1
        if sum(sitters.values()) > self.plain.free(departure):
            why.add(SeatsGone)
        outcome = self.tried(
            lambda: self.met_by(
                way if more > 0 else None, lambda: change(self.desk, booking, wanted, CHOICES[way])
            ),
            why,
        )
        if outcome is None:
            return
        assert outcome.difference.minor == more
        if more > 0:
            self.charge(way, more)
        if more > 0 and way in LOST:
            assert outcome.state is ChangeState.UNKNOWN
            hold = Kept(departure, sitters, now + LASTS, "change") if sitters else None
            self.plain.kept += [hold] if hold is not None else []
            doubt = Doubt(
                booked.sale, more, way == "lost", now + READ_AFTER, booking, (departure, lines), hold
            )
            doubt.change = outcome.amendment_id
            self.plain.doubts.append(doubt)
        elif more > 0 and way == "declined":
            assert outcome.state is ChangeState.DECLINED
        else:
            assert outcome.state is ChangeState.DONE
            self.plain.become(booked, departure, lines, now)
            if more > 0:
                self.plain.pay(booked, way, more)
            else:
                self.plain.give_back(booked, -more)

    @rule(number=which, joins=st.lists(kinds, min_size=1, max_size=2), way=ways)
    def somebody_joins(self, number: int, joins: list[str], way: str) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked = self.plain.booked[booking]
        prices = self.plain.trips[booked.departure].prices
        new = {booked.last + at: (kind, prices[kind]) for at, kind in enumerate(joins, 1)}
        why = self.unchangeable(booked) | self.closed(booked.departure)
        wanted = joining(*map(TravellerType, joins))
        self.changed(booking, wanted, booked.departure, {**booked.lines, **new}, why, way)

    @rule(number=which, who=which, kind=kinds, way=ways)
    def somebody_is_of_another_type(self, number: int, who: int, kind: str, way: str) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked = self.plain.booked[booking]
        position = sorted(booked.lines)[who % len(booked.lines)]
        prices = self.plain.trips[booked.departure].prices
        why = self.unchangeable(booked)
        if booked.lines[position][0] == "infant" != kind:  # a seat more is sold
            why |= self.closed(booked.departure)
        lines = {**booked.lines, position: (kind, prices[kind])}
        if booked.lines[position][0] == kind or all(each == "infant" for each, _price in lines.values()):
            why.add(InvalidInput)
        wanted = becoming(self.desk, booking, position, TravellerType(kind))
        self.changed(booking, wanted, booked.departure, lines, why, way)

    @rule(number=which, place=which, way=ways)
    def rebook(self, number: int, place: int, way: str) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked, target = self.plain.booked[booking], self.place(place)
        prices = self.plain.trips[target].prices
        why = self.unchangeable(booked) | self.closed(target)
        if target == booked.departure:
            why.add(InvalidInput)
        lines = {position: (kind, prices[kind]) for position, (kind, _price) in booked.lines.items()}
        self.changed(booking, to(target), target, lines, why, way)

    @rule(number=which, who=st.sets(which, min_size=1, max_size=2))
    def somebody_leaves(self, number: int, who: set[int]) -> None:
        booking = self.one(list(self.plain.booked), number)
        if booking is None:
            return
        booked, now = self.plain.booked[booking], self.clock.now()
        leave = {each % booked.last + 1 for each in who}
        left = {position: line for position, line in booked.lines.items() if position not in leave}
        why = self.unchangeable(booked)
        if not leave <= set(booked.lines):
            why.add(NotFound)
        if all(kind == "infant" for kind, _price in left.values()):
            why.add(InvalidInput)
        wanted = CancelTravellers(line_ids(self.desk, booking, *leave))
        outcome = self.tried(lambda: change(self.desk, booking, wanted), why)
        if outcome is None:
            return
        leaves = self.plain.trips[booked.departure].leaves
        prices = [booked.lines[position][1] for position in leave]
        kept = sum(booked.would_keep(price, leaves, now) for price in prices)
        booked.kept += kept
        self.plain.give_back(booked, sum(prices) - kept)
        self.plain.become(booked, booked.departure, left, now)
