"""Payment intents: made, confirmed, cancelled, under Stripe's rules of state."""

from __future__ import annotations

import json

from travellr_desktop.payments.sandbox import faults, limits
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import AUTHENTICATION, CARDS, RANDOM_DECLINES, Card, Decline
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.objects import (
    Row,
    charge_object,
    check_expand,
    intent_object,
    one,
    payment_method_object,
)
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.wire import ApiError, Json, invalid, missing

_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_CANCELLABLE = (*_CONFIRMABLE, "processing")

_CONFIRMING = frozenset({"payment_method", "error_on_requires_action", "return_url", "expand"})
_CREATING = _CONFIRMING | {
    "amount",
    "currency",
    "description",
    "metadata",
    "allowed_payment_method_types",
    "confirm",
}


def create(call: Call) -> Json:
    params = call.params
    limits.check_known(params, _CREATING)
    expand = check_expand("payment_intent", params.get("expand", ()))
    currency = limits.checked_currency(params["currency"])
    limits.check_amount(params["amount"], currency)
    metadata = limits.checked_metadata(params.get("metadata"))
    methods = params.get("allowed_payment_method_types") or ["card"]
    if "card" not in methods:
        raise invalid("The sandbox takes cards only.", param="allowed_payment_method_types")
    card = _card(params["payment_method"]) if "payment_method" in params else None
    ref = new_ref("pi")
    if params.get("confirm") and card is None:
        raise _no_method(ref)
    call.connection.execute(
        "INSERT INTO intents (id, created, status, amount, currency, description, metadata, method_types,"
        " payment_method) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            "requires_payment_method" if card is None else "requires_confirmation",
            params["amount"],
            currency,
            params.get("description") or None,
            json.dumps(metadata),
            json.dumps(methods),
            None if card is None else card.method,
        ),
    )
    record(call, "payment_intent.created", intent_object(call.connection, _read(call, ref)))
    if params.get("confirm") and card is not None:
        _attempt(call, ref, card)
    return intent_object(call.connection, _read(call, ref), expand)


def confirm(call: Call) -> Json:
    limits.check_known(call.params, _CONFIRMING)
    expand = check_expand("payment_intent", call.params.get("expand", ()))
    row = _read(call, call.ref)
    if row["status"] not in _CONFIRMABLE:
        raise _unexpected_state(call, row, "confirm", _CONFIRMABLE)
    method = call.params.get("payment_method", row["payment_method"])
    if method is None:
        raise _no_method(call.ref)
    _attempt(call, call.ref, _card(method))
    return intent_object(call.connection, _read(call, call.ref), expand)


def cancel(call: Call) -> Json:
    expand = check_expand("payment_intent", call.params.get("expand", ()))
    row = _read(call, call.ref)
    if row["status"] not in _CANCELLABLE:
        raise _unexpected_state(call, row, "cancel", _CANCELLABLE)
    call.connection.execute(
        "UPDATE intents SET status = 'canceled', canceled_at = ?, cancellation_reason = ? WHERE id = ?",
        (call.now, call.params.get("cancellation_reason"), call.ref),
    )
    cancelled = _read(call, call.ref)
    record(call, "payment_intent.canceled", intent_object(call.connection, cancelled))
    return intent_object(call.connection, cancelled, expand)


# the attempt


def _attempt(call: Call, ref: str, card: Card) -> None:
    """Charge the card; on a decline the trace is written first, then `ApiError` raised."""
    decline = _outcome(call, card)
    if decline is AUTHENTICATION and not call.params.get("error_on_requires_action"):
        _ask_for_approval(call, ref, card)
        return
    charge = _write_charge(call, ref, card, decline)
    if decline is not None:
        raise _declined(call, ref, charge, card, decline)
    call.connection.execute(
        "UPDATE intents SET status = 'succeeded', latest_charge = ?, payment_method = ?, last_error = NULL"
        " WHERE id = ?",
        (charge, card.method, ref),
    )
    record(call, "charge.succeeded", _charge(call, charge))
    record(call, "payment_intent.succeeded", intent_object(call.connection, _read(call, ref)))


def _ask_for_approval(call: Call, ref: str, card: Card) -> None:
    call.connection.execute(
        "UPDATE intents SET status = 'requires_action', payment_method = ? WHERE id = ?", (card.method, ref)
    )
    record(call, "payment_intent.requires_action", intent_object(call.connection, _read(call, ref)))


def _outcome(call: Call, card: Card) -> Decline | None:
    kind = faults.take(call.connection, Operation.INTENT_CONFIRM, frozenset(faults.DECLINES))
    if kind is not None:
        return faults.DECLINES[kind]
    if not card.random:
        return card.decline
    drawn, rate = faults.draw(call.connection), faults.success_rate(call.connection)
    if drawn < rate:
        return None
    share = (drawn - rate) / (1 - rate)
    return RANDOM_DECLINES[min(int(share * len(RANDOM_DECLINES)), len(RANDOM_DECLINES) - 1)]


def _write_charge(call: Call, ref: str, card: Card, decline: Decline | None) -> str:
    intent = _read(call, ref)
    charge = new_ref("ch")
    call.connection.execute(
        "INSERT INTO charges (id, intent, created, status, amount, currency, card, failure_code, decline_code,"
        " failure_message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            charge,
            ref,
            call.now,
            "succeeded" if decline is None else "failed",
            intent["amount"],
            intent["currency"],
            card.method,
            None if decline is None else decline.code,
            None if decline is None else decline.reason,
            None if decline is None else decline.message,
        ),
    )
    return charge


def _declined(call: Call, ref: str, charge: str, card: Card, decline: Decline) -> ApiError:
    method = payment_method_object(card, call.now)
    trace: Json = {
        "charge": charge,
        "code": decline.code,
        "decline_code": decline.reason,
        "message": decline.message,
        "payment_method": method,
        "type": "card_error",
    }
    call.connection.execute(
        "UPDATE intents SET status = 'requires_payment_method', latest_charge = ?, payment_method = NULL,"
        " last_error = ? WHERE id = ?",
        (charge, json.dumps(trace), ref),
    )
    now_so = intent_object(call.connection, _read(call, ref))
    record(call, "charge.failed", _charge(call, charge))
    record(call, "payment_intent.payment_failed", now_so)
    return ApiError(
        402,
        "card_error",
        decline.message,
        code=decline.code,
        extra={
            "charge": charge,
            "decline_code": decline.reason,
            "payment_intent": now_so,
            "payment_method": method,
        },
    )


# reading and refusing


def _read(call: Call, ref: str) -> Row:
    row = one(call.connection, "intents", ref)
    if row is None:
        raise missing("payment_intent", ref, "intent")
    return row


def _charge(call: Call, ref: str) -> Json:
    row = one(call.connection, "charges", ref)
    if row is None:
        raise missing("charge", ref)
    return charge_object(call.connection, row)


def _card(method: str) -> Card:
    card = CARDS.get(method)
    if card is None:
        raise missing("PaymentMethod", method, "payment_method", in_address=False)
    return card


def _no_method(ref: str) -> ApiError:
    return invalid(
        "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent"
        f" with a payment method and then confirm it again: {ref}.",
        code="payment_intent_unexpected_state",
    )


def _unexpected_state(call: Call, row: Row, what: str, allowed: tuple[str, ...]) -> ApiError:
    return invalid(
        f"You cannot {what} this PaymentIntent because it has a status of {row['status']}. Only a PaymentIntent"
        f" with one of the following statuses may be {what}ed:"
        f" {', '.join(allowed)}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent_object(call.connection, row),
    )
