"""What is done with a draft: approved, sent back, given in again, discarded, somebody left out, written to a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import Refusal
from travellr_desktop.services.payouts.views import Approved, DryRun
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.payouts.bank_file_dialogs import FieldQuestion
from travellr_desktop.ui.payouts.questions import WordsQuestion, approve_question, discard_question
from travellr_desktop.ui.payouts.rows import PaidRow
from travellr_desktop.ui.payouts.words import payouts, say, title

if TYPE_CHECKING:
    from travellr_desktop.ui.payouts.batch_page import BatchPage

T = TypeVar("T")


class Drafting(QObject):
    def __init__(self, page: BatchPage, services: Services) -> None:
        super().__init__(page)
        self._page, self._service = page, services.payouts
        self._context = page.context
        role = page.context.actor.role
        self.may_prepare = allowed(role, Permission.PAYOUT_PREPARE)
        self.may_approve = allowed(role, Permission.PAYOUT_APPROVE)

    # approving

    def ask_approve(self) -> None:
        """The last question, with the amounts that are shown."""
        run = self._page.run
        if run is None or run.why_not:
            return
        self._page.draft_ticket.refuse(None)
        question = approve_question(self._page.words, run, self._page.year, self._page.window())
        question.accepted.connect(lambda: self._approve(run))
        question.finished.connect(question.deleteLater)
        question.open()

    def _approve(self, run: DryRun) -> None:
        service, actor = self._service, self._context.actor

        def approve(task: Task) -> Approved:
            def told(done: int, total: int) -> None:  # while the provider is asked: nothing is written yet
                task.check()
                task.report(done, total)

            return service.approve(actor, run.batch.id, seen=run.digest, told=told)

        self._context.background.run(
            self,
            approve,
            stoppable=True,
            words=say("Approving"),
            key=("payouts.draft", run.batch.id),
            button=self._page.draft_ticket.act,
            done=self._approved,
            refused=self._not_approved,
        )

    def _approved(self, done: Approved) -> None:
        self._context.say.finished(say("{0} approved").format(payouts(done.payouts)))
        self._page.refresh()

    def _not_approved(self, refusal: Refusal) -> None:
        """What changed meanwhile is said, and the draft shown as it is now."""
        self._page.draft_ticket.refuse(refusal)
        self._page.refresh()

    # sending back, giving in, discarding

    def ask_back(self) -> None:
        """Send it back, with what is to be changed."""
        run = self._page.run
        if run is None:
            return
        question = WordsQuestion(
            say("Send this draft back?"),
            verb=say("Send it back"),
            second=say("It waits until somebody gives it in again."),
            label=say("What is to be changed"),
            example=say("Leave out Boka Bay until the dispute is over"),
            name="note",
            parent=self._page.window(),
        )
        service, actor, batch_id = self._service, self._context.actor, run.batch.id
        self._open(
            question,
            lambda words: lambda: service.send_back(actor, batch_id, words),
            say("It was sent back"),
        )

    def ask_give_in(self) -> None:
        run = self._page.run
        if run is None:
            return
        question = WordsQuestion(
            say("Give this draft in again?"),
            verb=say("Give it in"),
            second=say("Somebody else approves it then."),
            label=say("What was changed"),
            example=say("Boka Bay is left out"),
            name="note",
            optional=True,
            parent=self._page.window(),
        )
        service, actor, batch_id = self._service, self._context.actor, run.batch.id
        self._open(
            question,
            lambda words: lambda: service.give_in(actor, batch_id, words),
            say("It was given in again"),
        )

    def ask_discard(self) -> None:
        run = self._page.run
        if run is None:
            return
        name = title(run.batch, self._page.words.formats.locale, self._page.year)
        question = discard_question(name, self._page.window())
        service, actor, batch_id = self._service, self._context.actor, run.batch.id
        question.accepted.connect(
            lambda: self._do(
                lambda: service.discard(actor, batch_id), say("The draft is discarded"), self._page.left.emit
            )
        )
        question.finished.connect(question.deleteLater)
        question.open()

    # vendors

    def ask_leave_out(self, row: PaidRow) -> None:
        """Keep a vendor out of the draft, with a reason."""
        run = self._page.run
        if run is None or not self.may_prepare:
            return
        question = WordsQuestion(
            say("Leave {0} out?").format(row.name),
            verb=say("Leave out"),
            second=say("In all currencies, of this batch alone. Whoever leaves out has prepared the draft."),
            label=say("Why"),
            example=say("The contract is being renewed"),
            kind=Kind.PRIMARY,
            parent=self._page.window(),
        )
        question.rows.add(say("Would be"), self._page.words.money(row.amount), strong=True)
        service, actor, batch_id, vendor_id = self._service, self._context.actor, run.batch.id, row.vendor_id
        self._open(
            question,
            lambda words: lambda: service.leave_out(actor, batch_id, vendor_id, words),
            say("{0} is left out").format(row.name),
        )

    def take_in(self, vendor_id: UUID, name: str) -> None:
        """Have a vendor in again whom somebody left out."""
        run = self._page.run
        if run is not None:
            service, actor, batch_id = self._service, self._context.actor, run.batch.id
            self._do(lambda: service.take_in(actor, batch_id, vendor_id), say("{0} is in again").format(name))

    # how

    def _do(self, work: Callable[[], object], words: str, then: Callable[[], object] | None = None) -> None:
        def done(_: object) -> None:
            self._context.say.finished(words)
            (then or self._page.refresh)()

        self._page.draft_ticket.refuse(None)
        self._context.background.run(
            self,
            lambda _task: work(),
            words=say("Changing the draft"),
            key=("payouts.draft", id(self)),
            done=done,
            refused=self._not_approved,
        )

    def _open(self, question: WordsQuestion, work: Callable[[str], Callable[[], object]], words: str) -> None:
        def done() -> None:
            self._context.say.finished(words)
            self._page.draft_ticket.refuse(None)
            self._page.refresh()

        carry_out(self._page, question, lambda: work(question.words()), say("Changing the draft"), done)


def carry_out(
    page: BatchPage,
    question: FieldQuestion,
    prepared: Callable[[], Callable[[], object]],
    words: str,
    done: Callable[[], object],
) -> None:
    """Open a question that stays open until what it asks for is done; `prepared` reads its fields, and gives what is
    done in the background."""

    def asked() -> None:
        try:
            work = prepared()
        except Refusal as refusal:
            question.refuse(refusal)
            return

        def carried_out(_: object) -> None:
            question.accept()
            done()

        question.set_busy(words)
        page.context.background.run(
            question,
            lambda _task: work(),
            words=words,
            key=("payouts.question", id(question)),
            done=carried_out,
            refused=question.refuse,
            ended=lambda: question.set_busy(None),
        )

    question.asked = asked
    question.finished.connect(question.deleteLater)
    question.open()
