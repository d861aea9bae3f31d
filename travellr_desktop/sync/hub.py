"""The functions of the hub, typed. Each call is one transaction there; a call whose answer is lost may have been done,
and every one of them may be made again.

What the hub says of itself and of others is handed on as it says it; what a desk's file needs is in the words of
`storage.wire`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from travellr_desktop import __version__
from travellr_desktop.storage.incoming import IncomingChange, IncomingOp
from travellr_desktop.storage.outgoing import OutgoingOp
from travellr_desktop.storage.vendor_rows import SeenRow
from travellr_desktop.sync.adoption import Adopted, Adoption
from travellr_desktop.sync.connecting import refusals
from travellr_desktop.sync.pictures import Picture, SeenPicture

CHANNEL = "travellr"
"""On which the hub says that something was pushed; nothing more is said there."""


class Outcome(StrEnum):
    """What became of an op. All of them are for ever, but that a refused or parked one may be tried again there."""

    APPLIED = "applied"
    MERGED = "merged"
    REFUSED = "refused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub says of one op. `reason` is a sentence, or empty."""

    op_no: int
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hello:
    """Who the hub is, and whom it takes us for. `last_pub` is the last publication, `last_op` the last op that it has
    an outcome of; `incarnation` that of the file it was enrolled with, None before it was. `kind`: desk, person or
    vendor."""

    hub_id: UUID
    kind: str
    agency: str
    epoch: int
    last_pub: int
    schema_min: int
    schema_max: int
    desk_id: UUID | None
    desk_name: str
    user_id: UUID | None
    incarnation: UUID | None
    last_op: int
    has_agency: bool
    written_off: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Seats of a departure that another desk lacks."""

    departure_id: UUID
    seats: int


@dataclass(frozen=True, slots=True)
class Page:
    """Whole ops in the order of publication. `up_to`: whoever has written them has seen everything until there.
    `inbox` is another text whenever something came into the inbox, or left it."""

    ops: tuple[IncomingOp, ...]
    up_to: int
    inbox: str = ""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Rows that a vendor sees, as they are now, or that they see no more: each once, in no order. `up_to`: whoever has
    written them has seen everything that was published until there."""

    rows: tuple[SeenRow, ...]
    up_to: int


