"""What stands in a vendor's file where a column may not be empty, and vendors do not see it.

None of it is a fact: whatever shows a row of such a file leaves these out. They are in one place so that nobody has to
guess which they are; what a vendor does see is said by the hub alone (`migrations/central/0030_vendors.sql`).

A filler is a value, or is made of the columns that came: where a value has to be unique in its table it is the row's
own id, and `grant_id` leads to the one grant that this file makes of each departure (`storage.vendor_rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from travellr_desktop.domain.text import search_text

Filler = str | int | Callable[[Mapping[str, Any]], Any]

NOBODY = "0" * 32
"""An id that no row has."""

NEVER = "1970-01-01T00:00:00.000000Z"


def _id(row: Mapping[str, Any]) -> Any:
    return row["id"]


def _departure(row: Mapping[str, Any]) -> Any:
    return row["departure_id"]


def _found_by(row: Mapping[str, Any]) -> str:
    return search_text(str(row["name"]), phone=str(row["phone"]))


FILLERS: Mapping[str, Mapping[str, Filler]] = {
    "agencies": {
        "tax_number": "",
        "discount_limit_bps": 0,
        "offer_hours": 0,
        "cash_needs_till": 0,
        "pay_out_limit": 0,
        "refund_limits": "{}",
        "registration": "",
        "bank": "",
        "invoice_footer": "",
        "payouts_alone": 0,
        "payouts_run": 0,
        "iban": "",
        "bic": "",
    },
    "vendors": {"iban": "", "bic": "", "holder": ""},
    "commission_rates": {"note": ""},
    "bookings": {"grant_id": _departure},
    "discounts": {"sale_id": NOBODY},
    "sales": {"desk_id": NOBODY, "traveller_id": NOBODY},
    "travellers": {"email": "", "language": "", "address": "", "country": "", "search": _found_by},
    "disputes": {
        "ref": _id,
        "payment_id": NOBODY,
        "amount": 1,
        "currency": "XXX",
        "fee": 0,
        "fee_currency": "XXX",
        "reason": "",
        "opened_at": NEVER,
    },
    "ledger": {"desk_id": _id, "seq": 0, "prev_hash": "", "hash": _id},
    "payouts": {"batch_id": NOBODY, "reads": 0},
    "statements": {"batch_id": _id},
}
"""By table and column."""


def filled(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is written: with what came of it, and the fillers for what did not."""
    made = {
        name: filler(row) if callable(filler) else filler
        for name, filler in FILLERS.get(table, {}).items()
        if name not in row
    }
    return {**row, **made}
