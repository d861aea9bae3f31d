"""Disputes: a traveller's bank asks back what was paid.

An inquiry (`warning_…`) moves no money; a full refund closes it. A dispute takes the amount and a fee at once, gives
the amount back when it is won, and keeps it when it is lost. The fee stays kept. A charge is disputed at most once.
"""

from __future__ import annotations

import sqlite3

from travellr_desktop.payments.sandbox import moves
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.moves import Move, balance_transaction_object
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import Json, invalid

_DAY = 24 * 3600
_DAYS_TO_ANSWER = 7
_OPEN_INQUIRY = ("warning_needs_response", "warning_under_review")
_OPEN = ("needs_response", "under_review")

REASONS = frozenset(
    {
        *("bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated", "duplicate"),
        *("debit_not_authorized", "fraudulent", "general", "incorrect_account_details", "insufficient_funds"),
        *("noncompliant", "product_not_received", "product_unacceptable", "subscription_canceled"),
        "unrecognized",
    }
)


def open_one(call: Call, *, inquiry: bool, reason: str, amount: int | None) -> Json:
    """The bank asks about the charge in `call.ref`, or takes `amount` back (all that is left unless said)."""
    charge = wanted(call.connection, "charges", "charge", call.ref)
    left = charge["amount"] - charge["refunded"]
    asked = left if amount is None else amount
    if charge["status"] != "succeeded" or not 1 <= asked <= left:
        raise invalid(f"The charge {call.ref} has no {asked} that could be disputed.")
    if call.connection.execute("SELECT 1 FROM disputes WHERE charge = ?", (call.ref,)).fetchone():
        raise invalid(f"The charge {call.ref} has been disputed already.")
    ref = new_ref("du")
    call.connection.execute(
        "INSERT INTO disputes (id, created, charge, intent, status, amount, currency, reason, due_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            charge["id"],
            charge["intent"],
            "warning_needs_response" if inquiry else "needs_response",
            asked,
            charge["currency"],
            reason,
            call.now + _DAYS_TO_ANSWER * _DAY,
        ),
    )
    if not inquiry:
        _take(call, ref)
    record(call, "charge.dispute.created", _shown(call, ref))
    if not inquiry:
        record(call, "charge.dispute.funds_withdrawn", _shown(call, ref))
    return _shown(call, ref)


def escalate(call: Call) -> Json:
    """An inquiry becomes a dispute: now the money goes."""
    row = _in_state(call, _OPEN_INQUIRY, "escalated")
    left = known(call.connection, "charges", row["charge"])
    amount = min(row["amount"], left["amount"] - left["refunded"])
    call.connection.execute(
        "UPDATE disputes SET status = 'needs_response', amount = ? WHERE id = ?", (amount, call.ref)
    )
    _take(call, call.ref)
    record(call, "charge.dispute.updated", _shown(call, call.ref))
    record(call, "charge.dispute.funds_withdrawn", _shown(call, call.ref))
    return _shown(call, call.ref)


def answer(call: Call) -> Json:
    """The agency's evidence is with the bank: under review."""
    row = _in_state(call, ("needs_response", "warning_needs_response"), "answered")
    status = "under_review" if row["status"] == "needs_response" else "warning_under_review"
    call.connection.execute("UPDATE disputes SET status = ? WHERE id = ?", (status, call.ref))
    record(call, "charge.dispute.updated", _shown(call, call.ref))
    return _shown(call, call.ref)


def close(call: Call, *, won: bool) -> Json:
    """The bank has decided. An inquiry that is closed has no winner."""
    row = _in_state(call, (*_OPEN, *_OPEN_INQUIRY), "closed")
    if row["status"] in _OPEN_INQUIRY:
        return _close(call, call.ref, "warning_closed")
    if won:
        moves.book(call, Move.DISPUTE_REVERSAL, call.ref, row["amount"], row["currency"])
    shape = _close(call, call.ref, "won" if won else "lost")
    if won:
        record(call, "charge.dispute.funds_reinstated", shape)
    return shape


def close_inquiry(call: Call, charge: str) -> None:
    """What was asked about has been given back in full."""
    row = call.connection.execute(
        "SELECT id FROM disputes WHERE charge = ? AND status IN (?, ?)", (charge, *_OPEN_INQUIRY)
    ).fetchone()
    if row is not None:
        _close(call, row["id"], "warning_closed")


def takes_money(connection: sqlite3.Connection, charge: str) -> bool:
    """Whether the bank has the charge's money, or keeps it for good: it cannot be refunded then."""
    row = connection.execute(
        "SELECT 1 FROM disputes WHERE charge = ? AND status IN ('needs_response', 'under_review', 'lost')",
        (charge,),
    ).fetchone()
    return row is not None


def _take(call: Call, ref: str) -> None:
    row = known(call.connection, "disputes", ref)
    moves.book(call, Move.DISPUTE, ref, -row["amount"], row["currency"])


def _close(call: Call, ref: str, status: str) -> Json:
    call.connection.execute("UPDATE disputes SET status = ? WHERE id = ?", (status, ref))
    shape = _shown(call, ref)
    record(call, "charge.dispute.closed", shape)
    return shape


def _in_state(call: Call, allowed: tuple[str, ...], what: str) -> Row:
    row = wanted(call.connection, "disputes", "dispute", call.ref)
    if row["status"] not in allowed:
        raise invalid(f"The dispute {call.ref} is {row['status']} and cannot be {what}.")
    return row


def _shown(call: Call, ref: str) -> Json:
    return dispute_object(call.connection, known(call.connection, "disputes", ref))


def dispute_object(connection: sqlite3.Connection, row: Row) -> Json:
    booked = moves.all_of(connection, row["id"])
    return {
        "id": row["id"],
        "object": "dispute",
        "amount": row["amount"],
        "balance_transactions": [balance_transaction_object(connection, one) for one in booked],
        "charge": row["charge"],
        "created": row["created"],
        "currency": row["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": row["due_by"],
            "enhanced_eligibility": {},
            "has_evidence": row["status"].endswith("under_review"),
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": row["status"] in _OPEN_INQUIRY,
        "livemode": False,
        "metadata": {},
        "payment_intent": row["intent"],
        "reason": row["reason"],
        "status": row["status"],
    }
