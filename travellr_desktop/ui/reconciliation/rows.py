"""The rows of the two tables: days with what they come to, and differences of either kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import CountKind
from travellr_desktop.services.exporting import plain_decimal
from travellr_desktop.services.matching.causes import Explained
from travellr_desktop.services.matching.service import DifferenceRow, Matched
from travellr_desktop.services.matching.till_days import TillDay
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.reconciliation.words import CHANGED, KINDS, MOVED, OVER, SHORT, say

WHOLE = "whole"
"""The id of the row that stands for all days."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: the days as they were matched, None where the provider could not be asked, and the tills."""

    matched: Matched | None
    tills: tuple[TillDay, ...]

    @property
    def open(self) -> int:
        rows = self.matched.differences if self.matched is not None else ()
        return sum(row.explained is None for row in rows) + sum(till.is_open for till in self.tills)


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A day in one currency, a count of a till, or (without a `day`) all of the span."""

    id: object
    day: date | None
    name: str
    second: str
    here: Money | None
    there: Money | None
    open: int
    explained: int
    is_known: bool = True
    """Whether it was matched; before that nothing can be said of it."""


@dataclass(frozen=True, slots=True)
class OneRow:
    """A difference: one of the provider's list, or one of a till."""

    id: str
    day: date
    moment: datetime
    what: str
    about: str
    here: Money | None
    there: Money | None
    cause: str
    is_open: bool
    difference: DifferenceRow | None = None
    till: TillDay | None = None

    @property
    def explained(self) -> Explained | None:
        one = self.difference or self.till
        return one.explained if one is not None else None

    def exported(self) -> Mapping[str, object]:
        """What a file of them says of it."""
        said = self.explained
        amount = self.there or self.here
        return {
            "day": self.day,
            "moment": self.moment,
            "difference": self.what,
            "about": self.about,
            "reference": self.difference.ref if self.difference is not None else "",
            "books": "" if self.here is None else plain_decimal(self.here),
            "provider_or_till": "" if self.there is None else plain_decimal(self.there),
            "currency": "" if amount is None else amount.currency,
            "cause": self.cause,
            "status": say("Open") if self.is_open else say("Explained"),
            "explained_by": "" if said is None else said.by,
            "reason": "" if said is None else said.reason,
        }


def _amount_key(money: Money | None) -> tuple[bool, str, int]:
    """Amounts of one currency beside each other; what is not there before them."""
    return (False, "", 0) if money is None else (True, money.currency, money.minor)


_KEYS: Mapping[str, Callable[[OneRow], Any]] = MappingProxyType(
    {
        "what": lambda row: (row.what, row.about),
        "day": lambda row: (row.day, row.moment),
        "here": lambda row: _amount_key(row.here),
        "there": lambda row: _amount_key(row.there),
        "state": lambda row: not row.is_open,
    }
)
"""What each column is sorted by."""


def in_order(rows: Sequence[OneRow], column: str, *, descending: bool) -> list[OneRow]:
    """Sorted by a column; what is the same in it stays in the order in which it was. "" for that order."""
    key = _KEYS.get(column)
    return list(rows) if key is None else sorted(rows, key=key, reverse=descending)


def open_causes(found: Found) -> list[tuple[str, int]]:
    """What differs in those that are open, and in how many; the most first."""
    counts = Counter(one.what for one in one_rows(found) if one.is_open)
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def till_words(till: TillDay) -> str:
    words = say("Till {0}, opened") if till.kind is CountKind.FLOAT else say("Till Z {0}")
    return words.format(f"{till.number:04}")


def left_rows(found: Found, formats: Formats, whole: str) -> list[LeftRow]:
    """The whole span, then each day: the provider's list by currency, then the tills."""
    ones = one_rows(found)
    explained = sum(not one.is_open for one in ones)
    rows = [
        LeftRow(
            WHOLE,
            None,
            whole,
            _amount_of_days(found),
            None,
            None,
            found.open,
            explained,
            is_known=found.matched is not None,
        )
    ]
    at_provider = found.matched.days if found.matched is not None else ()
    for day in sorted({*(each.day for each in at_provider), *(till.day for till in found.tills)}):
        name = formats.day(day)
        rows += [
            LeftRow(
                (day, each.currency),
                day,
                name,
                say("Card payments"),
                each.here,
                each.there,
                each.open,
                each.explained,
            )
            for each in at_provider
            if each.day == day
        ]
        rows += [
            LeftRow(
                (day, till.session_id, till.kind, till.expected.currency),
                day,
                name,
                till_words(till),
                till.expected,
                till.counted,
                int(till.is_open),
                int(till.differs and not till.is_open),
            )
            for till in found.tills
            if till.day == day
        ]
    return rows


def _amount_of_days(found: Found) -> str:
    if found.matched is None:
        return ""
    count = found.matched.movements
    return say("1 movement") if count == 1 else say("{0} movements").format(f"{count:,}")


def one_rows(found: Found, day: date | None = None) -> list[OneRow]:
    """The differences of a day, or of all; those that are open first, then by day."""
    differences = found.matched.differences if found.matched is not None else ()
    ones = [_of_provider(row) for row in differences] + [
        OneRow(
            id=till.key,
            day=till.day,
            moment=till.at,
            what=_till_kind(till),
            about=till_words(till),
            here=till.expected,
            there=till.counted,
            cause=till.cause,
            is_open=till.is_open,
            till=till,
        )
        for till in found.tills
        if till.differs
    ]
    chosen = [one for one in ones if day is None or one.day == day]
    return sorted(chosen, key=lambda one: (not one.is_open, one.day, one.moment, one.id))


def _till_kind(till: TillDay) -> str:
    if till.is_changed:
        return say(CHANGED)
    return say(SHORT if till.difference < Money.zero(till.difference.currency) else OVER)


def _of_provider(row: DifferenceRow) -> OneRow:
    side = row.theirs[0] if row.theirs else row.ours
    assert side is not None  # one of the two is there
    return OneRow(
        id=row.key,
        day=row.day,
        moment=side.at,
        what=say(KINDS[row.kind]),
        about=" ".join(part for part in (MOVED[row.moved], row.sale) if part),
        here=row.here,
        there=row.there,
        cause=row.cause,
        is_open=row.explained is None,
        difference=row,
    )
