"""Cancelling, in the place of the list: what would happen first, then one last question, then how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import Refusal, RequestInProgress, WrongState
from travellr_desktop.services.bookings import BookingDetail
from travellr_desktop.services.cancellations import CancelOutcome, CancelPreview
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Background
from travellr_desktop.ui.bookings.away import AwayView
from travellr_desktop.ui.bookings.cancel_books import Books
from travellr_desktop.ui.bookings.cancel_tables import CancelBookings
from travellr_desktop.ui.bookings.cancel_ticket import CancelTicket
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.records.words import Words, count


class Step(Enum):
    """CHOOSING: nothing has moved; SENDING: the command runs; DONE: it was carried out."""

    CHOOSING = auto()
    SENDING = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Looked:
    """What the service says: of all that stands of the sale, and of what is ticked."""

    whole: CancelPreview
    chosen: CancelPreview | None


class CancelView(AwayView):
    """`begin` with a booking; `left` when the person goes back."""

    def __init__(
        self,
        background: Background,
        services: Services,
        actor: Actor,
        words: Words,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._background, self._services, self._actor, self._words = background, services, actor, words
        self.step = Step.CHOOSING
        self._sale_id: UUID | None = None
        self._looked: Looked | None = None
        self._sent: CancelPreview | None = None
        self._key = uuid4()
        self._asked: tuple[object, ...] = ()
        self.bookings = CancelBookings(words, clock)
        self.books = Books(words)
        self.ticket = CancelTicket(words)
        self.reason = Field(self.tr("Reason"), placeholder=self.tr("The traveller is ill"))
        self.all_button = Button(self.tr("All bookings"), height="control_small")
        self._frame(self._content(), self.ticket, self.all_button)
        self._connect()

    # building

    def _content(self) -> QWidget:
        reason = QWidget()
        row = QHBoxLayout(reason)
        row.setContentsMargins(16, 12, 16, 16)
        row.setSpacing(16)
        row.addWidget(self.reason, 3)
        hint = Label(
            self.tr("It is kept with the booking, and in the audit trail."),
            "small",
            "text_secondary",
            wrap=True,
        )
        row.addWidget(hint, 2, Qt.AlignmentFlag.AlignBottom)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bookings)
        column.addWidget(reason)
        column.addWidget(Divider(tone="border"))
        column.addWidget(self.books, 1)
        return content

    def _connect(self) -> None:
        self.all_button.clicked.connect(self.bookings.choose_all)
        self.bookings.chosen_changed.connect(self._look)
        self.ticket.kept.connect(self.back)
        self.ticket.confirmed.connect(self._ask)
        self.ticket.retried.connect(self.retry_all)

    # what the screen does with it

    def begin(self, detail: BookingDetail, *, whole_sale: bool = False) -> None:
        """Look at cancelling one booking, or all of its sale. The focus goes to the reason."""
        self.step, self._sale_id = Step.CHOOSING, detail.sale_id
        self._looked = self._sent = None
        self._key, self._asked = uuid4(), ()
        self._whose.setText(f"{detail.sale_reference} · {detail.traveller_name}")
        self._title.setText(self.tr("Cancel"))
        self.reason.set_text("")
        self.reason.setEnabled(True)
        self._notes.hide()
        self.bookings.clear()
        self.books.show_preview(None)
        self.ticket.show_preview(None, why_not=self.tr("Reading what would happen."))
        self._read(None if whole_sale else (detail.id,))
        self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Something changed: look again, or see how the refunds stand."""
        if self.step is Step.CHOOSING and self._looked is not None:
            self._read(self.bookings.chosen)
        elif self.step is Step.DONE:
            self._read_refunds()

    def back(self) -> None:
        """To the list; while the command runs there is no way back."""
        if self.step is not Step.SENDING:
            self.left.emit()

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.bookings, self.reason, self.ticket)

    @property
    def primary(self) -> Button | None:
        return self.ticket.act

    # looking

    def _look(self) -> None:
        if self.step is Step.CHOOSING:
            self._read(self.bookings.chosen)

    def _read(self, chosen: tuple[UUID, ...] | None) -> None:
        """`chosen` None takes all that stands."""
        sale_id, actor, service = self._sale_id, self._actor, self._services.cancellations
        if sale_id is None:
            return

        def look(_task: object) -> Looked:
            whole = service.preview_sale(actor, sale_id)
            standing = {booking.id for booking in whole.bookings}
            ids = [one for one in chosen if one in standing] if chosen is not None else list(standing)
            if not ids:
                return Looked(whole, None)
            return Looked(whole, service.preview(actor, ids) if len(ids) < len(standing) else whole)

        self._background.run(
            self, look, key=("preview", id(self)), newest=True, done=self._show, refused=self._cannot
        )

    def _show(self, looked: Looked) -> None:
        if self.step is not Step.CHOOSING:
            return
        self._looked = looked
        chosen = () if looked.chosen is None else tuple(each.id for each in looked.chosen.bookings)
        several = len(looked.whole.bookings) > 1
        self.all_button.setVisible(several and len(chosen) < len(looked.whole.bookings))
        self.bookings.show_bookings(looked.whole, chosen)
        self.books.show_preview(looked.chosen)
        self.ticket.show_preview(looked.chosen, why_not=self.tr("Tick a booking to cancel it."))

    def _cannot(self, refusal: Refusal) -> None:
        self._say(refusal)
        self.ticket.show_preview(None, why_not=str(refusal))

    # doing

    def _ask(self) -> None:
        """The last question, with the amounts."""
        preview = None if self._looked is None else self._looked.chosen
        if preview is None or self.step is not Step.CHOOSING:
            return
        money, number = self._words.money, len(preview.bookings)
        bookings = count(number, self.tr("booking"), self.tr("bookings"))
        if preview.back.minor:
            to = preview.ways[0].label if len(preview.ways) == 1 else preview.traveller_name
            question = self.tr("Refund {0} to {1}?").format(money(preview.back), to)
            verb = self.tr("Refund {0}").format(money(preview.back))
        else:
            question = self.tr("Cancel {0} and give nothing back?").format(bookings)
            verb = self.tr("Cancel {0}").format(bookings)
        dialog = Decision(
            question,
            verb=verb,
            keep=self.tr("Keep"),
            second=", ".join(each.reference for each in preview.bookings) + f" · {preview.traveller_name}",
            parent=self,
        )
        dialog.rows.add(self.tr("Paid"), money(preview.paid))
        dialog.rows.add(self.tr("Kept by policy"), money(preview.kept))
        for way in preview.ways:
            dialog.rows.add(self.tr("Back, {0}").format(way.label or way.way.value), money(way.amount))
        dialog.accepted.connect(lambda: self._send(preview))
        dialog.finished.connect(dialog.deleteLater)
        self.decision = dialog
        dialog.open()

    def _send(self, preview: CancelPreview) -> None:
        ids, reason = tuple(each.id for each in preview.bookings), self.reason.text().strip()
        asked = (ids, reason, preview.back)
        if asked != self._asked:
            self._key, self._asked = uuid4(), asked
        key, back, actor, service = self._key, preview.back, self._actor, self._services.cancellations
        self.step, self._sent = Step.SENDING, preview
        self._notes.hide()
        started = self._background.run(
            self,
            lambda _task: service.cancel(actor, ids, reason, back, key=key),
            words=self.tr("Cancelling"),
            key=("cancel", id(self)),
            button=self.ticket.act,
            done=self._done,
            refused=self._refused,
            failed=lambda _bug: self._not_done(),
        )
        if started is None:
            self._not_done()

    def _not_done(self) -> None:
        """It was not carried out, or nobody knows: the same key is sent again if it is asked for again."""
        self.step = Step.CHOOSING

    def _refused(self, refusal: Refusal) -> None:
        self._not_done()
        if not isinstance(refusal, RequestInProgress):
            self._asked = ()
        changed = isinstance(refusal, WrongState)
        self._say(refusal, self.tr("It was read again: look at the amounts once more.") if changed else "")
        if changed:
            self._read(self.bookings.chosen)

    def _done(self, outcome: CancelOutcome) -> None:
        self.step = Step.DONE
        self._asked = ()
        sent, looked = self._sent, self._looked
        if sent is None or looked is None:
            return
        self._title.setText(self.tr("Cancelled"))
        self.all_button.hide()
        self.reason.setEnabled(False)
        self.bookings.show_bookings(sent, {each.id for each in sent.bookings}, done=True)
        self.books.show_preview(sent, moved=True)
        self._show_outcome(outcome)
        if self.ticket.keep is not None:
            self.ticket.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_outcome(self, outcome: CancelOutcome) -> None:
        if self._sent is not None and outcome != self.ticket.outcome:
            focus = QApplication.focusWidget()
            within = focus is not None and self.ticket.isAncestorOf(focus)
            self.ticket.show_outcome(outcome, self._sent.traveller_name, self._sent.seats)
            if within and self.ticket.keep is not None:
                self.ticket.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    # refunds afterwards

    def retry_all(self) -> None:
        """Send what has not gone through, without waiting for the schedule."""
        outcome = self.ticket.outcome
        if self.step is not Step.DONE or outcome is None:
            return
        ids = [refund.id for refund in outcome.refunds if refund.state in ("unknown", "approved")]
        actor, service = self._actor, self._services.cancellations
        if not ids:
            return

        def send(_task: object) -> None:
            for refund_id in ids:
                service.retry_refund(actor, refund_id)

        self._background.run(
            self,
            send,
            words=self.tr("Sending the refund"),
            key=("retry", id(self)),
            button=self.ticket.act,
            done=lambda _none: self._read_refunds(),
        )

    def _read_refunds(self) -> None:
        outcome, sent = self.ticket.outcome, self._sent
        if outcome is None or sent is None or not outcome.refunds:
            return
        payments, actor = self._services.payments, self._actor
        payment_ids = [way.payment_id for way in sent.ways]

        def read(_task: object) -> CancelOutcome:
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
        self.books.fit(room)
        self.bookings.set_narrow(narrow)
