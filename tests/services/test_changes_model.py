"""Whatever bookings are changed into, in whatever order: the money is all there, to the unit.

What came in, less what was promised back, less what was kept of those who left, is the price; what was kept is
divided as if it had been kept at once; and the proof of the books finds nothing. Two versions that round each part
by itself show that this is not idle.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from helpers.changing import becoming, change, joining, leaving, line_ids, to
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk, desk_again
from helpers.provider import NO_FUNDS
from helpers.search import examples
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.commission import Kept, Split, split
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.ledger import Account, LedgerEvent, standing
from travellr_desktop.domain.money import Money, round_ratio
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState, PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.services import amendments, giving_back
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.storage.models import Payment
from travellr_desktop.storage.uow import Reading

BPS = 2_000
FEE = 101
DAYS = (date(2026, 6, 24), date(2026, 6, 25), date(2026, 7, 9))
DISCOUNTS = (
    None,
    DiscountAsk(DiscountKind.PERCENT, bps=999, reason="They come each year"),
    DiscountAsk(DiscountKind.PERCENT, bps=731, own=True, reason="A late bus"),
    DiscountAsk(DiscountKind.AMOUNT, amount=Money(257, "EUR"), own=True, reason="A late bus"),
    DiscountAsk(DiscountKind.AMOUNT, amount=Money(101, "EUR"), reason="Rain"),
)
WAYS = (CARD, CASH, PayChoice(Way.CARD, NO_FUNDS))
kinds = st.sampled_from(list(TravellerType))


class Season(RuleBasedStateMachine):
    agency: ClassVar[Path]

    sold = Bundle("sold")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "profile"
        shutil.copytree(self.agency, folder)
        self.clock = HandClock()
        self.desk: Desk = self.stack.enter_context(desk_again(folder, self.clock))
        self.buyer = self.desk.traveller()
        self.departures: list[UUID] = []
        self.bookings: list[UUID] = []

    @initialize()
    def trips(self) -> None:
        """Of odd prices, and a policy that keeps half and a fee in the last week."""
        policy = replace(PRESETS["strict"], fixed_fee=FEE)
        for title, day, adult in zip("ABC", DAYS, (3333, 4717, 2999), strict=True):
            prices = {
                TravellerType.ADULT: adult,
                TravellerType.CHILD: adult // 2,
                TravellerType.INFANT: 11,
            }
            draft = TripDraft(
                self.desk.vendor_id,
                title,
                "Kotor",
                "Europe/Podgorica",
                "EUR",
                60,
                policy,
                prices,
                tax_bps=2100,
            )
            trip = self.desk.services.trips.create(self.desk.admin, draft)
            self.departures.append(self.desk.add_departure(trip, day=day, capacity=9))

    def teardown(self) -> None:
        try:
            if self.departures:
                assert self.desk.services.check.run().problems == ()
        finally:
            self.stack.close()

    def _try(self, booking: UUID, wanted: Any, pay: PayChoice = CASH) -> None:
        """Changes that are refused change nothing: the invariants see to it."""
        try:
            change(self.desk, booking, wanted, pay, actor=self.desk.admin)
        except Refusal:
            pass

    # what people do

    @rule(
        target=sold,
        number=st.integers(0, 2),
        adult=st.integers(1, 4),
        infant=st.integers(0, 1),
        discount=st.sampled_from(DISCOUNTS),
        pay=st.sampled_from([CARD, CASH]),
    )
    def sell(
        self, number: int, adult: int, infant: int, discount: DiscountAsk | None, pay: PayChoice
    ) -> UUID | object:
        try:
            hold = self.desk.hold(self.departures[number], adult=adult, infant=infant)
        except Refusal:
            return multiple()
        sale = self.desk.sell(hold, pay=pay, traveller=self.buyer, discount=discount)
        booking = sale.bookings[0].id
        self.bookings.append(booking)
        return booking

    @rule(booking=sold, joins=st.lists(kinds, min_size=1, max_size=2), pay=st.sampled_from(WAYS))
    def join(self, booking: UUID, joins: list[TravellerType], pay: PayChoice) -> None:
        self._try(booking, joining(*joins), pay)

    @rule(booking=sold, which=st.sets(st.integers(0, 5), min_size=1, max_size=2), waive=st.booleans())
    def leave(self, booking: UUID, which: set[int], waive: bool) -> None:
        there = line_ids(self.desk, booking)
        ids = tuple(line for number, line in enumerate(there) if number in which)
        self._try(booking, replace(leaving(self.desk, booking, waive=waive), line_ids=ids))

    @rule(booking=sold, which=st.integers(1, 6), kind=kinds, pay=st.sampled_from(WAYS))
    def become(self, booking: UUID, which: int, kind: TravellerType, pay: PayChoice) -> None:
        if line_ids(self.desk, booking, which):
            self._try(booking, becoming(self.desk, booking, which, kind, "Somebody"), pay)

    @rule(booking=sold, number=st.integers(0, 2), pay=st.sampled_from(WAYS))
    def rebook(self, booking: UUID, number: int, pay: PayChoice) -> None:
        self._try(booking, to(self.departures[number]), pay)

    @rule(booking=consumes(sold))
    def cancel(self, booking: UUID) -> None:
        try:
            self.desk.cancel(booking)
        except Refusal:
            pass

    @rule(hours=st.sampled_from([1, 20, 30]))
    def wait(self, hours: int) -> None:
        self.clock.forward(timedelta(hours=hours))

    @rule(number=st.integers(0, 2))
    def complete(self, number: int) -> None:
        try:
            self.desk.services.bookings.complete(self.desk.admin, self.departures[number])
        except Refusal:
            pass

    # what must always hold

    @invariant()
    def what_is_left_is_the_price(self) -> None:
        with self.desk.database.read() as view:
            for booking_id in self.bookings:
                booking = view.bookings.get_full(booking_id)
                paid = view.payments.paid([booking_id])[booking_id]
                back = sum(refund.amount for refund in view.refunds.find_by_booking_id(booking_id))
                kept = sum(line.kept for line in booking.lines if line.ended_at is not None)
                if booking.state is not BookingState.CANCELLED:
                    assert paid - back - kept == booking.price
                    assert booking.price == sum(each.price for each in booking.lines if each.ended_at is None)

    @invariant()
    def what_was_kept_is_divided_as_if_at_once(self) -> None:
        """Where no discount of the agency's own is in it; with one, see the proof of the books."""
        with self.desk.database.read() as view:
            for booking_id in self.bookings:
                booking = view.bookings.get_full(booking_id)
                rows = [row for row in view.ledger.of_booking(booking_id) if row.event is LedgerEvent.KEPT]
                kept = sum(row.amount for row in rows)
                vendor = sum(row.amount for row in rows if row.credit is Account.VENDOR_PAYABLE)
                if any(line.own_discount for line in booking.lines):
                    continue
                lines = [line.kept for line in booking.lines if line.ended_at is not None and line.kept]
                parts = [*lines, kept - sum(lines)] if kept > sum(lines) else lines
                assert vendor == split(kept - sum(min(FEE, part) for part in parts), BPS).net

    @invariant()
    def the_till_and_the_cards_have_what_came_in(self) -> None:
        with self.desk.database.read() as view:
            balances = view.ledger.balances()
            assert sum(balances.values()) == 0
            came = sum(
                payment.amount
                for payment in view.payments.find_all(limit=500)[0]
                if payment.state is PaymentState.COMPLETED
            )
            gone = sum(refund.amount for refund in view.refunds.find_all(limit=500)[0])
            there = sum(
                standing(account, balances.get((account, "EUR"), 0))
                for account in (Account.STRIPE, Account.TILL)
            )
            assert there == came - gone


