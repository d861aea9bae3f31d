"""The screen of vendors, driven by keys over real services; who has it, and how it is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.catalogue_screens import field, first, titles, undo, vendors, write
from helpers.desk import Desk
from helpers.workplace import Workplace, work_at
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


@pytest.mark.parametrize(
    ("typed", "key", "icon"), [("setnja", "trips", "map"), ("plovidba", "vendors", "store")]
)
def test_trips_and_vendors_are_found_from_the_one_field(
    place: Workplace, typed: str, key: str, icon: str
) -> None:
    place.off(lambda: place.desk.add_trip("Šetnja kroz grad", place="Perast"))
    finder = place.work.finder

    def found() -> int | None:
        return next((at for at, each in enumerate(finder.rows) if each.icon == icon and each.second), None)

    finder.open()
    place.type(typed)
    place.until(lambda: found() is not None)
    place.quiet()
    for _ in range(found() or 0):
        place.key(Key.Key_Down)
    place.key(Key.Key_Return)
    screen = place.work.go(key)
    assert isinstance(screen, CatalogueScreen)
    place.until(lambda: screen.shown is not None)
    assert len(titles(screen)) == 1


def test_a_vendor_is_added_changed_and_undone_by_keys(place: Workplace) -> None:
    screen = vendors(place)
    screen.lists.table.setFocus()
    place.ctrl(Key.Key_N)
    place.until(lambda: screen.panel.is_new and QApplication.focusWidget() is field(screen, "name").edit)
    place.type("Nomad")
    write(place, field(screen, "commission_bps"), "much")
    place.ctrl(Key.Key_Return)
    place.until(lambda: bool(field(screen, "commission_bps").error))
    place.ctrl(Key.Key_A)
    place.type("12.5")
    place.ctrl(Key.Key_Return)
    place.until(lambda: "Nomad" in titles(screen))
    place.until(lambda: screen.shown is not None and screen.shown.draft.name == "Nomad")
    assert screen.shown is not None
    assert screen.shown.draft.commission_bps == 1250
    assert not screen.panel.save.isEnabled()
    write(place, field(screen, "code"), "nomad")
    place.ctrl(Key.Key_Return)
    place.until(lambda: field(screen, "code").text() == "NOMAD")
    undo(place, screen)
    place.until(lambda: field(screen, "code").text() == "")


def test_a_code_that_is_taken_is_marked_at_its_field(place: Workplace) -> None:
    place.off(lambda: place.desk.services.vendors.create(place.desk.admin, VendorDraft("Nomad", code="N")))
    screen = vendors(place)
    first(place, screen)
    place.key(Key.Key_Return)
    write(place, field(screen, "code"), "n")
    place.ctrl(Key.Key_Return)
    place.until(lambda: "Nomad" in field(screen, "code").error)
    assert QApplication.focusWidget() is field(screen, "code").edit


def test_an_agent_has_neither_screen(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.agent) as place:
        assert place.work.go("trips") is None
        assert place.work.go("vendors") is None


def test_a_code_of_sixteen_letters_is_read_whole_beside_the_form(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    code = "BOKESKA-PLOVIDBA"
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(1280, 720)) as place:
        place.off(lambda: desk.services.vendors.create(desk.admin, VendorDraft("Nomad tours", code=code)))
        screen = vendors(place)
        first(place, screen)
        assert screen.panel.isVisible()
        table, model = screen.lists.table, screen.lists.model
        at = next(number for number, column in enumerate(model.columns) if column.key == "code")
        needed = table.fontMetrics().horizontalAdvance(code) + 2 * Theme.current().px(8)
        assert table.columnWidth(at) >= needed
        assert table.horizontalScrollBar().maximum() == 0
