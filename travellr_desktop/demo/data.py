"""What the demonstration agency is made of, read from `resources/demo`.

Places are real, businesses and people are invented; telephone numbers hold 555 and addresses end in example.com or
example.org, so that nobody is ever called or written to. Files are checked whole before anything is handed out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from travellr_desktop import paths
from travellr_desktop.demo.seat_plans import DemoPlan
from travellr_desktop.domain import money, periods
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.seating import PlanKind, sellable
from travellr_desktop.domain.text import clean_email, clean_line, clean_name, clean_phone
from travellr_desktop.errors import InvalidInput, Refusal, ResourceMissing

REGIONS = ("adriatic", "europe", "world")

_T = TypeVar("_T")


class DemoDataInvalid(Refusal):
    """A file of the demonstration does not hold what it should; the message names file, entry and field."""

    hint = "Install the program again."


@dataclass(frozen=True, slots=True)
class DemoTrip:
    """One trip. `prices` are minor units of `currency` by type; a type that is missing is not sold.

    `capacity` is the least and the most seats a departure has; `weekdays` are 1 (Monday) to 7; `times` are what the
    clock shows in `zone`; `policy` is a code of `PRESETS`; `tax_bps` is within the price; a `plan` numbers seats.
    """

    title: str
    place: str
    country: str
    zone: str
    currency: str
    description: str
    duration_min: int
    prices: Mapping[TravellerType, int]
    capacity: tuple[int, int]
    policy: str
    tax_bps: int
    weekdays: frozenset[int]
    times: tuple[time, ...]
    languages: tuple[str, ...]
    meeting_point: str
    meet_before_min: int
    included: tuple[str, ...]
    bring: tuple[str, ...]
    plan: DemoPlan | None = None


@dataclass(frozen=True, slots=True)
class DemoVendor:
    """Who runs trips; all of them in one currency. `commission_bps` is the agency's share."""

    code: str
    name: str
    town: str
    country: str
    zone: str
    currency: str
    commission_bps: int
    phone: str
    email: str
    trips: tuple[DemoTrip, ...]


@dataclass(frozen=True, slots=True)
class DemoTraveller:
    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone who signs in; `vendor` is a vendor's code for the role vendor, None for the others."""

    name: str
    email: str
    role: Role
    vendor: str | None


@dataclass(frozen=True, slots=True)
class DemoAgency:
    name: str
    legal: str
    address: tuple[str, ...]
    country: str
    registration: str
    bank: tuple[str, ...]
    footer: str
    tax_number: str
    contact: str
    zone: str
    currency: str
    desks: tuple[str, ...]
    people: tuple[DemoPerson, ...]


@dataclass(frozen=True, slots=True)
class DemoData:
    """Everything, in the order of the files: the same every time."""

    agency: DemoAgency
    vendors: tuple[DemoVendor, ...]
    travellers: tuple[DemoTraveller, ...]

    @property
    def trips(self) -> tuple[DemoTrip, ...]:
        return tuple(trip for vendor in self.vendors for trip in vendor.trips)


def load_demo_data(folder: Path | None = None) -> DemoData:
    """The demonstration's data, from `resources/demo` unless a folder is given.

    Raises `ResourceMissing` (a file is not there or cannot be read) and `DemoDataInvalid`.
    """
    folder = folder or paths.resource("demo")
    vendors = tuple(
        _vendor(entry)
        for region in REGIONS
        for entry in _file(folder / f"{region}.toml").finished_with("vendor").tables("vendor")
    )
    travellers = tuple(
        _traveller(entry)
        for entry in _file(folder / "travellers.toml").finished_with("traveller").tables("traveller")
    )
    agency = _agency(_file(folder / "agency.toml"))
    _distinct("vendor code", (vendor.code for vendor in vendors))
    _distinct("vendor name", (vendor.name for vendor in vendors))
    _distinct("trip title", (trip.title for vendor in vendors for trip in vendor.trips))
    _distinct("traveller name", (traveller.name for traveller in travellers))
    _distinct(
        "email",
        (one.email for many in (vendors, travellers, agency.people) for one in many),
    )
    _distinct("phone", (one.phone for many in (vendors, travellers) for one in many))
    codes = {vendor.code for vendor in vendors}
    for person in agency.people:
        if (person.vendor in codes) if person.role is Role.VENDOR else (person.vendor is None):
            continue
        raise DemoDataInvalid(
            f"agency.toml, {person.name}: someone of a vendor names one that exists, others name none."
        )
    return DemoData(agency, vendors, travellers)


