"""The editor of seat plans: the text at the leading side, the plan it makes beside it, mistakes at their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.domain.seat_presets import PRESETS
from travellr_desktop.domain.seat_text import TextPlan, TextProblem, read_plan
from travellr_desktop.domain.seating import PlanKind, sellable
from travellr_desktop.errors import Refusal
from travellr_desktop.services.plans import PlanDraft, PlanView
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.seatplan import PlanPreview
from travellr_desktop.ui.parts.shade import SHADE
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.theme import Theme

WIDTH = 880
ROWS = 15
TOLD = 3
"""How many mistakes are written out below the text; all are marked in it."""
READ_MS = 120
"""How long typing rests before it is read."""
NEW = "new"
CLOSE = "close"


def say(text: str) -> str:
    return QCoreApplication.translate("Plans", text)


def kind_words(kind: PlanKind) -> str:
    return {
        PlanKind.COACH: say("Coach"),
        PlanKind.BOAT: say("Boat"),
        PlanKind.DECKS: say("Boat with decks"),
    }[kind]


class PlanEditor(Decision):
    """`plans` are all there are; the first choice is a new one. It stays open until the plan is saved."""

    def __init__(
        self, context: Context, plans: Sequence[PlanView], parent: QWidget, *, plan_id: UUID | None = None
    ) -> None:
        super().__init__(
            say("Seat plans"),
            verb=say("Save the plan"),
            keep=say("Close"),
            second=say("A line is a row. 12A is a seat, _ is room, 12A:crew is never sold, [wc] is a mark."),
            kind=Kind.PRIMARY,
            parent=parent,
        )
        self._context, self._services = context, cast(Services, context.services)
        self._plans = {plan.id: plan for plan in plans}
        self.read = TextPlan(None, ())
        self._written = False
        self._warned = ""
        """What was asked once and would throw away what is written: `close` or another plan."""
        self._shown = NEW
        offered = [(NEW, say("New plan"))]
        offered += [
            (str(plan.id), plan.name if plan.active else f"{plan.name} ({say('put away')})") for plan in plans
        ]
        self.which = Choice(say("Plan"), offered)
        self.name = Field(say("Name"), longest=lengths.NAME)
        self.kind = Choice(say("Kind"), [(kind.value, kind_words(kind)) for kind in PlanKind])
        self.text = TextBox(say("Rows, from the left of the drawing"), rows=ROWS)
        self.preview = PlanPreview()
        self.count = Label("", "small_m", "text_secondary")
        self.away = Button(say("Put away"), Kind.QUIET)
        self.note = Note("bad", "")
        self.note.hide()
        self._typing = QTimer(self, singleShot=True, interval=READ_MS)
        self._build()
        self._connect()
        self.which.set_value(str(plan_id) if plan_id in self._plans else NEW)
        self._chosen()

    # content

    @property
    def plan(self) -> PlanView | None:
        """The plan that is changed; None for a new one."""
        key = self.which.value()
        return None if key == NEW else self._plans[UUID(key)]

    def show_text(self) -> None:
        """Read the text, draw what it makes, mark what it does not."""
        self._typing.stop()
        self.read = read_plan(self.text.text())
        layout = self.read.layout
        self._mark(self.read.problems)
        if layout is not None:
            self.preview.set_plan(layout)
            self.count.setText(say("{0} seats to sell").format(sellable(layout)))
            self.text.set_error(None)
        else:
            self.count.setText(say("As it was before the mistakes"))
            told = [_told(problem) for problem in self.read.problems[:TOLD]]
            if more := len(self.read.problems) - TOLD:
                told += [say("and {0} more").format(more)] if more > 0 else []
            self.text.set_error("\n".join(told))
        if not self.act.busy:
            self.act.set_off(None if layout is not None else say("Correct the text first"))

    def save(self) -> None:
        """Keep the plan as it is written."""
        self.show_text()
        layout, plan = self.read.layout, self.plan
        if layout is None or self.act.busy:
            return
        kind = PlanKind(self.kind.value())
        owner = plan.vendor_id if plan is not None else None
        draft = PlanDraft(self.name.text(), kind, layout, owner, plan.id if plan is not None else None)
        actor, plans = self._context.actor, self._services.plans
        self.set_busy(say("Saving the plan"))
        self._context.background.run(
            self,
            lambda _task: plans.save(actor, draft),
            key="plans.save",
            done=lambda _id: self._saved(say("{0} is saved").format(draft.name)),
            refused=self.refuse,
        )

    def turn(self) -> None:
        """Put the plan away, or offer it again."""
        plan, actor, plans = self.plan, self._context.actor, self._services.plans
        if plan is None or self.act.busy:
            return
        act, words = (
            (plans.deactivate, say("{0} is put away"))
            if plan.active
            else (plans.activate, say("{0} is offered again"))
        )
        self.set_busy(say("Saving the plan"))
        self._context.background.run(
            self,
            lambda _task: act(actor, plan.id),
            key="plans.save",
            done=lambda _none: self._saved(words.format(plan.name)),
            refused=self.refuse,
        )

    def refuse(self, refusal: Refusal) -> None:
        """It was not kept: why, at its field or below."""
        self.set_busy(None)
        words = f"{refusal} {refusal.hint}".strip()
        if refusal.field == "name":
            self.name.set_error(words)
            self.name.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()

    def reject(self) -> None:
        """Close; what was written and not saved is thrown away only at the second time."""
        if not self.act.busy and self._first_time(
            CLOSE, say("Save it, or press Esc again to throw it away.")
        ):
            return
        super().reject()

    # inside

    def _saved(self, words: str) -> None:
        self.set_busy(None)
        self.accept()
        self._context.say.finished(words)

    def _first_time(self, asked: str, way: str) -> bool:
        """Whether something is written and this would throw it away unasked: then it is said, with the way on."""
        if not self._written or self._warned == asked:
            return False
        self._warned = asked
        self.note.say("wait", say("This plan is not saved yet"), way)
        self.note.show()
        return True

    def _choose(self) -> None:
        """Another plan; what was written and not saved gives way to it only at the second time."""
        asked = self.which.value()
        if asked == self._shown:
            return
        if self._first_time(asked, say("Save it, or choose the other plan again to throw it away.")):
            self.which.set_value(self._shown)
            return
        self._chosen()

    def _chosen(self) -> None:
        """Another plan, or a new one begun from the usual of its kind."""
        plan = self.plan
        self._shown = self.which.value()
        self._written, self._warned = False, ""
        self.name.set_error(None)
        self.note.hide()
        self.away.setVisible(plan is not None)
        if plan is None:
            self.name.set_text("")
            self._begin()
            return
        self.name.set_text(plan.name)
        self.kind.box.blockSignals(True)
        self.kind.set_value(plan.kind.value)
        self.kind.box.blockSignals(False)
        self.text.set_text(plan.layout.text)
        self.away.set_words(say("Put away") if plan.active else say("Offer again"))
        self.show_text()

    def _begin(self) -> None:
        """A new plan is begun from the usual one of its kind, as long as nothing else was written."""
        usual = {preset().text for preset in PRESETS.values()}
        if self.plan is None and (self.text.text().strip() in usual | {""} or not self._written):
            self.text.set_text(PRESETS[PlanKind(self.kind.value())]().text)
            self.show_text()

    def _edited(self) -> None:
        self._written, self._warned = True, ""
        self.note.hide()
        self._typing.start()

    def _mark(self, problems: Sequence[TextProblem]) -> None:
        """Underline each mistake in the text."""
        theme, document = Theme.current(), self.text.edit.document()
        marks: list[QTextEdit.ExtraSelection] = []
        for problem in problems:
            if not problem.line:
                continue
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(theme.colour("bad"))
            look.setBackground(theme.colour("bad.fill"))
            cursor = QTextCursor(document.findBlockByNumber(problem.line - 1))
            cursor.movePosition(
                QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.MoveAnchor, problem.start
            )
            cursor.movePosition(
                QTextCursor.MoveOperation.Right,
                QTextCursor.MoveMode.KeepAnchor,
                max(problem.end - problem.start, 1),
            )
            mark.format, mark.cursor = look, cursor
            marks.append(mark)
        self.text.edit.setExtraSelections(marks)

    def _mark_anew(self) -> None:
        self._mark(self.read.problems)

    def _connect(self) -> None:
        self.act.clicked.disconnect()
        self.act.clicked.connect(self.save)
        self.away.clicked.connect(self.turn)
        self.which.box.currentIndexChanged.connect(lambda _at: self._choose())
        self.kind.box.currentIndexChanged.connect(lambda _at: self._begin())
        self.text.edited.connect(lambda _text: self._edited())
        self.name.edited.connect(lambda _text: self.name.set_error(None))
        self.name.edited.connect(lambda _text: self._edited())
        self._typing.timeout.connect(self.show_text)
        Theme.current().changed.connect(self._mark_anew)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.which, 3)
        head.addWidget(self.name, 4)
        head.addWidget(self.kind, 3)
        drawn = QVBoxLayout()
        drawn.setSpacing(4)
        drawn.addWidget(self.preview, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.away)
        drawn.addLayout(foot)
        both = QHBoxLayout()
        both.setSpacing(20)
        left = QVBoxLayout()
        left.addWidget(self.text)
        left.addStretch(1)
        both.addLayout(left, 4)
        both.addLayout(drawn, 6)
        for part in (head, both):
            self.body.addLayout(part)
        self.body.addWidget(self.note)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.which.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        self._typing.stop()
        super().done(result)

    def _fit(self) -> None:
        super()._fit()
        room = QApplication.primaryScreen().availableGeometry().width() - 64
        self.setFixedWidth(max(self.width(), min(Theme.current().px(WIDTH), room) + 2 * SHADE))


def _told(problem: TextProblem) -> str:
    return say("Line {0}: {1}").format(problem.line, problem.says) if problem.line else problem.says


def edit_plans(context: Context, parent: QWidget, plan_id: UUID | None = None) -> None:
    """Open the editor, on a plan or a new one, once the plans are read."""
    services, actor = cast(Services, context.services), context.actor

    def read(_task: Task) -> tuple[PlanView, ...]:
        return services.plans.list(actor, everything=True)

    def ask(plans: tuple[PlanView, ...]) -> None:
        dialog = PlanEditor(context, plans, parent, plan_id=plan_id)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    context.background.run(parent, read, key="plans.ask", done=ask)
