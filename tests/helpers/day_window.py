"""The child of the day at the desk: the program's own window on a real display, with a hole to look through.

    python -m helpers.day_window PROFILE

It is opened exactly as `travellr --profile PROFILE` opens it. A line on standard input is a Python expression,
looked at on the thread of the window, with `window`, `screen` (the one that is shown), `focus` (the widget with the
keyboard) and `running` (what runs in the background) in it; its value comes back as a line of JSON. Nothing is done
to the window but through its display: expressions only look.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from travellr_desktop.app import open_window
from travellr_desktop.paths import Profile
from travellr_desktop.ui.shell.window import Window


class Hole:
    """Answers expressions that come on standard input."""

    def __init__(self) -> None:
        self._rest = b""
        self._notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._come)

    def _come(self) -> None:
        data = os.read(sys.stdin.fileno(), 65_536)
        if not data:  # whoever looked has gone
            self._notifier.setEnabled(False)
            QApplication.closeAllWindows()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            sys.stdout.write(json.dumps(_answer(line.decode())) + "\n")
            sys.stdout.flush()


def _answer(expression: str) -> dict[str, Any]:
    try:
        return {"value": _plain(eval(expression, _names()))}
    except Exception:
        return {"error": traceback.format_exc(limit=2)}


def _names() -> dict[str, Any]:
    window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, Window)), None)
    workspace = window.workspace if window is not None else None
    return {
        "window": window,
        "screen": workspace.current if workspace is not None else None,
        "focus": QApplication.focusWidget(),
        "running": len(window._program.background.running) if window is not None else 0,
        "front": _front(window),
        "QApplication": QApplication,
        "QWidget": QWidget,
    }


def _front(window: QWidget | None) -> int:
    """The window that should have the keyboard: a dialog over the program's own, else that."""
    over = QApplication.activePopupWidget() or QApplication.activeModalWidget() or window
    return int(over.winId()) if over is not None else 0


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def main() -> int:
    holes: list[Hole] = []

    def open_hole() -> None:
        holes.append(Hole())

    # the application is made within open_window: the hole is opened by its first turn
    real = QApplication.exec

    def watched() -> int:
        QTimer.singleShot(0, open_hole)
        return real()

    QApplication.exec = staticmethod(watched)  # type: ignore[method-assign]
    QCoreApplication.setOrganizationName("")
    return open_window(Profile.at(Path(sys.argv[1])))


if __name__ == "__main__":
    sys.exit(main())
