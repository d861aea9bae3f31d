"""A hub that says what a test has it say, and takes note of what it is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from helpers.clock import HandClock
from helpers.desk import CASH, Desk
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import Refusal
from travellr_desktop.events import CentralChanged
from travellr_desktop.services.central.door import Address, Arrived, Found, Gone, Progress, SignIn
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Allowance, Grant, NumberSeries
from travellr_desktop.storage.models import Desk as DeskRow
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database

HUB = UUID(int=6)
BUDVA = UUID(int=2)
"""The second desk."""
ADDRESS = Address("hub.kotor.example", 5432, "travellr", "desk_1")
FOUND = Found("Kotor Riva", has_agency=True, agency="Kotor Riva")
PLAN = JoinPlan(3_000)
GONE = Gone(untold=1)
ROWS = 3_000
"""How many rows are moved by a first sync or a joining."""


@dataclass
class HandDoor:
    """`state` None: it does not keep in touch. What is in `refuses` is raised by the method of that name. `database`
    is the file that joins and leaves; a first sync is one of another file."""

    clock: HandClock
    database: Database | None = None
    state: LinkState | None = None
    since: datetime | None = None
    last: bool = True  # whether a turn ever went through
    why: str = ""
    hint: str = ""
    asked: list[tuple[object, ...]] = field(default_factory=list)
    refuses: dict[str, Refusal] = field(default_factory=dict)
    found: Found = FOUND
    plan: JoinPlan = PLAN
    gone: Gone = GONE
    refused_again: str = ""
    people: dict[UUID, tuple[str, str]] = field(default_factory=dict)

    def link(self) -> Link | None:
        if self.state is None:
            return None
        since = self.since or self.clock.now()
        return Link(self.state, since, self.why, self.hint, since if self.last else None)

    def address(self) -> Address | None:
        return None if self.state is None else ADDRESS

    def wake(self) -> None:
        self.asked.append(("wake",))

    def settle(self, entry: str, actor: UUID | None) -> None:
        self._ask("settle", entry, actor)

    def retry(self, entry: str, values: Mapping[str, Any], actor: UUID | None) -> str:
        self._ask("retry", entry, dict(values), actor)
        return self.refused_again

    def drop(self, entry: str, reason: str, actor: UUID | None) -> None:
        self._ask("drop", entry, reason, actor)

    def write_off(self, desk: UUID, actor: UUID | None) -> int:
        self._ask("write_off", desk, actor)
        return 3

    def try_address(self, sign_in: SignIn) -> Found:
        self._ask("try_address", sign_in.address, sign_in.password)
        return self.found

    def enrol(self, sign_in: SignIn, progress: Progress) -> Arrived:
        return self._come("enrol", sign_in, progress)

    def plan_join(self, sign_in: SignIn, progress: Progress) -> JoinPlan:
        self._come("plan_join", sign_in, progress)
        return self.plan

    def join(self, sign_in: SignIn, progress: Progress) -> Arrived:
        arrived = self._come("join", sign_in, progress)
        assert self.database is not None
        belong(self.database)
        self.state = LinkState.ONLINE
        return arrived

    def sign_in(self, person: UUID, login: str, password: str) -> None:
        self.people[person] = (login, password)

    def signed_in(self, person: UUID) -> bool:
        return person in self.people

    def leave(self) -> Gone:
        self._ask("leave")
        assert self.database is not None
        with self.database.write(Commit.SYNC_LEFT, SYSTEM) as work:
            Outgoing(work.connection).leave()
            work.commit()
        self.state = None
        return self.gone

    def differences(self) -> tuple[tuple[str, str], ...] | None:
        self._ask("differences")
        return None

    def _come(self, how: str, sign_in: SignIn, progress: Progress) -> Arrived:
        self._ask(how, sign_in.address, sign_in.password)
        for rows in range(0, ROWS + 1, 1_000):
            progress(rows, ROWS)
        return Arrived(ROWS, again=how == "enrol")

    def _ask(self, what: str, *about: object) -> None:
        if what in self.refuses:
            raise self.refuses[what]
        self.asked.append((what, *about))

    def of(self, what: str) -> list[tuple[object, ...]]:
        """What it was asked of that name."""
        return [each[1:] for each in self.asked if each[0] == what]


def enrolled(desk: Desk, door: HandDoor) -> None:
    """The file belongs to a hub that knows all of it, and the link is up."""
    belong(desk.database)
    door.database, door.state = desk.database, LinkState.ONLINE


def belong(database: Database) -> None:
    with database.write(Commit.SYNC_JOINED, SYSTEM) as work:
        kept = Outgoing(work.connection)
        kept.belong(HUB, 1, kept.standing().last_op)
        work.commit()


def second_desk(desk: Desk, name: str = "Budva", desk_id: UUID = BUDVA, number: int = 2) -> UUID:
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        work.session.add(DeskRow(id=desk_id, number=number, name=name))
        work.commit()
    return desk_id


def granted(desk: Desk, departure_id: UUID, desk_id: UUID, seats: int) -> None:
    """Give a desk some of this one's seats."""
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        own = work.departures.grant(departure_id, work.desk_id)
        assert own is not None
        own.seats -= seats
        work.session.flush()
        work.session.add(Grant(departure_id=departure_id, desk_id=desk_id, seats=seats))
        work.commit()


