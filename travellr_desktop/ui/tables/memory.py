"""What a table remembers between runs: widths, hidden columns, sort, density."""

from __future__ import annotations

import json
from typing import Any, Protocol

EVERY_TABLE = "every"
"""The name under which stands what holds for all tables that remember nothing else."""


class Settings(Protocol):
    """What is needed of QSettings."""

    def value(self, key: str, /, defaultValue: Any = None) -> Any: ...  # noqa: N803 - as Qt spells it

    def setValue(self, key: str, value: Any, /) -> None: ...


class TableMemory:
    """The settings of one table under `tables/<name>/`. Without settings it forgets; damaged ones count as
    none.
    """

    def __init__(self, settings: Settings | None, name: str) -> None:
        self._settings = settings
        self._name = name

    def read(self, key: str) -> Any:
        """What was written under the key, or None."""
        if self._settings is None:
            return None
        try:
            return json.loads(str(self._settings.value(f"tables/{self._name}/{key}", "null")))
        except ValueError:
            return None

    def write(self, key: str, value: Any) -> None:
        """Keep a value of plain types. JSON, since an INI file gives everything back as text."""
        if self._settings is not None:
            self._settings.setValue(f"tables/{self._name}/{key}", json.dumps(value))

    def widths(self) -> dict[str, int]:
        kept = self.read("widths")
        if not isinstance(kept, dict):
            return {}
        return {str(key): width for key, width in kept.items() if isinstance(width, int) and 0 < width < 4000}

    def hidden(self) -> frozenset[str] | None:
        """None if it was never chosen."""
        kept = self.read("hidden")
        return frozenset(map(str, kept)) if isinstance(kept, list) else None

    def sort(self) -> tuple[str, bool] | None:
        kept = self.read("sort")
        if isinstance(kept, list) and len(kept) == 2 and isinstance(kept[0], str):
            return kept[0], bool(kept[1])
        return None
