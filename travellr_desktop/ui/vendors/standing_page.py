"""What the provider says of a vendor's account, and what the ledger had for them when a day was over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Signal

from travellr_desktop.domain.payouts.words import PayoutWay
from travellr_desktop.services.payouts.accounts import AccountKnown
from travellr_desktop.services.vendor_terms import BalancesAt, VendorTerms
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.day_text import typed_day
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.vendors.side_page import SidePage
from travellr_desktop.ui.vendors.words import account_words, way_word


class StandingPage(SidePage):
    ask_asked = Signal()
    """The provider should be asked now."""
    earnings_asked = Signal()
    """What they have earned, with every line of it."""

    def __init__(self, formats: Formats) -> None:
        super().__init__(say("Balance"), formats.locale)
        self._formats = formats
        self._of: tuple[UUID, str] | None = None
        self.ask = Button(say("Ask Stripe now"), Kind.QUIET, icon="refresh-cw", height="control_small")
        self.ask.clicked.connect(self.ask_asked)
        account = Section(say("Account"), action=self.ask)
        self.paid_to = Label("", "body", wrap=True)
        self.said = Note("info", "")
        account.body.addWidget(self.paid_to)
        account.body.addWidget(self.said)
        self.body.addWidget(account)
        self.earnings = Button(say("Show what they have earned"), icon="wallet")
        self.earnings.clicked.connect(self.earnings_asked)
        self.body.addWidget(self.earnings)
        body = self.add_form(
            say("Balance at the end of a day"), {"day": Field(say("Day"), longest=20)}, say("Show")
        )
        self.sheet = Sheet(
            say("Balance"),
            (
                SheetColumn(say("When the day was over"), stretch=1),
                SheetColumn(say("Owed"), trailing=True),
                SheetColumn(say("On its way"), trailing=True),
            ),
        )
        self.none = Label(say("Nothing was owed then."), "small", "text_secondary", wrap=True)
        self.about = Label(
            say("Owed is what was earned and not sent yet, whether it may be paid already or not."),
            "small",
            "text_secondary",
            wrap=True,
        )
        for part in (self.sheet, self.none, self.about):
            body.addWidget(part)
        self.said.hide()

    def show_terms(self, terms: VendorTerms) -> None:
        way, label = terms.draft.way, terms.label
        self.paid_to.setText(f"{way_word(way)}: {label}" if label else way_word(way))
        self.ask.setVisible(way is PayoutWay.TRANSFER)
        if (terms.vendor_id, label) != self._of:  # what was said was of another account
            self._of = (terms.vendor_id, label)
            self.said.hide()

    def show_account(self, known: AccountKnown | None, now: datetime) -> None:
        self.said.setVisible(known is not None)
        if known is not None:
            self.said.say(*account_words(known, self._formats, now))

    def show_balances(self, balances: BalancesAt) -> None:
        field = self.own["day"]
        assert isinstance(field, Field)
        field.set_text(typed_day(balances.day, self.spoken))
        self.forget()
        self.sheet.clear()
        for row in balances.rows:
            self.sheet.add(
                [
                    Says(typed_day(balances.day, self.spoken)),
                    self._amount(row.payable.minor, self._formats.money(row.payable)),
                    self._amount(row.in_transit.minor, self._formats.money(row.in_transit)),
                ]
            )
        self.sheet.setVisible(bool(balances.rows))
        self.none.setVisible(not balances.rows)
        self.about.setVisible(bool(balances.rows))

    @staticmethod
    def _amount(minor: int, words: str) -> Says:
        if not minor:
            return Says("–")
        return Says(words, say("below zero") if minor < 0 else "", tone="bad" if minor < 0 else "text")
