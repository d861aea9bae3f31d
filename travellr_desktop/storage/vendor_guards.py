"""The triggers of a vendor's file: no synced table takes a change that is not the hub's."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.storage.muting import PREFIX
from travellr_desktop.storage.wire import synced


def read_only() -> Iterator[tuple[str, str, str]]:
    """Name, table and SQL of each."""
    for table in synced():
        for what in ("insert", "update", "delete"):
            name = f"read_only_{table}_{what}"
            yield (
                name,
                table,
                f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} WHEN {PREFIX} "
                "BEGIN SELECT RAISE(ABORT, 'this is a copy of what the central database has'); END",
            )
