"""What is taken off the basket: a discount, a promo code, and what it comes to. Asks the services; shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Refusal
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.promos import DiscountQuote
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.desk.draft import Draft
from travellr_desktop.ui.screen import Context


class Reduction(QObject):
    """`ask` and `promo` are what was given; `quote` is what they come to for the basket as it is, None until it is
    known. `refusal` says why they do not hold (any more)."""

    changed = Signal()

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(draft)
        self._context, self._draft = context, draft
        self._promos = cast(Services, context.services).promos
        self.ask: DiscountAsk | None = None
        self.promo = ""
        self.quote: DiscountQuote | None = None
        self.refusal: Refusal | None = None
        draft.lines_changed.connect(self._basket_changed)

    @property
    def given(self) -> bool:
        return self.ask is not None or bool(self.promo)

    def total(self) -> Money | None:
        """What the basket costs with it; as `Draft.total`."""
        total = self._draft.total()
        if total is None or self.quote is None or self.quote.list_total != total:
            return total
        return self.quote.total

    def why_not(self) -> str:
        """Why the basket cannot be paid with it; empty if it can."""
        if self.refusal is not None:
            return str(self.refusal)
        if self.given and self.quote is None:
            return self.tr("The discount is being reckoned.")
        return ""

    def give(
        self,
        ask: DiscountAsk | None,
        promo: str,
        *,
        button: QAbstractButton | None = None,
        given: Callable[[], None] | None = None,
        refused: Callable[[Refusal], None] | None = None,
    ) -> None:
        """Take these in place of what was given before, and tell `given`; where they are refused what was given
        stays."""

        def done(quote: DiscountQuote | None) -> None:
            self.ask, self.promo, self.quote, self.refusal = ask, promo, quote, None
            self.changed.emit()
            if given is not None:
                given()

        if ask is None and not promo:
            done(None)
            return
        self._reckon(ask, promo, done, refused or self._refused, button)

    def _reckon(
        self,
        ask: DiscountAsk | None,
        promo: str,
        done: Callable[[DiscountQuote | None], None],
        refused: Callable[[Refusal], None],
        button: QAbstractButton | None = None,
    ) -> None:
        holds = [line.hold.id for line in self._draft.lines]
        actor, promos = self._context.actor, self._promos
        self._context.background.run(
            self,
            lambda _task: promos.quote(actor, holds, ask, promo),
            key="desk.discount",
            newest=True,
            button=button,
            done=done,
            refused=refused,
        )

    def _basket_changed(self) -> None:
        if not self.given:
            return
        if not self._draft.lines:  # the next traveller's basket begins without
            self.give(None, "")
            return
        if self.quote is not None and self.quote.list_total == self._draft.total():
            return
        self.quote, self.refusal = None, None
        self._reckon(self.ask, self.promo, self._known, self._refused)
        self.changed.emit()

    def _known(self, quote: DiscountQuote | None) -> None:
        self.quote, self.refusal = quote, None
        self.changed.emit()

    def _refused(self, refusal: Refusal) -> None:
        self.quote, self.refusal = None, refusal
        self.changed.emit()
