"""The page about the sandbox names all of it, and nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from travellr_desktop.payments.sandbox import access, checkout
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.moves import Move
from travellr_desktop.payments.sandbox.operations import Operation

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> Iterator[list[str]]:
    """The names in the first column of a table, a row at a time."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield re.findall(r"`([^`]+)`", line.split(" | ")[0])


def test_every_call_is_named() -> None:
    named = []
    for names in first_cells(section("Calls")):
        before = ""
        for name in names:
            # `.retrieve` after `checkout.sessions.create` is of the same resource
            before = before.rpartition(".")[0] + name if name.startswith(".") else name
            named.append(before)
    assert sorted(named) == sorted(operation.value for operation in Operation)


def test_every_fault_is_named() -> None:
    named = [name for names in first_cells(section("Faults")) for name in names]
    assert sorted(named) == sorted(kind.value for kind in FaultKind)


def test_everything_that_can_be_done_to_it_is_named() -> None:
    told = set(re.findall(r"`(\w+)", section("The control")))
    acts = {name for name in dir(SandboxControl) if not name.startswith("_")}
    inner = {"close", "cards", "settings", "fee_rule", "set_address", "forget_address"}
    assert acts - inner <= told


@pytest.mark.parametrize("move", Move)
def test_every_movement_is_named(move: Move) -> None:
    assert f"`{move.type}` | `{move.category}`" in section("The balance")


def test_keys_and_the_address_of_pages_are_as_they_are() -> None:
    for key in (access.DESK_KEY, access.OFFICE_KEY, access.READ_ONLY_KEY):
        assert f"`{key}`" in section("Keys")
    assert checkout.PAGE in section("Behind a port")
