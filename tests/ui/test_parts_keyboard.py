"""Every part that takes a choice works without a mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QButtonGroup, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.keyboard import focused, press, shown
from helpers.spoken import spoken
from travellr_desktop.ui.parts import gallery
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.chip import Chip
from travellr_desktop.ui.parts.choices import CheckBox, ComboBox, RadioButton
from travellr_desktop.ui.parts.dialog import Decision, Scrim
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.parts.stepper import Stepper
from travellr_desktop.ui.parts.tile import Tile, Tiles
from travellr_desktop.ui.theme import Theme

TODAY = gallery.TODAY
Key = Qt.Key

# menus grab the keyboard, which the platform of the tests cannot
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)


# steppers, segments, tiles, chips


def test_a_stepper_counts_by_arrows_and_digits_within_its_range(theme: Theme, qtbot: QtBot) -> None:
    stepper = Stepper("Adults", 2, minimum=1, maximum=4)
    told: list[int] = []
    stepper.changed.connect(told.append)
    shown(qtbot, stepper)
    stepper.setFocus()
    for key in (Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Down):
        press(key)
    assert told == [3, 4, 3]
    assert stepper.value() == 3
    less, more = stepper.findChildren(IconButton)
    more.click()
    assert stepper.value() == 4
    assert not more.isEnabled()
    assert less.isEnabled()
    assert spoken(less) == "Adults: one less"
    edit = focused().findChild(QLineEdit)
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    QTest.keyClicks(focused(), "2")
    assert stepper.value() == 2


def test_a_stepper_is_one_tab_stop(theme: Theme, qtbot: QtBot) -> None:
    host = QWidget()
    column = QVBoxLayout(host)
    first, second = Stepper("Adults", 2), Stepper("Children", 1)
    column.addWidget(first)
    column.addWidget(second)
    shown(qtbot, host)
    first.setFocus()
    press(Key.Key_Tab)
    assert second.isAncestorOf(focused())


def test_segments_move_with_arrows_and_tell_the_key(theme: Theme, qtbot: QtBot) -> None:
    segments = Segments("Show", [("day", "Day"), ("week", "Week"), ("month", "Month")])
    told: list[str] = []
    segments.chosen.connect(told.append)
    shown(qtbot, segments)
    segments.focus_chosen()
    press(Key.Key_Right)
    press(Key.Key_Right)
    press(Key.Key_Left)
    assert told == ["week", "month", "week"]
    segments.set_value("day")
    assert segments.value() == "day"
    assert told == ["week", "month", "week"], "setting does not tell"


def test_tiles_move_over_possible_ways_only_and_say_why_not(theme: Theme, qtbot: QtBot) -> None:
    tiles = Tiles("Ways to pay")
    card = tiles.add("card", Tile("credit-card", "Test card", "1"))
    saved = tiles.add("saved", Tile("credit-card", "Saved card", "2"))
    tiles.add("cash", Tile("banknote", "Cash", "3"))
    told: list[str] = []
    tiles.chosen.connect(told.append)
    saved.set_reason("No saved card")
    assert saved.word == "No saved card"
    tiles.set_value("saved")
    tiles.set_value("card")
    shown(qtbot, tiles)
    tiles.focus_chosen()
    assert focused() is card
    press(Key.Key_Right)
    assert told == ["card", "cash"]
    interface = QAccessible.queryAccessibleInterface(saved)
    assert interface is not None
    assert interface.text(QAccessible.Text.Description) == "No saved card"


@pytest.mark.parametrize("kind", ["tiles", "segments"])
def test_tab_stops_at_the_chosen_one_of_several_also_the_first_time(
    theme: Theme, qtbot: QtBot, kind: str
) -> None:
    box = QWidget()
    column = QVBoxLayout(box)
    before, after = QLineEdit(), QLineEdit()
    tiles, segments = Tiles("Ways to pay"), Segments("Ways", [("card", "Card"), ("cash", "Cash")])
    for key in ("card", "cash"):
        tiles.add(key, Tile("banknote", key))
    choice = tiles if kind == "tiles" else segments
    for widget in (before, choice, after):
        column.addWidget(widget)
    choice.set_value("cash")
    shown(qtbot, box)
    before.setFocus()
    press(Key.Key_Tab)
    assert focused().property("checked") is True
    press(Key.Key_Tab)
    assert focused() is after


def test_a_set_chip_is_cleared_by_delete_and_by_its_cross(theme: Theme, qtbot: QtBot) -> None:
    chip = Chip("Status", "Pending")
    shown(qtbot, chip)
    chip.setFocus()
    with qtbot.waitSignal(chip.cleared):
        press(Key.Key_Delete)
    with qtbot.waitSignal(chip.cleared), qtbot.assertNotEmitted(chip.clicked):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 14, chip.height() // 2))
    with qtbot.waitSignal(chip.clicked):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(20, chip.height() // 2))
    chip.set_value(None)
    with qtbot.assertNotEmitted(chip.cleared):
        press(Key.Key_Delete)
    with qtbot.waitSignal(chip.clicked):
        press(Key.Key_Space)


def test_boxes_radios_and_lists_answer_to_space_and_arrows(theme: Theme, qtbot: QtBot) -> None:
    host = QWidget()
    column = QVBoxLayout(host)
    box, one, other = CheckBox("Seats together"), RadioButton("One", checked=True), RadioButton("Other")
    places = ComboBox("Where", ["Anywhere", "Kotor", "Perast"])
    group = QButtonGroup(host)
    for part in (box, one, other, places):
        column.addWidget(part)
    group.addButton(one)
    group.addButton(other)
    shown(qtbot, host)
    box.setFocus()
    press(Key.Key_Space)
    assert box.isChecked()
    one.setFocus()
    press(Key.Key_Down)
    assert other.isChecked()
    places.setFocus()
    press(Key.Key_Down)
    assert places.currentText() == "Kotor"


# buttons and dialogs


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Space])
@pytest.mark.parametrize(
    "make", [lambda: Button("Sign in"), lambda: IconButton("x", "Close"), lambda: Chip("Trip")]
)
def test_enter_presses_what_has_the_keyboard_and_leaves_the_primary_key(
    theme: Theme, qtbot: QtBot, make: Callable[[], Button | Chip], key: Qt.Key
) -> None:
    button = make()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    shown(qtbot, button)
    button.setFocus()
    press(key)
    assert pressed == [True]
    if key != Key.Key_Space:
        press(key, Qt.KeyboardModifier.ControlModifier)
        assert pressed == [True]


def test_a_ring_shows_for_the_keyboard_and_not_for_the_mouse(theme: Theme, qtbot: QtBot) -> None:
    button = Button("Approve", Kind.PRIMARY)
    shown(qtbot, button)
    button.clearFocus()
    plain = button.grab().toImage()
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert button.grab().toImage() == plain
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = button.grab().toImage()
    assert ring.pixelColor(button.width() // 2, 4) == theme.colour("on_accent")


@pytest.fixture
def asked(theme: Theme, qtbot: QtBot) -> Iterator[Decision]:
    window = QWidget()
    window.resize(900, 600)
    shown(qtbot, window)
    dialog = gallery.decision(window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    yield dialog
    window.close()


def test_a_decision_starts_on_the_safe_button_over_a_scrim(asked: Decision, qtbot: QtBot) -> None:
    window = asked.parentWidget()
    assert window is not None
    scrim = window.findChild(Scrim)
    assert isinstance(scrim, Scrim)
    assert scrim.size() == window.size()
    assert focused() is asked.keep
    with qtbot.waitSignal(asked.rejected):
        press(Key.Key_Return)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert window.findChild(Scrim) is None


def test_escape_keeps(asked: Decision, qtbot: QtBot) -> None:
    with qtbot.waitSignal(asked.rejected), qtbot.assertNotEmitted(asked.accepted):
        press(Key.Key_Escape)


def test_control_enter_does_it(asked: Decision, qtbot: QtBot) -> None:
    with qtbot.waitSignal(asked.accepted):
        press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_tab_reaches_the_act_and_enter_presses_it(asked: Decision, qtbot: QtBot) -> None:
    press(Key.Key_Tab)
    assert focused() is asked.act
    with qtbot.waitSignal(asked.accepted):
        press(Key.Key_Return)


def test_a_decision_being_carried_out_cannot_be_left_or_repeated(asked: Decision, qtbot: QtBot) -> None:
    asked.set_busy("Giving back €98.00")
    with qtbot.assertNotEmitted(asked.finished):
        QTest.keyClick(asked, Key.Key_Escape)
        QTest.keyClick(asked, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    asked.set_busy(None)
    with qtbot.waitSignal(asked.rejected):
        QTest.keyClick(asked, Key.Key_Escape)


def test_a_decision_stays_inside_a_small_window_with_long_words(theme: Theme, qtbot: QtBot) -> None:
    theme.set_text_scale(1.5)
    window = QWidget()
    window.resize(1280, 720)
    shown(qtbot, window)
    dialog = Decision(
        "Give €1,234,567.89 back to Donaudampfschifffahrtsgesellschaftskapitän Müller-Lüdenscheidt?",
        verb="Give €1,234,567.89 back",
        keep="Keep",
        second="All 34 bookings of the sale SA-2026-000371. " * 3,
        parent=window,
    )
    for number in range(6):
        dialog.rows.add(f"Stara Varoš Tours gives back, part {number}", "€205,761.31")
    dialog.open()
    assert window.geometry().contains(dialog.geometry())
    dialog.reject()


def test_a_choice_too_long_for_its_box_is_whole_in_its_tooltip(theme: Theme, qtbot: QtBot) -> None:
    box = ComboBox("View", ["All", "Everything that departs today and later, whatever its state"])
    shown(qtbot, box)
    box.resize(120, box.height())
    assert box.toolTip() == ""
    box.setCurrentIndex(1)
    assert box.toolTip() == box.currentText()
    box.setCurrentIndex(0)
    assert box.toolTip() == ""


# menus


def below(qtbot: QtBot, menu: Menu, *, above: bool = False) -> Menu:
    """The menu, opened at a button."""
    window = QWidget()
    button = Button("More", parent=window)
    shown(qtbot, window)
    qtbot.addWidget(menu)
    (menu.popup_above if above else menu.popup_below)(button)
    return menu


@pytest.mark.parametrize("above", [False, True])
def test_a_menu_opens_on_the_first_line_that_can_be_chosen_and_enter_takes_it(
    theme: Theme, qtbot: QtBot, above: bool
) -> None:
    menu, done = Menu("More"), list[str]()
    menu.add("Move", lambda: done.append("moved"), off="Needs a connection")
    menu.addSeparator()
    first = menu.add("Print", lambda: done.append("printed"))
    menu.add("Send", lambda: done.append("sent"))
    below(qtbot, menu, above=above)
    assert menu.activeAction() is first
    QTest.keyClick(menu, Key.Key_Return)
    assert done == ["printed"]
    assert not menu.isVisible()


def test_arrows_go_on_from_the_first_line_of_a_menu(theme: Theme, qtbot: QtBot) -> None:
    menu, done = Menu("More"), list[str]()
    for words in ("Print", "Send"):
        menu.add(words, partial(done.append, words))
    below(qtbot, menu)
    QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)
    assert done == ["Send"]
