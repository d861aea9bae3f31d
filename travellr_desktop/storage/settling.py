"""Writing one field of one row once more, by hand: what a person chose where two desks had written it.

Only what describes something is written so. States, amounts and whatever seats or the ledger follow from have
commands of their own, which see to the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from travellr_desktop.storage.uow import UnitOfWork
from travellr_desktop.storage.wire import synced, travelling

BY_HAND: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "agencies": frozenset(
            {
                "name",
                "legal",
                "tax_number",
                "contact",
                "address",
                "country",
                "registration",
                "bank",
                "invoice_footer",
                "iban",
                "bic",
            }
        ),
        "desks": frozenset({"name"}),
        "departures": frozenset({"note"}),
        "promo_codes": frozenset({"name"}),
        "travel_documents": frozenset({"number", "country", "expires_on", "note"}),
        "travellers": frozenset({"name", "email", "phone", "born", "language", "address", "country"}),
        "trip_pictures": frozenset({"caption", "position"}),
        "trip_seasons": frozenset({"name"}),
        "trips": frozenset(
            {
                "code",
                "title",
                "place",
                "country",
                "description",
                "meeting_point",
                "meet_before_min",
                "included",
                "languages",
            }
        ),
        "vendors": frozenset(
            {"code", "name", "legal", "email", "phone", "address", "country", "tax_number", "holder"}
        ),
        "waiting_list": frozenset({"note"}),
    }
)
"""The fields that may be written by hand, by table."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A field of a row of a synced table."""

    table: str
    row_id: UUID
    field: str


def by_hand(spot: Spot) -> bool:
    """Whether this field may be written so."""
    return spot.field in BY_HAND.get(spot.table, frozenset()) and spot.field in travelling(spot.table)


def row_of(connection: Connection, table: str, row_id: UUID) -> Mapping[str, Any] | None:
    """What travels of a row, values as SQLite holds them; None where it is not here. Raises `InvalidInput` where
    there is no such synced table."""
    if table not in synced():
        raise InvalidInput(f"There is no table {table}.")
    names = ", ".join(travelling(table))
    found = connection.exec_driver_sql(f"SELECT {names} FROM {table} WHERE id = ?", (row_id.hex,))
    row = found.mappings().one_or_none()
    return None if row is None else dict(row)


def write_once_more(work: UnitOfWork, spot: Spot, value: Any, *, seen: Any) -> bool:
    """Write a value as SQLite holds it; False where it is there already. The caller commits.

    `seen` is what whoever chose was shown. Raises `WrongState` where the field has commands of its own, `NotFound`,
    `ChangedMeanwhile` where it says something else by now, `InvalidInput` where the database does not take the
    value."""
    if not by_hand(spot):
        raise WrongState(
            "This cannot be settled by writing it once more.", hint="Keep what the central database has."
        )
    row = row_of(work.connection, spot.table, spot.row_id)
    if row is None:
        raise NotFound("It is not there any more.")
    if row[spot.field] == value:
        return False
    if row[spot.field] != seen:
        raise ChangedMeanwhile("Somebody has written something else there since.")
    change = f"UPDATE {spot.table} SET {spot.field} = ?, version = version + 1 WHERE id = ?"
    try:
        work.connection.exec_driver_sql(change, (value, spot.row_id.hex))
    except IntegrityError as error:
        raise InvalidInput("This value is not taken.", hint="Keep what the central database has.") from error
    return True
