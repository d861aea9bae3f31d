"""For `travellr --self-test`: a window in the program's own look is painted, and looked at."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme.theme import Mode, Theme


def paint_window() -> str:
    """Paints a window with words and an icon in light and dark, and says what was seen.

    Makes the application where there is none. Raises ValueError where the picture is empty, the two modes look alike,
    or the program's own typeface is not used.
    """
    made = QApplication.instance()
    application = made if isinstance(made, QApplication) else QApplication(["travellr"])
    theme = Theme(mode=Mode.LIGHT)
    theme.apply(application)
    window = QWidget()
    row = QHBoxLayout(window)
    row.addWidget(Label("Travellr"))
    row.addWidget(Button("Sell", icon="ticket"))
    window.resize(QSize(320, 120))
    window.show()
    try:
        application.processEvents()
        light = _seen(window)
        theme.set_mode(Mode.DARK)
        application.processEvents()
        dark = _seen(window)
    finally:
        window.close()
        window.deleteLater()
    if light == dark:
        raise ValueError("light and dark look alike")
    family = theme.font("body").family()
    if family not in QFontDatabase.families():
        raise ValueError(f"the typeface {family} is not there")
    platform = application.platformName()
    return f"{light.width()}×{light.height()} on {platform}, {_colours(light)} colours, {family}"


def _seen(window: QWidget) -> QImage:
    picture = window.grab().toImage()
    if picture.isNull() or _colours(picture) < 8:  # smoothed letters alone have more shades than that
        raise ValueError("nothing was painted")
    return picture


def _colours(picture: QImage) -> int:
    return len({picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())})
