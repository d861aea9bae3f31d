"""A file that is closed: what is under way ends first, and nobody comes in afterwards."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from helpers.clock import HandClock
from helpers.desk import desk_at
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import DatabaseClosed
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


def _read_on(database: Database) -> None:
    while True:
        with database.read():
            pass


def test_closing_waits_for_whoever_reads_and_lets_nobody_in_again(tmp_path: Path) -> None:
    with desk_at(tmp_path / "profile", HandClock()) as desk:
        database = desk.database
        inside, go_on, said = threading.Event(), threading.Event(), list[object]()

        def read() -> None:
            with database.read() as view:
                inside.set()
                go_on.wait(30)
                said.append(view.agency.get().name)

        reader = threading.Thread(target=read)
        reader.start()
        assert inside.wait(30)
        closing = threading.Thread(target=database.close)
        closing.start()
        with pytest.raises(DatabaseClosed):
            _read_on(database)
        assert closing.is_alive() and said == []
        go_on.set()
        reader.join(30)
        closing.join(30)
        assert len(said) == 1 and not closing.is_alive()
        with pytest.raises(DatabaseClosed), database.write(Commit.SETTINGS_SAVE, SYSTEM):
            pass
