"""The look: light or dark, the size of text, how dense tables are, single-letter keys. All take effect at once."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.remembered import SCALES, keep_text_scale
from travellr_desktop.ui.settings.section import SettingsSection
from travellr_desktop.ui.shell import modes
from travellr_desktop.ui.tables import Density, ListScreen
from travellr_desktop.ui.tables.memory import EVERY_TABLE, TableMemory
from travellr_desktop.ui.theme import Mode, Theme


def _say(text: str) -> str:
    return QCoreApplication.translate("LookSection", text)


class LookSection(SettingsSection):
    key, icon = "look", "monitor"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context, _say("Look"), _say("For everybody who works with this profile on this machine.")
        )
        self._tables = TableMemory(context.memory, EVERY_TABLE)
        self.mode = Segments(
            _say("Light or dark"),
            [(mode.value, modes.words(mode)) for mode in (Mode.LIGHT, Mode.DARK, Mode.SYSTEM)],
        )
        self.scale = Choice(_say("Size of text"), [(str(scale), f"{scale} %") for scale in SCALES])
        self.compact = CheckBox(_say("Compact rows in every table"))
        self.letters = CheckBox(_say("Single letters are keys"))
        self._build()
        self._follow()
        context.theme.changed.connect(self._follow)
        context.actions.changed.connect(self._follow)

    def _build(self) -> None:
        mode = QWidget()
        self._labelled(mode, _say("Light or dark"), self.mode)
        self.body.addWidget(Columns((mode, self.scale)))
        self.body.addWidget(self.compact)
        self.body.addWidget(self.letters)
        self.body.addWidget(
            Label(
                _say(
                    "V opens the voucher, P takes a payment. Switch them off if a screen reader needs the letters."
                ),
                "small",
                "text_secondary",
                wrap=True,
            )
        )
        self.body.setSpacing(12)
        self.mode.chosen.connect(lambda key: self.context.theme.set_mode(Mode(key)))
        self.scale.box.currentIndexChanged.connect(self._scaled)
        self.compact.toggled.connect(self._set_compact)
        self.letters.toggled.connect(self.context.actions.set_single_letters)

    def _labelled(self, around: QWidget, words: str, part: QWidget) -> None:
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(words, "small_m", "text_secondary"))
        column.addWidget(part)

    def _follow(self) -> None:
        """Show what holds; it may have been changed by a key or in a menu."""
        self.mode.set_value(self.context.theme.mode.value)
        now = round(self.context.theme.text_scale * 100)
        nearest = min(SCALES, key=lambda scale: abs(scale - now))
        with QSignalBlocker(self.scale.box), QSignalBlocker(self.compact), QSignalBlocker(self.letters):
            self.scale.set_value(str(nearest))
            self.compact.setChecked(self._tables.read("density") == Density.COMPACT.value)
            self.letters.setChecked(self.context.actions.single_letters)
        for part in (self.scale.box, self.compact, self.letters):
            part.update()

    def _scaled(self) -> None:
        scale = int(self.scale.value()) / 100
        keep_text_scale(self.context.memory, scale)
        Theme.current().set_text_scale(scale)

    def _set_compact(self, on: bool) -> None:
        """For every table: those that are open now, and those to come, whatever was chosen for one alone."""
        density = Density.COMPACT if on else Density.NORMAL
        memory = self.context.memory
        for key in memory.allKeys():
            if key.startswith("tables/") and key.endswith("/density"):
                memory.remove(key)
        for table in self.window().findChildren(ListScreen):
            table.set_density(density)
        self._tables.write("density", density.value)
