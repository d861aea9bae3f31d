"""About: the version, where this profile keeps its things, and whose fonts and icons these are."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop import __version__
from travellr_desktop.errors import Refusal
from travellr_desktop.paths import resource
from travellr_desktop.ui.parts.button import Button, IconButton
from travellr_desktop.ui.parts.columns import FactColumns
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.settings.files import database_of, profile_of
from travellr_desktop.ui.settings.section import ActionRow, SettingsSection


def _say(text: str) -> str:
    return QCoreApplication.translate("AboutSection", text)


@dataclass(frozen=True, slots=True)
class Licence:
    """Something in the program that others made."""

    what: str
    terms: str
    file: tuple[str, ...]


LICENCES = (
    Licence("Inter and Inter Display", "SIL Open Font License 1.1", ("fonts", "OFL.txt")),
    Licence("Noto, for other scripts", "SIL Open Font License 1.1", ("fonts", "fallback", "OFL.txt")),
    Licence("Lucide icons", "ISC", ("icons", "LICENSE.txt")),
)


class AboutSection(SettingsSection):
    key, icon = "about", "info"

    def __init__(self, context: Context) -> None:
        super().__init__(context, _say("About"))
        self._profile = profile_of(context.memory)
        facts = FactColumns()
        facts.add_fact(_say("Travellr Desktop"), __version__)
        facts.add_fact(_say("Runs on"), _runs_on())
        self.body.addWidget(facts)
        self.paths = {
            "folder": PathLine(_say("Profile folder"), self._profile.folder, context),
            "database": PathLine(_say("Database"), self._profile.database, context, opens=False),
            "backups": PathLine(_say("Backups"), self._profile.backups, context),
            "log": PathLine(_say("Log"), self._profile.logs / "travellr.log", context),
        }
        self._stack(list(self.paths.values()))
        self.body.addSpacing(8)
        self.body.addWidget(Label(_say("Made by others, with thanks"), "lead"))
        self.licences = [
            PathLine(licence.what, resource(*licence.file), context, says=licence.terms, copies=False)
            for licence in LICENCES
        ]
        self._stack(self.licences)
        self.copy = Button(_say("Copy all of this"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self.body.addWidget(ActionRow(self.copy))

    def _stack(self, lines: list[PathLine]) -> None:
        column = QVBoxLayout()
        column.setSpacing(8)
        for line in lines:
            column.addWidget(line)
            column.addWidget(Divider())
        self.body.addLayout(column)

    def refresh(self) -> None:
        self.context.background.run(
            self,
            lambda _: database_of(self._profile),
            key="settings.about",
            done=self.paths["database"].set_path,
            refused=self._unread,
        )

    def _unread(self, _: Refusal) -> None:
        """The settings cannot be read: Selling says so; the database may be another than the one shown."""

    def _copy(self) -> None:
        lines = [f"Travellr Desktop {__version__}", _runs_on()]
        lines += [f"{line.title}: {line.path}" for line in self.paths.values()]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self.context.say.finished(_say("Copied"))


class PathLine(QWidget):
    """What a path is for, the path whole, and buttons to open and to copy it."""

    def __init__(
        self,
        title: str,
        path: Path,
        context: Context,
        *,
        says: str = "",
        opens: bool = True,
        copies: bool = True,
    ) -> None:
        super().__init__()
        self.title, self.path = title, path
        self._context, self._says = context, says
        self._shown = Label(says or str(path), "small", "text_secondary", wrap=True)
        self.failed = Label("", "small", "bad", wrap=True)
        self.failed.hide()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(title, "body_m", wrap=True))
        words.addWidget(self._shown)
        words.addWidget(self.failed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(words, 1)
        self.open = Button(_say("Open"), icon="external-link", height="control_small")
        self.open.setAccessibleName(_say("Open: {0}").format(title))
        self.open.clicked.connect(self._open)
        self.copy = IconButton("copy", _say("Copy the path: {0}").format(title))
        self.copy.clicked.connect(self._copy)
        for button in (self.open, self.copy):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.open.setVisible(opens)
        self.copy.setVisible(copies)

    def set_path(self, path: Path) -> None:
        self.path = path
        self._shown.setText(self._says or str(path))

    def _open(self) -> None:
        opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path)))
        self.failed.setText(_say("Nothing on this system opens it. It is here: {0}").format(self.path))
        self.failed.setVisible(not opened)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self.path))
        self._context.say.finished(_say("Copied"))


def _runs_on() -> str:
    qt = ".".join(map(str, QLibraryInfo.version().segments()))
    return f"Python {platform.python_version()}, Qt {qt}, {platform.system()} {platform.release()}"
