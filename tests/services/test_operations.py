"""The page of operations names what there is: calls that can be called, permissions that are asked."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.desk import Desk
from travellr_desktop.domain.permissions import Permission
from travellr_desktop.ui.screens import SCREENS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def test_every_call_on_the_page_is_a_service_call(desk: Desk) -> None:
    called = set(re.findall(r"`([a-z_]+)\.([a-z_]+)`", PAGE.read_text(encoding="utf-8")))
    permissions = {tuple(permission.value.split(".")) for permission in Permission}
    calls = {call for call in called if hasattr(desk.services, call[0]) and call not in permissions}
    missing = [
        f"{service}.{name}" for service, name in calls if not hasattr(getattr(desk.services, service), name)
    ]
    assert missing == []
    assert called - calls <= permissions


def test_the_sixteen_operations_are_there() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## The desk", maxsplit=1)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) == 16


def test_every_place_is_a_screen_and_every_screen_is_a_place() -> None:
    page = PAGE.read_text(encoding="utf-8")
    screens = {entry.words for entry in SCREENS}
    places = {
        place.strip() for place in re.findall(r"[|;,] ([A-Z][a-z]+(?: codes| close)?)(?=[:,; (])", page)
    }
    assert {place for place in places if place not in screens} <= {
        "Sign-in",
        "First",
    }  # the first start is no screen of the rail
    assert [screen for screen in sorted(screens) if not re.search(rf"[|;,] {screen}\b", page)] == []
