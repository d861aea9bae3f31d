"""Departures that complete themselves: those that ended so long ago that nobody will say any more who came.

How long that is the agency says (`SellingRules.completes_after`); where it says nothing, a person completes them. What
was noted on the quay holds: a booking of whose travellers all are absent is a no-show, every other is completed. What
a closed manifest has ended stays as it is; what was paid only after it was closed is completed too.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DepartureState, advance
from travellr_desktop.errors import Refusal
from travellr_desktop.services.manifests import Closed, end_departure
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.repositories.manifests import ManifestRepository
from travellr_desktop.storage.uow import Database

AT_ONCE = 50
"""How many departures one turn completes, each in a transaction of its own: whoever sells meanwhile waits for one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Completion:
    """What one turn did."""

    departures: int = 0
    completed: int = 0
    no_show: int = 0


class CompletionService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def complete_due(self) -> Completion | None:
        """End the bookings of departures that have been over for long enough, at most `AT_ONCE` of them. None where a
        person does it. One that cannot be ended is logged, and does not keep the others."""
        with self._db.read() as view:
            agency = view.agency.find()
            if agency is None or agency.completes_after is None:
                return None
            ended_by = view.clock.now() - timedelta(hours=agency.completes_after)
            due = ManifestRepository(view.session).over(ended_by, AT_ONCE)
        done = Completion()
        for departure_id in due:
            try:
                closed = self._complete(departure_id, ended_by)
            except Refusal as refusal:
                log.warning("departure %s was not completed: %s", departure_id, refusal)
                continue
            if closed is not None:
                done = Completion(
                    done.departures + 1, done.completed + closed.completed, done.no_show + closed.no_show
                )
        return done

    def _complete(self, departure_id: UUID, ended_by: datetime) -> Closed | None:
        """None where somebody has done it, or moved the departure, since it was found."""
        with self._db.write(Commit.BOOKING_COMPLETE, SYSTEM) as work:
            departure = ManifestRepository(work.session).departure(departure_id)
            confirmed = work.bookings.confirmed_on(departure_id)
            if departure is None or departure.ends_at > ended_by or not confirmed:
                return None
            if departure.state is not DepartureState.DONE:
                departure.state = advance(departure.state, DepartureState.DONE)
            closed = end_departure(work, departure, confirmed, "departure.complete_due")
            work.commit()
        return closed
