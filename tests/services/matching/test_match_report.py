"""What `travellr reconcile` says, and when it ends with no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_at
from helpers.tampering import by_hand, without_triggers
from helpers.tilling import close_till, open_till
from travellr_desktop.__main__ import main

WHEN = ("--from", "2026-06-15", "--to", "2026-06-18")


@contextmanager
def a_day(folder: Path, *, counted: int = 29_000, reason: str = "") -> Iterator[Desk]:
    """A sale by card, one in cash, and the till closed."""
    clock = HandClock()
    with desk_at(folder, clock) as desk:
        open_till(desk)
        departure = desk.add_departure()
        desk.sold(departure, adult=1)
        desk.sold(departure, pay=CASH, adult=2)
        close_till(desk, counted, reason=reason)
        clock.forward(timedelta(minutes=5))
        desk.services.matching.fetch()
        yield desk


def said(capsys: pytest.CaptureFixture[str], folder: Path, expected: int) -> dict[str, Any]:
    assert main(["reconcile", "--json", *WHEN, "--profile", str(folder)]) == expected
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_days_that_agree_are_told_with_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with a_day(tmp_path):
        pass
    found = said(capsys, tmp_path, 0)
    assert (found["ok"], found["differences"], found["movements"]) == (True, [], 1)
    assert found["days"] == [
        {
            "day": "2026-06-18",
            "currency": "EUR",
            "books": "45.00",
            "provider": "45.00",
            "open": 0,
            "explained": 0,
        }
    ]
    (till,) = found["tills"]
    assert (till["expected"], till["counted"], till["difference"], till["open"]) == (
        "290.00",
        "290.00",
        "0.00",
        False,
    )
    assert main(["reconcile", *WHEN, "--profile", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("All of it agrees, or is explained.\n")


def test_a_difference_that_is_open_ends_it_with_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_day(tmp_path) as desk, by_hand(desk.profile.sandbox) as file:
        file.execute("UPDATE balance_transactions SET fee = fee + 25")
    found = said(capsys, tmp_path, 1)
    (row,) = found["differences"]
    assert (row["kind"], row["correction"]) == ("fee", "post_fee")
    assert main(["reconcile", *WHEN, "--profile", str(tmp_path)]) == 1
    assert "Another fee was posted than was taken." in capsys.readouterr().out


def test_a_till_that_was_short_is_told_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_day(tmp_path, counted=28_800, reason="Change given twice"):
        pass
    assert said(capsys, tmp_path, 0)["tills"][0]["explained"] == "Change given twice"
    with by_hand(tmp_path / "travellr.db") as file, without_triggers(file, "till_sessions", refusing=True):
        file.execute("UPDATE till_sessions SET closed_reason = ''")
    found = said(capsys, tmp_path, 1)
    assert found["tills"][0]["cause"] == "The till was counted short."
    assert main(["reconcile", *WHEN, "--profile", str(tmp_path)]) == 1
    assert "The till was counted short." in capsys.readouterr().out


def test_days_that_are_no_span_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with a_day(tmp_path):
        pass
    backwards = ["reconcile", "--json", "--from", "2026-06-18", "--to", "2026-06-17"]
    assert main([*backwards, "--profile", str(tmp_path)]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "last"


def test_without_days_it_is_this_week_up_to_today(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with a_day(tmp_path):
        pass
    assert main(["reconcile", "--json", "--to", "2026-06-18", "--profile", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["first"], found["last"]) == ("2026-06-15", "2026-06-18")
