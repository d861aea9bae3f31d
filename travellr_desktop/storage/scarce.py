"""What of scarce things other desks have, as far as this file knows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

_SPARE = (
    "SELECT coalesce(sum(seats - taken), 0) FROM grants WHERE departure_id = ? "
    "AND desk_id <> (SELECT desk_id FROM this_desk)"
)
_OWN = (
    "SELECT id, seats, taken FROM grants WHERE departure_id = ? AND desk_id = (SELECT desk_id FROM this_desk)"
)


def spare_elsewhere(connection: Connection, departure_id: UUID) -> int:
    """Seats of a departure that other desks were granted, and that nobody has taken."""
    return int(connection.exec_driver_sql(_SPARE, (departure_id.hex,)).scalar_one())


def desks_here(connection: Connection) -> int:
    """How many desks the agency has."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM desks").scalar_one())


def own_grant(connection: Connection, departure_id: UUID) -> tuple[UUID, int, int] | None:
    """The grant of this desk: its id, seats and how many of them are taken."""
    found = connection.exec_driver_sql(_OWN, (departure_id.hex,)).one_or_none()
    return None if found is None else (UUID(found[0]), int(found[1]), int(found[2]))
