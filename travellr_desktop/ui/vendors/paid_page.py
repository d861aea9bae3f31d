"""When and where a vendor is paid, from what amount on, and what else stands on their statements."""

from __future__ import annotations

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.payouts.iban import in_groups
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule
from travellr_desktop.domain.places import countries
from travellr_desktop.services.vendor_drafts import (
    LONGEST_ADDRESS,
    LONGEST_HOLDER,
    LONGEST_NUMBER,
    TermsDraft,
    checked,
)
from travellr_desktop.services.vendor_terms import VendorTerms
from travellr_desktop.ui.amounts import amounts_of, amounts_text
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import say
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import put
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.vendors.words import schedule_word, way_word

_NOWHERE = ""
_OF_WAY = {PayoutWay.TRANSFER: ("account_ref",), PayoutWay.BANK: ("iban", "holder", "bic")}


class PaidPage(FormPage):
    """Of the accounts only the one that is paid to has fields; what the other had stays as it was."""

    def __init__(self, locale: str) -> None:
        super().__init__(say("How the vendor is paid"))
        self._locale = locale
        self._loaded = TermsDraft()
        ways = [(_NOWHERE, way_word(None)), *((way.value, way_word(way)) for way in PayoutWay)]
        schedule = Choice(say("Paid"), [(each.value, schedule_word(each)) for each in Schedule])
        self.way = Choice(say("Where to"), ways)
        self.body.addWidget(Columns((self.keep("schedule", schedule), self.keep("way", self.way)), gap=12))
        account = Field(say("Account with Stripe"), placeholder="acct_1NxYzA8812", longest=255)
        self.body.addWidget(self.keep("account_ref", account))
        iban = Field(say("IBAN"), placeholder="ME25 5050 0001 2345 6789 51", longest=64)
        holder = Field(say("Account holder"), placeholder="Boka d.o.o.", longest=LONGEST_HOLDER)
        bic = Field(say("BIC, outside of SEPA"), placeholder="CKBCMEPG", longest=20)
        self.body.addWidget(self.keep("iban", iban))
        self.bank = Columns((self.keep("holder", holder), self.keep("bic", bic)), gap=12)
        self.body.addWidget(self.bank)
        self.shared = Note("wait", "")
        self.body.addWidget(self.shared)
        minimums = Field(say("Smallest payout agreed with them"), placeholder="50 EUR; 8000 JPY", longest=200)
        self.body.addWidget(self.keep("minimums", minimums))
        self.usual = Label("", "small", "text_secondary", wrap=True)
        self.body.addWidget(self.usual)
        address = TextBox(
            say("Address on statements"), rows=2, placeholder="Riva 1\n85330 Kotor", longest=LONGEST_ADDRESS
        )
        self.body.addWidget(self.keep("address", address))
        lands = [(_NOWHERE, say("Not known")), *countries(locale).items()]
        tax = Field(say("Tax number"), placeholder="02345678", longest=LONGEST_NUMBER)
        self.body.addWidget(
            Columns(
                (self.keep("country", Choice(say("Country"), lands)), self.keep("tax_number", tax)), gap=12
            )
        )
        self.way.box.currentIndexChanged.connect(self._offer)
        self.shared.hide()
        self._offer()

    def show_terms(self, terms: VendorTerms) -> None:
        self._loaded = terms.draft
        for name, text in self._typed_as(terms.draft).items():
            put(self.parts[name], text)
        usual = amounts_text(terms.agency_minimums, self._locale)
        self.usual.setText(say("Where nothing is agreed: {0}. Other currencies are not paid.").format(usual))
        self.shared.setVisible(bool(terms.shared_with))
        if terms.shared_with:
            self.shared.say(
                "wait",
                say("{0} has the same account").format(", ".join(terms.shared_with)),
                say("Compare it with what both wrote, unless they are one business."),
            )
        self._offer()

    def values(self, faults: Faults) -> TermsDraft:
        """What was typed; its faults are kept."""
        way = PayoutWay(self.text("way")) if self.text("way") else None
        draft = TermsDraft(
            schedule=Schedule(self.text("schedule")),
            way=way,
            account_ref=self.text("account_ref"),
            iban="".join(self.text("iban").split()).upper(),
            bic=self.text("bic"),
            holder=self.text("holder"),
            minimums=faults.read((), amounts_of, self.text("minimums"), self._locale, "minimums"),
            address=self.text("address"),
            country=self.text("country"),
            tax_number=self.text("tax_number"),
        )
        faults.check(checked, draft)
        return draft

    def _typed_as(self, draft: TermsDraft) -> dict[str, str]:
        return {
            "schedule": draft.schedule.value,
            "way": _NOWHERE if draft.way is None else draft.way.value,
            "account_ref": draft.account_ref,
            "iban": in_groups(draft.iban),
            "holder": draft.holder,
            "bic": draft.bic,
            "minimums": amounts_text(draft.minimums, self._locale),
            "address": draft.address,
            "country": draft.country,
            "tax_number": draft.tax_number,
        }

    def _offer(self, *_: object) -> None:
        chosen, loaded = self.way.value(), self._typed_as(self._loaded)
        for way, names in _OF_WAY.items():
            shown = way.value == chosen
            for name in names:
                part = self.parts[name]
                assert isinstance(part, Field)
                part.setVisible(shown)
                if not shown and part.text() != loaded[name]:
                    part.set_text(loaded[name])
                    part.set_error(None)
        self.bank.setVisible(chosen == PayoutWay.BANK.value)
