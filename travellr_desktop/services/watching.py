"""How often payments are read that wait for their traveller: what somebody looks at every two seconds, the others now
and then. What is known of that is in memory; a payment that still waits changes nothing in the file."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

LOOKED_AT = timedelta(seconds=2)
"""How often a payment is read that somebody waits before."""

NOW_AND_THEN = timedelta(seconds=20)
"""How often the others are."""


class Watched:
    """Which payments somebody looks at, and when each was read last. May be used from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._watched: Counter[UUID] = Counter()
        self._read_at: dict[UUID, datetime] = {}

    def watch(self, payment_id: UUID) -> None:
        """Somebody looks at it: it is read often until `unwatch`."""
        with self._guard:
            self._watched[payment_id] += 1

    def unwatch(self, payment_id: UUID) -> None:
        """One who looked at it has left."""
        with self._guard:
            self._watched[payment_id] -= 1
            if self._watched[payment_id] <= 0:
                del self._watched[payment_id]

    def due(self, out: Sequence[UUID], now: datetime) -> list[UUID]:
        """Those of the payments that are `out` whose time has come; they are taken as read now."""
        with self._guard:
            self._read_at = {each: at for each, at in self._read_at.items() if each in out}
            due = [
                each
                for each in out
                if now - self._read_at.get(each, datetime.min.replace(tzinfo=now.tzinfo))
                >= (LOOKED_AT if each in self._watched else NOW_AND_THEN)
            ]
            self._read_at.update(dict.fromkeys(due, now))
            return due
