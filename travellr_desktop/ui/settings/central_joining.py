"""Asking whether a desk is to join others, once it is known what becomes of everything that is here."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note


def _say(text: str) -> str:
    return QCoreApplication.translate("CentralJoining", text)


def ask_to_join(plan: JoinPlan, parent: QWidget) -> Decision:
    """The question, with a line for each thing that will be otherwise. The caller opens it."""
    first, *rest = plan.lines()
    question = Decision(
        _say("Join with everything that is here?"),
        verb=_say("Join"),
        keep=_say("Not now"),
        second=first,
        kind=Kind.PRIMARY,
        parent=parent,
    )
    for line in rest:
        question.body.addWidget(Label(line, "body", wrap=True))
    kept = _say("The file that this desk has now is kept with the back-ups.")
    question.body.addWidget(Label(kept, "body", "text_secondary", wrap=True))
    return question


def say_why_not(plan: JoinPlan, note: Note) -> None:
    """What is in the way, in the form's note."""
    first, *rest = plan.in_the_way
    note.say("bad", _say("This desk cannot join as things are. {0}").format(first), " ".join(rest))
    note.show()
