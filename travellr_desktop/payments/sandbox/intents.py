"""Payment intents: made, confirmed, cancelled, under Stripe's rules of state."""

from __future__ import annotations

import json
from typing import Any

from travellr_desktop.payments.sandbox import customers, limits, methods
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.charging import Attempt, attempt
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.methods import Chosen
from travellr_desktop.payments.sandbox.objects import intent_object
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import ApiError, Json, invalid

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_CANCELLABLE = (*CONFIRMABLE, "processing")
_WAYS = frozenset({"card", "card_present"})

# what says how the card is charged, and means nothing while it is not
_WHILE_CONFIRMING = ("error_on_requires_action", "off_session", "return_url")
_CONFIRMING = frozenset({*_WHILE_CONFIRMING, "payment_method", "setup_future_usage"})
_CREATING = _CONFIRMING | {
    "amount",
    "currency",
    "customer",
    "description",
    "metadata",
    "allowed_payment_method_types",
    "confirm",
    "transfer_group",
}


def create(call: Call) -> Json:
    params = call.params
    limits.check_known(params, _CREATING)
    currency = limits.checked_currency(params["currency"])
    limits.check_amount(params["amount"], currency)
    ways = _checked_ways(params.get("allowed_payment_method_types") or ["card"])
    customer = customers.named(call)
    card = _chosen(call, params["payment_method"], customer, ways) if "payment_method" in params else None
    ref = new_ref("pi")
    if params.get("confirm"):
        if card is None:
            raise _no_method(ref)
    else:
        _refuse_early(params)
    insert(
        call,
        ref,
        amount=params["amount"],
        currency=currency,
        ways=ways,
        customer=customer,
        method=None if card is None else card.ref,
        data=params,
    )
    if params.get("confirm") and card is not None:
        _confirm(call, ref, card)
    return _shown(call, ref)


def insert(
    call: Call,
    ref: str,
    *,
    amount: int,
    currency: str,
    ways: list[str],
    customer: str | None,
    method: str | None,
    data: dict[str, Any],
    session: str | None = None,
) -> None:
    """Write a payment intent that has moved nothing; `data` has its texts as Stripe names them."""
    call.connection.execute(
        "INSERT INTO intents (id, created, status, amount, currency, description, metadata, method_types,"
        " payment_method, customer, future_usage, transfer_group, session)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            "requires_payment_method" if method is None else "requires_confirmation",
            amount,
            currency,
            data.get("description") or None,
            json.dumps(limits.checked_metadata(data.get("metadata"))),
            json.dumps(ways),
            method,
            customer,
            data.get("setup_future_usage") or None,
            data.get("transfer_group") or None,
            session,
        ),
    )
    record(call, "payment_intent.created", _shown(call, ref))


def confirm(call: Call) -> Json:
    limits.check_known(call.params, _CONFIRMING)
    row = _read(call)
    _refuse_a_links(row, "confirm")
    if row["status"] not in CONFIRMABLE:
        raise unexpected_state(call, row, "confirm", CONFIRMABLE)
    method = call.params.get("payment_method", row["payment_method"])
    if method is None:
        raise _no_method(call.ref)
    card = _chosen(call, method, row["customer"], json.loads(row["method_types"]))
    if call.params.get("setup_future_usage"):
        call.connection.execute(
            "UPDATE intents SET future_usage = ? WHERE id = ?", (call.params["setup_future_usage"], call.ref)
        )
    _confirm(call, call.ref, card)
    return _shown(call, call.ref)


def cancel(call: Call) -> Json:
    row = _read(call)
    _refuse_a_links(row, "cancel")
    if row["status"] not in _CANCELLABLE:
        raise unexpected_state(call, row, "cancel", _CANCELLABLE)
    cancel_row(call, call.ref, call.params.get("cancellation_reason"))
    return _shown(call, call.ref)


def cancel_row(call: Call, ref: str, reason: str | None) -> None:
    """It can never be charged any more."""
    call.connection.execute(
        "UPDATE intents SET status = 'canceled', canceled_at = ?, cancellation_reason = ? WHERE id = ?",
        (call.now, reason, ref),
    )
    record(call, "payment_intent.canceled", _shown(call, ref))


def _confirm(call: Call, ref: str, card: Chosen) -> None:
    alone = bool(call.params.get("error_on_requires_action") or call.params.get("off_session"))
    attempt(call, ref, Attempt(card, alone=alone, meets=Operation.INTENT_CONFIRM))


# reading and refusing


def _read(call: Call) -> Row:
    return wanted(call.connection, "intents", "payment_intent", call.ref, "intent")


def _shown(call: Call, ref: str) -> Json:
    return intent_object(call.connection, known(call.connection, "intents", ref))


def _checked_ways(ways: list[str]) -> list[str]:
    for way in ways:
        if way not in _WAYS:
            raise invalid(
                f"The sandbox takes cards only, given or held to a reader: {way}.",
                param="allowed_payment_method_types",
            )
    return ways


def _chosen(call: Call, method: str, customer: str | None, ways: list[str]) -> Chosen:
    if "card" not in ways:
        raise invalid(
            "The PaymentMethod provided (card) is not allowed for this PaymentIntent, which takes"
            f" {', '.join(ways)}: the card is held to a reader.",
            param="payment_method",
            code="payment_intent_incompatible_payment_method",
        )
    return methods.chosen(call, method, customer)


def _refuse_early(params: dict[str, Any]) -> None:
    for name in _WHILE_CONFIRMING:
        if params.get(name):
            raise invalid(
                f"The parameter {name} cannot be passed when creating a PaymentIntent unless confirm is set to"
                " true.",
                param=name,
            )


def _refuse_a_links(row: Row, what: str) -> None:
    if row["session"] is not None:
        raise invalid(
            f"You cannot {what} this PaymentIntent because it was created by a Checkout Session. To cancel it,"
            f" expire the Checkout Session instead: {row['session']}.",
            code="payment_intent_unexpected_state",
        )


def _no_method(ref: str) -> ApiError:
    return invalid(
        "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent"
        f" with a payment method and then confirm it again: {ref}.",
        code="payment_intent_unexpected_state",
    )


def unexpected_state(call: Call, row: Row, what: str, allowed: tuple[str, ...]) -> ApiError:
    return invalid(
        f"You cannot {what} this PaymentIntent because it has a status of {row['status']}. Only a PaymentIntent"
        f" with one of the following statuses may be {what}ed:"
        f" {', '.join(allowed)}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent_object(call.connection, row),
    )
