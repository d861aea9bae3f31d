"""The cancellation policy of a trip: one that ships with the program, or steps of its own."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.cancellation import (
    LONGEST_BEFORE,
    PRESETS,
    Keep,
    KeepAmount,
    KeepDeposit,
    KeepShare,
    Policy,
    Tier,
)
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.percent_text import format_percent, parse_percent
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.catalogue.form import FormPage
from travellr_desktop.ui.catalogue.words import (
    amount_of,
    amount_text,
    number_of,
    say,
)
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part, follow
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import MoneyRows, Section

OWN = "own"
MOST_STEPS = 8
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_KEEPS = (("share", "Per cent of the price"), ("amount", "An amount"), ("deposit", "The deposit"))


class StepRow(QWidget):
    """One step: until so long before the departure, so much is kept. The last one holds until the departure."""

    def __init__(self, page: TermsPage, tier: Tier) -> None:
        super().__init__()
        self._page = page
        self.last = not tier.before
        whole_days = tier.before % _DAY == timedelta(0)
        count = tier.before // (_DAY if whole_days else _HOUR)
        self.before = Field(say("Until"), text="" if self.last else str(count), placeholder="7")
        self.unit = ComboBox(say("Days or hours"), [say("days before"), say("hours before")])
        self.unit.setCurrentIndex(0 if whole_days else 1)
        self.kind = ComboBox(say("What is kept"), [say(words) for _, words in _KEEPS])
        self.figure = Field(say("Kept"))
        self.later = Label(say("Later"), "body", "text_secondary")
        self.away = IconButton("x", say("Remove the step"))
        self.away.clicked.connect(lambda: page.drop(self))
        self._show_keep(tier.keep)
        line = QHBoxLayout()
        line.setSpacing(8)
        for part in (self.before, self.unit, self.later):
            line.addWidget(part, 0 if part is not self.later else 1, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        line.addWidget(self.away, 0, Qt.AlignmentFlag.AlignBottom)
        kept = QHBoxLayout()
        kept.setSpacing(8)
        kept.addWidget(self.figure, 1, Qt.AlignmentFlag.AlignBottom)
        kept.addWidget(self.kind, 1, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        column.addLayout(line)
        column.addLayout(kept)
        for hidden in (self.before, self.unit, self.away):
            hidden.setVisible(not self.last)
        self.later.setVisible(self.last)
        for field in (self.before, self.figure):
            follow(field, page.edited.emit, page.entered.emit)
        self.unit.currentIndexChanged.connect(lambda _: page.edited.emit())
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self._kind_changed()

    def _show_keep(self, keep: Keep) -> None:
        kinds = [KeepShare, KeepAmount, KeepDeposit]
        self.kind.setCurrentIndex(kinds.index(type(keep)))
        if isinstance(keep, KeepShare):
            self.figure.set_text(format_percent(keep.bps))
        elif isinstance(keep, KeepAmount):
            self.figure.set_text(amount_text(keep.minor, self._page.currency, self._page.writes))

    @property
    def keeps(self) -> str:
        return _KEEPS[self.kind.currentIndex()][0]

    def _kind_changed(self, *_: object) -> None:
        self.figure.setEnabled(self.keeps != "deposit")
        units = {"share": "%", "amount": self._page.currency, "deposit": ""}
        self.figure.set_label(f"{say('Kept')}, {units[self.keeps]}" if units[self.keeps] else say("Kept"))
        self._page.edited.emit()

    def fields(self) -> dict[str, Field]:
        """By what refusals call them, after the step's own name."""
        return {"figure": self.figure} if self.last else {"before": self.before, "figure": self.figure}

    def chosen(self) -> tuple[int, int]:
        """What stands in its lists."""
        return self.unit.currentIndex(), self.kind.currentIndex()

    def tier(self, where: str, faults: Faults) -> Tier:
        """What is wrong goes to `faults`, under `where` and the name of the field."""
        keep = faults.read(KeepDeposit(), self._keep, f"{where}.figure")
        return faults.read(Tier(_DAY, keep), self._tier, f"{where}.before", keep)

    def _tier(self, where: str, keep: Keep) -> Tier:
        if self.last:
            return Tier(timedelta(0), keep)
        unit = _DAY if self.unit.currentIndex() == 0 else _HOUR
        before = unit * number_of(self.before.text(), where)
        try:
            return Tier(before, keep)
        except InvalidInput as refusal:
            raise InvalidInput(str(refusal), hint=refusal.hint, field=where) from None

    def _keep(self, where: str) -> Keep:
        if self.keeps == "deposit":
            return KeepDeposit()
        if self.keeps == "share":
            return KeepShare(parse_percent(self.figure.text(), where))
        return KeepAmount(amount_of(self.figure.text(), self._page.currency, self._page.writes, where) or 0)


