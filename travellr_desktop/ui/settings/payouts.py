"""Payouts: from what amount on vendors are paid, with which papers, who approves, and from which account."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.payouts.iban import in_groups
from travellr_desktop.domain.payouts.words import VendorPaper
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.services.payout_settings import (
    PayoutRules,
    PayoutSettings,
    PayoutSettingsService,
    checked,
)
from travellr_desktop.ui.amounts import amounts_of, amounts_text
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.columns import Columns, FactColumns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.form_section import FormSection
from travellr_desktop.ui.vendors.words import paper_word


def _say(text: str) -> str:
    return QCoreApplication.translate("PayoutsSection", text)


class PayoutsSection(FormSection[PayoutSettings]):
    """An admin has fields, a manager reads."""

    key, icon = "payouts", "hand-coins"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Payouts"),
            _say("What holds for paying all vendors. What is agreed with one of them stands under Vendors."),
        )
        self._service: PayoutSettingsService = context.services.payout_settings
        self._locale: str = context.services.locale
        self._formats = Formats(self._locale)
        self._seen: PayoutRules | None = None
        if self.may_write:
            self._build_form()
        else:
            self._build_facts()

    def wanted(self) -> bool:
        return allowed(self.actor.role, Permission.PAYOUT_READ)

    # building

    def _build_form(self) -> None:
        days = [(str(day), self._formats.weekday(day)) for day in range(7)]
        self.parts = {
            "minimums": Field(
                _say("Smallest payout, by currency"), placeholder="50 EUR; 8000 JPY; 0 CHF", longest=200
            ),
            "weekday": Choice(_say("A week begins on"), days),
            "iban": Field(_say("Vendors are paid from, IBAN"), placeholder="ME25 5050 0001 2345 6789 51"),
            "bic": Field(_say("BIC of that bank"), placeholder="CKBCMEPG"),
            **{f"paper_{kind.value}": CheckBox(paper_word(kind)) for kind in VendorPaper},
            "alone": CheckBox(_say("One person may prepare and approve a batch")),
            "run": CheckBox(_say("Approved batches are sent by themselves")),
        }
        papers = [self.parts[f"paper_{kind.value}"] for kind in VendorPaper]
        self.body.addWidget(Columns([self.parts[name] for name in ("minimums", "weekday", "iban", "bic")]))
        self.known = Label("", "small", "text_secondary", wrap=True)
        self.body.addWidget(self.known)
        wanted = Section(_say("A vendor is paid only with these papers"), quiet=True)
        wanted.body.addWidget(Columns(papers, gap=8))
        self.body.addWidget(wanted)
        self.body.addWidget(self.parts["alone"])
        self.alone_note = Note(
            "wait",
            _say("Nobody else looks at a batch before the money leaves."),
            _say("Each batch that is approved so says it for ever, and so does the audit."),
        )
        self.body.addWidget(self.alone_note)
        self.body.addWidget(self.parts["run"])
        self.run_note = Note(
            "info",
            _say("Money leaves as soon as a batch is approved."),
            _say("Files for the bank are still made, and taken there, by a person."),
        )
        self.body.addWidget(self.run_note)
        self.end_form(
            _say("Save what holds for payouts"),
            _say("Saving what holds for payouts"),
            _say("What holds for payouts is saved"),
        )

    def _build_facts(self) -> None:
        facts = FactColumns()
        titles = {
            "minimums": _say("Smallest payout"),
            "weekday": _say("A week begins on"),
            "label": _say("Vendors are paid from"),
            "papers": _say("A vendor is paid only with"),
            "alone": _say("Approving"),
            "run": _say("Sending"),
        }
        self._values = {name: facts.add_fact(title) for name, title in titles.items()}
        self.body.addWidget(facts)
        self.end_facts()

    # reading

    def _read(self) -> PayoutSettings:
        return self._service.read(self.actor)

    def _raw(self, view: PayoutSettings) -> dict[str, object]:
        return self._raw_of(view.rules)

    def _show_view(self, view: PayoutSettings) -> None:
        self._seen = view.rules
        if not self.may_write:
            for name, words in self._told(view).items():
                self._values[name].setText(words)
            return
        known = amounts_text(view.known, self._locale)
        self.known.setText(
            _say("Where nothing is said of a currency: {0}. Others are not paid.").format(known)
        )

    def _raw_of(self, rules: PayoutRules) -> dict[str, object]:
        """Rules as they stand in the parts."""
        return {
            "minimums": amounts_text(rules.minimums, self._locale),
            "weekday": str(rules.weekday),
            "iban": in_groups(rules.iban),
            "bic": rules.bic,
            **{f"paper_{kind.value}": kind in rules.papers for kind in VendorPaper},
            "alone": rules.alone,
            "run": rules.run,
        }

    def _told(self, view: PayoutSettings) -> dict[str, str]:
        rules = view.rules
        named = {amount.currency for amount in rules.minimums}
        minimums = (*rules.minimums, *(amount for amount in view.known if amount.currency not in named))
        return {
            "minimums": amounts_text(minimums, self._locale),
            "weekday": self._formats.weekday(rules.weekday),
            "label": view.label or _say("no account yet"),
            "papers": ", ".join(paper_word(kind) for kind in rules.papers) or _say("no paper is asked for"),
            "alone": _say("One person prepares and approves")
            if rules.alone
            else _say("A second person approves"),
            "run": _say("As soon as a batch is approved") if rules.run else _say("By a person"),
        }

    # changing

    def _typed(self) -> PayoutRules:
        """Raises `InvalidInput` naming every field at fault."""
        raw = self.raw()
        faults = Faults()
        rules = PayoutRules(
            minimums=faults.read((), amounts_of, str(raw["minimums"]), self._locale, "minimums"),
            papers=tuple(kind for kind in VendorPaper if raw[f"paper_{kind.value}"]),
            weekday=int(str(raw["weekday"])),
            alone=bool(raw["alone"]),
            run=bool(raw["run"]),
            iban=str(raw["iban"]),
            bic=str(raw["bic"]),
        )
        faults.check(checked, rules)
        faults.end()
        return rules

    def _edited(self) -> None:
        raw = self.raw()
        self.alone_note.setVisible(bool(raw["alone"]))
        self.run_note.setVisible(bool(raw["run"]))

    def _keeping(self) -> Callable[[], object]:
        rules, before = self._typed(), self._seen
        return lambda: self._service.save(self.actor, rules, before=before)
