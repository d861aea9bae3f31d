"""The payments of a file for the bank: a table that scrolls, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QModelIndex, QSize, Signal
from PySide6.QtWidgets import QSizePolicy

from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.payouts.bank_views import FilePayout
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.payouts.bank_file_dialogs import say
from travellr_desktop.ui.tables import Column, Density, Kind
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.tables import TillTable

_MOST = 8
"""So many rows are seen at once; the others are scrolled to."""
_BACK = "back"
_STATES = {
    PayoutState.SENDING: ("on its way", "text_secondary"),
    PayoutState.PAID: ("paid", "text_secondary"),
    PayoutState.FAILED: ("did not go", "bad"),
    PayoutState.RETURNED: ("came back", "wait"),
}


@dataclass(frozen=True, slots=True)
class PaymentLine:
    id: UUID
    payment: FilePayout

    @property
    def may_come_back(self) -> bool:
        return self.payment.state in (PayoutState.SENDING, PayoutState.PAID)


class PaymentsTable(TillTable[PaymentLine]):
    """`came_back(payment)` asks to write down that one did: by Enter, or a click on its words. With `may_run` only."""

    came_back = Signal(object)

    def __init__(self, name: str, payments: Sequence[FilePayout], formats: Formats, *, may_run: bool) -> None:
        self._may_run = may_run
        says_why = any(each.failure for each in payments)
        columns = _columns(formats, says_why=says_why, may_run=may_run)
        super().__init__(name, columns, density=Density.TWO_LINE)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_rows([PaymentLine(each.payout_id, each) for each in payments])
        self.row_activated.connect(self._ask)
        self.clicked.connect(self._clicked_on)
        Theme.current().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        seen = min(len(self.rows), _MOST)
        bar = self.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        return QSize(320, Theme.current().size("table_header") + seen * self.row_height + below)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _clicked_on(self, index: QModelIndex) -> None:
        row = self.rows_model.row(index.row())
        if row is not None and self.rows_model.columns[index.column()].key == _BACK:
            self._ask(row)

    def _ask(self, row: PaymentLine) -> None:
        if self._may_run and row.may_come_back:
            self.came_back.emit(row.payment)


def _columns(formats: Formats, *, says_why: bool, may_run: bool) -> list[Column[PaymentLine]]:
    columns: list[Column[PaymentLine]] = [
        Column(
            "vendor",
            say("Vendor"),
            lambda row: row.payment.vendor,
            Kind.TWO_LINE,
            160,
            96,
            2,
            sortable=False,
            second=lambda row: row.payment.label,
        ),
        Column(
            "amount",
            say("Amount"),
            lambda row: formats.money(row.payment.amount),
            Kind.MONEY,
            104,
            sortable=False,
        ),
        Column(
            "state",
            say("At the bank"),
            lambda row: say(_STATES[row.payment.state][0]),
            Kind.DATE,  # never cut, as little as a day is
            104,
            sortable=False,
            tone=lambda row: _STATES[row.payment.state][1],
        ),
    ]
    if says_why:
        columns.append(
            Column("why", say("Why"), lambda row: row.payment.failure, width=140, stretch=1, sortable=False)
        )
    if may_run:
        columns.append(
            Column(
                _BACK,
                "",
                lambda row: say("Came back") if row.may_come_back else "",
                Kind.DATE,  # never cut, as little as a day is
                92,
                sortable=False,
                tone=lambda _row: "accent_text",
            )
        )
    return columns