def play(agency: Path, monkeypatch: pytest.MonkeyPatch, *, count: int, steps: int = 20) -> None:
    monkeypatch.setattr(Season, "agency", agency, raising=False)
    run_state_machine_as_test(
        Season,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


def test_no_unit_is_lost_or_made(agency: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(agency, monkeypatch, count=examples(8, ordinary=4))


def each_by_itself(now: Kept, _before: list[Kept], _already: int, bps: int) -> Split:
    parts = split(now.kept - now.fixed_fee, bps)
    return Split(parts.commission + now.fixed_fee, parts.net)


def each_payment_in_proportion(
    reading: Reading, booking_id: UUID, back: int, *, excess: bool = False
) -> list[tuple[Payment, int]]:
    """What goes back is put on the payments in proportion, and each part is rounded by itself."""
    if excess:  # nothing is paid too much here
        return []
    payments = reading.payments.find_by_booking_id(booking_id)
    paid = [payment for payment in payments if payment.state is PaymentState.COMPLETED]
    whole = sum(payment.amount for payment in paid)
    parts = [(payment, round_ratio(back * payment.amount, whole)) for payment in paid]
    return [(payment, part) for payment, part in parts if part]


@pytest.mark.parametrize("naive", ["kept", "back"])
def test_rounding_each_part_by_itself_is_found(
    agency: Path, monkeypatch: pytest.MonkeyPatch, naive: str
) -> None:
    """Four leave one after the other, of a booking that was paid in three."""
    if naive == "kept":
        monkeypatch.setattr(amendments, "kept_split", each_by_itself)
    else:
        monkeypatch.setattr(giving_back, "back_ways", each_payment_in_proportion)
    monkeypatch.setattr(Season, "agency", agency, raising=False)
    season = Season()
    try:
        season.trips()
        booking = season.sell(0, 4, 0, None, CASH)
        assert isinstance(booking, UUID)
        found = {
            "kept": season.what_was_kept_is_divided_as_if_at_once,
            "back": season.what_is_left_is_the_price,
        }[naive]
        found()
        season.join(booking, [TravellerType.CHILD, TravellerType.ADULT], CARD)
        season.join(booking, [TravellerType.INFANT], CARD)
        for _ in range(4):
            season.leave(booking, {0}, waive=False)
        with pytest.raises(AssertionError):
            found()
    finally:
        season.stack.close()
