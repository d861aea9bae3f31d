"""One turn of a desk with its hub: tell, take in, look at what waits.

What is told comes first: a page whose rows were written here meanwhile is left until the hub has judged them, so that
nothing has to be put on top of something else.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services import oversold
from travellr_desktop.services.central.said import CAME_BACK
from travellr_desktop.services.letting_go import let_go
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing, Standing
from travellr_desktop.storage.schema import SCHEMA_VERSION
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync import giving_way
from travellr_desktop.sync.hub import Hello, Hub
from travellr_desktop.sync.pulling import pull_all
from travellr_desktop.sync.pushing import push_all
from travellr_desktop.sync.refusals import (
    FileCloned,
    HubRestored,
    HubTooNew,
    HubTooOld,
    NotEnrolled,
    OtherDesk,
    OtherHub,
)

log = logging.getLogger(__name__)

_TRIES = 20
"""How often a page is asked for again because its rows were written here in between."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn moved: ops told, ops taken in, and how many of those told left something in the inbox. `inbox` as of
    a `Page`."""

    pushed: int
    pulled: int
    in_inbox: int
    inbox: str = ""


def greet(database: Database, hub: Hub) -> Hello:
    """Find out whether file and hub belong together. Raises a `SyncRefusal` that says why not."""
    with database.read() as view:
        here = Outgoing(view.connection).standing()
    there = hub.hello()
    _same(here, there)
    speaks(there)
    return there


def speaks(there: Hello) -> None:
    """Raises `HubTooOld` or `HubTooNew` where this program and the hub cannot speak."""
    ours = int(SCHEMA_VERSION)
    if ours > there.schema_max:
        raise HubTooOld("The central database is older than this program.")
    if ours < there.schema_min:
        raise HubTooNew("The central database is newer than this program.")


def _same(here: Standing, there: Hello) -> None:
    if here.hub_id is None:
        raise NotEnrolled("This desk works by itself.")
    if there.hub_id != here.hub_id:
        raise OtherHub("This is another central database than the one this desk was enrolled at.")
    if there.desk_id != here.desk_id:
        raise OtherDesk(
            f"This sign-in is that of another desk: {there.desk_name or 'one that is not a desk'}."
        )
    if there.epoch != here.epoch or there.last_pub < here.cursor or _lost_ops(here, there):
        raise HubRestored("The central database was restored from a back-up.")
    if there.incarnation != here.incarnation or there.last_op > here.last_op:
        raise FileCloned("The central database knows this desk by another file.")


def _lost_ops(here: Standing, there: Hello) -> bool:
    """Whether the hub has no outcome of ops that it had one of; of another file nobody knows."""
    return there.incarnation == here.incarnation and there.last_op < here.acked


def turn(database: Database, hub: Hub) -> Turn:
    """Tell everything, take in everything. Raises as `Hub`, `push_all` and `pull_all`."""
    pushed = pulled = in_inbox = 0
    for _ in range(_TRIES):
        told = push_all(database, hub)
        giving_way.come_back(database, hub)  # before what was written to them since
        giving_way.look_again(database, hub)
        taken = pull_all(database, hub)
        pushed, pulled, in_inbox = pushed + told.ops, pulled + taken.ops, in_inbox + told.in_inbox
        if not taken.again:
            break
    return Turn(pushed, pulled, in_inbox, taken.inbox)


def come_back(database: Database, hub: Hub) -> None:
    """A desk that was written off tells what it sold meanwhile; then it is as any other, and its people are told."""
    turn(database, hub)
    with database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        Outgoing(work.connection).keep_copy(CAME_BACK, "{}", work.now)
        work.commit()
    hub.come_back()


def share(database: Database, hub: Hub) -> int:
    """Let go of seats that others lack, or that were sold twice, and that nobody here has taken. Returns how often; the
    others have them once this is told."""
    given = oversold.give_back(database)
    return given + sum(let_go(database, asked.departure_id, asked.seats) for asked in hub.asked_of_me())


def look(database: Database, hub: Hub) -> bool:
    """Keep what the hub says of all desks and of the inbox, for when it cannot be asked. Returns whether the inbox is
    other than it was."""
    standing = hub.standing()
    said = json.dumps(standing, sort_keys=True, ensure_ascii=False)
    with database.read() as view:
        before = Outgoing(view.connection).copy("standing")
    if before == said:
        return False
    with database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        Outgoing(work.connection).keep_copy("standing", said, work.now)
        work.commit()
    return bool(standing["conflicts"] != json.loads(before or "{}").get("conflicts", []))
