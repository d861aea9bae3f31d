"""A desk joins, comes as a new one, and leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.central import ADDRESS, ROWS, HandDoor
from helpers.desk import Desk
from travellr_desktop.errors import Cancelled, InvalidInput, NotPermitted
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.services.central.address import address_of
from travellr_desktop.services.central.door import SignIn

SIGN_IN = SignIn(ADDRESS, "a long password")


@pytest.mark.parametrize(
    ("typed", "host", "port", "database"),
    [
        ("hub.kotor.example", "hub.kotor.example", 5432, "travellr"),
        (" 10.0.0.4:6432 ", "10.0.0.4", 6432, "travellr"),
        ("hub.example/agency", "hub.example", 5432, "agency"),
        ("postgresql://hub.example:6432/agency", "hub.example", 6432, "agency"),
        ("[::1]:6432", "::1", 6432, "travellr"),
    ],
)
def test_an_address_is_read_as_people_write_it(typed: str, host: str, port: int, database: str) -> None:
    found = address_of(typed, "desk_1")
    assert (found.host, found.port, found.database) == (host, port, database)


@pytest.mark.parametrize(
    ("where", "login", "certificate", "field"),
    [
        ("", "desk_1", "", "address"),
        ("not an address", "desk_1", "", "address"),
        ("hub.example:99999", "desk_1", "", "address"),
        ("postgresql://me:secret@hub.example", "desk_1", "", "address"),
        ("hub.example", " ", "", "login"),
        ("hub.example", "desk_1", "/nowhere/root.crt", "certificate"),
    ],
)
def test_what_is_no_address_names_the_field(where: str, login: str, certificate: str, field: str) -> None:
    with pytest.raises(InvalidInput) as found:
        address_of(where, login, certificate)
    assert found.value.field == field


def test_a_certificate_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "root.crt"
    file.write_text("-")
    assert address_of("hub.example", "desk_1", f" {file} ").certificate == file


def test_an_address_is_written_as_short_as_it_can_be() -> None:
    for typed in ("hub.example", "hub.example:6432", "hub.example/agency"):
        assert address_of(typed, "desk_1").where() == typed


def test_the_password_is_in_no_picture_of_a_sign_in() -> None:
    assert "a long password" not in repr(SIGN_IN)


def test_coming_tells_how_far_it_is_and_the_window_that_it_came(alone: Desk) -> None:
    for come in (alone.services.central.enrol, alone.services.central.join):
        seen, told = list[tuple[int, int]](), list[Event]()
        subscription = alone.database.bus.subscribe("*", told.append)
        arrived = come(alone.admin, SIGN_IN, lambda *far, seen=seen: seen.append(far))
        subscription.cancel()
        assert arrived.rows == ROWS
        assert seen[-1] == (ROWS, ROWS)
        joined = come == alone.services.central.join
        what = "enrolled" if joined else "replaced"
        assert [event.what for event in told if isinstance(event, CentralChanged)] == [what]
        assert alone.services.central.standing().enrolled is joined
        assert arrived.again is not joined


def test_coming_is_stopped_and_nothing_has_changed(alone: Desk) -> None:
    def stop(done: int, _all: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        alone.services.central.join(alone.admin, SIGN_IN, stop)
    assert not alone.services.central.standing().enrolled


def test_leaving_leaves_everything(desk: Desk, door: HandDoor) -> None:
    desk.services.central.leave(desk.admin)
    assert door.of("leave") == [()]
    assert not desk.services.central.standing().enrolled


def test_only_who_may_change_the_settings_comes_and_goes(alone: Desk, door: HandDoor) -> None:
    with pytest.raises(NotPermitted):
        alone.services.central.join(alone.agent, SIGN_IN, lambda _done, _all: None)
    with pytest.raises(NotPermitted):
        alone.services.central.try_address(alone.agent, SIGN_IN)
    assert door.asked == []
