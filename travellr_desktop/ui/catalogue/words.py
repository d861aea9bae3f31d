"""How amounts and durations stand in fields, and how they are read from there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_amount, parse_money
from travellr_desktop.errors import InvalidInput


def say(text: str) -> str:
    return QCoreApplication.translate("Catalogue", text)


def amount_text(minor: int | None, currency: str, locale: str) -> str:
    """An amount as it stands in a field whose unit is the currency; nothing for none."""
    return "" if minor is None else format_amount(Money(minor, currency), locale)


def amount_of(text: str, currency: str, locale: str, field: str) -> int | None:
    """Minor units, or None for an empty field. Raises `InvalidInput(field)`."""
    if not text.strip():
        return None
    try:
        return parse_money(text, currency, locale).minor
    except InvalidInput as refusal:
        raise InvalidInput(str(refusal), hint=refusal.hint, field=field) from None


def duration_text(minutes: int) -> str:
    """`3:00`: hours and minutes."""
    return f"{minutes // 60}:{minutes % 60:02}"


def duration_of(text: str, field: str) -> int:
    """Minutes of `3:00`, `3 h` or `180`. Raises `InvalidInput(field)`."""
    plain = text.strip().lower().replace(" ", "")
    hours, colon, rest = plain.partition(":")
    if colon and hours.isdecimal() and rest.isdecimal() and len(rest) == 2 and int(rest) < 60:
        return int(hours) * 60 + int(rest)
    if plain.endswith("h") and plain[:-1].isdecimal():
        return int(plain[:-1]) * 60
    if plain.removesuffix("min").isdecimal():
        return int(plain.removesuffix("min"))
    raise InvalidInput(say("This is not a duration."), hint=say("Write it like 3:00, in hours."), field=field)


def number_of(text: str, field: str) -> int:
    """A whole number from 0. Raises `InvalidInput(field)`."""
    plain = text.strip()
    if not plain.isdecimal() or len(plain) > 6:
        raise InvalidInput(say("This is not a whole number."), hint=say("Write it in figures."), field=field)
    return int(plain)
