"""What is asked about files for the bank: making one, and what the bank did with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain import lengths
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.payouts.bank_views import BankFileView, FilePayout, ToMake
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.note import Note


def say(text: str) -> str:
    return QCoreApplication.translate("BankFiles", text)


def vendors(count: int) -> str:
    return say("1 vendor") if count == 1 else say("{0} vendors").format(f"{count:,}")


class FieldQuestion(Decision):
    """A decision with one field. It stays open until it is done: `asked` is called when somebody decides."""

    def __init__(
        self,
        question: str,
        *,
        verb: str,
        second: str,
        field: Field,
        kind: Kind = Kind.PRIMARY,
        keep: str = "",
        parent: QWidget,
    ) -> None:
        super().__init__(
            question, verb=verb, keep=keep or say("Not now"), second=second, kind=kind, parent=parent
        )
        self.field = field
        self.asked: Callable[[], object] = self.accept
        self.note = Note("bad", "")
        self.note.hide()
        self.body.setContentsMargins(0, 8, 0, 0)
        self.body.addWidget(field)
        self.body.addWidget(self.note)
        field.edited.connect(self._edited)
        field.entered.connect(self.act.click)
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._decided)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.edit.selectAll()

    def refuse(self, refusal: Refusal) -> None:
        """It was not done: why, at the field or below it."""
        self.set_busy(None)
        if refusal.field is not None:
            self.field.set_error(f"{refusal} {refusal.hint}".strip())
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()
        self.adjustSize()

    def _decided(self) -> None:
        self.asked()

    def _edited(self, _text: str) -> None:
        self.field.set_error(None)
        self.note.hide()


class MakeFileQuestion(FieldQuestion):
    """Makes the file of a batch in one currency; `again` for what the bank refused."""

    def __init__(
        self, formats: Formats, of: ToMake, earliest: date, parent: QWidget, *, again: bool = False
    ) -> None:
        self._locale = formats.locale
        question = (
            say("Make another file for the bank, {0}?") if again else say("Make the file for the bank, {0}?")
        )
        field = Field(say("The bank carries it out on"), text=typed_day(earliest, formats.locale), longest=20)
        super().__init__(
            question.format(formats.money(of.total)),
            verb=say("Make the file"),
            second=say("From then on its payouts are on their way; nothing moves before the bank has it."),
            field=field,
            parent=parent,
        )
        self.rows.add(vendors(of.count), formats.money(of.total), strong=True)

    def day(self) -> date:
        """Raises `InvalidInput(field="execute_on")`."""
        return day_of(self.field.text(), self._locale, "execute_on")


class ReasonQuestion(FieldQuestion):
    """Why money did not arrive, in the bank's words."""

    def __init__(self, question: str, *, verb: str, second: str, parent: QWidget) -> None:
        field = Field(
            say("What the bank says"), placeholder=say("AC04, account closed"), longest=lengths.REASON
        )
        super().__init__(question, verb=verb, second=second, field=field, kind=Kind.DANGER, parent=parent)

    def reason(self) -> str:
        """Raises `InvalidInput(field="reason")` where nothing is said."""
        reason = self.field.text().strip()
        if not reason:
            raise InvalidInput(say("This must not be empty."), hint=say("It is kept."), field="reason")
        return reason


def arrived_question(formats: Formats, file: BankFileView, parent: QWidget) -> Decision:
    """That the bank has a file, which cannot be taken back."""
    question = Decision(
        say("Has the bank taken {0}?").format(formats.money(file.total)),
        verb=say("The bank has it"),
        keep=say("Not yet"),
        second=say("Its payouts are paid then. What comes back later is said of the single payment."),
        kind=Kind.PRIMARY,
        parent=parent,
    )
    question.rows.add(file.message_id, vendors(file.count), strong=True)
    return question


def refused_question(formats: Formats, file: BankFileView, parent: QWidget) -> ReasonQuestion:
    """That the bank took none of a file."""
    question = ReasonQuestion(
        say("Has the bank refused {0}?").format(formats.money(file.total)),
        verb=say("It was refused"),
        second=say("Nothing has left then, and all of it is owed again. It can be tried again."),
        parent=parent,
    )
    question.rows.add(file.message_id, vendors(file.count), strong=True)
    return question


def came_back_question(formats: Formats, payout: FilePayout, parent: QWidget) -> ReasonQuestion:
    """That one payment did not arrive."""
    question = ReasonQuestion(
        say("Did {0} come back?").format(formats.money(payout.amount)),
        verb=say("It came back"),
        second=say("It is owed to the vendor again, and is paid by the next batch."),
        parent=parent,
    )
    question.rows.add(payout.vendor, payout.label, strong=True)
    return question
