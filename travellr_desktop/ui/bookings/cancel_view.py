"""Cancelling, in the place of the list: what would happen first, then one last question, then how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.refund_asks import RefundAsk, RefundOutcome, RefundPreview
from travellr_desktop.ui.bookings.away import AwayView, Means, Step
from travellr_desktop.ui.bookings.cancel_bookings import CancelBookings, Picked
from travellr_desktop.ui.bookings.cancel_ticket import CancelTicket
from travellr_desktop.ui.bookings.refund_steps import RefundSteps
from travellr_desktop.ui.bookings.refund_terms import RefundTerms
from travellr_desktop.ui.bookings.ticket_parts import as_credit
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.pane import Divider


@dataclass(frozen=True, slots=True)
class Looked:
    """What the service says: of all that stands of the sale, and of what is ticked."""

    whole: RefundPreview
    chosen: RefundPreview | None
    ask: RefundAsk | None


class CancelView(AwayView):
    """`begin` with a booking; `left` when the person goes back."""

    def __init__(self, means: Means, clock: Clock, parent: QWidget | None = None) -> None:
        ticket = CancelTicket(means.words)
        super().__init__(means, ticket, parent)
        self.ticket = ticket
        self._sale_id: UUID | None = None
        self._looked: Looked | None = None
        self._asked_for: RefundPreview | None = None
        self.bookings = CancelBookings(means.words, clock)
        beyond = allowed(means.actor.role, Permission.POLICY_OVERRIDE)
        self.terms = RefundTerms(means.words, may_go_beyond=beyond)
        self.terms.setContentsMargins(16, 12, 16, 16)
        self.reason = self.terms.reason
        self.steps = RefundSteps(means.words)
        self._after: UUID | None = None
        self.all_button = Button(self.tr("All bookings"), height="control_small")
        self.some_button = Button(self.tr("Some travellers…"), height="control_small")
        self._frame(self._content(), self.some_button, self.all_button)
        self._connect()

    # building

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bookings)
        column.addWidget(self.terms)
        column.addWidget(Divider(tone="border"))
        column.addWidget(self.books, 1)
        column.addWidget(self.steps)
        return content

    def _connect(self) -> None:
        self.all_button.clicked.connect(self.bookings.choose_all)
        self.some_button.clicked.connect(
            lambda: self.bookings.show_travellers(not self.bookings.by_traveller)
        )
        self.bookings.chosen_changed.connect(self._look)
        self.ticket.retried.connect(self.retry_all)
        self.terms.changed.connect(self._look)

    # what the screen does with it

    def begin(self, detail: BookingDetail, *, whole_sale: bool = False) -> None:
        """Look at cancelling one booking, or all of its sale; of one that cannot be cancelled any more, at giving money
        back. The focus goes to the reason."""
        self._sale_id = detail.sale_id
        self._after = None if detail.can_cancel else detail.id
        self._looked = self._asked_for = None
        title = self.tr("Cancel") if detail.can_cancel else self.tr("Give money back")
        self._start(title, f"{detail.sale_reference} · {detail.traveller_name}")
        self.terms.begin(detail.price.currency)
        self.bookings.begin()
        self._offer_parts()
        self._nothing(self.tr("Reading what would happen."))
        self._read(Picked(None if whole_sale else frozenset((detail.id,))))
        self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Something changed: look again, or see how the refunds stand."""
        if self.step is Step.CHOOSING and self._looked is not None:
            self._read(self.bookings.picked)
        elif self.step is Step.SENT:
            self._read_refunds()

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.bookings, self.terms, self.ticket)

    # looking

    def _look(self) -> None:
        if self.step is Step.CHOOSING:
            self._read(self.bookings.picked)

    def _read(self, picked: Picked) -> None:
        sale_id, after, actor = self._sale_id, self._after, self._actor
        services, to = self._services, self.terms.to
        if sale_id is None:
            return
        try:
            beyond = self.terms.beyond
        except InvalidInput as wrong:
            self._cannot(wrong)
            return

        def look(_task: object) -> Looked:
            if after is None:
                whole = services.cancellations.preview_sale(actor, sale_id, keep_disputed=True)
            else:
                whole = services.refunds.preview(actor, RefundAsk((after,)))
            ids, lines = picked.of(whole.bookings)
            if not ids:
                return Looked(whole, None, None)
            ask = RefundAsk(ids, lines, to=to, beyond=beyond, keep_disputed=after is None)
            return Looked(whole, services.refunds.preview(actor, ask), ask)

        self._background.run(
            self, look, key=("preview", id(self)), newest=True, done=self._show, refused=self._cannot
        )

    def _show(self, looked: Looked) -> None:
        if self.step is not Step.CHOOSING:
            return
        self._looked = looked
        self._say_held(looked.chosen)
        chosen = () if looked.chosen is None else tuple(each.id for each in looked.chosen.bookings)
        several = len(looked.whole.bookings) > 1
        self.all_button.setVisible(several and len(chosen) < len(looked.whole.bookings))
        self.bookings.show_bookings(looked.whole, chosen, figures=looked.chosen)
        self._offer_parts()
        self.terms.show_preview(looked.chosen)
        self.steps.show_preview(looked.chosen)
        self.books.show_preview(looked.chosen)
        if looked.chosen is None:
            self._nothing(self.tr("Tick a booking to cancel it."))
        else:
            self.ticket.show_preview(looked.chosen)

    def _say_held(self, chosen: RefundPreview | None) -> None:
        """Where a bank has the money: that all of it is kept until the bank has decided."""
        held = [] if chosen is None else [each.reference for each in chosen.bookings if each.held]
        if held:
            first = self.tr("The traveller's bank has taken back what was paid for {0}.")
            second = self.tr(
                "It can be cancelled: the seats are free again, and nothing goes back until it has decided."
            )
            self.note.say("wait", first.format(", ".join(held)), second)
        self._notes.setVisible(bool(held))

    def _offer_parts(self) -> None:
        """The way to single travellers, where there are several."""
        by_traveller = self.bookings.by_traveller
        self.some_button.set_words(self.tr("All travellers") if by_traveller else self.tr("Some travellers…"))
        self.some_button.setVisible(by_traveller or self.bookings.may_part())

    def _cannot(self, refusal: Refusal) -> None:
        if not self.terms.refused(refusal):
            self._say(refusal)
        self.books.show_preview(None)
        self._nothing(str(refusal))

    def _nothing(self, why_not: str) -> None:
        self.ticket.show_preview(None, why_not=why_not, after=self._after is not None)

    # doing

    def _ask(self) -> None:
        """The last question, with the amounts."""
        looked = self._looked
        preview = None if looked is None else looked.chosen
        if looked is None or preview is None or looked.ask is None or self.step is not Step.CHOOSING:
            return
        ask = replace(looked.ask, reason=self.reason.text().strip())
        if ask.beyond is not None and preview.back != preview.policy_back and not ask.reason:
            self.reason.set_error(self.tr("Going beyond the policy needs a reason."))
            self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        money, what = self._words.money, self.ticket.what(preview)
        if preview.needs_second:
            question = self.tr("Ask a colleague to approve {0}?").format(money(preview.back))
            verb = self.tr("Ask for approval")
        elif preview.back.minor:
            question = self._refund_question(preview.back, preview.ways, preview.traveller_name)
            verb = self._refund_verb(preview.back, preview.ways)
        else:
            question = self.tr("Cancel {0} and give nothing back?").format(what)
            verb = self.tr("Cancel {0}").format(what)
        kept = self.tr("Kept by policy")
        if any(booking.held for booking in preview.bookings):
            kept = self.tr("Kept for now")
        rows = (
            (self.tr("Paid"), money(preview.paid)),
            (kept, money(preview.kept)),
        )
        second = ", ".join(each.reference for each in preview.bookings) + f" · {preview.traveller_name}"
        self._ask_last(question, verb, second, rows, preview.ways, lambda: self._send(preview, ask))

    def _send(self, preview: RefundPreview, ask: RefundAsk) -> None:
        back, actor, service = preview.back, self._actor, self._services.refunds
        self._asked_for = preview
        self._dispatch(
            lambda key: service.request(actor, ask, back, key=key),
            (ask, back),
            self._doing(preview),
            self._came,
        )

    def _doing(self, preview: RefundPreview) -> str:
        if self._after is None:
            return self.tr("Cancelling")
        return self.tr("Giving credit") if as_credit(preview.ways) else self.tr("Giving money back")

    def _done_words(self, asked: RefundPreview) -> str:
        if self._after is None:
            return self.tr("Cancelled")
        return self.tr("Given as credit") if as_credit(asked.ways) else self.tr("Given back")

    def _enable(self, on: bool) -> None:
        self.terms.setEnabled(on)

    def _came(self, outcome: RefundOutcome) -> None:
        self._sent()
        asked = self._asked_for
        if asked is None:
            return
        if outcome.waits:
            self._title.setText(self.tr("Asked for"))
        else:
            self._title.setText(self._done_words(asked))
        self.all_button.hide()
        self.some_button.hide()
        self.steps.show_preview(None)
        self.bookings.show_bookings(asked, {each.id for each in asked.bookings}, done=True)
        self.books.show_preview(asked, moved=not outcome.waits)
        self._show_outcome(outcome, first=True)

    def _show_outcome(self, outcome: RefundOutcome, *, first: bool = False) -> None:
        asked = self._asked_for
        if asked is not None and outcome != self.ticket.outcome:
            self._show_sent(lambda: self.ticket.show_outcome(outcome, asked), first=first)

    # refunds afterwards

    def retry_all(self) -> None:
        """Send what has not gone through, without waiting for the schedule."""
        outcome = self.ticket.outcome
        if self.step is not Step.SENT or outcome is None:
            return
        ids = [refund.id for refund in outcome.refunds if refund.state in ("unknown", "approved")]
        actor, service = self._actor, self._services.refunds
        if not ids:
            return

        def send(_task: object) -> None:
            for refund_id in ids:
                service.send_now(actor, refund_id)

        self._background.run(
            self,
            send,
            words=self.tr("Sending the refund"),
            key=("retry", id(self)),
            button=self.ticket.act,
            done=lambda _none: self._read_refunds(),
        )

    def _read_refunds(self) -> None:
        outcome, sent = self.ticket.outcome, self._asked_for
        if outcome is None or sent is None or not outcome.refunds:
            return
        payments, actor = self._services.payments, self._actor
        payment_ids = [way.payment_id for way in sent.ways]

        def read(_task: object) -> RefundOutcome:
            now = {
                refund.id: (refund.state.value, refund.failure)
                for payment_id in payment_ids
                for refund in payments.detail(actor, payment_id).refunds
            }
            rows = tuple(
                replace(each, state=now[each.id][0], failure=now[each.id][1]) if each.id in now else each
                for each in outcome.refunds
            )
            return replace(outcome, refunds=rows)

        self._background.run(self, read, key=("refunds", id(self)), newest=True, done=self._show_outcome)

    # size

    def _fit_to(self, room: int, *, narrow: bool) -> None:
        self.bookings.set_narrow(narrow)
