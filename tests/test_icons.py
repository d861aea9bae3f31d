"""The icons that ship are those that are used: no more, no less."""

from __future__ import annotations

import re
from pathlib import Path

import travellr_desktop
from travellr_desktop.paths import resource


def test_every_icon_that_ships_is_named_somewhere() -> None:
    package = Path(travellr_desktop.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    sources.append(resource("style", "tokens.json").read_text(encoding="utf-8"))
    named = set(re.findall(r"[\"']([a-z0-9]+(?:-[a-z0-9]+)*)[\"']", "\n".join(sources)))
    icons = {path.stem for path in resource("icons").glob("*.svg")}
    assert len(icons) > 50
    assert icons - named == set()
