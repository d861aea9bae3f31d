"""What is done with a batch that was approved: sent, paused, gone on with, stopped; and with single payouts of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import QObject

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.states import BatchState
from travellr_desktop.errors import Refusal
from travellr_desktop.services.payouts.run_views import PayoutView, RunFigures, RunReport
from travellr_desktop.services.payouts.views import BatchPayout
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Progress, Task
from travellr_desktop.ui.payouts.drafting import carry_out
from travellr_desktop.ui.payouts.questions import TakeBackQuestion, send_question
from travellr_desktop.ui.payouts.reading import unknown_of
from travellr_desktop.ui.payouts.rows import PaidRow
from travellr_desktop.ui.payouts.words import payouts, say

if TYPE_CHECKING:
    from travellr_desktop.ui.payouts.batch_page import BatchPage


class Sending(QObject):
    """`here` says which batch this window sends, `vendor` to whom just now."""

    def __init__(self, page: BatchPage, services: Services) -> None:
        super().__init__(page)
        self._page, self._services, self._service = page, services, services.payout_runs
        self._context = page.context
        self.may_run = allowed(page.context.actor.role, Permission.PAYOUT_RUN)
        self.here: UUID | None = None
        self.vendor = ""

    # the batch

    def ask_run(self) -> None:
        """The last question before money moves; a batch that is being sent already is gone on with at once."""
        page = self._page
        if page.figures is None or page.batch is None:
            return
        batch_id, service, actor = page.batch.id, self._service, self._context.actor
        if page.batch.state is BatchState.SENDING:
            self._go(batch_id, lambda told: service.run(actor, batch_id, told))
            return
        question = send_question(page.words, page.currencies, page.figures, page.window())
        question.accepted.connect(lambda: self._go(batch_id, lambda told: service.run(actor, batch_id, told)))
        question.finished.connect(question.deleteLater)
        question.open()

    def resume(self) -> None:
        """Go on with a batch that is paused."""
        batch = self._page.batch
        if batch is not None:
            batch_id, service, actor = batch.id, self._service, self._context.actor
            self._go(batch_id, lambda told: service.resume(actor, batch_id, told))

    def _go(self, batch_id: UUID, work: Callable[[Callable[[RunFigures], object]], RunReport]) -> None:
        def run(task: Task) -> RunReport:
            def told(figures: RunFigures) -> None:
                task.check()  # between two payouts: nothing is left half done
                task.report(figures.total - figures.left, figures.total, figures.vendor)

            return work(told)

        self._page.run_ticket.refuse(None)
        started = self._context.background.run(
            self,
            run,
            words=say("Sending payouts"),
            key=("payouts.run", batch_id),
            stoppable=True,
            done=self._ran,
            refused=self._refused,
            progress=self._told,
            ended=self._ended,
        )
        if started is not None:
            self.here = batch_id
            self._page.refresh()

    def _told(self, progress: Progress) -> None:
        self.vendor = progress.words
        self._page.changed()

    def _ran(self, report: RunReport) -> None:
        figures = report.figures
        if report.why:
            self._page.run_ticket.refuse(
                Refusal(report.why, hint=say("It is paused. Go on when that is mended."))
            )
            return
        words = say("{0} of {1} paid").format(f"{figures.paid:,}", payouts(figures.total))
        if figures.failed:
            words = say("{0}, {1} failed").format(words, f"{figures.failed:,}")
        self._context.say.finished(words)

    def _refused(self, refusal: Refusal) -> None:
        self._page.run_ticket.refuse(refusal)
        self._page.refresh()

    def _ended(self) -> None:
        self.here, self.vendor = None, ""
        self._page.refresh()

    def pause(self) -> None:
        """Begin no other payout, whoever sends it."""
        service, actor = self._service, self._context.actor
        self._between(lambda batch_id: service.pause(actor, batch_id), say("Pausing"))

    def stop(self) -> None:
        """End the run after the payout that is being sent."""
        service, actor = self._service, self._context.actor
        self._between(lambda batch_id: service.stop(actor, batch_id), say("Stopping"))

    def _between(self, work: Callable[[UUID], RunFigures], words: str) -> None:
        batch = self._page.batch
        if batch is None:
            return
        batch_id = batch.id
        self._page.run_ticket.refuse(None)
        self._context.background.run(
            self,
            lambda _task: work(batch_id),
            words=words,
            key=("payouts.between", batch_id),
            done=lambda _: self._page.refresh(),
            refused=self._refused,
        )

    # single payouts

    def read_unknown(self) -> None:
        """Find out about every payout of the batch that nobody knows of."""
        batch, services, actor = self._page.batch, self._services, self._context.actor
        if batch is None:
            return
        batch_id = batch.id

        def read(_task: Task) -> None:
            for payout_id in unknown_of(services, actor, batch_id):
                services.payout_runs.read_now(actor, payout_id)

        self._single(read, say("Reading the payouts"), batch_id, say("Read anew"))

    def read_now(self, payout: BatchPayout) -> None:
        """Find out about one payout, without waiting for the schedule."""
        service, actor = self._service, self._context.actor
        self._single(lambda _task: service.read_now(actor, payout.id), say("Reading the payout"), payout.id)

    def retry(self, payout: BatchPayout) -> None:
        """Send what failed once more, alone."""
        service, actor = self._service, self._context.actor
        self._single(lambda _task: service.retry(actor, payout.id), say("Sending it once more"), payout.id)

    def _single(
        self, work: Callable[[Task], PayoutView | None], words: str, key: UUID, said: str = ""
    ) -> None:
        def done(view: PayoutView | None) -> None:
            if view is not None and view.why and not view.ok:
                self._page.run_ticket.refuse(Refusal(f"{view.vendor_name}: {view.why}"))
            elif view is not None and view.ok:
                money = self._page.words.money(view.amount)
                self._context.say.finished(say("{0} is paid to {1}").format(money, view.vendor_name))
            elif said:
                self._context.say.finished(said)
            self._page.refresh()

        self._page.run_ticket.refuse(None)
        self._context.background.run(
            self, work, words=words, key=("payouts.single", key), done=done, refused=self._refused
        )

    def ask_take_back(self, row: PaidRow) -> None:
        """Take a paid transfer, or a part of it, back."""
        payout = row.payout
        if payout is None:
            return
        left = Money(payout.amount.minor - payout.taken_back.minor, payout.amount.currency)
        question = TakeBackQuestion(self._page.words, row, left, self._page.window())
        service, actor, key = self._service, self._context.actor, uuid4()

        def prepared() -> Callable[[], object]:
            amount, reason = question.values()
            return lambda: service.take_back(actor, payout.id, amount, reason, key=key)

        def done() -> None:
            self._context.say.finished(say("It is asked back from {0}").format(row.name))
            self._page.refresh()

        carry_out(self._page, question, prepared, say("Taking it back"), done)
