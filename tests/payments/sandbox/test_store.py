from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from travellr_desktop.errors import DatabaseTooNew, StorageRefusal
from travellr_desktop.payments.sandbox.store import Store


def test_a_write_that_fails_leaves_nothing(sandbox_file: Path) -> None:
    store = Store(sandbox_file)

    def fail() -> None:
        with store.write() as connection:
            connection.execute("INSERT INTO settings VALUES ('a', '1')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as connection:
        assert connection.execute("SELECT COUNT(*) FROM settings").fetchone()[0] == 0
    store.close()


def test_a_closed_store_is_closed(sandbox_file: Path) -> None:
    store = Store(sandbox_file)
    store.close()
    with pytest.raises(sqlite3.ProgrammingError), store.read():
        pass


def test_a_file_of_a_newer_program_is_refused(sandbox_file: Path) -> None:
    with closing(sqlite3.connect(sandbox_file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = sandbox_file.read_bytes()[60:64]
    with pytest.raises(DatabaseTooNew):
        Store(sandbox_file)
    assert sandbox_file.read_bytes()[60:64] == before


def test_a_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageRefusal) as caught:
        Store(tmp_path / "file" / "sandbox.db")
    assert caught.value.hint


def test_processes_that_open_a_new_file_at_once_all_succeed(sandbox_file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from travellr_desktop.payments.sandbox.store import Store;"
        "sys.stdin.readline(); Store(Path(sys.argv[1])).close()"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(sandbox_file)], stdin=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=30)
    assert [child.returncode for child in children] == [0, 0, 0, 0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_uses_connections_of_its_own(sandbox_file: Path) -> None:
    store = Store(sandbox_file)
    child = os.fork()
    if child == 0:
        try:
            with store.write() as connection:
                connection.execute("INSERT INTO settings VALUES ('child', '1')")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    with store.write() as connection:
        connection.execute("INSERT INTO settings VALUES ('parent', '1')")
    with store.read() as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM settings")}
    store.close()
    assert names == {"child", "parent"}
