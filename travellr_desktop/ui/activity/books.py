"""Proving the books from the window: one button, and what was found, each row by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.checks.report import CheckReport, Problem
from travellr_desktop.ui.activity.schedule import took
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Divider, Pane, ScrollArea
from travellr_desktop.ui.say import Say
from travellr_desktop.ui.theme import Theme

_NO_END = 16_777_215  # the widest a widget may be

SHOWN = 100
"""How many problems are listed one by one; all of them are copied."""


class BooksPane(Pane):
    """`check_asked` comes from the button; `show_report` answers it."""

    check_asked = Signal()

    def __init__(self, say: Say, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("left",), parent=parent)
        self.setAccessibleName(self.tr("The books"))
        self._say = say
        self._report: CheckReport | None = None
        self._stacked = False
        self.note = Note("info", "-")
        self.note.hide()
        self.when = Label("", "small", "text_muted", wrap=True)
        self.copy = Button(self.tr("Copy all"), icon="copy", height="control_small")
        self.copy.clicked.connect(self.copy_all)
        self.check = Button(
            self.tr("Check the books"),
            Kind.PRIMARY,
            icon="shield-check",
            key="Ctrl+Enter",
            height="control_primary",
        )
        self.check.clicked.connect(self.check_asked)
        self.problems: list[ProblemLine] = []
        self._build()
        Theme.current().changed.connect(self._measure)
        self._measure()

    def _build(self) -> None:
        words = Label(
            self.tr(
                "Holds every amount, state and owner in the file against the ledger, and every payment against "
                "the provider's own word. Nothing is changed; selling goes on meanwhile."
            ),
            "body",
            "text_secondary",
            wrap=True,
        )
        self._found = QHBoxLayout()
        self._found.addWidget(self.when, 1)
        self._found.addWidget(self.copy)
        self._content = QWidget()
        self._content.setProperty("part", "scrolled")
        self._list = QVBoxLayout(self._content)
        self._list.setContentsMargins(16, 0, 16, 8)
        self._list.setSpacing(8)
        self._list.addWidget(self.note)
        self._list.addLayout(self._found)
        self._list.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 12, 16, 16)
        foot.addWidget(self.check)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 16, 16, 16)
        head.setSpacing(8)
        head.addWidget(Label(self.tr("The books"), "lead"))
        head.addWidget(words)
        column.addLayout(head)
        self._scroll = ScrollArea(self._content)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)
        self.copy.hide()

    def set_stacked(self, on: bool) -> None:
        """Below what stands before it, as high as its words, in place of beside it with a scroll bar of its own."""
        if on == self._stacked:
            return
        self._stacked = on
        if on:
            self._scroll.takeWidget()
            self._scroll.hide()
            self._column.insertWidget(1, self._content)
            self._content.show()
        else:
            self._column.removeWidget(self._content)
            self._scroll.setWidget(self._content)
            self._content.setAutoFillBackground(False)  # setWidget switches it on
            self._scroll.show()
        self._edges = ("top",) if on else ("left",)
        self._measure()

    def show_report(self, report: CheckReport, at: str, span: timedelta) -> None:
        """`at` is when it ended, in words; `span` how long it took."""
        self._report = report
        for line in self.problems:
            line.hide()
            line.deleteLater()
        self.problems = []
        entries = f"{report.ledger.entries:,}"
        if report.ok:
            self.note.say(
                "ok",
                self.tr("The books are right"),
                self.tr("{0} ledger entries, nothing out of place.").format(entries),
            )
        else:
            self.note.say("bad", self._count(len(report.problems)), self._advice())
        self.note.show()
        self.when.setText(self.tr("Checked {0}, took {1}").format(at, took(span)))
        self.copy.setVisible(not report.ok)
        self._show_problems(report.problems)

    def copy_all(self) -> None:
        if self._report is not None:
            QGuiApplication.clipboard().setText(self._report.as_text() + "\n")
            self._say.finished(self.tr("Copied"))

    def _show_problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems[:SHOWN]:
            line = ProblemLine(problem, self._say)
            self.problems.append(line)
            self._list.insertWidget(self._list.count() - 1, line)
        stops: list[QWidget] = [self.copy, *(line.copy for line in self.problems), self.check]
        for one, next_one in pairwise(stops):
            QWidget.setTabOrder(one, next_one)
        more = len(problems) - SHOWN
        if more > 0:
            self.when.setText(
                self.when.text() + "\n" + self.tr("{0} more are copied, not listed").format(more)
            )

    def _count(self, count: int) -> str:
        if count == 1:
            return self.tr("One thing does not agree")
        return self.tr("{0} things do not agree").format(count)

    def _advice(self) -> str:
        return self.tr(
            "Take no decision on these rows before somebody has looked: copy them and send them on."
        )

    def _measure(self) -> None:
        wide = min(Theme.current().px(360), 560)
        self.setMinimumWidth(0 if self._stacked else wide)
        self.setMaximumWidth(_NO_END if self._stacked else wide)


class ProblemLine(QWidget):
    """The row at fault by the name people know it by, what is wrong, and a way to copy it."""

    def __init__(self, problem: Problem, say: Say) -> None:
        super().__init__()
        self.problem = problem
        self._say = say
        named = problem.reference or problem.table.replace("_", " ").capitalize()
        self.copy = IconButton("copy", self.tr("Copy {0}").format(named))
        self.copy.clicked.connect(self._copy)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(named, "body_b", elide=True, reference=True))
        words.addWidget(Label(problem.says, "body", wrap=True))
        words.addWidget(Label(f"{problem.table} {problem.row}", "small", "text_muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Divider())
        column.addLayout(row)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self.problem))
        self._say.finished(self.tr("Copied"))
