"""How long it takes until what one desk commits is on the screen of another, each with a file of its own.

    python tests/benchmarks/bench_sync_windows.py [SALES]

Another program sells at its desk; this one's list of bookings is open, and its desk keeps in touch with the same hub,
which is on this machine and commits durably. Measured is from the end of the sale at the one to the moment at which the
booking is among the rows that are shown at the other.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.central_hub import Either
from helpers.desk import Desk, desk_again
from helpers.enrolled_desk import Line, online, starting
from helpers.hub_agency import Agency
from helpers.neighbour import Neighbour
from postgres import Postgres
from travellr_desktop.domain.clock import SystemClock

SALES = 60
WARM = 5
GOAL_MS = 150.0
PATIENCE_MS = 20_000

Row = dict[str, Any]


def run(sales: int = SALES) -> dict[str, list[Row]]:
    """Rows of {name, ours, peer, ratio, goal}, in milliseconds."""
    with Postgres(durable=True) as server, ExitStack() as stack:
        agency = Agency(server, "windows", stack)
        other = stack.enter_context(starting(*agency.another(1)))
        assert other.answer() == "ready"
        either = Either()
        desk = stack.enter_context(desk_again(agency.first, SystemClock(), authority=either))
        stack.enter_context(online(desk, Line(agency.url), either))
        there, shown = _watched(desk, other, sales, stack)
    return {
        "rows": [
            _row("another desk's sale in this file, ms: median", statistics.median(there)),
            _row("another desk's sale on this screen, ms: median", statistics.median(shown), GOAL_MS),
            _row("another desk's sale on this screen, ms: worst", max(shown)),
        ]
    }


def _watched(desk: Desk, other: Neighbour, sales: int, stack: ExitStack) -> tuple[list[float], list[float]]:
    """Milliseconds after the sale at which each was in the file, and on the screen."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

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
    services, actor = desk.services, desk.agent
    model = PagedModel(
        booking_columns(Words("en_GB"), desk.clock), lambda query: services.lists.bookings(actor, query)
    )
    screen = ListScreen(model, name="bench", words=ListWords("Bookings", "bookings"))
    stack.callback(screen.close_down)
    bridge = Bridge(services.bus)
    stack.callback(bridge.close)
    bridge.happened.connect(lambda event: screen.refresh() if isinstance(event, BookingConfirmed) else None)
    screen.resize(1280, 720)
    screen.show()
    screen.start()
    watch = NeighbourWatch(services.neighbours)
    watch.start()
    stack.callback(watch.stop)
    came: dict[str, float] = {}
    stack.enter_context(
        desk.database.bus.subscribe(
            BookingConfirmed, lambda event: came.setdefault(event.reference, time.time())
        )
    )

    loop, patience = QEventLoop(), QTimer(singleShot=True, interval=PATIENCE_MS)
    patience.timeout.connect(loop.quit)
    for signal in (model.reread, model.counted, model.pages_came):
        signal.connect(loop.quit)
    there, shown = [], []
    for number in range(sales + WARM):
        time.sleep(0.037 * (number % 7))  # anywhere between two looks
        sold = other.do("sell")
        patience.start()
        while not any(
            row is not None and row.reference == sold["reference"]
            for row in (model.row(at) for at in range(model.rowCount()))
        ):
            loop.exec()
            if not patience.isActive():
                raise SystemExit(f"{sold['reference']} is not on the screen after {PATIENCE_MS} ms.")
        now = time.time()
        if number >= WARM:
            there.append((came[sold["reference"]] - sold["at"]) * 1000)
            shown.append((now - sold["at"]) * 1000)
    return there, shown


def _row(name: str, ours: float, most: float | None = None) -> Row:
    row: Row = {"name": name, "ours": ours, "peer": None, "ratio": None, "goal": most}
    return row if most is None else {**row, "words": f"≤ {most:g} ms", "met": ours <= most}


if __name__ == "__main__":
    for line in run(int(sys.argv[1]) if len(sys.argv) > 1 else SALES)["rows"]:
        print(json.dumps(line), flush=True)
