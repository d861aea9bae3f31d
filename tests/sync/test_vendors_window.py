"""The window on a vendor's own file: the screens that a vendor has, no filler on any of them, and rows that come by
themselves."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, PASSWORD
from helpers.gui_thread import may_block
from helpers.hub_window import started
from helpers.office import Office
from helpers.strangers import LATER
from helpers.vendor_place import VendorPlace
from helpers.vendor_window import own_window
from travellr_desktop.__main__ import main
from travellr_desktop.services.central.door import Found
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.settings.central import CentralSection
from travellr_desktop.ui.settings.screen import SettingsScreen

FILLERS = ("XXX", "1970", "000000000000", "Desk 1", "SANDBOX", "may not see")


def said(office: Office) -> str:
    """Everything that stands in the window."""
    return "\n".join(label.text() for label in office.window.findChildren(QLabel) if label.isVisible())


def test_it_has_the_screens_of_a_vendor_and_shows_no_filler(qtbot: QtBot, vendors: VendorPlace) -> None:
    with own_window(qtbot, vendors) as office:
        assert office.window.workspace is not None
        assert office.window.workspace.current is office.go("earnings")
        for key in ("bookings", "departures", "earnings", "statements", "settings"):
            office.go(key)
            words = said(office)
            assert [filler for filler in FILLERS if filler in words] == [], key
        assert "Live" not in said(office).splitlines()
        screen = office.go("settings")
        assert isinstance(screen, SettingsScreen)
        assert list(screen.sections) == ["agency", "central", "you", "look", "about"]


def test_rows_come_onto_the_screen_by_themselves(qtbot: QtBot, vendors: VendorPlace) -> None:
    desk, day = vendors.kotor.desk, LATER + timedelta(days=1)
    with own_window(qtbot, vendors) as office:
        screen = office.go("departures")
        assert isinstance(screen, DeparturesScreen)
        assert "18 free seats" not in said(office)
        with may_block():
            coming = desk.add_departure(day=day, trip_id=vendors.two.own.trip, capacity=11)
            desk.sold(coming, pay=CASH, adult=2)
            vendors.quiet()
        office.until(lambda: "18 free seats" in said(office))


def test_in_their_file_a_person_may_enrol_anew_and_cannot_leave(qtbot: QtBot, vendors: VendorPlace) -> None:
    with own_window(qtbot, vendors) as office:
        screen = office.go("settings")
        assert isinstance(screen, SettingsScreen)
        section = screen.sections["central"]
        assert isinstance(section, CentralSection)
        office.until(section.form.join.isHidden)
        assert section.may_come and not section.may_write
        assert section.leaving.isHidden()
        section.form.setVisible(True)  # as where the hub refuses
        section.form.found(Found("", has_agency=True, agency="Kotor Riva", of_vendor=True))
        assert "this is a vendor's sign-in" in said(office)
        assert "What Kotor Riva has of them comes here, to be read." in said(office)


def test_a_person_who_got_an_invitation_begins_with_what_is_theirs(
    qtbot: QtBot,
    vendors: VendorPlace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From what the administrator's command prints to the screens of a vendor, on a machine that knows nobody."""
    central, email = vendors.place.central, "zanzibar@travellr.example"
    monkeypatch.setenv("TRAVELLR_CENTRAL_PASSWORD", central.server.password)
    url = central.url().replace(f":{central.server.password}@", "@")
    with may_block():
        vendors.place.quiet()
        assert main(["central", "add-user", email, "--url", url, "--insecure-loopback", "--json"]) == 0
        line = json.loads(capsys.readouterr().out)["invitation"]
        with started(qtbot, tmp_path / "theirs") as program:
            door = program.window.door
            program.to_the_form()
            program.paste(f"For you: {line}")
            form = door.join.form
            program.until(form.ask.hasFocus)
            program.key(Qt.Key.Key_Space)
            program.until(form.note.isVisible)
            assert "this is a vendor's sign-in" in form.note.accessibleName()
            form.come.setFocus(Qt.FocusReason.TabFocusReason)
            program.key(Qt.Key.Key_Space)
            program.until(door.sign_in.isVisible)
            assert form.password.text() == ""
            program.sign_in(email, PASSWORD)
            program.until(lambda: program.work.current is program.work.go("earnings"))
            services = program.late
            assert program.off(lambda: services.of_vendor)
            program.until(program.work.status.central.isVisible)
