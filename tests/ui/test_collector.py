from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from travellr_desktop.ui.collector import FULL_EVERY, Collector


class Knot(QObject):
    """Part of a cycle, so that only the collector can free it."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def test_objects_of_qt_in_a_cycle_are_freed_here_and_not_on_a_worker(qtbot: QtBot) -> None:
    collector = Collector()
    collector.start()
    try:
        freed_on: list[threading.Thread] = []
        gone = weakref.ref(Knot(), lambda _: freed_on.append(threading.current_thread()))

        def allocate() -> None:
            kept = [[number] for number in range(50_000)]
            assert len(kept) == 50_000

        worker = threading.Thread(target=allocate)
        worker.start()
        worker.join()
        assert gone() is not None
        for _ in range(FULL_EVERY):
            collector.collect()
        assert gone() is None
        assert freed_on == [threading.main_thread()]
    finally:
        collector.stop()
    assert gc.isenabled()


def test_what_is_there_at_the_start_is_not_counted_until_it_stops(qtbot: QtBot) -> None:
    """In a process of its own: in this one all is taken out before each test."""
    told = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=120, check=True
    )
    before, during, after = map(int, told.stdout.split())
    assert before == after == 0
    assert during > 1000


ALONE = """
import gc
from PySide6.QtCore import QCoreApplication
from travellr_desktop.ui.collector import Collector
application = QCoreApplication([])
collector = Collector()
print(gc.get_freeze_count())
collector.start()
print(gc.get_freeze_count())
collector.stop()
print(gc.get_freeze_count())
"""


def test_what_somebody_else_took_out_stays_out(qtbot: QtBot) -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    collector = Collector()
    collector.start()
    collector.stop()
    assert gc.get_freeze_count() >= frozen - 1000 > 0, "but for what was freed meanwhile"
