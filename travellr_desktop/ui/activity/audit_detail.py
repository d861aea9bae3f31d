"""What stands beside an entry of the audit trail: what was written down with it, in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.money import Money
from travellr_desktop.ui.activity.event_words import moment, setting_names
from travellr_desktop.ui.formats import Formats

NAMING = ("reference", "sale", "name", "title")
"""Keys of a detail that name the thing, the best first."""

Part = Callable[[Any, Formats], str]


def say(text: str) -> str:
    return QCoreApplication.translate("AuditWords", text)


def detail_words(action: str, detail: Mapping[str, Any], formats: Formats, currency: str) -> str:
    """The detail of an entry, its parts between points; amounts are in minor units of `currency`. Ids, and counts of
    what there was none of, are left out: the panel has all of it as it was written."""
    parts = []
    own = _OF_ACTION.get(action, {})
    for key, value in detail.items():
        if key in NAMING or value in (None, "", [], {}) or isinstance(value, bool):
            continue
        if key in own:
            parts.append(own[key](value, formats))
        elif key in _MONEY and isinstance(value, int):
            parts.append(_money(key, value, formats, currency))
        else:
            parts.append(_part(key, value, formats))
    return " · ".join(part for part in parts if part)


def _money(key: str, value: int, formats: Formats, currency: str) -> str:
    return say(_MONEY[key]).format(formats.money(Money(value, currency)))


def _part(key: str, value: Any, formats: Formats) -> str:
    if key in _COUNTS and isinstance(value, (int, list)):
        return _counted(key, len(value) if isinstance(value, list) else value)
    if key in _PARTS:
        return _PARTS[key](value, formats)
    if isinstance(value, (dict, list)) or _is_id(value):
        return ""
    if isinstance(value, int):  # a number alone says nothing
        return f"{key.replace('_', ' ')} {value:,}" if value else ""
    return str(value)


def _counted(key: str, count: int) -> str:
    one, many = _COUNTS[key]
    return "" if not count else say(one) if count == 1 else say(many).format(f"{count:,}")


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) in (32, 36) and bool(UUID(value))
    except ValueError:
        return False


def _before(value: Any, _formats: Formats) -> str:
    if not isinstance(value, dict):
        return ""
    # a list or a rate of its own is not read in passing: the panel has it
    old = [str(each) for each in value.values() if each and not isinstance(each, (dict, list, bool))]
    return say("before: {0}").format(", ".join(old) or "–")


def _bookings(value: Any, _formats: Formats) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else _counted("bookings", int(value))


def _tally(value: Any, _formats: Formats) -> str:
    """How the rows of a file went in."""
    told = [(key, value.get(key, 0)) for key in ("made", "changed", "same")]
    told.append(("faults", len(value.get("faults", ()))))
    return ", ".join(part for part in (_counted(key, count) for key, count in told) if part)


def _word(words: Mapping[str, str]) -> Part:
    return lambda value, _formats: say(words.get(str(value), str(value).replace("_", " ")))


def _count(key: str) -> Part:
    return lambda value, _formats: _counted(key, int(value))


def _nothing(_value: Any, _formats: Formats) -> str:
    return ""


_MONEY = {"amount": "{0}", "kept": "{0} kept", "back": "{0} back"}
_COUNTS = {
    "count": ("1 departure", "{0} departures"),
    "departures": ("1 departure", "{0} departures"),
    "seats": ("1 seat", "{0} seats"),
    "bookings": ("1 booking", "{0} bookings"),
    "travellers": ("1 traveller", "{0} travellers"),
    "trips": ("1 trip", "{0} trips"),
    "completed": ("1 completed", "{0} completed"),
    "no_show": ("1 no-show", "{0} no-shows"),
    "made": ("1 added", "{0} added"),
    "changed": ("1 changed", "{0} changed"),
    "same": ("1 as it was", "{0} as they were"),
    "faults": ("1 row with a fault", "{0} rows with faults"),
    "removed": ("1 removed", "{0} removed"),
    "left": ("1 left as it was", "{0} left as they were"),
    "rows": ("1 row", "{0} rows"),
    "waited": ("1 waited", "{0} waited"),
    "restored": ("1 put back as it was", "{0} put back as they were"),
}
_PARTS: Mapping[str, Part] = {
    "names": lambda value, _formats: setting_names([str(name) for name in value]),
    "before": _before,
    "bookings": _bookings,
    "bps": lambda value, _formats: f"{value / 100:g} %" if value else "",
    "until": lambda value, formats: say("until {0}").format(
        moment(formats, datetime.fromisoformat(str(value)))
    ),
    "hold": _nothing,
    "was": _nothing,  # the action says it already
}
_CHANGES = {
    "add": "travellers added",
    "remove": "travellers removed",
    "type": "another traveller type",
    "rebook": "another departure",
}
_OF_ACTION: Mapping[str, Mapping[str, Part]] = {
    "booking.change": {"kind": _word(_CHANGES)},
    "booking.change_abandoned": {"kind": _word(_CHANGES)},
    "discount.give": {"kind": _nothing},  # the percent or the amount is there
    "departure.cancel": {"waited": _count("waited")},
    "import.rows": {"batch": _nothing, "made": _nothing, "tally": _tally},
    "import.undo": {"changed": _count("restored")},
    "list.export": {"count": _count("rows")},
    "series.update": {"kept": _count("left")},
}
