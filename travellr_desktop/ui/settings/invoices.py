"""Invoices: what the agency says of itself on them beside its legal name and tax number, and whether what is confirmed
is invoiced by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from PySide6.QtCore import QCoreApplication, Qt

from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.services.invoice_views import InvoiceSettings, InvoiceTerms
from travellr_desktop.services.invoices import LONGEST_ADDRESS, LONGEST_BANK, LONGEST_FOOTER, InvoiceService
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.columns import Columns, FactColumns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.form_section import FormSection


def _say(text: str) -> str:
    return QCoreApplication.translate("InvoicesSection", text)


MISSING = {
    "legal": "the legal name",
    "address": "the address",
    "country": "the country",
    "tax_number": "the tax number",
}
"""What an invoice cannot do without."""


def missing_words(missing: tuple[str, ...]) -> str:
    """`The address and the tax number are missing.`"""
    names = [_say(MISSING[name]) for name in missing]
    listed = names[0] if len(names) == 1 else _say("{0} and {1}").format(", ".join(names[:-1]), names[-1])
    verb = _say("{0} is missing.") if len(names) == 1 else _say("{0} are missing.")
    said = verb.format(listed)
    return said[:1].upper() + said[1:]


class InvoicesSection(FormSection[InvoiceSettings]):
    """An admin has fields, everybody else reads."""

    key, icon = "invoices", "file-text"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Invoices"),
            _say("What stands on invoices and credit notes, beside the agency's legal name and tax number."),
        )
        self._service: InvoiceService = context.services.invoices
        self.note = Note("wait", "", "")
        self.note.hide()
        self.body.addWidget(self.note)
        if self.may_write:
            self._build_form()
        else:
            self._build_facts()

    def wanted(self) -> bool:
        return allowed(self.actor.role, Permission.INVOICE_ISSUE)

    # building

    def _build_form(self) -> None:
        self.parts = {
            "address": TextBox(
                _say("Address"), rows=3, placeholder="Stari grad 12\n85330 Kotor", longest=LONGEST_ADDRESS
            ),
            "bank": TextBox(
                _say("Bank account, where it is to be paid to"),
                rows=3,
                placeholder="CKB Kotor\nIBAN ME25 5100 0000 0012 3456 78",
                longest=LONGEST_BANK,
            ),
            "country": Field(_say("Country"), placeholder="Montenegro"),
            "registration": Field(_say("Registration number"), placeholder="5-0123456"),
            "footer": TextBox(
                _say("Words at the foot"),
                rows=2,
                placeholder=_say("Questions within 30 days: desk@example.com"),
                longest=LONGEST_FOOTER,
            ),
            "by_itself": CheckBox(_say("Issue an invoice by itself when a booking is confirmed")),
        }
        for part in self.parts.values():
            if isinstance(part, Field):
                part.edit.setMaxLength(512)
        one, two, three, four, *rest = self.parts.values()
        self.body.addWidget(Columns((one, two)))
        self.body.addWidget(Columns((three, four)))
        for part in rest:
            self.body.addWidget(part)
        self.end_form(
            _say("Save the invoices' words"),
            _say("Saving what stands on invoices"),
            _say("What stands on invoices is saved"),
        )

    def _build_facts(self) -> None:
        facts = FactColumns()
        titles = {
            "address": _say("Address"),
            "country": _say("Country"),
            "registration": _say("Registration number"),
            "bank": _say("Bank account"),
            "footer": _say("Words at the foot"),
            "by_itself": _say("When a booking is confirmed"),
        }
        self._values = {name: facts.add_fact(title) for name, title in titles.items()}
        self.body.addWidget(facts)
        self.end_facts()

    # reading

    def _read(self) -> InvoiceSettings:
        return self._service.settings(self.actor)

    def _raw(self, view: InvoiceSettings) -> dict[str, object]:
        return asdict(view.terms)

    def _show_view(self, view: InvoiceSettings) -> None:
        self._say_missing(view.missing)
        if not self.may_write:
            for name, label in self._values.items():
                label.setText(self._told(view.terms, name))

    @staticmethod
    def _told(terms: InvoiceTerms, name: str) -> str:
        if name == "by_itself":
            return (
                _say("An invoice is issued by itself") if terms.by_itself else _say("It is asked for by hand")
            )
        return str(getattr(terms, name)).replace("\n", ", ") or "–"

    def _say_missing(self, missing: tuple[str, ...]) -> None:
        self.note.setVisible(bool(missing))
        if missing:
            elsewhere = {"legal", "tax_number"} & set(missing)
            where = _say("Legal name and tax number stand under Agency.") if elsewhere else ""
            self.note.say(
                "wait", _say("No invoice can be issued yet."), f"{missing_words(missing)} {where}".strip()
            )

    # changing

    def _keeping(self) -> Callable[[], object]:
        terms = InvoiceTerms(**self.raw())  # type: ignore[arg-type]
        return lambda: self._service.save_settings(self.actor, terms)

    def go(self) -> None:
        """The keyboard on the first field."""
        if self.may_write:
            self.parts["address"].setFocus(Qt.FocusReason.OtherFocusReason)
