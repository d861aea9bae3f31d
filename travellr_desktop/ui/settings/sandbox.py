"""The sandbox: how its random card behaves, how slow it is, and faults that are armed one by one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.sandbox import FaultRow, SandboxService, SandboxView
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Section
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings import fault_words
from travellr_desktop.ui.settings.section import ActionRow, ReadOnly, SettingsSection


def _say(text: str) -> str:
    return QCoreApplication.translate("SandboxSection", text)


class SandboxSection(SettingsSection):
    key, icon = "sandbox", "flask-conical"

    def __init__(self, context: Context) -> None:
        super().__init__(
            context,
            _say("Sandbox"),
            _say("Stands in for Stripe on this machine, to try things on and to teach."),
        )
        self._service: SandboxService = context.services.sandbox
        self._seen: SandboxView | None = None
        if not self.may_write:
            self.body.addWidget(ReadOnly(_say("Only an admin changes how the sandbox behaves.")))
            return
        self.rate = Field(_say("The random card succeeds"), unit="%", placeholder="90")
        self.latency = Field(_say("Each reply takes"), unit="ms", placeholder="200")
        self.save = Button(_say("Set the sandbox"))
        self.operation = Choice(_say("While"), [])
        self.kind = Choice(_say("This happens"), [])
        self.arm = Button(_say("Arm the fault"), icon="plus")
        self.disarm = Button(_say("Disarm all"), Kind.LINK, height="control_small")
        self.problem = Label("", "small", "bad", wrap=True)
        self.none = Label(
            _say("None is armed: the sandbox answers as it should."), "body", "text_secondary", wrap=True
        )
        self.armed: list[QWidget] = []
        self._list = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        for field in (self.rate, self.latency):
            field.edit.setMaxLength(9)
            field.edited.connect(lambda _, field=field: self._edited(field))
            field.entered.connect(self.save_figures)
        self.save.clicked.connect(self.save_figures)
        self.arm.set_off(_say("The sandbox is being read"))
        self.arm.clicked.connect(self.arm_fault)
        self.disarm.clicked.connect(self.disarm_all)
        self.body.addWidget(Columns((self.rate, self.latency)))
        self.figures = ActionRow(self.save)
        self.body.addWidget(self.figures)
        self._faults = Section(_say("Faults"), action=self.disarm)
        self._list.setSpacing(8)
        self._list.addWidget(self.none)
        self._faults.body.addLayout(self._list)
        self._faults.body.addSpacing(8)
        self._faults.body.addWidget(Columns((self.operation, self.kind)))
        self._faults.body.addWidget(self.problem)
        self._faults.body.addWidget(ActionRow(self.arm))
        self.problem.hide()
        self.body.addSpacing(8)
        self.body.addWidget(self._faults)
        self._show_changed()

    # reading

    def wanted(self) -> bool:
        return bool(self.context.services.is_sandbox)

    def refresh(self) -> None:
        if self.may_write:
            self.context.background.run(
                self, lambda _: self._service.view(self.actor), key="settings.sandbox", done=self._show
            )

    def _show(self, view: SandboxView) -> None:
        before, self._seen = self._seen, view
        if before is None:
            self._offer(view)
        for field, fresh, old in (
            (self.rate, _percent(view), before and _percent(before)),
            (self.latency, str(view.latency_ms), before and str(before.latency_ms)),
        ):
            if old is None or field.text() == old:
                field.set_text(fresh)
        self._show_changed()
        self._show_armed(view.faults)

    def _offer(self, view: SandboxView) -> None:
        operations = fault_words.in_order(view.operations)
        self.operation.offer([(name, fault_words.operation(name)) for name in operations])
        self.kind.offer([(name, fault_words.kind(name)) for name in view.kinds])
        operation, kind = fault_words.FIRST
        if operation in view.operations and kind in view.kinds:
            self.operation.set_value(operation)
            self.kind.set_value(kind)
        for choice in (self.operation, self.kind):
            choice.box.currentIndexChanged.connect(self.problem.hide)
        self.arm.set_off(None)

    def _show_armed(self, faults: tuple[FaultRow, ...]) -> None:
        for line in self.armed:
            line.hide()
            line.deleteLater()
        self.armed = [_ArmedLine(fault) for fault in faults]
        for line in self.armed:
            self._list.addWidget(line)
        self.none.setVisible(not faults)
        self.disarm.setVisible(bool(faults))

    # changing

    def _edited(self, field: Field) -> None:
        field.set_error(None)
        self._show_changed()

    def _show_changed(self) -> None:
        seen = self._seen
        changed = seen is not None and (
            self.rate.text() != _percent(seen) or self.latency.text() != str(seen.latency_ms)
        )
        self.figures.set_off(None if changed else _say("Nothing was changed"))

    def save_figures(self) -> None:
        rate, latency = _whole(self.rate, 100), _whole(self.latency, 60_000)
        if rate is None or latency is None:
            (self.rate if rate is None else self.latency).edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return

        def work(_: Task) -> SandboxView:
            self._service.set_rate(self.actor, rate / 100)
            return self._service.set_latency(self.actor, latency)

        self.context.background.run(
            self,
            work,
            words=_say("Setting the sandbox"),
            button=self.save,
            done=self._saved,
            refused=self._figures_refused,
        )

    def _saved(self, view: SandboxView) -> None:
        self.rate.set_text(_percent(view))
        self.latency.set_text(str(view.latency_ms))
        self._show(view)
        self.context.say.finished(_say("The sandbox is set"))

    def _figures_refused(self, refusal: Refusal) -> None:
        at_fault = self.latency if "latency" in (refusal.field or "") else self.rate
        at_fault.set_error(str(refusal))
        at_fault.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def arm_fault(self) -> None:
        operation, kind = self.operation.value(), self.kind.value()
        self.problem.hide()
        self.context.background.run(
            self,
            lambda _: self._service.arm(self.actor, operation, kind),
            words=_say("Arming the fault"),
            button=self.arm,
            done=self._show,
            refused=self._arm_refused,
        )

    def _arm_refused(self, refusal: Refusal) -> None:
        words = f"{refusal} {refusal.hint}".strip()
        if isinstance(refusal, InvalidInput):
            words = _say("“{0}” cannot happen while the program does this: {1}. Choose another.").format(
                self.kind.words(), self.operation.words().lower()
            )
        self.problem.setText(words)
        self.problem.show()
        self.kind.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def disarm_all(self) -> None:
        self.context.background.run(
            self,
            lambda _: self._service.disarm(self.actor),
            words=_say("Disarming"),
            button=self.disarm,
            done=self._disarmed,
        )

    def _disarmed(self, view: SandboxView) -> None:
        self._show(view)
        self.operation.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def primary(self) -> QAbstractButton | None:
        return self.save if self.may_write else None


class _ArmedLine(QWidget):
    def __init__(self, fault: FaultRow) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        says = f"{fault_words.operation(fault.operation)} · {fault_words.kind(fault.kind)}"
        left = fault_words.left(fault.left)
        self.setAccessibleName(f"{says}, {left}")
        row.addWidget(Glyph("triangle-alert", "wait"))
        row.addWidget(Label(says, "body_m", wrap=True), 1)
        row.addWidget(Label(left, "small", "text_secondary"))


def _percent(view: SandboxView) -> str:
    return str(round(view.success_rate * 100))


def _whole(field: Field, most: int) -> int | None:
    """The number in a field; None, with the sentence beside it, where there is none that fits."""
    text = field.text().strip()
    if text.isascii() and text.isdigit() and int(text) <= most:
        field.set_error(None)
        return int(text)
    field.set_error(_say("Enter a whole number from 0 to {0}.").format(f"{most:,}"))
    return None
