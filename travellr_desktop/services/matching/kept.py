"""When the books were matched with the provider's list, and what came of it: kept in the audit, so that others can say
how far both agree without fetching anything."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import StorageRefusal
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database, Reading

log = logging.getLogger(__name__)

ONCE_IN = timedelta(hours=1)
"""The same days with the same outcome are kept once in so long: a window matches again with every change."""

_ENTITY = "matching"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The days from `first` to `last` were matched `at`; `open` differences stood that nobody had explained."""

    at: datetime
    first: date
    last: date
    open: int


def keep(database: Database, actor: Actor, first: date, last: date, *, differences: int) -> None:
    """Write down that these days were matched just now, and how many differences nobody has explained. A file that
    takes nothing is no reason not to look at what differs: then it is not kept, and nothing is raised."""
    try:
        _keep(database, actor, first, last, differences)
    except StorageRefusal:
        log.warning("that the books were matched could not be kept", exc_info=True)


def _keep(database: Database, actor: Actor, first: date, last: date, differences: int) -> None:
    with database.read() as view:
        known, now = last_kept(view), view.clock.now()
    same = known is not None and (known.first, known.last, known.open) == (first, last, differences)
    if known is not None and same and now - known.at < ONCE_IN:
        return
    with database.write(Commit.MATCH_DONE, actor) as work:
        work.audit(
            "match.done",
            _ENTITY,
            work.agency.get().id,
            first=first.isoformat(),
            last=last.isoformat(),
            open=differences,
        )
        work.commit()


def last_kept(view: Reading) -> Reconciled | None:
    """The last time that any days were matched; None where it never was."""
    agency = view.agency.find()
    row = None if agency is None else view.matching.last_said(_ENTITY, agency.id)
    if row is None:
        return None
    said = row.detail
    return Reconciled(
        row.at, date.fromisoformat(said["first"]), date.fromisoformat(said["last"]), said["open"]
    )
