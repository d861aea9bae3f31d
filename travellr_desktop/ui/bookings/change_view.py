"""Changing a booking, in the place of the list: what would happen first, then how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.change_preview import ChangePreview
from travellr_desktop.services.changes import ChangeOutcome, ChangeState
from travellr_desktop.services.destinations import Destination
from travellr_desktop.services.planning import AddTravellers
from travellr_desktop.services.refund_asks import RefundAsk, ask_of_change
from travellr_desktop.services.sales import WayOffer
from travellr_desktop.ui.bookings.away import AwayView, Means, Step
from travellr_desktop.ui.bookings.change_forms import AddForm, ChangeForm, LeaveForm, TravellerForm
from travellr_desktop.ui.bookings.change_lines import TravellerLines
from travellr_desktop.ui.bookings.change_ticket import ChangeTicket
from travellr_desktop.ui.bookings.rebook_form import RebookForm
from travellr_desktop.ui.parts.pane import Divider


class ChangeView(AwayView):
    """`begin` with a booking and a kind of change; `left` when the person goes back, `voucher_asked` with the id of
    the booking whose new voucher is wanted."""

    voucher_asked = Signal(object)

    def __init__(self, means: Means, clock: Clock, parent: QWidget | None = None) -> None:
        ticket = ChangeTicket(means.words)
        super().__init__(means, ticket, parent)
        self.ticket = ticket
        self.kind = ChangeKind.ADD
        self._detail: BookingDetail | None = None
        self._preview: ChangePreview | None = None
        words = means.words
        self.add, self.leave, self.traveller = AddForm(), LeaveForm(), TravellerForm()
        self.rebook = RebookForm(words, clock, self._read_days)
        self._forms: dict[ChangeKind, ChangeForm] = {
            ChangeKind.ADD: self.add,
            ChangeKind.REMOVE: self.leave,
            ChangeKind.RETYPE: self.traveller,
            ChangeKind.REBOOK: self.rebook,
        }
        self.lines = TravellerLines(words)
        self.leave.waive.setVisible(allowed(means.actor.role, Permission.POLICY_OVERRIDE))
        self._frame(self._content())
        self._connect()

    # building

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for form in self._forms.values():
            column.addWidget(form)
        column.addWidget(Divider(tone="border"))
        column.addWidget(self.lines)
        column.addWidget(Divider(tone="border"))
        column.addWidget(self.books, 1)
        return content

    def _connect(self) -> None:
        for form in self._forms.values():
            form.changed.connect(self._look)
        self.lines.ticked_changed.connect(lambda: self.leave.tick(self.lines.ticked))
        self.ticket.way_changed.connect(self._look)
        self.ticket.read_asked.connect(self.read_now)
        self.ticket.voucher_asked.connect(self._voucher)

    # what the screen does with it

    def begin(self, detail: BookingDetail, kind: ChangeKind, ways: tuple[WayOffer, ...]) -> None:
        """Look at a change of a kind of one booking. The focus goes to the first field."""
        self.kind, self._detail, self._preview = kind, detail, None
        titles = {
            ChangeKind.ADD: self.tr("Add a traveller"),
            ChangeKind.REMOVE: self.tr("Cancel a traveller"),
            ChangeKind.RETYPE: self.tr("Change a traveller"),
            ChangeKind.REBOOK: self.tr("Rebook"),
        }
        self._start(titles[kind], f"{detail.reference} · {detail.traveller_name} · {detail.title}")
        self.ticket.set_ways(ways)
        for each, form in self._forms.items():
            form.setVisible(each is kind)
        self._fill()
        self.form.begin(detail)
        self.ticket.show_preview(None, why_not=self.form.missing)
        self._look()
        self.form.focus_first()

    @property
    def form(self) -> ChangeForm:
        return self._forms[self.kind]

    def refresh(self) -> None:
        """Something changed: look again, or see how the payment stands."""
        if self.step is Step.CHOOSING and self._preview is not None:
            self._look()
        elif self.step is Step.SENT and self.ticket.outcome is not None:
            self._read_outcome(self.ticket.outcome.amendment_id)

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.form, self.lines, self.ticket)

    def _in_order(self) -> Sequence[QWidget]:
        return (*self.form.parts, self.lines, self.books)

    # looking

    def _fill(self, *, done: bool = False) -> None:
        if self._detail is not None:
            leaving = self.kind is ChangeKind.REMOVE
            ticked = self.leave.leaving if leaving else ()
            self.lines.fill(self._detail, self._preview, choose=leaving, ticked=ticked, done=done)

    def _look(self) -> None:
        if self.step is not Step.CHOOSING or self._detail is None:
            return
        wanted, booking_id = self.form.wanted, self._detail.id
        if wanted is None:
            self._nothing(self.form.missing)
            return
        way = self.ticket.pay.way if self.ticket.pay is not None else Way.CASH
        actor, service = self._actor, self._services.changes
        self._background.run(
            self,
            lambda _task: service.preview(actor, booking_id, wanted, way),
            key=("change", id(self)),
            newest=True,
            done=self._show,
            refused=self._cannot,
        )

    def _show(self, preview: ChangePreview) -> None:
        if self.step is not Step.CHOOSING or self.form.wanted is None:
            return
        self._notes.hide()
        self._preview = preview
        self._fill()
        self.books.show_preview(preview)
        self.ticket.show_preview(preview)

    def _nothing(self, why: str) -> None:
        self._background.run(self, lambda _task: None, key=("change", id(self)), newest=True)
        self._preview = None
        self._fill()
        self.books.show_preview(None)
        self.ticket.show_preview(None, why_not=why)

    def _cannot(self, refusal: Refusal) -> None:
        if self.step is Step.CHOOSING:
            self._nothing(str(refusal))
            self._say(refusal)

    def _read_days(self, first: date, last: date) -> None:
        """The departures of a month, for rebooking."""
        if self._detail is None:
            return
        actor, service, booking_id = self._actor, self._services.changes, self._detail.id

        def come(found: tuple[Destination, ...]) -> None:
            self.rebook.show_destinations(found)

        self._background.run(
            self,
            lambda _task: service.destinations(actor, booking_id, first, last),
            key=("days", id(self)),
            newest=True,
            done=come,
            refused=self._cannot,
        )

    # doing

    def _ask(self) -> None:
        """Where money goes back or is kept, one last question; else it is done."""
        preview = self._preview
        if preview is None or self.step is not Step.CHOOSING:
            return
        if not preview.back.minor and not preview.kept.minor:
            self._send(preview)
            return
        money = self._words.money
        question = self.tr("Change {0} and give nothing back?").format(preview.reference)
        verb = self.tr("Change")
        if preview.back.minor:
            question = self._refund_question(preview.back, preview.ways, preview.traveller_name)
            verb = self._refund_verb(preview.back, preview.ways)
        if preview.needs_second:
            question = self.tr("Ask a colleague to approve {0}?").format(money(preview.back))
            verb = self.tr("Ask for approval")
        rows = [
            (self.tr("Price until now"), money(preview.old_price)),
            (self.tr("Price then"), money(preview.price)),
        ]
        if preview.kept.minor:
            rows.append((self.tr("Kept by policy"), money(preview.kept)))
        second = f"{preview.reference} · {preview.traveller_name}"
        self._ask_last(question, verb, second, rows, preview.ways, lambda: self._send(preview))

    def _send(self, preview: ChangePreview) -> None:
        wanted, detail = self.form.wanted, self._detail
        if wanted is None or detail is None:
            return
        pay = self.ticket.pay.choice if self.ticket.pay is not None and preview.to_pay.minor else None
        if preview.needs_second and not isinstance(wanted, AddTravellers):
            self._send_request(preview, ask_of_change(detail.id, wanted, preview.back))
            return
        actor, service, expected = self._actor, self._services.changes, preview.difference
        self._dispatch(
            lambda key: service.apply(actor, detail.id, wanted, expected, pay, key=key),
            (wanted, expected, pay),
            self.tr("Changing the booking"),
            self._came,
        )

    def _send_request(self, preview: ChangePreview, ask: RefundAsk) -> None:
        """More goes back than one person may give: a colleague is asked, and the change is made when they approve."""
        actor, service, back = self._actor, self._services.refunds, preview.back
        self._dispatch(
            lambda key: service.request(actor, ask, back, key=key),
            (ask, back),
            self.tr("Asking for approval"),
            lambda _outcome: self._asked_for(preview),
        )

    def _asked_for(self, preview: ChangePreview) -> None:
        self._sent()
        self._title.setText(self.tr("Asked for"))
        self._fill(done=True)
        self.books.show_preview(preview)
        self._show_sent(lambda: self.ticket.show_asked(preview), first=True)

    def _enable(self, on: bool) -> None:
        for form in self._forms.values():
            form.setEnabled(on)

    def _came(self, outcome: ChangeOutcome) -> None:
        if self._preview is None:
            return
        if outcome.state is ChangeState.DECLINED:  # nothing was changed: another way can be chosen
            self._not_sent()
            self._attempt.answered()
            refusal = outcome.refusal
            first = refusal.sentence if refusal is not None else self.tr("The payment did not go through.")
            second = self.tr("Nothing was changed. Choose another way to pay. {0}")
            self.note.say("bad", first, second.format(refusal.code if refusal is not None else "").strip())
            self._notes.show()
            return
        self._sent()
        self._fill(done=True)
        self.books.show_preview(self._preview)
        self._show_outcome(outcome, first=True)

    def _show_outcome(self, outcome: ChangeOutcome, *, first: bool = False) -> None:
        preview, before = self._preview, self.ticket.outcome
        if preview is None or outcome == before:
            return
        if outcome.state is ChangeState.DONE and (before is None or before.state is not ChangeState.DONE):
            self._title.setText(self.tr("Changed"))
            self.books.show_preview(preview, moved=True)
            self.form.carried_out()
        self._show_sent(lambda: self.ticket.show_outcome(outcome, preview), first=first)

    # afterwards

    def read_now(self) -> None:
        """Ask about a payment whose outcome is not known, without waiting for the schedule."""
        outcome = self.ticket.outcome
        if self.step is not Step.SENT or outcome is None:
            return
        actor, service = self._actor, self._services.changes
        self._background.run(
            self,
            lambda _task: service.read_now(actor, outcome.amendment_id),
            words=self.tr("Reading the payment"),
            key=("read", id(self)),
            button=self.ticket.act,
            done=self._show_outcome,
        )

    def _read_outcome(self, amendment_id: UUID) -> None:
        actor, service = self._actor, self._services.changes
        self._background.run(
            self,
            lambda _task: service.outcome(actor, amendment_id),
            key=("outcome", id(self)),
            newest=True,
            done=self._show_outcome,
        )

    def _voucher(self) -> None:
        if self._detail is not None:
            self.voucher_asked.emit(self._detail)

    # size

    def _fit_to(self, room: int, *, narrow: bool) -> None:
        if self.lines.set_narrow(narrow):
            self._fill(done=self.step is Step.SENT)
