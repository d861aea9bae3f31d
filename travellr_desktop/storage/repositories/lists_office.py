"""How the lists of the office are read: people who may sign in, and the audit trail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM, Role
from travellr_desktop.domain.text import fold
from travellr_desktop.storage.base import utc_moment
from travellr_desktop.storage.conditions import between, contains, equals, folded, folded_json, holds, one_of
from travellr_desktop.storage.list_spec import Join, ListSpec


@dataclass(frozen=True, slots=True)
class UserListRow:
    """`vendor` is None but for a vendor's person; `must_change`: the password was given by somebody else."""

    id: UUID
    name: str
    email: str
    role: Role
    vendor_id: UUID | None
    vendor: str | None
    active: bool
    must_change: bool
    created: datetime
    last_signed_in: datetime | None


@dataclass(frozen=True, slots=True)
class AuditListRow:
    """Who did what to which thing. `about` is the thing's name or reference, "" where it has none by now; `currency`
    that of a booking, payment or refund, in which the amounts of the detail are."""

    id: UUID
    at: datetime
    who: str
    action: str
    entity: str
    entity_id: UUID
    about: str
    detail: Mapping[str, Any]
    currency: str = ""


_LAST = "(SELECT max(a.at) FROM audit a WHERE a.entity = 'user' AND a.entity_id = u.id AND a.action = 'user.sign_in')"


def _user(row: Sequence[Any]) -> UserListRow:
    return UserListRow(
        id=UUID(row[0]),
        name=row[1],
        email=row[2],
        role=Role(row[3]),
        vendor_id=UUID(row[4]) if row[4] else None,
        vendor=row[5],
        active=bool(row[6]),
        must_change=bool(row[7]),
        created=utc_moment(row[8]),
        last_signed_in=utc_moment(row[9]) if row[9] else None,
    )


USERS: ListSpec[UserListRow] = ListSpec(
    table="users u",
    key="u.rowid",
    id="u.id",
    columns=(
        "u.id",
        "u.name",
        "u.email",
        "u.role",
        "u.vendor_id",
        "v.name",
        "u.active",
        "u.must_change",
        "u.created_at",
        _LAST,
    ),
    make=_user,
    joins=(Join("v", "LEFT JOIN vendors v ON v.id = u.vendor_id"),),
    sortable={
        "name": "u.name COLLATE NOCASE",
        "email": "u.email",
        "role": "u.role",
        "vendor": "v.name COLLATE NOCASE",
        "status": "u.active",
        "last": _LAST,
    },
    order="name",
    filters={
        "active": holds("u.active"),
        "role": one_of("u.role"),
        "vendor": equals("u.vendor_id"),
    },
    search=contains(folded("u.name"), folded("u.email"), folded("v.name"), fold=fold),
)

_ABOUT = " ".join(
    f"WHEN '{entity}' THEN ({found})"
    for entity, found in {
        "booking": "SELECT reference FROM bookings WHERE id = a.entity_id",
        "sale": "SELECT reference FROM sales WHERE id = a.entity_id",
        "payment": "SELECT s.reference FROM payments p JOIN sales s ON s.id = p.sale_id WHERE p.id = a.entity_id",
        "refund": "SELECT b.reference FROM refunds r JOIN bookings b ON b.id = r.booking_id WHERE r.id = a.entity_id",
        "traveller": "SELECT name FROM travellers WHERE id = a.entity_id",
        "hold": "SELECT t.name FROM holds h JOIN travellers t ON t.id = h.traveller_id WHERE h.id = a.entity_id",
        "waiting_list": "SELECT t.name FROM waiting_list w JOIN travellers t ON t.id = w.traveller_id "
        "WHERE w.id = a.entity_id",
        "user": "SELECT name FROM users WHERE id = a.entity_id",
        "vendor": "SELECT name FROM vendors WHERE id = a.entity_id",
        "trip": "SELECT title FROM trips WHERE id = a.entity_id",
        "seat_plan": "SELECT name FROM seat_plans WHERE id = a.entity_id",
        "promo": "SELECT code FROM promo_codes WHERE id = a.entity_id",
        "departure": "SELECT t.title || ', ' || d.local_day || ' ' || d.local_time FROM departures d "
        "JOIN trips t ON t.id = d.trip_id WHERE d.id = a.entity_id",
        "invoice": "SELECT number FROM invoices WHERE id = a.entity_id",
        "statement": "SELECT number FROM statements WHERE id = a.entity_id",
        "agency": "SELECT name FROM agencies WHERE id = a.entity_id",
    }.items()
)
_ABOUT = f"CASE a.entity {_ABOUT} END"
_CURRENCY = (
    "CASE a.entity WHEN 'booking' THEN (SELECT currency FROM bookings WHERE id = a.entity_id) "
    "WHEN 'invoice' THEN (SELECT currency FROM invoices WHERE id = a.entity_id) "
    "WHEN 'payment' THEN (SELECT currency FROM payments WHERE id = a.entity_id) "
    "WHEN 'refund' THEN (SELECT b.currency FROM refunds r JOIN bookings b ON b.id = r.booking_id "
    "WHERE r.id = a.entity_id) END"
)
_WHO = f"coalesce(u.name, '{SYSTEM.name}')"


def _audit(row: Sequence[Any]) -> AuditListRow:
    return AuditListRow(
        id=UUID(row[0]),
        at=utc_moment(row[1]),
        who=row[2],
        action=row[3],
        entity=row[4],
        entity_id=UUID(row[5]),
        about=row[6] or "",
        detail=json.loads(row[7]),
        currency=row[8] or "",
    )


AUDIT: ListSpec[AuditListRow] = ListSpec(
    table="audit a",
    key="a.rowid",
    id="a.id",
    columns=("a.id", "a.at", _WHO, "a.action", "a.entity", "a.entity_id", _ABOUT, "a.detail", _CURRENCY),
    make=_audit,
    joins=(Join("u", "LEFT JOIN users u ON u.id = a.actor_id"),),
    sortable={"when": "a.at", "who": f"{_WHO} COLLATE NOCASE", "what": "a.action", "about": _ABOUT},
    order="when",
    order_descending=True,
    filters={
        "when": between("a.at"),
        "entity": one_of("a.entity"),
        "action": one_of("a.action"),
        "about": equals("a.entity_id"),
    },
    search=contains(
        folded(_WHO), "replace(a.action, '_', ' ')", folded(_ABOUT), folded_json("a.detail"), fold=fold
    ),
)
