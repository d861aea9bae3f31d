"""How long it takes until what one program commits is on the screen of another.

    python tests/benchmarks/bench_windows.py [SALES]

Another program sells; this one's list of bookings is open, and listens. Measured is from the end of the other's commit
to the moment at which the new booking is among the rows that are shown.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

SALES = 20
GOAL_MS = 500.0


def run(sales: int = SALES) -> dict[str, Any]:
    """Rows of {name, ours, peer, ratio, goal}, in milliseconds."""
    from PySide6.QtWidgets import QApplication

    from helpers.desk import desk_at
    from helpers.neighbour import neighbour
    from travellr_desktop.events import BookingConfirmed
    from travellr_desktop.jobs.neighbours import NeighbourWatch
    from travellr_desktop.ui.bookings.columns import booking_columns
    from travellr_desktop.ui.bridge import Bridge
    from travellr_desktop.ui.records.words import Words
    from travellr_desktop.ui.tables import ListWords, PagedModel
    from travellr_desktop.ui.tables.list_screen import ListScreen
    from travellr_desktop.ui.theme import Mode, Theme

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    Theme(mode=Mode.LIGHT).apply(application)
    waits: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "profile"
        desk = stack.enter_context(desk_at(folder))
        desk.add_departure(capacity=200)
        desk.traveller()
        words = Words("en_GB")
        actor, services = desk.agent, desk.services
        model = PagedModel(
            booking_columns(words, desk.clock), lambda query: services.lists.bookings(actor, query)
        )
        screen = ListScreen(model, name="bench", words=ListWords("Bookings", "bookings"))
        stack.callback(screen.close_down)
        bridge = Bridge(services.bus)
        stack.callback(bridge.close)
        bridge.happened.connect(
            lambda event: screen.refresh() if isinstance(event, BookingConfirmed) else None
        )
        screen.resize(1280, 720)
        screen.show()
        screen.start()
        watch = NeighbourWatch(services.neighbours)
        watch.start()
        stack.callback(watch.stop)
        other = stack.enter_context(neighbour(folder))
        for number in range(sales):
            time.sleep(0.037 * (number % 7))  # anywhere between two looks
            reference = other.do("sell")
            committed = time.perf_counter()
            while not any(
                row is not None and row.reference == reference
                for row in (model.row(at) for at in range(model.rowCount()))
            ):
                application.processEvents()
            waits.append((time.perf_counter() - committed) * 1000)
    return {
        "rows": [
            {
                "name": "another window's sale: median",
                "ours": statistics.median(waits),
                "peer": None,
                "ratio": None,
                "goal": None,
            },
            {
                "name": "another window's sale: worst",
                "ours": max(waits),
                "peer": None,
                "ratio": None,
                "goal": GOAL_MS,
            },
        ]
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else SALES)), flush=True)
