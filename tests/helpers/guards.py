"""The guards that watch every test; `tests/test_guards.py` shows that each bites."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gui_thread import guard
from helpers.leaks import begin, connections, keep, live_threads, new_threads, qt_leftovers

UI_TESTS = Path(__file__).resolve().parents[1] / "ui"


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """No thread, timer or database connection outlives its test."""
    begin()
    before = live_threads()
    connections.start()
    yield
    left = [f"Left running: {name}" for name in qt_leftovers()]
    left += [f"Left running: thread {name}" for name in new_threads(before)]
    left += connections.stop()
    if left:
        pytest.fail("\n".join(left), pytrace=False)


@pytest.fixture
def gui_thread(_nothing_left_behind: None) -> Iterator[None]:
    """No SQL and no socket on the main thread. On by itself under `tests/ui`."""
    guard.arm()
    yield
    seen = guard.disarm()
    if seen:
        pytest.fail("\n".join(seen), pytrace=False)


@pytest.fixture
def own_garbage(_nothing_left_behind: None) -> Iterator[None]:
    """Cycles that hold widgets are freed after the test, on its own thread, as the running window does it
    (`ui.collector`): on another, Qt dies of it. On by itself under `tests/ui`."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _window_tests_keep_to_their_thread(request: pytest.FixtureRequest, _nothing_left_behind: None) -> None:
    if UI_TESTS in request.path.parents:
        request.getfixturevalue("gui_thread")
        request.getfixturevalue("own_garbage")


@pytest.fixture(autouse=True)
def _own_place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person's own profile, keys and keyring are out of reach."""
    for name in (*OWN_SETTINGS, *(name for name in os.environ if name.startswith("PG") and name != "PG_BIN")):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")


OWN_SETTINGS = (
    "DATABASE_URL",
    "STRIPE_API_KEY",
    "STRIPE_PUBLIC_KEY",
    "REDIS_HOST",
    "REDIS_PORT",
    "REDIS_DB",
    "REDIS_PASSWORD",
    "HUB_PASSWORD",
    "MAIL_SERVER",
    "MAIL_PORT",
    "MAIL_USERNAME",
    "MAIL_PASSWORD",
    "TRAVELLR_PROFILE",
    "TRAVELLR_HOLD_MINUTES",
    "TRAVELLR_LOCALE",
    "TRAVELLR_THEME",
    "TRAVELLR_LOG_LEVEL",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Next to nothing of what is imported and collected is garbage, and it is a million things to look through."""
    was = gc.isenabled()
    gc.disable()
    try:
        return (yield)
    finally:
        if was:
            gc.enable()


def pytest_collection_finish() -> None:
    """The tests and what they import stay: the collector need not look through them after each one."""
    gc.collect()
    keep()


def pytest_sessionfinish() -> None:
    """Frees the application before the interpreter goes down, where Qt warns of what it finds."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.processEvents()
