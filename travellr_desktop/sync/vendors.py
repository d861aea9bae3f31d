"""A vendor's file and the hub: made of one picture, kept up by pulling, taken anew where the hub lost something.
Nothing is ever told: there is nothing of its own in it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.events import CentralChanged
from travellr_desktop.storage import vendor_files
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.paging import read_connection
from travellr_desktop.storage.uow import Database, UnitOfWork
from travellr_desktop.storage.vendor_files import Making, Seen, making
from travellr_desktop.storage.vendor_rows import by_id, ledger_sums
from travellr_desktop.sync.cycle import speaks
from travellr_desktop.sync.hub import Hello, Hub
from travellr_desktop.sync.pictures import SeenPicture
from travellr_desktop.sync.refusals import HubConfused, NotEnrolled, NotThePerson, OtherHub

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with how many rows are here, and how many there are."""

MOST = 2_000
"""Ops of a page: of most of them a vendor sees nothing."""

ROWS = "rows"
"""What a `CentralChanged` says where rows came into a vendor's file, or left it."""


def first_sync(
    hub: Hub,
    path: Path,
    *,
    copies: Mapping[str, str] = MappingProxyType({}),
    progress: Progress = lambda _done, _all: None,
) -> int:
    """Make the file of the person whose connection `hub` is at `path`, in the place of what lies there; `copies` are
    kept in it as the hub's words. Returns how many rows came.

    Raises as `Hub`, a `StorageRefusal`, `NotThePerson` where the sign-in is no vendor's, `HubConfused` where what came
    is not what the hub counted; `path` is then as it was."""
    hello = hub.hello()
    if hello.kind != "vendor":
        raise NotThePerson("This sign-in is not a vendor's.")
    with _made(hub, hello, path.with_name(path.name + ".first"), copies, progress) as (new, rows):
        new.replace(path)
    log.info("first sync of a vendor: %s rows", rows)
    return rows


@contextmanager
def _made(
    hub: Hub, hello: Hello, new: Path, copies: Mapping[str, str], progress: Progress
) -> Iterator[tuple[Path, int]]:
    """A whole file at `new`, and how many rows it has; what is left of it is removed."""
    try:
        with making(new) as file, hub.picture_mine() as picture:
            rows = _fill(file, picture, progress)
            belongs = Seen(
                hub_id=hello.hub_id,
                epoch=hello.epoch,
                cursor=picture.cursor,
                schema=(hello.schema_min, hello.schema_max),
                columns=picture.columns,
            )
            (name,) = file.connection.execute("SELECT name FROM vendors").fetchone()
            file.finish(belongs, name, copies)
        yield new, rows
    finally:
        for rest in ("", "-wal", "-shm"):
            Path(f"{new}{rest}").unlink(missing_ok=True)


def _fill(file: Making, picture: SeenPicture, progress: Progress) -> int:
    everything, done = sum(picture.counts.values()), 0
    for table, columns in picture.columns.items():
        came = file.rows.put(table, tuple(columns), picture.rows(table))
        if came != picture.counts[table]:
            raise HubConfused(f"Of {table} {came} rows came, and there are {picture.counts[table]}.")
        done += came
        progress(done, everything)
    if ledger_sums(file.connection) != picture.ledger:
        raise HubConfused("The entries of the ledger that came do not come to what there is.")
    return done


def greet(database: Database, hub: Hub) -> Hello:
    """Find out whether file and hub belong together. Raises a `SyncRefusal` that says why not."""
    with database.read() as view:
        here = Outgoing(view.connection).standing()
        person = view.connection.exec_driver_sql("SELECT id FROM users").scalar()
    there = hub.hello()
    if here.hub_id is None:
        raise NotEnrolled("This file belongs to no central database.")
    if there.hub_id != here.hub_id:
        raise OtherHub("This is another central database than the one this file was made of.")
    if there.kind != "vendor" or there.user_id is None or person not in (None, there.user_id.hex):
        raise NotThePerson("This sign-in is that of somebody else.")
    speaks(there)
    return there


def is_of(database: Database, there: Hello) -> bool:
    """Whether what is in the file is of the hub as it is: not of an earlier life, or another shape, of it."""
    with database.read() as view:
        here, seen = Outgoing(view.connection).standing(), vendor_files.seen(view.connection)
    same = here.epoch == there.epoch and here.cursor <= there.last_pub
    return same and seen.get("schema") == [there.schema_min, there.schema_max]


def take_anew(database: Database, hub: Hub, there: Hello) -> None:
    """Have everything as it is, in the file that is open. Raises as `first_sync`."""
    path = database.path.with_name(database.path.name + ".anew")
    with (
        _made(hub, there, path, {}, lambda _done, _all: None) as (new, rows),
        database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work,
    ):
        vendor_files.become(work, new)
        _tell(work)
        work.commit()
    vendor_files.fold_log(database)
    log.info("a vendor's file was taken anew: %s rows", rows)


def take_in(database: Database, hub: Hub) -> int:
    """Take in everything that was published. Returns how many rows were told. Raises as `Hub`, and
    `page_rows.UnknownHere`."""
    count = gone = 0
    while True:
        with database.read() as view:
            cursor = Outgoing(view.connection).standing().cursor
        page = hub.pull_mine(cursor, MOST)
        if page.up_to == cursor:
            break
        with database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
            touched, went = vendor_files.take_in_seen(work, page.rows, page.up_to)
            if touched:
                _tell(work)
            work.commit()
        count, gone = count + len(page.rows), gone + went
    if gone:
        vendor_files.fold_log(database)
    return count


def differences(database: Database, hub: Hub) -> tuple[tuple[str, str], ...] | None:
    """Table and id of every row that is not as the vendor sees it at the hub; None where the file has not taken in all
    that was done there, so that nobody can tell. Changes nothing. Raises as `greet`."""
    there = greet(database, hub)
    with hub.picture_mine() as picture:
        with database.read() as view:
            cursor = Outgoing(view.connection).standing().cursor
        if not (is_of(database, there) and picture.whole and picture.cursor == cursor):
            return None
        return tuple(_differ(database.path, picture))


def _differ(path: Path, picture: SeenPicture) -> Iterator[tuple[str, str]]:
    with closing(read_connection(path)) as connection:
        for table, columns in picture.columns.items():
            at = columns.index("id")
            here = by_id(connection, table, columns)
            for row in picture.rows(table):
                row_id = str(row[at])
                if here.pop(row_id, None) != row:
                    yield table, row_id
            yield from ((table, row_id) for row_id in here)


def _tell(work: UnitOfWork) -> None:
    desk: UUID = work.desk_id
    work.publish(CentralChanged(aggregate_id=desk, timestamp=work.now, what=ROWS))
