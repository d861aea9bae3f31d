"""What all rules of the three desks stand on: who they are, what was really done, and coming to rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from helpers.three_towns import Met, ThreeTowns, Town, three_towns
from helpers.towns_proved import Known, proved
from helpers.vendor_peer import VendorPeer, vendor_peer
from travellr_desktop.errors import (
    HeldElsewhere,
    HoldLapsed,
    InvalidInput,
    NotFound,
    SalesClosed,
    SeatsGone,
    WrongState,
)
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.central.views import AskKind, ChoiceKind, InboxEntry
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.letting_go import let_go
from travellr_desktop.sync import cycle
from travellr_desktop.sync.connecting import HubDeclines
from travellr_desktop.sync.cycle import Turn
from travellr_desktop.sync.refusals import FileCloned, HubRestored

NOT_NOW = (SeatsGone, SalesClosed, InUse, WrongState, HoldLapsed, HeldElsewhere, NotFound)
"""What a program says to a person who asks for what is not to be had."""
OTHERWISE = (HubRestored, FileCloned)
"""What a program says that is to be enrolled anew."""

TOWN = st.integers(0, 2)
ONE = st.integers(0, 7)
SETTLED = 60
"""So many entries of the inbox are settled before it is empty."""
ROUNDS = 12
"""So many turns of everybody come to rest, whatever happened before."""


OF_GRANT = """
SELECT coalesce((c ->> 'departure_id')::uuid, g.departure_id)
FROM hub.conflicts i JOIN hub.ops o ON o.desk_id = i.desk_id AND o.op_no = i.op_no
CROSS JOIN LATERAL (SELECT x ->> 'id' AS id, x -> 'f' AS c FROM jsonb_array_elements(o.body -> 'changes') AS x
                    WHERE x ->> 't' = 'grants') AS y
