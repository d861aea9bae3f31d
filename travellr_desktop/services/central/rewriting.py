"""A field that two desks wrote is written once more, by somebody who has seen both values."""

from __future__ import annotations

from typing import Any

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import WrongState
from travellr_desktop.events import CatalogueChanged, Change, SettingsChanged, TravellerChanged
from travellr_desktop.services.central.derived import make_anew
from travellr_desktop.services.central.said import EntrySaid
from travellr_desktop.services.central.views import EntryKind
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.settling import Spot, by_hand, write_once_more
from travellr_desktop.storage.uow import Database, UnitOfWork

_ENTITIES = {
    "agencies": "agency",
    "departures": "departure",
    "promo_codes": "promo",
    "travellers": "traveller",
    "trips": "trip",
    "vendors": "vendor",
}
"""What the audit trail calls a row of a table."""


def spot_of(one: EntrySaid) -> Spot:
    """The field that an entry is about. Raises `WrongState` where it is about none, or one that is not written so."""
    if one.kind is not EntryKind.FIELD or one.row_id is None:
        raise WrongState("There are no two values to choose from.")
    spot = Spot(one.table, one.row_id, one.field)
    if not by_hand(spot):
        raise WrongState(
            "More than this field follows from it.", hint="Keep it, and make the change on its own screen."
        )
    return spot


def rewrite(database: Database, actor: Actor, one: EntrySaid, value: Any, *, seen: Any) -> None:
    """Write a value, and what follows from it; nothing where it is there already. Raises as `write_once_more`."""
    spot = spot_of(one)
    with database.write(Commit.SYNC_SETTLED, actor) as work:
        if write_once_more(work, spot, value, seen=seen):
            make_anew(work, spot.table, spot.row_id)
            _tell(work, one)
            work.commit()


def _tell(work: UnitOfWork, one: EntrySaid) -> None:
    """Screens that show the row read it again, at every desk; and the audit says whose word it was."""
    row_id = one.row_id
    assert row_id is not None
    work.audit("sync.settle", _ENTITIES.get(one.table, one.table), row_id, names=[one.field])
    about: dict[str, Any] = {"aggregate_id": row_id, "timestamp": work.now}
    if one.table == "travellers":
        work.publish(TravellerChanged(**about, change=Change.UPDATED))
    elif one.table in ("trips", "vendors"):
        work.publish(CatalogueChanged(**about, what=one.table.removesuffix("s"), change=Change.UPDATED))
    elif one.table == "agencies":
        work.publish(SettingsChanged(**about, names=(one.field,)))
