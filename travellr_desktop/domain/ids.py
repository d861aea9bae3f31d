"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A new UUIDv7, greater than every one made before in this process.

    48 bits of Unix milliseconds, 12 bits that carry the sub-millisecond (and keep order within one), 62 random.
    """
    global _last
    with _lock:
        # milliseconds in the upper bits, 1/4096 of one in the lower twelve
        tick = max((time.time_ns() << 12) // 1_000_000, _last + 1)
        _last = tick
    value = (tick >> 12) << 80
    value |= 0x7 << 76
    value |= (tick & 0xFFF) << 64
    value |= 0b10 << 62
    value |= int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=value)
