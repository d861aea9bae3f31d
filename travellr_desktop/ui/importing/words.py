"""What the import screen says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from travellr_desktop.services.importing.columns import ImportKind


def say(text: str) -> str:
    return QCoreApplication.translate("Import", text)


KINDS: dict[ImportKind, tuple[str, str]] = {
    ImportKind.VENDORS: ("Vendors", "store"),
    ImportKind.TRIPS: ("Trips", "compass"),
    ImportKind.DEPARTURES: ("Departures", "calendar-days"),
    ImportKind.TRAVELLERS: ("Travellers", "users"),
}
"""What can be brought in: its name and icon."""


def rows(count: int) -> str:
    return say("1 row") if count == 1 else say("{0} rows").format(f"{count:,}")
