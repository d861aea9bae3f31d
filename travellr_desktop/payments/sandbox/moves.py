"""Balance transactions: every movement of money is one row, and the balance is their sum, nothing else.

The rule of fees: of each charge a share of its amount, rounded half up to the minor unit, and a fixed part are kept;
never more than the charge. In currencies that count in larger steps the fee is rounded up to the next step. A dispute
that takes money back costs its own fee. What was kept stays kept, whatever is given back later.

A currency may settle in another, at a rate that is set: charges, refunds and disputes are exchanged as they come, each
at the rate of its moment, rounded half to even.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN
from enum import Enum

from travellr_desktop.payments.sandbox import settings
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.limits import decimals_of, step_of
from travellr_desktop.payments.sandbox.rows import known
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


# a movement that takes another one back is worth what that one was
_MIRRORS = {Move.REFUND_FAILURE: Move.REFUND, Move.DISPUTE_REVERSAL: Move.DISPUTE}
_EXCHANGED = frozenset({Move.CHARGE, Move.REFUND, Move.DISPUTE})


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a movement comes to in the currency of the balance."""

    amount: int
    currency: str
    rate: str | None = None


def book(call: Call, move: Move, source: str, amount: int, currency: str) -> str:
    """Write a movement of `amount` (below zero: money that leaves) in the object's own currency, and give its id. Its
    fee follows from the rule; where the currency settles in another, so does the movement.

    What a charge brings in is there to be paid on after the days of settling; all else counts at once."""
    days = settings.settling_days(call.connection) if move is Move.CHARGE else 0
    settled = _settled(call.connection, move, source, amount, currency)
    ref = new_ref("txn")
    call.connection.execute(
        "INSERT INTO balance_transactions (id, created, available_on, status, type, category, amount, fee, currency,"
        " exchange_rate, source, source_amount, source_currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            ref,
            call.now,
            call.now + days * _DAY,
            "pending" if days else "available",
            move.type,
            move.category,
            settled.amount,
            _fee(call.connection, move, settled),
            settled.currency,
            settled.rate,
            source,
            amount,
            currency,
        ),
    )
    return ref


def _settled(connection: sqlite3.Connection, move: Move, source: str, amount: int, currency: str) -> _Settled:
    if move in _MIRRORS:
        mirrored = known(
            connection, "balance_transactions", of_source(connection, source, _MIRRORS[move]) or ""
        )
        return _Settled(-mirrored["amount"], mirrored["currency"], mirrored["exchange_rate"])
    exchange = settings.exchange(connection, currency) if move in _EXCHANGED else None
    if exchange is None:
        return _Settled(amount, currency)
    places = decimals_of(exchange.into) - decimals_of(currency)
    steps = (abs(amount) * exchange.rate).scaleb(places) / step_of(exchange.into)
    worth = max(int(steps.to_integral_value(ROUND_HALF_EVEN)), 1) * step_of(exchange.into)
    return _Settled(worth if amount > 0 else -worth, exchange.into, str(exchange.rate))


def _fee(connection: sqlite3.Connection, move: Move, settled: _Settled) -> int:
    rule = settings.fee_rule(connection)
    match move:
        case Move.CHARGE:
            share = (settled.amount * rule.basis_points + 5_000) // 10_000
            return min(_in_steps(share + rule.fixed, settled.currency), settled.amount)
        case Move.DISPUTE:
            return _in_steps(rule.dispute, settled.currency)
    return 0


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
        "exchange_rate": None if row["exchange_rate"] is None else float(row["exchange_rate"]),
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
