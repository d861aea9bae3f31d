"""The dialog for what nobody foresaw: says so, and hands over the details."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


class BugDialog(Decision):
    """Copies the details on request. The program goes on behind it."""

    def __init__(self, report: BugReport, parent: QWidget) -> None:
        def say(text: str) -> str:
            return QCoreApplication.translate("BugDialog", text)

        super().__init__(
            say("The program made a mistake"),
            verb=say("Copy the details"),
            keep=say("Close"),
            second=say("While: {0}").format(report.doing) if report.doing else "",
            kind=Kind.PLAIN,
            parent=parent,
        )
        self.body.addWidget(
            Label(
                say(
                    "It runs on. Look whether what you did is there before you do it again, and send the "
                    "details to whoever looks after the program."
                ),
                wrap=True,
            )
        )
        self.details = QPlainTextEdit(report.details())
        self.details.setReadOnly(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(say("Details"))
        self.details.setFont(Theme.current().font("small"))
        self.details.setFixedHeight(Theme.current().px(140))
        self.body.addWidget(self.details)
        self.accepted.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
