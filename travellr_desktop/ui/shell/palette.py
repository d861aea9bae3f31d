"""The command palette: verbs and things in one list, found by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.ui.actions import SPECS, Act, Actions
from travellr_desktop.ui.background import Background, Task
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.shell.matching import match
from travellr_desktop.ui.shell.overlay import Overlay
from travellr_desktop.ui.shell.palette_list import Found, PaletteDelegate, PaletteRows, Row
from travellr_desktop.ui.theme import Theme

Provider = Callable[[str], Sequence[Found]]
"""Answers what was typed. Verbs are matched by the palette; a search gives what fits, best first."""

WIDTH = 560
ROWS_SHOWN = 9
SEARCH_AFTER_MS = 120
LEAST_FOR_SEARCH = 2
_BY_OTHER_WORDS = 100
"""After all that were found by the words that are shown."""

_OWN_KEYS = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)


@dataclass(frozen=True, slots=True)
class _Search:
    name: str
    find: Provider


class PaletteEdit(QLineEdit):
    """Keeps the palette's keys from the window's actions; the palette takes them."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ):
            event.accept()
            return True
        return super().event(event)


class Palette(Overlay):
    """560 wide, in the top third. `add` and `add_search` say what it offers."""

    def __init__(self, parent: QWidget, background: Background) -> None:
        super().__init__(parent, width=WIDTH)
        self._background = background
        self._verbs: list[Provider] = []
        self._searches: list[_Search] = []
        self._found: dict[str, Sequence[Found]] = {}
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SEARCH_AFTER_MS)
        self._later.timeout.connect(self._search)

    def add(self, provider: Provider) -> None:
        """Offer verbs: `provider` is asked on the GUI thread whenever the list is shown, and gives all it has."""
        self._verbs.append(provider)

    def add_search(self, name: str, provider: Provider) -> None:
        """Offer things: `provider` is asked in the background with what was typed, from two signs on."""
        self._searches.append(_Search(name, provider))

    def forget(self) -> None:
        """Drop all providers: another person signs in."""
        self._verbs.clear()
        self._searches.clear()

    def open(self) -> None:
        self.edit.clear()
        self._found.clear()
        self._list()
        super().open()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_over(self, *, give_back: bool = True) -> None:
        self._later.stop()
        super().close_over(give_back=give_back)

    @property
    def rows(self) -> tuple[Found, ...]:
        return tuple(row.found for row in self._model.rows)

    @property
    def said(self) -> str:
        """The sentence in place of rows; empty while there are any."""
        return "" if self._model.rows else self._nothing.text()

    @property
    def searching(self) -> bool:
        """Whether what was typed is still to be looked for."""
        return self._later.isActive()

    # building

    def _build(self) -> None:
        theme = Theme.current()
        head = QWidget(self.panel)
        across = QHBoxLayout(head)
        across.setContentsMargins(16, 0, 12, 0)
        across.setSpacing(10)
        self.edit = PaletteEdit(head)
        self.edit.setProperty("part", "bare")
        self.edit.setFont(theme.font("body"))
        self.edit.setPlaceholderText(self.tr("Search everything, or run a command"))
        self.edit.setAccessibleName(self.tr("Search everything, or run a command"))
        self.edit.setFixedHeight(theme.px(44))
        self.edit.textChanged.connect(self._typed)
        self.edit.installEventFilter(self)
        across.addWidget(Glyph("search", parent=head))
        across.addWidget(self.edit, 1)
        across.addWidget(KeyCap("Esc", head))
        self.body.addWidget(head)
        self.body.addWidget(Divider(tone="border", parent=self.panel))
        self._model = PaletteRows(self)
        self.view = QListView(self.panel)
        self.view.setModel(self._model)
        self.view.setItemDelegate(PaletteDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.viewport().setAutoFillBackground(False)
        self.view.setProperty("part", "palette")
        self.view.setStyleSheet("QListView { background: transparent; }")
        self.view.setAccessibleName(self.tr("What was found"))
        self.view.setMouseTracking(True)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(self._run)
        rows = QWidget(self.panel)
        around = QHBoxLayout(rows)
        around.setContentsMargins(6, 6, 6, 6)
        around.addWidget(self.view)
        self._rows_box = rows
        self.body.addWidget(rows, 1)
        self._nothing = Label("", "body", "text_secondary", elide=True, parent=self.panel)
        self._nothing.setContentsMargins(16, 12, 16, 14)
        self.body.addWidget(self._nothing)

    def panel_height(self) -> int:
        theme = Theme.current()
        head = theme.px(44) + 3
        if not self._model.rows:
            return head + self._nothing.sizeHint().height()
        return head + 12 + min(len(self._model.rows), ROWS_SHOWN) * theme.size("control")

    # finding

    def _typed(self, text: str) -> None:
        self._list()
        if len(text.strip()) >= LEAST_FOR_SEARCH and self._searches:
            self._later.start()
        else:
            self._later.stop()
            self._found.clear()
            self._list()

    def _search(self) -> None:
        text = self.edit.text().strip()
        for search in self._searches:
            self._background.run(
                self,
                partial(_ask, search.find, text),
                key=("palette", search.name),
                newest=True,
                done=partial(self._took, search.name),
                refused=self._no_answer,
            )

    def _took(self, name: str, found: Sequence[Found]) -> None:
        self._found[name] = found
        self._list()

    def _no_answer(self, refusal: Refusal) -> None:
        """What the person may not search is not offered; the other answers stand."""

    def _list(self) -> None:
        text = self.edit.text()
        scored: list[tuple[int, int, Row]] = []
        for provider in self._verbs:
            for found in provider(text):
                hit = match(text, found.words)
                if hit is not None:
                    scored.append((hit.score, len(scored), Row(found, hit.spans)))
                elif found.also and match(text, f"{found.words} {found.also}") is not None:
                    scored.append((_BY_OTHER_WORDS, len(scored), Row(found, ())))
        rows = [row for _, _, row in sorted(scored, key=lambda entry: entry[:2])]
        for search in self._searches:
            for found in self._found.get(search.name, ()):
                hit = match(text, found.words)
                rows.append(Row(found, hit.spans if hit is not None else ()))
        self._model.show(rows)
        self._rows_box.setVisible(bool(rows))
        self._nothing.setText(self.tr("Nothing matches “{0}”.").format(text.strip()))
        self._nothing.setVisible(not rows)
        if rows:
            self.view.setCurrentIndex(self._model.index(0))
        self._place()

    # keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        moves = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -ROWS_SHOWN,
            Qt.Key.Key_PageDown: ROWS_SHOWN,
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.view.currentIndex())
            return True
        if key not in moves or not self._model.rows:
            return False
        row, last, step = self.view.currentIndex().row(), len(self._model.rows) - 1, moves[key]
        if abs(step) == 1:
            row = (row + step) % (last + 1)
        else:
            row = max(0, min(row + step, last))
        self.view.setCurrentIndex(self._model.index(row))
        return True

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        found = self._model.rows[index.row()].found
        self.close_over()
        found.run()


def _ask(find: Provider, text: str, _: Task) -> Sequence[Found]:
    return find(text)


def verbs_of(actions: Actions) -> Provider:
    """The actions that can be done now, as verbs of the palette."""

    def find(_: str) -> list[Found]:
        return [
            Found(
                spec.words,
                spec.icon,
                partial(actions.trigger, act),
                key=next(iter(actions.keys(act)), ""),
                also=spec.help,
            )
            for act, spec in SPECS.items()
            if spec.palette and act is not Act.EVERYTHING and actions.enabled(act)
        ]

    return find
