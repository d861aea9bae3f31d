"""Who may give seats to a desk that has none left: a port. A desk alone holds one grant of every seat there is,
so there is nobody to ask; an agency with a central database answers it by asking there."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Authority(Protocol):
    def more_seats(self, departure_id: UUID, seats: int) -> bool:
        """Ask for `seats` more of a departure; True if the desk's grant was raised. Never inside a transaction."""
        ...


class DeskAlone:
    """The desk's grant is all there is."""

    def more_seats(self, departure_id: UUID, seats: int) -> bool:
        return False
