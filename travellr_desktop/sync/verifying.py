"""Holding a desk's file against its hub, once neither has anything left to tell the other.

A file may lack what its cursor has passed: somebody raised the cursor, took a row out, or put parts of two files
together with a tool of their own. What is missing changes nothing that comes later, so no page would ever say so.
"""

from __future__ import annotations

import json

from travellr_desktop.storage.outgoing import Outgoing, Standing
from travellr_desktop.storage.tallying import tally
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.giving_way import BROUGHT, GAVE_WAY
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.refusals import FileDiffers


def verify(database: Database, hub: Hub) -> bool:
    """Compare how many rows there are of each table, the ledger's sums and the seats granted. Returns whether that
    could be done: not while one side has what the other is still to be told, or an op of this desk waits in the inbox.

    Raises `FileDiffers`."""
    there = hub.hello()
    with database.read() as view:
        outgoing = Outgoing(view.connection)
        here = outgoing.standing()
        others = any(json.loads(outgoing.copy(name) or "[]") for name in (GAVE_WAY, BROUGHT))
    if others or not _level(here, there.last_pub, there.last_op) or hub.waiting(here.desk_id):
        return False
    with hub.picture() as picture, database.read() as view:
        here = Outgoing(view.connection).standing()
        if picture.unpublished or not _level(here, picture.cursor, picture.last_op):
            return False
        found = tally(view.connection.exec_driver_sql).differs(picture.tally)
    if found:
        raise FileDiffers(f"This desk's file is not what the central database has: {found}.")
    return True


def _level(here: Standing, last_pub: int, last_op: int) -> bool:
    return here.cursor == last_pub and here.acked == here.last_op == last_op
