"""Taking in what others did, page after page, each with the cursor in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.central.derived import make_anew_where_two_wrote
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.incoming import OwnOpsPending, RowInTheWay, take_in
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.giving_way import give_way, make_way
from travellr_desktop.sync.hub import Hub

MOST = 500
"""Ops of a page."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """How many ops were taken in. `again`: a page touched rows that were written here meanwhile; they go first. `inbox`
    as of a `Page`."""

    ops: int = 0
    again: bool = False
    inbox: str = ""


def pull_all(database: Database, hub: Hub) -> Pulled:
    """Take in everything that was published. Raises as `Hub` and `take_in`."""
    there, ops = hub.publish(), 0
    moved: set[tuple[str, str]] = set()
    while True:
        with database.read() as view:
            cursor = Outgoing(view.connection).standing().cursor
        page = hub.pull(cursor, MOST)
        if page.up_to == cursor:
            return Pulled(ops, inbox=page.inbox)
        try:
            with database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
                take_in(work, page.ops, page.up_to)
                changed = (each for op in page.ops for each in op.changes if each.kind == "U")
                make_anew_where_two_wrote(work, ((each.table, each.row_id) for each in changed))
                work.commit()
        except OwnOpsPending:
            return Pulled(ops, again=True, inbox=page.inbox)
        except RowInTheWay:
            if not give_way(database, hub) and not make_way(database, hub, page.ops, moved):
                raise
            continue
        ops += len(page.ops)
        if page.up_to >= there:
            return Pulled(ops, inbox=page.inbox)  # what came meanwhile was called for
