"""Ops of a file that joined others at a hub, written as its rows are there.

Between the moment in which the hub had the rows and the one in which the desk opens what it has from there, its program
may have died, and people may have sold on. What they did then is told like all else, in the hub's words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import travellr_desktop.storage.models  # noqa: F401  (fills the metadata)
from travellr_desktop.storage.base import Base
from travellr_desktop.storage.outgoing import OutgoingChange, OutgoingOp

NUMBERED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bank_files": ("message_id",),
        "bookings": ("reference",),
        "invoices": ("number",),
        "payout_batches": ("reference",),
        "sales": ("reference",),
        "statements": ("number", "carried_from"),
    }
)
"""Where numbers stand that a desk gave out, by table."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How a file is written at the hub that it joined: accounts that became one there, by ids of 32 digits; what the
    numbers that it had given out end in; and the publication that has the last of its rows, which it has seen."""

    people: Mapping[str, str]
    mark: str
    seen: int

    def op(self, op: OutgoingOp) -> OutgoingOp:
        """The op as it is to be told."""
        actor = op.actor_id
        if actor is not None and actor.hex in self.people:
            actor = UUID(self.people[actor.hex])
        changes = tuple(change for each in op.changes for change in self._change(each))
        return replace(op, actor_id=actor, changes=changes, seen=self.seen)

    def _change(self, change: OutgoingChange) -> Iterator[OutgoingChange]:
        if change.table == "agencies" or (change.table == "users" and change.row_id in self.people):
            return  # those of the hub stand
        fields: dict[str, Any] = json.loads(change.fields)
        for name in _of_people(change.table):
            if fields.get(name) in self.people:
                fields[name] = self.people[fields[name]]
        for name in NUMBERED.get(change.table, ()):
            if fields.get(name):
                fields[name] += self.mark.replace("/", "-") if name == "message_id" else self.mark
        if change.table == "number_series":
            if "kind" in fields:
                fields["kind"] += self.mark
            if "next" in fields or "last" in fields:
                fields.pop("last", None)
            if "next" in fields:
                fields["last"] = fields["next"] - 1  # nothing is given out of it any more
        yield replace(change, fields=json.dumps(fields, ensure_ascii=False))


@cache
def _of_people(table: str) -> tuple[str, ...]:
    """The columns of a table that name an account."""
    return tuple(
        key.parent.name
        for key in Base.metadata.tables[table].foreign_keys
        if key.column.table.name == "users"
    )