LEFT JOIN agency.grants g ON g.id = y.id::uuid WHERE i.id = %s LIMIT 1
"""


class TownsBase(RuleBasedStateMachine):
    made: ClassVar[Met]
    scratch: ClassVar[Path]
    done: ClassVar[Counter[str]] = Counter()
    """How often each thing was really done, in all examples together."""

    @staticmethod
    def hurt(here: ThreeTowns) -> None:
        """What a negative control does to the hub of an example. Here nothing."""

    @initialize(online=st.tuples(st.booleans(), st.booleans(), st.booleans()))
    def begin(self, online: tuple[bool, bool, bool] = (True, True, True)) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory(dir=self.scratch)))
        self.here = self.stack.enter_context(three_towns(self.made, folder))
        self.hurt(self.here)
        self.known = Known()
        self.numbers = count(1)
        self.holds: list[tuple[Town, HoldView]] = []
        self.sold: list[tuple[Town, UUID]] = []
        self.copies: dict[int, Path] = {}
        self.saved: str | None = None
        self.vendor = self._vendor()
        for town, here in zip(self.towns, online, strict=True):
            town.online = here

    def did(self, what: str) -> None:
        self.done[what] += 1

    # who, and what

    @property
    def towns(self) -> list[Town]:
        return self.here.towns

    def online(self, pick: int) -> Town | None:
        """One of those that are."""
        found = [town for town in self.towns if town.online]
        return found[pick % len(found)] if found else None

    def of(self, town: Town, table: str, pick: int, where: str = "1") -> UUID | None:
        """One of the rows of a table that a desk knows."""
        found = town.lies(f"SELECT id FROM {table} WHERE {where} ORDER BY rowid")
        return UUID(found[pick % len(found)][0]) if found else None

    def _vendor(self) -> VendorPeer:
        peer = self.stack.enter_context(vendor_peer(self.here.place, self.made.vendor))
        peer.pull()
        return peer

    # meeting the hub

    def met(self, town: Town) -> None:
        """File and hub belong together: where they do not any more, its people enrol it anew."""
        try:
            cycle.greet(town.desk.database, town.hub)
        except OTHERWISE as refusal:
            self._anew(town, refusal)

    def _anew(self, town: Town, refusal: Exception) -> None:
        self.here.anew(town)
        self.did(f"enrolled anew: {type(refusal).__name__}")

    def turn_of(self, town: Town) -> Turn:
        try:
            moved = town.turn()
        except OTHERWISE as refusal:
            self._anew(town, refusal)
            moved = town.turn()
        if moved.pushed or moved.pulled:
            self.did("turn that moved something")
        return moved

    # settling

    def settle(self, town: Town, entry: InboxEntry, firmly: bool, *, lenient: bool = False) -> None:
        """`firmly`: the desk's value, or once more with another one; else the hub's, or given up."""
        service, admin = town.desk.services.central, town.desk.admin
        can = {choice.kind: choice for choice in entry.choices if not choice.off}
        with suppress(*((HubDeclines, WrongState, NotFound, InvalidInput) if lenient else ())):
            if ChoiceKind.ANEW in can:
                service.make_anew(admin, entry.id)
            elif ChoiceKind.TAKE_DESK in can and firmly and entry.hub is not None:
                service.take_desk(admin, entry.id, entry.hub.value)
            elif ChoiceKind.MORE_SEATS in can and (firmly or ChoiceKind.DROP not in can):
                seats, _reason = can[ChoiceKind.MORE_SEATS].asks
                service.add_seats(admin, entry.id, seats.given, "A larger boat")
            elif ChoiceKind.KEEP_HUB in can or ChoiceKind.SEEN in can:
                service.keep_hub(admin, entry.id)
            elif ChoiceKind.DROP in can and not firmly:
                service.drop(admin, entry.id, "It was not meant so")
            elif ChoiceKind.RETRY in can:
                if entry.reason.startswith("More seats would be granted"):
                    self._make_room(town, entry)
                again = can.get(ChoiceKind.RETRY_WITH)
                asks = [ask for ask in again.asks if ask.kind is AskKind.TEXT] if again is not None else []
                typed = {ask.field: f"{ask.given[:6]}{next(self.numbers)}" for ask in asks}
                service.retry(admin, entry.id, typed)
            self.did(f"settled: {entry.kind}")

    def _make_room(self, town: Town, entry: InboxEntry) -> None:
        """What was sold of a larger boat needs one: a manager at another desk has it, and keeps no seat of it."""
        departure = self.here.place.one(OF_GRANT, int(entry.id))
        mine = self.here.place.one("SELECT capacity FROM agency.departures WHERE id = %s", departure)
        with suppress(*NOT_NOW, InvalidInput):
            town.desk.services.timetable.set_capacity(town.desk.admin, departure, mine + 12)
            let_go(town.desk.database, departure, 12)
            self.turn_of(town)

    def rest(self, firmly: Callable[[], bool]) -> None:
        """Everybody comes online, and goes back to where they were."""
        before = [town.online for town in self.towns]
        for town in self.towns:
            town.online = True
        self.settled(firmly)
        self.vendor.pull()
        proved(self.here, self.known, self.vendor)
        self.did("proved")
        for town, was in zip(self.towns, before, strict=True):
            town.online = was

    def settled(self, firmly: Callable[[], bool]) -> None:
        """Turns until nothing moves, and nothing lies in the inbox."""
        for tries in range(SETTLED):
            self.still()
            town = self.towns[tries % 3]
            town.look()
            found = town.desk.services.central.inbox(town.desk.admin)
            if not found:
                return
            # what others stand on is dropped last; tried again it goes first
            entry = found[0] if tries % 2 else found[-1]
            self.settle(town, entry, firmly(), lenient=True)
        raise AssertionError(f"the inbox is never empty: {found}")

    def still(self) -> None:
        for _ in range(ROUNDS):
            moves: list[Any] = [self.turn_of(town) for town in self.towns]
            if not any(one.pushed or one.pulled for one in moves):
                return
        raise AssertionError(f"it never comes to rest: {moves}")

    def teardown(self) -> None:
        if not hasattr(self, "stack"):
            return
        with self.stack:
            if hasattr(self, "vendor"):
                self.rest(lambda: False)
