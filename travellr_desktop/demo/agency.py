"""Builds the demonstration agency in an empty profile, by the same services that people use.

The services refuse to sell what has left, so the program's clock starts before the first sale and walks forward to
now; everything happens at its own time. Months of it take about a minute, nearly all of it in the services.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from travellr_desktop.demo.changed import CHANGED_BEFORE, Changed, add_codes, taken_off
from travellr_desktop.demo.clocks import SetClock
from travellr_desktop.demo.coming import PREPARED, prepare_next
from travellr_desktop.demo.data import DemoData, DemoTrip
from travellr_desktop.demo.invoiced import AGAIN_BEFORE, INVOICED_BEFORE, Invoiced, terms_of
from travellr_desktop.demo.mark import PASSWORD
from travellr_desktop.demo.moneyed import (
    BALANCE_DAYS,
    DISPUTED_BEFORE,
    Moneyed,
    back_to,
)
from travellr_desktop.demo.paid_out import PaidOut
from travellr_desktop.demo.people import add_people
from travellr_desktop.demo.plan import LIVE, VISA, Fate, Item, Mishap, Plan, PlannedSale
from travellr_desktop.demo.quay import QuaySide
from travellr_desktop.demo.season import Slot
from travellr_desktop.demo.tilled import Tilled
from travellr_desktop.demo.undecided import KEPT_BEFORE, OFFERED_BEFORE, Undecided
from travellr_desktop.demo.vendor_terms import VendorsAsked
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.timetable import DepartureDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.users import FirstAdmin, NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.uow import Database

Said = Callable[[int, int, str], None]
"""Called with how much is done, of how much, and what: not on the thread of a window."""

_FAULTS = {Mishap.LOST_AFTER: FaultKind.REPLY_LOST_AFTER, Mishap.LOST_BEFORE: FaultKind.REPLY_LOST_BEFORE}
_READ_AGAIN = timedelta(minutes=2)  # the program reads an unknown payment again after seconds, then minutes
_RELEASED = timedelta(minutes=6)
_REFUND_FAILS = timedelta(hours=20)
_ARRIVED_LATE = timedelta(hours=1)
_COMPLETED = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does what: `sellers` in the order of the plan."""

    admin: Actor
    manager: Actor
    sellers: tuple[Actor, ...]


