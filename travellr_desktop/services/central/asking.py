"""A value that a person types for a field of a row: how it is asked for, and what becomes of what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from travellr_desktop.domain.money import CURRENCIES, Money
from travellr_desktop.domain.money_text import format_amount, parse_money
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.central.fields import AMOUNTS, FieldWords, is_share, label_of, word_of
from travellr_desktop.services.central.views import Ask, AskKind
from travellr_desktop.storage.repositories.central import CentralRepository
from travellr_desktop.storage.typed import Holds, Typed, typed
from travellr_desktop.storage.uow import Reading

LONGEST = 2_000
_NONE = ("", "None")


class Asking:
    """Asks for values of one person, in their locale."""

    def __init__(self, view: Reading, locale: str, words: FieldWords) -> None:
        self._view, self._locale, self._words = view, locale, words

    def ask(self, table: str, field: str, row: Mapping[str, Any]) -> Ask | None:
        """How another value is asked for; None of a field that nobody types. `row` is what it belongs to."""
        found = typed(table, field)
        if found is None:
            return None
        value = row.get(field)
        if found.holds is Holds.ROW:
            return self._row(field, found, value)
        kind, given, unit = AskKind.TEXT, "" if value is None else str(value), ""
        options: tuple[tuple[str, str], ...] = ()
        if found.holds is Holds.FLAG:
            kind, options = AskKind.PICK, (("1", "Yes"), ("0", "No"))
        elif found.holds is Holds.ONE_OF:
            kind, options = AskKind.PICK, tuple((each, word_of(each)) for each in found.values)
        elif found.holds is Holds.DAY:
            kind = AskKind.DAY
        elif found.holds is Holds.NUMBER:
            kind, given, unit = self._number(field, value, row)
        if found.empty and kind is AskKind.PICK:
            options = (_NONE, *options)
        needed = not found.empty and kind is not AskKind.TEXT
        return Ask(field, label_of(field), kind, given, options, unit, needed)

    def read(self, table: str, field: str, row: Mapping[str, Any], text: str) -> Any:
        """What was typed, as `storage.wire` writes it. Raises `InvalidInput` naming the field."""
        found = typed(table, field)
        if found is None:
            raise InvalidInput("This has no value that could be typed.", field=field)
        said = clean_line(text, field, LONGEST, required=False)
        if not said and (found.empty or found.holds is Holds.TEXT):
            return None if found.empty else ""
        try:
            return self._read(found, field, row, said)
        except InvalidInput as wrong:
            raise InvalidInput(str(wrong), hint=wrong.hint, field=field) from wrong

    def _read(self, found: Typed, field: str, row: Mapping[str, Any], said: str) -> Any:
        if found.holds is Holds.NUMBER:
            return self._whole(field, said, row)
        if found.holds is Holds.DAY:
            return _day(said)
        if found.holds is Holds.ROW:
            return self._id(found.table, said)
        if found.holds is Holds.FLAG and said in ("0", "1"):
            return int(said)
        if found.holds is Holds.FLAG or (found.holds is Holds.ONE_OF and said not in found.values):
            raise InvalidInput("This is none of the values that it can have.")
        return said

    # within

    def _row(self, field: str, found: Typed, value: object) -> Ask | None:
        central = CentralRepository(self._view.connection)
        options = [
            (row_id.hex, words) for row_id, words in central.options(found.table, self._view.clock.now())
        ]
        if not options:
            return None
        if found.empty:
            options.insert(0, _NONE)
        given = str(value or "")
        if given not in dict(options):
            there = central.name_of(found.table, UUID(given)) if given else ""
            options.insert(0, (given, there or "Not there any more" if given else "Choose one"))
        return Ask(field, label_of(field), AskKind.PICK, given, tuple(options), needed=not found.empty)

    def _number(self, field: str, value: object, row: Mapping[str, Any]) -> tuple[AskKind, str, str]:
        if not isinstance(value, int):
            value = None
        if is_share(field):
            return AskKind.PERCENT, "" if value is None else format_percent(value), "%"
        currency = self._currency(field, row)
        if currency:
            given = "" if value is None else format_amount(Money(value, currency), self._locale)
            return AskKind.AMOUNT, given, currency
        return AskKind.NUMBER, "" if value is None else str(value), ""

    def _whole(self, field: str, said: str, row: Mapping[str, Any]) -> int:
        if is_share(field):
            return parse_percent(said)
        currency = self._currency(field, row)
        if currency:
            return parse_money(said, currency, self._locale).minor
        try:
            return int(said)
        except ValueError:
            raise InvalidInput("This is not a whole number.") from None

    def _currency(self, field: str, row: Mapping[str, Any]) -> str:
        if field not in AMOUNTS:
            return ""
        found = str(row.get("currency") or self._words.currency)
        return found if found in CURRENCIES else ""

    def _id(self, table: str, said: str) -> str:
        try:
            row_id = UUID(said)
        except ValueError:
            raise InvalidInput("Choose one of the list.") from None
        if not CentralRepository(self._view.connection).name_of(table, row_id):
            raise InvalidInput("This is not there any more.", hint="Choose another one.")
        return row_id.hex


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise InvalidInput("This is not a day.", hint="Write it like 2026-07-04.") from None
