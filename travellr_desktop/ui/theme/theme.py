"""The theme: which palette is on, and everything a widget asks of it.

One `Theme` lives beside the application. Widgets reach it with `Theme.current()` and repaint on `changed`.
A tone is a colour's name: a role (`"text_muted"`, `"accent"`), a status (`"ok"` for its text, `"ok.fill"`,
`"ok.line"`) or a chart series (`"chart1"` to `"chart6"`, `"grid"`, `"axis"`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from travellr_desktop.paths import resource
from travellr_desktop.ui.theme import fonts, sheet
from travellr_desktop.ui.theme.icons import Icons
from travellr_desktop.ui.theme.tokens import Palette, StatusLook, Tokens, load_tokens


class Mode(StrEnum):
    """What the person chose; SYSTEM follows the desktop, by day where it does not say."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


def _colour(text: str) -> QColor:
    if len(text) == 9:  # QColor reads #AARRGGBB, the tokens are written as #RRGGBBAA
        return QColor(f"#{text[7:]}{text[1:7]}")
    return QColor(text)


def _tones(palette: Palette) -> dict[str, QColor]:
    tones = {name: _colour(value) for name, value in palette.role.items()}
    for name, status in palette.status.items():
        tones[name] = _colour(status.text)
        tones[f"{name}.fill"] = _colour(status.fill)
        tones[f"{name}.line"] = _colour(status.line)
    for index, value in enumerate(palette.series, start=1):
        tones[f"chart{index}"] = _colour(value)
    tones["grid"], tones["axis"] = _colour(palette.grid), _colour(palette.axis)
    return tones


class Theme(QObject):
    """Colours, fonts, icons and sizes of the running program.

    `changed` is emitted after mode or text scale have changed and the application wears the new sheet.
    """

    changed = Signal()
    _current: ClassVar[Theme | None] = None

    def __init__(
        self,
        tokens: Tokens | None = None,
        *,
        mode: Mode = Mode.SYSTEM,
        text_scale: float = 1.0,
        reduced_motion: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.tokens = tokens or load_tokens()
        self.reduced_motion = reduced_motion
        self._mode = mode
        self._app: QApplication | None = None
        self._icons = Icons(resource("icons"))
        self._fonts = fonts.Fonts(self.tokens, text_scale)
        self._tones = _tones(self.palette)

    @classmethod
    def current(cls) -> Theme:
        """The theme that was applied last. RuntimeError before `apply`: no part can be made without one."""
        if cls._current is None:
            raise RuntimeError("Theme.apply(app) comes before the first part")
        return cls._current

    # choosing

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def dark(self) -> bool:
        """Whether the night palette is on, after SYSTEM has been resolved."""
        if self._mode is not Mode.SYSTEM:
            return self._mode is Mode.DARK
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    @property
    def palette(self) -> Palette:
        return self.tokens.dark if self.dark else self.tokens.light

    @property
    def text_scale(self) -> float:
        return self._fonts.scale

    def apply(self, app: QApplication) -> None:
        """Dress the application: fonts, Fusion, palette and sheet. Once, before the first widget."""
        self._app = app
        Theme._current = self
        fonts.register(app, resource("fonts"))
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._tell_system()
        self._dress()

    def set_mode(self, mode: Mode) -> None:
        """Switch live; every open window follows at once."""
        if mode is self._mode:
            return
        self._mode = mode
        self._tell_system()
        self._dress()

    def set_text_scale(self, scale: float) -> None:
        """1.0 to 2.0, in words 100 % to 200 %; ValueError outside."""
        if not 1.0 <= scale <= 2.0:
            raise ValueError(f"text scale {scale} is outside 1.0 to 2.0")
        if scale != self._fonts.scale:
            self._fonts = fonts.Fonts(self.tokens, scale)
            self._dress()

    # asking

    def colour(self, tone: str) -> QColor:
        """The colour of a tone; KeyError for an unknown one."""
        return self._tones[tone]

    def font(self, role: str, *, reference: bool = False) -> QFont:
        return self._fonts.font(role, reference=reference)

    def line(self, role: str) -> int:
        """Distance of two baselines of a role in pixels."""
        return self._fonts.line(role)

    def px(self, length: int) -> int:
        """A length that holds text, grown with the text scale."""
        return round(length * self._fonts.scale)

    def size(self, name: str) -> int:
        """A named size of the tokens, grown with the text scale."""
        return self.px(self.tokens.size[name])

    def radius(self, name: str) -> int:
        return self.tokens.radius[name]

    def duration(self, name: str) -> int:
        """Milliseconds; 0 for movements when they are reduced (what stays or waits keeps its time)."""
        if self.reduced_motion and name in ("pane_ms", "toast_ms"):
            return 0
        return self.tokens.motion[name]

    def status(self, name: str) -> StatusLook:
        return self.tokens.status[name]

    def pixmap(self, name: str, tone: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
        """An icon in a tone for a screen of `ratio`; `size` in logical pixels, scaled by the caller."""
        return self._icons.pixmap(name, self.colour(tone), size, ratio)

    def icon(
        self,
        name: str,
        tone: str = "text_secondary",
        size: int = 16,
        ratio: float = 1.0,
    ) -> QIcon:
        return self._icons.icon(name, self.colour(tone), self.colour("text_disabled"), size, ratio)

    # dressing

    def _tell_system(self) -> None:
        """Title bars and native dialogs follow where the platform can; the rest is our own palette."""
        schemes = {Mode.LIGHT: Qt.ColorScheme.Light, Mode.DARK: Qt.ColorScheme.Dark}
        QGuiApplication.styleHints().setColorScheme(schemes.get(self._mode, Qt.ColorScheme.Unknown))

    def _system_changed(self) -> None:
        if self._mode is Mode.SYSTEM:
            self._dress()

    def _dress(self) -> None:
        self._tones = _tones(self.palette)
        self._icons.clear()
        if self._app is None:
            return
        self._app.setFont(self.font("body"))
        self._app.setPalette(self._qpalette())
        self._app.setStyleSheet(sheet.build(self.tokens, self.palette, dark=self.dark, scale=self.text_scale))
        self.changed.emit()

    def _qpalette(self) -> QPalette:
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        pairs = {
            role.Window: "canvas",
            role.WindowText: "text",
            role.Base: "surface",
            role.AlternateBase: "subtle",
            role.Text: "text",
            role.Button: "raised",
            role.ButtonText: "text",
            role.BrightText: "on_accent",
            role.ToolTipBase: "tooltip",
            role.ToolTipText: "on_tooltip",
            role.PlaceholderText: "text_muted",
            role.Highlight: "selection_strong",
            role.HighlightedText: "on_selection",
            role.Accent: "accent",
            role.Link: "accent_text",
            role.LinkVisited: "accent_text",
            role.Light: "raised",
            role.Midlight: "hover",
            role.Mid: "border",
            role.Dark: "border_control",
            role.Shadow: "border_control",
        }
        palette = QPalette()
        for key, tone in pairs.items():
            palette.setColor(key, self.colour(tone))
        for key in (
            role.WindowText,
            role.Text,
            role.ButtonText,
            role.HighlightedText,
            role.PlaceholderText,
        ):
            palette.setColor(group.Disabled, key, self.colour("text_disabled"))
        palette.setColor(group.Disabled, role.Highlight, self.colour("disabled_fill"))
        return palette
