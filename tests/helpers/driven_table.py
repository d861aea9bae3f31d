"""What a person does with a table of bookings, whoever made the table."""

from __future__ import annotations

WINDOW = (1440, 900)
ROW = 30


class Table:
    """What a person does with a table. Each returns at once; `ready` says when the rows are there."""

    def open(self) -> None:
        raise NotImplementedError

    def last(self) -> None:
        raise NotImplementedError

    def sort(self, column: str) -> None:
        raise NotImplementedError

    def find(self, how: str, text: str) -> None:
        raise NotImplementedError

    def state(self, state: str) -> None:
        raise NotImplementedError

    def ready(self) -> bool:
        return True

    def rows(self) -> int | None:
        """How many rows there are, where that is known without reading them all."""
        return None

    def close(self) -> None:
        """End what runs."""
