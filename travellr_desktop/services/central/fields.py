"""Fields of synced rows as people know them: what they are called, and what their values say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from babel.dates import format_date, format_datetime

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import CURRENCIES, Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.percent_text import format_percent
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.repositories.central import CentralRepository
from travellr_desktop.storage.uow import Reading
from travellr_desktop.storage.wire import Kind, synced, travelling

NOTHING = "–"
LONGEST = 400
"""Letters of a value that are shown."""

DERIVED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "travellers": frozenset({"search", "name_key", "phone_key"}),
        "trips": frozenset({"search"}),
        "vendors": frozenset({"search"}),
    }
)
"""What follows from other fields of the same row, and is no value of its own to anybody."""

_LABELS = {
    "born": "Date of birth",
    "bps": "Share",
    "commission_bps": "Commission",
    "contact": "Contact",
    "deposit_bps": "Deposit",
    "email": "Email",
    "ends_at": "End",
    "expires_at": "Ends",
    "expires_on": "Valid until",
    "holder": "Holder of the account",
    "iban": "IBAN",
    "bic": "BIC",
    "included": "What is included",
    "invoice_footer": "Foot of invoices",
    "legal": "Legal name",
    "meet_before_min": "Minutes to meet before",
    "name_key": "Words it is found by",
    "phone": "Phone number",
    "phone_key": "Words it is found by",
    "policy": "Cancellation policy",
    "search": "Words it is found by",
    "starts_at": "Start",
    "state": "State",
    "tax_bps": "Tax",
}
_THINGS = {
    "agencies": "Agency",
    "allowances": "Seats beyond capacity of",
    "amendments": "Change of booking",
    "booking_lines": "Traveller on a booking",
    "bookings": "Booking",
    "commission_rates": "Rate of vendor",
    "credit_moves": "Credit of",
    "departures": "Departure",
    "desks": "Desk",
    "discounts": "Discount on booking",
    "grants": "Seats granted of",
    "holds": "Held seats of",
    "invoices": "Invoice",
    "ledger": "Entry of the ledger",
    "notes": "Note",
    "payment_shares": "Payment for booking",
    "payments": "Payment of sale",
    "payout_batches": "Batch of payouts",
    "payouts": "Payout to vendor",
    "promo_codes": "Promo code",
    "refund_orders": "Request to refund sale",
    "refunds": "Refund of booking",
    "sales": "Sale",
    "seat_grants": "Seat granted of",
    "seat_plans": "Seat plan",
    "seats": "Seat of",
    "series": "Series of",
    "statements": "Statement",
    "till_sessions": "Till",
    "travel_documents": "Travel document of",
    "travellers": "Traveller",
    "trip_pictures": "Picture of",
    "trip_prices": "Price of",
    "trip_seasons": "Season",
    "trips": "Trip",
    "users": "Person",
    "vendor_adjustments": "Adjustment of vendor",
    "vendor_documents": "Paper of vendor",
    "vendors": "Vendor",
    "waiting_list": "Waiting for",
    "write_offs": "Debt of",
}
_NAMING = ("reference", "number", "name", "title", "code", "text")
AMOUNTS = frozenset(
    {
        "amount",
        "price",
        "tax",
        "deposit",
        "kept",
        "discount",
        "own_discount",
        "fee",
        "counted",
        "expected",
        "pay_out_limit",
    }
)
"""Fields in minor units of the row's currency, or of the agency's."""
_POINTS_AT = {
    "actor_id": "users",
    "approved_by": "users",
    "booking_id": "bookings",
    "created_by": "users",
    "departure_id": "departures",
    "desk_id": "desks",
    "merged_into": "travellers",
    "plan_id": "seat_plans",
    "sale_id": "sales",
    "traveller_id": "travellers",
    "trip_id": "trips",
    "vendor_id": "vendors",
}


def label_of(field: str) -> str:
    """What a field is called."""
    return _LABELS.get(field) or field.removesuffix("_id").replace("_", " ").capitalize()


def is_share(field: str) -> bool:
    """Whether a field holds a share, in basis points."""
    return field.endswith("_bps") or field == "bps"


def word_of(value: str) -> str:
    """What one of the values of a field is called that has few."""
    return value.replace("_", " ").capitalize()


def shown(said: str) -> str:
    """As much of what a value says as is shown."""
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


class FieldWords:
    """Writes values for one person: by locale, on the clocks of the agency."""

    def __init__(self, view: Reading, locale: str) -> None:
        agency = view.agency.find()
        self._locale = locale_of(locale)
        self._name = locale
        self._zone = zone_of(agency.zone if agency else "UTC")
        self.currency = agency.currency if agency else ""
        self._central = CentralRepository(view.connection)

    def thing(self, table: str, row_id: UUID | None, fields: Mapping[str, Any]) -> str:
        """`Booking BK-2026-004171`; of a row that is not here, as far as `fields` say."""
        kind = _THINGS.get(table) or table.replace("_", " ").removesuffix("s").capitalize()
        name = self._central.name_of(table, row_id) if row_id is not None else ""
        name = name or next((str(fields[key]) for key in _NAMING if fields.get(key)), "")
        return f"{kind} {name}".strip()

    def value(self, table: str, field: str, value: Any, row: Mapping[str, Any]) -> str:
        """What a value says. `row` is the row that it belongs to, as far as it is known: an amount needs its
        currency."""
        if value is None or value == "":
            return NOTHING
        kind = travelling(table).get(field, Kind.PLAIN) if table in synced() else Kind.PLAIN
        try:
            said = self._said(field, kind, value, row)
        except (ValueError, TypeError, KeyError):
            said = str(value)  # of another version of the program: shown as it is
        return shown(said)

    def _said(self, field: str, kind: Kind, value: Any, row: Mapping[str, Any]) -> str:
        if kind is Kind.FLAG:
            return "Yes" if value else "No"
        if kind is Kind.MOMENT:
            local = utc_moment(value).astimezone(self._zone)
            return str(format_datetime(local, "medium", locale=self._locale))
        if kind is Kind.ID:
            return self._central.name_of(_POINTS_AT.get(field, ""), UUID(value)) or "Another one"
        if is_share(field):
            return f"{format_percent(int(value))} %"
        if field in AMOUNTS and isinstance(value, int):
            currency = str(row.get("currency") or self.currency)
            return format_money(Money(value, currency), self._name) if currency in CURRENCIES else str(value)
        if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
            return str(format_date(date.fromisoformat(value), "medium", locale=self._locale))
        if isinstance(value, str) and value[:1] in "[{":
            return ", ".join(_items(json.loads(value))) or NOTHING
        return str(value)


def _items(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{label_of(str(name))}: {_flat(each)}" for name, each in value.items()]
    return [_flat(each) for each in value]


def _flat(value: Any) -> str:
    return " ".join(_items(value)) if isinstance(value, (dict, list)) else str(value)
