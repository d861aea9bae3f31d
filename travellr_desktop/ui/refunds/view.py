"""Refunds that wait for a second person: which, what each would do, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.states import RefundOrderState
from travellr_desktop.errors import Refusal
from travellr_desktop.services.refund_asks import OrderView, RefundPreview
from travellr_desktop.ui.bookings.away import AwayView, Means, Step
from travellr_desktop.ui.parts.choices import RadioButton
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.refunds.ticket import ApprovalTicket

_SPARED = frozenset({3})


@dataclass(frozen=True, slots=True)
class Waiting:
    """The requests that wait, the one that is looked at, and what it would do; `why_not` where it cannot be done."""

    orders: tuple[OrderView, ...]
    chosen: OrderView | None
    preview: RefundPreview | None
    why_not: str = ""
    zone: str = "UTC"


class ApprovalView(AwayView):
    """`counted` says how many wait."""

    counted = Signal(int)

    def __init__(
        self, means: Means, clock: Clock, say: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        self.ticket = ApprovalTicket(means.words)
        super().__init__(means, self.ticket, parent)
        self._clock, self._told = clock, say
        self._waiting: Waiting | None = None
        self._chosen: UUID | None = None
        self._group = QButtonGroup(self)
        self.boxes: dict[UUID, RadioButton] = {}
        self.orders = Sheet(
            self.tr("Refunds that wait"),
            (
                SheetColumn(""),
                SheetColumn(self.tr("Whose"), stretch=3),
                SheetColumn(self.tr("Asked"), stretch=3),
                SheetColumn(self.tr("Why"), stretch=4),
                SheetColumn(self.tr("Back"), trailing=True),
            ),
            row="row_two_line",
        )
        self.why = Field(self.tr("Why it is turned down"), placeholder=self.tr("Rebook them instead"))
        self.why.edited.connect(lambda _text: self.why.set_error(None))
        self._frame(self._content())
        self.back_button.hide()
        self._title.setText(self.tr("Refunds that wait for a second person"))
        self.ticket.turned_down.connect(self.turn_down)

    def _content(self) -> QWidget:
        content = QWidget()
        typed = QWidget()
        inner = QVBoxLayout(typed)
        inner.setContentsMargins(16, 12, 16, 16)
        inner.addWidget(self.why)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.orders)
        column.addWidget(typed)
        column.addWidget(Divider(tone="border"))
        column.addWidget(self.books, 1)
        return content

    # what the screen does with it

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.orders, self.why, self.ticket)

    def back(self) -> None:
        """There is nowhere to go back to."""

    def refresh(self) -> None:
        if self.step is Step.CHOOSING:
            self._look()

    def _look(self) -> None:
        refunds, actor, wanted = self._services.refunds, self._actor, self._chosen
        agency = self._services.agency

        def look(_task: object) -> Waiting:
            orders = tuple(
                order for order in refunds.orders(actor) if order.state is RefundOrderState.REQUESTED
            )
            chosen = next((order for order in orders if order.id == wanted), None)
            chosen = chosen or next((order for order in orders if not order.mine), None)
            chosen = chosen or next(iter(orders), None)
            here = agency.view()
            zone = "UTC" if here is None else here.zone
            if chosen is None:
                return Waiting(orders, None, None)
            try:
                return Waiting(orders, chosen, refunds.order_preview(actor, chosen.id), zone=zone)
            except Refusal as refusal:
                return Waiting(orders, chosen, None, f"{refusal} {refusal.hint}".strip(), zone)

        self._background.run(
            self, look, key=("approvals", id(self)), newest=True, done=self._show, refused=self._say
        )

    def _show(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._words.use_zone(waiting.zone)
        self._notes.hide()
        self._show_orders(waiting)
        self.books.show_preview(waiting.preview)
        if waiting.chosen is not None:
            self.ticket.show_order(waiting.chosen, waiting.preview, waiting.why_not)
        if waiting.why_not:
            self.note.say("wait", self.tr("It cannot be done any more as it was asked."), waiting.why_not)
            self._notes.show()
        self.counted.emit(len(waiting.orders))

    def _show_orders(self, waiting: Waiting) -> None:
        at = next((key for key, box in self.boxes.items() if box.hasFocus()), None)
        self.orders.clear()
        for box in self._group.buttons():
            self._group.removeButton(box)
        self.boxes = {}
        now, words = self._clock.now(), self._words
        for order in waiting.orders:
            chosen = waiting.chosen is not None and order.id == waiting.chosen.id
            box = RadioButton("", checked=chosen)
            box.setAccessibleName(f"{order.traveller_name}, {words.money(order.amount)}")
            self._group.addButton(box)
            box.toggled.connect(lambda on, order_id=order.id: self._choose(order_id, on))
            self.boxes[order.id] = box
            asked = words.departs(order.requested_at, words.formats.zone, now)
            references = ", ".join(order.references)
            self.orders.add(
                (
                    box,
                    Says(order.traveller_name, references, role="body_m"),
                    Says(order.requested_by if not order.mine else self.tr("You"), asked),
                    Says(order.ask.reason or self._change_words(order) or "–"),
                    Says(words.money(order.amount), role="body_m"),
                )
            )
        if at in self.boxes:
            self.boxes[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def _change_words(self, order: OrderView) -> str:
        if order.rebooked is not None:
            return self.tr("Rebooked to {0}").format(order.rebooked.title)
        return self.tr("A traveller becomes another type") if order.ask.change is not None else ""

    def _choose(self, order_id: UUID, on: bool) -> None:
        if on and self.step is Step.CHOOSING:
            self._chosen = order_id
            self._look()

    # deciding

    def _ask(self) -> None:
        waiting = self._waiting
        if waiting is None or waiting.chosen is None or waiting.preview is None or waiting.chosen.mine:
            return
        order, preview = waiting.chosen, waiting.preview
        question = self.tr("Approve {0} for {1}?").format(
            self._words.money(order.amount), order.traveller_name
        )
        rows = ((self.tr("Paid"), self._words.money(preview.paid)),)
        second = self.tr("{0}, asked by {1}").format(", ".join(order.references), order.requested_by)
        self._ask_last(question, self.tr("Approve"), second, rows, preview.ways, lambda: self._approve(order))

    def _approve(self, order: OrderView) -> None:
        refunds, actor = self._services.refunds, self._actor
        self._dispatch(
            lambda key: refunds.approve(actor, order.id, key=key),
            order.id,
            self.tr("Giving money back"),
            lambda _outcome: self._decided(self.tr("{0} approved").format(order.references[0])),
        )

    def turn_down(self) -> None:
        """Turn the chosen one down, with a word why; one's own is taken back, without."""
        waiting = self._waiting
        if waiting is None or waiting.chosen is None or self.step is not Step.CHOOSING:
            return
        refunds, actor = self._services.refunds, self._actor
        order, why = waiting.chosen, self.why.text().strip()
        if order.mine:
            self._dispatch(
                lambda _key: refunds.withdraw(actor, order.id),
                (order.id, None),
                self.tr("Taking it back"),
                lambda _order: self._decided(self.tr("{0} taken back").format(order.references[0])),
            )
            return
        if not why:
            self.why.set_error(self.tr("Say why."))
            self.why.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._dispatch(
            lambda _key: refunds.reject(actor, order.id, why),
            (order.id, why),
            self.tr("Turning it down"),
            lambda _order: self._decided(self.tr("{0} turned down").format(order.references[0])),
        )

    def _decided(self, words: str) -> None:
        self._sent()
        self._told(words)
        self._chosen = None
        self.why.set_text("")
        self._not_sent()
        self._look()

    def _enable(self, on: bool) -> None:
        self.why.setEnabled(on)
        self.orders.setEnabled(on)

    def _fit_to(self, room: int, *, narrow: bool) -> None:
        if self.orders.hide_columns(_SPARED if narrow else frozenset()) and self._waiting is not None:
            self._show_orders(self._waiting)
