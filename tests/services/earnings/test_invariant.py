"""Earned = paid + in transit + available + held, to the minor unit, whatever has happened: sold, cancelled, travelled,
given back before and after a payout, disputed, adjusted, paid, failed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from helpers.clock import HandClock
from helpers.desk import CARD, Desk, desk_at
from helpers.disputed import closed, opened
from helpers.disputed import sold as sold_by_card
from helpers.earning import plain
from helpers.paying_out import approved, paid_to, payouts
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.earnings.views import CurrencyEarnings, Span
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.payouts.paying import Paying
from travellr_desktop.services.refund_asks import Beyond, RefundAsk
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit

CLOCK = timedelta(days=9)


class Vendor:
    """A vendor with a trip at an odd price, so that every share has to be rounded, and what can happen to them."""

    def __init__(self, desk: Desk, clock: HandClock) -> None:
        self.desk, self.clock = desk, clock
        self.trip = desk.add_trip("Odd", adult=3_337, deposit_bps=0)
        self.departures: list[UUID] = []
        self.bookings: list[UUID] = []
        self.disputes: list[str] = []
        self.adjusted = 0
        with desk.sandbox() as sandbox:
            paid_to(desk, desk.vendor_id, sandbox.open_account("Bokeška"))
        # what is paid out before travellers' money has settled must be there
        other = desk.services.vendors
        rich = desk.add_trip("Rich", adult=900_000, vendor_id=other.create(desk.admin, VendorDraft("Rich")))
        day = (clock.now() + timedelta(days=700)).date()
        desk.sold(desk.add_departure(rich, day=day), adult=2, pay=CARD)

    def sell(self) -> None:
        day = (self.clock.now() + timedelta(days=6)).date()
        departure = self.desk.add_departure(self.trip, day=day)
        own = len(self.departures) % 2 == 0
        ask = DiscountAsk(DiscountKind.AMOUNT, amount=Money(101, "EUR"), own=own, reason="A friend")
        sale = self.desk.sold(departure, adult=3, discount=ask if len(self.departures) % 3 else None)
        self.departures.append(departure)
        self.bookings.append(sale.bookings[0].id)

    def sell_and_dispute(self) -> None:
        sale = sold_by_card(
            self.desk, self.desk.add_departure(self.trip, day=(self.clock.now() + CLOCK).date())
        )
        self.bookings.append(sale.booking_id)
        self.disputes.append(opened(self.desk, sale))
        self.desk.services.listening.poll()

    def decide(self, won: bool) -> None:
        closed(self.desk, self.disputes.pop(0), won=won)
        self.desk.services.listening.poll()

    def cancel(self) -> None:
        self.desk.cancel(self.bookings[-1])

    def wait(self) -> None:
        self.clock.forward(CLOCK)

    def travel(self) -> None:
        self.desk.services.bookings.complete(self.desk.admin, self.departures[0])
        self.departures.pop(0)

    def give_back(self, minor: int) -> None:
        ask = RefundAsk((self.bookings[0],), beyond=Beyond(Money(minor, "EUR")), reason="Rain")
        preview = self.desk.services.refunds.preview(self.desk.admin, ask)
        self.desk.services.refunds.request(self.desk.admin, ask, preview.back, key=uuid4())

    def adjust(self, minor: int) -> None:
        draft = AdjustmentDraft(self.desk.vendor_id, Money(minor, "EUR"), "By agreement")
        self.desk.services.adjustments.adjust(self.desk.admin, draft, key=uuid4())
        self.adjusted += minor

    def approve(self) -> None:
        approved(self.desk, [self.desk.vendor_id])

    def pay(self, fault: FaultKind | None = None) -> None:
        waiting = [row.id for row in payouts(self.desk) if row.state is PayoutState.APPROVED]
        if fault is not None:
            with self.desk.sandbox() as sandbox:
                sandbox.arm(Operation.TRANSFER_CREATE, fault)
        Paying(self.desk.database, self.desk.program.gateway).send(SYSTEM, waiting[0])

    def fail(self) -> None:
        waiting = [row.id for row in payouts(self.desk) if row.state is PayoutState.APPROVED]
        with self.desk.database.write(Commit.PAYOUT_RECORD, SYSTEM) as work:
            row = work.payouts.get(waiting[0])
            standing.sending(work, row)
            standing.failed(work, row, "The account is closed.")
            work.commit()

    # what must hold

    def hold(self) -> None:
        vendor = self.desk.vendor_id
        found = self.desk.services.earnings.overview(self.desk.admin, vendor).of("EUR")
        wanted = plain(self.desk, vendor)
        if found is None:
            assert (wanted.earned, wanted.payable) == (0, 0)
            return
        places = (found.paid, found.in_transit, found.available.total, found.held)
        assert found.earned.minor == sum(each.minor for each in places) == wanted.earned
        assert (found.paid.minor, found.in_transit.minor) == (wanted.paid, wanted.in_transit)
        lines = found.held.minor - wanted.to_come + found.available.total.minor
        assert lines == wanted.payable
        assert sum(part.amount.minor for part in found.parts) == found.held.minor
        self.add_up(found)

    def add_up(self, found: CurrencyEarnings) -> None:
        """How the available came about, the months and the trips."""
        here = found.available
        told = (here.retail, here.commission, here.refunds, here.adjustments, here.carried, here.approved)
        assert here.total.minor == sum(each.minor for each in told)
        travel = self.desk.services.earnings.by_travel(
            self.desk.admin, self.desk.vendor_id, "EUR", Span.THIS_YEAR
        )
        months = [row.places for row in travel.months]
        trips = [row.places for row in travel.trips]
        for name in ("paid", "in_transit", "available", "held"):
            assert sum(getattr(each, name).minor for each in months) == sum(
                getattr(each, name).minor for each in trips
            )
        if self.clock.now().year == 2026:  # all that was sold travels in it
            assert sum(each.held.minor for each in months) == found.held.minor
            # wherever it is by now: what was adjusted is of no trip, what came back is counted where it came from
            assert sum(each.total.minor for each in months) == found.earned.minor - self.adjusted


ACTIONS: dict[str, Callable[[Vendor], None]] = {
    "sell": Vendor.sell,
    "sell and dispute": Vendor.sell_and_dispute,
    "dispute lost": lambda vendor: vendor.decide(False),
    "dispute won": lambda vendor: vendor.decide(True),
    "cancel": Vendor.cancel,
    "wait": Vendor.wait,
    "travel": Vendor.travel,
    "give a third back": lambda vendor: vendor.give_back(3_337),
    "give one cent back": lambda vendor: vendor.give_back(1),
    "adjust": lambda vendor: vendor.adjust(777),
    "adjust below zero": lambda vendor: vendor.adjust(-20_000),
    "approve": Vendor.approve,
    "pay": Vendor.pay,
    "pay, no answer": lambda vendor: vendor.pay(FaultKind.REPLY_LOST_AFTER),
    "fail": Vendor.fail,
}
PAID = ("sell", "sell", "wait", "travel", "wait", "approve")


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@example([*PAID, "pay", "give a third back", "adjust", "travel", "wait", "approve", "pay"])
@example([*PAID, "fail", "give one cent back", "approve", "pay, no answer"])
@example(["sell and dispute", *PAID, "pay", "dispute lost", "cancel", "adjust below zero"])
@given(some.lists(some.sampled_from(sorted(ACTIONS)), max_size=14))
def test_what_was_earned_is_always_somewhere(story: list[str]) -> None:
    with TemporaryDirectory() as folder:
        clock = HandClock()
        with desk_at(Path(folder), clock) as desk:
            vendor = Vendor(desk, clock)
            for action in story:
                try:
                    ACTIONS[action](vendor)
                except (Refusal, IndexError):
                    continue  # nothing to do it with, or it may not be done
                vendor.hold()


def test_who_takes_all_that_is_owed_for_available_is_wrong(tmp_path: Path) -> None:
    """The control: what the books owe has the holdback in it, and nothing of trips to come."""
    clock = HandClock()
    with desk_at(tmp_path, clock) as desk:
        vendor = Vendor(desk, clock)
        for action in ("sell", "sell", "wait", "travel"):
            ACTIONS[action](vendor)
        found = desk.services.earnings.overview(desk.admin, desk.vendor_id).of("EUR")
        wanted = plain(desk, desk.vendor_id)
        assert found is not None
        assert wanted.payable > 0
        assert found.available.total.minor + found.held.minor == wanted.earned != wanted.payable
