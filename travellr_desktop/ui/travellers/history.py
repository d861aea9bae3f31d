"""What a traveller booked and paid: two lists of any length in one place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.lists import BookingListRow, PaymentListRow
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.payments.columns import way_icon, way_words
from travellr_desktop.ui.records.words import PAYMENT_BADGES, count
from travellr_desktop.ui.tables import Column, Kind, LoadState, PagedModel, TableView
from travellr_desktop.ui.tables.footer import TableFooter
from travellr_desktop.ui.tables.sums import sums_of
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.words import PeopleWords

AT_ONCE = 8
"""As many rows are in sight; more are scrolled to."""


def booking_columns(words: PeopleWords) -> tuple[Column[BookingListRow], ...]:
    def departs(row: BookingListRow) -> str:
        return words.long_day(words.formats.local(row.departs, row.zone).date())

    return (
        Column("departs", "Departs", departs, Kind.DATE, width=100, sortable=False),
        Column("trip", "Trip", lambda row: row.trip, width=130, min_width=80, stretch=1, sortable=False),
        Column("status", "State", kind=Kind.BADGE, badge=lambda row: row.status, width=124, sortable=False),
        Column(
            "total",
            "Total",
            lambda row: words.money(row.total),
            Kind.MONEY,
            width=76,
            sortable=False,
            sum="total",
        ),
    )


def payment_columns(words: PeopleWords, clock: Clock) -> tuple[Column[PaymentListRow], ...]:
    return (
        Column(
            "at", "When", lambda row: words.stamp(row.at, clock.now()), Kind.DATE, width=100, sortable=False
        ),
        Column("way", "Way", way_words, width=130, min_width=80, stretch=1, icon=way_icon, sortable=False),
        Column(
            "status",
            "State",
            lambda row: PAYMENT_BADGES[row.status][1],
            Kind.BADGE,
            badge=lambda row: PAYMENT_BADGES[row.status][0],
            width=108,
            sortable=False,
        ),
        Column(
            "amount",
            "Amount",
            lambda row: words.money(row.amount),
            Kind.MONEY,
            width=76,
            sortable=False,
            sum="amount",
        ),
    )


class Rows(QWidget):
    """One of the lists: as high as its rows up to a point, with their sum below. Nothing at all says so."""

    opened = Signal(object)

    def __init__(self, model: PagedModel[Any], title: str, none: str, words: PeopleWords) -> None:
        super().__init__()
        self.model, self._words = model, words
        self._nouns = (title[:-1].lower(), title.lower())
        self.table = TableView(model, title=title)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.footer = TableFooter()
        self.none = Label(none, "body", "text_secondary", wrap=True)
        self.none.setContentsMargins(16, 0, 16, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.table, self.footer, self.none):
            column.addWidget(part)
        self.none.hide()
        model.counted.connect(self._fit)
        model.reread.connect(self._fit)
        model.totalled.connect(self._sum)
        self.table.row_activated.connect(self.opened)
        Theme.current().changed.connect(self._fit)

    def show_of(self, traveller_id: UUID, *, same: bool) -> None:
        """Read what is theirs: anew, or again with selection and place kept."""
        if same and self.model.state is not LoadState.EMPTY:
            self.model.refresh(self.table.place())
            return
        self.table.selectionModel().setCurrentIndex(
            QModelIndex(), self.table.selectionModel().SelectionFlag.Clear
        )
        self.model.open(ListQuery(filters={"traveller": traveller_id}, sort=self._sort, descending=True))

    @property
    def _sort(self) -> str:
        return "departs" if self.model.columns[0].key == "departs" else "at"

    def _fit(self, *_: object) -> None:
        number = self.model.rowCount()
        shown = min(number, AT_ONCE)
        head = Theme.current().size("table_header")
        self.table.setFixedHeight(head + shown * self.table.row_height + 2)
        self.table.setVisible(number > 0)
        self.footer.setVisible(number > 0)
        self.none.setVisible(number == 0)
        self.footer.set_rows(count(number, *self._nouns))
        self.updateGeometry()

    def _sum(self) -> None:
        titles = {column.sum: column.title for column in self.model.columns if column.sum}
        if self.model.totals is not None:
            self.footer.set_sums(sums_of(self.model.totals.sums, titles, self._words.minor, ""))


class History(QWidget):
    """Bookings or payments of one traveller, the newest first. Enter on a row opens it on its own screen."""

    booking_opened = Signal(str)
    """Reference of a booking."""
    payment_opened = Signal(str)
    """Reference of a sale."""

    def __init__(
        self,
        services: Services,
        actor: Actor,
        words: PeopleWords,
        clock: Clock,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown: UUID | None = None
        bookings: PagedModel[BookingListRow] = PagedModel(
            booking_columns(words), lambda query: services.lists.bookings(actor, query)
        )
        payments: PagedModel[PaymentListRow] = PagedModel(
            payment_columns(words, clock), lambda query: services.lists.payments(actor, query)
        )
        self.bookings = Rows(bookings, self.tr("Bookings"), self.tr("Nothing booked yet."), words)
        self.payments = Rows(payments, self.tr("Payments"), self.tr("Nothing paid yet."), words)
        self.views = Segments(
            self.tr("History"), (("bookings", self.tr("Bookings")), ("payments", self.tr("Payments")))
        )
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.addWidget(Label(self.tr("History"), "lead"), 1)
        head.addWidget(self.views)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        for page in (self.bookings, self.payments):
            column.addWidget(page)
        self.payments.hide()
        self.views.chosen.connect(self._choose)
        self.bookings.opened.connect(lambda row: self.booking_opened.emit(row.reference))
        self.payments.opened.connect(lambda row: self.payment_opened.emit(row.sale_reference))

    @property
    def rows(self) -> Rows:
        """The list that is shown."""
        return self.payments if self.views.value() == "payments" else self.bookings

    def show_of(self, traveller_id: UUID) -> None:
        same = traveller_id == self._shown
        self._shown = traveller_id
        for rows in (self.bookings, self.payments):
            rows.show_of(traveller_id, same=same)

    def close_down(self) -> None:
        self.bookings.model.close()
        self.payments.model.close()

    def _choose(self, view: str) -> None:
        self.bookings.setVisible(view == "bookings")
        self.payments.setVisible(view == "payments")
