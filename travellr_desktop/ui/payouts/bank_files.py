"""What of a batch goes by the bank: files to be made, those that were, and what the bank did with each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, PayoutBatchChanged, VendorPayout
from travellr_desktop.services.payouts.bank_files import BankFileService
from travellr_desktop.services.payouts.bank_views import (
    BankFileView,
    BatchFiles,
    FileForm,
    FileMade,
    FilePayout,
    FileState,
    ToMake,
)
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.last_folder import keep_folder, last_folder
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.payouts.bank_file_dialogs import (
    FieldQuestion,
    MakeFileQuestion,
    ReasonQuestion,
    arrived_question,
    came_back_question,
    refused_question,
    say,
    vendors,
)
from travellr_desktop.ui.payouts.bank_payments import PaymentsTable
from travellr_desktop.ui.screen import Context

T = TypeVar("T")

_BADGES = {
    FileState.MADE: ("sending", "Not at the bank yet"),
    FileState.ARRIVED: ("paid", "The bank has it"),
    FileState.REFUSED: ("failed", "Refused"),
}


class BankFilesPart(QWidget):
    """Stands where a batch is shown: `show_batch` says which; hidden where nothing of it goes by the bank. Whoever has
    it calls `show_batch` again for the events that it `cares` for."""

    def __init__(self, context: Context, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self._formats = context, formats
        self._service: BankFileService = context.services.bank_files
        self._may_run = allowed(context.actor.role, Permission.PAYOUT_RUN)
        self._batch: UUID | None = None
        self._shown: tuple[UUID, BatchFiles] | None = None
        self.section = Section(say("By the bank"))
        self.section.body.setSpacing(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section)
        column.addStretch(1)
        self.setAccessibleName(say("By the bank"))
        self.hide()

    def cares(self, event: Event) -> bool:
        return isinstance(event, VendorPayout | PayoutBatchChanged)

    def show_batch(self, batch_id: UUID | None) -> None:
        """Read what goes by the bank of a batch; nothing is shown for None."""
        if batch_id != self._batch:
            self._fill(None)
        self._batch = batch_id
        if batch_id is None:
            return
        service, actor = self._service, self.context.actor
        self.context.background.run(
            self,
            lambda _task: service.of_batch(actor, batch_id),
            key=("bank files", id(self)),
            newest=True,
            done=lambda found: self._fill((batch_id, found)),
        )

    # what is shown

    def _fill(self, shown: tuple[UUID, BatchFiles] | None) -> None:
        if shown == self._shown and shown is not None:
            return
        self._shown = shown
        body = self.section.body
        while (taken := body.takeAt(0)) is not None:
            if (part := taken.widget()) is not None:
                part.hide()
                part.deleteLater()
        if shown is not None:
            _, found = shown
            for of in found.to_make:
                body.addWidget(self._to_make(of, again=False))
            for of in found.to_retry:
                body.addWidget(self._to_make(of, again=True))
            for file in reversed(found.files):
                body.addWidget(self._file(file))
        self.setVisible(shown is not None and bool(shown[1].to_make or shown[1].files))

    def _to_make(self, of: ToMake, *, again: bool) -> QWidget:
        amount = self._formats.money(of.total)
        words = say("{0} for {1} can be tried again") if again else say("{0} for {1} stand in no file yet")
        note = Note(
            "info",
            words.format(amount, vendors(of.count)),
            action=(say("Make another file") if again else say("Make the file")) if self._may_run else "",
        )
        note.acted.connect(partial(self._ask_make, of, again))
        return note

    def _file(self, file: BankFileView) -> QWidget:
        part = QWidget()
        part.setAccessibleName(file.message_id)
        status, word = _BADGES[file.state]
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(file.message_id, "body_b", reference=True))
        head.addWidget(Badge(status, word=say(word)))
        head.addStretch(1)
        made = self._formats.when(file.made_at, self._formats.zone)
        about = say("{0} for {1}, to be carried out on {2}. Made {3} by {4}.").format(
            self._formats.money(file.total),
            vendors(file.count),
            self._formats.day(file.execute_on),
            made,
            file.by,
        )
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(Label(about, "small", "text_secondary", wrap=True))
        if self._may_run:
            column.addLayout(self._actions(file))
        column.addWidget(self._payments(file))
        return part

    def _actions(self, file: BankFileView) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        offered: list[tuple[str, Kind, Callable[[], object]]] = []
        if file.state is FileState.MADE:
            offered.append((say("The bank has it"), Kind.PLAIN, partial(self._ask_arrived, file)))
            if not any(each.state is PayoutState.PAID for each in file.payouts):
                offered.append((say("It was refused"), Kind.DANGER_PLAIN, partial(self._ask_refused, file)))
        offered.append((say("Save the file"), Kind.QUIET, partial(self.ask_where, file, FileForm.XML)))
        offered.append((say("Save as CSV"), Kind.QUIET, partial(self.ask_where, file, FileForm.CSV)))
        for words, kind, act in offered:
            button = Button(words, kind, height="control_small")
            button.setAccessibleName(f"{words}: {file.message_id}")
            button.clicked.connect(lambda _=False, act=act: act())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _payments(self, file: BankFileView) -> PaymentsTable:
        table = PaymentsTable(file.message_id, file.payouts, self._formats, may_run=self._may_run)
        table.came_back.connect(self._ask_came_back)
        return table

    # making

    def _ask_make(self, of: ToMake, again: bool) -> None:
        service, actor, currency = self._service, self.context.actor, of.total.currency

        def ask(earliest: date) -> None:
            question = MakeFileQuestion(self._formats, of, earliest, self, again=again)
            self._open(question, lambda: self._make(question, currency, again))

        self.context.background.run(
            self,
            lambda _task: service.earliest(actor, currency),
            key=("bank files.ask", id(self)),
            done=ask,
        )

    def _make(self, question: MakeFileQuestion, currency: str, again: bool) -> None:
        batch_id, actor = self._batch, self.context.actor
        make = self._service.retry if again else self._service.make
        if batch_id is None:
            return

        def prepared() -> Callable[[], FileMade]:
            day = question.day()
            return lambda: make(actor, batch_id, currency, execute_on=day)

        self._carry_out(question, prepared, say("Making the file"), self._made)

    def _made(self, made: FileMade) -> None:
        if made.refused:
            names = ", ".join(each.vendor for each in made.refused)
            words = say("Not paid: {0}. Each was changed since the batch was approved.").format(names)
            self.context.say.refused(Refusal(words, hint=say("They are owed it, and the next batch pays.")))
        if made.file is not None:
            self.context.say.finished(say("The file is made; take it to the bank"))
            self.ask_where(made.file, FileForm.XML)
        self.show_batch(self._batch)

    def ask_where(self, file: BankFileView, form: FileForm) -> QFileDialog:
        """Ask where to save a file; the answer writes it."""
        dialog = QFileDialog(self, say("Save the file for the bank"), str(last_folder(self.context.memory)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(say("CSV files (*.csv)") if form is FileForm.CSV else say("XML files (*.xml)"))
        dialog.setDefaultSuffix(form.value)
        dialog.selectFile(file.file_name(form))
        dialog.fileSelected.connect(lambda path: self.save(file, form, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, file: BankFileView, form: FileForm, path: Path) -> None:
        """Write a file to `path`."""
        keep_folder(self.context.memory, path)
        service, actor = self._service, self.context.actor
        self.context.background.run(
            self,
            lambda _task: service.save(actor, file.id, path, form),
            words=say("Writing {0}").format(path.name),
            key=("bank file", str(path)),
            done=lambda _: self.context.say.finished(say("{0} is saved").format(path.name)),
            refused=self.context.say.refused,
        )

    # what the bank did

    def _ask_arrived(self, file: BankFileView) -> None:
        service, actor = self._service, self.context.actor
        question = arrived_question(self._formats, file, self)
        question.accepted.connect(
            lambda: self.context.background.run(
                self,
                lambda _task: service.arrived(actor, file.id),
                words=say("Recording what the bank has"),
                key=("bank file", file.id),
                done=lambda _: self._recorded(say("The bank has {0}").format(file.message_id)),
                refused=self.context.say.refused,
            )
        )
        question.finished.connect(question.deleteLater)
        question.open()

    def _ask_refused(self, file: BankFileView) -> None:
        service, actor = self._service, self.context.actor
        question = refused_question(self._formats, file, self)
        words = say("{0} is owed again").format(self._formats.money(file.total))
        self._ask_reason(question, lambda reason: service.refused(actor, file.id, reason), words)

    def _ask_came_back(self, payout: FilePayout) -> None:
        service, actor = self._service, self.context.actor
        question = came_back_question(self._formats, payout, self)
        words = say("{0} is owed to {1} again").format(self._formats.money(payout.amount), payout.vendor)
        self._ask_reason(question, lambda reason: service.came_back(actor, payout.payout_id, reason), words)

    def _ask_reason(self, question: ReasonQuestion, do: Callable[[str], BankFileView], words: str) -> None:
        def prepared() -> Callable[[], BankFileView]:
            reason = question.reason()
            return lambda: do(reason)

        self._open(
            question,
            lambda: self._carry_out(
                question, prepared, say("Recording what the bank did"), lambda _: self._recorded(words)
            ),
        )

    def _open(self, question: FieldQuestion, asked: Callable[[], object]) -> None:
        question.asked = asked
        question.finished.connect(question.deleteLater)
        question.open()

    def _carry_out(
        self,
        question: FieldQuestion,
        prepared: Callable[[], Callable[[], T]],
        words: str,
        done: Callable[[T], object],
    ) -> None:
        """Do what a question asked for while it stays open; `prepared` reads its field, and gives what is done in the
        background."""
        try:
            work = prepared()
        except Refusal as refusal:
            question.refuse(refusal)
            return

        def carried_out(result: T) -> None:
            question.accept()
            done(result)

        question.set_busy(words)
        self.context.background.run(
            question,
            lambda _task: work(),
            words=words,
            key=("bank files.do", id(self)),
            done=carried_out,
            refused=question.refuse,
            ended=lambda: question.set_busy(None),
        )

    def _recorded(self, words: str) -> None:
        self.context.say.finished(words)
        self.show_batch(self._batch)
