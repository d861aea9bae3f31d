"""Shares as people type and read them: per cents with up to two decimals, kept as basis points."""

from __future__ import annotations

import re

from travellr_desktop.domain.money import WHOLE_BPS
from travellr_desktop.errors import InvalidInput

_TYPED = re.compile(r"(?P<whole>[0-9]{1,3})(?:[.,](?P<part>[0-9]{1,2}))?")


def parse_percent(text: str, field: str = "percent") -> int:
    """Basis points of `7.5`, `7,5` or `7.5 %`. Raises `InvalidInput(field)` for anything but 0 to 100 with at most two
    decimals."""
    found = _TYPED.fullmatch(text.replace("%", "").strip())
    if found is None or text.count("%") > 1:
        raise InvalidInput("This is not a percentage.", hint="Write it like 10 or 7.5.", field=field)
    bps = int(found["whole"]) * 100 + int((found["part"] or "").ljust(2, "0"))
    if bps > WHOLE_BPS:
        raise InvalidInput("This is more than all.", hint="Write it from 0 to 100.", field=field)
    return bps


def format_percent(bps: int, decimal: str = ".") -> str:
    """`10` for 1000, `7.5` for 750: no more decimals than it needs, and no sign."""
    whole, part = divmod(bps, 100)
    return f"{whole}{decimal}{part:02}".rstrip("0") if part else str(whole)
