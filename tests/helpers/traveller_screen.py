"""The screen of travellers over a small season: who is there, what is shown."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from PySide6.QtCore import Qt

from helpers.desk import CASH, Desk
from helpers.office import Office
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.travellers.screen import TravellersScreen

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def season(desk: Desk) -> None:
    """One person twice, a namesake of another house, and somebody with a passport that runs out."""
    jovana = TravellerDraft("Jovana Đukić", "jovana@example.org", "+382 69 555 410", date(1988, 3, 14), "sr")
    again = TravellerDraft(
        "Jovana Djukic", "jdukic@example.com", "069 555 410", address="Njegoševa 41, Kotor"
    )
    rows = [
        desk.services.travellers.create(desk.agent, draft, key=uuid4())
        for draft in (jovana, again, TravellerDraft("Dragan Đukić", phone="+382 67 555 093"))
    ]
    departure = desk.add_departure()
    for row in (rows[0], rows[0], rows[1]):
        desk.sell(desk.hold(departure), pay=CASH, traveller=row)
    passport = TravelDocumentDraft(DocumentKind.PASSPORT, "P773", "ME", date(2026, 7, 1))
    desk.services.traveller_documents.add(desk.agent, rows[0].id, passport, key=uuid4())


def screen_of(office: Office) -> TravellersScreen:
    screen = office.go("travellers")
    assert isinstance(screen, TravellersScreen)
    office.until(lambda: screen.finder.people.count_known)
    office.quiet()
    return screen


def look_for(office: Office, screen: TravellersScreen, text: str) -> None:
    office.key(Key.Key_Slash)
    office.type(text)
    office.until(lambda: screen.finder.people.query.text == text and screen.finder.people.count_known)
    office.quiet()


def shows(office: Office, screen: TravellersScreen, name: str) -> None:
    def there() -> bool:
        record = screen.record.record
        return record is not None and record.name == name and screen.middle.currentWidget() is screen.record

    office.until(there)
    office.quiet()


def names(screen: TravellersScreen) -> list[str]:
    rows = (screen.finder.people.row(number) for number in range(screen.finder.people.rowCount()))
    return [row.name for row in rows if row is not None]


def words(screen: TravellersScreen) -> set[str]:
    return {label.text() for label in screen.findChildren(Label) if label.isVisibleTo(screen)}


def open_jovana(office: Office) -> TravellersScreen:
    screen = screen_of(office)
    look_for(office, screen, "djuk jov")
    while (row := screen.finder.table.current_row()) is None or row.name != "Jovana Đukić":
        office.key(Key.Key_Down)
        office.quiet()
    shows(office, screen, "Jovana Đukić")
    office.until(screen.merging.isVisible)
    return screen
