"""What entries come to: balances of accounts, bookings and vendors, at any time, and the trial balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.ledger.accounts import DEBIT_GROWS, Account, standing
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.money import CurrencyMismatch
from travellr_desktop.domain.periods import day_bounds, to_utc


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """Debits less credits of each account touched, in minor units; their sum is always zero.

    Raises `CurrencyMismatch` if the entries are not all of one currency.
    """
    found: dict[Account, int] = {}
    currency: str | None = None
    for entry in entries:
        currency = currency or entry.amount.currency
        if entry.amount.currency != currency:
            raise CurrencyMismatch(f"{currency} and {entry.amount.currency} have no common balance.")
        found[entry.debit] = found.get(entry.debit, 0) + entry.amount.minor
        found[entry.credit] = found.get(entry.credit, 0) - entry.amount.minor
    return found


# at a time


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry as it stands in the books since `at`, an aware moment."""

    entry: Entry
    at: datetime


def posted_before(posted: Iterable[Posted], moment: datetime) -> Iterator[Entry]:
    """The entries that stood in the books just before a moment."""
    limit = to_utc(moment)
    return (each.entry for each in posted if to_utc(each.at) < limit)


def as_at(posted: Iterable[Posted], day: date, zone: str) -> Iterator[Entry]:
    """The entries that stood in the books when a day was over in a zone."""
    return posted_before(posted, day_bounds(day, zone)[1])


# of what


@dataclass(frozen=True, slots=True)
class Place:
    """What a balance is of. Booking or vendor are None where it is not asked for them, or an entry has none."""

    account: Account
    currency: str
    booking_id: UUID | None = None
    vendor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What was debited and credited, in minor units."""

    debits: int = 0
    credits: int = 0

    @property
    def balance(self) -> int:
        """Debits less credits."""
        return self.debits - self.credits


VENDOR_ACCOUNTS = frozenset({Account.VENDOR_PAYABLE, Account.PAYOUTS_IN_TRANSIT})
"""The accounts whose entries are some vendor's."""


def sums(entries: Iterable[Entry], *, by_booking: bool = False, by_vendor: bool = False) -> dict[Place, Sums]:
    """Debits and credits of each account and currency, and if wanted of each booking and vendor.

    A vendor has only what is on vendor payable and payouts in transit: of other accounts no part is theirs.
    """
    found: dict[Place, Sums] = {}
    for entry in entries:
        booking = entry.booking_id if by_booking else None
        minor = entry.amount.minor
        for account, debit, credit in ((entry.debit, minor, 0), (entry.credit, 0, minor)):
            vendor = entry.vendor_id if by_vendor and account in VENDOR_ACCOUNTS else None
            place = Place(account, entry.amount.currency, booking, vendor)
            had = found.get(place, Sums())
            found[place] = Sums(had.debits + debit, had.credits + credit)
    return found


# the trial balance


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account in one currency: what was debited and credited, in minor units."""

    account: Account
    currency: str
    debits: int
    credits: int

    @property
    def standing(self) -> int:
        """As people read it: above zero is what the account is for."""
        return standing(self.account, self.debits - self.credits)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account in every currency. The two totals of a currency are equal, or something is wrong."""

    rows: tuple[TrialRow, ...]

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(sorted({row.currency for row in self.rows}))

    def turnover(self, currency: str) -> Sums:
        """All that was ever debited and credited in a currency."""
        rows = [row for row in self.rows if row.currency == currency]
        return Sums(sum(row.debits for row in rows), sum(row.credits for row in rows))

    def totals(self, currency: str) -> Sums:
        """The standings of the accounts that grow by debits, and of those that grow by credits."""
        rows = [row for row in self.rows if row.currency == currency]
        debit = sum(row.standing for row in rows if row.account in DEBIT_GROWS)
        credit = sum(row.standing for row in rows if row.account not in DEBIT_GROWS)
        return Sums(debit, credit)

    @property
    def agrees(self) -> bool:
        """Whether debits and credits are equal in every currency."""
        return all(self.turnover(currency).balance == 0 for currency in self.currencies)


def trial_balance(entries: Iterable[Entry]) -> TrialBalance:
    """Every account that was ever touched, by currency, then in the order of the accounts."""
    order = list(Account)
    found = sorted(sums(entries).items(), key=lambda each: (each[0].currency, order.index(each[0].account)))
    return TrialBalance(
        tuple(TrialRow(place.account, place.currency, each.debits, each.credits) for place, each in found)
    )


# what still stands


def standing_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in the order in which they were posted, without those that were reversed and their reversals.

    A reversal undoes the newest entry before it that says the same the other way. One that has none stays: it
    moved money.
    """
    left: list[Entry] = []
    for entry in entries:
        if entry.event is not LedgerEvent.REVERSAL:
            left.append(entry)
            continue
        undone = next((i for i in range(len(left) - 1, -1, -1) if _undoes(entry, left[i])), None)
        if undone is None:
            left.append(entry)
        else:
            del left[undone]
    return left


def _undoes(reversal: Entry, entry: Entry) -> bool:
    return (
        entry.event is not LedgerEvent.REVERSAL
        and (reversal.debit, reversal.credit) == (entry.credit, entry.debit)
        and reversal.amount == entry.amount
        and reversal.booking_id == entry.booking_id
        and reversal.vendor_id == entry.vendor_id
    )
