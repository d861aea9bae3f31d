"""Menus and dialogs on a display that nothing composes: their corners show what is behind them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from helpers.display import MISSING, TESTS, display

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"this machine has no {' and no '.join(MISSING)}")

SHOWN = """
import json
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from travellr_desktop.ui.parts.corners import composed
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.shade import SHADE
from travellr_desktop.ui.theme import Mode, Theme

app = QApplication([])
theme = Theme(mode=Mode.LIGHT)
theme.apply(app)
behind = QWidget()
behind.setStyleSheet("background: #3366cc")
behind.resize(600, 400)
behind.show()

def corners(window, inset=0):
    for _ in range(40):
        app.processEvents()
    box = window.frameGeometry().adjusted(inset, inset, -inset, -inset)
    screen = behind.screen().grabWindow(0).toImage()
    at = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight(), QPoint(box.center().x(), box.top()))
    return [screen.pixelColor(point).name() for point in at]

menu = Menu("More", behind)
menu.add("Print the last voucher again", lambda: None)
menu.popup_below(behind)
menu.move(100, 100)
said = {"composed": composed(), "menu": corners(menu)}
menu.close()
dialog = Decision("Cancel it?", verb="Cancel", keep="Keep", parent=behind)
dialog.open()
said["dialog"] = corners(dialog, SHADE)
dialog.reject()
print(json.dumps(said))
"""


def shown() -> dict[str, Any]:
    with display("800x600x24") as env:
        path = f"{TESTS}:{TESTS.parent}"
        done = subprocess.run(
            [sys.executable, "-c", SHOWN],
            env={**env, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_corners_show_what_is_behind_and_no_black() -> None:
    told = shown()
    assert not told["composed"]
    *corners, edge = told["menu"]
    assert corners == ["#3366cc"] * 4
    assert edge not in ("#000000", "#3366cc")
    *corners, edge = told["dialog"]
    assert "#000000" not in corners
    assert len(set(corners)) == 1  # what is behind, under the scrim
    assert edge not in ("#000000", corners[0])
