"""Choosing a time zone by typing a part of its name."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimeZone
from PySide6.QtWidgets import QCompleter, QListView

from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.theme import Theme

_OLD = ("Etc/", "SystemV/")
_ROWS = 8


def zone_names() -> list[str]:
    """IANA names of places, without those that only older files know."""
    names = (bytes(name.data()).decode("ascii") for name in QTimeZone.availableTimeZoneIds())
    return sorted(name for name in names if "/" in name and not name.startswith(_OLD))


def offer_zones(field: Field) -> QCompleter:
    """Let a field find zones by any part of their name: "rome" finds Europe/Rome."""
    completer = QCompleter(zone_names(), field)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(_ROWS)
    popup = QListView()
    popup.setProperty("part", "choices")
    popup.setFont(Theme.current().font("body"))
    completer.setPopup(popup)
    field.edit.setCompleter(completer)
    return completer
