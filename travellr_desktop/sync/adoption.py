"""A whole file on its way into a hub, and what is known there of one that came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg


@dataclass(frozen=True, slots=True)
class Adopted:
    """A file that came beside others, with its ops up to `last_op`: `people` are ids of its accounts and of those they
    are at the hub, `mark` is what its numbers end in there, `pub` the publication with the last of its rows."""

    desk_id: UUID
    incarnation: UUID
    last_op: int
    mark: str
    people: Mapping[str, str]
    pub: int


class Adoption:
    """Rows on their way into a hub. They are looked at when all are there."""

    def __init__(self, connection: psycopg.Connection[Any], trying: bool) -> None:
        self._connection = connection
        self._trying = trying

    def rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Send rows, values as SQLite holds them."""
        into = f"COPY adopting.{table} ({', '.join(columns)}) FROM STDIN"
        with self._connection.cursor().copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def finish(
        self, desk_id: UUID, incarnation: UUID, last_op: int, counts: Mapping[str, int]
    ) -> Mapping[str, Any]:
        """Take them over. Raises where a constraint says no, or where others came than were counted. Returns what the
        hub says of what is otherwise there than in the file, for `joining`."""
        found = self._connection.execute(
            "SELECT api.adopted(%s::uuid, %s::uuid, %s, %s::jsonb, %s)",
            (str(desk_id), str(incarnation), last_op, json.dumps(dict(counts)), self._trying),
        ).fetchone()
        assert found is not None
        said: Mapping[str, Any] = found[0]
        return said
