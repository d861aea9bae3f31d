"""A desk's first file, or its file anew: everything the hub has, as it is at one moment.

The new file is made beside the old one and proved before it takes its place: as many rows as the hub counted, the same
sums in the ledger. The old file is kept among the back-ups.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from uuid import UUID, uuid4

from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.storage.filling import Belongs, filling
from travellr_desktop.storage.wire import synced, travelling
from travellr_desktop.sync.hub import Hub, Picture
from travellr_desktop.sync.refusals import HubConfused, OtherDesk, SyncRefusal

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with how many rows are here, and how many there are."""


@dataclass(frozen=True, slots=True)
class FirstSync:
    """What came: rows of how many tables, from where to read on, and for which desk."""

    rows: int
    tables: int
    cursor: int
    desk_id: UUID


def first_sync(
    hub: Hub,
    path: Path,
    *,
    profile_kind: ProfileKind,
    payments_kind: PaymentsKind | None,
    copies: Mapping[str, str] = MappingProxyType({}),
    progress: Progress = lambda _done, _all: None,
) -> FirstSync:
    """Make a file of this desk at `path`, in the place of what lies there. `copies` are kept in it as the hub's words.

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
    hub.publish()
    incarnation = uuid4()
    new = path.with_name(path.name + ".first")
    try:
        with filling(new) as file, hub.picture() as picture:
            rows = _fill(file.rows, picture, progress)
            file.already(picture.unpublished)
            file.copies(copies)
            file.finish(
                Belongs(
                    desk_id=hello.desk_id,
                    incarnation=incarnation,
                    hub_id=hello.hub_id,
                    epoch=hello.epoch,
                    cursor=picture.cursor,
                    last_op=hello.last_op,
                    profile_kind=profile_kind,
                    payments_kind=payments_kind,
                )
            )
            cursor = picture.cursor
        if hub.enroll(incarnation) != hello.last_op:
            raise HubConfused("Another file told of itself as this desk at the same time.")
        new.replace(path)
    finally:
        for rest in ("", "-wal", "-shm"):
            Path(f"{new}{rest}").unlink(missing_ok=True)
    log.info("first sync: %s rows up to %s", rows, cursor)
    return FirstSync(rows, len(synced()), cursor, hello.desk_id)


def _fill(add: Callable[..., int], picture: Picture, progress: Progress) -> int:
    everything, done = sum(picture.counts.values()), 0
    for table in synced():
        came = add(table, tuple(travelling(table)), picture.rows(table))
        if max(came, 0) != picture.counts.get(table, 0):
            raise HubConfused(f"Of {table} {came} rows came, and there are {picture.counts.get(table, 0)}.")
        done += max(came, 0)
        progress(done, everything)
    return done
