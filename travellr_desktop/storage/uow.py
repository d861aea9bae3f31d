"""The unit of work: one transaction, rolled back unless committed, committed once, under a name.

    with database.write(Commit.HOLD_TAKE, actor) as work:
        …
        work.publish(HoldChanged(…))
        work.commit()

Writers of one process queue on a lock, so that SQLite's own waiting is only between processes. With the commit go
the audit rows, the events and the sealed op; after it the bus is told.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, update
from sqlalchemy.orm import Session

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.events import Event, EventBus
from travellr_desktop.storage import repositories as repo
from travellr_desktop.storage.commits import Commit, Moment, reach
from travellr_desktop.storage.engine import BUSY_MS, WRITE, make_engine, translate
from travellr_desktop.storage.models import AuditRow, OutboxEvent
from travellr_desktop.storage.seal import refuse_unsealed, seal
from travellr_desktop.storage.workers import Workers

log = logging.getLogger(__name__)


class Reading:
    """A consistent view of the file, and the repositories over it. Nothing read here may be changed."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self.clock = clock

    @cached_property
    def agency(self) -> repo.AgencyRepository:
        return repo.AgencyRepository(self.session)

    @cached_property
    def users(self) -> repo.UserRepository:
        return repo.UserRepository(self.session)

    @cached_property
    def travellers(self) -> repo.TravellerRepository:
        return repo.TravellerRepository(self.session)

    @cached_property
    def vendors(self) -> repo.VendorRepository:
        return repo.VendorRepository(self.session)

    @cached_property
    def trips(self) -> repo.TripRepository:
        return repo.TripRepository(self.session)

    @cached_property
    def departures(self) -> repo.DepartureRepository:
        return repo.DepartureRepository(self.session)

    @cached_property
    def alternatives(self) -> repo.AlternativeRepository:
        return repo.AlternativeRepository(self.session)

    @cached_property
    def holds(self) -> repo.HoldRepository:
        return repo.HoldRepository(self.session)

    @cached_property
    def seats(self) -> repo.SeatRepository:
        return repo.SeatRepository(self.session)

    @cached_property
    def options(self) -> repo.OptionRepository:
        return repo.OptionRepository(self.session)

    @cached_property
    def waiting(self) -> repo.WaitingRepository:
        return repo.WaitingRepository(self.session)

    @cached_property
    def sales(self) -> repo.SaleRepository:
        return repo.SaleRepository(self.session)

    @cached_property
    def bookings(self) -> repo.BookingRepository:
        return repo.BookingRepository(self.session)

    @cached_property
    def payments(self) -> repo.PaymentRepository:
        return repo.PaymentRepository(self.session)

    @cached_property
    def refunds(self) -> repo.RefundRepository:
        return repo.RefundRepository(self.session)

    @cached_property
    def ledger(self) -> repo.LedgerRepository:
        return repo.LedgerRepository(self.session)

    @cached_property
    def discounts(self) -> repo.DiscountRepository:
        return repo.DiscountRepository(self.session)

    @cached_property
    def promos(self) -> repo.PromoRepository:
        return repo.PromoRepository(self.session)

    @cached_property
    def amendments(self) -> repo.AmendmentRepository:
        return repo.AmendmentRepository(self.session)

    @cached_property
    def notes(self) -> repo.NoteRepository:
        return repo.NoteRepository(self.session)

    @cached_property
    def commands(self) -> repo.CommandRepository:
        return repo.CommandRepository(self.session)

    @cached_property
    def journal(self) -> repo.JournalRepository:
        return repo.JournalRepository(self.session)