class AgencyBuilder:
    """Does what a plan says. `clock` is that of the services; `now` is where it stands at the end."""

    def __init__(
        self,
        services: Services,
        database: Database,
        sandbox: SandboxControl,
        clock: SetClock,
        data: DemoData,
        plan: Plan,
        *,
        now: datetime,
        said: Said,
    ) -> None:
        self._services = services
        self._database = database
        self._sandbox = sandbox
        self._clock = clock
        self._data = data
        self._plan = plan
        self._now = now
        self._said = said
        self._done = 0
        self._departures: dict[int, UUID] = {}
        self._travellers: list[UUID] = []
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = 0
        self._ending: set[int] = set()
        self._standing: list[UUID] = []
        self._ended = 0

    @property
    def _steps(self) -> int:
        return len(self._plan.trips) + len(self._plan.sales)

    def build(self) -> None:
        """All of it. What a service refuses is raised: the plan holds nothing that it should."""
        self._clock.set(self._plan.opened)
        staff = self._set_up()
        money = self._money = Moneyed(
            self._services, self._sandbox, staff.sellers[0], staff.admin, lambda: self._standing
        )
        asked = VendorsAsked(self._services, self._sandbox, staff.manager, self._plan.today)
        asked.settle(staff.admin)
        self._catalogue(staff, asked)
        add_codes(self._services, staff.manager, self._plan.opened.date(), self._now.date())
        self._travellers = [
            self._services.travellers.create(
                staff.sellers[0], TravellerDraft(each.name, each.email, each.phone), key=uuid4()
            ).id
            for each in self._data.travellers
        ]
        people = dict(zip(self._travellers, self._data.travellers, strict=True))
        add_people(self._services, staff.sellers[0], people, self._now)
        live = [sale for sale in self._plan.sales if sale.items[0].fate in LIVE]
        for number, sale in enumerate(self._plan.sales):
            if sale not in live:
                self._at(sale.at, partial(self._sell, staff, sale, number))
        nobody_decided = self._undecided(staff, live)
        invoiced = Invoiced(self._services, staff.sellers[0], lambda: self._standing)
        for moment, act in (
            (INVOICED_BEFORE, invoiced.issue),
            (AGAIN_BEFORE, invoiced.again),
            (KEPT_BEFORE, nobody_decided.keep),
            (OFFERED_BEFORE, nobody_decided.wait),
            (OFFERED_BEFORE, nobody_decided.overbook),
            (CHANGED_BEFORE, Changed(self._services, staff.sellers[0], lambda: self._standing).change),
            (DISPUTED_BEFORE, money.dispute),
        ):
            self._at(self._now - moment, act)
        tilled = Tilled(self._services, staff.sellers[0], staff.manager, staff.admin)
        for at, act in tilled.days(self._plan.opened, self._now):
            self._at(at, act)
        quay = QuaySide(self._services, self._departures, staff.sellers[0], staff.manager)
        quay.open(self._plan, self._now, self._at)
        paid_out = PaidOut(self._services, self._database, self._sandbox, asked, staff.manager, staff.admin)
        paid_out.plan(self._plan.opened, self._now, self._at)
        self._walk()
        # what is still open: at the counter this very minute, so that the holds run on for a while
        self._clock.set(self._now - timedelta(seconds=20 * len(live)))
        self._services.upkeep.expire_holds()
        money.too_much()
        money.ask()  # after all that was planned to go back: from then on it may take two
        for sale in live:
            self._clock.set(self._clock.now() + timedelta(seconds=20))
            self._sell(staff, sale)

    def _undecided(self, staff: Staff, live: Sequence[PlannedSale]) -> Undecided:
        """Those who have not decided, on departures of the next weeks that no sale of the last minutes is at."""
        busy = {item.slot.number for sale in live for item in sale.items}
        coming = sorted(
            (slot for slots in self._plan.slots for slot in slots if 3 <= slot.offset <= 14),
            key=lambda slot: (slot.starts_at, slot.number),
        )
        return Undecided(
            self._services,
            staff.sellers[0],
            staff.manager,
            self._travellers,
            [self._departures[slot.number] for slot in coming if slot.number not in busy],
        )

    def _step(self, words: str) -> None:
        self._done += 1
        self._said(self._done, self._steps, words)

    # the office

    def _set_up(self) -> Staff:
        users, agency = self._services.users, self._data.agency
        boss = next(person for person in agency.people if person.role is Role.ADMIN)
        first = FirstAdmin(
            boss.name, boss.email, PASSWORD, agency.name, agency.zone, agency.currency, agency.desks[0]
        )
        admin = users.create_first_admin(first).actor
        self._services.agency.save(
            admin,
            AgencyDraft(
                agency.name, agency.desks[0], agency.legal, agency.tax_number, agency.contact, agency.zone
            ),
        )
        self._services.invoices.save_settings(admin, terms_of(agency))
        made: list[Actor] = []
        for person in agency.people:
            if person.role in (Role.AGENT, Role.MANAGER):
                row = users.register(admin, NewUser(person.name, person.email, PASSWORD, person.role))
                made.append(Actor(row.id, row.name, row.role))
        manager = next(actor for actor in made if actor.role is Role.MANAGER)
        agents = [actor for actor in made if actor.role is Role.AGENT]
        return Staff(admin, manager, (*agents, manager))

    def _catalogue(self, staff: Staff, asked: VendorsAsked) -> None:
        services, trips = self._services, iter(enumerate(self._plan.slots))
        people = {person.vendor: person for person in self._data.agency.people if person.vendor}
        for vendor in self._data.vendors:
            if self._done == len(self._plan.trips):  # a smaller agency
                return
            vendor_id = services.vendors.create(
                staff.manager,
                VendorDraft(
                    vendor.name,
                    email=vendor.email,
                    phone=vendor.phone,
                    commission_bps=vendor.commission_bps,
                    code=vendor.code,
                ),
            )
            asked.ask(vendor, vendor_id)
            if (person := people.get(vendor.code)) is not None:
                services.users.register(
                    staff.admin, NewUser(person.name, person.email, PASSWORD, person.role, vendor_id)
                )
            for trip in vendor.trips:
                trip_id = services.trips.create(staff.manager, trip_draft(vendor_id, trip))
                number, slots = next(trips)
                plan_id = self._seat_plan(staff, trip)
                self._add_departures(staff, trip_id, slots, plan_id)
                if number < PREPARED:
                    prepare_next(services, staff.manager, trip_id, slots, plan_id)
                self._step("trips")

    def _seat_plan(self, staff: Staff, trip: DemoTrip) -> UUID | None:
        if trip.plan is None:
            return None
        draft = PlanDraft(trip.plan.name, trip.plan.kind, trip.plan.layout())
        return self._services.plans.save(staff.manager, draft)

    def _add_departures(
        self, staff: Staff, trip_id: UUID, slots: Sequence[Slot], plan_id: UUID | None
    ) -> None:
        drafts = [
            DepartureDraft(slot.day, slot.at, slot.capacity, slot.cutoff, plan_id=plan_id) for slot in slots
        ]
        made = self._services.timetable.add_departures(staff.manager, trip_id, drafts)
        self._departures.update(zip((slot.number for slot in slots), made, strict=True))

    # what happens when

    def _at(self, moment: datetime, act: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._due, (moment, self._order, act))

    def _walk(self) -> None:
        """Everything that is due, in the order of time; what is done may bring more with it."""
        while self._due:
            moment, _, act = heapq.heappop(self._due)
            if moment < self._now:
                self._clock.set(moment)
                act()

    # a sale and what follows

    def _sell(self, staff: Staff, sale: PlannedSale, number: int = 0) -> None:
        seller = staff.sellers[sale.seller]
        lines = tuple(
            SellLine(
                self._services.holds.hold(
                    seller, self._departures[item.slot.number], item.party, key=uuid4()
                ).id,
                tuple(NamedTraveller(*name) for name in item.names),
            )
            for item in sale.items
        )
        if sale.mishap is not None:
            self._sandbox.arm(Operation.INTENT_CONFIRM, _FAULTS[sale.mishap])
        holds = [line.hold_id for line in lines]
        first = self._money.first_choice(seller, sale, number, holds) if sale.pays else None
        discount, promo = taken_off(number)
        order = Sell(lines, self._travellers[sale.buyer], first, discount, promo)
        outcome = self._money.paid_by_link(self._services.sales.sell(seller, order, key=uuid4()))
        for card in sale.pays[1:]:
            outcome = self._services.sales.pay(seller, outcome.sale_id, _choice(card), key=uuid4())
        self._step("sales")
        now = self._clock.now()
        fates = {item.fate for item in sale.items}
        if fates == {Fate.COMPLETED} and sale.pays == (VISA,) and outcome.payment_id is not None:
            self._money.charged.append(outcome.payment_id)
        if fates & LIVE:
            return
        if sale.mishap is not None:
            self._at(now + _READ_AGAIN, self._recover)
        if Fate.LAPSED in fates:
            lapsed = now + self._services.holds.lasts + timedelta(minutes=1)
            self._at(lapsed, self._expire)
        if Fate.RELEASED in fates:
            self._at(now + _RELEASED, lambda: self._release(seller, outcome.sale_id))
        for item, sold in zip(sale.items, outcome.bookings, strict=True):
            self._follow(staff, seller, item, sold.id)

    def _follow(self, staff: Staff, seller: Actor, item: Item, booking_id: UUID) -> None:
        slot = item.slot
        if item.fate is Fate.CONFIRMED:
            self._standing.append(booking_id)
        if item.end_at is not None:
            to = RefundTo.PAYMENT
            if item.fate is Fate.BACK_WHOLE:
                self._ended += 1
                to = back_to(self._ended)
            self._at(item.end_at, lambda: self._cancel(seller, booking_id, to))
            if item.fate is Fate.BACK_FAILED:
                self._at(item.end_at + _REFUND_FAILS, lambda: self._refund_fails(booking_id))
        if item.fate is Fate.NO_SHOW:
            self._at(slot.starts_at + _ARRIVED_LATE, lambda: self._no_show(staff, booking_id))
        if item.fate in (Fate.COMPLETED, Fate.NO_SHOW) and slot.number not in self._ending:
            self._ending.add(slot.number)
            # after whoever did not come was written down
            self._at(
                max(slot.ends_at, slot.starts_at + _ARRIVED_LATE) + _COMPLETED,
                lambda: self._complete(staff, slot),
            )

    def _recover(self) -> None:
        self._services.payments.recover()

    def _expire(self) -> None:
        self._services.upkeep.expire_holds()

    def _release(self, seller: Actor, sale_id: UUID) -> None:
        self._services.sales.release(seller, sale_id)

    def _cancel(self, seller: Actor, booking_id: UUID, to: RefundTo) -> None:
        ask = RefundAsk((booking_id,), to=to)
        shown = self._services.refunds.preview(seller, ask)
        self._services.refunds.request(seller, ask, shown.back, key=uuid4())

    def _refund_fails(self, booking_id: UUID) -> None:
        """The traveller's bank sends it back; the program learns of it when it reads again."""
        with self._database.read() as view:
            refs = [refund.provider_ref for refund in view.refunds.find_by_booking_id(booking_id)]
        for ref in refs:
            if ref is not None:
                self._sandbox.settle_refund(ref, failure="expired_or_canceled_card")
        self._recover()

    def _no_show(self, staff: Staff, booking_id: UUID) -> None:
        self._services.bookings.no_show(staff.manager, booking_id)

    def _complete(self, staff: Staff, slot: Slot) -> None:
        self._services.bookings.complete(staff.manager, self._departures[slot.number])


def _choice(card: str | None) -> PayChoice:
    return PayChoice(Way.CASH) if card is None else PayChoice(Way.CARD, card)


def trip_draft(vendor_id: UUID, trip: DemoTrip) -> TripDraft:
    """A trip of the files as the services take it."""
    return TripDraft(
        vendor_id=vendor_id,
        title=trip.title,
        place=trip.place,
        country=trip.country,
        zone=trip.zone,
        currency=trip.currency,
        duration_min=trip.duration_min,
        policy=PRESETS[trip.policy],
        prices=trip.prices,
        description=trip.description,
        meeting_point=trip.meeting_point,
        meet_before_min=trip.meet_before_min,
        included=trip.included,
        languages=", ".join(trip.languages),
        tax_bps=trip.tax_bps,
        balance_days=BALANCE_DAYS if trip.policy == "tour" else 30,
    )
