"""An X or a Z of before, beside the list of them: its sums, what was counted, and its paper."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.till import CountKind
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import MoneyRows, Section
from travellr_desktop.ui.till.words import difference_words, pieces_words


class ClosePanel(DetailPanel):
    """`printed(TillReport)` asks for the paper."""

    printed = Signal(object)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("An X or a Z"), parent)
        self._formats = formats
        self.report: TillReport | None = None
        self.print: Button | None = None

    def show_report(self, report: TillReport) -> None:
        """All of a session that was closed, or of one as it was read."""
        before = self.report
        same = before is not None and (before.session_id, before.read_id) == (
            report.session_id,
            report.read_id,
        )
        self.report = report
        when = self._formats.when
        with self.refilled(same=same):
            who = report.read_by if report.is_open else report.closed_by
            self.set_head(report.name, person=when(report.read_at, self._formats.zone), contact=who)
            self.print = Button(self.tr("Open the paper"), Kind.PLAIN, icon="printer", key="F7")
            self.print.clicked.connect(lambda: self.printed.emit(report))
            self.action_row.addWidget(self.print)
            self.action_row.addStretch(1)
            for currency in (each.currency for each in report.figures):
                self._add_currency(report, currency)
            for title, reason in (
                (self.tr("Why the float differed"), report.opened_reason),
                (self.tr("Why the count differed"), report.closed_reason),
            ):
                if reason:
                    section = Section(title, quiet=True)
                    section.body.addWidget(Label(reason, "body", wrap=True))
                    self.add(section)
            opened = Section(self.tr("Opened"), quiet=True)
            words = f"{when(report.opened_at, self._formats.zone)} · {report.opened_by}"
            opened.body.addWidget(Label(words, "body", wrap=True))
            self.add(opened)

    def first_actions(self) -> tuple[QWidget | None, ...]:
        return (self.print,)

    def _add_currency(self, report: TillReport, currency: str) -> None:
        found = report.counted(CountKind.CLOSE, currency)
        figures = report.of(currency)
        if figures is None or (found is None and not report.is_open):
            return
        money, day = self._formats.money, figures.day
        rows = MoneyRows(gap=2)
        for words, amount in (
            (self.tr("Float"), day.opened_with),
            (self.tr("Differed at the opening"), figures.differed),
            (self.tr("Cash sales"), day.cash_sales),
            (self.tr("Cash refunds"), -day.cash_refunds),
            (self.tr("Paid out"), -day.paid_out),
            (self.tr("Dropped to the safe"), -day.dropped),
            (self.tr("Added"), day.added),
        ):
            if amount:
                rows.add(words, money(amount))
        if found is None:
            rows.add(self.tr("Expected"), money(figures.expected), strong=True)
            self.add(rows)
            return
        rows.add(self.tr("Expected"), money(found.expected), strong=True)
        rows.add(self.tr("Counted"), money(found.count.total), strong=True)
        tone = "wait" if found.difference else None
        rows.add(
            difference_words(found.difference),
            money(found.difference, sign=bool(found.difference)),
            tone=tone,
        )
        self.add(rows)
        parts = Section(self.tr("Stayed and went"), quiet=True)
        split = MoneyRows(gap=2)
        split.add(self.tr("In the drawer"), money(found.stays.total))
        split.add(self.tr("To the safe"), money(-found.safe))
        parts.body.addWidget(split)
        pieces = pieces_words(found.count, self._formats)
        if pieces:
            parts.body.addWidget(
                Label(self.tr("Counted: {0}").format(pieces), "small", "text_secondary", wrap=True)
            )
        self.add(parts)
