"""The schedule: what runs by itself, how often, and how its last run went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.jobs.runner import JobRun
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane
from travellr_desktop.ui.theme import Theme

_RIGHT = Qt.AlignmentFlag.AlignRight
_JOB, _EVERY, _LAST, _TOOK, _RUN, _EDGE = range(6)
_FOLDED_BELOW = 580
_WIDTHS = {_EVERY: 72, _LAST: 84, _TOOK: 72}


def _say(text: str) -> str:
    return QCoreApplication.translate("Schedule", text)


def every(interval: timedelta) -> str:
    """`5 s`, `10 min`, `6 h`: the largest unit that comes out even."""
    seconds = int(interval.total_seconds())
    for size, unit in ((86_400, _say("{0} d")), (3_600, _say("{0} h")), (60, _say("{0} min"))):
        if seconds >= size and seconds % size == 0:
            return unit.format(seconds // size)
    return _say("{0} s").format(seconds)


def took(span: timedelta) -> str:
    """`40 ms`, `1.2 s`, `2 min 05`."""
    seconds = span.total_seconds()
    if seconds < 1:
        return _say("{0} ms").format(round(seconds * 1000))
    if seconds < 60:
        return _say("{0} s").format(f"{seconds:.1f}")
    return _say("{0} min {1}").format(int(seconds) // 60, f"{int(seconds) % 60:02d}")


class ScheduleRow:
    """The cells of one job. A job that failed is red and says why; all else is quiet."""

    def __init__(self, run: JobRun, parent: QWidget) -> None:
        self.name = run.name
        self._glyph = Glyph("circle-dashed", "text_muted", parent=parent)
        self.said = Label("", "small", "text_secondary", wrap=True)
        self._figures = Label("", "small", "text_secondary", wrap=True)
        self._figures.hide()
        self.every = Label(every(run.every), "body", align=_RIGHT)
        self.last = Label("–", "body", align=_RIGHT)
        self.took = Label("–", "body", align=_RIGHT)
        self.button = Button(_say("Run now"), height="control_small")
        self.button.setAccessibleName(_say("Run now: {0}").format(run.name))
        self.job = QWidget(parent)
        row = QHBoxLayout(self.job)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        icon = QVBoxLayout()
        icon.setContentsMargins(0, 2, 0, 0)
        icon.addWidget(self._glyph)
        icon.addStretch(1)
        row.addLayout(icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(run.name, "body_m", wrap=True))
        words.addWidget(self.said)
        words.addWidget(self._figures)
        row.addLayout(words, 1)

    def show_run(self, run: JobRun, formats: Formats) -> None:
        if run.began is None:
            icon, tone, says = "circle-dashed", "text_muted", _say("Has not run since the program was opened")
        elif run.failed is not None:
            icon, tone, says = "circle-x", "bad", _say("Failed: {0}").format(run.failed)
        else:
            icon, tone, says = "circle-check", "text_muted", run.said.capitalize()
        self._glyph.set(icon, tone)
        self.said.setText(says)
        self.said.set_tone("bad" if tone == "bad" else "text_secondary")
        last = formats.desk_time(run.began) if run.began is not None else "–"
        span = took(run.took) if run.took is not None else "–"
        self.last.setText(last)
        self.took.setText(span)
        self._figures.setText(
            _say("every {0} · last run {1} · took {2}").format(every(run.every), last, span)
        )

    def set_folded(self, on: bool) -> None:
        """The figures as a line below the words, in place of columns."""
        self._figures.setVisible(on)
        for cell in (self.every, self.last, self.took):
            cell.setVisible(not on)

    @property
    def cells(self) -> tuple[QWidget, ...]:
        return (self.job, self.every, self.last, self.took, self.button)


class ScheduleTable(QWidget):
    run_asked = Signal(str)
    """The name of a job."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, ScheduleRow] = {}
        self._titles: list[Label] = []
        self._folded = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(_JOB, 1)
        self._head()
        self._measure()
        Theme.current().changed.connect(self._measure)

    def show_runs(self, runs: Sequence[JobRun], formats: Formats) -> None:
        for run in runs:
            if run.name not in self.rows:
                self._add(run)
            self.rows[run.name].show_run(run, formats)

    def _head(self) -> None:
        back = Pane("subtle", edges=("top", "bottom"), parent=self)
        self._grid.addWidget(back, 0, 0, 1, 6)
        titles = (self.tr("Job"), self.tr("Every"), self.tr("Last run"), self.tr("Took"))
        for column, title in enumerate(titles):
            align = _RIGHT if column else Qt.AlignmentFlag.AlignLeft
            label = Label(title, "small_m", "text_secondary", align=align)
            if column:
                self._titles.append(label)
            if not column:
                label.setContentsMargins(16, 0, 0, 0)
            self._grid.addWidget(label, 0, column)

    def _add(self, run: JobRun) -> None:
        row = ScheduleRow(run, self)
        self.rows[run.name] = row
        row.button.clicked.connect(lambda: self.run_asked.emit(run.name))
        at = self._grid.rowCount()
        for column, cell in enumerate(row.cells):
            if column == _JOB:
                cell.setContentsMargins(16, 9, 0, 9)
            self._grid.addWidget(cell, at, column, Qt.AlignmentFlag(0) if column == _JOB else _CENTRE)
        row.set_folded(self._folded)
        self._grid.addWidget(Divider(parent=self), at + 1, 0, 1, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(event.size().width() < Theme.current().px(_FOLDED_BELOW))

    def minimumSizeHint(self) -> QSize:
        # narrower than its columns: it folds then
        return QSize(Theme.current().px(280), super().minimumSizeHint().height())

    def _fold(self, on: bool) -> None:
        if on == self._folded:
            return
        self._folded = on
        for row in self.rows.values():
            row.set_folded(on)
        for title in self._titles:
            title.setVisible(not on)
        self._measure()

    def _measure(self) -> None:
        theme = Theme.current()
        self._grid.setRowMinimumHeight(0, theme.size("table_header"))
        for column, wide in _WIDTHS.items():
            self._grid.setColumnMinimumWidth(column, 0 if self._folded else theme.px(wide))
        self._grid.setHorizontalSpacing(4 if self._folded else 16)
        self._grid.setColumnMinimumWidth(_EDGE, 12 if self._folded else 0)
        self._grid.setColumnMinimumWidth(_RUN, theme.px(104))


_CENTRE = Qt.AlignmentFlag.AlignVCenter
