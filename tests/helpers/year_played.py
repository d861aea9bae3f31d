"""What happens after the year, by the program's own services and on a moved clock: months that are over are paid out,
money goes back before and after, weeks are sold, cancelled, disputed, travelled and paid, and the last payouts are left
on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

from helpers.bank_paid import PAYER
from helpers.batches import IBANS, approved_by, prepared
from helpers.clock import HandClock
from helpers.desk import CARD, CASH, VISA, Desk
from helpers.paying_out import arm, disarm, payouts
from helpers.raw import rows
from helpers.refunding import colleague, refunded
from helpers.year_made import CURRENCIES, Size
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, PayoutWay, Schedule
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import (
    AlreadyRefunded,
    DisputeOpen,
    HoldLapsed,
    InvalidInput,
    SalesClosed,
    WrongState,
)
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.vendor_drafts import TermsDraft
from travellr_desktop.services.vendors import VendorDraft

DEPOSIT = PayChoice(Way.CARD, VISA, deposit=True)
DAY = timedelta(days=1)
_FUNDS = {"EUR": 9_899_900, "JPY": 90_000_000, "KWD": 9_899_900}


class Played:
    """One agency's weeks. `vendors` are those of the year, in the order in which they were made."""

    def __init__(self, desk: Desk, clock: HandClock, size: Size, seed: int) -> None:
        self.desk, self.clock, self.size, self.rng = desk, clock, size, Random(f"played/{seed}")
        self.petar = colleague(desk)
        query = "SELECT id FROM vendors WHERE name LIKE 'Vendor %' ORDER BY name"
        self.vendors = [UUID(key) for (key,) in rows(desk.profile.database, query)]
        self.disputes: list[str] = []
        self._agree()
        self._fund()

    # what holds

    def _agree(self) -> None:
        """Who is paid by transfers, by the bank, or has no account; who waits for more than they will ever earn; whose
        account cannot be paid to."""
        rules = PayoutRules(
            minimums=tuple(Money(0, each) for each in CURRENCIES), iban=PAYER.iban, bic=PAYER.bic
        )
        self.desk.services.payout_settings.save(self.desk.admin, rules)
        self.accounts: list[str] = []
        for number, vendor_id in enumerate(self.vendors):
            schedule = Schedule.MONTHLY if number % 4 == 1 else Schedule.WEEKLY
            terms = TermsDraft(schedule, PayoutWay.BANK, iban=IBANS[0], bic="COBADEFF", holder="Somebody")
            if number % 11 == 10:
                terms = TermsDraft(schedule)
            elif number % 3 < 2:
                with self.desk.sandbox() as sandbox:
                    self.accounts.append(sandbox.open_account(f"Vendor {number}"))
                terms = TermsDraft(schedule, PayoutWay.TRANSFER, account_ref=self.accounts[-1])
            if number == 3:
                most = tuple(Money(10**9, each) for each in CURRENCIES)
                terms = TermsDraft(schedule, PayoutWay.TRANSFER, account_ref=self.accounts[-1], minimums=most)
            self.desk.services.vendor_terms.save(self.desk.admin, vendor_id, terms)

    def _fund(self) -> None:
        """The year was paid in cash. What transfers are paid from came in by card, for trips of another vendor that are
        far away."""
        rich = self.desk.services.vendors.create(self.desk.admin, VendorDraft("Rich"))
        for currency, adult in _FUNDS.items():
            trip = self.desk.add_trip(f"Rich {currency}", vendor_id=rich, currency=currency, adult=adult)
            for number in range(1 + self.size.bookings // 10_000):
                day = (self.clock.now() + timedelta(days=400 + number)).date()
                self.desk.sold(self.desk.add_departure(trip, day=day), adult=10, pay=CARD)

    # paying

    def pay(self, kind: BatchKind, first: date | None = None, last: date | None = None) -> UUID:
        """Prepared, approved by somebody else a while later, run; some fail, some come back."""
        batch_id = self.approve(kind, first, last)
        arm(self.desk, Operation.TRANSFER_CREATE, FaultKind.BALANCE_INSUFFICIENT)
        self.run(batch_id)
        disarm(self.desk)
        self.clock.forward(timedelta(minutes=7))
        made = payouts(self.desk, batch_id)
        failed = [each for each in made if each.state is PayoutState.FAILED]
        for row in failed[: 1 + len(failed) // 2]:
            if row.way is PayoutWay.TRANSFER:
                self.desk.services.payout_runs.retry(self.desk.admin, row.id)
        self._files(batch_id)
        paid = [each for each in made if each.state is PayoutState.PAID and each.amount > 1_000]
        for number, row in enumerate(self.rng.sample(paid, min(2, len(paid)))):
            back = Money(row.amount - row.amount % 10 if number else 730, row.currency)
            self.desk.services.payout_runs.take_back(
                self.desk.admin, row.id, back, "The account was wrong", key=uuid4()
            )
        self.clock.forward(timedelta(minutes=7))
        return batch_id

    def approve(self, kind: BatchKind, first: date | None = None, last: date | None = None) -> UUID:
        batch_id = prepared(self.desk, kind, first, last)
        self.clock.forward(timedelta(minutes=7))
        approved_by(self.desk, self.petar, batch_id)
        self.clock.forward(timedelta(minutes=7))
        return batch_id

    def run(self, batch_id: UUID) -> None:
        if any(each.way is PayoutWay.TRANSFER for each in payouts(self.desk, batch_id)):
            self.desk.services.payout_runs.run(self.desk.admin, batch_id)

    def _files(self, batch_id: UUID) -> None:
        """The bank refuses the first file whole, and it is made anew; of the others one payment comes back."""
        bank, admin = self.desk.services.bank_files, self.desk.admin
        for number, each in enumerate(bank.of_batch(admin, batch_id).to_make):
            file = bank.make(admin, batch_id, each.total.currency).file
            assert file is not None
            self.clock.forward(timedelta(minutes=7))
            if not number:
                bank.refused(admin, file.id, "A wrong day")
                self.clock.forward(timedelta(minutes=7))
                file = bank.retry(admin, batch_id, each.total.currency).file
                assert file is not None
            bank.arrived(admin, file.id)
            self.clock.forward(timedelta(minutes=7))
            mine = [row for row in payouts(self.desk, batch_id) if row.file_id == file.id]
            if number:
                bank.came_back(admin, self.rng.choice(mine).id, "The account is closed")
                self.clock.forward(timedelta(minutes=7))

    # money back

    def give_back(self, count: int) -> None:
        """Of trips that have been: in odd parts, by both, by the agency or the vendor alone, in cash or as credit."""
        query = (
            "SELECT id, price FROM bookings WHERE state IN ('completed', 'no_show') AND price > 0 ORDER BY id"
        )
        found = rows(self.desk.profile.database, query)
        for key, price in self.rng.sample(found, min(count, len(found))):
            bearer = self.rng.choice((None, None, None, Bearer.AGENCY, Bearer.VENDOR))
            parts = self.rng.choice((1, 1, 2, 7))
            amount = price if self.rng.random() < 0.2 else self.rng.randrange(1, price)
            for number in range(parts):
                part = amount // parts + (amount % parts if number == 0 else 0)
                if part:
                    self._refund(UUID(key), back=part, borne_by=bearer)
        self._adjust()

    def _refund(self, booking_id: UUID, back: int, borne_by: Bearer | None) -> None:
        to = RefundTo.CREDIT if self.rng.random() < 0.2 else RefundTo.PAYMENT
        try:
            refunded(self.desk, booking_id, back=back, borne_by=borne_by, to=to)
        except (AlreadyRefunded, DisputeOpen, InvalidInput, WrongState):
            return  # nothing of it is left, or a bank has it
        self.clock.forward(timedelta(seconds=13))

    def _adjust(self) -> None:
        query = "SELECT DISTINCT vendor_id, currency FROM bookings ORDER BY 1, 2"
        places = rows(self.desk.profile.database, query)
        for vendor, currency in self.rng.sample(places, max(2, len(places) // 8)):
            draft = AdjustmentDraft(
                UUID(vendor), Money(self.rng.choice((1_201, -733, 17)), currency), "By agreement"
            )
            self.desk.services.adjustments.adjust(self.desk.admin, draft, key=uuid4())
            self.clock.forward(timedelta(seconds=13))

    # a week

    def week(self) -> None:
        """Sold on some days, cancelled and disputed on the next, travelled, completed, and some of it given back."""
        days = self._departures()
        sold = [each for each in (self._sell(self.rng.choice(days)) for _ in range(self.size.sold)) if each]
        self.clock.forward(DAY)
        for sale in sold:
            self._before(sale)
        self._hear()
        self.clock.forward(4 * DAY)
        for departure in days:
            self._been(departure)
        for sale in self.rng.sample(sold, len(sold) // 6):
            self._dispute(sale)
        self._hear()
        for number, ref in enumerate(self.rng.sample(self.disputes, len(self.disputes) // 2)):
            self.disputes.remove(ref)
            with self.desk.sandbox() as sandbox:
                sandbox.close_dispute(ref, won=number % 3 == 1)
        self._hear()
        self.give_back(self.size.sold // 6)
        self.clock.forward(2 * DAY)

    def _departures(self) -> list[UUID]:
        trips = rows(self.desk.profile.database, "SELECT id FROM trips WHERE title LIKE 'Trip %' ORDER BY id")
        chosen = self.rng.sample(trips, min(len(trips), 3 + self.size.sold // 4))
        day = (self.clock.now() + 3 * DAY).date()
        return [self.desk.add_departure(UUID(key), day=day, capacity=60) for (key,) in chosen]

    def _sell(self, departure: UUID) -> SaleOutcome | None:
        ask = DiscountAsk(DiscountKind.PERCENT, bps=733, own=True, reason="A friend")
        pay = self.rng.choice((CARD, CARD, CARD, CASH, DEPOSIT))
        discount = ask if self.rng.random() < 0.2 else None
        adult, child = self.rng.randint(1, 4), self.rng.randint(0, 1)
        self.clock.forward(timedelta(seconds=13))
        try:
            return self.desk.sold(departure, pay=pay, discount=discount, adult=adult, child=child)
        except (SalesClosed, InvalidInput):
            return None

    def _before(self, sale: SaleOutcome) -> None:
        """What some travellers, and their banks, do before the trip."""
        booking_id, drawn = sale.bookings[0].id, self.rng.random()
        self.clock.forward(timedelta(seconds=13))
        try:
            if drawn < 0.15:
                self.desk.cancel(booking_id)
            elif drawn < 0.22:
                lines = self.desk.services.bookings.detail(self.desk.admin, booking_id).lines
                if len(lines) > 1:
                    refunded(self.desk, booking_id, who=(lines[-1].id,))
            elif drawn < 0.30:
                kept = self.desk.services.cancellations.preview(self.desk.agent, (booking_id,))
                back = kept.back.minor + (kept.kept.minor + 1) // 2
                refunded(self.desk, booking_id, back=back, borne_by=self.rng.choice((None, *Bearer)))
            elif drawn < 0.38:
                self._dispute(sale)
            elif drawn < 0.50:
                self.desk.services.sales.pay(self.desk.agent, sale.sale_id, CARD, key=uuid4())
        except (DisputeOpen, HoldLapsed, InvalidInput, WrongState):
            return  # there is nothing to pay, or nothing to give back

    def _dispute(self, sale: SaleOutcome) -> None:
        assert sale.payment_id is not None
        ref = self.desk.services.payments.detail(self.desk.agent, sale.payment_id).provider_ref
        if ref is None:
            return  # paid in cash
        try:
            with self.desk.sandbox() as sandbox:
                self.disputes.append(sandbox.open_dispute(ref))
        except WrongState:
            return  # all of it went back, or the bank has it

    def _hear(self) -> None:
        self.clock.forward(timedelta(minutes=7))
        self.desk.services.listening.poll()
        self.clock.forward(timedelta(minutes=7))

    def _been(self, departure: UUID) -> None:
        query = "SELECT id FROM bookings WHERE departure_id = ? AND state = 'confirmed' ORDER BY id"
        there = rows(self.desk.profile.database, query, departure.hex)
        if there and self.rng.random() < 0.2:
            self.desk.services.bookings.no_show(self.desk.admin, UUID(there[0][0]))
        self.clock.forward(timedelta(seconds=13))
        self.desk.services.bookings.complete(self.desk.admin, departure)

    # the end

    def leave_open(self) -> None:
        """A payout without an answer, a file that the bank has not taken, payouts that were approved and wait, trips
        that have just been."""
        last = self.clock.now().date() - DAY
        batch_id = self.approve(BatchKind.EXTRA, last, last)
        arm(self.desk, Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER)
        self.run(batch_id)
        disarm(self.desk)
        bank = self.desk.services.bank_files
        for each in bank.of_batch(self.desk.admin, batch_id).to_make[:1]:
            bank.make(self.desk.admin, batch_id, each.total.currency)
        self.clock.forward(3 * DAY)
        self._adjust()
        self.clock.forward(DAY)
        last = self.clock.now().date() - DAY
        self.approve(BatchKind.EXTRA, last, last)
        days = self._departures()
        for departure in days:
            self._sell(departure)
        self.clock.forward(4 * DAY)
        for departure in days:
            self._been(departure)


def played(desk: Desk, clock: HandClock, size: Size, seed: int, weeks: int = 3) -> None:
    """The year paid out by parts with refunds in between, then some weeks."""
    year = Played(desk, clock, size, seed)
    year.pay(BatchKind.EXTRA, date(2025, 6, 1), date(2026, 1, 31))
    year.give_back(2 * size.sold)
    year.pay(BatchKind.MONTHLY, date(2026, 5, 1), date(2026, 5, 31))
    year.pay(BatchKind.WEEKLY, date(2026, 6, 1), date(2026, 6, 7))
    year.give_back(size.sold)
    for number in range(weeks):
        year.week()
        if number == 1:
            with desk.sandbox() as sandbox:
                sandbox.change_account(year.accounts[-1], transfers="inactive")
        year.pay(BatchKind.WEEKLY)
    year.leave_open()


def vendors_of(desk: Desk) -> Sequence[UUID]:
    return [UUID(key) for (key,) in rows(desk.profile.database, "SELECT id FROM vendors ORDER BY id")]
