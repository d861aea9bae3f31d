"""The agency and this desk: what stands on documents, and in whose time the desk runs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton

from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event, SettingsChanged
from travellr_desktop.services.agency import AgencyDraft, AgencyService, AgencyView
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.columns import Columns, FactColumns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Facts
from travellr_desktop.ui.parts.zones import offer_zones
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection


class AgencySection(SettingsSection):
    """An admin has fields, everybody else reads. What is typed stays when it is refused, or when somebody else
    saves meanwhile."""

    key, icon = "agency", "store"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            QCoreApplication.translate("AgencySection", "Agency"),
            QCoreApplication.translate(
                "AgencySection", "Printed on vouchers and receipts, and shown in the window."
            ),
        )
        self._agency: AgencyService = context.services.agency
        self._seen: AgencyView | None = None
        self._saved_as: AgencyDraft | None = None
        if self.may_write:
            self._build_form()
        else:
            self._build_facts()

    # building

    def _build_form(self) -> None:
        self.fields: Mapping[str, Field] = {
            "name": Field(self.tr("Agency"), placeholder="Kotor Riva"),
            "desk_name": Field(self.tr("This desk"), placeholder="Desk 1"),
            "legal": Field(self.tr("Legal name"), placeholder="Kotor Riva d.o.o."),
            "tax_number": Field(self.tr("Tax number"), placeholder="02345678"),
            "contact": Field(self.tr("Contact"), placeholder="+382 32 555 010, desk@example.com"),
            "zone": Field(self.tr("Time zone"), placeholder="Europe/Podgorica", icon="search"),
        }
        for field in self.fields.values():
            field.edit.setMaxLength(512)
            field.edited.connect(lambda _, field=field: self._edited(field))
            field.entered.connect(self.save)
        completer = offer_zones(self.fields["zone"])
        completer.activated.connect(lambda _: self._edited(self.fields["zone"]))
        self.body.addWidget(Columns(tuple(self.fields.values())))
        self.body.addWidget(self._currency_facts())
        self.problem = Label("", "small", "bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.button = Button(self.tr("Save the agency"), Kind.PRIMARY, key="Ctrl+Enter")
        self.button.clicked.connect(self.save)
        self.undo = Button(self.tr("Put back"), Kind.QUIET)
        self.undo.clicked.connect(self.put_back)
        self.foot = ActionRow(self.button, self.undo)
        self.body.addWidget(self.foot)
        self._show_changed()

    def _build_facts(self) -> None:
        self.facts = FactColumns()
        titles = {
            "name": self.tr("Agency"),
            "desk_name": self.tr("This desk"),
            "legal": self.tr("Legal name"),
            "tax_number": self.tr("Tax number"),
            "contact": self.tr("Contact"),
            "zone": self.tr("Time zone"),
        }
        self._values = {name: self.facts.add_fact(title) for name, title in titles.items()}
        self.body.addWidget(self.facts)
        self.body.addWidget(self._currency_facts())
        self.body.addWidget(ReadOnly(self.tr("Only an admin changes the agency.")))

    def _currency_facts(self) -> Columns:
        facts = Facts(columns=1)
        self.currency: Label = facts.add(self.tr("Currency"), "–")
        why = ReadOnly(
            self.tr(
                "Fixed since the first start: every entry in the books is in it. Another needs a new profile."
            )
        )
        return Columns((facts, why))

    # reading

    def refresh(self) -> None:
        self.context.background.run(
            self, lambda _: self._agency.view(), key="settings.agency", newest=True, done=self._show
        )

    def cares(self, event: Event) -> bool:
        return isinstance(event, SettingsChanged)

    def _show(self, view: AgencyView | None) -> None:
        if view is None:
            return
        before, self._seen = self._seen, view
        self.currency.setText(view.currency)
        if not self.may_write:
            for name, label in self._values.items():
                label.setText(getattr(view, name) or "–")
            return
        for name, field in self.fields.items():
            # what somebody typed and has not saved is theirs
            sent = self._saved_as is not None and field.text().strip() == getattr(self._saved_as, name)
            if before is None or sent or field.text() == getattr(before, name):
                field.set_text(getattr(view, name))
                field.edit.setCursorPosition(0)  # a long one is read from its beginning
        self._saved_as = None
        for name in ("legal", "tax_number"):
            said = getattr(view, name)
            self.fields[name].set_note("" if said else self.tr("Needed for invoices"))
        self._show_changed()

    # changing

    def _changed(self) -> tuple[str, ...]:
        """Names of the fields that say something else than what is kept."""
        if self._seen is None:
            return ()
        seen = self._seen
        return tuple(name for name, field in self.fields.items() if field.text() != getattr(seen, name))

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        self._show_changed()

    def _show_changed(self) -> None:
        changed = self._changed()
        self.foot.set_off(None if changed else self.tr("Nothing was changed"))
        self.undo.setVisible(bool(changed))

    def put_back(self) -> None:
        """Forget what was typed."""
        for name in self._changed():
            self.fields[name].set_text(getattr(self._seen, name))
            self.fields[name].set_error(None)
        self.problem.hide()
        self._show_changed()
        self.fields["name"].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        if not self._changed():
            return
        self.problem.hide()
        draft = AgencyDraft(**{name: field.text().strip() for name, field in self.fields.items()})
        self.context.background.run(
            self,
            lambda _: self._agency.save(self.actor, draft),
            words=self.tr("Saving the agency"),
            button=self.button,
            done=lambda _: self._saved(draft),
            refused=self._refused,
        )

    def _saved(self, draft: AgencyDraft) -> None:
        self._saved_as = draft  # what comes back takes its place, cleaned
        self.context.say.finished(self.tr("The agency is saved"))
        self.refresh()

    def _refused(self, refusal: Refusal) -> None:
        field = self.fields.get(refusal.field or "")
        if field is None:
            self.problem.setText(f"{refusal} {refusal.hint}".strip())
            self.problem.show()
            return
        field.set_error(str(refusal))
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def primary(self) -> QAbstractButton | None:
        return self.button if self.may_write else None
