"""What a program does with its hub while it is connected: a desk all of it, a vendor's takes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from travellr_desktop.storage import vendor_files
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync import vendors
from travellr_desktop.sync.cycle import come_back, greet, look, share, turn
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.verifying import verify

LOOK_EVERY = 30.0
"""Seconds between two looks at the other desks and the inbox, where nothing came into it."""


VERIFY_EVERY = 24 * 3600.0
"""Seconds between two times that the file was held against the hub; the first is soon after the start."""


class Steps(Protocol):
    """Both raise a `SyncRefusal` where it does not go on, and what `Hub` does."""

    def begin(self, hub: Hub) -> None:
        """Once a connection."""
        ...

    def turn(self, hub: Hub) -> None:
        """Again and again."""
        ...


class DeskSteps:
    def __init__(self, database: Database, inbox_changed: Callable[[], None]) -> None:
        self._db = database
        self._inbox_changed = inbox_changed
        self._looked = self._verified = float("-inf")
        self._inbox = ""

    def begin(self, hub: Hub) -> None:
        self._looked = float("-inf")
        if greet(self._db, hub).written_off:
            come_back(self._db, hub)

    def turn(self, hub: Hub) -> None:
        moved = turn(self._db, hub)
        if share(self._db, hub):
            turn(self._db, hub)
        now = self._db.clock.now().timestamp()
        if moved.in_inbox or moved.inbox != self._inbox or now - self._looked >= LOOK_EVERY:
            self._verify(hub, now)
            hub.allot()
            if look(self._db, hub):
                self._inbox_changed()
            self._looked, self._inbox = now, moved.inbox

    def _verify(self, hub: Hub, now: float) -> None:
        """Where it is time, and nothing moves just now."""
        if now - self._verified >= VERIFY_EVERY and verify(self._db, hub):
            self._verified = now


class VendorSteps:
    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, hub: Hub) -> None:
        there = vendors.greet(self._db, hub)
        vendor_files.fold_log(self._db)  # who was killed in between has left rows in it that are gone
        if not vendors.is_of(self._db, there):
            vendors.take_anew(self._db, hub, there)

    def turn(self, hub: Hub) -> None:
        vendors.take_in(self._db, hub)


def steps_of(database: Database, inbox_changed: Callable[[], None]) -> Steps:
    """Those of the file."""
    return VendorSteps(database) if database.of_vendor else DeskSteps(database, inbox_changed)
