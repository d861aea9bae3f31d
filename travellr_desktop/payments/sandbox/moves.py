"""Balance transactions: every movement of money is one row, and the balance is their sum, nothing else.

The rule of fees: of each charge a share of its amount, rounded half up to the minor unit, and a fixed part are kept;
never more than the charge. In currencies that count in larger steps the fee is rounded up to the next step. A dispute
that takes money back costs its own fee. What was kept stays kept, whatever is given back later.
"""

from __future__ import annotations

import sqlite3
from enum import Enum

from travellr_desktop.payments.sandbox import settings
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.limits import step_of
from travellr_desktop.payments.sandbox.wire import Json

_DAY = 24 * 3600


class Move(Enum):
    """A kind of movement: Stripe's `type` and `reporting_category`."""

    CHARGE = ("charge", "charge")
    REFUND = ("refund", "refund")
    REFUND_FAILURE = ("refund_failure", "refund_failure")
    DISPUTE = ("adjustment", "dispute")
    DISPUTE_REVERSAL = ("adjustment", "dispute_reversal")
    TRANSFER = ("transfer", "transfer")
    TRANSFER_REVERSAL = ("transfer_refund", "transfer_reversal")
    PAYOUT = ("payout", "payout")
    PAYOUT_FAILURE = ("payout_failure", "payout_reversal")

    @property
    def type(self) -> str:
        return self.value[0]

    @property
    def category(self) -> str:
        return self.value[1]


def book(call: Call, move: Move, source: str, amount: int, currency: str, *, fee: int = 0) -> str:
    """Write a movement of `amount` (below zero: money that leaves) less `fee`, and give its id.

    What a charge brings in is there to be paid on after the days of settling; all else counts at once."""
    days = settings.settling_days(call.connection) if move is Move.CHARGE else 0
    ref = new_ref("txn")
    call.connection.execute(
        "INSERT INTO balance_transactions (id, created, available_on, status, type, category, amount, fee, currency,"
        " source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            call.now + days * _DAY,
            "pending" if days else "available",
            move.type,
            move.category,
            amount,
            fee,
            currency,
            source,
        ),
    )
    return ref


def charge_fee(connection: sqlite3.Connection, amount: int, currency: str) -> int:
    rule = settings.fee_rule(connection)
    share = (amount * rule.basis_points + 5_000) // 10_000
    return min(_in_steps(share + rule.fixed, currency), amount)


def dispute_fee(connection: sqlite3.Connection, currency: str) -> int:
    return _in_steps(settings.fee_rule(connection).dispute, currency)


def _in_steps(fee: int, currency: str) -> int:
    step = step_of(currency)
    return -(-fee // step) * step


def of_source(connection: sqlite3.Connection, source: str, move: Move) -> str | None:
    """The id of the movement of that kind that belongs to an object."""
    row = connection.execute(
        "SELECT id FROM balance_transactions WHERE source = ? AND type = ? AND category = ? ORDER BY seq",
        (source, move.type, move.category),
    ).fetchone()
    return None if row is None else str(row[0])


def all_of(connection: sqlite3.Connection, source: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT * FROM balance_transactions WHERE source = ? ORDER BY seq", (source,)
    ).fetchall()


def available(connection: sqlite3.Connection, currency: str) -> int:
    """What may be paid on now."""
    return int(
        connection.execute(
            "SELECT COALESCE(SUM(amount - fee), 0) FROM balance_transactions"
            " WHERE currency = ? AND status = 'available'",
            (currency,),
        ).fetchone()[0]
    )


def settle(call: Call) -> None:
    """What was pending until now becomes available."""
    done = call.connection.execute(
        "UPDATE balance_transactions SET status = 'available' WHERE status = 'pending' AND available_on <= ?",
        (call.now,),
    ).rowcount
    if done:
        record(call, "balance.available", balance(call))


def balance(call: Call) -> Json:
    """What is there, per currency."""
    sums = call.connection.execute(
        "SELECT currency, SUM(iif(status = 'available', amount - fee, 0)),"
        " SUM(iif(status = 'pending', amount - fee, 0))"
        " FROM balance_transactions GROUP BY currency ORDER BY currency"
    ).fetchall()

    def part(currency: str, amount: int) -> Json:
        return {"amount": amount, "currency": currency, "source_types": {"card": amount}}

    return {
        "object": "balance",
        "available": [part(currency, there) for currency, there, _ in sums],
        "livemode": False,
        "pending": [part(currency, coming) for currency, _, coming in sums],
    }


def balance_transaction_object(_connection: sqlite3.Connection, row: sqlite3.Row) -> Json:
    return {
        "id": row["id"],
        "object": "balance_transaction",
        "amount": row["amount"],
        "available_on": row["available_on"],
        "balance_type": "payments",
        "created": row["created"],
        "currency": row["currency"],
        "description": row["description"],
        "exchange_rate": None,
        "fee": row["fee"],
        "fee_details": _fee_details(row),
        "net": row["amount"] - row["fee"],
        "reporting_category": row["category"],
        "source": row["source"],
        "status": row["status"],
        "type": row["type"],
    }


def _fee_details(row: sqlite3.Row) -> list[Json]:
    if not row["fee"]:
        return []
    what = "Dispute fee" if row["category"] == Move.DISPUTE.category else "Stripe processing fees"
    return [
        {
            "amount": row["fee"],
            "application": None,
            "currency": row["currency"],
            "description": what,
            "type": "stripe_fee",
        }
    ]
