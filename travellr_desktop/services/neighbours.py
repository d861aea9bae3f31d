"""The other windows on the same file: what they did is told here, so that each shows what the others do."""

from __future__ import annotations

from travellr_desktop.events import EventBus
from travellr_desktop.storage.neighbours import Neighbours, known
from travellr_desktop.storage.uow import Database


class Listener:
    """Hears what other programs do from the moment it is made. Close it when done."""

    def __init__(self, neighbours: Neighbours, bus: EventBus) -> None:
        self._neighbours = neighbours
        self._bus = bus

    def hear(self) -> int:
        """Tell this program's bus what others committed since the last call, in the order of their commits;
        returns how many events it was told. Raises a `StorageRefusal` where the file cannot be read."""
        events = [event for told in self._neighbours.news() if (event := known(told)) is not None]
        for event in events:
            self._bus.publish(event)
        return len(events)

    def close(self) -> None:
        self._neighbours.close()


class NeighbourService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def listen(self) -> Listener:
        """Begin to hear what other programs do to this file. Raises a `StorageRefusal`."""
        return Listener(Neighbours(self._db.path, self._db.workers.id), self._db.bus)
