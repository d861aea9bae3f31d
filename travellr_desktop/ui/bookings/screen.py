"""Bookings: the list with one booking beside it; cancelling takes the screen's place until it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QAbstractButton, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.services.sales import WayOffer
from travellr_desktop.ui.actions import Act, Handler
from travellr_desktop.ui.bookings.away import AwayView, Means
from travellr_desktop.ui.bookings.cancel_view import CancelView
from travellr_desktop.ui.bookings.change_view import ChangeView
from travellr_desktop.ui.bookings.columns import WORDS, booking_columns, booking_filters, booking_views
from travellr_desktop.ui.bookings.noting import Noting
from travellr_desktop.ui.bookings.owing import Owing
from travellr_desktop.ui.bookings.panel import BookingPanel, Shown
from travellr_desktop.ui.bookings.reader_wait import ReaderWait
from travellr_desktop.ui.bookings.taking import Taking
from travellr_desktop.ui.bookings.vouchers import Vouchers
from travellr_desktop.ui.invoices.issuing import Issuing
from travellr_desktop.ui.records.screen import RecordsScreen
from travellr_desktop.ui.records.views import ViewChooser
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, PagedModel
from travellr_desktop.ui.tables.list_screen import ListScreen


class BookingsScreen(RecordsScreen):
    """The list of bookings."""

    name = "bookings"
    panel: BookingPanel

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        services, actor = self._services, self._actor
        self._sells = allowed(actor.role, Permission.BOOKING_CREATE)
        self._counts: dict[BookingState, int] = {}
        model: PagedModel[BookingListRow] = PagedModel(
            booking_columns(self.words, context.clock),
            lambda query: services.lists.bookings(actor, query),
        )
        self.lists = ListScreen(
            model,
            name="bookings",
            words=WORDS if self._sells else replace(WORDS, first_action=""),
            filters=booking_filters(self._days, self._counts),
            sort=("departs", False),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=context.memory,
        )
        self.views = ViewChooser(self.lists.filters, booking_views(self._days), context.memory)
        may_cancel = allowed(actor.role, Permission.PAYMENT_CREATE)
        may_write_off = allowed(actor.role, Permission.DEBT_WRITE_OFF)
        self.panel = BookingPanel(
            self.words, context.clock, may_cancel_links=may_cancel, may_write_off=may_write_off
        )
        means = Means(context.background, services, actor, self.words)
        self.cancelling = CancelView(means, context.clock)
        self.changing = ChangeView(means, context.clock)
        self.noting = Noting(context, services, self)
        self.vouchers = Vouchers(context, services, self)
        self.issuing = Issuing(context, services, self, self.words)
        self.owing = Owing(context, services, self, self.words)
        self.taking = Taking(context, services, self, self.words)
        self._stack = QStackedWidget()
        for page in (self.lists, self.cancelling, self.changing):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self._connect()

    def _connect(self) -> None:
        super()._connect()
        self.lists.first_action.connect(self._new_booking)
        panel = self.panel
        panel.take_asked.connect(self.take_payment)
        panel.voucher_asked.connect(self.open_voucher)
        panel.read_asked.connect(self.read_payment)
        panel.cancel_asked.connect(self.cancel)
        panel.refund_asked.connect(self._send_refund)
        panel.withdraw_asked.connect(self.take_back)
        panel.payments_asked.connect(self._show_payments)
        panel.invoice_asked.connect(self.invoice)
        panel.document_asked.connect(self.show_document)
        panel.link_asked.connect(self._cancel_link)
        self.at_reader = ReaderWait(self.context, self._services, self, panel)
        panel.change_asked.connect(self.change)
        panel.save_asked.connect(self.save_voucher)
        panel.note_asked.connect(self.add_note)
        panel.note_dropped.connect(self.noting.drop)
        panel.came_in_asked.connect(self.take_more)
        panel.write_off_asked.connect(self.write_off)
        panel.wait_again_asked.connect(self.owing.wait_again)
        panel.too_much_asked.connect(self.settle_too_much)
        self.owing.changed.connect(self.refresh)
        self.taking.changed.connect(self.refresh)
        self.noting.changed.connect(lambda: self._read_detail(self.lists.table.current_row()))
        self.cancelling.left.connect(self._to_the_list)
        self.changing.left.connect(self._to_the_list)
        self.changing.voucher_asked.connect(self.vouchers.open)
        self.vouchers.made.connect(lambda: self._read_detail(self.lists.table.current_row()))

    # what the shell asks

    def command(self) -> Act | None:
        return Act.NEW_BOOKING if self._sells else None

    def handlers(self) -> Mapping[Act, Handler]:
        reading: dict[Act, Handler] = {
            Act.FIND: self._in_list(self.lists.focus_search),
            Act.FILTER: self._in_list(self.lists.choose_filter),
            Act.BACK: self.back,
            Act.TODAY: self._in_list(partial(self.views.choose, "today")),
        }
        selling: dict[Act, Handler] = {
            Act.NEW_BOOKING: self._new_booking,
            Act.PAY: self._in_list(self.take_payment),
            Act.VOUCHER: self._in_list(self.open_voucher),
            Act.INVOICE: self._in_list(self.invoice),
            Act.CHANGE: self._in_list(self._offer_changes),
            Act.NOTE: self._in_list(self.add_note),
            Act.READ_PAYMENT: self._read_key,
        }
        return reading | selling if self._sells else reading

    def panes(self) -> Sequence[QWidget]:
        away = self.away
        return super().panes() if away is None else away.panes

    def tab_from(self, here: QWidget | None, *, ahead: bool) -> QWidget | None:
        away = self.away
        return super().tab_from(here, ahead=ahead) if away is None else away.tab_from(here, ahead=ahead)

    def primary(self) -> QAbstractButton | None:
        away = self.away
        return self.panel.primary if away is None else away.primary

    def refresh(self) -> None:
        super().refresh()
        if allowed(self._actor.role, Permission.ADMIN_BOOKINGS):
            bookings, actor = self._services.bookings, self._actor
            self.context.background.run(
                self,
                lambda _task: bookings.count_by_status(actor),
                key=("states", id(self)),
                newest=True,
                done=self._counts.update,
            )
        if self.away is not None:
            self.away.refresh()

    @property
    def is_cancelling(self) -> bool:
        return self._stack.currentWidget() is self.cancelling

    @property
    def away(self) -> AwayView | None:
        """What stands in the place of the list."""
        page = self._stack.currentWidget()
        return page if isinstance(page, AwayView) else None

    # reading

    def _read_detail(self, row: BookingListRow | None) -> None:
        if row is None:
            return
        booking_id, services, actor = row.id, self._services, self._actor

        def read(_task: object) -> Shown:
            detail = services.bookings.detail(actor, booking_id)
            sale = services.sales.outcome(actor, detail.sale_id) if actor.vendor_id is None else None
            notes = services.notes.of_booking(actor, booking_id) if sale is not None else ()
            given_up = services.debts.of_booking(actor, booking_id) if sale is not None else ()
            may = sale is not None and allowed(actor.role, Permission.INVOICE_ISSUE)
            invoices = services.invoices.of_sale(actor, detail.sale_id) if may else ()
            return Shown(detail, sale, notes, invoices, given_up)

        self.context.background.run(self, read, key=("booking", id(self)), newest=True, done=self._came)

    def _came(self, shown: Shown) -> None:
        row = self.lists.table.current_row()
        if row is not None and row.id == shown.detail.id:
            self.panel.show_booking(shown)

    @property
    def shown(self) -> Shown | None:
        """The booking with the cursor, once it has been read; also while the panel is closed."""
        row, shown = self.lists.table.current_row(), self.panel.shown
        if row is None or shown is None or row.id != shown.detail.id:
            return None
        return shown

    # what others ask

    def open_booking(self, reference: str) -> None:
        """Show one booking, found by its reference."""
        self._to_the_list()
        self._look_for(reference)

    def change_one(self, booking_id: UUID, reference: str, kind: ChangeKind | None) -> None:
        """Show what changing one booking would do, or cancelling it where there is no `kind`."""
        self.open_booking(reference)
        services, actor = self._services, self._actor

        def read(_task: object) -> tuple[BookingDetail, tuple[WayOffer, ...]]:
            return services.bookings.detail(actor, booking_id), services.sales.ways(actor)

        self.context.background.run(
            self, read, key=("change one", id(self)), newest=True, done=partial(self._change_one, kind)
        )

    def _change_one(self, kind: ChangeKind | None, read: tuple[BookingDetail, tuple[WayOffer, ...]]) -> None:
        detail, ways = read
        if kind is not None and detail.can_change:
            self._begin_change(detail, kind, ways)
        elif kind is None and (detail.can_cancel or detail.can_refund):
            self._stack.setCurrentWidget(self.cancelling)
            self.cancelling.begin(detail, whole_sale=False)

    # what the person does

    def _in_list(self, do: Handler) -> Handler:
        """Keys of the list do nothing while a cancellation or a change stands in its place."""

        def act() -> None:
            if self.away is None:
                do()

        return act

    def back(self) -> None:
        """One step: from what stands in the list's place to it, from the panel to the table, then what the list
        does."""
        if self.away is not None:
            self.away.back()
        else:
            super().back()

    def _new_booking(self) -> None:
        desk = self.context.go("desk")
        begin = desk.handlers().get(Act.NEW_BOOKING) if desk is not None else None
        if begin is not None:
            begin()

    def open_voucher(self) -> None:
        shown = self.shown
        if shown is not None and shown.detail.can_print:
            self.vouchers.open(shown.detail, self.panel.voucher)

    def save_voucher(self) -> None:
        """Ask where a copy of the voucher goes."""
        shown = self.shown
        if shown is not None and shown.detail.can_print:
            self.vouchers.ask_where(shown.detail)

    def _read_key(self) -> None:
        match self.away:
            case CancelView():
                self.cancelling.retry_all()
            case ChangeView():
                self.changing.read_now()
            case _:
                self.read_payment()

    def read_payment(self) -> None:
        """Ask the provider about a payment whose outcome is not known."""
        shown = self.shown
        if shown is not None and shown.can_read:
            self.taking.read(shown, self.panel.read)

    def take_payment(self) -> None:
        """Take what is due of the sale."""
        shown = self.shown
        if shown is not None and shown.can_take:
            self.taking.ask(shown, self.panel.take)

    def take_more(self) -> None:
        """Take what was written off, or what came in beyond what is due."""
        shown = self.shown
        if shown is not None and not shown.can_read:
            self.taking.ask(shown, self.panel.more)

    def write_off(self) -> None:
        """Give up what is owed of the booking with the cursor."""
        if (shown := self.shown) is not None and shown.detail.owed.minor:
            self.owing.write_off(shown.detail)

    def settle_too_much(self) -> None:
        """Ask what becomes of what was paid too much of its sale."""
        if (shown := self.shown) is not None and shown.sale is not None and shown.sale.excess is not None:
            self.owing.decide(shown.sale)

    def invoice(self) -> None:
        """Show what is to be invoiced of the booking with the cursor."""
        shown = self.shown
        if shown is not None and self._sells and shown.detail.state is not BookingState.PENDING:
            self.issuing.ask((shown.detail.id,), self.panel.more)

    def show_document(self, number: str) -> None:
        """Show an invoice or a credit note where all of them are."""
        screen = self.context.go("payments")
        show = getattr(screen, "show_invoices", None)
        if show is not None:
            show(number)

    def _show_payments(self) -> None:
        shown = self.shown
        screen = self.context.go("payments") if shown is not None else None
        show_sale = getattr(screen, "show_sale", None)
        if shown is not None and show_sale is not None:
            show_sale(shown.detail.sale_reference)

    # cancelling

    def cancel(self, whole_sale: bool = False) -> None:
        """Show what cancelling the booking with the cursor would do, or its whole sale; of one that has been, what
        giving money back would."""
        shown = self.shown
        if shown is None or not (shown.detail.can_cancel or shown.detail.can_refund):
            return
        self._stack.setCurrentWidget(self.cancelling)
        self.cancelling.begin(shown.detail, whole_sale=whole_sale)

    def take_back(self, order_id: UUID) -> None:
        """Take back a request for a refund that waits for a second person."""
        refunds, actor = self._services.refunds, self._actor
        self.context.background.run(
            self,
            lambda _task: refunds.withdraw(actor, order_id),
            words=self.tr("Taking it back"),
            key=("withdraw", order_id),
            done=lambda order: self.context.say.finished(
                self.tr("{0} is not asked for any more").format(self.words.money(order.amount))
            ),
        )

    # changing

    def _offer_changes(self) -> None:
        if self.shown is not None:  # nobody changes what stands in a panel that is closed
            self.lists.open_detail()
            self.panel.offer_changes()

    def change(self, kind: ChangeKind) -> None:
        """Show what a change of that kind would do to the booking with the cursor."""
        shown = self.shown
        if shown is None or not shown.detail.can_change:
            return
        sales, actor = self._services.sales, self._actor
        self.context.background.run(
            self,
            lambda _task: sales.ways(actor),
            key=("ways", id(self)),
            button=self.panel.change,
            done=partial(self._begin_change, shown.detail, kind),
        )

    def _begin_change(self, detail: BookingDetail, kind: ChangeKind, ways: tuple[WayOffer, ...]) -> None:
        self._stack.setCurrentWidget(self.changing)
        self.changing.begin(detail, kind, ways)

    def add_note(self) -> None:
        """Ask for the words of a note on the booking with the cursor."""
        shown = self.shown
        if shown is not None and shown.sale is not None:
            self.noting.ask(shown.detail)

    def _to_the_list(self) -> None:
        if self.away is not None:
            self._stack.setCurrentWidget(self.lists)
            self._to_table()
