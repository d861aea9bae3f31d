"""Refunds: whole or in parts, never beyond what was paid, and not while the bank has the money back."""

from __future__ import annotations

import json

from travellr_desktop.payments.sandbox import limits, moves
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import CARDS
from travellr_desktop.payments.sandbox.disputes import close_inquiry, takes_money
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.moves import Move
from travellr_desktop.payments.sandbox.objects import charge_object, refund_object
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import Json, invalid


def create(call: Call) -> Json:
    params = call.params
    limits.check_known(params, frozenset({"amount", "charge", "metadata", "payment_intent", "reason"}))
    charge = _paid_charge(call)
    metadata = limits.checked_metadata(params.get("metadata"))
    left = charge["amount"] - charge["refunded"]
    if takes_money(call.connection, charge["id"]):
        raise invalid(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    limits.check_positive(amount)
    if amount > left:
        raise invalid(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).", param="amount"
        )
    limits.check_step(amount, charge["currency"])
    ref = new_ref("re")
    status = "pending" if CARDS[charge["card"]].refunds_pend else "succeeded"
    call.connection.execute(
        "INSERT INTO refunds (id, intent, charge, created, status, amount, currency, reason, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            charge["intent"],
            charge["id"],
            call.now,
            status,
            amount,
            charge["currency"],
            params.get("reason"),
            json.dumps(metadata),
        ),
    )
    call.connection.execute("UPDATE charges SET refunded = refunded + ? WHERE id = ?", (amount, charge["id"]))
    moves.book(call, Move.REFUND, ref, -amount, charge["currency"])
    shape = _shown(call, ref)
    record(call, "charge.refunded", _charge_shown(call, charge["id"]))
    record(call, "refund.created", shape)
    if amount == left:
        close_inquiry(call, charge["id"])
    return shape


def settle(call: Call, *, failure: str | None) -> Json:
    """What happens to a refund later, on Stripe's side: it goes through, or it fails, its money comes back and its
    amount is free again."""
    row = wanted(call.connection, "refunds", "refund", call.ref)
    if row["status"] == "failed" or (failure is None and row["status"] == "succeeded"):
        raise invalid(f"The refund {call.ref} is {row['status']}.")
    call.connection.execute(
        "UPDATE refunds SET status = ?, failure_reason = ? WHERE id = ?",
        ("succeeded" if failure is None else "failed", failure, call.ref),
    )
    if failure is not None:
        call.connection.execute(
            "UPDATE charges SET refunded = refunded - ? WHERE id = ?", (row["amount"], row["charge"])
        )
        moves.book(call, Move.REFUND_FAILURE, call.ref, row["amount"], row["currency"])
    settled = _shown(call, call.ref)
    if failure is not None:
        record(call, "refund.failed", settled)
    record(call, "refund.updated", settled)
    return settled


def _shown(call: Call, ref: str) -> Json:
    return refund_object(call.connection, known(call.connection, "refunds", ref))


def _charge_shown(call: Call, ref: str) -> Json:
    return charge_object(call.connection, known(call.connection, "charges", ref))


def _paid_charge(call: Call) -> Row:
    """The succeeded charge that the parameters name, by itself or by its payment intent."""
    connection, params = call.connection, call.params
    if "payment_intent" in params:
        intent = wanted(
            connection,
            "intents",
            "payment_intent",
            params["payment_intent"],
            "payment_intent",
            in_address=False,
        )
        row: Row | None = connection.execute(
            "SELECT * FROM charges WHERE intent = ? AND status = 'succeeded'", (intent["id"],)
        ).fetchone()
        if row is None:
            raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        return row
    if "charge" not in params:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    row = wanted(connection, "charges", "charge", params["charge"], "charge", in_address=False)
    if row["status"] != "succeeded":
        raise invalid(f"Charge {row['id']} has failed and cannot be refunded.", param="charge")
    return row
