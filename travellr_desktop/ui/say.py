"""How any part of the window says something that has no place of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from travellr_desktop.errors import Refusal


class Say(Protocol):
    def finished(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """A toast for what finished, with Undo where that is cheap. Never for a failure."""
        ...

    def refused(self, refusal: Refusal) -> None:
        """A message across the top of the screen, for a refusal whose work is not shown any more."""
        ...
