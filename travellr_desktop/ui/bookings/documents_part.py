"""The invoices and credit notes of a booking's sale, in its panel: each leads to where it is shown whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.services.invoice_views import InvoiceRow
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.records.words import Words

_LINK_EDGE = 8
"""How far the words of a link stand from its edge."""


def _say(text: str) -> str:
    return QCoreApplication.translate("BookingPanel", text)


def documents_section(rows: Sequence[InvoiceRow], words: Words, show: Callable[[str], object]) -> Section:
    """`show` is given the number of the one that was pressed."""
    section = Section(_say("Invoices"))
    for row in rows:
        section.body.addWidget(_document(row, words, show))
    return section


def _document(row: InvoiceRow, words: Words, show: Callable[[str], object]) -> QWidget:
    credit = row.kind is InvoiceKind.CREDIT_NOTE
    kind = _say("Credit note") if credit else _say("Invoice")
    amount = words.signed(-row.gross) if credit else words.money(row.gross)
    whole = QWidget()
    lines = QVBoxLayout(whole)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(0)
    number = Button(row.number, Kind.LINK, height="control_small")
    number.setAccessibleName(f"{kind} {row.number}, {amount}")
    number.clicked.connect(partial(_shown, show, row.number))
    first = QHBoxLayout()
    first.addWidget(number)
    first.addStretch(1)
    first.addWidget(Label(amount, "body_m", align=Qt.AlignmentFlag.AlignRight))
    lines.addLayout(first)
    second = QHBoxLayout()
    second.addSpacing(_LINK_EDGE)
    about = f"{kind} · {words.short_day(row.issued_on)}"
    second.addWidget(Label(about, "small", "text_secondary", wrap=True), 1)
    lines.addLayout(second)
    return whole


def _shown(show: Callable[[str], object], number: str) -> None:
    show(number)
