"""A desk to work at: a real SQLite file, the sandbox's own file, an agency with an admin, an agent and trips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from helpers import compiled
from helpers.clock import HandClock
from helpers.keys import answered
from travellr_desktop.app import Program, open_program
from travellr_desktop.config import Settings
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.ways import Way
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.central.door import CentralDoor
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundOutcome
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.services.timetable import DepartureDraft
from travellr_desktop.services.travellers import TravellerDraft, TravellerRow
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.users import FirstAdmin, NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.uow import Database

PASSWORD = "harbour lights at nine"
ADMIN = "mira@travellr.example"
AGENT = "ana@travellr.example"
VISA = "pm_card_visa"
DAY = date(2026, 7, 4)
CASH = PayChoice(Way.CASH)
CARD = PayChoice(Way.CARD, VISA)


@dataclass
class Desk:
    """An open profile with short ways to do what tests do all the time."""

    program: Program
    clock: Clock
    admin: Actor
    agent: Actor
    vendor_id: UUID
    trips: dict[str, UUID] = field(default_factory=dict)

    @property
    def services(self) -> Services:
        return self.program.services

    @property
    def database(self) -> Database:
        return self.program.database

    @property
    def profile(self) -> Profile:
        return self.program.profile

    def sandbox(self) -> SandboxControl:
        """The sandbox's own file; use it in a `with`."""
        return SandboxControl(self.profile.sandbox, clock=self.clock)

    def add_trip(
        self,
        title: str = "Blue Cave and Perast",
        *,
        adult: int = 4500,
        child: int = 2700,
        infant: int = 0,
        currency: str = "EUR",
        zone: str = "Europe/Podgorica",
        policy: str = "moderate",
        **more: Any,
    ) -> UUID:
        draft = TripDraft(
            vendor_id=more.pop("vendor_id", self.vendor_id),
            title=title,
            place=more.pop("place", "Kotor"),
            zone=zone,
            currency=currency,
            duration_min=more.pop("duration_min", 180),
            policy=PRESETS[policy],
            prices={TravellerType.ADULT: adult, TravellerType.CHILD: child, TravellerType.INFANT: infant},
            meeting_point=more.pop("meeting_point", "Riva, pier 2"),
            tax_bps=more.pop("tax_bps", 2100),
            **more,
        )
        self.trips[title] = self.services.trips.create(self.admin, draft)
        return self.trips[title]

    def add_departure(
        self,
        trip_id: UUID | None = None,
        *,
        day: date = DAY,
        at: time = time(8, 30),
        capacity: int = 10,
        **more: Any,
    ) -> UUID:
        trip_id = trip_id or next(iter(self.trips.values()))
        draft = DepartureDraft(day, at, capacity, **more)
        return self.services.timetable.add_departures(self.admin, trip_id, [draft])[0]

    def traveller(self, name: str = "Henrik Söderberg", **more: Any) -> TravellerRow:
        """`more` is what else a `TravellerDraft` holds."""
        return self.services.travellers.create(self.agent, TravellerDraft(name, **more), key=uuid4())

    def hold(self, departure_id: UUID, *, adult: int = 2, child: int = 0, infant: int = 0) -> HoldView:
        return self.services.holds.hold(self.agent, departure_id, Party(adult, child, infant), key=uuid4())

    def sell(
        self,
        *holds: HoldView,
        pay: PayChoice | None = CARD,
        traveller: TravellerRow | None = None,
        key: UUID | None = None,
        discount: DiscountAsk | None = None,
        promo: str = "",
        seller: Actor | None = None,
    ) -> SaleOutcome:
        """Sell what is held."""
        buyer = traveller or self.traveller()
        lines = tuple(SellLine(hold.id) for hold in holds)
        order = Sell(lines, buyer.id, pay, discount=discount, promo=promo)
        return self.services.sales.sell(seller or self.agent, order, key=key or uuid4())

    def sold(
        self,
        departure_id: UUID,
        *,
        pay: PayChoice = CARD,
        discount: DiscountAsk | None = None,
        promo: str = "",
        **party: int,
    ) -> SaleOutcome:
        """Hold and sell in one go."""
        return self.sell(self.hold(departure_id, **party), pay=pay, discount=discount, promo=promo)

    def cancel(self, *booking_ids: UUID, reason: str = "") -> RefundOutcome:
        """Preview, then do it."""
        shown = self.services.cancellations.preview(self.agent, booking_ids)
        return self.services.cancellations.cancel(self.agent, booking_ids, reason, shown.back, key=uuid4())


def no_wait(_seconds: float) -> None:
    """Stands in for sleeping."""


def open_at(
    folder: Path,
    clock: Clock | None = None,
    *,
    sleep: Callable[[float], None] = no_wait,
    authority: Authority | None = None,
    central: CentralDoor | None = None,
    **settings: Any,
) -> Program:
    """Open a profile in `folder` as the program does, with no keyring and no waiting. What a key leads to is answered
    by the profile's sandbox."""
    compiled.share()
    given: Mapping[str, Any] = {"locale": "en_GB", **settings}
    made = Settings.model_construct(**{**Settings.model_construct().model_dump(), **given})
    profile, clock = Profile.at(folder), clock or HandClock()
    gateways = answered(profile.sandbox, sleep=sleep, clock=clock)
    return open_program(
        profile,
        settings=made,
        clock=clock,
        gateways=gateways,
        authority=None if authority is None else lambda _database: authority,
        central=None if central is None else lambda _database: central,
    )


@cache
def _agency(moment: datetime) -> tuple[Desk, Mapping[str, bytes]]:
    """A new agency, closed, and its files by their names. Made once a process: migrations and hashes of passwords take
    longer than most tests."""
    with TemporaryDirectory() as place:
        folder, clock = Path(place), HandClock(moment)
        with closing(open_at(folder, clock)) as program:
            services = program.services
            first = FirstAdmin("Mira Kovač", ADMIN, PASSWORD, "Kotor Riva", "Europe/Podgorica", "EUR")
            admin = services.users.create_first_admin(first).actor
            row = services.users.register(admin, NewUser("Ana Vuković", AGENT, PASSWORD, Role.AGENT))
            agent = Actor(row.id, row.name, row.role)
            vendor_id = services.vendors.create(
                admin, VendorDraft("Bokeška Plovidba", phone="+382 69 555 812")
            )
            desk = Desk(program, clock, admin, agent, vendor_id)
            desk.add_trip()
        return desk, {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@contextmanager
def desk_at(folder: Path, clock: Clock | None = None, **settings: Any) -> Iterator[Desk]:
    """A new agency in `folder`: admin, agent, one vendor, one trip. The clock stands still unless one is given."""
    clock = clock or HandClock()
    made, files = _agency(clock.now())
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    program = open_at(folder, clock, **settings)
    try:
        yield replace(made, program=program, clock=clock, trips=dict(made.trips))
    finally:
        program.close()


@contextmanager
def desk_again(folder: Path, clock: Clock | None = None, **more: Any) -> Iterator[Desk]:
    """The agency that `desk_at` made in `folder`, opened by another program."""
    clock = clock or HandClock()
    program = open_at(folder, clock, **more)
    try:
        with program.database.read() as view:
            people = [view.users.find_by_email(email) for email in (ADMIN, AGENT)]
            admin, agent = (Actor(user.id, user.name, user.role) for user in people if user is not None)
            vendors, _ = view.vendors.find_all()
            trips = {trip.title: trip.id for trip in view.trips.find_all()[0]}
        yield Desk(program, clock, admin, agent, vendors[0].id, trips)
    finally:
        program.close()
