"""The page of settings: its list of sections, Tab and Escape, no words cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.gui_thread import off_gui
from helpers.office import Office, cut, office_at
from helpers.settings_page import (
    Key,
    section,
    settings,
)
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.ui.settings.about import AboutSection
from travellr_desktop.ui.settings.agency import AgencySection
from travellr_desktop.ui.theme import Theme


def test_the_list_of_sections_goes_to_each_by_arrows(office: Office) -> None:
    screen = settings(office)
    screen.nav.items["agency"].setFocus()
    office.until(lambda: screen._scroll.verticalScrollBar().maximum() > 1000)
    for key in list(screen.sections)[1:]:
        office.key(Key.Key_Down)
        assert screen.nav.current == key
        top = screen.sections[key].mapTo(screen, screen.rect().topLeft()).y()
        assert 0 <= top < 60
    office.key(Key.Key_Down)
    assert screen.nav.current == "about"


def test_tab_goes_from_the_list_into_the_section_that_is_marked(office: Office) -> None:
    screen = settings(office)
    for key, item in screen.nav.items.items():
        screen.show_section(key)
        item.setFocus()
        office.key(Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert screen.sections[key].isAncestorOf(focus), key
        assert not focus.visibleRegion().isEmpty(), key


def test_tab_brings_what_it_reaches_into_sight(office: Office) -> None:
    screen = settings(office)
    about = section(screen, AboutSection)
    office.tab_to(about.copy)
    office.until(lambda: not about.copy.visibleRegion().isEmpty())
    assert screen.nav.current == "about"


def test_escape_goes_back_to_the_list(office: Office) -> None:
    screen = settings(office)
    office.tab_to(section(screen, AgencySection).fields["contact"].edit)
    office.key(Key.Key_Escape)
    assert QApplication.focusWidget() is screen.nav.items["agency"]


def _looks() -> Iterator[ParameterSet]:
    """Every size, scale and role is met once; the other ways to join them are soak."""
    met = {(1280, 2.0, Role.ADMIN), (1440, 1.5, Role.AGENT)}
    sizes = (QSize(1280, 720), QSize(1440, 900), QSize(1920, 1080))
    for role, scale, size in product((Role.ADMIN, Role.AGENT), (1.0, 1.5, 2.0), sizes):
        marks = () if (size.width(), scale, role) in met else (pytest.mark.soak,)
        yield pytest.param(role, size, scale, id=f"{role.value}-{scale}-{size.width()}", marks=marks)


@pytest.mark.parametrize(("role", "size", "scale"), list(_looks()))
def test_no_words_are_cut(qtbot: QtBot, tmp_path: Path, role: Role, size: QSize, scale: float) -> None:
    with office_at(qtbot, tmp_path, role=role, size=size, at="settings") as office:
        draft = AgencyDraft("وكالة " * 15, "Ш" * 100, "Putovanja " * 19, "0" * 100, "@" * 100, "Asia/Tokyo")
        off_gui(lambda: office.desk.services.agency.save(office.desk.admin, draft))
        Theme.current().set_text_scale(scale)
        screen = settings(office)
        office.until(lambda: not cut(screen))
