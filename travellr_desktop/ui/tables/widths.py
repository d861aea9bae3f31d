"""How wide the columns of a table are: what the person chose, what content needs, and who takes the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A column that is shown. `wished` is its own width, `least` what it must have, `stretch` its part of the
    rest.
    """

    key: str
    wished: int
    least: int
    stretch: int = 0


def share_out(columns: Sequence[Share], room: int) -> Mapping[str, int]:
    """Widths by key. What is left goes to columns that stretch; what is missing is taken from them first,
    then from nobody: the table scrolls sideways.
    """
    widths = {column.key: max(column.wished, column.least) for column in columns}
    left = room - sum(widths.values())
    stretching = [column for column in columns if column.stretch]
    if left >= 0:
        parts = sum(column.stretch for column in stretching)
        for column in stretching:
            more = left * column.stretch // parts
            widths[column.key] += more
            left -= more
            parts -= column.stretch
        return widths
    while left < 0 and stretching:
        stretching = [column for column in stretching if widths[column.key] > column.least]
        for column in stretching:
            less = min(-(left // len(stretching)), widths[column.key] - column.least, -left)
            widths[column.key] -= less
            left += less
    return widths
