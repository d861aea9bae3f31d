"""One request on its way through the sandbox, and the ids that objects get."""

from __future__ import annotations

import secrets
import sqlite3
import string
from dataclasses import dataclass
from typing import Any

_ALPHABET = string.ascii_letters + string.digits


def new_ref(prefix: str, length: int = 24) -> str:
    """An id as Stripe's: `pi_3k…`."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler needs: the transaction it runs in, the id in the address, the checked parameters, the time in
    seconds, and for its events the request's id and key."""

    connection: sqlite3.Connection
    params: dict[str, Any]
    now: int
    request_id: str
    ref: str = ""
    key: str | None = None
