"""How long models are searched for a counter-example."""

from __future__ import annotations

from hypothesis import settings

ORDINARY = 100
"""What hypothesis looks at where nothing is said: the profile of `make soak` says more."""


def examples(count: int, *, ordinary: int | None = None) -> int:
    """So many, and for `make soak` as many times more as its profile says. `ordinary` are fewer for `make test`."""
    times = max(1, settings().max_examples // ORDINARY)
    return ordinary if times == 1 and ordinary is not None else count * times
