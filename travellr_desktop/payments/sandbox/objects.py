"""Payments, charges, refunds, cards and events as Stripe writes them, made from the rows of the sandbox's file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from travellr_desktop.payments.sandbox import moves
from travellr_desktop.payments.sandbox.cards import CARDS, Card
from travellr_desktop.payments.sandbox.moves import Move
from travellr_desktop.payments.sandbox.rows import Row, known
from travellr_desktop.payments.sandbox.wire import Json

Render = Callable[[sqlite3.Connection, Row], Json]

_BRAND_NAMES = {
    "visa": "Visa",
    "mastercard": "Mastercard",
    "amex": "American Express",
    "discover": "Discover",
}


def intent_object(_connection: sqlite3.Connection, row: Row) -> Json:
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
        "customer": row["customer"],
        "description": row["description"],
        "last_payment_error": None if row["last_error"] is None else json.loads(row["last_error"]),
        "latest_charge": row["latest_charge"],
        "livemode": False,
        "metadata": json.loads(row["metadata"]),
        "next_action": {"type": "use_stripe_sdk"} if row["status"] == "requires_action" else None,
        "payment_method": row["payment_method"],
        "processing": None,
        "setup_future_usage": row["future_usage"],
        "status": row["status"],
        "transfer_group": row["transfer_group"],
    }


def charge_object(connection: sqlite3.Connection, row: Row) -> Json:
    intent = known(connection, "intents", row["intent"])
    succeeded = row["status"] == "succeeded"
    card = CARDS[row["card"]]
    return {
        "id": row["id"],
        "object": "charge",
        "amount": row["amount"],
        "amount_captured": row["amount"] if succeeded else 0,
        "amount_refunded": row["refunded"],
        "balance_transaction": moves.of_source(connection, row["id"], Move.CHARGE),
        "captured": succeeded,
        "created": row["created"],
        "currency": row["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": is_disputed(connection, row["id"]),
        "failure_balance_transaction": None,
        "failure_code": row["failure_code"],
        "failure_message": row["failure_message"],
        "livemode": False,
        "metadata": json.loads(intent["metadata"]),
        "outcome": _outcome(row),
        "paid": succeeded,
        "payment_intent": row["intent"],
        "payment_method": row["method"] or row["card"],
        "payment_method_details": {"type": row["way"], row["way"]: _card_details(card, row["way"])},
        "receipt_url": None,
        "refunded": row["refunded"] == row["amount"],
        "status": row["status"],
        "transfer_group": intent["transfer_group"],
    }


def is_disputed(connection: sqlite3.Connection, charge: str) -> bool:
    """Whether the charge was ever disputed, an inquiry counted in."""
    return connection.execute("SELECT 1 FROM disputes WHERE charge = ?", (charge,)).fetchone() is not None


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


def _card_details(card: Card, way: str = "card") -> Json:
    details: Json = {
        "brand": card.brand,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "credit",
        "last4": card.last4,
        "network": card.brand,
    }
    if way == "card_present":
        return details | {
            "cardholder_name": None,
            "emv_auth_data": None,
            "generated_card": None,
            "read_method": "contactless_emv",
            "receipt": {
                "application_preferred_name": f"{_BRAND_NAMES[card.brand]} Credit",
                "authorization_code": "123456",
                "authorization_response_code": "3030",
                "cardholder_verification_method": "approval",
                "dedicated_file_name": "A000000003101001",
            },
        }
    return details


def payment_method_object(
    card: Card, now: int, *, ref: str | None = None, customer: str | None = None
) -> Json:
    """A card by its own name, or one that has an id because it belongs to somebody."""
    return {
        "id": ref or card.method,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "card": _card_details(card),
        "created": now,
        "customer": customer,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def saved_method_object(_connection: sqlite3.Connection, row: Row) -> Json:
    return payment_method_object(CARDS[row["card"]], row["created"], ref=row["id"], customer=row["customer"])


def refund_object(connection: sqlite3.Connection, row: Row) -> Json:
    shape: Json = {
        "id": row["id"],
        "object": "refund",
        "amount": row["amount"],
        "balance_transaction": moves.of_source(connection, row["id"], Move.REFUND),
        "charge": row["charge"],
        "created": row["created"],
        "currency": row["currency"],
        "metadata": json.loads(row["metadata"]),
        "payment_intent": row["intent"],
        "reason": row["reason"],
        "receipt_number": None,
        "status": row["status"],
    }
    if row["failure_reason"] is not None:
        shape["failure_reason"] = row["failure_reason"]
        shape["failure_balance_transaction"] = moves.of_source(connection, row["id"], Move.REFUND_FAILURE)
    return shape


def event_object(_connection: sqlite3.Connection, row: Row) -> Json:
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
