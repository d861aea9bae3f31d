"""How long to wait before the provider is asked once more about a payment or a refund."""

from __future__ import annotations

from datetime import timedelta

KEY_LASTS = timedelta(hours=23)
"""How long a key is sent again: an hour less than the provider remembers it."""

_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(days=1),
)


def after(looks: int) -> timedelta:
    """The wait after so many looks that settled nothing; the longest repeats."""
    return _WAITS[min(looks, len(_WAITS) - 1)]
