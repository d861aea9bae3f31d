"""Locale names as the system, Qt and the settings write them, turned into Babel's."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

DEFAULT_LOCALE = "en_GB"


@lru_cache(maxsize=64)
def locale_of(name: str) -> Locale:
    """`en_GB`, `sr-Latn-ME`, `de_DE.UTF-8`; British English for a name that means nothing here (`C`, "")."""
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_")
    try:
        return Locale.parse(plain)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(DEFAULT_LOCALE)
