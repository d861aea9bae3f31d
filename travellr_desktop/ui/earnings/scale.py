"""The lines that a chart is read against."""

from __future__ import annotations

_STEPS = (1, 2, 5)


def ticks(low: int, high: int, most: int = 5) -> list[int]:
    """Round numbers from at or below `low` to at or above `high`, nothing among them, at most `most` of them; what is
    drawn lies within the first and the last."""
    low, high = min(low, 0), max(high, 0)
    if low == high:
        return [0, 1]
    size = 1
    while True:
        for each in _STEPS:
            step = each * size
            first, last = low // step, -(-high // step)
            if last - first + 1 <= most:
                return [number * step for number in range(first, last + 1)]
        size *= 10
