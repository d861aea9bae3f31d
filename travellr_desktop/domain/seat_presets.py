"""Plans to begin with: a coach, an open boat with tables, a boat with two decks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.seating import Layout, PlanKind


def coach(rows: int = 11) -> Layout:
    """A coach of rows of four with the aisle between them, five at the back, and a seat by the driver for the
    guide: 49 to sell with eleven rows."""
    lines = ["= coach, front left", "[door] _ G:guide [driver]"]
    lines += [f"{row}A {row}B _ {row}C {row}D" for row in range(1, rows + 1)]
    last = rows + 1
    lines.append(" ".join(f"{last}{letter}" for letter in "ABCDE"))
    return plan_from("\n".join(lines))


def boat_with_tables(tables: int = 10) -> Layout:
    """An open boat with the aisle in its middle and a table of four on either side of it; two places at the stern
    are the crew's. Forty to sell with ten tables."""
    lines = ["= boat, front right", "_ C1:crew C2:crew _"]
    for port in range(1, tables + 1, 2):
        starboard = port + 1
        near = [f"{port}A {port}C _", f"[{port}*2] _", f"{port}B {port}D _"]
        far = [f"{starboard}A {starboard}C", f"[{starboard}*2]", f"{starboard}B {starboard}D"]
        if starboard > tables:
            far = ["_ _", "_ _", "_ _"]
        lines += [*(" ".join(pair) for pair in zip(near, far, strict=True)), ""]
    return plan_from("\n".join(lines))


def boat_with_decks() -> Layout:
    """A boat with a saloon of twenty-four at tables and benches, and a sun deck of twenty above it."""
    saloon = ["= boat, Saloon", "[stairs] _ _ _ [wc]"]
    for table in (1, 3, 5):
        near = [f"{table}A {table}B _", f"[{table}*2] _", f"{table}C {table}D _"]
        far = [f"{table + 1}A {table + 1}B", f"[{table + 1}*2]", f"{table + 1}C {table + 1}D"]
        saloon += [*(" ".join(pair) for pair in zip(near, far, strict=True)), ""]
    sun = ["= boat, Sun deck", "[stairs] _ _ _ U9:crew"]
    sun += [f"U{row}A U{row}B _ U{row}C U{row}D" for row in range(1, 6)]
    return plan_from("\n".join([*saloon, *sun]))


PRESETS: Mapping[PlanKind, Callable[[], Layout]] = MappingProxyType(
    {PlanKind.COACH: coach, PlanKind.BOAT: boat_with_tables, PlanKind.DECKS: boat_with_decks}
)
"""One of each kind, made when it is asked for."""
