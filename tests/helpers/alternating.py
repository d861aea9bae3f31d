"""Cases that are met in turn: each once at most in `make test`, all the ways to join them in `make soak`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def alternating(
    cases: Iterable[Sequence[object]], ways: Sequence[tuple[str, object]], *, first: int | None = None
) -> list[Any]:
    """Each case in each way, as parameters: `ways` are (name, value). Of one case one way is left to `make test`, of
    the next case the next; or of none but the `first` so many."""
    found = []
    for number, case in enumerate(cases):
        for turn, (name, way) in enumerate(ways):
            met = number % len(ways) == turn and (first is None or number < first)
            marks = () if met else (pytest.mark.soak,)
            words = "-".join([*map(str, case), name])
            found.append(pytest.param(*case, way, id=words, marks=marks))
    return found
