"""The other windows on the same file: what they did is told here, so that each shows what the others do."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.events import CentralChanged
from travellr_desktop.storage.neighbours import Neighbours, known
from travellr_desktop.storage.uow import Database


class Listener:
    """Hears what other programs do from the moment it is made. Close it when done."""

    def __init__(self, neighbours: Neighbours, database: Database) -> None:
        self._neighbours = neighbours
        self._db = database
        self._replaced = False

    def hear(self) -> int:
        """Tell this program's bus what others committed since the last call, in the order of their commits;
        returns how many events it was told. Raises a `StorageRefusal` where the file cannot be read."""
        self._look()
        events = [event for told in self._neighbours.news() if (event := known(told)) is not None]
        for event in events:
            self._db.bus.publish(event)
        return len(events)

    def _look(self) -> None:
        """Tell once that another program had another file take this one's place. Of its own doing a program knows."""
        if self._replaced or self._db.frozen or not self._db.replaced():
            return
        self._replaced = True
        self._db.bus.publish(
            CentralChanged(aggregate_id=UUID(int=0), timestamp=self._db.clock.now(), what="replaced")
        )

    def close(self) -> None:
        self._neighbours.close()


class NeighbourService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def listen(self) -> Listener:
        """Begin to hear what other programs do to this file. Raises a `StorageRefusal`."""
        return Listener(Neighbours(self._db.path, self._db.workers.id), self._db)
