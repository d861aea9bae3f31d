"""Refunds: whole or in parts, never beyond what was paid."""

from __future__ import annotations

import json
import sqlite3

from travellr_desktop.payments.sandbox import limits
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.cards import CARDS
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.objects import Row, charge_object, check_expand, one, refund_object
from travellr_desktop.payments.sandbox.wire import Json, invalid, missing


def create(call: Call) -> Json:
    params = call.params
    expand = check_expand("refund", params.get("expand", ()))
    charge = _paid_charge(call)
    metadata = limits.checked_metadata(params.get("metadata"))
    left = charge["amount"] - charge["refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
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
    row = _refund(call.connection, ref)
    record(call, "charge.refunded", charge_object(call.connection, _charge(call.connection, charge["id"])))
    record(call, "refund.created", refund_object(call.connection, row))
    return refund_object(call.connection, row, expand)


def settle(call: Call, *, failure: str | None) -> Json:
    """What happens to a refund later, on Stripe's side: it goes through, or it fails and its amount is free again."""
    row = _refund(call.connection, call.ref)
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
    settled = refund_object(call.connection, _refund(call.connection, call.ref))
    record(call, "refund.updated" if failure is None else "refund.failed", settled)
    return settled


def _paid_charge(call: Call) -> Row:
    """The succeeded charge that the parameters name, by itself or by its payment intent."""
    connection, params = call.connection, call.params
    if "payment_intent" in params:
        intent = one(connection, "intents", params["payment_intent"])
        if intent is None:
            raise missing("payment_intent", params["payment_intent"], "payment_intent", in_address=False)
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
    row = one(connection, "charges", params["charge"])
    if row is None:
        raise missing("charge", params["charge"], "charge", in_address=False)
    if row["status"] != "succeeded":
        raise invalid(f"Charge {row['id']} has failed and cannot be refunded.", param="charge")
    return row


def _charge(connection: sqlite3.Connection, ref: str) -> Row:
    row = one(connection, "charges", ref)
    if row is None:
        raise missing("charge", ref)
    return row


def _refund(connection: sqlite3.Connection, ref: str) -> Row:
    row = one(connection, "refunds", ref)
    if row is None:
        raise missing("refund", ref)
    return row