class Hub:
    """A connection to a hub, in autocommit. Raises the refusals of `connecting.refusals`: `HubSilent` where nobody
    knows whether the call was done."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    @property
    def socket(self) -> int:
        """The descriptor to wait on for `called`."""
        return self._connection.fileno()

    def close(self) -> None:
        self._connection.close()

    def hello(self) -> Hello:
        said = self._call("api.hello(%s)", __version__)
        return Hello(
            hub_id=UUID(said["hub_id"]),
            kind=said["kind"],
            agency=said["agency"] or "",
            epoch=said["epoch"],
            last_pub=said["last_pub"],
            schema_min=said["schema_min"],
            schema_max=said["schema_max"],
            desk_id=_id(said["desk_id"]),
            desk_name=said["desk_name"] or "",
            user_id=_id(said["user_id"]),
            incarnation=_id(said["incarnation"]),
            last_op=said["last_op"],
            has_agency=said["has_agency"],
            written_off=said["written_off"],
        )

    def enroll(self, incarnation: UUID, brings: int = 0) -> int:
        """From now on this desk is the file of that incarnation, and no other; it brings so many ops that the hub has
        not. Returns the last one that it has."""
        return int(self._call("api.enroll(%s::uuid, %s)", str(incarnation), brings))

    def known(self, ops: Sequence[OutgoingOp]) -> frozenset[int]:
        """Which ops of an earlier file of this desk the hub has already, by their numbers there."""
        asked = [{"op_no": op.op_no, "hash": op.body_hash, "made": _made(op)} for op in ops]
        return frozenset(self._call("api.known(%s::jsonb)", json.dumps(asked)))

    def push(self, ops: Sequence[OutgoingOp]) -> tuple[Answer, ...]:
        """Tell of ops, in their order. One outcome each; fewer where the hub wants none after one of them."""
        said = self._call("api.push(%s::jsonb)", json.dumps([_op(op) for op in ops], ensure_ascii=False))
        return _answers(said)

    def publish(self) -> int:
        """Number what was committed since. Returns the last number."""
        return int(self._call("api.publish()"))

    def pull(self, after: int, most: int) -> Page:
        """At most `most` ops that were published after that number."""
        said = self._call("api.pull(%s, %s)", after, most)
        return Page(tuple(_incoming(op) for op in said["ops"]), said["up_to"], said["inbox"])

    def pull_mine(self, after: int, most: int) -> SeenPage:
        """What of a vendor's rows was touched by at most `most` ops after that publication."""
        said = self._call("api.pull_mine(%s, %s)", after, most)
        rows = tuple(SeenRow(one["t"], one["id"], one["f"]) for one in said["rows"])
        return SeenPage(rows, said["up_to"])

    # what is scarce

    def ask_seats(self, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> int:
        """So many more seats of a departure for this desk, as far as nobody has them; of numbered ones those with these
        labels first. Returns how many were given; the grant comes with the next page."""
        said = self._call("api.ask_seats(%s, %s, %s::text[])", departure_id, seats, list(labels))
        return int(said["given"])

    def asked_of_me(self) -> tuple[Asked, ...]:
        """What others lack of departures of which this desk has some."""
        return tuple(
            Asked(UUID(one["departure_id"]), one["seats"]) for one in self._call("api.asked_of_me()")
        )

    def allot(self) -> int:
        """A share of what nobody has, of departures of which this desk has little. Returns how many seats."""
        return int(self._call("api.allot()"))

    def claim(self, kind: str, thing: UUID, amount: int, currency: str) -> Mapping[str, Any]:
        """`{word: yes|no|waits, held_by?, why?, taken_over?}`; `amount` in minor units."""
        said: Mapping[str, Any] = self._call("api.claim(%s, %s, %s, %s)", kind, thing, amount, currency)
        return said

    def numbers(self, kind: str, year: int) -> int:
        """The next block of a series for this desk; its first number. It comes with the next page."""
        return int(self._call("api.numbers(%s, %s)", kind, year))

    def lease(self) -> float:
        """For how many seconds from now this desk does the agency's chores; 0 where another one does."""
        return float(self._call("coalesce(extract(epoch FROM api.lease('chores') - clock_timestamp()), 0)"))

    def approve(self, kind: str, thing: UUID) -> None:
        """The person whose connection this is has decided on it."""
        self._call("api.approve(%s, %s)::text", kind, thing)

    def write_off(self, desk_id: UUID, person: UUID | None) -> int:
        """What a silent desk has left of departures to come is nobody's again, by the word of a manager at this desk.
        Returns of how many departures."""
        return int(self._call("api.write_off(%s, %s)", desk_id, person))

    def come_back(self) -> None:
        """This desk was written off, and has told everything."""
        self._call("api.come_back()::text")

    def leave(self) -> int:
        """This desk is about to leave, and has told everything: what it has of seats and claims is nobody's. That comes
        with the next page. Returns of how many departures it had seats left."""
        return int(self._call("api.leave()"))

    def left(self) -> None:
        """The last that is said by this sign-in, whose password is none from then on."""
        with refusals(), self._connection.transaction():
            self._connection.execute("SELECT api.left()")
            self._connection.execute("ALTER ROLE CURRENT_USER PASSWORD NULL")

    def rows(self, named: Iterable[tuple[str, str]]) -> tuple[tuple[str, str, Mapping[str, Any] | None], ...]:
        """Rows by table and id as they are now: table, id and fields, None where there is none."""
        wanted = json.dumps([{"t": table, "id": row} for table, row in named])
        return tuple((one["t"], one["id"], one["f"]) for one in self._call("api.rows(%s::jsonb)", wanted))

    # the inbox

    def waiting(self, desk_id: UUID) -> tuple[int, ...]:
        """The ops of a desk that were refused or wait behind one that was, in their order."""
        return tuple(self._call("api.waiting(%s)", desk_id))

    def settle(self, conflict: int, person: UUID | None) -> None:
        """A field is left as the hub has it, by the word of a person at this desk."""
        self._call("api.settle(%s, %s)::text", conflict, person)

    def retry(
        self, desk_id: UUID, op_no: int, patch: Sequence[Mapping[str, Any]], person: UUID | None
    ) -> tuple[Answer, ...]:
        """Try an op that waits once more, with other values where `patch` (`[{t, id, f}]`) gives some."""
        values = desk_id, op_no, json.dumps(list(patch)), person
        return _answers(self._call("api.retry(%s, %s, %s::jsonb, %s)", *values))

    def drop(self, desk_id: UUID, op_no: int, person: UUID | None, why: str) -> None:
        """Give an op that waits up."""
        self._call("api.drop(%s, %s, %s, %s)::text", desk_id, op_no, person, why)

    def standing(self) -> Mapping[str, Any]:
        """Every desk, as the hub has it, and what waits in the inbox: JSON, as `services.central.said` reads it."""
        return {
            "desks": [_desk(one) for one in self._call("api.status()")["desks"]],
            "conflicts": [_entry(one) for one in self._call("api.conflicts()")],
        }

    def listen(self) -> None:
        """Be told on this connection when anything is pushed."""
        with refusals():
            self._connection.execute(f"LISTEN {CHANNEL}")

    def called(self) -> bool:
        """Whether anything was pushed since this was last asked. Does not wait."""
        with refusals():
            return any(True for _ in self._connection.notifies(timeout=0))

    @contextmanager
    def picture(self) -> Iterator[Picture]:
        """Everything as it is at one moment."""
        with self._at_one_moment():
            yield Picture(self._connection)

    @contextmanager
    def picture_mine(self) -> Iterator[SeenPicture]:
        """Everything that a vendor's person sees, as it is at one moment."""
        with self._at_one_moment():
            yield SeenPicture(self._connection)

    @contextmanager
    def _at_one_moment(self) -> Iterator[None]:
        with refusals():
            self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def adoption(self, *, trying: bool = False) -> Iterator[Adoption]:
        """Give a hub the rows of a file, all or none; where it is only tried, none."""
        with refusals(), self._connection.transaction(force_rollback=trying):
            self._connection.execute("SELECT api.adopt()")
            yield Adoption(self._connection, trying)

    def adopted_as(self) -> Adopted | None:
        """How the file of this desk came beside others; None where none did."""
        said = self._call("api.adopted_as()")
        if said is None:
            return None
        ids = UUID(said["desk_id"]), UUID(said["incarnation"])
        return Adopted(*ids, said["last_op"], said["mark"], said["people"], said["pub"] or 0)

    def _call(self, call: str, *values: Any) -> Any:
        with refusals():
            found = self._connection.execute(f"SELECT {call}", values).fetchone()
        assert found is not None
        return found[0]


def _desk(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "desk_id": one["desk_id"],
        "seen_at": one["seen_at"],
        "version": one["program"],
        "schema": one["schema"],
        "behind": one["behind"],
        "waiting": one["waiting"],
        "written_off_at": one["written_off"],
    }


def _entry(one: Mapping[str, Any]) -> dict[str, Any]:
    by = one["by"] or {}
    oversold = one["kind"] == "oversale"
    return {
        "id": str(one["id"]),
        "kind": one["kind"],
        "desk_id": one["desk_id"],
        "op_no": one["op_no"],
        "op_name": one["name"],
        "actor": one["actor"],
        "at": one["at"],
        "came_at": one["since"],
        "table": one["t"],
        "row_id": one["row_id"],
        "field": one["field"],
        "desk_value": one["mine"],
        "hub_value": one["theirs"],
        "hub_desk_id": by.get("desk_id"),
        "hub_actor": by.get("actor"),
        "hub_at": by.get("at"),
        "reason": one["reason"],
        "fault": one["fault"],
        "changes": one["changes"],
        "ledger": one["with_money"],
        "stands_on": one["stands_on"],
        "seats": one["mine"] - one["theirs"] if oversold else 0,
    }


def _answers(said: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    return tuple(Answer(one["op_no"], Outcome(one["outcome"]), one.get("reason") or "") for one in said)


def _op(op: OutgoingOp) -> dict[str, Any]:
    return {
        "op_no": op.op_no,
        "incarnation": str(op.incarnation),
        "name": op.name,
        "actor": None if op.actor_id is None else str(op.actor_id),
        "schema": op.schema_version,
        "at": op.at,
        "seen": op.seen,
        "hash": op.body_hash,
        "changes": [
            {"t": change.table, "id": change.row_id, "k": change.kind, "f": json.loads(change.fields)}
            for change in op.changes
        ],
        "events": list(op.events),
    }


def _made(op: OutgoingOp) -> str | None:
    return next((change.row_id for change in op.changes if change.kind == "I"), None)


def _incoming(said: Mapping[str, Any]) -> IncomingOp:
    return IncomingOp(
        pub=said["pub"],
        desk_id=UUID(said["desk_id"]),
        op_no=said["op_no"],
        name=said["name"],
        actor_id=_id(said["actor"]),
        at=said["at"],
        changes=tuple(
            IncomingChange(one["t"], one["id"], one["k"], one["f"], _id(one.get("for_desk")))
            for one in said["changes"]
        ),
        events=tuple(said["events"]),
        earlier=said["earlier"],
    )


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
