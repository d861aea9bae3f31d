"""Amounts as people read and type them, by locale.

The patterns and signs are CLDR's, through Babel; the number of decimals is the program's own, because display
libraries round some currencies to what is customary.
"""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from decimal import Context, Decimal, localcontext
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberPattern,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import CURRENCIES, Money, decimals
from travellr_desktop.domain.text import is_rtl, isolate, without_bidi
from travellr_desktop.errors import InvalidInput

MINUS = "\u2212"
LARGEST = 10**15
"""The most that may be typed, in minor units."""

_MOST_CHARACTERS = 80
_SIGNS = dict.fromkeys("−‐‑–﹣－", "-") | {"\uff0b": "+"}
_APOSTROPHES = dict.fromkeys("’ʼ", "'")
# a letter of the currency right beside a digit: RSD12 is written RSD 12
_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_EXACT = Context(prec=200)


def format_money(money: Money, locale: str = "en_GB", *, sign: bool = False) -> str:
    """The amount with its currency as the locale writes it: `£1,250.00`, `1.250,00 €`; minus is U+2212.

    `sign` shows a plus as well. Where the writing goes from right to left the whole is marked to be read from
    left to right. It is never to be shortened.
    """
    babel = locale_of(locale)
    pattern = _pattern(babel, decimals(money.currency), _sign(money, sign), with_currency=True)
    text = _apply(pattern, money, babel, money.currency)
    return isolate(text) if babel.text_direction == "rtl" or is_rtl(text) else text


def format_amount(money: Money, locale: str = "en_GB", *, sign: bool = False) -> str:
    """The amount without its currency, for a column that names it once: `1,250.00`."""
    babel = locale_of(locale)
    pattern = _pattern(babel, decimals(money.currency), _sign(money, sign), with_currency=False)
    text = _apply(pattern, money, babel, None)
    return isolate(text) if babel.text_direction == "rtl" else text


def parse_money(text: str, currency: str, locale: str = "en_GB") -> Money:
    """What somebody typed, as money of `currency`.

    Takes the locale's own separators, any kind of space between groups, digits of any script, a minus before or
    after, and the currency's code or sign. Groups must be whole ones, so that `12,50` typed in English is
    refused instead of becoming 1,250. Raises `InvalidInput(field="amount")` saying what is wrong.
    """
    babel = locale_of(locale)
    places = decimals(currency)
    core, negative = _figures(text, currency, babel)
    whole, fraction = _split_figures(core, babel)
    if len(fraction) > places:
        have = f"{places} decimals" if places else "no decimals"
        raise _wrong(f"{currency} has {have}, this amount {len(fraction)}.")
    minor = int((whole or "0") + fraction.ljust(places, "0"))
    if minor > LARGEST:
        raise _wrong("This amount is too large.")
    return Money(-minor if negative else minor, currency)


def _sign(money: Money, plus: bool) -> str:
    if money.minor < 0:
        return MINUS
    return "+" if plus and money.minor > 0 else ""


def _base(locale: Locale, *, with_currency: bool) -> NumberPattern:
    source = locale.currency_formats["standard"] if with_currency else locale.decimal_formats[None]
    return source if isinstance(source, NumberPattern) else parse_pattern(source)


@lru_cache(maxsize=512)
def _pattern(locale: Locale, places: int, sign: str, *, with_currency: bool) -> NumberPattern:
    base = _base(locale, with_currency=with_currency)
    negative = 1 if sign else 0
    # the locale knows where a minus stands; whatever sign is wanted goes there
    prefix, suffix = (part[negative].replace("-", sign) for part in (base.prefix, base.suffix))
    pattern = copy(base)
    pattern.prefix, pattern.suffix, pattern.frac_prec = (prefix,) * 2, (suffix,) * 2, (places,) * 2
    return pattern


def _apply(pattern: NumberPattern, money: Money, locale: Locale, currency: str | None) -> str:
    with localcontext(_EXACT):
        value = Decimal(abs(money.minor)).scaleb(-decimals(money.currency))
        text = str(pattern.apply(value, locale, currency=currency, currency_digits=False))
    return _TOUCHING.sub("\u00a0", text)


def _wrong(message: str, hint: str = "Type the amount in figures.") -> InvalidInput:
    return InvalidInput(message, hint=hint, field="amount")


def _figures(text: str, currency: str, locale: Locale) -> tuple[str, bool]:
    """The figures with their separators, and whether a minus stood by them."""
    plain = _simplified(text)
    if not plain:
        raise _wrong("Type an amount.")
    found = re.search(r"[0-9](?:.*[0-9])?", plain)
    if found is None or len(plain) > _MOST_CHARACTERS:
        raise _wrong("This is not an amount.")
    head, core, tail = plain[: found.start()], found.group(), plain[found.end() :]
    signs = [ch for ch in head + tail if ch in "+-"]
    if len(signs) > 1:
        raise _wrong("One sign is enough.")
    known = {"", _key(currency), _key(_symbol(currency, locale))}
    before, after = _key(head), _key(tail)
    decimal = _decimal(locale)
    if before not in known and before.endswith(decimal):  # .50
        before, core = before.removesuffix(decimal), decimal + core
    if after not in known and after.startswith(decimal):  # 12.
        after, core = after.removeprefix(decimal), core + decimal
    for word in (before, after):
        if word not in known:
            raise _wrong_word(word, currency, locale)
    if before and after:
        raise _wrong("Name the currency once.")
    return core, signs == ["-"]


def _split_figures(core: str, locale: Locale) -> tuple[str, str]:
    """The digits before and after the decimal sign."""
    decimal, group = _decimal(locale), _group(locale)
    core = core.replace("\u066b", decimal).replace("\u066c", group)
    if core.count(decimal) > 1:
        raise _wrong(f"There is more than one “{decimal}” in this amount.")
    whole, _, fraction = core.partition(decimal)
    for mark in (group, " ", "'"):
        for last, others in {(3, 3), _base(locale, with_currency=False).grouping}:
            sep = re.escape(mark)
            if re.fullmatch(rf"[0-9]{{1,{others}}}(?:{sep}[0-9]{{{others}}})*{sep}[0-9]{{{last}}}", whole):
                whole = whole.replace(mark, "")
    if not re.fullmatch("[0-9]*", whole + fraction):
        raise _wrong(
            "This is not an amount.", hint=f"Decimals come after “{decimal}” here, as in 12{decimal}50."
        )
    return whole, fraction


def _simplified(text: str) -> str:
    """One kind of digit, space, minus and apostrophe."""

    def one(ch: str) -> str:
        if ch.isdecimal():
            return str(unicodedata.decimal(ch))
        return " " if ch.isspace() else _SIGNS.get(ch) or _APOSTROPHES.get(ch, ch)

    return "".join(one(ch) for ch in without_bidi(text)).strip()


def _decimal(locale: Locale) -> str:
    return _simplified(get_decimal_symbol(locale))


def _group(locale: Locale) -> str:
    return _simplified(get_group_symbol(locale)) or " "


def _symbol(currency: str, locale: Locale) -> str:
    return str(get_currency_symbol(currency, locale))


def _key(word: str) -> str:
    """A currency's name for comparison: no spaces, signs or case."""
    return re.sub(r"[ +-]", "", _simplified(word)).casefold()


def _wrong_word(word: str, currency: str, locale: Locale) -> InvalidInput:
    for other in CURRENCIES:
        if word in {_key(other), _key(_symbol(other, locale))}:
            return _wrong(f"This amount is in {other}.", hint=f"Type it in {currency}.")
    return _wrong("This is not an amount.")
