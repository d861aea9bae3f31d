"""How the rows of a desk are chained, so that none can be changed unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from travellr_desktop.errors import InvalidInput

CHAIN_START = "0" * 64
"""What stands in place of a hash before the first row."""


def chain_hash(prev: str, fields: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a row and the hash before it, over canonical JSON: sorted keys, no spaces, UTF-8.

    Values may be text, whole numbers, booleans, None, UUIDs, aware datetimes (taken in UTC, to the microsecond)
    and sequences or mappings of these. Raises `InvalidInput` for any other, floats above all: they have no one
    spelling.
    """
    text = json.dumps([prev, _canonical(fields)], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if value is None or type(value) in {bool, int, str}:
        return value
    if isinstance(value, str):  # a StrEnum's member
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_canonical(item) for item in value]
    raise InvalidInput(f"{type(value).__name__} has no canonical form.")
