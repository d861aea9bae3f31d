from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from travellr_desktop.paths import resource
from travellr_desktop.ui.actions import SPECS, Act, Actions

Key = Qt.Key


class Place(QWidget):
    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self.edit, self.button = QLineEdit(), QPushButton("Do")
        column.addWidget(self.edit)
        column.addWidget(self.button)
        self.actions_ = Actions(self)
        self.done: list[str] = []


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    place = Place()
    qtbot.addWidget(place)
    with qtbot.waitActive(place):
        place.show()
        place.activateWindow()
    place.button.setFocus()
    return place


def test_every_action_has_words_help_and_an_icon_that_exists() -> None:
    assert set(SPECS) == set(Act)
    for spec in SPECS.values():
        assert spec.words
        assert spec.help
        assert resource("icons", f"{spec.icon}.svg").is_file()


def test_no_key_is_given_twice_and_each_is_a_key() -> None:
    """What is new has the same key on every screen that has something new: each stands on a screen of its own."""
    keys = [key for act, spec in SPECS.items() for key in spec.keys if not act.value.endswith(".new")]
    new = {key for act, spec in SPECS.items() for key in spec.keys if act.value.endswith(".new")}
    assert len(keys) == len(set(keys))
    assert not new & set(keys)
    assert all(QKeySequence(key).toString() == key for key in keys)


def test_a_key_does_what_its_action_does(qtbot: QtBot, place: Place) -> None:
    place.actions_.use({Act.NEW_BOOKING: lambda: place.done.append("new")})
    qtbot.keyClick(place.button, Key.Key_F2)
    assert place.done == ["new"]


def test_an_action_that_nobody_handles_is_off(qtbot: QtBot, place: Place) -> None:
    assert not place.actions_.enabled(Act.PAY)
    place.actions_.trigger(Act.PAY)
    qtbot.keyClick(place.button, Key.Key_P)
    assert place.done == []


def test_the_screen_goes_before_the_window_and_leaves_with_its_screen(place: Place) -> None:
    place.actions_.use({Act.BACK: lambda: place.done.append("window")})
    place.actions_.use_screen({Act.BACK: lambda: place.done.append("screen")})
    place.actions_.trigger(Act.BACK)
    place.actions_.use_screen({})
    place.actions_.trigger(Act.BACK)
    assert place.done == ["screen", "window"]


def test_an_action_that_was_switched_off_says_why_until_the_next_screen(place: Place) -> None:
    place.actions_.use_screen({Act.VOUCHER: lambda: place.done.append("voucher")})
    place.actions_.set_enabled(Act.VOUCHER, False, "Nothing is sold yet")
    place.actions_.trigger(Act.VOUCHER)
    assert place.done == []
    assert place.actions_.why_off(Act.VOUCHER) == "Nothing is sold yet"
    place.actions_.use_screen({Act.VOUCHER: lambda: place.done.append("voucher")})
    assert place.actions_.enabled(Act.VOUCHER)
    assert place.actions_.why_off(Act.VOUCHER) == ""


def test_a_single_letter_is_a_letter_while_a_field_has_the_focus(qtbot: QtBot, place: Place) -> None:
    place.actions_.use({Act.PAY: lambda: place.done.append("pay")})
    place.edit.setFocus()
    qtbot.keyClick(place.edit, Key.Key_P)
    assert place.edit.text() == "p"
    assert place.done == []
    place.button.setFocus()
    qtbot.keyClick(place.button, Key.Key_P)
    assert place.done == ["pay"]


@pytest.mark.parametrize("key", ["p", "/", "?"])
def test_single_letters_and_signs_can_be_switched_off(qtbot: QtBot, place: Place, key: str) -> None:
    heard = [lambda: place.done.append("x")]
    place.actions_.use({Act.PAY: heard[0], Act.FIND: heard[0], Act.KEYS: heard[0]})
    qtbot.keyClick(place.button, key)
    assert place.done == ["x"]
    place.actions_.set_single_letters(False)
    qtbot.keyClick(place.button, key)
    assert place.done == ["x"]
    assert place.actions_.keys(Act.PAY) == ()
    place.actions_.set_single_letters(True)
    qtbot.keyClick(place.button, key)
    assert place.done == ["x", "x"]


def test_ways_to_pay_have_their_number_from_anywhere(qtbot: QtBot, place: Place) -> None:
    place.actions_.use_screen({Act.PAY_4: lambda: place.done.append("cash")})
    place.edit.setFocus()
    qtbot.keyClick(place.edit, Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert place.done == ["cash"]
    assert place.edit.text() == ""
