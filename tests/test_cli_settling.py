"""What waits is settled, and a silent desk written off, by commands: as somebody, whose password is asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from helpers.central import (
    BUDVA,
    HandDoor,
    changed_twice,
    enrolled,
    hub_says,
    refused,
    second_desk,
    sold_too_many,
)
from helpers.clock import HandClock
from helpers.desk import ADMIN, PASSWORD, Desk, desk_at
from travellr_desktop.__main__ import main
from travellr_desktop.app import Program
from travellr_desktop.errors import InvalidInput, NotFound, SignInRefused, WaitsForCentral
from travellr_desktop.headless import decide
from travellr_desktop.services.central import settled_told as told
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.settled_told import Take

HERE, THERE = "+382 67 111 222", "+49 170 111 222"


@pytest.fixture
def door() -> HandDoor:
    return HandDoor(HandClock())


@pytest.fixture
def desk(tmp_path: Path, door: HandDoor) -> Iterator[Desk]:
    with desk_at(tmp_path, door.clock, central=door) as desk:
        second_desk(desk)
        enrolled(desk, door)
        yield desk


def test_one_of_two_values_or_a_third_one_is_taken(desk: Desk, door: HandDoor) -> None:
    central, admin = desk.services.central, desk.admin
    marta = desk.traveller("Marta Nowak", phone=HERE, email="a@b.example").id
    hub_says(
        desk,
        changed_twice(desk, marta, HERE, THERE),
        changed_twice(desk, marta, "a@b.example", "c@d.example", field="email", entry="5"),
        changed_twice(desk, marta, "", "ME", field="country", entry="6", op_no=77),
    )
    done = told.settle(central, admin, "1", take=Take.THEIRS, along=True)
    assert done.as_json() == {"ok": True, "settled": ["1", "5"], "to_settle": 1, "why": ""}
    found = desk.services.travellers.find_by_id(admin, marta)
    assert (found.phone, found.email) == (THERE, "c@d.example")
    assert told.settle(central, admin, "6", value="HR").ok
    for wrong in ({}, {"take": Take.THEIRS, "value": "x"}):
        hub_says(desk, changed_twice(desk, marta, HERE, THERE, entry="8"))
        with pytest.raises(InvalidInput):
            told.settle(central, admin, "8", **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        told.settle(central, admin, "99", take=Take.OURS)


def test_what_was_refused_is_tried_again_or_dropped(desk: Desk, door: HandDoor) -> None:
    central, admin = desk.services.central, desk.admin
    hub_says(desk, refused(desk, uuid4()), refused(desk, uuid4(), entry="9", op_no=50))
    door.refused_again = "No."
    again = told.retry(central, admin, "2")
    assert (again.ok, again.why, again.left) == (False, "No.", 2)
    door.refused_again = ""
    assert told.retry(central, admin, "2", "Oliver G.").done == ("2",)
    assert door.of("retry")[-1][1] == {"name": "Oliver G."}
    with pytest.raises(InvalidInput):
        told.retry(central, admin, "9", None, ["name"])
    assert "settled" in told.drop(central, admin, "9", "typed twice").as_text()
    assert door.of("drop")[0][1] == "typed twice"


def test_an_oversale_gets_its_seats(desk: Desk) -> None:
    _departure, said = sold_too_many(desk)
    hub_says(desk, said)
    central, admin = desk.services.central, desk.admin
    assert told.add_seats(central, admin, "3", "1", "A bench").done == ()
    assert told.add_seats(central, admin, "3", "1", "A bench").done == ("3",)


def test_a_desk_is_written_off_by_its_name_or_number(desk: Desk, door: HandDoor) -> None:
    central, admin = desk.services.central, desk.admin
    ago = (desk.clock.now() - timedelta(hours=3)).isoformat()
    hub_says(desk, desks=({"desk_id": str(BUDVA), "seen_at": ago},))
    assert told.desk_called(central, admin, "2").id == told.desk_called(central, admin, " budva").id == BUDVA
    with pytest.raises(NotFound):
        told.desk_called(central, admin, "Perast")
    done = told.write_off(central, admin, told.desk_called(central, admin, "2"), "Budva")
    assert done.as_json() == {"ok": True, "desk": "Budva", "departures": 3}
    assert "3 departures" in done.as_text()


def test_somebody_decides_at_a_hub_that_is_reached(desk: Desk, door: HandDoor) -> None:
    own: Program = replace(desk.program, central=None)
    hub_says(desk, refused(desk, uuid4()))
    brief = timedelta(seconds=0.3)

    def drop(central: Any, actor: Any) -> told.SettledTold:
        return told.drop(central, actor, "2", "typed twice")

    with pytest.raises(SignInRefused):
        decide(own, ADMIN, "another password", drop, brief)
    went = door.state
    door.state, door.why = LinkState.OFFLINE, "It does not answer."
    with pytest.raises(WaitsForCentral, match="does not answer"):
        decide(own, ADMIN, PASSWORD, drop, brief)
    assert door.of("drop") == []
    door.state = went
    assert decide(own, ADMIN, PASSWORD, drop, brief).done == ("2",)
    assert door.of("drop")[0][2] == desk.admin.user_id


def test_a_profile_by_itself_has_nothing_to_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_at(tmp_path):
        pass
    for command in (
        ["retry", "1"],
        ["drop", "1", "--reason", "x"],
        ["write-off", "Budva", "--yes"],
        ["settle", "1"],
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        arguments = ["sync", *command, "--as", ADMIN, "--profile", str(tmp_path), "--json"]
        assert main(arguments) == 2
        said = json.loads(capsys.readouterr().out)
        assert said["error"]["code"] == "WorksByItself"
        assert PASSWORD not in json.dumps(said)
