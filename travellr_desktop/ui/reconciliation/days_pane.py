"""The days at the leading edge: the books, the provider or the till, and how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import ProgressNote
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import MoneyRows, Pane
from travellr_desktop.ui.reconciliation.rows import LeftRow
from travellr_desktop.ui.reconciliation.words import open_words, say
from travellr_desktop.ui.tables import Column, Density, Kind
from travellr_desktop.ui.till.tables import TillTable

CAUSES = 5
"""So many kinds of differences are told one by one; the days need the room."""


class DaysPane(Pane):
    """`day_chosen(date | None)` follows the cursor; None is the whole span. `entered()`: Enter, or an arrow inward."""

    day_chosen = Signal(object)
    entered = Signal()

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("right",), parent=parent)
        self.setAccessibleName(self.tr("Days"))
        self.table: TillTable[LeftRow] = TillTable(self.tr("Days"), _columns(formats), Density.TWO_LINE)
        self.progress = ProgressNote(self.tr("Fetching the provider's list"))
        self.progress.hide()
        self._icon = Glyph("circle-check", "text_secondary")
        self._first = Label("", "body_m", wrap=True)
        self._second = Label("", "small", "text_secondary", wrap=True)
        self.causes = MoneyRows(gap=2)
        self.to_differences = Button(self.tr("Differences"), icon="arrow-right", height="control_small")
        self.to_differences.hide()
        self.to_differences.clicked.connect(self.entered)
        self.table.current_changed.connect(self._moved)
        self.table.row_activated.connect(lambda _row: self.entered.emit())
        self._build()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._first)
        words.addWidget(self._second)
        proof = QHBoxLayout()
        proof.setSpacing(8)
        proof.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        proof.addLayout(words, 1)
        proof.addWidget(self.to_differences, 0, Qt.AlignmentFlag.AlignTop)
        self.foot = Pane("surface", edges=("top",))
        foot = QVBoxLayout(self.foot)
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(8)
        foot.addLayout(proof)
        foot.addWidget(self.causes)
        self.causes.hide()
        self.foot.hide()
        fetching = QVBoxLayout()
        fetching.setContentsMargins(16, 8, 16, 8)
        fetching.addWidget(self.progress)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.setSpacing(0)
        whole.addWidget(self.table, 1)
        whole.addLayout(fetching)
        whole.addWidget(self.foot)

    @property
    def day(self) -> date | None:
        """The day with the cursor, None where it is on the whole span."""
        row = self.table.current_row()
        return row.day if row is not None else None

    def show_rows(self, rows: Sequence[LeftRow]) -> None:
        """Other rows; the cursor stays where it was, and begins on the whole span."""
        self.table.show_rows(rows)
        if rows and not self.table.currentIndex().isValid():
            self.table.go_to(0)

    def show_proof(self, tone: str, first: str, second: str, causes: Sequence[tuple[str, int]] = ()) -> None:
        """What all of it comes to, in a line; below it how many are open of each kind, the most first."""
        self._icon.set("circle-check" if tone == "ok" else "circle-alert", tone)
        self._first.setText(first)
        self._second.setText(second)
        self._second.setVisible(bool(second))
        self._show_causes(causes)
        self.foot.setVisible(bool(first))

    def _show_causes(self, causes: Sequence[tuple[str, int]]) -> None:
        self.causes.clear()
        for words, count in causes[:CAUSES]:
            self.causes.add(words, f"{count:,}")
        rest = sum(count for _, count in causes[CAUSES:])
        if rest:
            self.causes.add(self.tr("Others"), f"{rest:,}", quiet=True)
        self.causes.setVisible(bool(causes))

    def close_down(self) -> None:
        self.table.close_down()

    def _moved(self, row: LeftRow | None) -> None:
        self.day_chosen.emit(row.day if row is not None else None)


def _columns(formats: Formats) -> tuple[Column[LeftRow], ...]:
    def amount(row: LeftRow, which: str) -> str:
        money = row.here if which == "here" else row.there
        return formats.money(money) if money is not None else ""

    def tone(row: LeftRow) -> str:
        return "wait" if row.open else "text_secondary"

    return (
        Column(
            "day",
            say("Day"),
            lambda row: row.name,
            Kind.TWO_LINE,
            width=112,
            min_width=88,
            stretch=1,
            sortable=False,
            second=lambda row: row.second,
            strong=True,
        ),
        Column("here", say("Books"), lambda row: amount(row, "here"), Kind.MONEY, 84, sortable=False),
        Column(
            "there", say("Provider, till"), lambda row: amount(row, "there"), Kind.MONEY, 84, sortable=False
        ),
        Column(
            "state",
            say("Status"),
            lambda row: open_words(row.open, row.explained) if row.is_known else "",
            width=100,
            min_width=100,
            sortable=False,
            tone=tone,
        ),
    )
