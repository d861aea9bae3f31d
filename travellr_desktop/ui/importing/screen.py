"""Import: choose a file, look at its columns and first rows, bring it in, and see what came of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import Refusal
from travellr_desktop.services.importing.columns import FIELDS, ImportKind
from travellr_desktop.services.importing.report import ImportReport
from travellr_desktop.services.importing.service import ImportOrder, Preview, Undone
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.background import Operation, Task
from travellr_desktop.ui.background import Progress as Done
from travellr_desktop.ui.desk.sideways import Sideways
from travellr_desktop.ui.importing.mapping import MappingTable
from travellr_desktop.ui.importing.rows import FileRows
from travellr_desktop.ui.importing.side import ImportSide
from travellr_desktop.ui.importing.ticket import ImportTicket
from travellr_desktop.ui.importing.words import KINDS, say
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.empty import EmptyState
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.screen import Context, Screen
from travellr_desktop.ui.theme import Theme

MIDDLE = 400
"""What columns and rows of the file need in width; a window too narrow for it scrolls sideways."""


class ImportScreen(Screen):
    """Three panes: the file, its columns and rows, what is done."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._imports = cast(Services, context.services).imports
        self._order: ImportOrder | None = None
        self._guessing = False
        self.preview: Preview | None = None
        self.report: ImportReport | None = None
        self._running: Operation[ImportReport] | None = None
        self.side = ImportSide()
        self.mapping = MappingTable()
        self.lines = FileRows()
        self.ticket = ImportTicket()
        choose = Button(say("Choose a file"), icon="file-text", key="Ctrl+O")
        choose.clicked.connect(self.ask_file)
        self.empty = EmptyState(
            "file-text",
            say("A CSV file is looked at here before anything is done"),
            say("Vendors, trips, departures and travellers can be brought in."),
            buttons=(choose,),
        )
        self._build()
        if not allowed(self.context.actor.role, Permission.TRAVELLER_WRITE):
            self.side.kinds[ImportKind.TRAVELLERS].hide()
        self.side.file_asked.connect(self.ask_file)
        self.side.changed.connect(self._other_question)
        self.mapping.changed.connect(self._read)
        ticket = self.ticket
        ticket.import_asked.connect(partial(self.bring_in, dry=False))
        ticket.try_asked.connect(partial(self.bring_in, dry=True))
        ticket.faulty_asked.connect(self.ask_faulty)
        ticket.undo_asked.connect(self.undo)
        ticket.stop_asked.connect(self._stop)

    def _build(self) -> None:
        self._middle = Pane("surface")
        self._heading = Label("", "title", elide=True)
        self._second = Label(say("Second heading"), "title", elide=True)
        inner = QWidget()
        inner.setProperty("part", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._heading)
        column.addWidget(self.mapping)
        column.addStretch(1)
        self._columns = ScrollArea(inner)
        whole = QVBoxLayout(self._middle)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._columns, 1)
        below = QVBoxLayout()
        below.setContentsMargins(16, 12, 16, 12)
        below.addWidget(self._second)
        whole.addLayout(below)
        whole.addWidget(self.lines, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._middle)
        content = QWidget()
        content.setProperty("part", "scrolled")
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(self._stack, 1)
        row.addWidget(self.ticket)
        self._sideways = Sideways(content)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._sideways)
        self._fit()
        Theme.current().changed.connect(self._fit)

    def _fit(self) -> None:
        sides = self.side.minimumWidth() + self.ticket.minimumWidth()
        self._sideways.set_least(sides + Theme.current().px(MIDDLE))

    # what the shell asks

    def handlers(self) -> Mapping[Act, Handler]:
        return {Act.OPEN_FILE: self.ask_file}

    def panes(self) -> Sequence[QWidget]:
        return (self.side, self._stack, self.ticket)

    def primary(self) -> QAbstractButton | None:
        return self.ticket.act

    def close_down(self) -> None:
        self.lines.close_down()

    # the file

    def ask_file(self) -> QFileDialog:
        """Ask which file; the answer is looked at at once."""
        dialog = QFileDialog(self, say("Choose a CSV file"), str(last_folder(self.context.memory)))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([say("Tables (*.csv *.tsv *.txt)"), say("All files (*)")])
        dialog.fileSelected.connect(lambda path: self.look_at(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def look_at(self, path: Path) -> None:
        """Read a file, and show what it would do. What it holds is seen from its columns, unless somebody said it."""
        keep_folder(self.context.memory, path)
        self.mapping.forget()
        self._order = ImportOrder(self.side.kind, path)
        self._guessing, self.side.by_hand = not self.side.by_hand, False
        self._read()

    def choose_kind(self, kind: ImportKind) -> None:
        """From another screen: what the file will hold."""
        self.side.kinds[kind].setChecked(True)

    def _other_question(self) -> None:
        if self._order is not None:
            if self._order.kind is not self.side.kind:
                self.mapping.forget()
            self._read()

    def _read(self) -> None:
        if self._order is None or self._running is not None:
            return
        self._order = ImportOrder(
            self.side.kind,
            self._order.path,
            self.mapping.named(),
            update=self.side.update_there.isChecked(),
            encoding=self.side.encoding.value(),
        )
        order, actor = self._order, self.context.actor
        self.context.background.run(
            self,
            lambda _task: self._imports.preview(actor, order),
            words=say("Looking at {0}").format(order.path.name),
            key="import.preview",
            newest=True,
            done=self._show,
            refused=self._not_readable,
        )

    def _show(self, preview: Preview) -> None:
        guessing, self._guessing = self._guessing and not self.side.by_hand, False
        if guessing and preview.likely not in (None, preview.order.kind):
            self.side.show_kind(preview.likely)
            self._read()
            return
        self.preview, self.report = preview, None
        words, _icon = KINDS[preview.order.kind]
        self._heading.setText(say("Which column is what: {0}").format(say(words)))
        self._second.setText(say("The first rows"))
        self._columns.show()
        self.side.show_preview(preview)
        self.mapping.show_preview(FIELDS[preview.order.kind], preview)
        self.lines.show_preview(preview)
        self.ticket.show_preview(preview)
        self._stack.setCurrentWidget(self._middle)

    def _not_readable(self, refusal: Refusal) -> None:
        self.preview = None
        self.side.show_preview(None)
        self.ticket.show_nothing()
        self.empty.say(str(refusal), refusal.hint)
        self._stack.setCurrentWidget(self.empty)

    # bringing it in

    def bring_in(self, *, dry: bool) -> None:
        """Bring the file in; `dry` only tries every row."""
        order, actor = self._order, self.context.actor
        if order is None or self.preview is None or self._running is not None:
            return
        if not self.ticket.act.isEnabled() and not dry:
            return

        def work(task: Task) -> ImportReport:
            def progress(done: int, total: int) -> None:
                task.report(done, total)
                task.check()

            return self._imports.run(actor, order, progress, dry=dry)

        self.ticket.begin(say("Trying every row") if dry else say("Bringing the rows in"))
        self._running = self.context.background.run(
            self,
            work,
            words=say("Bringing in {0}").format(order.path.name),
            key="import.run",
            done=self._came,
            refused=self._refused,
            progress=self._progress,
            ended=self._ended,
        )

    def _progress(self, done: Done) -> None:
        self.ticket.progress.set_progress(done.done, done.total or 0)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _ended(self) -> None:
        self._running = None
        self.ticket.end()
        if self.report is not None:
            self.ticket.show_report(self.report)
            self._go_on(self.report)
        elif self.preview is not None:
            self.ticket.show_preview(self.preview)

    def _go_on(self, report: ImportReport) -> None:
        """The keyboard goes to what is wrong, or to the next file: what it was on is gone."""
        faulty = self.lines.table if report.tally.faults else None
        (faulty or self.side.choose).setFocus(Qt.FocusReason.OtherFocusReason)

    def _came(self, report: ImportReport) -> None:
        self.report = report
        if report.tally.faults:
            self._second.setText(say("What is wrong, row by row"))
            self.lines.show_faults(report.tally.faults)
            self._columns.hide()
        if not report.dry:
            self.context.say.finished(report.sentence(), self.undo if report.tally.made else None)

    def _refused(self, refusal: Refusal) -> None:
        self.context.say.refused(refusal)

    # afterwards

    def ask_faulty(self) -> QFileDialog | None:
        """Ask where the rows with problems are to be saved."""
        if self._order is None or self.report is None:
            return None
        dialog = QFileDialog(self, say("Save the rows with problems"), str(last_folder(self.context.memory)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{self._order.path.stem}-{say('problems')}.csv")
        dialog.fileSelected.connect(lambda path: self.save_faulty(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save_faulty(self, path: Path) -> None:
        order, report, actor = self._order, self.report, self.context.actor
        if order is None or report is None:
            return
        self.context.background.run(
            self,
            lambda _task: self._imports.save_faulty(actor, order, report, path),
            words=say("Saving the rows with problems"),
            button=self.ticket.faulty,
            done=lambda count: self.context.say.finished(
                say("{0} rows saved in {1}").format(f"{count:,}", path.name)
            ),
        )

    def undo(self) -> None:
        """Remove what the run made, if nothing of it has been sold."""
        report, actor = self.report, self.context.actor
        if report is None:
            return
        run = report.id

        def work(task: Task) -> Undone:
            return self._imports.undo(actor, run, task.report)

        self.context.background.run(
            self,
            work,
            words=say("Taking it back"),
            button=self.ticket.undo,
            done=self._undone,
        )

    def _undone(self, undone: Undone) -> None:
        self.report = None
        words = say("{0} removed").format(f"{undone.removed:,}")
        if undone.changed:
            words += " " + say("What was changed stays changed.")
        self.ticket.show_undone(words)

    # keys

    def focus_first(self) -> None:
        self.side.choose.setFocus(Qt.FocusReason.OtherFocusReason)
