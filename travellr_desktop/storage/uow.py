"""The unit of work: one transaction, rolled back unless committed, committed once, under a name.

    with database.write(Commit.HOLD_TAKE, actor) as work:
        …
        work.publish(HoldChanged(…))
        work.commit()

Writers of one process queue on a lock, programs on the same file take turns (`storage.turn`). With the commit go the
audit rows, the events and the sealed op; after it the bus is told.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import DatabaseReplaced, StorageRefusal, VendorsFile
from travellr_desktop.events import Event, EventBus
from travellr_desktop.storage import repositories as repo
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.commits import OF_VENDORS, Commit, Moment, reach
from travellr_desktop.storage.engine import BUSY_MS, WRITE, make_engine, of_vendor, translate
from travellr_desktop.storage.in_use import InUse
from travellr_desktop.storage.repositories.together import Repositories
from travellr_desktop.storage.rows import Insert
from travellr_desktop.storage.seal import SEALED_BY, Ground, seal, stand_on
from travellr_desktop.storage.startup import arrival
from travellr_desktop.storage.turn import Turn
from travellr_desktop.storage.workers import Workers

log = logging.getLogger(__name__)


class Reading(Repositories):
    """A consistent view of the file. Nothing read here may be changed. `of_vendor`: the file is a vendor's, which has
    no payments, grants and desks but for what stands in for them."""

    def __init__(self, connection: Connection, clock: Clock, *, of_vendor: bool = False) -> None:
        super().__init__(connection)
        self.clock = clock
        self.of_vendor = of_vendor


class UnitOfWork(Reading):
    """One transaction that writes. `commit()` once; without it everything is undone. `earlier` is what is kept under
    the key of the command that it begins with, where that was sent before."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        name: Commit,
        actor: Actor,
        worker: str,
        written: Callable[[], None],
        command: Begins | None,
        *,
        of_vendor: bool = False,
    ) -> None:
        super().__init__(connection, clock, of_vendor=of_vendor)
        self._written = written
        self._audit: list[_Audit] = []
        self.name = name
        self.actor = actor
        self.worker = worker
        self.now = clock.now()
        self.earlier: repo.CommandRow | None = None
        if command is None:
            self._ground = stand_on(connection)
        else:
            self.earlier, self._ground = self.commands.begin_on_ground(command(self))
        self.events: list[tuple[UUID, Event]] = []
        self.from_others: list[Event] = []
        """What others did and this transaction writes down: the bus is told of it after the commit, too."""
        self.committed = False

    @property
    def desk_id(self) -> UUID:
        """The desk whose file this is. Raises `StorageRefusal` before the agency was set up."""
        return self._on().desk_id

    @cached_property
    def chain(self) -> repo.LedgerChain:
        """The end of this desk's ledger."""
        return repo.LedgerChain(self.connection, self._on())

    def _on(self) -> Ground:
        if self._ground is None:
            raise StorageRefusal("This file belongs to no desk.", hint="Start the program's window once.")
        return self._ground

    def publish(self, event: Event) -> None:
        """Have `event` delivered after the commit; it is kept with the change until then."""
        self.events.append((new_id(), event))

    def audit(self, action: str, entity: str, entity_id: UUID, **detail: Any) -> None:
        """Write down who did what, with the commit. `detail` is plain JSON."""
        self._audit.append(_Audit(new_id(), self.now, self.actor.user_id, action, entity, entity_id, detail))

    def commit(self) -> None:
        """Write what is left, seal it, and commit."""
        if self.committed:
            raise RuntimeError(f"{self.name} is committed already")
        self.flush()
        if not self.of_vendor:  # the trail is the agency's
            _AUDIT.write(self.connection, *self._audit)
        told = (
            _Told(i, e.event_name, e.aggregate_id, e.timestamp, dict(e.payload), self.worker)
            for i, e in self.events
        )
        _EVENTS.write(self.connection, *told)
        seal(self.connection, name=self.name, actor_id=self.actor.user_id, at=self.now)
        reach(self.name, Moment.BEFORE)
        if self._orm is not None:
            self._orm.commit()  # it lets go of its rows; the transaction is the connection's
        self.connection.commit()
        self._written()  # others may write while this one is told of
        self.committed = True
        reach(self.name, Moment.AFTER)


Begins = Callable[[UnitOfWork], repo.CommandRow]
"""The command that a unit of work begins with, made once it has its moment."""


@dataclass(frozen=True, slots=True)
class _Audit:
    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    entity: str
    entity_id: UUID
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Told:
    id: UUID
    event_name: str
    aggregate_id: UUID
    timestamp: datetime
    payload: dict[str, Any]
    worker: str


_AUDIT = Insert("audit", _Audit)
_EVENTS = Insert("outbox_events", _Told, synced=False, asked={"op_no": SEALED_BY})
_PUBLISHED = "UPDATE outbox_events SET published_at = ? WHERE id IN (SELECT value FROM json_each(?))"
_MARKED_TOGETHER = 64
"""How many events the bus may have been told of before another commit notes it; a job, and whoever closes the file,
note the rest. A program that dies meanwhile has them told once more, which only makes screens read again."""


