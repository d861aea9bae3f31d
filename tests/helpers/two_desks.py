"""Two desks of one agency without a hub between them: what one wrote down is handed to the other as a hub would
publish it that finds nothing wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from helpers.clock import HandClock
from helpers.desk import Desk, desk_again, desk_at
from helpers.raw import rows
from helpers.tampering import outbox_by_hand
from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.incoming import IncomingChange, IncomingOp, take_in
from travellr_desktop.storage.models import Desk as DeskRow
from travellr_desktop.storage.models import Grant, NumberSeries
from travellr_desktop.storage.neighbours import Told
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp, Standing
from travellr_desktop.storage.wire import synced, travelling

HUB = UUID(int=6)
SECOND = UUID(int=2)
"""The second desk."""


@dataclass
class Between:
    """Everything that was published, in its order."""

    ops: list[IncomingOp] = field(default_factory=list)

    def tell(self, desk: Desk) -> list[IncomingOp]:
        """Publish what a desk has not told yet."""
        here = standing(desk)
        with desk.database.read() as view:
            found = list(Outgoing(view.connection).ops(here.acked, 10_000, 10**9))
        told = [self.publish(here.desk_id, op) for op in found]
        with desk.database.write(Commit.SYNC_PUSHED, SYSTEM) as work:
            Outgoing(work.connection).acknowledge(here.last_op)
            work.commit()
        return told

    def publish(self, desk_id: UUID, op: OutgoingOp, *changes: IncomingChange) -> IncomingOp:
        """An op as it was, with further changes where a hub would have some for a desk alone."""
        made = [IncomingChange(o.table, o.row_id, o.kind, json.loads(o.fields)) for o in op.changes]
        return self.add(desk_id, op.op_no, *made, *changes, events=op.events)

    def add(
        self, desk_id: UUID, op_no: int, *changes: IncomingChange, events: Sequence[Told] = ()
    ) -> IncomingOp:
        """An op that nobody has done."""
        at = "2026-06-18T08:42:00.000000Z"
        pub = len(self.ops) + 1
        self.ops.append(IncomingOp(pub, desk_id, op_no, "x", None, at, tuple(changes), tuple(events)))
        return self.ops[-1]

    def take(self, desk: Desk) -> int:
        """Have a desk take in all that it has not yet."""
        return take(desk, [op for op in self.ops if op.pub > standing(desk).cursor], len(self.ops))

    def meet(self, *desks: Desk) -> None:
        """All tell, then all take in."""
        for desk in desks:
            self.tell(desk)
        for desk in desks:
            self.take(desk)


def take(desk: Desk, ops: Sequence[IncomingOp], up_to: int) -> int:
    with desk.database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        count = take_in(work, ops, up_to)
        work.commit()
    return count


def standing(desk: Desk) -> Standing:
    with desk.database.read() as view:
        return Outgoing(view.connection).standing()


@contextmanager
def two_desks(
    folder: Path, clock: Clock | None = None, capacity: int = 10
) -> Iterator[tuple[Desk, Desk, UUID]]:
    """Two desks at one hub, both with everything, and a departure of which each may sell half."""
    clock = clock or HandClock()
    one, departure, files = _met(clock.now(), capacity)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with desk_again(folder / "one", clock) as first, desk_again(folder / "two", clock) as second:
        yield (
            replace(one, program=first.program, clock=clock, trips=dict(one.trips)),
            replace(one, program=second.program, clock=clock, trips=dict(one.trips)),
            departure,
        )


@cache
def _met(moment: datetime, capacity: int) -> tuple[Desk, UUID, Mapping[str, bytes]]:
    """The first of them, closed, the departure, and all files by their paths. Made once a process."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        with desk_at(folder / "one", HandClock(moment)) as one:
            departure = shared(one, capacity)
            last = standing(one).last_op
            with one.database.write(Commit.SYNC_JOINED, SYSTEM) as work:
                Outgoing(work.connection).belong(HUB, 1, last)
                work.commit()
        shutil.copytree(folder / "one", folder / "two")
        become_second(folder / "two" / "travellr.db")
        paths = [path for path in folder.rglob("*") if path.is_file()]
        return one, departure, {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def shared(desk: Desk, capacity: int = 10) -> UUID:
    """A departure that the second desk sells as well; the first time, with that desk and its numbers."""
    departure = desk.add_departure(capacity=capacity)
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        if work.session.get(DeskRow, SECOND) is None:
            work.session.add(DeskRow(id=SECOND, number=2, name="Perast"))
            work.session.flush()
            for desk_id, first in ((work.desk_id, 1), (SECOND, 500_001)):
                for kind in ("SA", "BK"):
                    block = {"year": 2026, "first": first, "last": first + 99_999, "next": first}
                    work.session.add(NumberSeries(desk_id=desk_id, kind=kind, **block))
        grant = work.departures.grant(departure, work.desk_id)
        assert grant is not None
        grant.seats = capacity - capacity // 2
        work.session.flush()
        work.session.add(Grant(departure_id=departure, desk_id=SECOND, seats=capacity // 2))
        work.commit()
    return departure


def become_second(file: Path) -> None:
    """A copy of the first desk's file as a first sync would have made it of its rows: with no history."""
    with outbox_by_hand(file) as db:
        for table in ("changes", "ops", "outbox_events"):
            db.execute(f"DELETE FROM {table}")
        db.execute(
            "UPDATE this_desk SET desk_id = ?, incarnation = ?, next_op = 1, acked = 0, first_synced = 1",
            (SECOND.hex, uuid4().hex),
        )


def as_it_stands(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every row that travels and what is derived of it, in one form for all desks."""
    file = desk.database.path
    found = {
        table: sorted(rows(file, f"SELECT {', '.join(travelling(table))} FROM {table}"), key=repr)
        for table in synced()
    }
    found["taken"] = sorted(rows(file, "SELECT id, taken FROM grants"))
    found["vendor_lines"] = sorted(rows(file, "SELECT * FROM vendor_lines"))
    return found
