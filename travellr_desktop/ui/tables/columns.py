"""What a column of a table is: its title, how a row's cell reads, and how it behaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from travellr_desktop.ui.parts.seatmeter import Seats
from travellr_desktop.ui.theme import Theme

R = TypeVar("R")

NOTHING = "–"
"""What stands in a cell where a value does not apply; zero is written as zero."""


class Kind(StrEnum):
    """How a cell is drawn.

    Only TEXT and TWO_LINE may be cut short (with a tooltip that says all); every other kind widens its column
    rather than lose a character.
    """

    TEXT = "text"
    REFERENCE = "reference"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    BADGE = "badge"
    TWO_LINE = "two_line"
    METER = "meter"


class Align(StrEnum):
    """LEADING is left where one reads left to right."""

    LEADING = "leading"
    TRAILING = "trailing"


def _none(row: object) -> str:  # noqa: ARG001 - has the shape of a cell's text
    return ""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column. The functions take a row and run on the GUI thread, once for each row that comes into
    sight.

    * `text`: what the cell says; `second`: the line below it, in rows of two lines, and `second_end` at the
      other end of that line;
    * `badge`: the name of a state in the theme's tokens, for BADGE; `text` then replaces its word;
    * `meter`: the seats, for METER;
    * `icon`: the name of an icon before the text, `""` for none; for TEXT;
    * `tone`, `second_tone`: a colour of the theme, `""` for the usual one;
    * `strong`: medium weight, for what a row is looked up by.

    `width` and `min_width` are logical pixels at 100 % text; a column with `stretch` takes a share of what is
    left. `sum` names the key under which the list's totals hold the sum of this column.

    Where the table is too narrow for all of its columns, those with `yields` are left out until the rest fits, the
    highest first; they come back with the room. A column with 0 stays, and the table scrolls sideways.
    """

    key: str
    title: str
    text: Callable[[R], str] = _none
    kind: Kind = Kind.TEXT
    width: int = 120
    min_width: int = 56
    stretch: int = 0
    sortable: bool = True
    descending_first: bool = False
    align: Align | None = None
    second: Callable[[R], str] | None = None
    second_end: Callable[[R], str] | None = None
    badge: Callable[[R], str] | None = None
    meter: Callable[[R], Seats] | None = None
    icon: Callable[[R], str] | None = None
    tone: Callable[[R], str] | None = None
    second_tone: Callable[[R], str] | None = None
    strong: bool = False
    hidden: bool = False
    yields: int = 0
    sum: str = ""

    @property
    def trailing(self) -> bool:
        if self.align is not None:
            return self.align is Align.TRAILING
        return self.kind in (Kind.MONEY, Kind.NUMBER)

    @property
    def elides(self) -> bool:
        return self.kind in (Kind.TEXT, Kind.TWO_LINE)

    def says(self, row: R) -> str:
        """All that the cell says, in words: for tooltips, copying and screen readers."""
        parts = [self.text(row)]
        if self.badge is not None and not parts[0]:
            parts[0] = Theme.current().status(self.badge(row)).word
        if self.meter is not None:
            parts.append(self.meter(row).words())
        parts.extend(more(row) for more in (self.second, self.second_end) if more is not None)
        return ", ".join(part for part in parts if part)
