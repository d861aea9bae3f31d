"""Saving a list as CSV from the window."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QFileDialog

from helpers.desk import CASH
from helpers.workplace import Workplace
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.tables.export import CsvExport


def export_of(place: Workplace) -> CsvExport:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    found = screen.lists.findChild(CsvExport)
    assert found is not None
    return found


def test_the_button_asks_where_to_and_saves_what_is_shown(place: Workplace, tmp_path: Path) -> None:
    def sales() -> None:
        departure = place.desk.add_departure()
        for name in ("Ana", "Bo"):
            place.desk.sell(place.desk.hold(departure), traveller=place.desk.traveller(name), pay=CASH)

    place.off(sales)
    export = export_of(place)
    keep_folder(place.memory, tmp_path / "earlier.csv")
    export.button.setFocus()
    place.key(Qt.Key.Key_Space)
    dialog = export.button.window().findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name.startswith("bookings-")
    dialog.selectFile(str(tmp_path / "mine.csv"))
    dialog.accept()
    place.quiet()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    with (tmp_path / "mine.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Traveller"] for row in csv.DictReader(file)} == {"Ana", "Bo"}
    assert last_folder(place.memory) == tmp_path


def test_an_empty_list_is_not_saved(place: Workplace) -> None:
    assert not export_of(place).button.isEnabled()