class UnitOfWork(Reading):
    """One transaction that writes. `commit()` once; without it everything is undone."""

    def __init__(self, session: Session, clock: Clock, name: Commit, actor: Actor, worker: str) -> None:
        super().__init__(session, clock)
        self.name = name
        self.actor = actor
        self.worker = worker
        self.now = clock.now()
        self.events: list[tuple[UUID, Event]] = []
        self.committed = False

    def publish(self, event: Event) -> None:
        """Have `event` delivered after the commit; it is kept with the change until then."""
        self.events.append((new_id(), event))

    def audit(self, action: str, entity: str, entity_id: UUID, **detail: Any) -> None:
        """Write down who did what. `detail` is plain JSON."""
        self.session.add(
            AuditRow(
                at=self.now,
                actor_id=self.actor.user_id,
                action=action,
                entity=entity,
                entity_id=entity_id,
                detail=detail,
            )
        )

    def commit(self) -> None:
        """Write what is left, seal it, and commit."""
        if self.committed:
            raise RuntimeError(f"{self.name} is committed already")
        self.session.flush()
        for event_id, event in self.events:
            self.session.execute(
                insert(OutboxEvent).values(
                    id=event_id,
                    event_name=event.event_name,
                    aggregate_id=event.aggregate_id,
                    timestamp=event.timestamp,
                    payload=dict(event.payload),
                    worker=self.worker,
                )
            )
        seal(self.session.connection(), name=self.name, actor_id=self.actor.user_id, at=self.now)
        reach(self.name, Moment.BEFORE)
        self.session.commit()
        self.committed = True
        reach(self.name, Moment.AFTER)


class Database:
    """The desk's file, opened. Safe to use from several threads; `close()` when done."""

    def __init__(
        self, path: Path, *, clock: Clock, bus: EventBus, locks: Path, busy_ms: int = BUSY_MS
    ) -> None:
        self.path = path
        self.clock = clock
        self.bus = bus
        self.workers = Workers(locks)
        self.engine: Engine = make_engine(path, busy_ms=busy_ms)
        self._writers = threading.Lock()
        self._writing: int | None = None
        self._published: list[UUID] = []

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """A view of the file as it is now; later writes are not seen in it."""
        with _refusals(), self.engine.connect() as connection, Session(connection) as session:
            yield Reading(session, self.clock)

    @contextmanager
    def write(self, name: Commit, actor: Actor) -> Iterator[UnitOfWork]:
        """Begin a transaction that takes the write lock at once.

        Raises a `StorageRefusal` where the file cannot be written, `SeatsGone` where a grant has no seat left,
        `ChangedMeanwhile` where a row has moved on since it was read."""
        if self._writing == threading.get_ident():
            raise RuntimeError(f"{name} inside another unit of work")
        work: UnitOfWork | None = None
        published: list[UUID] = []
        with _refusals(), self._writers:
            self._writing = threading.get_ident()
            try:
                with (
                    self.engine.connect().execution_options(**{WRITE: True}) as connection,
                    Session(connection, expire_on_commit=False) as session,
                ):
                    refuse_unsealed(session.connection())
                    work = UnitOfWork(session, self.clock, name, actor, self.workers.id)
                    published = self._mark_published(session, work)
                    yield work
            finally:
                self._writing = None
                if published and not (work is not None and work.committed):
                    self._published.extend(published)
        if work.committed:
            self._tell(work.events)

    def _mark_published(self, session: Session, work: UnitOfWork) -> list[UUID]:
        """What the bus has been told since the last commit is noted with this one, at no extra commit."""
        ids, self._published = self._published, []
        if ids:
            session.execute(update(OutboxEvent).where(OutboxEvent.id.in_(ids)).values(published_at=work.now))
        return ids

    def _tell(self, events: list[tuple[UUID, Event]]) -> None:
        for event_id, event in events:
            self.bus.publish(event)
            self._published.append(event_id)

    def tell_again(self, events: list[tuple[UUID, Event]], actor: Actor) -> None:
        """Tell the bus of events that an earlier program left untold, and note that it was done."""
        self._tell(events)
        self.flush_published(actor)

    def flush_published(self, actor: Actor) -> None:
        """Note what the bus has been told, where no other write has done so."""
        if self._published:
            with self.write(Commit.OUTBOX_PUBLISH, actor) as work:
                work.commit()

    def close(self) -> None:
        self.engine.dispose()
        self.workers.close()


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
