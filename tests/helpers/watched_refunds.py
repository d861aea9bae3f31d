"""What people do with an agency's money, each step done with the program and in a plain account of it
(`helpers.plain_money`): they sell, take money and give it back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from helpers.clock import HandClock
from helpers.desk import VISA, Desk, desk_again
from helpers.plain_booking import FEE, LAP, Ask, Booking, Paid, Reckoned, Trip, part
from helpers.plain_money import Back, PlainMoney
from helpers.refunding import colleague, limit
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.services.orders import PayChoice
from travellr_desktop.services.refund_asks import Beyond, RefundAsk
from travellr_desktop.services.trips import TripDraft

BEGIN = datetime(2026, 10, 20, 8, 42, tzinfo=UTC)
"""Clocks change in Europe on 25 October and in America on 1 November: days before a departure are not all 24 hours."""
LIMIT = 6_000
SLOW = "pm_card_pendingRefund"
TRIPS = (
    ("Narrows", "America/New_York", "strict", FEE, 0, date(2026, 11, 3), ((7, 0), (3, 5_000), (0, 10_000))),
    ("Blue Cave", "Europe/Podgorica", "moderate", 0, 0, date(2026, 10, 27), ((4, 0), (0, 10_000))),
    ("Milford", "Pacific/Auckland", "moderate", 0, 3_000, date(2026, 12, 2), ((4, 0), (0, 10_000))),
)
PRICES = ((3_333, 11), (4_717, 0), (2_999, 7))
BALANCE_DAYS = 10

which = st.integers(0, 30)
T = TypeVar("T")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


class WatchedRefunds(RuleBasedStateMachine):
    agency: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        memory = Path("/dev/shm")
        place = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        folder = Path(self.stack.enter_context(place)) / "profile"
        shutil.copytree(self.agency, folder)
        self.clock = HandClock(BEGIN)
        self.desk: Desk = self.stack.enter_context(desk_again(folder, self.clock))
        self.plain = PlainMoney(LIMIT)
        self.trips: list[tuple[UUID, Trip]] = []
        self.orders: list[tuple[UUID, Booking, Ask, datetime, int]] = []
        self.disputes: list[tuple[str, Booking, Paid, int, bool]] = []
        self.over: dict[str, DisputeState] = {}
        self.till = False

    @initialize()
    def begin(self) -> None:
        """Trips in three zones, two of them not the agency's; what goes back above a limit needs a second person."""
        for (title, zone, policy, fee, deposit, day, steps), (adult, infant) in zip(
            TRIPS, PRICES, strict=True
        ):
            prices = {
                TravellerType.ADULT: adult,
                TravellerType.CHILD: adult,
                TravellerType.INFANT: infant,
            }
            draft = TripDraft(
                self.desk.vendor_id,
                title,
                "Quay",
                zone,
                "EUR",
                60,
                replace(PRESETS[policy], fixed_fee=fee),
                prices,
                deposit_bps=deposit,
                balance_days=BALANCE_DAYS,
            )
            departure = self.desk.add_departure(
                self.desk.services.trips.create(self.desk.admin, draft), day=day, capacity=200
            )
            with self.desk.database.read() as view:
                leaves = view.departures.get(departure).starts_at
            self.trips.append((departure, Trip(zone, leaves, steps, fee, deposit)))
        self.buyer = self.desk.traveller()
        self.other = colleague(self.desk)
        limit(self.desk, LIMIT)
        self.desk.services.listening.poll()
        self.sell(0, 3, 1, "card", False)
        self.sell(0, 2, 0, "slow", False)
        self.sell(1, 2, 1, "cash", False)
        self.sell(1, 1, 0, "link", False)
        self.sell(2, 3, 0, "card", True)
        self.give_back(1, 1, 0, None, False)

    def teardown(self) -> None:
        try:
            if self.trips:
                report = self.desk.services.check.run()
                assert report.problems == (), report.as_text()
        finally:
            self.stack.close()

    # parts

    def tried(self, act: Callable[[], T], *, refused: bool = False) -> T | None:
        """Done, or refused where that is to be; what is refused otherwise is a fault."""
        try:
            found = act()
        except Refusal:
            if not refused:
                raise
            return None
        assert not refused, "what had to be refused was done"
        return found

    def one(self, among: list[Any], number: int) -> Any:
        return among[number % len(among)]

    def booking(self, number: int) -> Booking:
        found: Booking = self.one(list(self.plain.bookings.values()), number)
        return found

    def provider_ref(self, payment_id: UUID | None) -> str | None:
        assert payment_id is not None
        return self.desk.services.payments.detail(self.desk.agent, payment_id).provider_ref

    def through(self, sale: UUID, way: str, pay: Callable[[PayChoice], Any], choice: PayChoice) -> Any:
        """Pay; a link is paid by the traveller."""
        outcome = pay(choice)
        if way == "link":
            with self.desk.sandbox() as sandbox:
                sandbox.pay_link(outcome.link.ref, VISA)
            self.desk.services.links.poll()
            outcome = self.desk.services.sales.outcome(self.desk.agent, outcome.sale_id)
        return outcome

    def recovers(self) -> None:
        """As the schedule does, of everything at once."""
        self.desk.services.payments.recover(start_up=True)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.clock.forward(timedelta(hours=hours))
        self.desk.services.upkeep.expire_holds()

    # selling

    @rule(
        number=st.integers(0, 2),
        adults=st.integers(1, 3),
        infant=st.integers(0, 1),
        way=st.sampled_from(["card", "slow", "cash", "link", "credit"]),
        deposit=st.booleans(),
    )
    def sell(self, number: int, adults: int, infant: int, way: str, deposit: bool) -> None:
        departure, trip = self.trips[number]
        (adult, baby), now = PRICES[number], self.clock.now()
        price = adults * adult + infant * baby
        agreed = part(price, trip.deposit)
        last = trip.leaves - timedelta(days=BALANCE_DAYS + 1)
        if trip.leaves <= now or last < now < last + timedelta(days=2):
            return  # sold out; or the very day on which the balance is due
        first = agreed if deposit and trip.deposit and now <= last else price
        hold = self.desk.hold(departure, adult=adults, infant=infant)
        choice = self.choice(way, deposit=first < price)
        refused = way == "credit" and self.plain.credit < first
        sale = self.tried(
            lambda: self.through(
                hold.id, way, lambda pay: self.desk.sell(hold, pay=pay, traveller=self.buyer), choice
            ),
            refused=refused,
        )
        if sale is None:
            self.desk.services.holds.release(self.desk.agent, hold.id)
            return
        with self.desk.database.read() as view:
            rows = view.bookings.get_full(sale.bookings[0].id).lines
            lines = {row.id: baby if row.traveller_type is TravellerType.INFANT else adult for row in rows}
        booking = Booking(sale.bookings[0].id, sale.sale_id, trip, lines, agreed)
        self.plain.bookings[booking.id] = booking
        self.paid(booking, way, first, sale.payment_id)

    def choice(self, way: str, *, deposit: bool = False, amount: int | None = None) -> PayChoice:
        card = {"card": VISA, "slow": SLOW}.get(way)
        return PayChoice(Way.CARD if way == "slow" else Way(way), card, deposit=deposit, amount=amount)

    def paid(self, booking: Booking, way: str, amount: int, payment_id: UUID | None) -> None:
        through = way in ("card", "slow", "link")
        ref = self.provider_ref(payment_id) if through else None
        self.plain.pay(booking, Paid(way, amount, ref, way == "slow", payment_id))

    # giving back

    @precondition(lambda self: self.plain.bookings)
    @rule(
        number=which,
        leave=st.integers(0, 2),
        share=st.sampled_from([0, 0, 0, 1, 2, 3]),
        bearer=st.sampled_from([None, "agency", "vendor"]),
        credit=st.booleans(),
    )
    def give_back(self, number: int, leave: int, share: int, bearer: str | None, credit: bool) -> None:
        """Of all (`leave` 0) or some who are on it; by the policy, or so many thirds of the rest beyond it."""
        booking, now = self.booking(number), self.clock.now()
        if booking.lost:
            return  # what a bank has kept is another matter
        adults = [line for line, price in booking.lines.items() if price > LAP]
        who = tuple(adults[:leave]) if 0 < leave < len(adults) and booking.state == "confirmed" else None
        ask = Ask(who, 0, None, credit)
        plain = booking.reckon(ask, now)
        room = booking.most if booking.state != "confirmed" else 0 if plain is None else sum(plain.kept)
        ask = replace(ask, more=room * share // 3, bearer=bearer if room * share // 3 else None)
        what = booking.reckon(ask, now)
        to = RefundTo.CREDIT if credit else RefundTo.PAYMENT
        wanted = RefundAsk((booking.id,), who or (), to, None, "The engine failed")
        if ask.more:
            borne_by = None if ask.bearer is None else Bearer(ask.bearer)
            policy = 0 if plain is None else plain.all_back
            wanted = replace(wanted, beyond=Beyond(euros(policy + ask.more), borne_by))
        self.ask_back(booking, ask, wanted, what)

    def ask_back(self, booking: Booking, ask: Ask, wanted: RefundAsk, what: Reckoned | None) -> None:
        """Look at it, then ask for it; so much waits for a second person."""
        back, refunds = 0 if what is None else what.all_back, self.desk.services.refunds
        above = bool(back) and booking.alone + back > self.plain.limit
        refused = what is None or booking.waits or booking.changing or (booking.disputed and back > 0)
        if not refused:
            shown = refunds.preview(self.desk.admin, wanted)
            assert (shown.back.minor, shown.kept.minor) == (back, shown.paid.minor - back)
            assert shown.needs_second is above
        outcome = self.tried(
            lambda: refunds.request(self.desk.admin, wanted, euros(back), key=uuid4()), refused=refused
        )
        if outcome is None:
            return
        assert what is not None
        assert outcome.waits is above
        if outcome.waits:
            assert outcome.order_id is not None
            booking.waits = True
            self.orders.append((outcome.order_id, booking, ask, self.clock.now(), back))
            return
        booking.alone += back
        self.went(booking, self.plain.carry_out(booking, ask, what))

    @rule(number=which, leave=st.integers(0, 2))
    def give_back_by_the_policy(self, number: int, leave: int) -> None:
        """The most usual of it, more often."""
        if self.plain.bookings:
            self.give_back(number, leave, 0, None, False)

    def went(self, booking: Booking, backs: list[Back]) -> None:
        """The program's refunds that are new are these."""
        with self.desk.database.read() as view:
            rows = [
                row for row in view.refunds.find_by_booking_id(booking.id) if row.id not in self.plain.backs
            ]
        by_payment = {back.payment.id: back for back in backs}
        assert len(rows) == len(by_payment) == len(backs)
        assert {row.payment_id: row.amount for row in rows} == {
            payment: back.amount for payment, back in by_payment.items()
        }
        for row in rows:
            self.plain.backs[row.id] = by_payment[row.payment_id]

    @precondition(lambda self: self.orders)
    @rule(number=which, yes=st.booleans())
    def decide(self, number: int, yes: bool) -> None:
        order = self.one(self.orders, number)
        order_id, booking, ask, asked_at, back = order
        refunds = self.desk.services.refunds
        if not yes:
            refunds.reject(self.other, order_id, "Rebook them")
        else:
            if booking.lost:
                return
            # the policy is that of the moment when it was asked, a price that of the day
            what = booking.reckon(ask, self.clock.now() if ask.becomes else asked_at)
            refused = what is None or what.all_back != back or booking.disputed or booking.changing
            self.tried(lambda: refunds.approve(self.desk.admin, order_id, key=uuid4()), refused=True)
            if (
                self.tried(lambda: refunds.approve(self.other, order_id, key=uuid4()), refused=refused)
                is None
            ):
                return
            self.went(booking, self.plain.carry_out(booking, ask, what))
        self.orders.remove(order)
        booking.waits = False

    @precondition(lambda self: self.orders)
    @rule(number=which)
    def take_back_what_was_asked(self, number: int) -> None:
        """Whoever asked for it may; nobody else."""
        order = self.one(self.orders, number)
        order_id, booking, *_rest = order
        refunds = self.desk.services.refunds
        self.tried(lambda: refunds.withdraw(self.other, order_id), refused=True)
        refunds.withdraw(self.desk.admin, order_id)
        self.tried(lambda: refunds.approve(self.other, order_id, key=uuid4()), refused=True)
        self.orders.remove(order)
        booking.waits = False

    def held_by_a_bank(self) -> list[Booking]:
        return [
            each
            for each in self.plain.bookings.values()
            if each.disputed and each.state == "confirmed" and not (each.waits or each.changing or each.due)
        ]

    @precondition(lambda self: self.held_by_a_bank())
    @rule(number=which, alone=st.booleans())
    def cancel_what_a_bank_has(self, number: int, alone: bool) -> None:
        """All of it, or one of those who go; everything is kept for now, whatever the policy says."""
        booking: Booking = self.one(self.held_by_a_bank(), number)
        adults = [line for line, price in booking.lines.items() if price > LAP]
        who = tuple(adults[:1]) if alone and len(adults) > 1 else ()
        if who and self.clock.now() >= booking.trip.leaves:
            return
        ask = Ask(who or None)
        kept = sum(booking.lines[line] for line in who) if who else booking.left
        what = Reckoned("leave" if who else "cancel", [kept], 0, 0)
        wanted = RefundAsk((booking.id,), who, keep_disputed=True)
        refunds = self.desk.services.refunds
        shown = refunds.preview(self.desk.admin, wanted)
        assert (shown.back.minor, shown.kept.minor) == (0, kept)
        refunds.request(self.desk.admin, wanted, euros(0), key=uuid4())
        self.went(booking, self.plain.carry_out(booking, ask, what))

    def with_state(self, *states: str) -> list[UUID]:
        return [row for row, back in self.plain.backs.items() if back.state in states and not back.stands_for]

    @precondition(lambda self: self.with_state("pending"))
    @rule(number=which, arrives=st.booleans())
    def bank_answers(self, number: int, arrives: bool) -> None:
        """A refund that was on its way arrives, or comes back."""
        refund_id = self.one(self.with_state("pending"), number)
        with self.desk.database.read() as view:
            ref = view.refunds.get(refund_id).provider_ref
        assert ref is not None
        with self.desk.sandbox() as sandbox:
            sandbox.settle_refund(ref, failure=None if arrives else "expired_or_canceled_card")
        self.recovers()
        if arrives:
            self.plain.backs[refund_id].state = "completed"
        else:
            self.plain.fails(self.plain.backs[refund_id])

    @precondition(lambda self: self.with_state("failed"))
    @rule(number=which, credit=st.booleans())
    def try_again(self, number: int, credit: bool) -> None:
        refund_id = self.one(self.with_state("failed"), number)
        failed = self.plain.backs[refund_id]
        if failed.booking.lost:
            return
        to = RefundTo.CREDIT if credit else RefundTo.PAYMENT
        done = self.tried(
            lambda: self.desk.services.refunds.retry(self.desk.admin, refund_id, to, key=uuid4()),
            refused=failed.booking.disputed,
        )
        if done is not None:
            self.went(failed.booking, [self.plain.again(failed, credit)])