def _distinct(what: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise DemoDataInvalid(f"The {what} {value!r} is there twice.")
        seen.add(value)


class _Table:
    """One table of a file. Each value is taken once and checked; `done` refuses what nobody asked for."""

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        self._where = where
        self._left = dict(values)

    def wrong(self, key: str, why: str) -> DemoDataInvalid:
        return DemoDataInvalid(f"{self._where}, {key}: {why}")

    def take(self, key: str, kind: type[_T], default: _T | None = None) -> _T:
        value = self._left.pop(key, default)
        if type(value) is not kind:
            raise self.wrong(key, f"{kind.__name__} expected, not {value!r}.")
        return value

    def number(self, key: str, least: int, most: int) -> int:
        value = self.take(key, int)
        if not least <= value <= most:
            raise self.wrong(key, f"{value} is not between {least} and {most}.")
        return value

    def text(self, key: str, clean: Callable[[str], str] | None = None, default: str | None = None) -> str:
        given = self.take(key, str, default)
        try:
            cleaned = clean_line(given, key, 200) if clean is None else clean(given)
        except InvalidInput as problem:
            raise self.wrong(key, str(problem)) from problem
        if cleaned != given:
            raise self.wrong(key, f"{given!r} is kept as {cleaned!r}: write it so.")
        return given

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self.take(key, str, default)
        if value not in allowed:
            raise self.wrong(key, f"{value!r} is unknown.")
        return value

    def zone(self, default: str | None = None) -> str:
        name = self.take("zone", str, default)
        try:
            periods.zone(name)
        except InvalidInput as problem:
            raise self.wrong("zone", str(problem)) from problem
        return name

    def email(self) -> str:
        address = self.text("email", clean_email)
        if address.partition("@")[2] not in ("example.com", "example.org"):
            raise self.wrong("email", f"{address!r} might be somebody's.")
        return address

    def phone(self) -> str:
        number = self.text("phone", clean_phone)
        if not number.startswith("+") or "555" not in "".join(filter(str.isdigit, number)):
            raise self.wrong("phone", f"{number!r} might be somebody's.")
        return number

    def list_of(self, key: str, kind: type[_T]) -> tuple[_T, ...]:
        values = self.take(key, list)
        if not values or any(type(value) is not kind for value in values):
            raise self.wrong(key, f"a list of {kind.__name__} expected, with something in it.")
        if len({*values}) < len(values):
            raise self.wrong(key, "something is there twice.")
        return tuple(values)

    def lines(self, key: str) -> tuple[str, ...]:
        values = self.list_of(key, str)
        for value in values:
            _Table(self._where, {key: value}).text(key)
        return values

    def table(self, key: str) -> _Table:
        return _Table(f"{self._where}, {key}", self.take(key, dict))

    def tables(self, key: str) -> list[_Table]:
        entries = self.take(key, list)
        if not entries or any(type(entry) is not dict for entry in entries):
            raise self.wrong(key, "tables expected.")
        return [
            _Table(f"{self._where}, {entry.get('title') or entry.get('name') or f'{key} {n}'}", entry)
            for n, entry in enumerate(entries, 1)
        ]

    def holds(self, key: str) -> bool:
        return key in self._left

    def finished_with(self, *keys: str) -> _Table:
        """This table, if it holds nothing but these keys."""
        if unknown := sorted(self._left.keys() - set(keys)):
            raise self.wrong(unknown[0], "is not known here.")
        return self

    def done(self) -> None:
        self.finished_with()


def _file(path: Path) -> _Table:
    try:
        return _Table(path.name, tomllib.loads(path.read_text("utf-8")))
    except OSError as problem:
        raise ResourceMissing(f"A file that belongs to the program is missing: {path}") from problem
    except ValueError as problem:  # not UTF-8, or not TOML
        raise DemoDataInvalid(f"{path.name} cannot be read: {problem}") from problem


def _vendor(table: _Table) -> DemoVendor:
    country, zone = table.text("country"), table.zone()
    currency = table.one_of("currency", money.CURRENCIES)
    tax_bps = table.number("tax_bps", 0, 3000)
    vendor = DemoVendor(
        code=table.text("code"),
        name=table.text("name", clean_name),
        town=table.text("town"),
        country=country,
        zone=zone,
        currency=currency,
        commission_bps=table.number("commission_bps", 0, 5000),
        phone=table.phone(),
        email=table.email(),
        trips=tuple(_trip(entry, country, zone, currency, tax_bps) for entry in table.tables("trip")),
    )
    table.done()
    return vendor


def _trip(table: _Table, country: str, zone: str, currency: str, tax_bps: int) -> DemoTrip:
    trip = DemoTrip(
        title=table.text("title"),
        place=table.text("place"),
        country=table.text("country", default=country),
        zone=table.zone(default=zone),
        currency=currency,
        description=table.text("description"),
        duration_min=table.number("duration_min", 15, 30 * 24 * 60),
        prices=_prices(table.table("prices")),
        capacity=_capacity(table),
        policy=table.one_of("policy", PRESETS),
        tax_bps=tax_bps,
        weekdays=_weekdays(table),
        times=_times(table),
        languages=table.lines("languages"),
        meeting_point=table.text("meeting_point"),
        meet_before_min=table.number("meet_before_min", 0, 180),
        included=table.lines("included"),
        bring=table.lines("bring"),
        plan=_plan(table.table("plan")) if table.holds("plan") else None,
    )
    table.done()
    if trip.plan is not None and sellable(trip.plan.layout()) < trip.capacity[1]:
        raise table.wrong("plan", "it has fewer seats than are sold.")
    return trip


def _plan(table: _Table) -> DemoPlan:
    kind = PlanKind(table.one_of("kind", list(PlanKind)))
    plan = DemoPlan(table.text("name"), kind, table.number("size", 1, 14))
    table.done()
    return plan


def _prices(table: _Table) -> Mapping[TravellerType, int]:
    prices = {
        kind: table.number(kind.value, 0, 10_000_000)
        for kind in TravellerType
        if kind is TravellerType.ADULT or table.holds(kind.value)
    }
    table.done()
    adult = prices[TravellerType.ADULT]
    if adult == 0 or max(prices.values()) > adult:
        raise table.wrong("adult", "nobody pays more than an adult, and an adult pays something.")
    return MappingProxyType(prices)


def _capacity(table: _Table) -> tuple[int, int]:
    seats = table.list_of("capacity", int)
    if len(seats) != 2 or not 1 <= seats[0] < seats[1] <= 500:
        raise table.wrong("capacity", "the least and the most seats expected.")
    return seats[0], seats[1]


def _weekdays(table: _Table) -> frozenset[int]:
    days = table.list_of("weekdays", int)
    if not set(days) <= set(range(1, 8)):
        raise table.wrong("weekdays", "1 (Monday) to 7 expected.")
    return frozenset(days)


def _times(table: _Table) -> tuple[time, ...]:
    given = table.list_of("times", str)
    try:
        times = tuple(time.fromisoformat(text) for text in given)
    except ValueError as problem:
        raise table.wrong("times", str(problem)) from problem
    if [f"{at:%H:%M}" for at in times] != list(given) or list(times) != sorted(times):
        raise table.wrong("times", "HH:MM in order expected.")
    return times


def _traveller(table: _Table) -> DemoTraveller:
    traveller = DemoTraveller(
        name=table.text("name", clean_name),
        email=table.email(),
        phone=table.phone(),
    )
    table.done()
    return traveller


def _agency(table: _Table) -> DemoAgency:
    agency = DemoAgency(
        name=table.text("name", clean_name),
        legal=table.text("legal"),
        address=table.lines("address"),
        country=table.text("country"),
        registration=table.text("registration"),
        bank=table.lines("bank"),
        footer=table.text("footer"),
        tax_number=table.text("tax_number"),
        contact=table.text("contact"),
        zone=table.zone(),
        currency=table.one_of("currency", money.CURRENCIES),
        desks=table.lines("desks"),
        people=tuple(_person(entry) for entry in table.tables("person")),
    )
    table.done()
    return agency


def _person(table: _Table) -> DemoPerson:
    person = DemoPerson(
        name=table.text("name", clean_name),
        email=table.email(),
        role=Role(table.one_of("role", [role.value for role in Role])),
        vendor=table.text("vendor") if table.holds("vendor") else None,
    )
    table.done()
    return person
