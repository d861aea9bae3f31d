"""Payment links: checkout sessions of mode `payment` on a page of their own.

A session is open until it is paid, expired by call, or its time is up. It has no payment intent until its traveller
tries to pay; a declined card leaves the intent, and the next card is charged for the same one. An intent of a session
is confirmed and cancelled by the session alone.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from travellr_desktop.payments.sandbox import customers, intents, limits, settings
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import Card
from travellr_desktop.payments.sandbox.charging import Attempt, attempt
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.methods import Chosen
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import ApiError, Json, absent, invalid

PAGE = "/c/pay/"
"""Below this address are the pages of the links."""

_MINUTE, _HOUR = 60, 3600
_TAKEN = frozenset(
    {
        "allowed_payment_method_types",
        "cancel_url",
        "client_reference_id",
        "currency",
        "customer",
        "customer_creation",
        "customer_email",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "submit_type",
        "success_url",
        "ui_mode",
    }
)
_INTENT_DATA = frozenset({"description", "metadata", "setup_future_usage", "transfer_group"})
_LINE = frozenset({"price_data", "quantity"})
_PRICE = frozenset({"currency", "unit_amount", "product_data"})
_PRODUCT = frozenset({"name", "description", "metadata"})


def create(call: Call) -> Json:
    params = call.params
    limits.check_known(params, _TAKEN)
    _check_mode(params)
    lines, currency = _checked_lines(params)
    total = sum(line["amount_total"] for line in lines)
    limits.check_amount(total, currency, "line_items")
    data = params.get("payment_intent_data", {})
    limits.check_known(data, _INTENT_DATA, "payment_intent_data")
    limits.checked_metadata(data.get("metadata"))
    if "success_url" not in params:
        raise absent("success_url")
    ref = new_ref("cs_test", 58)
    call.connection.execute(
        "INSERT INTO sessions (id, created, expires_at, status, amount, currency, lines, customer,"
        " customer_creation, email, reference, metadata, intent_data, success_url, cancel_url, url)"
        " VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            _checked_expiry(call),
            total,
            currency,
            json.dumps(lines),
            customers.named(call),
            params.get("customer_creation"),
            params.get("customer_email"),
            params.get("client_reference_id"),
            json.dumps(limits.checked_metadata(params.get("metadata"))),
            json.dumps(data),
            params["success_url"],
            params.get("cancel_url"),
            settings.address(call.connection) + PAGE + ref,
        ),
    )
    return _shown(call, ref)


def expire(call: Call) -> Json:
    row = _read(call)
    if row["status"] != "open":
        raise _not_open(row, "expired")
    end(call, call.ref)
    return _shown(call, call.ref)


def end(call: Call, ref: str) -> None:
    """It can never be paid any more; an attempt that was declined is cancelled with it."""
    call.connection.execute("UPDATE sessions SET status = 'expired' WHERE id = ?", (ref,))
    row = known(call.connection, "sessions", ref)
    if row["intent"] is not None:
        intents.cancel_row(call, row["intent"], "abandoned")
    record(call, "checkout.session.expired", _shown(call, ref))


def end_overdue(call: Call) -> None:
    """Sessions whose time is up."""
    overdue = call.connection.execute(
        "SELECT id FROM sessions WHERE status = 'open' AND expires_at <= ? ORDER BY expires_at, seq",
        (call.now,),
    ).fetchall()
    for row in overdue:
        end(call, row["id"])


def lines(call: Call) -> Json:
    """What is bought, all on one page: a session has at most 100 lines."""
    return _lines_of(_read(call))


# the traveller


def pay(call: Call, card: Card) -> Json:
    """The traveller pays the session with that card, and approves where the bank asks. A slow card completes it without
    its being paid yet. Raises `ApiError` on a decline, which leaves the session open, and where there is nothing to pay
    any more."""
    row = _read(call)
    if row["status"] != "open":
        raise _not_open(row, "paid")
    data = json.loads(row["intent_data"])
    ref = row["intent"]
    if ref is None:
        ref = new_ref("pi")
        intents.insert(
            call,
            ref,
            amount=row["amount"],
            currency=row["currency"],
            ways=["card"],
            customer=row["customer"] or _new_customer(call, row),
            method=None,
            data=data,
            session=row["id"],
        )
        call.connection.execute("UPDATE sessions SET intent = ? WHERE id = ?", (ref, row["id"]))
    attempt(call, ref, Attempt(Chosen(card, card.method), approves=True))
    paid = known(call.connection, "intents", ref)
    call.connection.execute(
        "UPDATE sessions SET status = 'complete', customer = ? WHERE id = ?", (paid["customer"], row["id"])
    )
    record(call, "checkout.session.completed", _shown(call, row["id"]))
    return _shown(call, row["id"])


def tell_decided(call: Call, intent: str, *, paid: bool) -> None:
    """What became of a session that was completed with a slow card."""
    row = call.connection.execute("SELECT id FROM sessions WHERE intent = ?", (intent,)).fetchone()
    if row is not None:
        outcome = "succeeded" if paid else "failed"
        record(call, f"checkout.session.async_payment_{outcome}", _shown(call, row["id"]))


def _new_customer(call: Call, row: Row) -> str | None:
    if row["customer_creation"] != "always":
        return None
    return customers.insert(call, {"email": row["email"]})


# checking


def _check_mode(params: dict[str, Any]) -> None:
    if params.get("mode") != "payment":
        raise invalid("The sandbox has sessions of mode payment only.", param="mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("The sandbox has sessions on a page of their own only.", param="ui_mode")
    for way in params.get("allowed_payment_method_types", ["card"]):
        if way != "card":
            raise invalid(f"A link is paid by card: {way}.", param="allowed_payment_method_types")
    if "customer" in params and ("customer_email" in params or "customer_creation" in params):
        raise invalid(
            "You may only specify one of these parameters: customer, customer_email or customer_creation.",
            param="customer",
        )


def _checked_lines(params: dict[str, Any]) -> tuple[list[Json], str]:
    given = params.get("line_items") or []
    if not given:
        raise absent("line_items")
    if len(given) > 100:
        raise invalid("A Checkout Session can have up to 100 line items.", param="line_items")
    made = [_checked_line(line, f"line_items[{number}]") for number, line in enumerate(given)]
    currencies = {line["currency"] for line in made} | {
        str(params.get("currency") or made[0]["currency"]).lower()
    }
    if len(currencies) > 1:
        raise invalid("All line items of a Checkout Session must have the same currency.", param="line_items")
    return made, made[0]["currency"]


def _checked_line(line: dict[str, Any], at: str) -> Json:
    limits.check_known(line, _LINE, at)
    for name in sorted(_LINE):
        if name not in line:
            raise absent(f"{at}[{name}]")
    price, quantity = line["price_data"], line["quantity"]
    limits.check_known(price, _PRICE, f"{at}[price_data]")
    for name in ("unit_amount", "product_data"):
        if name not in price:
            raise absent(f"{at}[price_data][{name}]")
    limits.check_known(price["product_data"], _PRODUCT, f"{at}[price_data][product_data]")
    limits.check_positive(quantity, f"{at}[quantity]")
    if price["unit_amount"] < 0:
        raise invalid("Invalid non-negative integer", param=f"{at}[price_data][unit_amount]")
    amount = price["unit_amount"] * quantity
    currency = limits.checked_currency(price["currency"])
    limits.check_step(price["unit_amount"], currency, f"{at}[price_data][unit_amount]")
    return {
        "id": new_ref("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": price["product_data"]["name"],
        "metadata": {},
        "price": {"id": new_ref("price"), "object": "price", "unit_amount": price["unit_amount"]},
        "quantity": quantity,
    }


def _checked_expiry(call: Call) -> int:
    ends: int = call.params.get("expires_at", call.now + 24 * _HOUR)
    if ends < call.now + 30 * _MINUTE:
        raise invalid(
            "The expires_at timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if ends > call.now + 24 * _HOUR:
        raise invalid(
            "The expires_at timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return ends


def _not_open(row: Row, what: str) -> ApiError:
    return invalid(
        'Only Checkout Sessions with a status in ["open"] can be '
        f"{what}. This Checkout Session has a status of {row['status']}."
    )


def _read(call: Call) -> Row:
    return wanted(call.connection, "sessions", "checkout.session", call.ref, "session")


def _shown(call: Call, ref: str) -> Json:
    return session_object(call.connection, known(call.connection, "sessions", ref))


# as Stripe writes it


def _lines_of(row: Row) -> Json:
    return {
        "object": "list",
        "data": json.loads(row["lines"]),
        "has_more": False,
        "url": f"/v1/checkout/sessions/{row['id']}/line_items",
    }


def expanded_lines(connection: sqlite3.Connection, ref: str) -> Json:
    """The lines of a session, which come only when asked for."""
    return _lines_of(known(connection, "sessions", ref))


def session_object(connection: sqlite3.Connection, row: Row) -> Json:
    is_open = row["status"] == "open"
    is_paid = (
        row["intent"] is not None and known(connection, "intents", row["intent"])["status"] == "succeeded"
    )
    return {
        "id": row["id"],
        "object": "checkout.session",
        "allowed_payment_method_types": ["card"],
        "amount_subtotal": row["amount"],
        "amount_total": row["amount"],
        "cancel_url": row["cancel_url"],
        "client_reference_id": row["reference"],
        "created": row["created"],
        "currency": row["currency"],
        "customer": row["customer"],
        "customer_creation": row["customer_creation"] or "if_required",
        "customer_details": None if row["email"] is None else {"email": row["email"]},
        "customer_email": row["email"],
        "expires_at": row["expires_at"],
        "livemode": False,
        "metadata": json.loads(row["metadata"]),
        "mode": "payment",
        "payment_intent": row["intent"],
        "payment_link": None,
        "payment_status": "paid" if is_paid else "unpaid",
        "status": row["status"],
        "success_url": row["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": row["url"] if is_open else None,
    }
