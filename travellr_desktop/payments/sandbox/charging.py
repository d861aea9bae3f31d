"""The attempt: a card is charged for a payment intent, once, or leaves the trace of its refusal."""

from __future__ import annotations

import json
from dataclasses import dataclass

from travellr_desktop.payments.sandbox import faults, methods, moves, settings
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import AUTHENTICATION, RANDOM_DECLINES, Card, Decline
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.methods import Chosen
from travellr_desktop.payments.sandbox.moves import Move
from travellr_desktop.payments.sandbox.objects import charge_object, intent_object
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.rows import known
from travellr_desktop.payments.sandbox.wire import ApiError, Json


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a card is charged.

    `way` is how it was given. `alone` means that nobody is there to approve, so that a card that asks for it is
    declined; `approves` that its owner is and does. `meets` is the call whose armed declines it meets."""

    chosen: Chosen
    way: str = "card"
    alone: bool = False
    approves: bool = False
    meets: Operation | None = None


def attempt(call: Call, ref: str, how: Attempt) -> None:
    """Charge the card; on a decline the trace is written first, then `ApiError` raised."""
    if how.chosen.card.slow:
        _wait_for_bank(call, ref, how.chosen)
        return
    decline = _outcome(call, how)
    if decline is AUTHENTICATION and not how.alone:
        if not how.approves:
            _ask_for_approval(call, ref, how.chosen)
            return
        decline = None
    if decline is not None:
        raise _declined(call, ref, how, decline)
    _succeed(call, ref, how)


def decide(call: Call, ref: str, decline: Decline | None) -> None:
    """The bank of a slow card has decided. On a decline the trace is written, and nothing raised."""
    intent = known(call.connection, "intents", ref)
    how = Attempt(methods.chosen(call, intent["payment_method"], intent["customer"]))
    if decline is None:
        _succeed(call, ref, how)
    else:
        _declined(call, ref, how, decline)


def _outcome(call: Call, how: Attempt) -> Decline | None:
    if how.meets is not None:
        kind = faults.take(call.connection, how.meets, frozenset(faults.DECLINES))
        if kind is not None:
            return faults.DECLINES[kind]
    card = how.chosen.card
    if not card.random:
        return card.decline
    drawn, rate = settings.draw(call.connection), settings.success_rate(call.connection)
    if drawn < rate:
        return None
    share = (drawn - rate) / (1 - rate)
    return RANDOM_DECLINES[min(int(share * len(RANDOM_DECLINES)), len(RANDOM_DECLINES) - 1)]


def _succeed(call: Call, ref: str, how: Attempt) -> None:
    intent = known(call.connection, "intents", ref)
    method = _kept(call, how, intent["customer"], intent["future_usage"])
    charge = _write_charge(call, ref, how.chosen.card, method, how.way, None)
    call.connection.execute(
        "UPDATE intents SET status = 'succeeded', latest_charge = ?, payment_method = ?, last_error = NULL"
        " WHERE id = ?",
        (charge, method, ref),
    )
    moves.book(call, Move.CHARGE, charge, intent["amount"], intent["currency"])
    record(call, "charge.succeeded", _charge(call, charge))
    record(call, "payment_intent.succeeded", _intent(call, ref))


def _kept(call: Call, how: Attempt, customer: str | None, future_usage: str | None) -> str:
    """The id under which the card goes on: kept for the customer where that was asked for, and no name of a card at
    all where it was held to a reader."""
    by_name = how.chosen.ref == how.chosen.card.method
    if by_name and how.way == "card_present":
        return str(methods.keep(call, how.chosen.card, None)["id"])
    if by_name and customer is not None and future_usage is not None:
        return str(methods.keep(call, how.chosen.card, customer)["id"])
    return how.chosen.ref


def _wait_for_bank(call: Call, ref: str, chosen: Chosen) -> None:
    call.connection.execute(
        "UPDATE intents SET status = 'processing', payment_method = ? WHERE id = ?", (chosen.ref, ref)
    )
    record(call, "payment_intent.processing", _intent(call, ref))


def _ask_for_approval(call: Call, ref: str, chosen: Chosen) -> None:
    call.connection.execute(
        "UPDATE intents SET status = 'requires_action', payment_method = ? WHERE id = ?", (chosen.ref, ref)
    )
    record(call, "payment_intent.requires_action", _intent(call, ref))


def _write_charge(call: Call, ref: str, card: Card, method: str, way: str, decline: Decline | None) -> str:
    intent = known(call.connection, "intents", ref)
    charge = new_ref("ch")
    call.connection.execute(
        "INSERT INTO charges (id, intent, created, status, amount, currency, card, method, way, failure_code,"
        " decline_code, failure_message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            charge,
            ref,
            call.now,
            "succeeded" if decline is None else "failed",
            intent["amount"],
            intent["currency"],
            card.method,
            method,
            way,
            None if decline is None else decline.code,
            None if decline is None else decline.reason,
            None if decline is None else decline.message,
        ),
    )
    return charge


def _declined(call: Call, ref: str, how: Attempt, decline: Decline) -> ApiError:
    chosen = how.chosen
    charge = _write_charge(call, ref, chosen.card, chosen.ref, how.way, decline)
    method = chosen.told(call.now, known(call.connection, "intents", ref)["customer"])
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
    now_so = _intent(call, ref)
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


def _intent(call: Call, ref: str) -> Json:
    return intent_object(call.connection, known(call.connection, "intents", ref))


def _charge(call: Call, ref: str) -> Json:
    return charge_object(call.connection, known(call.connection, "charges", ref))
