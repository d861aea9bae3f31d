"""What the hub said when it was last asked about all desks and the inbox, read from the file. What is not there, or
is of a newer hub, is taken for unknown: people see the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from travellr_desktop.services.central.faults import Fault, fault_of
from travellr_desktop.services.central.views import EntryKind
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Reading

COPY = "standing"
"""The name under which the file keeps it."""

CAME_BACK = "came_back"
"""Under which it keeps that this desk, whose seats had been written off, was there again."""

_TOLD_FOR = timedelta(days=1)

UNSEEN = frozenset({"audit", "number_series", "grants", "seat_grants"})
"""Tables whose rows are kept beside what somebody did."""


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
    row of a refused op was made with, or what it would have changed: of the row at fault, or of the first that people
    know of; `field` is then the one at fault, where there is one. `changes` is all that the op would have written,
    `{t, id, k, f}`; `stands_on` is the op that it waits for."""

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
    changes: tuple[Mapping[str, Any], ...] = ()


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


def came_back(view: Reading) -> datetime | None:
    """When this desk was there again after it had been written off, for a day from then."""
    at = Outgoing(view.connection).copied_at(CAME_BACK)
    moment = None if at is None else utc_moment(at)
    return moment if moment is not None and view.clock.now() - moment < _TOLD_FOR else None


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
    changes: Sequence[Mapping[str, Any]] = one.get("changes") or ()
    row = named_row(one)
    table, row_id = one.get("table") or "", _id(one.get("row_id"))
    if row is not None:
        table, row_id = row[0], _id(row[1])
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
        changes=tuple(changes),
    )


def named_row(one: Mapping[str, Any]) -> tuple[str, str] | None:
    """Table and id of the row that the hub named, where the op wrote it, else of the first row that it wrote which
    people know of; None of an entry without an op's rows."""
    rows = [(str(change.get("t")), str(change.get("id"))) for change in one.get("changes") or ()]
    fault = one.get("fault") or {}
    for table, row_id in ((fault.get("t"), fault.get("id")), (one.get("table"), one.get("row_id"))):
        if (named := (str(table), str(row_id or ""))) in rows:
            return named
    return next((row for row in rows if row[0] not in UNSEEN), rows[0] if rows else None)


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
