"""A day on the quay at 10:42: one boat on the way, one whose manifest is open, one that boards, one that is stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from travellr_desktop.services.outcomes import SoldBooking
from travellr_desktop.services.sales import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.vendors import VendorDraft

TODAY = date(2026, 6, 18)
NOW = datetime(2026, 6, 18, 8, 42, 30, tzinfo=UTC)
BLUE, WALK, JEEP, SUNSET = "Blue Cave and Perast", "Old Town food walk", "Lovćen by jeep", "Sunset kayak"


def sell(
    desk: Desk, departure: UUID, *names: str, buyer: str = "", pay: PayChoice | None = CASH
) -> SoldBooking:
    """A booking of adults by name; the first of them, or `buyer`, made it."""
    hold = desk.hold(departure, adult=len(names))
    travellers = tuple(NamedTraveller(name, kind, None) for name, kind in zip(names, hold.party, strict=True))
    order = Sell((SellLine(hold.id, travellers),), desk.traveller(buyer or names[0]).id, pay)
    return desk.services.sales.sell(desk.agent, order, key=uuid4()).bookings[0]


def quay(desk: Desk) -> None:
    clock, services = desk.clock, desk.services
    assert isinstance(clock, HandClock)
    clock.at(NOW - timedelta(days=1))
    stara, orjen, kajak = (
        services.vendors.create(desk.admin, VendorDraft(name))
        for name in ("Stara Varoš Tours", "Orjen Jeep Safari", "Kajak Perast")
    )
    blue = desk.trips[BLUE]
    walk = desk.add_trip(WALK, vendor_id=stara, duration_min=120)
    jeep = desk.add_trip(JEEP, vendor_id=orjen, duration_min=360)
    sunset = desk.add_trip(SUNSET, vendor_id=kajak, duration_min=150)
    boat = desk.add_departure(blue, day=TODAY, at=time(8, 30), capacity=4)
    open_one = desk.add_departure(walk, day=TODAY, at=time(10, 30), capacity=12)
    boards = desk.add_departure(jeep, day=TODAY, at=time(11, 30), capacity=6)
    stopped = desk.add_departure(sunset, day=TODAY, at=time(17, 0), capacity=10)
    desk.add_departure(blue, day=TODAY + timedelta(days=1), at=time(8, 30), capacity=5)
    full = desk.add_departure(blue, day=TODAY + timedelta(days=3), at=time(8, 30), capacity=2)
    services.overbooking.allow(desk.admin, full, 2, "A second guide comes along", key=uuid4())
    desk.sold(full, adult=4, pay=CASH)
    sell(desk, boat, "Goran Petrović", "Vesna Petrović")
    sell(desk, open_one, "Elin Sandberg", "Nils Sandberg")
    sell(desk, open_one, "Hana Kovačević", "Filip Kovačević", buyer="Ivo Ivić")
    sell(desk, boards, "Ruth Baum", "Peter Baum")
    sell(desk, stopped, "Yuki Tanaka")
    clock.at(NOW - timedelta(hours=2))
    on_boat = services.manifests.manifest(desk.agent, boat).bookings[0]
    services.manifests.check_in(desk.agent, [line.id for line in on_boat.lines])
    services.manifests.close(desk.agent, boat, key=uuid4())
    services.timetable.stop(desk.admin, [stopped], "Wind, said the skipper")
    clock.at(NOW - timedelta(minutes=2))
    first = services.manifests.manifest(desk.agent, boards).bookings[0].lines[0]
    services.manifests.check_in(desk.agent, [first.id])
    sell(desk, boards, "Mateo García", pay=None)
    clock.at(NOW)
