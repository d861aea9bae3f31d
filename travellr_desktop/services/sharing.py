"""A departure is made with all its seats granted to the desk that makes it: nobody else knows of it yet. Once there is
a connection the desk keeps its share, and the central database has the rest to give. From the release date on it keeps
nothing that it has not sold."""

from __future__ import annotations

from travellr_desktop.services import oversold
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.letting_go import let_go
from travellr_desktop.storage.uow import Database

AT_ONCE = 50
"""How many departures one turn shares, each in a transaction of its own: whoever sells meanwhile waits for one."""


class SharingService:
    def __init__(self, database: Database, authority: Authority) -> None:
        self._db = database
        self._authority = authority

    def share_new(self) -> int:
        """Let go of what is beyond this desk's share of departures to come that it has wholly. Returns of how many. The
        program's own doing; nothing where the desk is alone, or nobody answers."""
        with self._db.read() as view:
            if not view.agency.has_hub():
                return 0
            ours = view.departures.wholly_here(view.clock.now())
        shares = {seats: self._authority.allotment(seats) for seats in {whole.seats for whole in ours}}
        beyond = [(each.departure_id, each.seats - max(shares[each.seats], each.taken)) for each in ours]
        some = [(departure_id, seats) for departure_id, seats in beyond if seats > 0][:AT_ONCE]
        return sum(let_go(self._db, departure_id, seats) > 0 for departure_id, seats in some)

    def give_back(self) -> int:
        """Give back what is free here of departures that were sold beyond what they have. Returns of how many. The
        program's own doing, also while nobody answers."""
        return oversold.give_back(self._db)

    def release_due(self) -> int:
        """Let go of what nobody has taken of departures whose release date is past. Returns of how many. The program's
        own doing; nothing where the desk is alone."""
        with self._db.read() as view:
            if not view.agency.has_hub():
                return 0
            due = view.departures.to_release(view.clock.now(), AT_ONCE)
        return sum(let_go(self._db, departure_id, seats) > 0 for departure_id, seats in due)
