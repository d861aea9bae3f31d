"""The books as people read them: balances at the end of a day, whose they are, and single entries. Nothing is written.

A day ends at midnight in the agency's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.ledger import (
    VENDOR_ACCOUNTS,
    Account,
    LedgerEvent,
    Place,
    Sums,
    TrialBalance,
    TrialRow,
    standing,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services.today import today
from travellr_desktop.storage.models import LedgerRow
from travellr_desktop.storage.uow import Database, Reading

BY_BOOKING = frozenset(
    {
        Account.TRAVELLER_FUNDS,
        Account.TRAVELLER_RECEIVABLE,
        Account.OVERPAYMENT,
        Account.REFUNDS_PAYABLE,
        Account.DISPUTED_FUNDS,
        Account.BAD_DEBTS,
    }
)
"""The accounts whose balance is that of bookings."""

MOST_PARTS = 200
"""Parts of a balance that are named; the others are added up."""


@dataclass(frozen=True, slots=True)
class BooksView:
    """Every account that was ever touched, when `day` was over; of `entries` entries."""

    day: date
    zone: str
    entries: int
    trial: TrialBalance


@dataclass(frozen=True, slots=True)
class Part:
    """What is a vendor's, or a booking's, of a balance, as people read it. The id is that of vendor or booking, None
    for entries of none; `second` is the traveller of a booking."""

    id: UUID | None
    name: str
    second: str
    balance: Money


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one balance, the largest first. `others` more come to `rest`."""

    account: Account
    rows: tuple[Part, ...]
    others: int
    rest: Money
    total: Money


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list of a few. `number` is its place in the chain of its desk."""

    id: UUID
    number: int
    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One entry and what it belongs to. References are "" where it belongs to nothing of the kind; `provider_ref` is
    that of its refund, else of its payment. `together` are all entries of the same happening, itself too."""

    id: UUID
    number: int
    desk: str
    at: datetime
    by: str
    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money
    booking: str
    traveller: str
    sale: str
    vendor_id: UUID | None
    vendor: str
    way: str
    provider_ref: str
    has_payment: bool
    has_refund: bool
    available_at: datetime | None
    prev_hash: str
    hash: str
    together: tuple[EntryLine, ...]


class BooksService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def balances(self, actor: Actor, day: date | None = None) -> BooksView:
        """Balances and trial balance when `day` was over; today's as they are now."""
        require(actor, Permission.LEDGER_READ)
        with self._db.read() as view:
            day, before, zone = _end_of(view, day)
            sums, entries = view.books.sums(before)
            return BooksView(day, zone, entries, _trial(sums))

    def vendors(self, actor: Actor, account: Account, currency: str, day: date | None = None) -> Parts:
        """Whose a balance is, by vendor. Raises `InvalidInput` for an account that is not the vendors'."""
        require(actor, Permission.LEDGER_READ)
        if account not in VENDOR_ACCOUNTS:
            raise InvalidInput("No part of this account belongs to a vendor.", field="account")
        with self._db.read() as view:
            _, before, _ = _end_of(view, day)
            sums, _ = view.books.sums(before)
            own = {
                place.vendor_id: standing(account, each.balance)
                for place, each in sums.items()
                if place.account is account and place.currency == currency and each.balance
            }
            names = view.books.vendor_names([vendor for vendor in own if vendor is not None])
        rows = [
            Part(vendor, "" if vendor is None else names.get(vendor, ""), "", Money(minor, currency))
            for vendor, minor in own.items()
        ]
        rows.sort(key=lambda part: (-abs(part.balance.minor), part.name))
        whole, named = sum(own.values()), tuple(rows[:MOST_PARTS])
        rest = whole - sum(part.balance.minor for part in named)
        return Parts(account, named, len(rows) - len(named), Money(rest, currency), Money(whole, currency))

    def bookings(self, actor: Actor, account: Account, currency: str, day: date | None = None) -> Parts:
        """Whose a balance is, by booking. Raises `InvalidInput` for an account that is not in `BY_BOOKING`."""
        require(actor, Permission.LEDGER_READ)
        if account not in BY_BOOKING:
            raise InvalidInput("No part of this account belongs to a booking.", field="account")
        with self._db.read() as view:
            _, before, _ = _end_of(view, day)
            found = view.books.of_bookings(account, currency, before, MOST_PARTS)
        rows = tuple(
            Part(
                row.booking_id, row.reference, row.traveller, Money(standing(account, row.balance), currency)
            )
            for row in found.largest
        )
        rest = standing(account, found.others_balance)
        whole = rest + sum(part.balance.minor for part in rows)
        return Parts(account, rows, found.others, Money(rest, currency), Money(whole, currency))

    def entry(self, actor: Actor, entry_id: UUID) -> EntryDetail:
        """Raises `NotFound`."""
        require(actor, Permission.LEDGER_READ)
        with self._db.read() as view:
            row = view.books.find(entry_id)
            if row is None:
                raise NotFound("There is no such entry.")
            around = view.books.around(row)
            return EntryDetail(
                id=row.id,
                number=row.seq,
                desk=around.desk,
                at=row.at,
                by=view.users.names((around.actor_id,)).get(around.actor_id, ""),
                event=row.event,
                debit=row.debit,
                credit=row.credit,
                amount=Money(row.amount, row.currency),
                booking=around.booking,
                traveller=around.traveller,
                sale=around.sale,
                vendor_id=row.vendor_id,
                vendor=around.vendor,
                way=around.payment_label,
                provider_ref=around.refund_ref or around.payment_ref or "",
                has_payment=row.payment_id is not None,
                has_refund=row.refund_id is not None,
                available_at=row.available_at,
                prev_hash=row.prev_hash,
                hash=row.hash,
                together=tuple(_line(each) for each in view.books.together(row)),
            )


def _end_of(reading: Reading, day: date | None) -> tuple[date, datetime, str]:
    """The day, today if none is named; the moment when it is over, and the zone in which it is."""
    zone = reading.agency.get().zone
    day = day or today(reading)
    return day, day_bounds(day, zone)[1], zone


def _trial(sums: Mapping[Place, Sums]) -> TrialBalance:
    """Vendors put together."""
    found: dict[tuple[str, Account], Sums] = {}
    for place, each in sums.items():
        had = found.get((place.currency, place.account), Sums())
        found[place.currency, place.account] = Sums(had.debits + each.debits, had.credits + each.credits)
    order = list(Account)
    return TrialBalance(
        tuple(
            TrialRow(account, currency, each.debits, each.credits)
            for (currency, account), each in sorted(
                found.items(), key=lambda item: (item[0][0], order.index(item[0][1]))
            )
        )
    )


def _line(row: LedgerRow) -> EntryLine:
    return EntryLine(row.id, row.seq, row.event, row.debit, row.credit, Money(row.amount, row.currency))
