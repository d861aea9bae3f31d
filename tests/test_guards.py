"""Each guard fails a test that lets something slip: shown by running such a test under the same conftest."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunOne:
    """Runs one test file in a process of its own, with this project's conftest, helpers and settings."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(HERE), str(HERE.parent))))
    return RunOne(pytester)


class RunOne:
    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def __call__(self, body: str) -> pytest.RunResult:
        self._pytester.path.joinpath("conftest.py").write_text((HERE / "conftest.py").read_text())
        self._pytester.path.joinpath("test_it.py").write_text(body)
        return self._pytester.run(
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-c",
            str(HERE.parent / "pyproject.toml"),
            "--rootdir",
            str(self._pytester.path),
            "-p",
            "no:cacheprovider",
            "test_it.py",
        )


def refused(result: pytest.RunResult, *lines: str) -> None:
    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) > 0
    result.stdout.fnmatch_lines([f"*{line}*" for line in lines])


def test_a_clean_test_passes_under_all_guards(run: RunOne) -> None:
    result = run(
        """
import sqlite3, threading

def test_clean(gui_thread, qtbot, tmp_path):
    def work():
        connection = sqlite3.connect(tmp_path / "a.db", check_same_thread=False)
        connection.execute("select 1")
        connection.close()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""
    )
    assert result.parseoutcomes() == {"passed": 1}


def test_a_statement_on_the_gui_thread_fails(run: RunOne) -> None:
    refused(
        run(
            """
import sqlite3, threading

def test_statement(gui_thread, tmp_path):
    made = []
    def work():
        made.append(sqlite3.connect(tmp_path / "a.db", check_same_thread=False))
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    made[0].execute("select 41 + 1")
    made[0].close()
"""
        ),
        "On the GUI thread: ran 'select 41 + 1'",
    )


def test_a_statement_through_sqlalchemy_raises_where_it_is_run(run: RunOne) -> None:
    refused(
        run(
            """
import pytest
from sqlalchemy import StaticPool, create_engine, text
from helpers.gui_thread import BlockedOnGuiThread, may_block

def test_statement(tmp_path, gui_thread):
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}", poolclass=StaticPool)
    with may_block():
        connection = engine.connect()
        connection.execute(text("select 1"))
    with pytest.raises(BlockedOnGuiThread, match="select 2"):
        connection.execute(text("select 2"))
    connection.close()
    engine.dispose()
"""
        ),
        "On the GUI thread: ran 'select 2'",
    )


def test_opening_a_database_on_the_gui_thread_raises_at_the_place(run: RunOne) -> None:
    refused(
        run(
            """
import sqlite3

def test_open(gui_thread, tmp_path):
    sqlite3.connect(tmp_path / "a.db")
"""
        ),
        "*BlockedOnGuiThread: On the GUI thread: opened the database*",
    )


def test_a_socket_on_the_gui_thread_fails_even_when_the_code_swallows_it(run: RunOne) -> None:
    refused(
        run(
            """
import socket

def test_socket(gui_thread):
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except BaseException:
        pass
"""
        ),
        "On the GUI thread: socket.getaddrinfo*",
    )


def test_the_main_thread_may_read_and_write_in_other_tests(run: RunOne) -> None:
    result = run(
        """
import sqlite3
from contextlib import closing

def test_reads(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
"""
    )
    assert result.parseoutcomes() == {"passed": 1}


def test_a_thread_left_running_fails(run: RunOne) -> None:
    refused(
        run(
            """
import threading

def test_thread():
    threading.Thread(target=threading.Event().wait, args=(20,), name="forgotten", daemon=True).start()
"""
        ),
        "Left running: thread forgotten",
    )


def test_a_timer_left_running_fails(run: RunOne) -> None:
    refused(
        run(
            """
from PySide6.QtCore import QTimer

kept = []

def test_timer(qtbot):
    timer = QTimer()
    timer.setObjectName("forgotten")
    timer.start(60_000)
    kept.append(timer)
"""
        ),
        "Left running: timer forgotten every 60000 ms",
    )


def test_a_qt_thread_left_running_fails(run: RunOne) -> None:
    refused(
        run(
            """
import pytest
from PySide6.QtCore import QThread

kept = []

@pytest.fixture(scope="module", autouse=True)
def stop():
    yield
    for thread in kept:
        thread.quit()
        thread.wait()

def test_thread(qtbot):
    thread = QThread()
    thread.setObjectName("forgotten")
    thread.start()
    kept.append(thread)
"""
        ),
        "Left running: thread forgotten",
    )


def test_a_connection_left_open_fails_and_names_the_line(run: RunOne) -> None:
    refused(
        run(
            """
import sqlite3

def test_connection(tmp_path):
    left_open = sqlite3.connect(tmp_path / "a.db")
"""
        ),
        "A database connection was left open, opened here:",
        "left_open = sqlite3.connect*",
    )


def test_an_unclosed_file_fails(run: RunOne) -> None:
    refused(
        run(
            """
import gc

def test_file(tmp_path):
    (tmp_path / "a").open("w")
    gc.collect()
"""
        ),
        "*ResourceWarning: unclosed file*",
    )


def test_a_qt_warning_fails(run: RunOne) -> None:
    refused(
        run(
            """
from PySide6.QtCore import QObject, QTimer, qWarning

def test_warning(qtbot):
    qWarning("something is off")
"""
        ),
        "*something is off*",
    )


def test_an_exception_in_a_slot_fails(run: RunOne) -> None:
    refused(
        run(
            """
from PySide6.QtCore import QTimer

def test_slot(qtbot):
    def broken():
        raise ValueError("in a slot")
    QTimer.singleShot(0, broken)
    qtbot.wait(20)
"""
        ),
        "*ValueError: in a slot*",
    )


def test_an_exception_in_a_thread_fails(run: RunOne) -> None:
    refused(
        run(
            """
import threading

def test_thread():
    def broken():
        raise ValueError("in a thread")
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
"""
        ),
        "*ValueError: in a thread*",
    )


def test_the_garbage_of_a_window_test_is_freed_on_no_other_thread(run: RunOne) -> None:
    result = run(
        """
import threading
import helpers.guards as guards
from pathlib import Path

guards.UI_TESTS = Path(__file__).resolve().parent
FREED = []

class Cycle:
    def __init__(self):
        self.me = self
    def __del__(self):
        FREED.append(threading.current_thread().name)

def test_a_worker_allocates(qtbot):
    Cycle()
    thread = threading.Thread(target=lambda: [[number] for number in range(200_000)], name="worker")
    thread.start()
    thread.join()
    assert FREED == []

def test_it_is_freed_by_now(qtbot):
    assert FREED == ["MainThread"]
"""
    )
    result.assert_outcomes(passed=2)


def test_the_guard_is_on_for_the_tests_of_the_window(run: RunOne, pytester: pytest.Pytester) -> None:
    result = run(
        """
import sqlite3
import helpers.guards as guards
from pathlib import Path

guards.UI_TESTS = Path(__file__).resolve().parent

def test_open(tmp_path):
    sqlite3.connect(tmp_path / "a.db")
"""
    )
    refused(result, "*BlockedOnGuiThread*")


def test_the_persons_own_settings_are_out_of_reach(run: RunOne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_real")
    monkeypatch.setenv("PGPASSWORD", "of the real central database")
    home = Path.home()
    result = run(
        f"""
import os
from pathlib import Path

def test_own():
    assert "STRIPE_API_KEY" not in os.environ
    assert "PGPASSWORD" not in os.environ
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == "disabled:"
    assert Path.home() != Path({str(home)!r})
"""
    )
    assert result.parseoutcomes() == {"passed": 1}
