"""A desk leaves its hub: the others get its seats and its claims, and it goes on by itself with everything in it.

First all is told and taken in. Then the hub says that the desk's free seats are nobody's, which the desk takes in too,
so that no seat is sold in both places; then its sign-in is over; last the file is told. Who dies on the way leaves
again: each step may be taken twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import Refusal
from travellr_desktop.services.central.door import Gone
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.connecting import HubSignInRefused, NobodyHere
from travellr_desktop.sync.cycle import greet, turn
from travellr_desktop.sync.hub import Hub

log = logging.getLogger(__name__)

_SAID = "leaves"
"""What the file keeps once there is nothing more to be said but good-bye; gone with the rest of the hub's words."""


def leave(database: Database, connect: Callable[[], Hub]) -> Gone:
    """Leave, also where the hub is not reached, or does not want to hear of this desk: `Gone` says what it does not
    know then."""
    why = _say_good_bye(database, connect)
    with database.read() as view:
        here = Outgoing(view.connection).standing()
    with database.write(Commit.SYNC_LEFT, SYSTEM) as work:
        Outgoing(work.connection).leave()
        work.commit()
    return Gone(untold=here.last_op - here.acked, why=why)


def _say_good_bye(database: Database, connect: Callable[[], Hub]) -> str:
    """Why the hub does not know of it; nothing where it does."""
    try:
        with closing(connect()) as hub:
            greet(database, hub)
            turn(database, hub)
            hub.leave()
            turn(database, hub)
            with database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
                Outgoing(work.connection).keep_copy(_SAID, "{}", work.now)
                work.commit()
            hub.left()
    except (NobodyHere, HubSignInRefused) as refusal:
        with database.read() as view:
            said = Outgoing(view.connection).copy(_SAID) is not None
        return "" if said else str(refusal)  # an earlier program got as far as that
    except Refusal as refusal:
        log.warning("left without a word: %s", refusal)
        return str(refusal)
    return ""
