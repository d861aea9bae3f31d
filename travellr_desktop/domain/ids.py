"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID


class _Ticks:
    """Counts up with the clock, in 1/4096 of a millisecond, and never stands still or goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        with self._lock:
            self._last = max((time.time_ns() << 12) // 1_000_000, self._last + 1)
            return self._last


_ticks = _Ticks()


def new_id() -> UUID:
    """A new UUIDv7, greater than every one made before in this process.

    48 bits of Unix milliseconds, 12 that carry the sub-millisecond (and keep order within one), 62 random.
    """
    tick = _ticks.next()
    value = (tick >> 12) << 80
    value |= 0x7 << 76
    value |= (tick & 0xFFF) << 64
    value |= 0b10 << 62
    value |= int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=value)
