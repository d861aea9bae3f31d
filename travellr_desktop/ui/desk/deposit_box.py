"""Whether the basket is confirmed by its deposit, where the rest is due later."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Refusal
from travellr_desktop.services.instalments import DepositQuote
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.screen import Context


class DepositBox(QWidget):
    """Not there where all is due at once. `changed` when another amount is to be taken."""

    changed = Signal()

    def __init__(
        self, context: Context, session: Session, formats: Formats, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._session, self._formats = context, session, formats
        self.quote: DepositQuote | None = None
        self.only = CheckBox(self.tr("Deposit only"))
        self.second = Label("", "small", "text_secondary", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.only)
        column.addWidget(self.second)
        self.only.toggled.connect(lambda _on: self.changed.emit())
        session.lines_changed.connect(self.look)
        session.reduction.changed.connect(self.look)
        self.hide()

    @property
    def chosen(self) -> bool:
        return self.quote is not None and self.only.isChecked()

    def amount(self) -> Money | None:
        """What is taken now, where that is the deposit."""
        return self.quote.now if self.chosen and self.quote is not None else None

    def look(self) -> None:
        """Ask anew what the deposit of the basket is."""
        holds = [line.hold.id for line in self._session.lines]
        if not holds or self._session.outcome is not None:
            self._show(None)
            return
        sales = cast(Services, self._context.services).sales
        actor, reduction = self._context.actor, self._session.reduction
        ask, promo = reduction.ask, reduction.promo
        self._context.background.run(
            self,
            lambda _task: sales.deposit_of(actor, holds, ask, promo),
            key="desk.deposit",
            newest=True,
            done=self._show,
            refused=self._refused,
        )

    def _refused(self, _refusal: Refusal) -> None:
        """Why it cannot be sold is said where it is sold."""
        self._show(None)

    def _show(self, quote: DepositQuote | None) -> None:
        if quote is None:
            self.only.setChecked(False)  # the next basket begins without
        if quote != self.quote:
            self.quote = quote
            if quote is not None:
                now, later = self._formats.money(quote.now), self._formats.money(quote.later)
                self.only.setText(self.tr("Deposit only, {0}").format(now))
                by = self._formats.day(quote.by)
                self.second.setText(self.tr("{0} is due later, until {1}").format(later, by))
            self.changed.emit()
        self.setVisible(quote is not None)
