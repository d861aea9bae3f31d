"""Objects as Stripe writes them, made from the rows of the sandbox's file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable

from travellr_desktop.payments.sandbox.cards import CARDS, Card
from travellr_desktop.payments.sandbox.wire import Json, invalid

Row = sqlite3.Row

_EXPANDABLE: dict[str, frozenset[str]] = {
    "payment_intent": frozenset({"latest_charge"}),
    "charge": frozenset({"payment_intent"}),
    "refund": frozenset({"charge", "payment_intent"}),
}


def one(connection: sqlite3.Connection, table: str, ref: str) -> Row | None:
    row: Row | None = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (ref,)).fetchone()
    return row


def _known(connection: sqlite3.Connection, table: str, ref: str) -> Row:
    row = one(connection, table, ref)
    assert row is not None, f"{table} lacks {ref}"  # foreign keys see to it
    return row


def intent_object(connection: sqlite3.Connection, row: Row, expand: Iterable[str] = ()) -> Json:
    charge: str | Json | None = row["latest_charge"]
    if charge is not None and "latest_charge" in expand:
        charge = charge_object(connection, _known(connection, "charges", row["latest_charge"]))
    succeeded = row["status"] == "succeeded"
    return {
        "id": row["id"],
        "object": "payment_intent",
        "amount": row["amount"],
        "amount_capturable": 0,
        "amount_received": row["amount"] if succeeded else 0,
        "allowed_payment_method_types": json.loads(row["method_types"]),
        "canceled_at": row["canceled_at"],
        "cancellation_reason": row["cancellation_reason"],
        "capture_method": "automatic_async",
        "client_secret": f"{row['id']}_secret_{row['seq']}",
        "confirmation_method": "automatic",
        "created": row["created"],
        "currency": row["currency"],
        "customer": None,
        "description": row["description"],
        "last_payment_error": None if row["last_error"] is None else json.loads(row["last_error"]),
        "latest_charge": charge,
        "livemode": False,
        "metadata": json.loads(row["metadata"]),
        "next_action": {"type": "use_stripe_sdk"} if row["status"] == "requires_action" else None,
        "payment_method": row["payment_method"],
        "processing": None,
        "status": row["status"],
    }


def charge_object(connection: sqlite3.Connection, row: Row, expand: Iterable[str] = ()) -> Json:
    intent_row = _known(connection, "intents", row["intent"])
    succeeded = row["status"] == "succeeded"
    card = CARDS[row["card"]]
    return {
        "id": row["id"],
        "object": "charge",
        "amount": row["amount"],
        "amount_captured": row["amount"] if succeeded else 0,
        "amount_refunded": row["refunded"],
        "captured": succeeded,
        "created": row["created"],
        "currency": row["currency"],
        "description": intent_row["description"],
        "disputed": False,
        "failure_code": row["failure_code"],
        "failure_message": row["failure_message"],
        "livemode": False,
        "metadata": json.loads(intent_row["metadata"]),
        "outcome": _outcome(row),
        "paid": succeeded,
        "payment_intent": intent_object(connection, intent_row)
        if "payment_intent" in expand
        else row["intent"],
        "payment_method": row["card"],
        "payment_method_details": {"type": "card", "card": _card_details(card)},
        "receipt_url": None,
        "refunded": row["refunded"] == row["amount"],
        "status": row["status"],
    }


def _outcome(row: Row) -> Json:
    if row["status"] == "succeeded":
        return {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "network_status": "declined_by_network",
        "reason": row["decline_code"],
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _card_details(card: Card) -> Json:
    return {
        "brand": card.brand,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "credit",
        "last4": card.last4,
        "network": card.brand,
    }


def payment_method_object(card: Card, now: int) -> Json:
    return {
        "id": card.method,
        "object": "payment_method",
        "card": _card_details(card),
        "created": now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def refund_object(connection: sqlite3.Connection, row: Row, expand: Iterable[str] = ()) -> Json:
    charge: str | Json = row["charge"]
    if "charge" in expand:
        charge = charge_object(connection, _known(connection, "charges", row["charge"]))
    intent: str | Json = row["intent"]
    if "payment_intent" in expand:
        intent = intent_object(connection, _known(connection, "intents", row["intent"]))
    shape: Json = {
        "id": row["id"],
        "object": "refund",
        "amount": row["amount"],
        "charge": charge,
        "created": row["created"],
        "currency": row["currency"],
        "metadata": json.loads(row["metadata"]),
        "payment_intent": intent,
        "reason": row["reason"],
        "receipt_number": None,
        "status": row["status"],
    }
    if row["failure_reason"] is not None:
        shape["failure_reason"] = row["failure_reason"]
    return shape


def event_object(_connection: sqlite3.Connection, row: Row, _expand: Iterable[str] = ()) -> Json:
    return {
        "id": row["id"],
        "object": "event",
        "created": row["created"],
        "data": {"object": json.loads(row["object"])},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": row["request"], "idempotency_key": row["key"]},
        "type": row["type"],
    }


Render = Callable[[sqlite3.Connection, Row, Iterable[str]], Json]


def check_expand(kind: str, wanted: Iterable[str], *, listed: bool = False) -> frozenset[str]:
    """The fields to expand in an object of that kind. Raises `ApiError` for one that cannot be."""
    allowed = _EXPANDABLE.get(kind, frozenset())
    fields = set()
    for name in wanted:
        field = name.removeprefix("data.") if listed else name
        if field not in allowed or (listed and field == name):
            raise invalid(f"This property cannot be expanded ({name}).", param="expand")
        fields.add(field)
    return frozenset(fields)
