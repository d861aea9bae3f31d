"""States move at the hub as the program has them move, whatever a desk says."""

from __future__ import annotations

import re
from typing import Any

from helpers.guarded import Guarded, guarded, guarded_hub
from helpers.told_hub import told_template
from travellr_desktop.domain.states import TRANSITIONS
from travellr_desktop.storage.base import Base, EnumText
from travellr_desktop.storage.wire import synced

STEP = re.compile(r"'(\w+)>(\w+)'")
__all__ = ["guarded", "guarded_hub", "told_template"]


def moving() -> dict[str, Any]:
    """The state of each table that has one of the domain's."""
    found = {}
    for table in synced():
        columns = Base.metadata.tables[table].columns
        kind = columns["state"].type if "state" in columns else None
        if isinstance(kind, EnumText) and kind.enum in TRANSITIONS:
            found[table] = kind.enum
    return found


def test_the_steps_are_those_of_the_program(guarded: Guarded) -> None:
    rows = guarded.hub.admin.execute("SELECT t, before, after FROM hub.steps WHERE before <> ''").fetchall()
    meant = {
        (table, before.value, after.value)
        for table, kind in moving().items()
        for before, afters in TRANSITIONS[kind].items()
        for after in afters
    }
    assert set(rows) - {("till_sessions", "open", "closed")} == meant
    guards = "SELECT c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE g.tgname = 'guard_step'"
    assert {row[0] for row in guarded.hub.admin.execute(guards)} == {*moving(), "till_sessions"}


def test_every_state_can_be_reached(guarded: Guarded) -> None:
    rows = guarded.hub.admin.execute("SELECT t, after FROM hub.steps").fetchall()
    assert {(table, state.value) for table, kind in moving().items() for state in kind} <= set(rows)
