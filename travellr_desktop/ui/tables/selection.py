"""Selections as ranges of rows: never as a list of indexes, of which "select all" would make millions."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelectionModel


def ranges(selection: QItemSelectionModel) -> list[tuple[int, int]]:
    """Selected rows as (first, last), from the top."""
    parts = selection.selection()
    return sorted((part.top(), part.bottom()) for part in (parts.at(i) for i in range(parts.count())))


def runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Rising positions as (first, last) of neighbours."""
    found: list[tuple[int, int]] = []
    for position in positions:
        if found and position <= found[-1][1] + 1:
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found