class Database:
    """The desk's file, opened. Safe to use from several threads; `close()` when done. `of_vendor`: it is a vendor's, in
    which nothing is written but what `commits.OF_VENDORS` names."""

    def __init__(
        self, path: Path, *, clock: Clock, bus: EventBus, locks: Path, busy_ms: int = BUSY_MS
    ) -> None:
        self.path = path
        self.clock = clock
        self.bus = bus
        self.of_vendor = of_vendor(path)
        self.workers = Workers(locks)
        self.engine: Engine = make_engine(path, busy_ms=busy_ms)
        self._file, self._arrival = _file(path), arrival(path)
        self._writers = threading.Lock()
        self._turn = Turn(locks / "writer.lock", busy_ms)
        self._writing: int | None = None
        self._published: list[UUID] = []
        self._frozen: ExitStack | None = None
        self._in_use = InUse()

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """A view of the file as it is now; later writes are not seen in it."""
        with self._in_use.by_one(), _refusals(), self.engine.connect() as connection:
            reading = Reading(connection, self.clock, of_vendor=self.of_vendor)
            try:
                yield reading
            finally:
                reading.close()

    @contextmanager
    def write(self, name: Commit, actor: Actor, command: Begins | None = None) -> Iterator[UnitOfWork]:
        """Begin a transaction that takes the write lock at once, and the key of `command` (see `keys.opening`).

        Raises a `StorageRefusal` where the file cannot be written, `SeatsGone` where a grant has no seat left,
        `ChangedMeanwhile` where a row has moved on since it was read."""
        if self._writing == threading.get_ident():
            raise RuntimeError(f"{name} inside another unit of work")
        if self.of_vendor and name not in OF_VENDORS:
            raise VendorsFile("This is a copy of what the agency has of you: nothing is changed in it.")
        work: UnitOfWork | None = None
        published: list[UUID] = []
        with self._in_use.by_one(), _refusals(), self._writers, self._may_write() as give_turn:
            self._writing = threading.get_ident()
            try:
                with self.engine.connect().execution_options(**{WRITE: True}) as connection:
                    work = UnitOfWork(
                        connection,
                        self.clock,
                        name,
                        actor,
                        self.workers.id,
                        give_turn,
                        command,
                        of_vendor=self.of_vendor,
                    )
                    published = self._mark_published(work)
                    try:
                        yield work
                    finally:
                        work.close()
            finally:
                self._writing = None
                if published and not (work is not None and work.committed):
                    self._published.extend(published)
        if work.committed:
            self._tell(work.events)
            for event in work.from_others:
                self.bus.publish(event)

    @contextmanager
    def _may_write(self) -> Iterator[Callable[[], None]]:
        if self._frozen is not None:
            raise DatabaseReplaced("Another file takes the place of this one.")
        with self._turn.taken() as give_turn:
            if self.replaced():  # what is written now would be in no file that anybody opens
                raise DatabaseReplaced("Another file has taken the place of this one.")
            yield give_turn

    def replaced(self) -> bool:
        """Whether another file lies in this one's place, or is about to: whoever has this one open opens it again."""
        return self._arrival.exists() or (self._file is not None and _file(self.path) != self._file)

    @property
    def frozen(self) -> bool:
        """Whether this program is the one that has another file made."""
        return self._frozen is not None

    def freeze(self) -> None:
        """From now on nobody writes to this file, in this program or another, until this one is closed: what was
        committed is all there will ever be in it. Raises `DatabaseBusy`."""
        with self._writers:
            if self._frozen is None:
                frozen = ExitStack()
                frozen.enter_context(self._turn.taken())
                self._frozen = frozen

    def thaw(self) -> None:
        """It is written to again. Harmless where it was not frozen."""
        with self._writers:
            frozen, self._frozen = self._frozen, None
            if frozen is not None:
                frozen.close()

    def _mark_published(self, work: UnitOfWork) -> list[UUID]:
        """What the bus has been told is noted with a commit that is made anyhow, many at a time."""
        if len(self._published) < (1 if work.name is Commit.OUTBOX_PUBLISH else _MARKED_TOGETHER):
            return []
        ids, self._published = self._published, []
        told = json.dumps([each.hex for each in ids])
        work.connection.exec_driver_sql(_PUBLISHED, (utc_text(work.now), told))
        return ids

    def _tell(self, events: list[tuple[UUID, Event]]) -> None:
        for event_id, event in events:
            self.bus.publish(event)
            self._published.append(event_id)

    def tell_again(self, events: list[tuple[UUID, Event]], actor: Actor) -> None:
        """Tell the bus of events that an earlier program left untold, and note that it was done."""
        self._tell(events)
        self.flush_published(actor)

    def flush_published(self, actor: Actor) -> int:
        """Note what the bus has been told, where no other write has done so. Returns of how many events."""
        count = len(self._published)
        if count:
            with self.write(Commit.OUTBOX_PUBLISH, actor) as work:
                work.commit()
        return count

    def close(self) -> None:
        """What is under way ends first; whoever comes later meets a `DatabaseClosed`."""
        self._in_use.end()
        self.engine.dispose()
        self.thaw()
        self._turn.close()
        self.workers.close()


def _file(path: Path) -> tuple[int, int] | None:
    """Which file lies there; None where none does, for a moment or yet."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def _refusals() -> Iterator[None]:
    """SQLite's errors, in words that a person can act on; bugs pass as they are."""
    try:
        yield
    except Exception as error:
        refusal = translate(error)
        if refusal is None:
            raise
        raise refusal from error
