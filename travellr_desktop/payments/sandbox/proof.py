"""The sandbox proves its own file: what was charged, given back, passed on and paid out is what the balance says."""

from __future__ import annotations

import sqlite3

_AMOUNTS = (
    # every object of these has its movements of this type and sum, and there is no movement beside them
    ("charge", "SELECT id, currency, amount FROM charges WHERE status = 'succeeded'"),
    ("refund", "SELECT id, currency, -amount FROM refunds"),
    ("refund_failure", "SELECT id, currency, amount FROM refunds WHERE status = 'failed'"),
    ("transfer", "SELECT id, currency, -amount FROM transfers"),
    ("transfer_refund", "SELECT id, currency, amount FROM reversals"),
    ("payout", "SELECT id, currency, -amount FROM payouts"),
    ("payout_failure", "SELECT id, currency, amount FROM payouts WHERE status = 'failed'"),
    (
        "adjustment",
        "SELECT id, currency, iif(status = 'won', 0, -amount) FROM disputes"
        " WHERE status IN ('needs_response', 'under_review', 'won', 'lost')",
    ),
)

_RULES = (
    (
        "what was refunded of a charge is not the sum of its refunds",
        "SELECT id FROM charges WHERE refunded !="
        " (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE charge = charges.id AND status != 'failed')",
    ),
    (
        "what was reversed of a transfer is not the sum of its reversals",
        "SELECT id FROM transfers WHERE reversed !="
        " (SELECT COALESCE(SUM(amount), 0) FROM reversals WHERE transfer = transfers.id)",
    ),
    (
        "a payment intent is paid without a charge, or the other way round",
        "SELECT id FROM intents WHERE (status = 'succeeded') !="
        " EXISTS (SELECT 1 FROM charges WHERE intent = intents.id AND status = 'succeeded')",
    ),
    (
        "a session is paid without being complete",
        "SELECT sessions.id FROM sessions JOIN intents ON intents.id = sessions.intent"
        " WHERE sessions.status != 'complete' AND intents.status IN ('succeeded', 'processing')",
    ),
    (
        "a session is complete and nobody tried to pay it",
        "SELECT id FROM sessions WHERE status = 'complete' AND intent IS NULL",
    ),
    (
        "an expired session can still be paid",
        "SELECT sessions.id FROM sessions JOIN intents ON intents.id = sessions.intent"
        " WHERE sessions.status = 'expired' AND intents.status != 'canceled'",
    ),
    (
        "a fee is above its charge",
        "SELECT id FROM balance_transactions WHERE type = 'charge' AND fee > amount",
    ),
)


def problems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What does not add up, in words; nothing where all is well."""
    found = []
    for kind, expected in _AMOUNTS:
        rows = connection.execute(
            f"WITH wanted (ref, currency, amount) AS ({expected}),"
            " booked (ref, currency, amount) AS ("
            "  SELECT source, source_currency, SUM(source_amount) FROM balance_transactions WHERE type = ?"
            "  GROUP BY source, source_currency)"
            " SELECT * FROM (SELECT * FROM wanted EXCEPT SELECT * FROM booked)"
            " UNION ALL SELECT * FROM (SELECT * FROM booked EXCEPT SELECT * FROM wanted)",
            (kind,),
        )
        found += [f"{kind} of {ref}: {amount} {currency} on one side only" for ref, currency, amount in rows]
    for what, query in _RULES:
        found += [f"{what}: {row[0]}" for row in connection.execute(query)]
    return tuple(found)


def balances(connection: sqlite3.Connection) -> dict[str, int]:
    """What there is per currency, available or pending, in Stripe's minor units."""
    rows = connection.execute(
        "SELECT currency, SUM(amount - fee) FROM balance_transactions GROUP BY currency ORDER BY currency"
    )
    return {str(currency): int(amount) for currency, amount in rows}