def hub_says(desk: Desk, *conflicts: Mapping[str, Any], desks: tuple[Mapping[str, Any], ...] = ()) -> None:
    """Keep what the hub says as the thread would that asked it, and tell the window."""
    body = json.dumps({"desks": list(desks), "conflicts": list(conflicts)})
    with desk.database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        Outgoing(work.connection).keep_copy("standing", body, work.now)
        work.commit()
    tell(desk, "inbox")


def tell(desk: Desk, what: str = "link") -> None:
    event = CentralChanged(aggregate_id=HUB, timestamp=desk.clock.now(), what=what)
    desk.database.bus.publish(event)


def changed_twice(
    desk: Desk, row_id: UUID, here: str, there: str, *, field: str = "phone", entry: str = "1", **more: Any
) -> dict[str, Any]:
    """Two desks wrote a field of a traveller: `here` is what the hub kept, `there` what Budva had written."""
    at = desk.clock.now()
    return {
        "id": entry,
        "kind": "field",
        "desk_id": str(BUDVA),
        "op_no": 41,
        "op_name": "traveller.save",
        "actor": str(desk.agent.user_id),
        "at": at.isoformat(),
        "came_at": at.isoformat(),
        "table": "travellers",
        "row_id": row_id.hex,
        "field": field,
        "desk_value": there,
        "hub_value": here,
        "hub_desk_id": None,
        "hub_actor": str(desk.admin.user_id),
        "hub_at": at.isoformat(),
    } | more


def refused(desk: Desk, row_id: UUID, *, entry: str = "2", **more: Any) -> dict[str, Any]:
    """A traveller that Budva added, and the hub did not take."""
    at = desk.clock.now()
    return {
        "id": entry,
        "kind": "refused",
        "desk_id": str(BUDVA),
        "op_no": 42,
        "op_name": "traveller.save",
        "actor": str(desk.agent.user_id),
        "at": at.isoformat(),
        "came_at": at.isoformat(),
        "reason": "The name is longer than 200 letters.",
        "field": "name",
        "ledger": False,
        "stands_on": None,
        "changes": [{"t": "travellers", "id": row_id.hex, "k": "I", "f": {"name": "Oliver Grant"}}],
    } | more


def oversale(
    desk: Desk, departure_id: UUID, *, entry: str = "3", seats: int = 2, **more: Any
) -> dict[str, Any]:
    """Seats that Budva sold after its grant had been written off."""
    at = desk.clock.now()
    return {
        "id": entry,
        "kind": "oversale",
        "desk_id": str(BUDVA),
        "op_no": 43,
        "op_name": "sale.place",
        "actor": str(desk.agent.user_id),
        "at": at.isoformat(),
        "came_at": at.isoformat(),
        "table": "departures",
        "row_id": departure_id.hex,
        "reason": "Budva sold from seats that were written off while it was offline.",
        "seats": seats,
    } | more


def beyond(desk: Desk, departure_id: UUID, seats: int) -> None:
    """As the hub allowed them for sales of a desk that was written off."""
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        allowed = Allowance(departure_id=departure_id, desk_id=BUDVA, seats=seats, reason="Sold at Budva.")
        allowed.created_at = work.now
        work.session.add(allowed)
        work.session.flush()
        own = work.departures.grant(departure_id, work.desk_id)
        assert own is not None
        own.seats += seats
        work.commit()


def sold_too_many(desk: Desk, *, capacity: int = 4, seats: int = 2) -> tuple[UUID, dict[str, Any]]:
    """A departure that this desk has sold so many seats of beyond what it has, and the entry that says so."""
    departure = desk.add_departure(capacity=capacity)
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        for kind in ("SA", "BK"):  # nobody is there to give any
            block = NumberSeries(kind=kind, year=work.now.year, first=1, last=999, next=1)
            block.desk_id = work.desk_id
            work.session.add(block)
        work.commit()
    beyond(desk, departure, seats)
    desk.sold(departure, pay=CASH, adult=capacity)
    for _ in range(seats):
        desk.sold(departure, pay=CASH, adult=1)
    with desk.database.read() as view:
        here = view.agency.this_desk().id
    return departure, oversale(desk, departure, seats=seats, desk_id=str(here))


def went(door: HandDoor, state: LinkState, desk: Desk, why: str = "", hint: str = "") -> None:
    """The link is otherwise, and the window is told."""
    door.state, door.since, door.why, door.hint = state, desk.clock.now(), why, hint
    tell(desk)
