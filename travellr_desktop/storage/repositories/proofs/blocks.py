"""Which numbers a block of a series has given out."""

from __future__ import annotations

SERIES = "substr(n.kind, 1, 2)"
"""SQL for the letters of the series that a block `n` is of. That of a desk which joined others has the desk's mark
after them, as its numbers have at their end: `IV/2`, `IV-2026-000001/2`."""

_MARK = "substr(n.kind, 3)"
_HEAD = f"{SERIES} || '-' || n.year || '-' ||"


def given_out(number: str) -> str:
    """SQL: that `number` is one that the block `n` has given out."""
    return (
        f"({number} BETWEEN {_HEAD} printf('%06d', n.first) || {_MARK} "
        f"AND {_HEAD} printf('%06d', n.next - 1) || {_MARK} AND substr({number}, 15) = {_MARK})"
    )
