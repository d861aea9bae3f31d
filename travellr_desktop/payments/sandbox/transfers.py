"""Transfers to connected accounts, and what is taken back from them by reversals."""

from __future__ import annotations

import json
import sqlite3

from travellr_desktop.payments.sandbox import faults, limits, moves
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.moves import Move
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import Json, absent, invalid

_TAKEN = frozenset({"amount", "currency", "description", "destination", "metadata", "transfer_group"})
_REVERSING = frozenset({"amount", "description", "metadata"})
_SHORT = frozenset({FaultKind.BALANCE_INSUFFICIENT})


def create(call: Call) -> Json:
    params = call.params
    limits.check_known(params, _TAKEN)
    if "amount" not in params:
        raise absent("amount")
    currency = limits.checked_currency(params["currency"])
    limits.check_amount(params["amount"], currency)
    metadata = limits.checked_metadata(params.get("metadata"))
    account = wanted(
        call.connection, "accounts", "destination", params["destination"], "destination", in_address=False
    )
    if account["transfers"] != "active":
        raise invalid(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers.",
            code="insufficient_capabilities_for_transfer",
        )
    short = faults.take(call.connection, Operation.TRANSFER_CREATE, _SHORT) is not None
    if short or moves.available(call.connection, currency) < params["amount"]:
        raise invalid(
            "You have insufficient available funds in your Stripe account.", code="balance_insufficient"
        )
    ref = new_ref("tr")
    call.connection.execute(
        "INSERT INTO transfers (id, created, amount, currency, destination, transfer_group, description, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            params["amount"],
            currency,
            account["id"],
            params.get("transfer_group") or None,
            params.get("description") or None,
            json.dumps(metadata),
        ),
    )
    moves.book(call, Move.TRANSFER, ref, -params["amount"], currency)
    shape = _shown(call, ref)
    record(call, "transfer.created", shape)
    return shape


def reverse(call: Call) -> Json:
    params = call.params
    limits.check_known(params, _REVERSING)
    transfer = wanted(call.connection, "transfers", "transfer", call.ref)
    metadata = limits.checked_metadata(params.get("metadata"))
    left = transfer["amount"] - transfer["reversed"]
    if left == 0:
        raise invalid(f"Transfer {call.ref} has already been fully reversed.")
    amount = params.get("amount", left)
    limits.check_positive(amount)
    if amount > left:
        raise invalid(
            f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left}).",
            param="amount",
        )
    limits.check_step(amount, transfer["currency"])
    if faults.take(call.connection, Operation.REVERSAL_CREATE, _SHORT) is not None:
        raise invalid(
            "The connected account has insufficient funds for this reversal.", code="balance_insufficient"
        )
    ref = new_ref("trr")
    call.connection.execute(
        "INSERT INTO reversals (id, created, transfer, amount, currency, description, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            call.ref,
            amount,
            transfer["currency"],
            params.get("description") or None,
            json.dumps(metadata),
        ),
    )
    call.connection.execute("UPDATE transfers SET reversed = reversed + ? WHERE id = ?", (amount, call.ref))
    moves.book(call, Move.TRANSFER_REVERSAL, ref, amount, transfer["currency"])
    record(call, "transfer.reversed", _shown(call, call.ref))
    return reversal_object(call.connection, known(call.connection, "reversals", ref))


def _shown(call: Call, ref: str) -> Json:
    return transfer_object(call.connection, known(call.connection, "transfers", ref))


def transfer_object(connection: sqlite3.Connection, row: Row) -> Json:
    reversals = connection.execute(
        "SELECT * FROM reversals WHERE transfer = ? ORDER BY seq DESC LIMIT 11", (row["id"],)
    ).fetchall()
    return {
        "id": row["id"],
        "object": "transfer",
        "amount": row["amount"],
        "amount_reversed": row["reversed"],
        "balance_transaction": moves.of_source(connection, row["id"], Move.TRANSFER),
        "created": row["created"],
        "currency": row["currency"],
        "description": row["description"],
        "destination": row["destination"],
        "livemode": False,
        "metadata": json.loads(row["metadata"]),
        "reversals": {
            "object": "list",
            "data": [reversal_object(connection, one) for one in reversals[:10]],
            "has_more": len(reversals) > 10,
            "url": f"/v1/transfers/{row['id']}/reversals",
        },
        "reversed": row["reversed"] == row["amount"],
        "source_transaction": None,
        "source_type": "card",
        "transfer_group": row["transfer_group"],
    }


def reversal_object(connection: sqlite3.Connection, row: Row) -> Json:
    return {
        "id": row["id"],
        "object": "transfer_reversal",
        "amount": row["amount"],
        "balance_transaction": moves.of_source(connection, row["id"], Move.TRANSFER_REVERSAL),
        "created": row["created"],
        "currency": row["currency"],
        "description": row["description"],
        "metadata": json.loads(row["metadata"]),
        "source_refund": None,
        "transfer": row["transfer"],
    }
