"""Days in fields: how they are written there, and how they are read again."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.errors import InvalidInput

LAST_YEAR = 2099
"""What is sold lies in this century."""
_EXAMPLE = date(2026, 7, 4)


def parse_day(text: str, locale: str, last_year: int) -> date | None:
    """A day as people type it: `14.3.1988`, `14/03/88`, `1988-03-14`; in the order of the locale. None for nothing. A
    year of two digits is within the hundred years that end with `last_year`.

    Raises ValueError for what is no day."""
    typed = text.strip()
    if not typed:
        return None
    numbers = [part for part in _split(typed) if part]
    if len(numbers) != 3 or not all(part.isdecimal() for part in numbers):
        raise ValueError(text)
    if len(numbers[0]) == 4:
        year, month, day = (int(part) for part in numbers)
        return date(year, month, day)
    places = _order(locale)
    found = {place: int(part) for place, part in zip(places, numbers, strict=True)}
    year_text = numbers[places.index("y")]
    year = found["y"] if len(year_text) > 2 else _century(found["y"], last_year)
    return date(year, found["m"], found["d"])


def typed_day(day: date, locale: str) -> str:
    """A day in numbers, in the order of the locale, with its whole year."""
    order = _order(locale)
    numbers = {"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year:04}"}
    return "/".join(numbers[place] for place in order)


def day_of(text: str, locale: str, field: str, last_year: int = LAST_YEAR) -> date:
    """The day in a field, as `parse_day` reads it. Raises `InvalidInput(field)`, also where nothing was typed."""
    try:
        found = parse_day(text, locale, last_year)
    except ValueError:
        found = None
    if found is None:
        hint = _say("Write it like {0}.").format(typed_day(_EXAMPLE, locale))
        raise InvalidInput(_say("This is not a day."), hint=hint, field=field)
    return found


def _say(text: str) -> str:
    return QCoreApplication.translate("Days", text)


def _order(locale: str) -> list[str]:
    pattern = str(locale_of(locale).date_formats["short"].pattern).lower()
    return sorted("dmy", key=pattern.find)


def _split(text: str) -> list[str]:
    return "".join(ch if ch.isdecimal() else " " if ch in "./- ," else "?" for ch in text).split()


def _century(two: int, last_year: int) -> int:
    return last_year - (last_year - two) % 100
