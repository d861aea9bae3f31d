"""All keys on `?`: nothing cut, columns that fit, in the middle, also after the window changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.window import Desk, open_desk
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.actions import NEW_KEY, SPECS, Act
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.shell.keys_help import KeysHelp
from travellr_desktop.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(qtbot, tmp_path, role=Role.ADMIN) as desk:
        desk.window.resize(1280, 720)
        desk.sign_in()
        yield desk


def opened(desk: Desk) -> KeysHelp:
    desk.work.keys_help.open()
    QApplication.processEvents()
    return desk.work.keys_help


def lines(help_: KeysHelp) -> list[Label]:
    return [label for label in help_.panel.findChildren(Label) if label.role == "body"]


def lefts(help_: KeysHelp) -> set[int]:
    """Where columns begin."""
    return {label.mapTo(help_.panel, label.rect().topLeft()).x() for label in lines(help_)}


def centred(help_: KeysHelp) -> bool:
    left, right = help_.panel.x(), help_.width() - help_.panel.geometry().right() - 1
    return abs(left - right) <= 1


def cut(help_: KeysHelp) -> list[str]:
    """Words that are not whole."""
    labels = help_.panel.findChildren(Label)
    low = [each for each in labels if each.wordWrap() and each.height() < each.heightForWidth(each.width())]
    return [label.text() for label in (*low, *(each for each in labels if each.elided()))]


def test_at_1280_by_720_all_is_seen_at_once_and_nothing_is_cut(desk: Desk) -> None:
    help_ = opened(desk)
    bar = help_._scroll.verticalScrollBar()
    assert bar.maximum() == 0
    assert len(lefts(help_)) == 3
    assert not cut(help_)
    assert help_.rect().contains(help_.panel.geometry())


def test_columns_are_as_even_as_their_groups_allow(desk: Desk) -> None:
    help_ = opened(desk)
    ends = [
        max(label.mapTo(help_, label.rect().bottomLeft()).y() for label in lines(help_) if label.x() == x)
        for x in {label.x() for label in lines(help_)}
    ]
    assert max(ends) - min(ends) < Theme.current().px(150)


def test_it_stays_in_the_middle_when_the_window_changes_and_has_as_many_columns_as_fit(desk: Desk) -> None:
    help_ = opened(desk)
    for wide, columns in ((1600, 3), (960, 2), (1280, 3)):
        desk.window.resize(wide, 720)
        QApplication.processEvents()
        assert help_.width() == desk.work.width()
        assert centred(help_)
        assert len(lefts(help_)) == columns


def test_with_large_text_nothing_is_cut_and_the_arrows_scroll(desk: Desk) -> None:
    Theme.current().set_text_scale(2.0)
    help_ = opened(desk)
    assert not cut(help_)
    bar = help_._scroll.verticalScrollBar()
    assert bar.maximum() > 0
    desk.key(Key.Key_Down)
    assert bar.value() > 0
    desk.key(Key.Key_End)
    assert bar.value() == bar.maximum()
    desk.key(Key.Key_Home)
    assert bar.value() == 0


def test_adding_to_a_list_has_one_key_on_every_screen_and_one_line(desk: Desk) -> None:
    new = [
        spec.keys for act, spec in SPECS.items() if act.value.endswith(".new") and act is not Act.NEW_BOOKING
    ]
    assert set(new) == {(NEW_KEY,)}
    caps = [cap.accessibleName() for cap in opened(desk).panel.findChildren(KeyCap)]
    assert caps.count(f"key {NEW_KEY}") == 1
