"""Languages and countries by their codes, as people call them; from Babel's tables."""

from __future__ import annotations

from functools import lru_cache

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.errors import InvalidInput


@lru_cache(maxsize=8)
def languages(locale: str) -> dict[str, str]:
    """Code (ISO 639, two letters) to name, in the order of the names."""
    return _by_name({code: name for code, name in locale_of(locale).languages.items() if len(code) == 2})


@lru_cache(maxsize=8)
def countries(locale: str) -> dict[str, str]:
    """Code (ISO 3166, two letters) to name, in the order of the names."""
    plain = {code: name for code, name in locale_of(locale).territories.items() if code.isalpha()}
    return _by_name({code: name for code, name in plain.items() if len(code) == 2 and code not in _NONE})


_NONE = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # in the table, but no country


def _by_name(names: dict[str, str]) -> dict[str, str]:
    return dict(sorted(((code, _capital(name)) for code, name in names.items()), key=lambda pair: pair[1]))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def clean_language(code: str, field: str = "language") -> str:
    """The code in small letters, "" for none. Raises `InvalidInput(field)` for one that nobody speaks."""
    code = code.strip().lower()
    if code and code not in languages("en_GB"):
        raise InvalidInput("There is no such language.", hint="Choose one of the list.", field=field)
    return code


def clean_country(code: str, field: str = "country") -> str:
    """The code in capitals, "" for none. Raises `InvalidInput(field)` for one that is on no map."""
    code = code.strip().upper()
    if code and code not in countries("en_GB"):
        raise InvalidInput("There is no such country.", hint="Choose one of the list.", field=field)
    return code
