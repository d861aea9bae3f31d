"""How the list of invoices and credit notes is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import (
    Condition,
    between,
    contains,
    equals,
    folded,
    one_of,
    stored,
)
from travellr_desktop.storage.list_spec import Join, ListSpec, SumOf


@dataclass(frozen=True, slots=True)
class InvoiceListRow:
    """A document in a list. Amounts of a credit note are below zero; `of` is the number of the invoice that it is of;
    `credited` is what was credited of an invoice by now, below zero or nothing."""

    id: UUID
    number: str
    kind: InvoiceKind
    at: datetime
    day: date
    buyer: str
    tax_number: str
    sale: str
    of: str
    by: str
    net: Money
    tax: Money
    gross: Money
    credited: Money

    def exported(self) -> Mapping[str, object]:
        """A line of the book of invoices."""
        return {
            "number": self.number,
            "kind": self.kind,
            "day": self.day,
            "buyer": self.buyer,
            "tax_number": self.tax_number,
            "sale": self.sale,
            "of": self.of,
            "net": self.net,
            "tax": self.tax,
            "gross": self.gross,
            "credited": self.credited,
            "issued_by": self.by,
        }


_SIGN = "(CASE i.kind WHEN 'invoice' THEN 1 ELSE -1 END)"
_BUYER = "json_extract(i.buyer, '$.name')"
_TAX_NUMBER = "json_extract(i.buyer, '$.tax_number')"
_CREDITED = "coalesce((SELECT sum(c.gross) FROM invoices c WHERE c.of_id = i.id), 0)"


def _invoice(row: Sequence[Any]) -> InvoiceListRow:
    currency = row[10]
    return InvoiceListRow(
        id=UUID(row[0]),
        number=row[1],
        kind=InvoiceKind(row[2]),
        at=utc_moment(row[3]),
        day=date.fromisoformat(row[4]),
        buyer=row[5],
        tax_number=row[6] or "",
        sale=row[7],
        of=row[8] or "",
        by=row[9] or "",
        net=Money(row[11], currency),
        tax=Money(row[12], currency),
        gross=Money(row[13], currency),
        credited=Money(-row[14], currency),
    )


def _of_booking(value: object) -> Condition:
    """Documents that have a line of a booking."""
    lines = "SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.id AND l.booking_id = ?"
    return Condition(f"EXISTS ({lines})", (stored(value),))


INVOICES: ListSpec[InvoiceListRow] = ListSpec(
    table="invoices i",
    key="i.rowid",
    id="i.id",
    columns=(
        "i.id",
        "i.number",
        "i.kind",
        "i.issued_at",
        "i.issued_on",
        _BUYER,
        _TAX_NUMBER,
        "s.reference",
        "o.number",
        "json_extract(i.seller, '$.issued_by')",
        "i.currency",
        f"i.net * {_SIGN}",
        f"i.tax * {_SIGN}",
        f"i.gross * {_SIGN}",
        _CREDITED,
    ),
    make=_invoice,
    joins=(
        Join("s", "JOIN sales s ON s.id = i.sale_id"),
        Join("o", "LEFT JOIN invoices o ON o.id = i.of_id"),
    ),
    sortable={
        "number": "i.number",
        "at": "i.issued_at",
        "buyer": f"{_BUYER} COLLATE NOCASE",
        "sale": "s.reference",
        "gross": f"i.gross * {_SIGN}",
    },
    order="at",
    order_descending=True,
    filters={
        "kind": one_of("i.kind"),
        "at": between("i.issued_at"),
        "currency": equals("i.currency"),
        "sale": equals("i.sale_id"),
        "booking": _of_booking,
    },
    search=contains("lower(i.number)", "lower(s.reference)", folded(_BUYER), folded(_TAX_NUMBER), fold=fold),
    sums={
        "net": SumOf(f"i.net * {_SIGN}", "i.currency"),
        "tax": SumOf(f"i.tax * {_SIGN}", "i.currency"),
        "gross": SumOf(f"i.gross * {_SIGN}", "i.currency"),
    },
)
