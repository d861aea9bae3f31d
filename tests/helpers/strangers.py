"""Two vendors with everything that a vendor has, and a person of the first of them: what the second has is not for them
to see, and not to know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from helpers.clock import HandClock
from helpers.desk import CASH, DAY, PASSWORD, Desk
from helpers.paying_out import approved, payouts
from helpers.pictures import jpeg
from helpers.seated import add_numbered, small
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.models import Statement

STRANGE = "Zanzibar"
"""Stands in every text of the other vendor."""
LATER = DAY + timedelta(days=14)


@dataclass(frozen=True)
class Theirs:
    """What can be named of one vendor: ids, and the numbers and references that people read out."""

    vendor: UUID
    user: UUID
    trip: UUID
    departure: UUID
    booking: UUID
    reference: str
    plan: UUID
    statement: UUID
    number: str
    payout: UUID
    batch: UUID
    title: str
    place: str

    def values(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


NOBODY = Theirs(
    vendor=uuid4(),
    user=uuid4(),
    trip=uuid4(),
    departure=uuid4(),
    booking=uuid4(),
    reference="BK-2026-999999",
    plan=uuid4(),
    statement=uuid4(),
    number="ST-2026-999999",
    payout=uuid4(),
    batch=uuid4(),
    title="Nowhere at all",
    place="Nowhere",
)
"""What there is not."""


@dataclass
class Two:
    """`person` is of the first vendor."""

    desk: Desk
    person: Actor
    own: Theirs
    theirs: Theirs


def two_vendors(desk: Desk) -> Two:
    """Each has trip, plan, pictures, a booking of one sale that has been and one to come, what is agreed, a payout with
    its statement."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    other = desk.services.vendors.create(desk.admin, VendorDraft(f"{STRANGE} Tours", legal=f"{STRANGE} Ltd"))
    vendors = (desk.vendor_id, other)
    trips = (
        desk.trips["Blue Cave and Perast"],
        desk.add_trip(f"{STRANGE} by boat", vendor_id=other, place=STRANGE, meeting_point=f"{STRANGE} pier"),
    )
    people = tuple(
        desk.services.users.register(
            desk.admin, NewUser(name, f"{name.lower()}@travellr.example", PASSWORD, Role.VENDOR, vendor)
        )
        for name, vendor in zip(("Nikola", STRANGE), vendors, strict=True)
    )
    plans = tuple(
        desk.services.plans.save(desk.admin, PlanDraft(name, PlanKind.COACH, small(), vendor))
        for name, vendor in zip(("Minibus", f"{STRANGE} bus"), vendors, strict=True)
    )
    for trip, caption in zip(trips, ("", STRANGE), strict=True):
        desk.services.pictures.add(desk.admin, trip, jpeg(), caption)
    been, coming = (
        tuple(
            add_numbered(desk, plan_id=plan, trip_id=trip, day=day)
            for trip, plan in zip(trips, plans, strict=True)
        )
        for day in (DAY, LATER)
    )
    sale = desk.sell(*(desk.hold(each) for each in been), pay=CASH)
    desk.sell(*(desk.hold(each) for each in coming), pay=CASH, traveller=desk.traveller("Ana"))
    for vendor, words in zip(vendors, ("Cleaned the boat", f"{STRANGE} cleaning"), strict=True):
        desk.services.rates.agree(desk.admin, RateDraft(vendor, 1_500, LATER, note=words))
        draft = AdjustmentDraft(vendor, Money(1_000, "EUR"), words)
        desk.services.adjustments.adjust(desk.admin, draft, key=uuid4())
    clock.at(datetime(2026, 7, 8, 9, tzinfo=UTC))
    for departure in been:
        desk.services.bookings.complete(desk.admin, departure)
    batch = approved(desk)
    found = []
    with desk.database.read() as view:
        statements = {row.vendor_id: row for row in view.session.query(Statement)}
    for at, vendor in enumerate(vendors):
        booking = sale.bookings[at]
        paid = next(row for row in payouts(desk) if row.vendor_id == vendor)
        found.append(
            Theirs(
                vendor=vendor,
                user=people[at].id,
                trip=trips[at],
                departure=coming[at],
                booking=booking.id,
                reference=booking.reference,
                plan=plans[at],
                statement=statements[vendor].id,
                number=statements[vendor].number,
                payout=paid.id,
                batch=batch,
                title=("Blue Cave", STRANGE)[at],
                place=("Kotor", STRANGE)[at],
            )
        )
    person = Actor(people[0].id, people[0].name, Role.VENDOR, desk.vendor_id)
    return Two(desk, person, found[0], found[1])
