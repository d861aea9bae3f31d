"""What would come in, the button that brings it in, and what came of it: the right of the import."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.importing.report import ImportReport
from travellr_desktop.services.importing.service import Preview
from travellr_desktop.ui.importing.words import rows, say
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.empty import ProgressNote
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows, Pane
from travellr_desktop.ui.theme import Theme


class ImportTicket(Pane):
    """Says how the file stands. What is asked for comes as signals."""

    import_asked = Signal()
    try_asked = Signal()
    faulty_asked = Signal()
    undo_asked = Signal()
    stop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("left",), parent=parent)
        self.title = Label("", "title", wrap=True)
        self.counts = MoneyRows()
        self.note = Note("info", "")
        self.progress = ProgressNote(say("Bringing the rows in"))
        self.progress.stopped.connect(self.stop_asked)
        self.progress.hide()
        self.act = Button(say("Bring it in"), Kind.PRIMARY, key="Ctrl+Enter", height="control_primary")
        self.act.clicked.connect(self.import_asked)
        self.attempt = Button(say("Try every row first"), height="control_decision")
        self.attempt.clicked.connect(self.try_asked)
        self.faulty = Button(say("Save the rows with problems"), icon="download", height="control_decision")
        self.faulty.clicked.connect(self.faulty_asked)
        self.undo = Button(say("Take it back"), Kind.DANGER_PLAIN, icon="undo-2", height="control_decision")
        self.undo.clicked.connect(self.undo_asked)
        self.why = Label("", "small", "text_secondary", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        above: tuple[QWidget, ...] = (self.title, self.counts, self.note, self.progress)
        for part in above:
            column.addWidget(part)
        column.addStretch(1)
        below: tuple[QWidget, ...] = (self.why, self.faulty, self.undo, self.attempt, self.act)
        for part in below:
            column.addWidget(part)
        self.show_nothing()
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    def show_nothing(self) -> None:
        """No file yet."""
        self._show(say("No file was chosen"), ())
        self.why.setText(
            say("Choose a CSV file. Its columns are recognised; you look at them before anything is done.")
        )
        self._offer(act=say("No file was chosen"), attempt=False)

    def show_preview(self, preview: Preview) -> None:
        """What would be done with the file."""
        wrong = len({fault.row for fault in preview.faults})
        looked = len(preview.rows)
        self._show(say("Ready to be brought in"), ((say("In the file"), rows(preview.total)),))
        self.why.setText("")
        if preview.missing:
            words = ", ".join(field.word for field in preview.missing)
            self._show(say("Columns are missing"), ((say("In the file"), rows(preview.total)),))
            self._say(
                "wait", say("No column holds {0}").format(words), say("Choose it, or add it to the file.")
            )
            self._offer(act=say("A column is missing"), attempt=False)
            return
        if wrong:
            first = say("{0} of the first {1} have problems").format(wrong, looked)
            self._say("wait", first, say("They stay out; the others come in."))
        elif not preview.total:
            self._say("wait", say("There is no row below the names of the columns"), "")
        else:
            self.note.hide()
        self._offer(act=None if preview.total else say("There is nothing to bring in"), attempt=True)

    def show_report(self, report: ImportReport) -> None:
        """What was done, or would be."""
        tally = report.tally
        title = say("Every row was tried") if report.dry else say("It is done")
        if report.cancelled:
            title = say("Stopped")
        counts = [
            (say("Would be added") if report.dry else say("Added"), rows(tally.made)),
            (say("Would be changed") if report.dry else say("Changed"), rows(tally.changed)),
            (say("There already"), rows(tally.same)),
            (say("With problems"), rows(tally.faulty)),
        ]
        if report.earlier:
            counts.append((say("Came in before"), rows(report.earlier)))
        self._show(title, [each for each in counts if not each[1].startswith("0 ")])
        self.why.setText("")
        if report.cancelled:
            left = rows(report.total - tally.rows)
            self._say(
                "wait",
                say("What went in stays"),
                say("{0} were not looked at. Bring the same file in again to go on.").format(left),
            )
        elif tally.faulty:
            self._say(
                "wait",
                say("{0} did not come in").format(rows(tally.faulty)),
                say("Save them with their problems, mend them, and bring that file in."),
            )
        elif report.dry:
            self._say("ok", say("Every row can come in"), say("Nothing was written yet."))
        else:
            self._say("ok", say("Every row is in"), "")
        done = not report.dry and not report.cancelled
        self._offer(act=say("It is in") if done else None, attempt=False)
        self.faulty.setVisible(bool(tally.faulty))
        self.undo.setVisible(not report.dry and tally.made > 0)

    def show_undone(self, words: str) -> None:
        self._show(say("It was taken back"), ())
        self._say("info", words, "")
        self._offer(act=None, attempt=True)

    def begin(self, words: str) -> None:
        """The rows are being looked at."""
        for button in (self.act, self.attempt, self.faulty, self.undo):
            button.setEnabled(False)
        self.note.hide()
        self.why.setText(words)
        self.progress.start()

    def end(self) -> None:
        self.progress.finish()
        for button in (self.act, self.attempt, self.faulty, self.undo):
            button.setEnabled(True)

    def _offer(self, *, act: str | None, attempt: bool) -> None:
        self.act.set_off(act)
        self.attempt.setVisible(attempt)
        self.faulty.hide()
        self.undo.hide()

    def _show(self, title: str, counts: Sequence[tuple[str, str]]) -> None:
        self.title.setText(title)
        self.counts.clear()
        for words, count in counts:
            self.counts.add(words, count)
        self.note.hide()

    def _say(self, tone: str, first: str, second: str) -> None:
        self.note.say(tone, first, second)
        self.note.show()

    def _retheme(self) -> None:
        self.setFixedWidth(min(Theme.current().size("detail"), 480))
