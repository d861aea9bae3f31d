"""A file with a history of its own comes to a hub: as its first, or beside others.

All its rows go over in one transaction there: into tables that only this connection sees, and from them into the hub's
own, where every constraint is looked at. What the file did until then counts as known.

The first one's rows are there as they are here. Then the file is told that it belongs to the hub, which is what makes
its next ops go there. A program that dies in between joins again: the hub says that the desk is known by this file
already, and only the telling is left to do.

Beside others some of it is written otherwise (`migrations/central/0022_beside.sql` says what). So the desk goes on
with a new file, a picture of the hub, which has it all; the old one is kept among the back-ups. A program that dies in
between joins again, and what was done in the old file meanwhile is told out of the new one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import WrongState
from travellr_desktop.services.central.joining import JoinPlan, SamePerson
from travellr_desktop.services.numbers import share
from travellr_desktop.services.seat_granting import grant_plans
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.giving import giving
from travellr_desktop.storage.moved import Moved
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp, Standing
from travellr_desktop.storage.uow import Database
from travellr_desktop.storage.wire import synced, travelling
from travellr_desktop.sync.adoption import Adopted
from travellr_desktop.sync.first_sync import AT_ONCE, FirstSync, first_sync
from travellr_desktop.sync.hub import Hello, Hub
from travellr_desktop.sync.refusals import FileCloned, OtherHub

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with how many rows are there, and how many there are here."""


@dataclass(frozen=True, slots=True)
class Joined:
    """How many rows the hub has now, and up to which op they go."""

    rows: int
    last_op: int


def plan(database: Database, hub: Hub, progress: Progress = lambda _done, _all: None) -> JoinPlan:
    """What would become of this file there; nothing is changed. Where something is there, everything goes over for it
    and is given up. Raises as `join`."""
    here = _alone(database)
    if not hub.hello().has_agency:
        with giving(database.path) as file:
            return JoinPlan(sum(file.counts().values()))
    return _give(database, hub, here, progress, trying=True)[1]


def join(database: Database, hub: Hub, progress: Progress = lambda _done, _all: None) -> Joined:
    """Give an empty hub everything this file has. Raises as `Hub` (`HubDeclines` where it has an agency already),
    `OtherHub` where the file belongs to another one, a `StorageRefusal`."""
    here = _standing(database)
    hello = hub.hello()
    if here.hub_id not in (None, hello.hub_id):
        raise OtherHub("This desk belongs to another central database.", hint="Leave that one first.")
    if hello.desk_id == here.desk_id and hello.incarnation == here.incarnation:
        joined = Joined(0, hello.last_op)  # an earlier program got as far as that
    else:
        _grant_plans(database)
        joined, _plan = _give(database, hub, here, progress)
    with database.write(Commit.SYNC_JOINED, SYSTEM) as work:
        Outgoing(work.connection).belong(hello.hub_id, hello.epoch, joined.last_op)
        share(work)  # other desks will want numbers too
        grant_plans(work)  # of what was made meanwhile
        work.commit()
    log.info("joined with %s rows up to op %s", joined.rows, joined.last_op)
    return joined


def is_first(database: Database, hub: Hub, hello: Hello) -> bool:
    """Whether the file joins, or has joined, as the hub's first."""
    return not hello.has_agency or (hello.desk_id == _standing(database).desk_id and hub.adopted_as() is None)


def join_beside(
    database: Database,
    hub: Hub,
    path: Path,
    *,
    copies: Mapping[str, str],
    progress: Progress = lambda _done, _all: None,
) -> FirstSync:
    """Give a hub that has an agency everything this file has, and make the desk's new file at `path`. Nobody may write
    to the file meanwhile (`Database.freeze`), nor afterwards. Raises as `join`, `first_sync`; `HubDeclines` where
    something is in the way; `FileCloned` where the desk has told of itself by another file since."""
    here = _alone(database)
    adopted = hub.adopted_as()
    if adopted is None:
        _give(database, hub, here, progress)
        adopted = hub.adopted_as()
    assert adopted is not None
    hub.publish()
    adopted = hub.adopted_as() or adopted
    _only_this_file(here, adopted, hub.hello())
    with database.read() as view:
        profile, payments = view.agency.profile_kind(), view.agency.payments_kind()
    came = first_sync(
        hub,
        path,
        profile_kind=profile,
        payments_kind=payments,
        copies=copies,
        moved=_since(database, adopted),
        progress=progress,
    )
    log.info("joined beside others up to op %s", adopted.last_op)
    return came


def make_ready(database: Database) -> None:
    """What is written to the file before it joins: that numbered seats of departures to come are this desk's."""
    _alone(database)
    _grant_plans(database)


def _grant_plans(database: Database) -> None:
    with database.write(Commit.SYNC_JOINED, SYSTEM) as work:
        if grant_plans(work):
            work.commit()


def _standing(database: Database) -> Standing:
    with database.read() as view:
        if view.agency.find() is None:
            raise WrongState("There is nothing here yet.", hint="Take everything from there instead.")
        return Outgoing(view.connection).standing()


def _alone(database: Database) -> Standing:
    here = _standing(database)
    if here.hub_id is not None:
        raise OtherHub("This desk belongs to a central database.", hint="Leave that one first.")
    return here


def _only_this_file(here: Standing, adopted: Adopted, there: Hello) -> None:
    """The hub may know the desk by a new file that a program died over; not by one that has told anything."""
    if (adopted.desk_id, adopted.incarnation) != (here.desk_id, here.incarnation):
        raise FileCloned("The central database knows this desk by another file.")
    if there.last_op != adopted.last_op:
        raise FileCloned("This desk has joined already, and goes on in another file.")


def _since(database: Database, adopted: Adopted) -> Iterator[OutgoingOp]:
    """What was done in the old file after the hub had it, in the hub's words."""
    moved = Moved(adopted.people, adopted.mark, adopted.pub)
    after = adopted.last_op
    with database.read() as view:
        outgoing = Outgoing(view.connection)
        while ops := list(outgoing.ops(after, AT_ONCE, AT_ONCE * 10_000)):
            yield from map(moved.op, ops)
            after = ops[-1].op_no


def _give(
    database: Database, hub: Hub, here: Standing, progress: Progress, *, trying: bool = False
) -> tuple[Joined, JoinPlan]:
    with giving(database.path) as file, hub.adoption(trying=trying) as adoption:
        counts, done = file.counts(), 0
        for table in synced():
            adoption.rows(table, tuple(travelling(table)), file.rows(table))
            done += counts[table]
            progress(done, sum(counts.values()))
        said = adoption.finish(here.desk_id, here.incarnation, file.last_op(), counts)
        return Joined(done, file.last_op()), _plan(done, said)


def _plan(rows: int, said: Mapping[str, Any]) -> JoinPlan:
    """As `hub.write_as_here` says it; the first file is as it is."""
    if not said:
        return JoinPlan(rows)
    if "mark" not in said:
        return JoinPlan(rows, beside=True, in_the_way=tuple(said["in_the_way"]))
    alike, codes = said["alike"], said["codes"]
    return JoinPlan(
        rows=rows,
        beside=True,
        desk=said["desk"],
        mark=said["mark"],
        people=tuple(SamePerson(one["email"], one["name"], one["role"]) for one in said["people"]),
        numbers=said["numbers"],
        codes=tuple(code for some in codes.values() for code in some),
        settings=tuple(said["settings"]),
        vendors=tuple(alike["vendors"]),
        trips=tuple(alike["trips"]),
        departures=tuple(alike["departures"]),
        travellers=alike["travellers"],
        in_the_way=tuple(said["in_the_way"]),
    )
