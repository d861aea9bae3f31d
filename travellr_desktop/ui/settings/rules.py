"""What holds for everybody who sells: the discount that needs nobody's leave, how long an offer is kept, above what a
refund waits for a second person, when a departure is completed without anybody doing it, and when desks give back what
they have not sold."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.domain.permissions import Permission, allowed
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.agency import AgencyService, SellingRules
from travellr_desktop.ui.amounts import amounts_of, amounts_text
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.columns import Columns, FactColumns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.section import ActionRow


def _say(text: str) -> str:
    return QCoreApplication.translate("RulesForm", text)


class RulesForm(QWidget):
    """An admin has fields, everybody else reads. Hidden from those who do not sell."""

    def __init__(self, context: Context, *, may_write: bool) -> None:
        super().__init__()
        self._context, self._may_write = context, may_write
        self._agency: AgencyService = context.services.agency
        self._seen: SellingRules | None = None
        self._locale: str = context.services.locale
        self.limit = Field(_say("Discount without leave, up to"), unit="%", placeholder="10")
        self.hours = Field(_say("An offer to who waited is kept for"), unit=_say("hours"), placeholder="24")
        self.refunds = Field(
            _say("A second person approves refunds above"), placeholder=_say("none, or 500 EUR; 80000 JPY")
        )
        self.completes = Field(
            _say("Departures complete themselves, after their end by"),
            unit=_say("hours"),
            placeholder=_say("a person does it"),
        )
        self.release = Field(
            _say("Desks give unsold seats back, before a departure by"),
            unit=_say("days"),
            placeholder=_say("not until sales close"),
        )
        self.button = Button(_say("Save the rules"))
        self.button.clicked.connect(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.foot = ActionRow(self.button)
        self._facts = FactColumns()
        if may_write:
            for field in self._fields:
                field.edit.setMaxLength(12 if field is not self.refunds else 200)
                field.edited.connect(lambda _, field=field: self._edited(field))
                field.entered.connect(self.save)
            column.addWidget(Columns(self._fields))
            column.addWidget(self.foot)
            self._offer()
        else:
            for part in (*self._fields, self.button, self.foot):
                part.setParent(self)
                part.hide()
            self._limit_fact = self._facts.add_fact(_say("Discount without leave, up to"))
            self._hours_fact = self._facts.add_fact(_say("An offer to who waited is kept for"))
            self._refunds_fact = self._facts.add_fact(_say("A second person approves refunds above"))
            self._completes_fact = self._facts.add_fact(_say("Departures complete themselves"))
            self._release_fact = self._facts.add_fact(_say("Desks give unsold seats back"))
            column.addWidget(self._facts)
        if not allowed(context.actor.role, Permission.HOLD_CREATE):
            self.hide()

    @property
    def _fields(self) -> tuple[Field, Field, Field, Field, Field]:
        return self.limit, self.hours, self.refunds, self.completes, self.release

    def _typed(self, rules: SellingRules | None) -> tuple[str, str, str, str, str]:
        """The rules as they are typed."""
        if rules is None:
            return "", "", "", "", ""
        limits = amounts_text(rules.refund_limits, self._locale)
        completes = "" if rules.completes_after is None else str(rules.completes_after)
        release = "" if rules.release_days is None else str(rules.release_days)
        return format_percent(rules.discount_limit_bps), str(rules.offer_hours), limits, completes, release

    def refresh(self) -> None:
        if allowed(self._context.actor.role, Permission.HOLD_CREATE):
            self._context.background.run(self, self._read, key="settings.rules", newest=True, done=self._show)

    def _read(self, _: Task) -> SellingRules:
        return self._agency.rules(self._context.actor)

    def _show(self, rules: SellingRules) -> None:
        before, self._seen = self._seen, rules
        if not self._may_write:
            self._limit_fact.setText(f"{format_percent(rules.discount_limit_bps)} %")
            self._hours_fact.setText(_say("{0} hours").format(rules.offer_hours))
            self._refunds_fact.setText(self._typed(rules)[2] or _say("no amount"))
            self._completes_fact.setText(
                _say("no, a person does it")
                if rules.completes_after is None
                else _say("{0} hours after their end").format(rules.completes_after)
            )
            self._release_fact.setText(
                _say("when sales close")
                if rules.release_days is None
                else _say("{0} days before").format(rules.release_days)
            )
            return
        for field, (old, new) in zip(
            self._fields, zip(self._typed(before), self._typed(rules), strict=True), strict=True
        ):
            if field.text().strip() in ("", old):  # what was typed and not saved stays
                field.set_text(new)
        self._offer()

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        self._offer()

    def _offer(self) -> None:
        same = tuple(field.text().strip() for field in self._fields) == self._typed(self._seen)
        self.foot.set_off(_say("Nothing was changed") if same else None)

    def save(self) -> None:
        if not self.button.isEnabled():
            return
        try:
            rules = SellingRules(
                parse_percent(self.limit.text(), "discount_limit_bps"),
                _hours(self.hours.text(), "offer_hours"),
                amounts_of(self.refunds.text(), self._locale, "refund_limits"),
                _hours(self.completes.text(), "completes_after") if self.completes.text().strip() else None,
                _days(self.release.text()) if self.release.text().strip() else None,
            )
        except InvalidInput as wrong:
            self._refused(wrong)
            return
        self._context.background.run(
            self,
            lambda _: self._agency.save_rules(self._context.actor, rules),
            words=_say("Saving the rules"),
            button=self.button,
            done=lambda _: self._saved(),
            refused=self._refused,
        )

    def _saved(self) -> None:
        self._seen = None
        for field in self._fields:
            field.set_text("")
        self._context.say.finished(_say("The rules are saved"))
        self.refresh()

    def _refused(self, refusal: Refusal) -> None:
        fields = {
            "discount_limit_bps": self.limit,
            "refund_limits": self.refunds,
            "completes_after": self.completes,
            "release_days": self.release,
        }
        field = fields.get(refusal.field or "", self.hours)
        field.set_error(f"{refusal} {refusal.hint}".strip())
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)


def _hours(text: str, field: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit():
        raise InvalidInput("This is no number of hours.", hint="Write it like 24.", field=field)
    return int(text)


def _days(text: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit():
        raise InvalidInput("This is no number of days.", hint="Write it like 7.", field="release_days")
    return int(text)
