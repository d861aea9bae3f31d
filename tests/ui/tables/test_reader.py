"""The reader's thread."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.gui_thread import may_block
from helpers.lists import Thing
from helpers.tables import COLUMNS, Model
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.storage.list_spec import ListSpec
from travellr_desktop.storage.paging import Snapshot, read_connection
from travellr_desktop.ui.tables import (
    PagedModel,
    ThreadReader,
)
from travellr_desktop.ui.tables.reader import Urgency


def test_pages_go_before_totals_and_later_pages_before_earlier() -> None:
    reader, gate, done = ThreadReader(), threading.Event(), threading.Event()
    order: list[str] = []

    def wait() -> None:
        assert gate.wait(5)

    reader.submit(wait, Urgency.OPEN)
    reader.submit(lambda: order.append("totals"), Urgency.TOTALS)
    for name in ("page 1", "page 2"):
        reader.submit(partial(order.append, name), Urgency.PAGE)
    gate.set()
    reader.submit(done.set, Urgency.TOTALS)
    assert done.wait(5)
    reader.close(lambda: None)
    assert order == ["page 2", "page 1", "totals"]


def test_closing_the_reader_drops_what_waits_and_ends_the_thread() -> None:
    reader, entered, gate = ThreadReader("a-list-reader"), threading.Event(), threading.Event()
    ran: list[str] = []

    def wait() -> None:
        entered.set()
        assert gate.wait(5)

    reader.submit(wait, Urgency.OPEN)
    assert entered.wait(5)
    reader.submit(lambda: ran.append("waiting"), Urgency.PAGE)
    threading.Timer(0.01, gate.set).start()
    reader.close(lambda: ran.append("last"))
    reader.submit(lambda: ran.append("late"), Urgency.OPEN)
    assert ran == ["last"]
    assert not [thread for thread in threading.enumerate() if thread.name == "a-list-reader"]


def test_a_job_that_fails_does_not_end_the_reader(caplog: pytest.LogCaptureFixture) -> None:
    reader, done = ThreadReader(), threading.Event()

    def fails() -> None:
        raise RuntimeError("broken")

    reader.submit(fails, Urgency.OPEN)
    reader.submit(done.set, Urgency.TOTALS)
    assert done.wait(5)
    reader.close(lambda: None)
    assert "a list could not be read" in caplog.text


def test_a_real_file_is_read_in_the_background_and_let_go(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "things.db"
    with may_block(), closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, amount INTEGER)")
        db.executemany(
            "INSERT INTO thing VALUES (?, ?, ?)", ((n, f"Name {n}", n * 7919 % 5000) for n in range(5000))
        )
        db.commit()
    spec = ListSpec(
        table="thing t",
        key="t.id",
        id="t.id",
        columns=("t.id", "t.name", "t.amount"),
        make=lambda values: Thing(*values),
        sortable={"amount": "t.amount"},
        order="amount",
    )
    model: Model = PagedModel(COLUMNS, lambda query: Snapshot(lambda: read_connection(path), spec, query))
    with qtbot.waitSignal(model.totalled):
        model.open(ListQuery())
    assert model.rowCount() == 5000
    model.want(4990, 4999)
    qtbot.waitUntil(lambda: model.row(4999) is not None)
    last = model.row(4999)
    assert last is not None
    assert last.amount == 4999
    with qtbot.waitSignal(model.counted):
        model.open(ListQuery(sort="amount", descending=True))
    first = model.row(0)
    assert first is not None
    assert first.amount == 4999
    model.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "list-reader"]
