"""A desk's first file, or its file anew: everything the hub has, as it is at one moment.

The new file is made beside the old one and proved before it takes its place: as many rows as the hub counted, the same
sums in the ledger. The old file is kept among the back-ups.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from uuid import UUID, uuid4

from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.storage.carrying import RETOLD, Belongs, Given, departures_made_by, given_to
from travellr_desktop.storage.filling import filling
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp
from travellr_desktop.storage.uow import Database
from travellr_desktop.storage.wire import synced, travelling
from travellr_desktop.sync.giving_way import BROUGHT
from travellr_desktop.sync.hub import Hello, Hub
from travellr_desktop.sync.pictures import Picture
from travellr_desktop.sync.refusals import HubConfused, OtherDesk, SyncRefusal

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with how many rows are here, and how many there are."""


AT_ONCE = 500
"""Ops of the earlier file that are read at once."""


@dataclass(frozen=True, slots=True)
class FirstSync:
    """What came, from where to read on, and for which desk. `carried`: ops of its earlier file, to be told again."""

    rows: int
    carried: int
    cursor: int
    desk_id: UUID


def first_sync(
    hub: Hub,
    path: Path,
    *,
    profile_kind: ProfileKind,
    payments_kind: PaymentsKind | None,
    copies: Mapping[str, str] = MappingProxyType({}),
    before: Database | None = None,
    moved: Iterable[OutgoingOp] | None = None,
    progress: Progress = lambda _done, _all: None,
) -> FirstSync:
    """Make a file of this desk at `path`, in the place of what lies there. `copies` are kept in it as the hub's words.
    `before` is the desk's earlier file, to which nobody writes any more: what the hub has not of it is carried over;
    `moved` are such ops of a file that has joined, in the words of the hub.

    The hub knows the desk by the new file once this has returned, and by no other. Raises as `Hub`, a `StorageRefusal`,
    `OtherDesk` where the sign-in is no desk's, `HubConfused` where what came is not what the hub counted; `path` is
    then as it was."""
    hello = hub.hello()
    if hello.desk_id is None:
        raise OtherDesk("This sign-in is no desk's.")
    if not hello.has_agency:
        raise SyncRefusal(
            "The central database is empty.", hint="Join it with the file of the agency's first desk."
        )
    known = _known(before, hello, hub)
    hub.publish()
    incarnation = uuid4()
    new = path.with_name(path.name + ".first")
    try:
        with filling(new) as file, hub.picture() as picture:
            rows = _fill(file.rows, picture, progress)
            if found := file.tally().differs(picture.tally):
                raise HubConfused(f"What came is not what the central database counted: {found}.")
            file.already(picture.unpublished)
            file.copies(copies)
            belongs = Belongs(
                desk_id=hello.desk_id,
                incarnation=incarnation,
                hub_id=hello.hub_id,
                epoch=hello.epoch,
                cursor=picture.cursor,
                last_op=hello.last_op,
                profile_kind=profile_kind,
                payments_kind=payments_kind,
            )
            untold = _untold(before, hello, known) if moved is None else moved
            carried = file.carry(untold, belongs, *_given(before, hello))
            brought = range(hello.last_op + 1, hello.last_op + carried + 1)
            file.copies({BROUGHT: json.dumps([*brought])})
            file.finish(belongs)
        if hub.enroll(incarnation, carried) != hello.last_op:
            raise HubConfused("Another file told of itself as this desk at the same time.")
        new.replace(path)
    finally:
        for rest in ("", "-wal", "-shm"):
            Path(f"{new}{rest}").unlink(missing_ok=True)
    log.info("first sync: %s rows up to %s, %s ops carried over", rows, belongs.cursor, carried)
    return FirstSync(rows, carried, belongs.cursor, hello.desk_id)


def _known(before: Database | None, hello: Hello, hub: Hub) -> frozenset[int]:
    """The ops of the earlier file that the hub has, though the file does not know of it."""
    ops = _untold(before, hello)
    found: set[int] = set()
    while some := list(islice(ops, AT_ONCE)):
        found |= hub.known(some)
    return frozenset(found)


def _untold(
    before: Database | None, hello: Hello, known: frozenset[int] = frozenset()
) -> Iterator[OutgoingOp]:
    """The ops of the desk's earlier file that the hub has not got: those without an outcome, and those whose outcome it
    has lost, restored from a back-up. A file that was put back from a back-up itself may have ops without an outcome
    that were told since. What was told again of what the desk had been given is told anew, as it is by now."""
    if before is None:
        return
    with before.read() as view:
        if view.agency.find() is None:  # a new profile
            return
        outgoing = Outgoing(view.connection)
        here = outgoing.standing()
        if (here.hub_id, here.desk_id) != (hello.hub_id, hello.desk_id):
            return
        after, restored = min(here.acked, hello.last_op), here.epoch != hello.epoch
        while ops := list(outgoing.ops(after, AT_ONCE, AT_ONCE * 10_000)):
            yield from (op for op in ops if op.op_no not in known and (not restored or op.name != RETOLD))
            after = ops[-1].op_no


def _given(before: Database | None, hello: Hello) -> tuple[tuple[Given, ...], frozenset[str]]:
    """What the desk was given and a restored hub may have forgotten; and the departures that it made itself."""
    if before is None:
        return (), frozenset()
    with before.read() as view:
        if view.agency.find() is None:
            return (), frozenset()
        here = Outgoing(view.connection).standing()
        if (here.hub_id, here.desk_id) != (hello.hub_id, hello.desk_id) or here.epoch == hello.epoch:
            return (), frozenset()
        return tuple(given_to(view.connection)), departures_made_by(view.connection)


def _fill(add: Callable[..., int], picture: Picture, progress: Progress) -> int:
    everything, done = sum(picture.tally.rows.values()), 0
    for table in synced():
        came = add(table, tuple(travelling(table)), picture.rows(table))
        if max(came, 0) != picture.tally.rows.get(table, 0):
            there = picture.tally.rows.get(table, 0)
            raise HubConfused(f"Of {table} {came} rows came, and there are {there}.")
        done += max(came, 0)
        progress(done, everything)
    return done
