"""About the program: folder, database, licences."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from helpers.office import Office
from helpers.settings_page import (
    Key,
    section,
    settings,
)
from travellr_desktop.ui.settings.about import AboutSection


class Opened(QObject):
    """What the desktop was asked to open."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.urls.append(url.toLocalFile())


def test_the_profile_folder_is_opened_and_copied(office: Office) -> None:
    about = section(settings(office), AboutSection)
    line = about.paths["folder"]
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "open")  # type: ignore[arg-type]
    try:
        office.tab_to(line.open)
        office.key(Key.Key_Space)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened.urls == [str(office.desk.profile.folder)]
    assert line.failed.isHidden()
    office.tab_to(line.copy)
    office.key(Key.Key_Space)
    assert office.clipboard() == str(office.desk.profile.folder)


def test_about_names_the_database_that_is_used(outside: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/desk/other.db")
    about = section(settings(outside), AboutSection)
    assert about.paths["database"].path == Path("/srv/desk/other.db")
    outside.tab_to(about.copy)
    outside.key(Key.Key_Space)
    assert "Database: /srv/desk/other.db\n" in outside.clipboard()


def test_every_licence_is_there_to_read(office: Office) -> None:
    about = section(settings(office), AboutSection)
    assert [line.path.is_file() for line in about.licences] == [True] * 3
