"""The screens of trips and vendors, and the keyboard in their forms."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from helpers.catalogue import draft, the_trip
from helpers.workplace import Workplace
from travellr_desktop.services.trips import TripDetail, TripDraft
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.trips.screen import TripsScreen
from travellr_desktop.ui.vendors.screen import VendorsScreen

Key = Qt.Key


def trips(place: Workplace) -> TripsScreen:
    screen = place.work.go("trips")
    assert isinstance(screen, TripsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def vendors(place: Workplace) -> VendorsScreen:
    screen = place.work.go("vendors")
    assert isinstance(screen, VendorsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def first(place: Workplace, screen: CatalogueScreen) -> None:
    """The first row, with its form filled."""
    screen.lists.table.setFocus()
    place.key(Key.Key_Home)
    place.until(lambda: screen.shown is not None)
    place.quiet()


def titles(screen: CatalogueScreen) -> list[str]:
    model = screen.lists.model
    rows = [model.row(at) for at in range(model.rowCount())]
    return [getattr(row, "title", None) or row.name for row in rows if row is not None]


def undo(place: Workplace, screen: CatalogueScreen) -> None:
    """In a field Ctrl+Z takes back what is typed: Esc goes to the list first."""
    place.key(Key.Key_Escape)
    place.until(screen.lists.table.hasFocus)
    place.ctrl(Key.Key_Z)


def tab_to(place: Workplace, field: Field) -> None:
    seen = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus is field.edit:
            return
        seen.append(f"{type(focus).__name__} {focus.accessibleName() if focus else ''}")
        place.key(Key.Key_Tab)
    raise AssertionError(f"Tab never gets there, it goes to {seen}")


def write(place: Workplace, field: Field, text: str) -> None:
    """Tab to a field, and type in place of what it says."""
    tab_to(place, field)
    place.ctrl(Key.Key_A)
    place.type(text)


def trip(place: Workplace) -> TripDetail:
    return place.off(lambda: place.desk.services.trips.detail(place.desk.admin, the_trip(place.desk)))


def changed(place: Workplace, **more: Any) -> TripDraft:
    return place.off(lambda: draft(place.desk, **more))


def field(screen: CatalogueScreen, name: str) -> Field:
    part = next(page.form.parts[name] for page in screen.panel.pages if name in page.form.parts)
    assert isinstance(part, Field)
    return part
