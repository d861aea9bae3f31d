"""Opening the desk's file: made whole or not at all, migrated after a backup, and whatever is wrong said clearly."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event

from helpers.children import in_child, little_room, ordinary
from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_again, desk_at
from helpers.raw import copied, dump, raw, rows, value
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseReadOnly,
    DatabaseTooNew,
    DiskFull,
    ResourceMissing,
    StorageRefusal,
)
from travellr_desktop.events import EventBus
from travellr_desktop.paths import data_root
from travellr_desktop.storage import schema, startup
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder, closed."""
    folder = tmp_path_factory.mktemp("made")
    with desk_at(folder) as desk:
        desk.sold(desk.add_departure(), pay=CASH)
    return folder


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    return copied(made / "travellr.db", tmp_path / "travellr.db")


def prepare(file: Path, busy_ms: int = 200) -> Path | None:
    return startup.prepare(file, file.parent / "backups", busy_ms=busy_ms)


def left(folder: Path) -> set[str]:
    """The files in a folder, without the lock that stays."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


# a new file


def test_a_new_file_is_made_whole(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "travellr.db"
    assert prepare(file) is None
    assert left(file.parent) == {"travellr.db"}
    assert {row[0] for row in rows(file, "SELECT version_num FROM alembic_version")} == schema.HEADS
    before = file.read_bytes()
    assert prepare(file) is None
    assert file.read_bytes() == before


def test_an_empty_file_is_taken_for_none(tmp_path: Path) -> None:
    file = tmp_path / "travellr.db"
    file.touch()
    assert prepare(file) is None
    assert value(file, "SELECT count(*) FROM agencies") == 0


def test_without_migrations_no_file_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "nowhere"), raising=False)
    file = tmp_path / "profile" / "travellr.db"
    with pytest.raises(ResourceMissing, match="migrations") as refused:
        prepare(file)
    assert refused.value.hint
    assert left(file.parent) == set()


def test_a_file_that_is_as_new_as_the_program_needs_no_migrations(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "nowhere"), raising=False)
    assert prepare(file) is None


def test_what_a_start_that_was_cut_off_left_behind_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "travellr.db.new").write_bytes(b"half a file")
    prepare(tmp_path / "travellr.db")
    assert left(tmp_path) == {"travellr.db"}


def test_two_programs_that_start_at_once_make_one_file(tmp_path: Path) -> None:
    file = tmp_path / "travellr.db"
    readers = []
    for _ in range(3):
        reader, writer = os.pipe()
        if os.fork() == 0:
            try:
                prepare(file, busy_ms=120_000)
                os.write(writer, b"made")
            finally:
                os._exit(0)
        os.close(writer)
        readers.append(os.fdopen(reader))
    said = []
    for source in readers:
        with source:
            said.append(source.read())
    for _ in readers:
        os.wait()
    assert said == ["made"] * 3
    assert left(tmp_path) == {"travellr.db"}
    assert value(file, "PRAGMA integrity_check") == "ok"


# older and newer files


NEXT = '''
"""One column more.

Revision ID: desk_next
"""

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.capture import recapture

revision = "desk_next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("travellers", sa.Column("nickname", sa.Text(), nullable=True))
    recapture(op.get_bind(), "travellers")
    {more}
'''


@contextmanager
def newer_program(tmp_path: Path, more: str = "pass") -> Iterator[None]:
    """While it lasts the program is one migration on, which does `more` at its end."""
    shipped = tmp_path / "newer" / "travellr_desktop" / "_data" / "migrations"
    shutil.copytree(data_root() / "migrations", shipped, ignore=shutil.ignore_patterns("__pycache__"))
    (head,) = schema.HEADS
    (shipped / "desk" / "desk_next_nickname.py").write_text(NEXT.format(more=more, head=head))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "_MEIPASS", str(tmp_path / "newer"), raising=False)
        patched.setattr(startup, "HEADS", frozenset({"desk_next"}))
        yield


def test_an_older_file_is_backed_up_and_migrated(file: Path, tmp_path: Path) -> None:
    before = dump(file)
    with newer_program(tmp_path):
        saved = prepare(file)
        assert prepare(file) is None
    assert saved is not None
    assert saved.parent == file.parent / "backups"
    assert dump(saved) == before
    assert left(saved.parent) == {saved.name}
    assert rows(file, "SELECT nickname FROM travellers") == [(None,)]
    captured = value(file, "SELECT sql FROM sqlite_master WHERE name = 'capture_travellers_update'")
    assert "nickname" in captured


def test_a_migration_that_fails_leaves_the_file_as_it_was(file: Path, tmp_path: Path) -> None:
    before = dump(file)
    with newer_program(tmp_path, "raise ValueError('wrong')"), pytest.raises(ValueError, match="wrong"):
        prepare(file)
    assert dump(file) == before
    assert len(left(file.parent / "backups")) == 1


def test_an_older_file_whose_rows_point_nowhere_is_not_migrated(file: Path, tmp_path: Path) -> None:
    with raw(file) as careless:
        careless.execute("PRAGMA foreign_keys = OFF")
        careless.execute("UPDATE trips SET vendor_id = 'nobody', version = version + 1")
    before = dump(file)
    with newer_program(tmp_path), pytest.raises(DatabaseDamaged, match="not there"):
        prepare(file)
    assert dump(file) == before


def test_a_newer_file_is_refused_and_not_touched(file: Path, tmp_path: Path) -> None:
    with newer_program(tmp_path):
        prepare(file)
    shutil.rmtree(file.parent / "backups")
    before, names = file.read_bytes(), left(tmp_path)
    with pytest.raises(DatabaseTooNew, match="desk_next") as refused:
        prepare(file)
    assert "untouched" in refused.value.hint
    assert file.read_bytes() == before
    assert left(tmp_path) == names


# files that cannot be used


def test_what_is_no_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "travellr.db"
    file.write_text("Dear diary, " * 1000)
    before = file.read_bytes()
    with pytest.raises(DatabaseDamaged) as refused:
        prepare(file)
    assert "backups" in refused.value.hint
    assert file.read_bytes() == before
    assert left(tmp_path) == {"travellr.db"}


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "travellr.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    before = file.read_bytes()
    with pytest.raises(DatabaseDamaged, match="not one of Travellr's"):
        prepare(file)
    assert file.read_bytes() == before


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "travellr.db" / "x").mkdir(parents=True)
    with pytest.raises(StorageRefusal):
        prepare(tmp_path / "travellr.db")


def test_a_file_in_the_place_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "profile").touch()
    with pytest.raises(StorageRefusal) as refused:
        prepare(tmp_path / "profile" / "travellr.db")
    assert refused.value.hint


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_that_is_damaged_is_found_where_it_is_read(page: int, file: Path) -> None:
    with file.open("r+b") as content:
        content.seek(4096 * (page - 1) + (0 if page > 1 else 100))
        content.write(os.urandom(3000))
    with pytest.raises(DatabaseDamaged) as refused:
        prepare(file)
    assert "backups" in refused.value.hint


def test_damage_deep_in_the_file_is_told_by_the_services(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    shutil.copytree(made, folder)
    file = folder / "travellr.db"
    root = value(file, "SELECT rootpage FROM sqlite_master WHERE name = 'bookings'")
    booking = UUID(value(file, "SELECT id FROM bookings"))
    with file.open("r+b") as content:
        content.seek(4096 * (root - 1))
        content.write(b"\xff" * 4096)
    with desk_again(folder) as desk, pytest.raises(DatabaseDamaged) as refused:
        desk.services.bookings.detail(desk.admin, booking)
    assert "backups" in refused.value.hint


@pytest.fixture
def open_folder(file: Path) -> Iterator[Path]:
    """A folder that an ordinary person can look into, with a desk's file."""
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        copied(file, folder / "travellr.db").chmod(0o644)
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_file_that_may_only_be_read_is_refused(open_folder: Path) -> None:
    file = open_folder / "travellr.db"
    before = file.read_bytes()
    file.chmod(0o444)
    open_folder.chmod(0o555)
    said = in_child(partial(prepare, file), ordinary)
    assert said.startswith(DatabaseReadOnly.__name__), said
    assert "right to write" in said
    assert file.read_bytes() == before
    assert left(open_folder) == {"travellr.db"}


