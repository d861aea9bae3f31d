"""Why the hub took nothing of an op: which rule, of which fields of which row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class FaultKind(StrEnum):
    """What `hub.fault` says. OTHER: a hub that is newer than this program says something else."""

    MISSING = "missing"  # the field points at a row that is not there: `other`
    GONE = "gone"  # the row itself is not there any more
    CHANGED = "changed"  # it was to be removed, and another desk has changed it
    USED = "used"  # it was to be removed, and a row of `other` points at it
    TAKEN = "taken"  # `other` has these values, and there is one of them only
    EMPTY = "empty"  # the field has to be there
    VALUE = "value"  # a value that it may not have
    UNREADABLE = "unreadable"  # not written as values of the field are
    UNKNOWN = "unknown"  # the hub has no such table or field
    RIGHTS = "rights"  # the person may not
    APPROVAL = "approval"  # the person has not said so by their own sign-in
    OWNER = "owner"  # it is another desk's
    STATE = "state"  # no step from the state that it is in
    SEATS = "seats"  # more than there are, or than were granted
    MONEY = "money"  # more than came in, or than is owed
    CHAIN = "chain"  # the ledger of a desk goes on otherwise
    KEPT = "kept"  # it is never changed, or never removed
    RULE = "rule"  # another rule: the reason says which
    OTHER = "other"

    @classmethod
    def _missing_(cls, _value: object) -> FaultKind:
        return cls.OTHER


@dataclass(frozen=True, slots=True)
class Fault:
    """`row_id` is None where no single row is at fault, `table` empty where none is. `fields` are those that the op has
    to have otherwise; `rule` is the name of the constraint, empty where it is not one. `other_table` and `other_row`
    are the row that is missing, or in the way."""

    kind: FaultKind
    table: str = ""
    row_id: UUID | None = None
    fields: tuple[str, ...] = ()
    rule: str = ""
    other_table: str = ""
    other_row: UUID | None = None


def fault_of(said: Mapping[str, Any]) -> Fault:
    """What the hub said, as `docs/sync.md` has it."""
    other: Mapping[str, Any] = said.get("other") or {}
    return Fault(
        kind=FaultKind(said.get("why") or ""),
        table=said.get("t") or "",
        row_id=_id(said.get("id")),
        fields=tuple(said.get("fields") or ()),
        rule=said.get("rule") or "",
        other_table=other.get("t") or "",
        other_row=_id(other.get("id")),
    )


def _id(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None  # it may be what was at fault