class TermsPage(FormPage):
    """Currency and locale are those of the prices."""

    def __init__(self, formats: Formats) -> None:
        super().__init__(say("Terms"))
        self.formats = formats
        self.writes = formats.locale
        self.currency = "EUR"
        self.steps: list[StepRow] = []
        self._filling = True
        choices = [(code, say(policy.name)) for code, policy in PRESETS.items()]
        self.policy = self.keep(
            "policy", Choice(say("Cancellation policy"), [*choices, (OWN, say("Its own"))])
        )
        self.body.addWidget(self.policy)
        self.words = MoneyRows()
        self.body.addWidget(self.words)
        self.own = QWidget()
        own = QVBoxLayout(self.own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(12)
        own.addWidget(
            self.keep(
                "policy_name",
                Field(say("What it is called"), placeholder=say("Boat rule"), longest=lengths.POLICY),
            )
        )
        add = Button(say("Add a step"), Kind.QUIET, icon="plus", height="control_small")
        add.clicked.connect(self._add_step)
        self.section = Section(say("Steps"), quiet=True, action=add)
        own.addWidget(self.section)
        extras = (
            self.keep("fixed_fee", Field(say("Fee on top"), placeholder="0")),
            self.keep("grace", Field(say("Free after booking for"), unit=say("hours"), placeholder="0")),
        )
        own.addWidget(Columns(extras, gap=12))
        self.body.addWidget(self.own)
        self.kept = Label("", "small", "text_secondary", wrap=True)
        self.body.addWidget(self.kept)
        self.policy.box.currentIndexChanged.connect(self._chosen)
        self._filling = False

    # filling

    def fill(self, policy: Policy, currency: str, kept: str) -> None:
        """`kept` says what stays as it is for bookings already made."""
        self._filling = True
        self.currency = currency
        self.kept.setText(kept)
        self.kept.setVisible(bool(kept))
        self.policy.set_value(policy.code if PRESETS.get(policy.code) == policy else OWN)
        self._show_steps(policy)
        self._filling = False
        self._show()

    def _show_steps(self, policy: Policy) -> None:
        for step in list(self.steps):
            self._take_away(step)
        for tier in policy.tiers:
            self._put(StepRow(self, tier), len(self.steps))
        name, fee, grace = (self.parts[each] for each in ("policy_name", "fixed_fee", "grace"))
        assert isinstance(name, Field)
        assert isinstance(fee, Field)
        assert isinstance(grace, Field)
        name.set_text(policy.name)
        fee.set_text(amount_text(policy.fixed_fee, self.currency, self.writes))
        grace.set_text(str(policy.grace // _HOUR))

    def _chosen(self, *_: object) -> None:
        """Steps of its own begin as those of the policy that was chosen before."""
        if not self._filling and self.policy.value() != OWN:
            self._filling = True
            self._show_steps(PRESETS[self.policy.value()])
            self._filling = False
        self._show()

    def _show(self) -> None:
        own = self.policy.value() == OWN
        self.own.setVisible(own)
        self.words.setVisible(not own)
        self.words.clear()
        if not own:
            for until, kept in in_words(PRESETS[self.policy.value()], self.formats, self.currency):
                self.words.add(until, kept)

    # steps

    def _add_step(self) -> None:
        """Before the others: the earlier, the less is kept."""
        if len(self.steps) >= MOST_STEPS:
            return
        first = self.steps[0].tier("", Faults()) if self.steps else Tier(_DAY, KeepShare(0))
        step = StepRow(self, Tier(min(first.before + _DAY, LONGEST_BEFORE), KeepShare(0)))
        self._put(step, 0)
        step.before.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.added.emit(step)
        self.edited.emit()

    def _put(self, step: StepRow, place: int) -> None:
        self.steps.insert(place, step)
        self.section.body.insertWidget(place, step)
        step.show()

    def drop(self, step: StepRow) -> None:
        """Take a step away."""
        self._take_away(step)
        self.steps[0].figure.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _take_away(self, step: StepRow) -> None:
        self.steps.remove(step)
        self.section.body.removeWidget(step)
        step.hide()
        step.deleteLater()

    # what was typed

    def fields(self) -> dict[str, Part]:
        found = super().fields()
        for number, step in enumerate(self.steps):
            found |= {f"tiers.{number}.{name}": field for name, field in step.fields().items()}
        return found

    def raw(self) -> tuple[object, ...]:
        if self.policy.value() != OWN:
            return (self.policy.value(),)
        return (*super().raw(), tuple(step.chosen() for step in self.steps))

    def value(self, currency: str, faults: Faults) -> Policy:
        """The policy; what is wrong with it goes to `faults`."""
        if self.policy.value() != OWN:
            return PRESETS[self.policy.value()]
        self.currency = currency
        tiers = tuple(step.tier(f"tiers.{number}", faults) for number, step in enumerate(self.steps))
        fee = faults.read(0, amount_of, self.text("fixed_fee"), currency, self.writes, "fixed_fee") or 0
        grace = faults.read(0, number_of, self.text("grace") or "0", "grace")
        typed = self.text("policy_name")
        name = faults.read("–", clean_line, typed, "policy_name", lengths.POLICY)
        usual = PRESETS["moderate"]
        return faults.read(usual, Policy, OWN, name, tiers, fee, _HOUR * grace)


def in_words(policy: Policy, formats: Formats, currency: str) -> list[tuple[str, str]]:
    """The steps of a policy: until when, and what is kept."""
    found = []
    for tier in policy.tiers:
        days, rest = divmod(tier.before, _DAY)
        if not tier.before:
            until = say("Later")
        elif rest or days == 1:
            until = say("Until {0} hours before").format(tier.before // _HOUR)
        else:
            until = say("Until {0} days before").format(days)
        found.append((until, _kept(tier.keep, formats, currency)))
    return found


def _kept(keep: Keep, formats: Formats, currency: str) -> str:
    if isinstance(keep, KeepDeposit):
        return say("the deposit is kept")
    if isinstance(keep, KeepAmount):
        return say("{0} is kept").format(formats.money(Money(keep.minor, currency)))
    return say("{0} % is kept").format(format_percent(keep.bps)) if keep.bps else say("nothing is kept")
