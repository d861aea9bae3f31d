"""What a cell says. Each reader takes the text of one that is not empty and raises `InvalidInput` in words."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from functools import cache

from travellr_desktop.domain.money import decimals
from travellr_desktop.domain.percent_text import parse_percent
from travellr_desktop.domain.places import clean_country, clean_language, countries, languages
from travellr_desktop.domain.text import fold
from travellr_desktop.errors import InvalidInput

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-] ?(\d{1,2})[./-] ?(\d{4})\.?")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?::00)?(?: ?([ap])\.?m\.?)?", re.IGNORECASE)
_HOURS = re.compile(r"(\d+)(?:[.,](\d+))? ?(?:h|hours?|std\.?|sati?)", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+) ?(?:m|min|minutes?)?\.?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d+):(\d{2})")
_FIGURES = re.compile(r"\d[\d.,' \u00a0\u202f\u2019]*")


def day(text: str) -> date:
    """`2026-07-04`, `4.7.2026`, `04/07/2026`: the day before the month."""
    iso, local = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if iso is not None:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if local is not None:
            return date(int(local[3]), int(local[2]), int(local[1]))
    except ValueError:
        raise InvalidInput(f"There is no day {text}.", hint="Write it like 2026-07-04.") from None
    raise InvalidInput(f"“{_short(text)}” is not a date.", hint="Write it like 2026-07-04.")


def clock(text: str) -> time:
    """`08:30`, `8.30`, `8:30 pm`."""
    found = _TIME.fullmatch(text)
    if found is not None:
        hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise InvalidInput(f"“{_short(text)}” is not a time of day.", hint="Write it like 08:30.")


def whole(text: str) -> int:
    """A whole number from 0."""
    plain = text.replace(" ", "").replace("\u00a0", "")
    plain = re.sub(r"[.,]0+$", "", plain)
    if not plain.isdecimal() or len(plain) > 9:
        raise InvalidInput(f"“{_short(text)}” is not a whole number.", hint="Write it in figures.")
    return int(plain)


def minutes(text: str) -> int:
    """`180`, `180 min`, `3:00`, `3 h`, `2.5 hours`."""
    if (clock_like := _CLOCK.fullmatch(text)) is not None:
        return int(clock_like[1]) * 60 + int(clock_like[2])
    if (hours := _HOURS.fullmatch(text)) is not None and len(hours[1]) < 5:
        part = int(hours[2]) * 60 // 10 ** len(hours[2]) if hours[2] else 0
        return int(hours[1]) * 60 + part
    if (plain := _MINUTES.fullmatch(text)) is not None and len(plain[1]) < 8:
        return int(plain[1])
    raise InvalidInput(f"“{_short(text)}” is not a duration.", hint="Write it in minutes, or like 3:00.")


def span(text: str) -> timedelta:
    """As `minutes`."""
    return timedelta(minutes=minutes(text))


def share(text: str) -> int:
    """A share in basis points: `20 %`, `20`, `12.5`."""
    try:
        return parse_percent(text)
    except InvalidInput as wrong:
        says = str(wrong).replace("This", f"“{_short(text)}”", 1)
        raise InvalidInput(says, hint=wrong.hint) from None


def amount(text: str, currency: str) -> int:
    """Minor units of a currency: `45`, `45.00`, `45,00`, `1.250,00`, `€45`, `45 EUR`. The last mark is the decimal
    one where no more digits follow it than the currency has."""
    places = decimals(currency)
    found = _FIGURES.search(text)
    around = (text[: found.start()] + text[found.end() :]).strip() if found is not None else ""
    if found is None or any(ch.isdigit() or ch in "-\u2212()" for ch in around) or len(around) > 4:
        raise InvalidInput(f"“{_short(text)}” is not an amount.", hint="Write it in figures, like 45.00.")
    if around.isalpha() and around.isascii() and len(around) == 3 and around.upper() != currency:
        raise InvalidInput(f"This amount is in {around.upper()}, the trip in {currency}.")
    figures = re.sub(r"[' \u00a0\u202f\u2019]", "", found.group()).rstrip(".,")
    last = max(figures.rfind("."), figures.rfind(","))
    whole_part, fraction = figures, ""
    if last >= 0 and 0 < len(figures) - last - 1 <= places:
        whole_part, fraction = figures[:last], figures[last + 1 :]
    groups = re.split(r"[.,]", whole_part)
    marks = {ch for ch in whole_part if ch in ".,"}
    twice = len(marks) > 1 or (bool(fraction) and figures[last] in marks)
    if twice or (
        len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(each) != 3 for each in groups[1:]))
    ):
        raise InvalidInput(f"“{_short(text)}” is not an amount of {currency}.", hint="Write it like 45.00.")
    digits = "".join(groups)
    if len(digits) > 12:
        raise InvalidInput("This amount is too large.", hint="Look at the figures.")
    return int((digits or "0") + fraction.ljust(places, "0"))


def lines(text: str) -> tuple[str, ...]:
    """Several things, each in a line of its own or between bars."""
    return tuple(part.strip() for part in re.split(r"[\n|]", text) if part.strip())


def country(text: str) -> str:
    """A country by its code or its English name."""
    return clean_country(_country_codes().get(fold(text), text))


def language(text: str) -> str:
    """A language by its code or its English name."""
    return clean_language(_language_codes().get(fold(text), text))


@cache
def _country_codes() -> dict[str, str]:
    return {fold(name): code for code, name in countries("en_GB").items()}


@cache
def _language_codes() -> dict[str, str]:
    return {fold(name): code for code, name in languages("en_GB").items()}


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
