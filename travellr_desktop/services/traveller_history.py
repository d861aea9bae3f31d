"""One traveller as a whole: what is known of them, their money, and what was merged into their record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.services import likely
from travellr_desktop.services.today import today
from travellr_desktop.storage.models import Traveller
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class TravellerMoney:
    """In one currency: `booked` is the price of all bookings but cancelled ones, `paid` what came in, `back` what was
    given back."""

    booked: Money
    paid: Money
    back: Money

    @property
    def left(self) -> Money:
        """Paid and not given back."""
        return self.paid - self.back


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """A record that was merged into this one; `merge_id` splits it off again, the newest first."""

    merge_id: UUID
    name: str
    email: str
    phone: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TravellerRecord:
    """`age` today; `alike`: how many other records are likely the same person; `version` rises with every change."""

    id: UUID
    version: int
    name: str
    email: str
    phone: str
    born: date | None
    age: int | None
    language: str
    address: str
    country: str
    created_at: datetime
    bookings: int
    notes: int
    alike: int
    money: tuple[TravellerMoney, ...]
    merged: tuple[MergedRecord, ...]


def record(view: Reading, row: Traveller) -> TravellerRecord:
    people = view.travellers
    return TravellerRecord(
        id=row.id,
        version=row.version,
        name=row.name,
        email=row.email,
        phone=row.phone,
        born=row.born,
        age=None if row.born is None else _years(row.born, today(view)),
        language=row.language,
        address=row.address,
        country=row.country,
        created_at=row.created_at,
        bookings=people.count_bookings(row.id),
        notes=people.count_notes([row.id]).get(row.id, 0),
        alike=len(likely.of(view, [row.id]).get(row.id, ())),
        money=money_of(view, row.id),
        merged=_merged(view, row.id),
    )


def money_of(view: Reading, traveller_id: UUID) -> tuple[TravellerMoney, ...]:
    """By currency, what they booked most in first."""
    return tuple(
        TravellerMoney(
            Money(each.booked, each.currency),
            Money(each.paid, each.currency),
            Money(each.back, each.currency),
        )
        for each in view.travellers.sums(traveller_id)
    )


def _merged(view: Reading, traveller_id: UUID) -> tuple[MergedRecord, ...]:
    merges = view.travellers.merges(traveller_id)
    rows = view.travellers.rows([each.other_id for each in merges])
    names = view.users.names(each.created_by for each in merges)
    return tuple(
        MergedRecord(
            each.id,
            rows[each.other_id].name,
            rows[each.other_id].email,
            rows[each.other_id].phone,
            each.created_at,
            names[each.created_by],
        )
        for each in merges
    )


def _years(born: date, day: date) -> int:
    return max(day.year - born.year - ((day.month, day.day) < (born.month, born.day)), 0)
