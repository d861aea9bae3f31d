"""Disputes as a list, and as the command says them."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from helpers.disputed import closed, opened, sold
from travellr_desktop.cli import run
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.errors import NotPermitted
from travellr_desktop.services.lists import DisputeListRow
from travellr_desktop.services.paged import ListQuery


def listed(desk: Desk, query: ListQuery | None = None) -> list[DisputeListRow]:
    with closing(desk.services.lists.disputes(desk.admin, query or ListQuery())) as rows:
        return [row for row in rows.page(0, rows.index()) if row is not None]


def three(desk: Desk, clock: HandClock) -> None:
    """One lost, one open and overdue, one inquiry."""
    lost = opened(desk, sold(desk), amount=4000)
    closed(desk, lost, won=False)
    opened(desk, sold(desk))
    clock.forward(timedelta(days=8))
    opened(desk, sold(desk), inquiry=True)
    desk.services.listening.poll()


def test_the_newest_come_first_with_what_they_are_about(desk: Desk, clock: HandClock) -> None:
    three(desk, clock)
    rows = listed(desk)
    assert rows[0].state is DisputeState.INQUIRY
    assert {row.state for row in rows[1:]} == {DisputeState.OPEN, DisputeState.LOST}
    late = [row for row in rows if row.is_late(clock.now())]
    assert [row.state for row in late] == [DisputeState.OPEN]
    assert all(row.bookings.startswith("BK-") for row in rows)
    assert {(row.amount.minor, row.fee.minor) for row in rows} == {(9000, 0), (9000, 1500), (4000, 1500)}


def test_it_is_filtered_found_and_added_up(desk: Desk, clock: HandClock) -> None:
    three(desk, clock)
    undecided = listed(desk, ListQuery(filters={"undecided": True}, sort="due"))
    assert {row.state for row in undecided} == {DisputeState.OPEN, DisputeState.INQUIRY}
    one = undecided[0]
    for words in (one.sale, one.bookings, one.ref, "soderberg"):
        assert one.id in {row.id for row in listed(desk, ListQuery(words))}
    assert listed(desk, ListQuery("nobody at all")) == []
    with closing(desk.services.lists.disputes(desk.admin, ListQuery())) as rows:
        rows.index()
        assert rows.totals().sums["amount"] == {"EUR": 22_000}


def test_agents_do_not_list_disputes(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        desk.services.lists.disputes(desk.agent, ListQuery())


def test_the_command_says_them_hears_events_and_exports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "profile"
    with desk_at(folder) as desk:
        sale = sold(desk)
        opened(desk, sale)
    said = said_by(capsys, "events", "poll", "--profile", str(folder))
    assert (said["ok"], said["in_full"], said["elsewhere"]) == (True, True, False)
    said = said_by(capsys, "disputes", "list", "--profile", str(folder))
    assert (said["count"], said["undecided"]) == (1, 1)
    (dispute,) = said["disputes"]
    assert (dispute["state"], dispute["amount"], dispute["fee"]) == ("open", "90.00", "15.00")
    assert dispute["bookings"] == [sale.sale.bookings[0].reference]
    file = tmp_path / "disputes.csv"
    said_by(capsys, "export", "disputes", "--to", str(file), "--profile", str(folder))
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        (row,) = csv.DictReader(opened_file)
    assert (row["State"], row["Amount"]) == ("open", "90.00"), row
    assert run(["disputes", "list", "--profile", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "answer by" in told or "overdue since" in told


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:  # type: ignore[type-arg]
    assert run([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_who_listens_elsewhere_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "profile"
    with desk_at(folder) as desk:
        sold(desk)
        desk.services.listening.poll()
        said = said_by(capsys, "events", "poll", "--profile", str(folder))
    assert said["elsewhere"]
