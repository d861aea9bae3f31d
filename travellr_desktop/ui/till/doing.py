"""What is done with a till from its screen: opening, closing, moving cash, and its paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import Refusal
from travellr_desktop.services.documents import DocumentService
from travellr_desktop.services.till import TillService
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.services.till_forms import ClosePreview, MoveOrder, TillStatus
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.till.move_form import MoveForm
from travellr_desktop.ui.till.reckoning import closes, floats
from travellr_desktop.ui.till.words import difference_words

if TYPE_CHECKING:
    from travellr_desktop.ui.till.screen import DayCloseScreen


class TillDoing(QObject):
    """Sends what the screen says, and shows there what came of it."""

    def __init__(self, screen: DayCloseScreen, opener: Callable[[Path], bool]) -> None:
        super().__init__(screen)
        self._screen, self._opener = screen, opener
        self._till: TillService = screen.context.services.till
        self._documents: DocumentService = screen.context.services.documents
        self._key: UUID = uuid4()
        self.form: MoveForm | None = None

    def begin_anew(self) -> None:
        """What is sent from now on is another form."""
        self._key = uuid4()

    def confirm(self) -> None:
        """Open the till; or look at what a close would write, and ask once more."""
        status = self._screen.status
        if status is None or self._screen.why_not(status):
            return
        self._screen.ticket.say(None)
        if status.open is None:
            self._open(status)
        else:
            self._preview(status, status.open)

    def _open(self, status: TillStatus) -> None:
        service, actor, key = self._till, self._screen.context.actor, self._key
        counts, reason = floats(self._screen.reckoned(status)), self._screen.day.sums.reason.text()
        self._screen.context.background.run(
            self,
            lambda _task: service.open(actor, counts, reason, key=key),
            words=self.tr("Opening the till"),
            key=("till.do", id(self)),
            button=self._screen.ticket.act,
            done=self._opened,
            refused=self._refused,
        )

    def _opened(self, report: TillReport) -> None:
        self._screen.context.say.finished(self.tr("Till {0} is open").format(f"{report.number:04}"))
        self._screen.refresh()

    def _preview(self, status: TillStatus, report: TillReport) -> None:
        service, actor = self._till, self._screen.context.actor
        counts = closes(self._screen.reckoned(status))
        self._screen.context.background.run(
            self,
            lambda _task: service.preview(actor, report.session_id, counts),
            words=self.tr("Looking at the till"),
            key=("till.do", id(self)),
            button=self._screen.ticket.act,
            done=self._ask,
            refused=self._refused,
        )

    def _ask(self, preview: ClosePreview) -> None:
        """The last question, with the figures that will be written."""
        money = self._screen.words.money
        own = preview.closes[0].close
        number = f"Z {preview.report.number:04}"
        question = self.tr("Close the day with {0} to the safe?").format(money(own.to_safe))
        dialog = Decision(
            question,
            verb=self.tr("Close as {0}").format(number),
            keep=self.tr("Count again"),
            second=self.tr("Nothing of it can be edited afterwards."),
            kind=Kind.PRIMARY,
            parent=self._screen.window(),
        )
        for each in preview.closes:
            found = each.close
            dialog.rows.add(self.tr("Expected"), money(found.expected))
            dialog.rows.add(self.tr("Counted"), money(found.counted))
            if found.difference:
                words = difference_words(found.difference)
                dialog.rows.add(words, self._screen.words.signed(found.difference), tone="wait")
            dialog.rows.add(self.tr("To the safe"), money(found.to_safe))
            dialog.rows.add(self.tr("Stays in the drawer"), money(found.stays), strong=True)
        dialog.accepted.connect(lambda: self._close(preview))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _close(self, preview: ClosePreview) -> None:
        status = self._screen.status
        if status is None:
            return
        service, actor = self._till, self._screen.context.actor
        counts, reason = closes(self._screen.reckoned(status)), self._screen.day.sums.reason.text()
        session_id = preview.report.session_id
        self._screen.context.background.run(
            self,
            lambda _task: service.close(actor, session_id, counts, reason, preview.expected),
            words=self.tr("Closing the day"),
            key=("till.do", id(self)),
            button=self._screen.ticket.act,
            done=self._closed,
            refused=self._refused,
        )

    def _closed(self, report: TillReport) -> None:
        self._screen.context.say.finished(self.tr("Z {0} is closed").format(f"{report.number:04}"))
        self._screen.refresh()

    def _refused(self, refusal: Refusal) -> None:
        """Beside the button; the till is read again, in case it has moved on."""
        self._screen.ticket.say(refusal)
        if refusal.field == "reason":
            self._screen.day.sums.reason.set_error(str(refusal))
        self._screen.refresh()

    def move_cash(self) -> None:
        """Ask for a pay-in, a pay-out, a drop or change."""
        status = self._screen.status
        if status is None or status.open is None:
            return
        form = MoveForm(self._screen.words.formats, status, self._screen.window())
        form.sent.connect(lambda order: self._move(form, order))
        form.finished.connect(form.deleteLater)
        self.form = form
        form.open()

    def _move(self, form: MoveForm, order: MoveOrder) -> None:
        status = self._screen.status
        if status is None or status.open is None:
            return
        service, actor, key = self._till, self._screen.context.actor, form.key
        session_id = status.open.session_id

        def moved(_report: TillReport) -> None:
            form.set_busy(None)
            form.accept()
            self._screen.context.say.finished(
                self.tr("{0} moved").format(self._screen.words.money(order.amount))
            )
            self._screen.refresh()

        def refused(refusal: Refusal) -> None:
            form.set_busy(None)
            form.refused(refusal)

        started = self._screen.context.background.run(
            form,
            lambda _task: service.move(actor, session_id, order, key=key),
            words=self.tr("Moving cash"),
            key=("till.move", id(self)),
            done=moved,
            refused=refused,
        )
        if started is not None:
            form.set_busy(self.tr("Moving cash"))

    # paper

    def x_read(self) -> None:
        """The session as it stands, kept and on paper: nothing of the till is changed."""
        if self._screen.status is None or self._screen.status.open is None:
            return
        service, actor, key = self._till, self._screen.context.actor, uuid4()
        self._screen.context.background.run(
            self,
            lambda _task: service.keep_x(actor, key=key),
            words=self.tr("Reading the till"),
            key=("till.x", id(self)),
            button=self._screen.day.x_button,
            done=self._kept,
        )

    def _kept(self, report: TillReport) -> None:
        self._screen.refresh()
        self.print_report(report, self._screen.day.x_button)

    def print_shown(self) -> None:
        """What is shown of before, else a new X."""
        if self._screen.in_closes and self._screen.panel.report is not None:
            self.print_report(self._screen.panel.report, self._screen.panel.print)
        else:
            self.x_read()

    def print_report(self, report: TillReport, button: QAbstractButton | None) -> None:
        """A session as PDF, then opened."""
        documents, actor = self._documents, self._screen.context.actor
        self._screen.context.background.run(
            self,
            lambda _task: documents.till_report(actor, report.session_id, read_id=report.read_id),
            words=self.tr("Making the paper"),
            key=("till.print", report.session_id, report.read_id),
            button=button,
            done=self._printed,
        )

    def _printed(self, path: Path) -> None:
        self._opener(path)
        self._screen.context.say.finished(self.tr("{0} is saved").format(path.name))
