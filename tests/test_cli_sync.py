"""The commands about the central database, and a desk without a window."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from helpers.central import ROWS, HandDoor, changed_twice, enrolled, hub_says, refused, second_desk, went
from helpers.clock import HandClock
from helpers.desk import Desk, desk_at
from travellr_desktop import headless
from travellr_desktop.__main__ import main
from travellr_desktop.app import Program
from travellr_desktop.headless import WorksByItself
from travellr_desktop.services.central.door import Address, Arrived, SignIn
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.told import ArrivedTold, come, leave, tell_inbox, tell_standing


@pytest.fixture
def door() -> HandDoor:
    return HandDoor(HandClock())


@pytest.fixture
def alone(tmp_path: Path, door: HandDoor) -> Iterator[Desk]:
    with desk_at(tmp_path, door.clock, central=door) as desk:
        door.database = desk.database
        yield desk


@pytest.fixture
def desk(alone: Desk, door: HandDoor) -> Desk:
    second_desk(alone)
    enrolled(alone, door)
    return alone


@pytest.fixture
def own(desk: Desk) -> Program:
    """The desk's program, with no thread of its own to a hub: the test says how the link is."""
    return replace(desk.program, central=None)


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_desk_by_itself_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with desk_at(tmp_path):
        pass
    assert main(["sync", "status", "--profile", str(tmp_path), "--json"]) == 0
    told = said(capsys)
    assert (told["ok"], told["enrolled"], told["desks"]) == (True, False, [])
    assert main(["sync", "status", "--profile", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "This desk works by itself.\n"
    assert main(["sync", "conflicts", "--profile", str(tmp_path), "--json"]) == 0
    assert said(capsys) == {"ok": True, "conflicts": []}
    assert main(["sync", "now", "--profile", str(tmp_path), "--json"]) == 2
    assert said(capsys)["error"]["code"] == "WorksByItself"
    assert main(["sync", "leave", "--yes", "--profile", str(tmp_path), "--json"]) == 2
    assert said(capsys)["error"]["code"] == "WrongState"


def test_an_address_that_is_none_names_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a long password\n"))
    arguments = ["sync", "join", "not an address", "--login", "desk_1", "--profile", str(tmp_path), "--json"]
    assert main(arguments) == 2
    told = said(capsys)
    assert told["error"]["field"] == "address"
    line = "travellr-desk://desk_1:secret@hub.example:5432/travellr"
    assert main(["sync", "join", line, "--login", "desk_1", "--profile", str(tmp_path), "--json"]) == 2
    told = said(capsys)
    assert "invitation" in told["error"]["message"] and "secret" not in json.dumps(told)
    assert "a long password" not in json.dumps(told)


def test_without_a_password_nobody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUB_PASSWORD", raising=False)
    monkeypatch.delenv("TRAVELLR_CENTRAL_PASSWORD", raising=False)
    for arguments, word in (
        (["sync", "enrol", "127.0.0.1:1", "--login", "desk_1", "--profile", str(tmp_path)], "HUB_PASSWORD"),
        (["central", "status", "--url", "postgresql://a@127.0.0.1:1/x"], "TRAVELLR_CENTRAL_PASSWORD"),
        (["sync", "retry", "1", "--as", "a@b.example", "--profile", str(tmp_path)], "line"),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        assert main([*arguments, "--json"]) == 2
        told = said(capsys)["error"]
        assert told["code"] == "UsageError" and word in told["message"]


def test_it_tells_how_every_desk_stands(desk: Desk) -> None:
    told = tell_standing(desk.services.central)
    as_json = told.as_json()
    assert (as_json["enrolled"], as_json["address"], as_json["waiting"]) == (True, "hub.kotor.example", 0)
    assert [each["name"] for each in as_json["desks"]] == ["Desk 1", "Budva"]
    assert "Budva: never" in told.as_text()
    json.dumps(as_json)


def test_what_waits_is_told_with_both_values_and_the_answer_is_no(desk: Desk) -> None:
    marta = desk.traveller("Marta Nowak", phone="+382 67 111 222").id
    hub_says(desk, changed_twice(desk, marta, "+382 67 111 222", "+49 170 111 222"), refused(desk, uuid4()))
    told = tell_inbox(desk.services.central)
    assert not told.ok
    assert [each["kind"] for each in told.as_json()["conflicts"]] == ["field", "refused"]
    assert "+49 170 111 222" in told.as_text()
    assert "The name is longer than 200 letters." in told.as_text()


def test_joining_and_coming_tell_how_many_rows(alone: Desk) -> None:
    sign_in = SignIn(Address("hub.example", 5432, "travellr", "desk_1"), "a long password")
    told = come(alone.services.central, sign_in, new=False)
    assert told.as_json() == {"ok": True, "rows": ROWS, "restart": False, "password_kept": True}
    new = come(alone.services.central, sign_in, new=True)
    assert "next start" in new.as_text() and "HUB_PASSWORD" not in new.as_text()
    forgetful = ArrivedTold(Arrived(ROWS, forgets=True))
    assert not forgetful.as_json()["password_kept"] and "HUB_PASSWORD" in forgetful.as_text()
    assert "a long password" not in f"{told} {new} {sign_in}"


def test_leaving_tells_what_was_never_told(desk: Desk) -> None:
    desk.traveller("Marta Nowak")
    told = leave(desk.services.central)
    assert told.as_json() == {"ok": True, "untold": 1, "hub_knows": True, "why": ""}
    assert not desk.services.central.standing().enrolled


def test_a_turn_ends_with_how_it_stands(own: Program, desk: Desk, door: HandDoor) -> None:
    assert headless.turn(own).ok
    went(door, LinkState.REFUSED, desk, "It is newer than this program.")
    told = headless.turn(own)
    assert not told.ok
    assert told.as_json()["link"]["why"] == "It is newer than this program."


def test_a_turn_is_waited_for_and_not_for_ever(own: Program, door: HandDoor) -> None:
    door.state, door.last = LinkState.CONNECTING, False
    told = headless.turn(own, timedelta(seconds=0.3))
    assert not told.ok


def test_a_desk_by_itself_has_nobody_to_take_a_turn_with(alone: Desk) -> None:
    with pytest.raises(WorksByItself):
        headless.turn(alone.program)


def test_a_desk_without_a_window_says_each_state_once(own: Program, desk: Desk, door: HandDoor) -> None:
    lines: list[dict[str, str]] = []
    ending, came = threading.Event(), threading.Event()

    def say(line: str) -> None:
        lines.append(json.loads(line))
        came.set()

    running = threading.Thread(target=lambda: headless.run(own, ending, say, as_json=True))
    running.start()
    try:
        for state in (None, LinkState.OFFLINE, LinkState.OFFLINE, LinkState.ONLINE):
            if state is not None:
                came.clear()
                went(door, state, desk, "It does not answer." if state is LinkState.OFFLINE else "")
            if state is not LinkState.OFFLINE or len(lines) < 2:
                assert came.wait(20)
    finally:
        ending.set()
        running.join(20)
    assert [each["state"] for each in lines] == ["online", "offline", "online"]
    assert lines[1]["why"] == "It does not answer."
