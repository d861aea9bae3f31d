"""Things that are done at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from travellr_desktop.errors import Refusal


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each gives, or the refusal that it met, begun at the same moment."""
    start = Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        start.wait(60)
        try:
            return work()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(120) for each in [pool.submit(begun, work) for work in works]]


def done(found: list[object]) -> list[object]:
    """What was not refused."""
    return [each for each in found if not isinstance(each, Refusal)]
