"""The question before what was typed is forgotten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision


def ask_discard(parent: QWidget, leave: Callable[[], object]) -> None:
    """Ask over the window of `parent`; `leave` is called where the answer is to discard."""
    say = QCoreApplication.translate
    question = Decision(
        say("Leaving", "Leave without saving?"),
        verb=say("Leaving", "Discard"),
        keep=say("Leaving", "Go on writing"),
        second=say("Leaving", "What was typed is not kept anywhere."),
        kind=Kind.DANGER,
        parent=parent,
    )
    question.accepted.connect(leave)
    question.finished.connect(question.deleteLater)
    question.open()
