"""A vendor's person and their program: enrolled, kept up by itself, asked by commands, in the way of nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from pydantic import SecretStr

from helpers.desk import CASH, PASSWORD, open_at
from helpers.raw import raw
from helpers.vendor_place import VendorPlace
from travellr_desktop.__main__ import main
from travellr_desktop.app import Program, station
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import NotPermitted, VendorsFile
from travellr_desktop.events import CentralChanged
from travellr_desktop.paths import Profile
from travellr_desktop.services.central.door import Address, SignIn
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.storage.engine import of_vendor
from travellr_desktop.sync.refusals import OtherDesk

PATIENCE_S = 30.0


def way(vendors: VendorPlace) -> SignIn:
    """The person's, to the hub."""
    central, own = vendors.place.central, vendors.own.sign_in
    return SignIn(
        Address("127.0.0.1", central.server.port, central.name, own.login), own.password, insecure=True
    )


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def enrolled(
    vendors: VendorPlace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Path:
    """The folder of a program that was enrolled by the command."""
    vendors.place.quiet()
    monkeypatch.setenv("HUB_PASSWORD", vendors.own.sign_in.password)
    folder = tmp_path / "theirs"
    where = way(vendors).address
    address = f"127.0.0.1:{where.port}/{where.database}"
    options = ("--login", where.login, "--insecure-loopback", "--profile", str(folder), "--json")
    assert main(["sync", "enrol", address, *options]) == 0
    told = said(capsys)
    assert told["ok"] and told["restart"] and told["rows"] > 20
    return folder


def test_a_program_is_enrolled_checked_and_brought_up_by_commands(
    vendors: VendorPlace, enrolled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--profile", str(enrolled), "--json")
    assert main(["sync", "status", *options]) == 0
    told = said(capsys)
    assert (told["of_vendor"], told["desk"], told["desks"]) == (True, "Bokeška Plovidba", [])
    assert of_vendor(Profile.at(enrolled).database)
    vendors.kotor.desk.sold(vendors.two.own.departure, pay=CASH, adult=1)
    vendors.place.quiet()
    assert main(["check", *options]) == 0
    told = said(capsys)
    assert "there is more to take in" in told["beside"]
    assert main(["sync", "now", *options]) == 0
    assert said(capsys)["link"]["state"] == "online"
    assert main(["check", *options]) == 0
    assert said(capsys) == {"ok": True, "problems": [], "beside": "It is as the central database has it."}
    assert main(["sync", "now", "--profile", str(enrolled)]) == 0
    words = capsys.readouterr().out
    assert words.startswith("This is what Bokeška Plovidba sees of 127.0.0.1") and "wait" not in words


def test_what_a_vendors_file_cannot_do_is_said(
    vendors: VendorPlace, enrolled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--profile", str(enrolled), "--json")
    assert main(["sync", "leave", "--yes", *options]) == 2
    assert said(capsys)["error"]["code"] == "VendorsFile"
    where = way(vendors).address
    address = f"127.0.0.1:{where.port}/{where.database}"
    assert main(["sync", "join", address, "--login", where.login, "--insecure-loopback", *options]) == 2
    assert said(capsys)["error"]["code"] == "VendorsFile"
    with pytest.raises(OtherDesk, match="brings nothing"):
        vendors.kotor.desk.program.services.central.join(SYSTEM, way(vendors), lambda _done, _all: None)


@pytest.fixture
def running(vendors: VendorPlace) -> Iterator[Program]:
    """A program on a file that was enrolled in Settings, and that keeps in touch."""
    folder = vendors.folder / "running"
    first = open_at(folder, vendors.place.clock)
    found = first.services.central.try_address(SYSTEM, way(vendors))
    assert found.of_vendor and found.agency == "Kotor Riva"
    assert first.services.central.enrol(SYSTEM, way(vendors), lambda _done, _all: None).again
    first.close()
    program = open_at(folder, vendors.place.clock, hub_password=SecretStr(vendors.own.sign_in.password))
    program.start()
    yield program
    program.close()


def until(program: Program, true: Any) -> None:
    heard = Flag()
    with program.services.bus.subscribe("*", lambda _event: heard.set()):
        for _ in range(int(PATIENCE_S * 20)):
            if true():
                return
            heard.wait(0.05)
            heard.clear()
    pytest.fail(f"it did not come; the link is {program.services.central.standing().link}")


def state(program: Program) -> LinkState | None:
    link = program.services.central.standing().link
    return link.state if link is not None else None


def test_what_is_sold_at_a_desk_is_on_the_vendors_board_by_itself(
    vendors: VendorPlace, running: Program
) -> None:
    s, who = running.services, running.services.users.sign_in("nikola@travellr.example", PASSWORD).actor
    until(running, lambda: state(running) is LinkState.ONLINE)
    rows: list[CentralChanged] = []
    with s.bus.subscribe(CentralChanged, rows.append):
        vendors.kotor.desk.sold(vendors.two.own.departure, pay=CASH, adult=3)
        vendors.place.quiet()
        until(running, lambda: s.board.departure(who, vendors.two.own.departure).sold == 5)
    assert "rows" in {event.what for event in rows}
    assert vendors.place.one("SELECT count(*) FROM hub.ops WHERE name = 'user.sign_in'") == 0
    shown = station(s, running.profile)
    assert (shown.sandbox, shown.agency, shown.desk) == (False, "Kotor Riva", "Bokeška Plovidba")
    assert shown.central is not None and shown.central.words == "Online"


def test_the_person_may_enrol_anew_and_an_agent_of_the_agency_may_not(
    vendors: VendorPlace, running: Program
) -> None:
    central = running.services.central
    assert central.address(vendors.person) == way(vendors).address
    assert central.try_address(vendors.person, way(vendors)).of_vendor
    with pytest.raises(NotPermitted):
        central.try_address(vendors.kotor.desk.agent, way(vendors))
    with pytest.raises(NotPermitted):
        vendors.kotor.desk.services.central.enrol(vendors.person, way(vendors), lambda _done, _all: None)
    with pytest.raises(VendorsFile):
        central.leave(SYSTEM)


def test_who_is_removed_keeps_what_they_had_and_is_told_nothing_more(
    vendors: VendorPlace, running: Program
) -> None:
    until(running, lambda: state(running) is LinkState.ONLINE)
    vendors.place.connection.execute("UPDATE agency.users SET active = false WHERE email LIKE 'nikola%%'")
    vendors.kotor.desk.sold(vendors.two.own.departure, pay=CASH, adult=1)
    vendors.place.quiet()
    until(running, lambda: state(running) is LinkState.REFUSED)
    link = running.services.central.standing().link
    assert link is not None and link.why
    board = running.services.board.departure(vendors.person, vendors.two.own.departure)
    assert board.sold == 2


def test_a_file_that_was_changed_by_hand_is_found(vendors: VendorPlace) -> None:
    own = vendors.own
    check = own.program.services.check
    assert check.run().problems == ()
    with raw(own.path) as file:
        for statement in ("UPDATE payouts SET amount = amount + 1", "DELETE FROM bookings"):
            with pytest.raises(Exception, match="a copy of what the central database has"):
                file.execute(statement)
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("UPDATE this_desk SET pulling = 1")
        file.execute(
            "UPDATE ledger SET amount = amount + 1 WHERE debit = 'commission' OR credit = 'commission'"
        )
        file.execute("UPDATE agencies SET bank = 'Mine'")
        file.execute("UPDATE departures SET capacity = capacity + 1")
        file.execute("UPDATE this_desk SET pulling = 0")
        file.execute("DROP TRIGGER read_only_trips_update")
    kinds = {problem.kind for problem in check.run().problems}
    assert kinds == {"ledger.line", "vendor.foreign", "seats.count", "file.trigger"}


def test_a_file_that_says_something_else_than_the_hub_is_found_beside_it(
    vendors: VendorPlace, enrolled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--profile", str(enrolled), "--json")
    assert main(["sync", "status", *options]) == 0  # the new file takes its place
    assert said(capsys)["of_vendor"]
    with raw(Profile.at(enrolled).database) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("UPDATE this_desk SET pulling = 1")
        file.execute("UPDATE bookings SET price = price + 100")
        file.execute("UPDATE this_desk SET pulling = 0")
    assert main(["check", *options]) == 1
    assert {problem["kind"] for problem in said(capsys)["problems"]} == {"vendor.other"}
