"""A file with a history of its own becomes the first of a hub.

All its rows go over in one transaction there: into tables that only this connection sees, and from them into the hub's
own, where every constraint is looked at. What the file did until then counts as known. Then the file is told that it
belongs to the hub, which is what makes its next ops go there. A program that dies in between joins again: the hub says
that the desk is known by this file already, and only the telling is left to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.numbers import share
from travellr_desktop.services.seat_granting import grant_plans
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.giving import giving
from travellr_desktop.storage.outgoing import Outgoing, Standing
from travellr_desktop.storage.uow import Database
from travellr_desktop.storage.wire import synced, travelling
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.refusals import OtherHub

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with how many rows are there, and how many there are here."""


@dataclass(frozen=True, slots=True)
class Joined:
    """How many rows the hub has now, and up to which op they go."""

    rows: int
    last_op: int


def join(database: Database, hub: Hub, progress: Progress = lambda _done, _all: None) -> Joined:
    """Give an empty hub everything this file has. Raises as `Hub` (`HubDeclines` where it has an agency already),
    `OtherHub` where the file belongs to another one, a `StorageRefusal`."""
    with database.read() as view:
        here = Outgoing(view.connection).standing()
    hello = hub.hello()
    if here.hub_id not in (None, hello.hub_id):
        raise OtherHub("This desk belongs to another central database.", hint="Leave that one first.")
    if hello.desk_id == here.desk_id and hello.incarnation == here.incarnation:
        joined = Joined(0, hello.last_op)  # an earlier program got as far as that
    else:
        with database.write(Commit.SYNC_JOINED, SYSTEM) as work:
            if grant_plans(work):
                work.commit()
        joined = _give(database, hub, here, progress)
    with database.write(Commit.SYNC_JOINED, SYSTEM) as work:
        Outgoing(work.connection).belong(hello.hub_id, hello.epoch, joined.last_op)
        share(work)  # other desks will want numbers too
        grant_plans(work)  # of what was made meanwhile
        work.commit()
    log.info("joined with %s rows up to op %s", joined.rows, joined.last_op)
    return joined


def _give(database: Database, hub: Hub, here: Standing, progress: Progress) -> Joined:
    with giving(database.path) as file, hub.adoption() as adoption:
        counts, done = file.counts(), 0
        for table in synced():
            adoption.rows(table, tuple(travelling(table)), file.rows(table))
            done += counts[table]
            progress(done, sum(counts.values()))
        adoption.finish(here.desk_id, here.incarnation, file.last_op(), counts)
        return Joined(done, file.last_op())
