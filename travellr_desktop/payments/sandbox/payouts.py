"""Payouts to the agency's own bank. Stripe makes them by itself: here whoever plays Stripe does."""

from __future__ import annotations

import sqlite3

from travellr_desktop.payments.sandbox import limits, moves
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.moves import Move
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import Json, invalid

_DAY = 24 * 3600
_ON_THE_WAY = 2 * _DAY


def send(call: Call, currency: str, amount: int | None) -> Json:
    """Money leaves for the bank: all that is available, named by what it is made of, or an amount of it by hand."""
    there = moves.available(call.connection, currency)
    sent = there if amount is None else amount
    limits.check_positive(sent)
    limits.check_step(sent, currency)
    if sent > there:
        raise invalid("You have insufficient available funds.", code="balance_insufficient")
    ref = new_ref("po")
    call.connection.execute(
        "INSERT INTO payouts (id, created, arrival_date, status, amount, currency, automatic)"
        " VALUES (?, ?, ?, 'in_transit', ?, ?, ?)",
        (ref, call.now, (call.now + _ON_THE_WAY) // _DAY * _DAY, sent, currency, amount is None),
    )
    booked = moves.book(call, Move.PAYOUT, ref, -sent, currency)
    if amount is None:
        call.connection.execute(
            "UPDATE balance_transactions SET payout = ?"
            " WHERE currency = ? AND status = 'available' AND (payout IS NULL OR id = ?)",
            (ref, currency, booked),
        )
    shape = _shown(call, ref)
    record(call, "payout.created", shape)
    return shape


def settle(call: Call, *, failure: str | None) -> Json:
    """It arrives; or the bank sends it back, also after it had arrived, and the money is in the balance again."""
    row = wanted(call.connection, "payouts", "payout", call.ref)
    if row["status"] == "failed" or (failure is None and row["status"] == "paid"):
        raise invalid(f"The payout {call.ref} is {row['status']}.")
    call.connection.execute(
        "UPDATE payouts SET status = ?, failure_code = ? WHERE id = ?",
        ("paid" if failure is None else "failed", failure, call.ref),
    )
    if failure is not None:
        moves.book(call, Move.PAYOUT_FAILURE, call.ref, row["amount"], row["currency"])
    shape = _shown(call, call.ref)
    record(call, "payout.paid" if failure is None else "payout.failed", shape)
    return shape


def _shown(call: Call, ref: str) -> Json:
    return payout_object(call.connection, known(call.connection, "payouts", ref))


def payout_object(connection: sqlite3.Connection, row: Row) -> Json:
    return {
        "id": row["id"],
        "object": "payout",
        "amount": row["amount"],
        "arrival_date": row["arrival_date"],
        "automatic": bool(row["automatic"]),
        "balance_transaction": moves.of_source(connection, row["id"], Move.PAYOUT),
        "created": row["created"],
        "currency": row["currency"],
        "description": "STRIPE PAYOUT",
        "destination": "ba_sandbox",
        "failure_balance_transaction": moves.of_source(connection, row["id"], Move.PAYOUT_FAILURE),
        "failure_code": row["failure_code"],
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "completed" if row["automatic"] else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": row["status"],
        "type": "bank_account",
    }
