"""Reading again at a pace: few readings of many changes, the last one always after the last change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from travellr_desktop.ui.pace import Pace

EVERY_MS = 40


class Reader(QObject):
    """Shows a number that changes; a reading is over when `end` is called."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.read: list[int] = []
        self.reads_nothing = False
        self.pace = Pace(self._begin, self, every_ms=EVERY_MS)

    def _begin(self) -> bool:
        self.read.append(self.number)
        return not self.reads_nothing

    def change(self) -> None:
        self.number += 1
        self.pace.ask()

    def end(self) -> None:
        self.pace.ended()


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[Reader]:
    made = Reader()
    yield made
    delete(made)


def test_the_first_change_is_read_at_once(reader: Reader) -> None:
    reader.change()
    assert reader.read == [1]


def test_a_hundred_changes_while_it_is_read_are_one_more_reading_with_the_last_of_them(
    qtbot: QtBot, reader: Reader
) -> None:
    for _ in range(100):
        reader.change()
    assert reader.read == [1], "read once for each it would be a hundred"
    qtbot.waitUntil(lambda: not reader.pace._rest.isActive())
    assert reader.read == [1], "nothing is begun while it is read, however long that takes"
    reader.end()
    assert reader.read == [1, 100]


def test_what_is_read_quickly_is_not_read_more_often(qtbot: QtBot, reader: Reader) -> None:
    for _ in range(100):
        reader.change()
        reader.end()
    assert reader.read == [1]
    qtbot.waitUntil(lambda: len(reader.read) == 2)
    assert reader.read == [1, 100]
    reader.end()
    qtbot.waitUntil(lambda: not reader.pace._rest.isActive())
    assert reader.read == [1, 100], "nothing has changed since"


def test_a_person_does_not_wait(reader: Reader) -> None:
    reader.change()
    reader.pace.now()
    reader.pace.now()
    assert reader.read == [1, 1, 1]


def test_a_change_while_a_person_reads_is_read_after_it(qtbot: QtBot, reader: Reader) -> None:
    reader.pace.now()
    reader.change()
    reader.end()
    qtbot.waitUntil(lambda: reader.read == [0, 1])


def test_where_nothing_is_begun_nothing_is_waited_for(qtbot: QtBot, reader: Reader) -> None:
    reader.reads_nothing = True
    reader.change()
    reader.change()
    qtbot.waitUntil(lambda: reader.read == [1, 2])
