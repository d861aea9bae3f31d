"""What the hub said when it was last asked about all desks and the inbox, read from the file. What is not there, or
is of a newer hub, is taken for unknown: people see the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.services.central.faults import Fault, fault_of
from travellr_desktop.services.central.views import EntryKind
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Reading

COPY = "standing"
"""The name under which the file keeps it."""


@dataclass(frozen=True, slots=True)
class DeskSaid:
    seen: datetime | None = None
    version: str = ""
    schema: int | None = None
    behind: int | None = None
    waiting: int | None = None
    written_off: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntrySaid:
    """An entry of the inbox in the hub's words: ids and values as `storage.wire` writes them. `fields` are what the
    row of a refused op was made with, or what it would have changed: of the row at fault, or of the first; `field` is
    then the one at fault, where there is one. `stands_on` is the op that it waits for."""

    id: str
    kind: EntryKind
    desk_id: UUID | None
    op_no: int
    op_name: str
    actor: UUID | None
    at: datetime | None
    came: datetime | None
    table: str
    row_id: UUID | None
    field: str
    desk_value: Any
    hub_value: Any
    hub_desk: UUID | None
    hub_actor: UUID | None
    hub_at: datetime | None
    reason: str
    ledger: bool
    stands_on: int | None
    seats: int
    fields: Mapping[str, Any]
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Said:
    """`at` is None where nothing was ever said."""

    at: datetime | None = None
    desks: Mapping[UUID, DeskSaid] = field(default_factory=dict)
    inbox: tuple[EntrySaid, ...] = ()


def said(view: Reading) -> Said:
    kept = Outgoing(view.connection)
    body, at = kept.copy(COPY), kept.copied_at(COPY)
    if body is None or at is None:
        return Said()
    whole = json.loads(body)
    desks = {desk_id: _desk(one) for one in whole.get("desks") or () if (desk_id := _id(one.get("desk_id")))}
    known = {each.value for each in EntryKind}
    inbox = tuple(_entry(one) for one in whole.get("conflicts") or () if one.get("kind") in known)
    return Said(utc_moment(at), desks, inbox)


def _desk(one: Mapping[str, Any]) -> DeskSaid:
    return DeskSaid(
        seen=_moment(one.get("seen_at")),
        version=str(one.get("version") or ""),
        schema=one.get("schema"),
        behind=one.get("behind"),
        waiting=one.get("waiting"),
        written_off=_moment(one.get("written_off_at")),
    )


def _entry(one: Mapping[str, Any]) -> EntrySaid:
    fault = fault_of(one["fault"]) if one.get("fault") else None
    table, row_id = one.get("table") or "", _id(one.get("row_id"))
    if fault is not None and fault.row_id is not None:
        table, row_id = fault.table, fault.row_id
    changes: Sequence[Mapping[str, Any]] = one.get("changes") or ()
    if row_id is None and changes:
        table, row_id = changes[0].get("t") or "", _id(changes[0].get("id"))
    return EntrySaid(
        id=str(one["id"]),
        kind=EntryKind(one["kind"]),
        desk_id=_id(one.get("desk_id")),
        op_no=one.get("op_no") or 0,
        op_name=one.get("op_name") or "",
        actor=_id(one.get("actor")),
        at=_moment(one.get("at")),
        came=_moment(one.get("came_at")),
        table=table,
        row_id=row_id,
        field=one.get("field") or (fault.fields[0] if fault is not None and fault.fields else ""),
        desk_value=one.get("desk_value"),
        hub_value=one.get("hub_value"),
        hub_desk=_id(one.get("hub_desk_id")),
        hub_actor=_id(one.get("hub_actor")),
        hub_at=_moment(one.get("hub_at")),
        reason=one.get("reason") or "",
        ledger=bool(one.get("ledger")),
        stands_on=one.get("stands_on"),
        seats=one.get("seats") or 0,
        fields=_fields(changes, table, row_id),
        fault=fault,
    )


def _fields(changes: Sequence[Mapping[str, Any]], table: str, row_id: UUID | None) -> dict[str, Any]:
    """What the changes of an op say of one row, the last of each field."""
    found: dict[str, Any] = {}
    for one in changes:
        if (one.get("t"), _id(one.get("id"))) == (table, row_id):
            found |= one.get("f") or {}
    return found


def _id(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None  # of an op that was refused for it


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
