"""A desk joins, comes as a new one, and leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.central import ADDRESS, ROWS, HandDoor
from helpers.desk import Desk
from travellr_desktop.errors import Cancelled, InvalidInput, NotPermitted, WrongState
from travellr_desktop.events import CentralChanged, Event
from travellr_desktop.services.central.address import address_of, invitation, invited
from travellr_desktop.services.central.door import Address, SignIn

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


@pytest.mark.parametrize(
    "sign_in",
    [
        SignIn(Address("hub.example", 5432, "travellr", "desk_1"), "p:a/s@s w?d#ä"),
        SignIn(Address("::1", 6432, "agency-2", "boka_desk_kotor"), "x", insecure=True),
    ],
)
def test_an_invitation_is_one_line_that_is_found_in_what_was_pasted(sign_in: SignIn) -> None:
    line = invitation(sign_in)
    assert " " not in line
    found = invited(f"For the desk in Budva:\n  {line}\nSee you")
    assert found == sign_in
    assert found is not None
    assert (found.password, found.insecure) == (sign_in.password, sign_in.insecure)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hub.example.com",
        "postgresql://me:secret@hub.example/travellr",
        "travellr-desk://hub.example/travellr",
        "travellr-desk://desk_1@hub.example/travellr",
        "travellr-desk://desk_1:x@hub.example:99999/travellr",
    ],
)
def test_what_is_no_invitation_is_none(text: str) -> None:
    assert invited(text) is None


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


def test_only_a_profile_with_nobody_in_it_comes_without_a_person(alone: Desk, door: HandDoor) -> None:
    central = alone.services.central
    with pytest.raises(WrongState):
        central.try_as_new(SIGN_IN)
    with pytest.raises(WrongState):
        central.come_as_new(SIGN_IN, lambda _done, _all: None)
    assert door.asked == []


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
