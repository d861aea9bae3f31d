"""Events: what happened, written in the same transaction as what it tells of."""

from __future__ import annotations

import json

from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.wire import Json


def record(call: Call, kind: str, told: Json) -> None:
    """Write an event of that type with the object as it now is."""
    call.connection.execute(
        "INSERT INTO events (id, created, type, object, request, key) VALUES (?, ?, ?, ?, ?, ?)",
        (new_ref("evt"), call.now, kind, json.dumps(told), call.request_id or None, call.key),
    )
