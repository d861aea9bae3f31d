"""The ticket of a refund that waits: what would go back and who asked; approve it, or turn it down."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.services.refund_asks import OrderView, RefundPreview
from travellr_desktop.ui.bookings.ticket_parts import TicketParts, as_credit
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.records.words import Words


class ApprovalTicket(TicketParts):
    """`confirmed` approves; `turned_down` asks to turn it down."""

    turned_down = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.down: Button | None = None

    def show_order(self, order: OrderView, preview: RefundPreview | None, why_not: str) -> None:
        """Without a preview it cannot be done any more, and `why_not` says why: it can only be turned down."""
        self.empty()
        self.down = None
        money = self.words.money
        credit = order.ask.to is RefundTo.CREDIT or (preview is not None and as_credit(preview.ways))
        gets = self.tr("{0} gets as credit") if credit else self.tr("{0} gets back")
        self.figure(gets.format(order.traveller_name), money(order.amount), ", ".join(order.references))
        rows = MoneyRows(gap=2)
        policy = self.tr("Paid too much") if order.ask.excess else self.tr("By the policy")
        if order.ask.change is not None:
            policy = self.tr("What becomes cheaper")
        rows.add(policy, money(order.policy_amount))
        if order.amount != order.policy_amount:
            rows.add(self._beyond(order), money(order.amount - order.policy_amount))
        if order.limit is not None:
            rows.add(self.tr("One person alone, up to"), money(order.limit), quiet=True)
        self.above.addWidget(rows)
        if preview is not None:
            self.ways_back(preview.ways)
            self.gap(self.below, 4)
            self.below.addWidget(Divider())
            self.gap(self.below, 10)
        if preview is not None and (only := _only(preview)):
            self.line("users", "text_secondary", self.tr("Only {0}").format(only), self.below, wrap=True)
        if order.rebooked is not None:
            when = self.words.formats.when(order.rebooked.starts_at, order.rebooked.zone)
            words = self.tr("Rebooked to {0}, {1}").format(order.rebooked.title, when)
            self.line("calendar-days", "text_secondary", words, self.below, wrap=True)
        elif order.ask.change is not None:
            words = self.tr("A traveller becomes another type")
            self.line("pencil", "text_secondary", words, self.below, wrap=True)
        if order.ask.reason:
            self.line("message-square-text", "text_secondary", order.ask.reason, self.below, wrap=True)
        asked = self.tr("Asked by {0}").format(order.requested_by)
        self.line("user", "text_secondary", asked, self.below)
        self._buttons(order, why_not)

    def _beyond(self, order: OrderView) -> str:
        bearer = None if order.ask.beyond is None else order.ask.beyond.borne_by
        if bearer is None:
            return self.tr("Beyond it, by both")
        by_agency = bearer is Bearer.AGENCY
        return self.tr("Beyond it, by the agency") if by_agency else self.tr("Beyond it, by the vendor")

    def _buttons(self, order: OrderView, why_not: str) -> None:
        self.below.addStretch(1)
        self.act = Button(
            self.tr("Approve"),
            Kind.PRIMARY,
            icon="check",
            amount=self.words.money(order.amount),
            key="Ctrl+Enter",
            height="control_primary",
        )
        self.act.clicked.connect(self.confirmed)
        if order.mine:
            why_not = self.tr("You asked for it: somebody else approves it.")
        self.act.set_off(why_not or None)
        self._add_act()
        self.gap(self.below, 8)
        words = self.tr("Take it back") if order.mine else self.tr("Turn down")
        self.down = self.keep = Button(words, height="control_decision")
        self.down.clicked.connect(self.turned_down)
        self.below.addWidget(self.down)
        self.down.show()
        self.gap(self.below, 8)


def _only(preview: RefundPreview) -> str:
    """Who it is about, where some of the travellers stay."""
    lines = [line for booking in preview.bookings for line in booking.lines]
    going = [line.name for line in lines if line.chosen]
    return ", ".join(going) if len(going) < len(lines) else ""
