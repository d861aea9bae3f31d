"""Ops and their changes, and whether the rows are what the changes made of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from travellr_desktop.storage.base import Base, Synced
from travellr_desktop.storage.capture import LOCAL_COLUMNS
from travellr_desktop.storage.repositories.proofs.reading import Reader
from travellr_desktop.storage.seal import body_hash


@dataclass(frozen=True, slots=True)
class OpProblem:
    """Something is wrong with an op, or with a change that belongs to none. `row` names what to look at: an op's
    number, or the row that was changed."""

    table: str
    row: str
    says: str


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that stands otherwise than it was written."""

    name: str
    written: object
    stands: object


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that is not what its changes made of it. `says` where no field tells it."""

    table: str
    row: str
    says: str = ""
    fields: tuple[FieldDifference, ...] = ()


TAKEN_IN = frozenset({"P", "X"})
"""Kinds of changes of rows that came from the hub, and are of no op of this file."""


class Impossible(Exception):
    """Changes that cannot follow each other."""


@dataclass(slots=True)
class Replayed:
    """A row as its changes make it, one after the other. `version` 0: it is not there. `untold`: how it was made is
    not written down; until a change says so only what changed since is in `fields`."""

    version: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    untold: bool = False

    def apply(self, kind: str, base_version: int, fields: str) -> None:
        """Raises `Impossible` for a change that does not follow."""
        if kind in TAKEN_IN:
            # the hub has judged: whatever was here before is written over
            self.version, self.fields, self.untold = 0, {}, False
            if kind == "P":
                self._set(base_version, fields)
            return
        if self.untold and self.version == 0:
            self.version = base_version
        there = self.version > 0
        if kind == "I" and there:
            raise Impossible("it was made twice")
        if kind != "I" and not there:
            raise Impossible("there is no record of its making")
        if base_version != self.version:
            raise Impossible(f"a change of its version {self.version} says {base_version}")
        if kind in ("I", "D"):
            self.untold = False
        if kind == "D":
            self.version, self.fields = 0, {}
            return
        self._set(base_version, fields)

    def _set(self, base_version: int, fields: str) -> None:
        try:
            changed = json.loads(fields)
        except ValueError:
            changed = None
        if not isinstance(changed, dict):
            raise Impossible("what changed cannot be read")
        self.fields.update(changed)
        self.version = base_version + 1


def synced_tables() -> tuple[str, ...]:
    """The tables whose changes are written down."""
    return tuple(
        sorted(
            mapper.local_table.name  # type: ignore[attr-defined]
            for mapper in Base.registry.mappers
            if issubclass(mapper.class_, Synced)
        )
    )


class OutboxProofs(Reader):
    def ops(self) -> Iterator[OpProblem]:
        """Ops whose number does not follow, or whose hash is not that of their changes; changes of no op that did not
        come from the hub. The ops of a file that was made of the hub's rows begin where the hub knows the desk's."""
        yield from _of_no_op(
            self._rows("SELECT table_name, row_id, op_no, kind FROM changes WHERE op_no IS NULL"),
            but=TAKEN_IN,
        )
        ops = self._rows("SELECT op_no, body_hash FROM ops ORDER BY op_no")
        changes = self._rows(
            "SELECT op_no, table_name, row_id, kind, base_version, fields FROM changes "
            "WHERE op_no IS NOT NULL ORDER BY op_no, id"
        )
        groups = groupby(changes, lambda change: change.op_no)
        group = next(groups, None)
        last = self._before_the_first()
        for op_no, written in ops:
            while group is not None and group[0] < op_no:
                yield from _of_no_op(group[1])
                group = next(groups, None)
            if op_no != last + 1:
                yield OpProblem("ops", str(op_no), f"op {op_no} follows op {last}")
            last = op_no
            if group is None or group[0] != op_no:
                yield OpProblem("ops", str(op_no), f"op {op_no} has no changes")
                continue
            if body_hash(group[1]) != written:
                yield OpProblem("ops", str(op_no), f"the hash of op {op_no} is not that of its changes")
            group = next(groups, None)
        while group is not None:
            yield from _of_no_op(group[1])
            group = next(groups, None)
        next_op = self._value("SELECT next_op FROM this_desk")
        if next_op is not None and next_op != last + 1:
            yield OpProblem("this_desk", "1", f"the next op would be {next_op}, the last one is {last}")

    def _before_the_first(self) -> int:
        """The number of the op that the first one in the file follows."""
        if not self.first_synced:
            return 0
        known, first = self._connection.exec_driver_sql(
            "SELECT acked, (SELECT min(op_no) FROM ops) FROM this_desk"
        ).one()
        return int(known if first is None else min(known, first - 1))

    @cached_property
    def first_synced(self) -> bool:
        """Whether the file was made of the hub's rows: what was there then has no record of its making."""
        return bool(self._value("SELECT first_synced FROM this_desk"))

    def strangers(self) -> Iterator[str]:
        """Tables that changes speak of and that are not synced."""
        known = synced_tables()
        for row in self._rows("SELECT DISTINCT table_name FROM changes ORDER BY table_name"):
            if row[0] not in known:
                yield str(row[0])

    def differences(self, table: str) -> Iterator[RowDifference]:
        """Rows of a synced table that are not what their changes, replayed in order, make of them: a write that
        went past the outbox."""
        local = LOCAL_COLUMNS.get(table, frozenset())
        later = self._defaults(table)
        rows = self._rows(f"SELECT * FROM {table} ORDER BY id")
        changes = self._rows(
            "SELECT row_id, kind, base_version, fields FROM changes WHERE table_name = ? ORDER BY row_id, id",
            table,
        )
        row = next(rows, None)
        for row_id, group in groupby(changes, lambda change: change.row_id):
            while row is not None and row.id < row_id:
                yield from self._unmade(table, row.id)
                row = next(rows, None)
            stands = row if row is not None and row.id == row_id else None
            replayed = Replayed(untold=self.first_synced)
            difference = _difference(table, row_id, replayed, group, stands, local, later)
            if difference is not None:
                yield difference
            if stands is not None:
                row = next(rows, None)
        while row is not None:
            yield from self._unmade(table, row.id)
            row = next(rows, None)

    def _unmade(self, table: str, row_id: str) -> Iterator[RowDifference]:
        if not self.first_synced:
            yield RowDifference(table, row_id, "there is no record of its making")

    def _defaults(self, table: str) -> dict[str, Any]:
        """What columns hold in rows of before there were such columns: what the migration says, or nothing."""
        found = {}
        for row in self._rows(f"SELECT name, dflt_value FROM pragma_table_info('{table}')"):
            if row.dflt_value is not None:
                found[row.name] = self._value(f"SELECT {row.dflt_value}")
        return found


