"""What the program does by itself to its own file: lapsed holds, old keys, events that were not told."""

from __future__ import annotations

from datetime import timedelta

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import HoldState
from travellr_desktop.events import Event
from travellr_desktop.services import keys
from travellr_desktop.services.sales import end_unpaid
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import OutboxEvent
from travellr_desktop.storage.uow import Database

EVENTS_KEPT = timedelta(days=30)


class Upkeep:
    def __init__(self, database: Database) -> None:
        self._db = database

    def expire_holds(self) -> int:
        """Let go of the seats whose hold has lapsed, and of the pending bookings that waited on them; those with
        a payment under way stay. Returns how many holds ended."""
        with self._db.read() as view:
            if not view.holds.lapsed(view.clock.now(), limit=1):
                return 0
        with self._db.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
            lapsed = work.holds.lapsed(work.now)
            waiting = work.bookings.find_many([each.id for _, each in lapsed if each is not None])
            alone = [hold for hold, each in lapsed if each is None]
            end_unpaid(work, waiting, "The hold lapsed before it was paid.", HoldState.EXPIRED, beside=alone)
            work.commit()
        return len(lapsed)

    def tell_again(self) -> int:
        """Publish the events of a program that ended between its commit and telling anybody. Returns how many."""
        with self._db.read() as view:
            untold = [(row.id, _event(row)) for row in view.journal.unpublished()]
        if untold:
            self._db.tell_again(untold, SYSTEM)
        return len(untold)

    def note_told(self) -> int:
        """Write down which events the bus has been told of, where no other write has done so. Returns how many."""
        return self._db.flush_published(SYSTEM)

    def clean_up(self) -> None:
        """Forget command keys after 24 hours, published events after 30 days."""
        with self._db.write(Commit.CLEAN_UP, SYSTEM) as work:
            work.commands.forget_before(work.now - keys.KEPT)
            work.journal.forget_events_before(work.now - EVENTS_KEPT)
            work.commit()


def _event(row: OutboxEvent) -> Event:
    return Event.from_json(
        {
            "event_name": row.event_name,
            "aggregate_id": str(row.aggregate_id),
            "timestamp": row.timestamp.isoformat(),
            "payload": row.payload,
        }
    )
