"""From the start of the process to the first painted window: ours, and a window of PySide6 with nothing in it.

    python tests/benchmarks/bench_start.py ours|bare PROFILE

Prints the moment at which the window was painted; whoever started it knows when that was.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


def bare() -> None:
    from PySide6.QtWidgets import QApplication, QLabel

    application = QApplication([])
    window = QLabel("Travellr")
    window.resize(1280, 800)
    tell = _when_painted()
    application.installEventFilter(tell)
    window.show()
    application.exec()


def ours(folder: Path) -> None:
    """The program itself, as `travellr` opens it."""
    from travellr_desktop import app
    from travellr_desktop.paths import Profile
    from travellr_desktop.ui import start

    made = start.make_application
    kept = []

    def watched(locale: str = "en_GB") -> object:
        application = made(locale)
        kept.append(_when_painted())
        application.installEventFilter(kept[0])
        return application

    start.make_application = watched  # type: ignore[assignment]
    app.open_window(Profile.at(folder))


def _when_painted() -> QObject:
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Tell(QObject):
        """The first paint of a widget is one of the window's; the next turn of the loop comes after all of it."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, done)
            return False

    def done() -> None:
        print(time.time(), flush=True)
        os._exit(0)

    return Tell()


if __name__ == "__main__":
    if sys.argv[1] == "ours":
        ours(Path(sys.argv[2]))
    else:
        bare()
