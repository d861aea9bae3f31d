"""Amounts of several currencies in one field: `500 EUR; 80000 JPY`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import format_amount, parse_money
from travellr_desktop.errors import InvalidInput

_CODE = re.compile("[A-Za-z]{3}")


def amounts_text(amounts: Iterable[Money], locale: str) -> str:
    """As they are typed."""
    return "; ".join(f"{format_amount(amount, locale)} {amount.currency}" for amount in amounts)


def amounts_of(text: str, locale: str, field: str) -> tuple[Money, ...]:
    """Amounts with the codes of their currencies, parted by semicolons. Raises `InvalidInput(field)`."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        code = _CODE.search(part)
        try:
            if code is None:
                raise InvalidInput("Name the currency.", hint="Write it like 500 EUR.")
            found.append(parse_money(part, code.group().upper(), locale))
        except InvalidInput as wrong:
            raise InvalidInput(str(wrong), hint=wrong.hint, field=field) from wrong
    return tuple(found)
