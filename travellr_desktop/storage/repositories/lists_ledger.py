"""How the list of the ledger's entries is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import Condition, between, equals, one_of
from travellr_desktop.storage.list_spec import Join, ListSpec, SumOf
from travellr_desktop.storage.search import Search, Source


@dataclass(frozen=True, slots=True)
class LedgerListRow:
    """An entry in a list. `number` is its place in the chain of its desk; references and the vendor are "" where it
    belongs to nothing of the kind. `sale` is that of its booking, else of its payment."""

    id: UUID
    at: datetime
    desk: str
    number: int
    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money
    booking: str
    sale: str
    vendor: str
    payment_ref: str
    refund_ref: str
    hash: str

    def exported(self) -> Mapping[str, object]:
        """A line of the journal."""
        return {
            "at": self.at,
            "desk": self.desk,
            "entry": self.number,
            "event": self.event,
            "debit": self.debit,
            "credit": self.credit,
            "amount": self.amount,
            "booking": self.booking,
            "sale": self.sale,
            "vendor": self.vendor,
            "payment": self.payment_ref,
            "refund": self.refund_ref,
            "hash": self.hash,
        }


def _entry(row: Sequence[Any]) -> LedgerListRow:
    return LedgerListRow(
        id=UUID(row[0]),
        at=utc_moment(row[1]),
        desk=row[2],
        number=row[3],
        event=LedgerEvent(row[4]),
        debit=Account(row[5]),
        credit=Account(row[6]),
        amount=Money(row[7], row[8]),
        booking=row[9] or "",
        sale=row[10] or "",
        vendor=row[11] or "",
        payment_ref=row[12] or "",
        refund_ref=row[13] or "",
        hash=row[14],
    )


def _either_side(value: object) -> Condition:
    """An account, or one of several, was debited or credited."""
    debit, credit = one_of("l.debit")(value), one_of("l.credit")(value)
    return Condition(f"({debit.sql} OR {credit.sql})", (*debit.values, *credit.values))


def _either_side_met(value: object) -> Condition:
    """The same, asked of each row on the way: the pluses keep SQLite from collecting and sorting them."""
    debit, credit = one_of("+l.debit")(value), one_of("+l.credit")(value)
    return Condition(f"({debit.sql} OR {credit.sql})", (*debit.values, *credit.values))


LEDGER: ListSpec[LedgerListRow] = ListSpec(
    table="ledger l",
    key="l.rowid",
    id="l.id",
    columns=(
        "l.id",
        "l.at",
        "k.name",
        "l.seq",
        "l.event",
        "l.debit",
        "l.credit",
        "l.amount",
        "l.currency",
        "b.reference",
        "coalesce(s.reference, q.reference)",
        "v.name",
        "p.provider_ref",
        "r.provider_ref",
        "l.hash",
    ),
    make=_entry,
    joins=(
        Join("k", "JOIN desks k ON k.id = l.desk_id"),
        Join("b", "LEFT JOIN bookings b ON b.id = l.booking_id"),
        Join("s", "LEFT JOIN sales s ON s.id = b.sale_id"),
        Join("p", "LEFT JOIN payments p ON p.id = l.payment_id"),
        Join("q", "LEFT JOIN sales q ON q.id = p.sale_id"),
        Join("r", "LEFT JOIN refunds r ON r.id = l.refund_id"),
        Join("v", "LEFT JOIN vendors v ON v.id = l.vendor_id"),
    ),
    sortable={
        "at": "l.at",
        "event": "l.event",
        "booking": "b.reference",
        "debit": "l.debit",
        "credit": "l.credit",
        "amount": "l.amount",
    },
    order="at",
    order_descending=True,
    filters={
        "at": between("l.at"),
        "account": _either_side,
        "event": one_of("l.event"),
        "currency": equals("l.currency"),
        "vendor": equals("l.vendor_id"),
        "booking": equals("l.booking_id"),
    },
    search=Search(
        Source(
            texts=("b.reference", "s.reference"),
            owner="bookings b",
            link=("l.booking_id", "b.id"),
            rows="CROSS JOIN ledger l ON l.booking_id = b.id",
            index="reference_words",
            plain=True,
        ),
        fold=fold,
    ),
    sums={"amount": SumOf("l.amount", "l.currency")},
)


MANY = 20_000
"""Entries on one side of an account from which on it is met often enough on the way through all of them."""


def of_account(
    connection: sqlite3.Connection, account: Account, *, narrowed: bool
) -> ListSpec[LedgerListRow]:
    """The list of one account, with what was debited and what was credited to it in place of one sum.

    Entries of a rare account are collected by its indexes. Those of one that nearly every entry is about are met in
    the order of time, which is in order already; unless the list is `narrowed` to few of them by something else.
    """
    sums = {
        side: SumOf("l.amount", "l.currency", f"l.{side} = '{account.value}'") for side in ("debit", "credit")
    }
    filters = dict(LEDGER.filters)
    if not narrowed and any(_many(connection, side, account) for side in ("debit", "credit")):
        filters["account"] = _either_side_met
    return replace(LEDGER, sums=sums, filters=filters)


def _many(connection: sqlite3.Connection, side: str, account: Account) -> bool:
    """Counted on the index, and no further than it takes."""
    counted = f"SELECT count(*) FROM (SELECT 1 FROM ledger WHERE {side} = ? LIMIT {MANY})"
    (count,) = connection.execute(counted, (account.value,)).fetchone()
    return bool(count == MANY)
