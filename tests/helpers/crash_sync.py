"""A desk that meets its hub, in a process that is killed on the way (`helpers.crashes`). What the hub says is made up
here: the file's side is what is killed."""

from __future__ import annotations

from uuid import UUID

from helpers.crash_sales import buyer, departure
from helpers.desk import Desk
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.letting_go import let_go
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.incoming import IncomingChange, IncomingOp, take_in
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.settling import Spot, write_once_more

HUB, SECOND, STRANGER = UUID(int=6), UUID(int=2), UUID(int=99)
AT = "2026-06-18T08:42:00.000000Z"


def met(desk: Desk) -> None:
    """It joins, tells what it has, takes in what another desk did, looks around, gives it seats and leaves."""
    with desk.database.write(Commit.SYNC_JOINED, SYSTEM) as work:
        Outgoing(work.connection).belong(HUB, 1, 0)
        work.commit()
    with desk.database.write(Commit.SYNC_PUSHED, SYSTEM) as work:
        outgoing = Outgoing(work.connection)
        outgoing.acknowledge(outgoing.standing().last_op)
        work.commit()
    for op in _published(buyer(desk).id):
        with desk.database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
            take_in(work, (op,), op.pub)
            work.commit()
    country = Spot("travellers", buyer(desk).id, "country")
    with desk.database.write(Commit.SYNC_SETTLED, desk.admin) as work:
        write_once_more(work, country, "ME", seen="")
        work.commit()
    with desk.database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        Outgoing(work.connection).keep_copy("standing", '{"desks": []}', work.now)
        work.commit()
    with desk.database.write(Commit.SYNC_GAVE_WAY, SYSTEM) as work:
        Outgoing(work.connection).keep_copy("gave_way", "[]", work.now)
        work.commit()
    let_go(desk.database, departure(desk, 0), 99)
    with desk.database.write(Commit.SYNC_LEFT, SYSTEM) as work:
        Outgoing(work.connection).leave()
        work.commit()


def _published(traveller_id: UUID) -> tuple[IncomingOp, ...]:
    """The second desk is there, makes a note of a traveller, and writes it anew."""
    desk = {"number": 2, "name": "Perast", "id": SECOND.hex}
    note = {"traveller_id": traveller_id.hex, "text": "Bring ice", "created_at": AT, "id": STRANGER.hex}
    told = {
        "event_name": "TravellerChanged",
        "aggregate_id": str(traveller_id),
        "timestamp": "2026-06-18T08:42:00+00:00",
        "payload": {"change": "updated"},
    }
    changes = (
        (IncomingChange("desks", SECOND.hex, "I", desk),),
        (IncomingChange("notes", STRANGER.hex, "I", note),),
        (IncomingChange("notes", STRANGER.hex, "U", {"text": "Bring more ice"}),),
    )
    return tuple(
        IncomingOp(number, SECOND, number, "x", None, AT, some, (told,))
        for number, some in enumerate(changes, 1)
    )
