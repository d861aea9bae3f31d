"""Whatever people do in whatever order: no seat and no cent comes from nowhere or is lost."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpers.books import balance, charged, seats
from helpers.clock import START, HandClock
from helpers.desk import CARD, CASH, Desk, desk_again
from helpers.search import examples
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.states import BookingState, HoldState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import HoldLapsed, SalesClosed, SeatsGone, WrongState
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice

DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclined")
CAPACITY = 6
PRICE = 4500


class Agency(RuleBasedStateMachine):
    """A model that counts seats and money on its fingers, beside the real thing."""

    agency: ClassVar[Path]

    held = Bundle("held")
    unpaid = Bundle("unpaid")
    paid = Bundle("paid")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "profile"
        shutil.copytree(self.agency, folder)
        self.clock = HandClock()
        self.desk: Desk = self.stack.enter_context(desk_again(folder, self.clock))
        self.buyer = self.desk.traveller()
        self.taken: dict[UUID, int] = {}
        self.done: set[UUID] = set()
        self.card = self.back = self.till = 0

    @initialize()
    def departures(self) -> None:
        strict = self.desk.add_trip("Half kept", policy="strict", adult=PRICE)
        for day in (date(2026, 6, 24), date(2026, 7, 4)):
            departure = self.desk.add_departure(strict, day=day, capacity=CAPACITY)
            self.taken[departure] = 0

    def teardown(self) -> None:
        try:
            if self.taken:
                assert self.desk.services.check.run().problems == ()
        finally:
            self.stack.close()

    def departure(self, number: int) -> UUID:
        return list(self.taken)[number]

    # what people do

    @rule(target=held, number=st.integers(0, 1), count=st.integers(1, 4))
    def hold(self, number: int, count: int) -> HoldView | object:
        departure = self.departure(number)
        try:
            hold = self.desk.hold(departure, adult=count)
        except SeatsGone:
            assert self.taken[departure] + count > CAPACITY
            return multiple()
        except SalesClosed:
            assert self.clock.now() > START + timedelta(days=5)
            return multiple()
        self.taken[departure] += count
        return hold

    @rule(hold=consumes(held))
    def release(self, hold: HoldView) -> None:
        with self.desk.database.read() as view:
            active = view.holds.get(hold.id).state is HoldState.ACTIVE
        self.desk.services.holds.release(self.desk.agent, hold.id)
        if active:
            self.taken[hold.departure_id] -= hold.seats

    @rule(target=paid, hold=consumes(held), pay=st.sampled_from([CARD, CASH]))
    def sell(self, hold: HoldView, pay: PayChoice) -> SaleOutcome | object:
        try:
            outcome = self.desk.sell(hold, pay=pay, traveller=self.buyer)
        except HoldLapsed:
            assert self.clock.now() >= hold.expires_at
            return multiple()
        assert outcome.state is OutcomeState.PAID
        self._took(pay, hold.seats * PRICE)
        return outcome

    def _took(self, pay: PayChoice, cents: int) -> None:
        if pay.way is Way.CASH:
            self.till += cents
        else:
            self.card += cents

    @rule(target=unpaid, hold=consumes(held))
    def decline(self, hold: HoldView) -> SaleOutcome | object:
        try:
            outcome = self.desk.sell(hold, pay=DECLINED, traveller=self.buyer)
        except HoldLapsed:
            return multiple()
        assert outcome.state is OutcomeState.DECLINED
        return outcome

    @rule(target=paid, sale=consumes(unpaid), pay=st.sampled_from([CARD, CASH]))
    def pay_another_way(self, sale: SaleOutcome, pay: PayChoice) -> SaleOutcome | object:
        try:
            outcome = self.desk.services.sales.pay(self.desk.agent, sale.sale_id, pay, key=sale.sale_id)
        except HoldLapsed:
            return multiple()
        assert outcome.state is OutcomeState.PAID
        self._took(pay, outcome.total.minor)
        return outcome

    @rule(sale=consumes(unpaid))
    def give_up(self, sale: SaleOutcome) -> None:
        (booking,) = self.desk.services.sales.outcome(self.desk.agent, sale.sale_id).bookings
        self.desk.services.sales.release(self.desk.agent, sale.sale_id)
        if booking.state is BookingState.PENDING:
            self.taken[booking.departure_id] -= booking.pax

    @rule(sale=consumes(paid))
    def cancel(self, sale: SaleOutcome) -> None:
        (booking,) = sale.bookings
        try:
            outcome = self.desk.cancel(booking.id)
        except WrongState:
            assert booking.departure_id in self.done
            return
        assert outcome.back.minor + outcome.kept.minor == booking.price.minor
        assert outcome.back.minor in (0, booking.price.minor // 2, booking.price.minor)
        self.taken[booking.departure_id] -= booking.pax
        if sale.way is Way.CASH:
            self.till -= outcome.back.minor
        else:
            self.back += outcome.back.minor

    @rule(minutes=st.sampled_from([1, 10, 16, 24 * 60, 3 * 24 * 60]))
    def wait(self, minutes: int) -> None:
        self.clock.forward(timedelta(minutes=minutes))

    @rule()
    def expire(self) -> None:
        with self.desk.database.read() as view:
            now = self.clock.now()
            lapsed = [
                (hold.departure_id, hold.seats)
                for hold in view.holds.find_all(limit=500)[0]
                if hold.state is HoldState.ACTIVE and hold.expires_at <= now
            ]
        assert self.desk.services.upkeep.expire_holds() == len(lapsed)
        for departure, count in lapsed:
            self.taken[departure] -= count

    @precondition(lambda self: self.clock.now() > START + timedelta(days=7))
    @rule()
    def complete(self) -> None:
        departure = self.departure(0)
        try:
            self.desk.services.bookings.complete(self.desk.admin, departure)
        except WrongState:
            assert departure in self.done
        self.done.add(departure)

    # what must always hold

    @invariant()
    def no_seat_is_lost_or_sold_twice(self) -> None:
        for departure, taken in self.taken.items():
            assert seats(self.desk, departure) == (CAPACITY, taken)
            assert 0 <= taken <= CAPACITY

    @invariant()
    def no_cent_is_lost_or_made(self) -> None:
        assert charged(self.desk) == (self.card, self.back)
        assert balance(self.desk, Account.STRIPE) == self.card - self.back
        assert balance(self.desk, Account.TILL) == self.till
        assert balance(self.desk, Account.REFUNDS_PAYABLE) == 0
        with self.desk.database.read() as view:
            assert sum(view.ledger.balances().values()) == 0


def test_seats_and_money_are_conserved(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agency, "agency", agency, raising=False)
    run_state_machine_as_test(
        Agency, settings=settings(max_examples=examples(6), stateful_step_count=25, deadline=None)
    )
