"""The page of the screens shows what `make shots` took, all of it, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from travellr_desktop.demo.photographer import AS_IT_IS, DECISIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "screens.md").read_text(encoding="utf-8")
SHOWN = set(re.findall(r"\(pictures/([^)]+\.png)\)", PAGE))
NAME = re.compile(r"(.+)-(light|dark)-(1280x720|1440x900)\.png")


def test_every_picture_of_the_page_is_there() -> None:
    assert [name for name in sorted(SHOWN) if not (DOCS / "pictures" / name).is_file()] == []


def test_every_screen_that_was_taken_is_on_the_page_by_day_and_by_night() -> None:
    kept = {path.name for path in (DOCS / "pictures").glob("*.png") if "1920x1080" not in path.name}
    pictured = {(found[1], found[2]) for name in SHOWN if (found := NAME.fullmatch(name))}
    taken = {(found[1], found[2]) for name in kept if (found := NAME.fullmatch(name))}
    assert taken == pictured
    assert {name for name, _ in pictured} == {name for name, mode in pictured if mode == "dark"}
    assert all(NAME.fullmatch(name) for name in kept - {"statement.png", "voucher.png"})


def test_what_is_large_is_a_dialog_or_a_decision() -> None:
    large = {found[1] for name in SHOWN if (found := NAME.fullmatch(name)) and found[3] == "1440x900"}
    assert large <= AS_IT_IS | DECISIONS
    assert large >= AS_IT_IS
