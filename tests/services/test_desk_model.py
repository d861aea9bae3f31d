"""Whatever people do at a desk, in whatever order: seats are where a plain count has them, no seat is anybody's twice,
who waits is served in order, and the books are right.

The count knows nothing of the program. Two ways of doing it wrong show that it sees what it should.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpers.changing import change, joining, line_ids, to
from helpers.desk import CARD, CASH
from helpers.plain_desk import Booked, Kept
from helpers.provider import NO_FUNDS
from helpers.watched_desk import few, which
from helpers.watched_seats import SeatRules
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput, SeatsGone
from travellr_desktop.services import seating, waitlist
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.planning import CancelTravellers
from travellr_desktop.services.sales import PayChoice, Sell, SellLine

NO_MONEY = PayChoice(Way.CARD, NO_FUNDS)


class AtTheDesk(SeatRules):
    """All that people do."""

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
