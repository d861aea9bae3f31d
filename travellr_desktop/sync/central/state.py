"""How a hub stands, and the two things that are done to it as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from travellr_desktop.sync.central.administrator import Administrator


def status(admin: Administrator) -> Mapping[str, Any]:
    """`{hub_id, epoch, last_pub, schema_min, schema_max, unpublished, inbox, desks: [{desk_id, number, name, login,
    enrolled, last_op, schema, epoch, seen_at, behind, written_off, waiting, granted, taken}], people: [{user_id, name,
    login, kind}]}`. `behind` counts publications, `waiting` ops that were refused or wait behind one."""
    said: Mapping[str, Any] = admin.ask("hub.status()")
    return said


def publish(admin: Administrator) -> int:
    """Number what was committed; returns the last number. Desks do it themselves with each pull."""
    return int(admin.ask("hub.publish()"))


def new_epoch(admin: Administrator) -> int:
    """Say that the hub was restored from a back-up; returns the new epoch. Every desk that comes takes everything anew
    and tells what the hub has lost."""
    return int(admin.ask("hub.new_epoch()"))
