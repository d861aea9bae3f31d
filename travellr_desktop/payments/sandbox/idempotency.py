"""Idempotency keys, as Stripe keeps them.

The first request with a key leaves its reply, an error as well as a success, for 24 hours; the same request again
gets that reply and has no effect of its own. A key with other parameters is refused, and so is one whose first request
is still running. Requests refused before they began (wrong parameters, rate limit) leave nothing.

A process that dies in the middle would leave its key running for ever, so the claim on it has an end; the effect is
written only while the claim is still held.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from travellr_desktop.payments.sandbox.wire import ApiError, Reply, key_in_use

KEPT_SECONDS = 24 * 3600
CLAIM_SECONDS = 15.0


def fingerprint(path: str, params: dict[str, Any]) -> str:
    """What must be the same for a request to be the same."""
    text = json.dumps([path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def claim(connection: sqlite3.Connection, key: str, print_: str, owner: str, now: float) -> Reply | None:
    """Take the key, or give the reply it already has. Raises `ApiError` for other content and for one in use."""
    connection.execute("DELETE FROM keys WHERE created <= ?", (now - KEPT_SECONDS,))
    row = connection.execute("SELECT * FROM keys WHERE key = ?", (key,)).fetchone()
    if row is not None:
        if row["fingerprint"] != print_:
            raise _other_content(key)
        if row["status"] is not None:
            retry = row["should_retry"]
            body: dict[str, Any] = json.loads(row["body"])
            return Reply(row["status"], body, None if retry is None else bool(retry), replayed=True)
        if row["running_until"] > now:
            raise key_in_use(key)
        connection.execute(
            "UPDATE keys SET owner = ?, running_until = ? WHERE key = ?", (owner, now + CLAIM_SECONDS, key)
        )
        return None
    connection.execute(
        "INSERT INTO keys (key, fingerprint, created, owner, running_until) VALUES (?, ?, ?, ?, ?)",
        (key, print_, now, owner, now + CLAIM_SECONDS),
    )
    return None


def still_held(connection: sqlite3.Connection, key: str, owner: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM keys WHERE key = ? AND owner = ? AND status IS NULL", (key, owner)
    ).fetchone()
    return row is not None


def keep(connection: sqlite3.Connection, key: str, reply: Reply) -> None:
    """Leave the reply under the key, in the transaction of the effect."""
    connection.execute(
        "UPDATE keys SET status = ?, should_retry = ?, body = ?, running_until = NULL WHERE key = ?",
        (reply.status, reply.should_retry, json.dumps(reply.body), key),
    )


def drop(connection: sqlite3.Connection, key: str, owner: str) -> None:
    """Give the key up: its request did not run."""
    connection.execute("DELETE FROM keys WHERE key = ? AND owner = ? AND status IS NULL", (key, owner))


def _other_content(key: str) -> ApiError:
    return ApiError(
        400,
        "idempotency_error",
        "Keys for idempotent requests can only be used with the same parameters they were first used with."
        f" Try using a key other than '{key}' if you meant to execute a different request.",
    )
