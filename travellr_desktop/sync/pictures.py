"""What a hub has at one moment, read for a file: all of it, or what a vendor's person sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg

from travellr_desktop.storage.tallying import Tally
from travellr_desktop.storage.vendor_rows import kinds_of
from travellr_desktop.storage.wire import Kind, travelling


class Picture:
    """The rows of a hub at one moment, for a new file."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        said = connection.execute("SELECT api.picture()").fetchone()
        assert said is not None
        self.cursor: int = said[0]["pub"]
        self.unpublished = tuple((UUID(one["desk_id"]), int(one["op_no"])) for one in said[0]["unpublished"])
        self.last_op: int = said[0]["last_op"]
        self.tally = Tally(said[0]["counts"], said[0]["ledger"], said[0]["granted"])

    def rows(self, table: str) -> Iterator[tuple[str | None, ...]]:
        """The rows of a table, its columns as `wire.travelling` has them, each value as text or None."""
        return _copied(self._connection, table, travelling(table))


class SeenPicture:
    """What a vendor's person sees of a hub at one moment. `columns` by table, as they see them. `whole`: all of it is
    published, so whoever has taken in all pages has just that."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        found = connection.execute("SELECT api.picture_mine()").fetchone()
        assert found is not None
        said = found[0]
        self.cursor: int = said["pub"]
        self.whole: bool = said["whole"]
        self.counts: Mapping[str, int] = said["counts"]
        self.ledger: Mapping[str, int] = said["ledger"]
        self.columns: Mapping[str, Sequence[str]] = said["columns"]

    def rows(self, table: str) -> Iterator[tuple[str | None, ...]]:
        """The rows of a table, in those columns, each value as text or None. Raises `UnknownHere`."""
        kinds = kinds_of(table, self.columns[table])
        return _copied(self._connection, table, kinds)


def _copied(
    connection: psycopg.Connection[Any], table: str, kinds: Mapping[str, Kind]
) -> Iterator[tuple[str | None, ...]]:
    columns = ", ".join(_in_words(name, kind) for name, kind in kinds.items())
    with connection.cursor().copy(f"COPY (SELECT {columns} FROM agency.{table}) TO STDOUT") as copy:
        yield from copy.rows()


def _in_words(name: str, kind: Kind) -> str:
    if kind is Kind.ID:
        return f"encode(uuid_send({name}), 'hex')"
    if kind is Kind.MOMENT:
        return f"""to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"{name}::integer" if kind is Kind.FLAG else name
