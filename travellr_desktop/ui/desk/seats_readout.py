"""What the seat under the cursor is, who would sit beside whom, and what Enter does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.seats import SeatState
from travellr_desktop.ui.desk import seats_words
from travellr_desktop.ui.desk.seats_state import LinePlan, Sitter
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Card, Divider
from travellr_desktop.ui.parts.seatplan import kind_words
from travellr_desktop.ui.theme import Theme

WIDTH = 200
"""Beside a plan."""


class Readout(Card):
    """`acted` is Enter, `swapped` that two of the party change places."""

    acted = Signal()
    swapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self.label = Label("", "title", reference=True)
        self.state = Label("", "small", "text_secondary", align=Qt.AlignmentFlag.AlignRight)
        self.kind = Label("", "body", "text_secondary", elide=True)
        self.words = Label("", "body", "text_secondary", wrap=True)
        self.button = Button("", key="Enter")
        self.swap = Button(self.tr("Change places"), Kind.QUIET, key="X")
        self.button.clicked.connect(self.acted)
        self.swap.clicked.connect(self.swapped)
        self._beside = False
        self._build()
        self.set_beside(True)
        Theme.current().changed.connect(self._fit)

    def show_seat(self, plan: LinePlan, sitter: Sitter | None, label: str, *, living: bool) -> None:
        seat, there = plan.seat(label), plan.sitter_at(label)
        self.label.setText(label)
        self.state.setText(seats_words.state(plan, seat))
        words = kind_words(plan.map.layout.by_label[label])
        self.kind.setText(words[:1].upper() + words[1:])
        said = seats_words.who_has(plan, seat)
        if there is not None:
            said = self.tr("{0} sits here. {1}").format(seats_words.named(there), said)
        self.words.setText(said)
        self._show_buttons(sitter, there, seat.state, living=living)

    def _show_buttons(
        self, sitter: Sitter | None, there: Sitter | None, state: SeatState, *, living: bool
    ) -> None:
        why = "" if living else self.tr("The hold has lapsed")
        mine = there is not None and sitter is not None and there.position == sitter.position
        if there is not None and not mine:
            self.button.set_words(self.tr("Choose for {0}").format(seats_words.person(there)))
        elif sitter is not None:
            self.button.set_words(self.tr("Move {0} here").format(seats_words.person(sitter)))
            if state is not SeatState.FREE:
                why = why or self.tr("The seat is not free")
        self.button.set_off(why or None)
        self.button.setVisible(sitter is not None and not mine)
        self.swap.setVisible(there is not None and not mine and sitter is not None and living)

    def set_beside(self, beside: bool) -> None:
        """Beside the plan it is a column, below all plans a row."""
        if beside == self._beside:
            return
        self._beside = beside
        way = QBoxLayout.Direction.TopToBottom if beside else QBoxLayout.Direction.LeftToRight
        self._body.setDirection(way)
        self._buttons.setDirection(way)
        self._rule.setVisible(beside)
        self._keys.setVisible(beside)
        self._buttons.setStretch(self._buttons.count() - 1, 0 if beside else 1)
        self._fit()

    def _fit(self) -> None:
        if self._beside:
            self.setFixedWidth(Theme.current().px(WIDTH))
        else:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.label)
        head.addStretch(1)
        head.addWidget(self.state)
        first = QVBoxLayout()
        first.setSpacing(2)
        first.addLayout(head)
        first.addWidget(self.kind)
        self._rule = Divider()
        acts = QVBoxLayout()
        acts.setSpacing(6)
        acts.addWidget(self.words)
        self._buttons = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._buttons.setSpacing(6)
        self._buttons.addWidget(self.button)
        self._buttons.addWidget(self.swap)
        self._buttons.addStretch(0)
        acts.addLayout(self._buttons)
        self._keys = QWidget()
        keys = QGridLayout(self._keys)
        keys.setContentsMargins(0, 6, 0, 0)
        keys.setHorizontalSpacing(4)
        keys.setVerticalSpacing(4)
        for column, key in enumerate(("Left", "Right", "Up", "Down")):
            keys.addWidget(KeyCap(key), 0, column)
        keys.addWidget(Label(self.tr("next seat"), "small", "text_secondary", elide=True), 0, 4)
        keys.addWidget(KeyCap("N"), 1, 0)
        keys.addWidget(Label(self.tr("next free seat"), "small", "text_secondary", elide=True), 1, 1, 1, 4)
        keys.setColumnStretch(4, 1)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._body.setContentsMargins(14, 12, 14, 12)
        self._body.setSpacing(10)
        self._body.addLayout(first)
        self._body.addWidget(self._rule)
        self._body.addLayout(acts, 1)
        self._body.addWidget(self._keys)
        self._body.addStretch(0)
