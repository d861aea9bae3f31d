"""The window on a vendor's own file: the screens that a vendor has, no filler on any of them, and rows that come by
themselves."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from helpers.desk import CASH
from helpers.gui_thread import may_block
from helpers.office import Office
from helpers.strangers import LATER
from helpers.vendor_place import VendorPlace
from helpers.vendor_window import own_window
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