def test_a_folder_that_may_only_be_read_is_refused(open_folder: Path) -> None:
    (open_folder / "travellr.db").unlink()
    open_folder.chmod(0o555)
    said = in_child(partial(prepare, open_folder / "travellr.db"), ordinary)
    assert said.startswith(DatabaseReadOnly.__name__), said
    assert left(open_folder) == set()


def test_a_folder_that_may_not_be_entered_is_refused(open_folder: Path) -> None:
    open_folder.chmod(0o600)
    said = in_child(partial(prepare, open_folder / "travellr.db"), ordinary)
    assert said.startswith(DatabaseReadOnly.__name__), said


# locked


def test_a_file_that_another_program_writes_to_is_waited_for_and_then_refused(file: Path) -> None:
    with raw(file) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy) as refused:
            prepare(file, busy_ms=50)
        other.execute("ROLLBACK")
    assert "Close the other program" in refused.value.hint
    assert prepare(file) is None


def test_a_write_waits_for_another_program_and_is_then_refused(file: Path, tmp_path: Path) -> None:
    database = Database(file, clock=HandClock(), bus=EventBus(), locks=tmp_path / "locks", busy_ms=50)
    before = value(file, "SELECT max(op_no) FROM ops")
    with raw(file) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy), database.write(Commit.CLEAN_UP, SYSTEM):
            pytest.fail("began while another wrote")
        with database.read() as view:  # reading needs nobody's leave
            assert view.agency.find() is not None
        other.execute("ROLLBACK")
    with database.write(Commit.CLEAN_UP, SYSTEM) as work:
        work.commit()
    database.close()
    assert value(file, "SELECT max(op_no) FROM ops") == before


# no room


def test_without_room_no_file_is_made(tmp_path: Path) -> None:
    said = in_child(partial(prepare, tmp_path / "travellr.db"), little_room(64 * 1024))
    assert said.startswith(DiskFull.__name__), said
    assert "Make room" in said
    assert left(tmp_path) == set()


def test_without_room_for_a_backup_nothing_is_migrated(file: Path, tmp_path: Path) -> None:
    before = dump(file)
    with newer_program(tmp_path):
        said = in_child(partial(prepare, file), little_room(64 * 1024))
    assert said.startswith(DiskFull.__name__), said
    assert dump(file) == before
    assert left(file.parent / "backups") == set()


def test_a_sale_for_which_there_is_no_room_is_not_half_written(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    shutil.copytree(made, folder)
    with desk_again(folder) as desk:
        engine = desk.database.engine

        def full(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(
                f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}"
            )

        engine.dispose()
        event.listen(engine, "connect", full)
        with pytest.raises(DiskFull) as refused:
            _sell_until_full(desk)
        assert "Make room" in refused.value.hint
        event.remove(engine, "connect", full)
        engine.dispose()
        # whatever was begun last is there as a whole or not at all
        desk.services.holds.mine(desk.agent)
        assert desk.services.check.run().problems == ()
        desk.sold(desk.add_departure(), pay=CASH)


def _sell_until_full(desk: Desk) -> None:
    for _ in range(100):
        desk.sold(desk.add_departure(), pay=CASH)
