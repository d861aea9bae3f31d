"""Rows that the hub refused give way to those that it has.

What was refused stays in this file until a person has settled it, beside what others do. Sometimes there is no room
for both: two desks gave one email to two people. Then the refused rows become what the hub has; nothing is lost, for
the hub keeps the op. Once it is taken after all, they come back as the hub has them then.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from itertools import islice

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.in_the_way import in_the_way
from travellr_desktop.storage.incoming import IncomingChange, IncomingOp, OwnOpsPending, RowInTheWay, take_in
from travellr_desktop.storage.outgoing import Outgoing, Standing
from travellr_desktop.storage.uow import Database
from travellr_desktop.storage.wire import synced
from travellr_desktop.sync.hub import Hub

log = logging.getLogger(__name__)

GAVE_WAY = "gave_way"
"""Under which the file keeps the numbers of the ops whose rows did."""

BROUGHT = "brought"
"""And of those that it brought along from an earlier file: their rows are looked at once more when they are told."""

AT_ONCE = 50
"""Ops whose rows are asked for at once."""

_BOOKED = "ledger"


def give_way(database: Database, hub: Hub) -> bool:
    """Have the rows of all refused and parked ops of this desk as the hub has them. Returns whether there were any: no
    op that wrote to the ledger gives way, for what was booked stays booked."""
    with database.read() as view:
        here, kept = _standing(Outgoing(view.connection))
        waiting = [op for op in hub.waiting(here.desk_id) if op not in kept]
        rows = Outgoing(view.connection).rows_of(waiting)
    if not waiting or any(table == _BOOKED for table, _row in rows):
        return False
    log.warning("rows of the ops %s give way to what the central database has", waiting)
    return _become(database, hub, rows, GAVE_WAY, [*kept, *waiting])


def make_way(database: Database, hub: Hub, page: Sequence[IncomingOp], already: set[tuple[str, str]]) -> bool:
    """Have those rows of this desk alone that leave no room for the page as the hub has them, whatever else waits.
    `already` is written: what was in the way before is not tried once more. Returns whether there were any others.

    Raises `RowInTheWay` where others here stand on one that the hub has not."""
    with database.read() as view:
        outgoing = Outgoing(view.connection)
        here, kept = _standing(outgoing)
        changes = (change for op in page for change in op.changes if change.for_desk in (None, here.desk_id))
        rows = [row for row in in_the_way(view.connection, changes) if row not in already]
        if not rows or any(table == _BOOKED for table, _row in rows):
            return False
        waiting = [op for op in hub.waiting(here.desk_id) if op not in kept]
        theirs = [op for op in waiting if not set(rows).isdisjoint(outgoing.rows_of([op]))]
    log.warning("%s make way for what the central database has", rows)
    already.update(rows)
    return _become(database, hub, rows, GAVE_WAY, [*kept, *theirs])


def come_back(database: Database, hub: Hub) -> int:
    """Have the rows of ops that gave way, and that wait no more, as the hub has them now. Returns of how many ops."""
    with database.read() as view:
        here, kept = _standing(Outgoing(view.connection))
        if not kept:
            return 0
        waiting = set(hub.waiting(here.desk_id))
        over = [op for op in kept if op not in waiting]
        rows = Outgoing(view.connection).rows_of(over)
    if over and _become(database, hub, rows, GAVE_WAY, [op for op in kept if op in waiting]):
        return len(over)
    return 0


def look_again(database: Database, hub: Hub) -> int:
    """Have the rows of ops that were brought along as the hub has them, once it has taken those. This file began with
    what others had changed since, and no page will say once more who was first. Returns of how many ops."""
    done = 0
    while True:
        with database.read() as view:
            outgoing = Outgoing(view.connection)
            here, kept = outgoing.standing(), json.loads(outgoing.copy(BROUGHT) or "[]")
            if not kept:
                return done
            waiting = set(hub.waiting(here.desk_id))
            theirs = set(outgoing.rows_of(sorted(waiting)))  # as they are here until those are settled
            told = (op for op in kept if op not in waiting and op <= here.acked)
            over = list(islice((op for op in told if theirs.isdisjoint(outgoing.rows_of([op]))), AT_ONCE))
            rows = outgoing.rows_of(over)
        try:
            if not over or not _become(database, hub, rows, BROUGHT, sorted({*kept} - {*over}), gone=False):
                return done
        except RowInTheWay:
            return done  # it points at what comes with the next page
        done += len(over)


def _standing(outgoing: Outgoing) -> tuple[Standing, list[int]]:
    kept: list[int] = json.loads(outgoing.copy(GAVE_WAY) or "[]")
    return outgoing.standing(), kept


def _become(
    database: Database,
    hub: Hub,
    rows: Iterable[tuple[str, str]],
    name: str,
    kept: list[int],
    *,
    gone: bool = True,
) -> bool:
    """`kept` is what is still to be done under that `name`. Rows that the hub has not go, or, not `gone`, stay."""
    images = [one for one in hub.rows(rows) if gone or one[2] is not None]
    try:
        with database.write(Commit.SYNC_GAVE_WAY, SYSTEM) as work:
            outgoing = Outgoing(work.connection)
            here = outgoing.standing()
            assert here.hub_id is not None
            # what points at another row goes before it, and comes after it: so counters are right
            changes = (
                *(IncomingChange(*one[:2], "D", None, here.desk_id) for one in images if one[2] is None),
                *(
                    IncomingChange(*one[:2], "I", one[2], here.desk_id)
                    for one in sorted(images, key=lambda one: synced().index(one[0]))
                    if one[2] is not None
                ),
            )
            as_one = IncomingOp(here.cursor + 1, here.hub_id, 0, "inbox.gave_way", None, "", changes, ())
            take_in(work, (as_one,), here.cursor)
            outgoing.keep_copy(name, json.dumps(kept), work.now)
            work.commit()
    except OwnOpsPending:
        return False  # they are told first; the next turn tries again
    return True
