from __future__ import annotations

import gc
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
