"""The way to dialogs that make departures and change series: they belong to the screens of trips."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

_PLACE = "travellr_desktop.ui.timetable.dialogs"

NEW_DEPARTURE = "new_departure"
"""`new_departure(context, parent, trip_id, day)`: `trip_id` is None where no trip is chosen."""

EDIT_SERIES = "edit_series"
"""`edit_series(context, parent, trip_id)`."""


def opener(name: str) -> Callable[..., object] | None:
    """What opens the dialog of that name; None where the program has none, and then nothing offers it."""
    try:
        module = import_module(_PLACE)
    except ModuleNotFoundError as missing:
        if missing.name is not None and _PLACE.startswith(missing.name):
            return None
        raise
    found = getattr(module, name, None)
    return found if callable(found) else None