def _of_no_op(changes: Iterable[Row[Any]], but: Collection[str] = ()) -> Iterator[OpProblem]:
    for change in changes:
        if change.kind in but:
            continue
        yield OpProblem(change.table_name, change.row_id, f"it was changed outside an op ({change.op_no})")


def _difference(
    table: str,
    row_id: str,
    replayed: Replayed,
    changes: Iterable[Row[Any]],
    stands: Row[Any] | None,
    local: frozenset[str],
    later: Mapping[str, Any],
) -> RowDifference | None:
    try:
        for change in changes:
            replayed.apply(change.kind, change.base_version, change.fields)
    except Impossible as why:
        return RowDifference(table, row_id, str(why))
    if stands is None:
        return RowDifference(table, row_id, "it is gone without a record") if replayed.version else None
    if replayed.version == 0:
        return RowDifference(table, row_id, "it was removed, and stands again")
    found = tuple(_fields(replayed, stands._mapping, local, later))
    return RowDifference(table, row_id, fields=found) if found else None


def _fields(
    replayed: Replayed, stands: Mapping[Any, Any], local: frozenset[str], later: Mapping[str, Any]
) -> Iterator[FieldDifference]:
    if stands["version"] != replayed.version:
        yield FieldDifference("version", replayed.version, stands["version"])
    for name, value in stands.items():
        if name == "version" or name in local or (replayed.untold and name not in replayed.fields):
            continue
        written = replayed.fields.get(name, later.get(name))
        if written != value or type(written) is not type(value):
            yield FieldDifference(name, written, value)
