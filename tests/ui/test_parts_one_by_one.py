"""Buttons, states, fields and what comes and goes, each by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.spoken import spoken
from travellr_desktop.ui.parts import gallery
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.empty import ProgressNote
from travellr_desktop.ui.parts.field import Field, SearchField
from travellr_desktop.ui.parts.holdring import HoldRing, hold_words
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.mark import Avatar
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.picture import picture
from travellr_desktop.ui.parts.seatmeter import SeatMeter, Seats
from travellr_desktop.ui.parts.shade import SHADE
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.parts.ticket import Ticket
from travellr_desktop.ui.parts.toast import Toasts
from travellr_desktop.ui.theme import Mode, Theme

# buttons


def test_a_button_says_words_and_amount(theme: Theme, qtbot: QtBot) -> None:
    button = Button("Take & keep", Kind.PRIMARY, amount="€248.90", key="Ctrl+Enter")
    qtbot.addWidget(button)
    assert spoken(button) == "Take & keep €248.90"
    button.set_amount("€10.00")
    assert spoken(button) == "Take & keep €10.00"


def test_a_busy_button_is_off_says_what_runs_and_comes_back(theme: Theme, qtbot: QtBot) -> None:
    button = Button("Refund €98.00", Kind.DANGER)
    qtbot.addWidget(button)
    button.show()
    button.set_busy("Asking the bank")
    assert not button.isEnabled()
    assert spoken(button) == "Asking the bank"
    button.set_busy("Reading the answer")
    button.set_busy(None)
    assert button.isEnabled()
    assert spoken(button) == "Refund €98.00"


def test_a_button_that_was_off_before_stays_off_after_being_busy(theme: Theme, qtbot: QtBot) -> None:
    button = Button("Pay")
    qtbot.addWidget(button)
    button.set_off("Choose a traveller first")
    assert button.toolTip() == "Choose a traveller first"
    button.set_busy("Paying")
    button.set_busy(None)
    assert not button.isEnabled()


# states


def test_what_needs_a_person_is_filled_and_settled_states_are_not(theme: Theme, qtbot: QtBot) -> None:
    def ground(badge: Badge) -> int:
        return badge.grab().toImage().pixel(badge.width() - 3, 3)

    pending, paid = Badge("pending"), Badge("paid")
    for badge in (pending, paid):
        qtbot.addWidget(badge)
    assert ground(pending) == theme.colour("wait.fill").rgba()
    assert ground(paid) != theme.colour("ok.fill").rgba()
    assert spoken(pending) == "Pending"
    paid.set_status("pay_unknown")
    assert ground(paid) == theme.colour("unknown.fill").rgba()


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (Seats(12, 4, 2, 3), "4 sold, 2 held, 3 yours, 3 free"),
        (Seats(14, 14), "14 sold, full"),
        (Seats(12, 14), "14 sold of 12"),
        (Seats(8), "8 free"),
        (Seats(0), "full"),
    ],
)
def test_the_seat_meter_says_its_numbers(theme: Theme, qtbot: QtBot, seats: Seats, words: str) -> None:
    meter = SeatMeter(seats)
    qtbot.addWidget(meter)
    assert spoken(meter) == words
    meter.grab()


def test_the_meter_shows_sold_first_yours_after_it_and_free_last(theme: Theme, qtbot: QtBot) -> None:
    meter = SeatMeter(Seats(10, sold=4, yours=3))
    qtbot.addWidget(meter)
    meter.resize(100, 8)
    image = meter.grab().toImage()
    tones = [image.pixelColor(x, 4).name() for x in (20, 55, 85)]
    assert tones == [theme.colour(tone).name() for tone in ("text_muted", "accent", "raised")]


def test_a_hold_changes_its_tone_and_lapses_once(theme: Theme, qtbot: QtBot) -> None:
    left = [301.0]
    ring = HoldRing(lambda: left[0], 900)
    qtbot.addWidget(ring)
    tones: list[str] = []
    lapses: list[bool] = []
    ring.stage_changed.connect(tones.append)
    ring.lapsed.connect(lambda: lapses.append(True))
    for seconds in (299.5, 59.0, 0.0, -5.0):
        left[0] = seconds
        ring.refresh()
    assert tones == ["wait", "bad", "text_muted"]
    assert lapses == [True]
    assert spoken(ring) == "Lapsed"
    ring.restart(lambda: 600.0, 900)
    assert spoken(ring) == "10:00 left on the hold"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "00:01"), (59.01, "01:00"), (462, "07:42"), (3665, "61:05"), (-1, "Lapsed")]
)
def test_hold_time_in_words(theme: Theme, seconds: float, words: str) -> None:
    assert hold_words(seconds) == words


def test_the_perforation_follows_the_upper_part(theme: Theme, qtbot: QtBot) -> None:
    ticket = Ticket()
    qtbot.addWidget(ticket)
    ticket.above.addWidget(Label("Blue Cave and Perast"))
    ticket.below.addWidget(Label("Total"))
    ticket.resize(344, 200)
    ticket.show()

    def cut(y: int) -> bool:
        """Whether the left edge is open at this height: the notch."""
        line = theme.colour("border").name()
        return all(ticket.grab().toImage().pixelColor(x, y).name() != line for x in (0, 1))

    y = ticket.upper_part.geometry().bottom()
    assert cut(y)
    assert not cut(y - 15)


def test_notes_tell_tone_and_sentences_and_offer_one_action(theme: Theme, qtbot: QtBot) -> None:
    note = Note("bad", "The bank refused the card", "Nothing was charged.", action="Details")
    qtbot.addWidget(note)
    note.show()
    assert spoken(note) == "The bank refused the card Nothing was charged."
    with qtbot.waitSignal(note.acted):
        note.button.click()
    note.say("unknown", "We do not know yet.")
    assert not note.button.isVisible()
    assert spoken(note) == "We do not know yet."


def test_initials_come_from_the_first_and_last_word(theme: Theme, qtbot: QtBot) -> None:
    for name, initials in (("Ana Vuković", "AV"), ("Ana Maria de Souza", "AS"), ("Zoë", "Z"), ("", "")):
        avatar = Avatar(name)
        qtbot.addWidget(avatar)
        assert avatar.initials == initials
        avatar.grab()


# fields


def test_an_error_stands_below_the_field_and_is_spoken(theme: Theme, qtbot: QtBot) -> None:
    field = Field("Email", text="henrik.s@example")
    qtbot.addWidget(field)
    field.show()
    before = field.sizeHint().height()
    field.set_error("The part after @ needs a dot.")
    assert field.sizeHint().height() > before
    assert field.edit.accessibleDescription() == "The part after @ needs a dot."
    field.set_error(None)
    assert field.error == ""
    assert field.sizeHint().height() == before


def test_a_box_of_text_tells_what_is_typed_and_gives_tab_and_ctrl_enter_away(
    theme: Theme, qtbot: QtBot
) -> None:
    form = QWidget()
    qtbot.addWidget(form)
    box, after = TextBox("Description", rows=3), Field("After")
    column = QVBoxLayout(form)
    column.addWidget(box)
    column.addWidget(after)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    told: list[str] = []
    box.edited.connect(told.append)
    box.set_text("One")
    assert told == []
    box.edit.setFocus()
    QTest.keyClick(box.edit, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(box.edit, Qt.Key.Key_Return)
    QTest.keyClicks(box.edit, "Two")
    assert box.text() == "One\nTwo"
    assert told[-1] == "One\nTwo"
    QTest.keyClick(box.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(box.edit, Qt.Key.Key_Tab)
    assert after.edit.hasFocus()
    assert box.text() == "One\nTwo"
    before = box.sizeHint().height()
    box.set_error("This is too long.")
    assert box.sizeHint().height() > before
    assert box.edit.accessibleDescription() == "This is too long."
    box.set_error(None)
    assert (box.error, box.sizeHint().height()) == ("", before)


def test_the_eye_shows_the_password_and_says_what_it_does(theme: Theme, qtbot: QtBot) -> None:
    field = Field("Password", text="correct horse", password=True)
    qtbot.addWidget(field)
    eye = field.findChild(IconButton)
    assert isinstance(eye, IconButton)
    assert spoken(eye) == "Show the password"
    eye.click()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Normal
    assert spoken(eye) == "Hide the password"
    eye.click()
    assert field.edit.echoMode() is QLineEdit.EchoMode.Password


def test_a_capital_without_shift_warns_of_caps_lock(theme: Theme, qtbot: QtBot) -> None:
    field = Field("Password", password=True)
    qtbot.addWidget(field)
    field.show()

    def notes() -> list[str]:
        return [
            label.text() for label in field.findChildren(Label) if label.isVisible() and label.tone == "wait"
        ]

    QTest.keyClicks(field.edit, "A", Qt.KeyboardModifier.ShiftModifier)
    assert notes() == []
    QTest.keyClicks(field.edit, "A", Qt.KeyboardModifier.NoModifier)
    assert notes() == ["Caps Lock is on"]
    QTest.keyClicks(field.edit, "a", Qt.KeyboardModifier.NoModifier)
    assert notes() == []


def test_escape_clears_the_search_first(theme: Theme, qtbot: QtBot) -> None:
    search = SearchField("Search trips")
    qtbot.addWidget(search)
    search.show()
    QTest.keyClicks(search.edit, "kotor")
    with qtbot.waitSignal(search.edited, check_params_cb=lambda text: text == ""):
        QTest.keyClick(search.edit, Qt.Key.Key_Escape)
    assert search.text() == ""


# what comes and goes


def test_toasts_stack_offer_undo_and_leave(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 720)
    window.show()
    toasts, undone = Toasts(window), []
    first = toasts.show("Voucher sent", action="Undo", key="Ctrl+Z", on_action=lambda: undone.append(True))
    second = toasts.show("Booking saved")
    assert second.y() > first.y()
    boxes = [toast.geometry().adjusted(SHADE, SHADE, -SHADE, -SHADE) for toast in (first, second)]
    assert all(window.rect().contains(box) for box in boxes)
    assert not boxes[0].intersects(boxes[1])
    assert first.action is not None
    first.action.click()
    assert undone == [True]
    assert toasts.shown == (second,)
    for number in range(5):
        toasts.show(f"Number {number}")
    assert len(toasts.shown) == 3
    for toast in toasts.shown:
        toast.close_now()
    assert toasts.shown == ()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_action_of_a_toast_is_within_it(
    theme: Theme, qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    window = QWidget()
    window.setLayoutDirection(direction)
    window.resize(800, 600)
    qtbot.addWidget(window)
    window.show()
    toast = Toasts(window).show("Seats released", action="Undo", key="Ctrl+Z", on_action=lambda: None)
    assert toast.action is not None
    action = toast.action
    qtbot.waitUntil(lambda: action.width() >= action.sizeHint().width())
    assert toast.rect().adjusted(SHADE, SHADE, -SHADE, -SHADE).contains(action.geometry())
    toast.close_now()


def test_a_toast_stands_above_what_is_at_the_bottom(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    window.resize(800, 600)
    foot = QWidget(window)
    foot.setGeometry(0, 420, 800, 180)
    qtbot.addWidget(window)
    window.show()
    toasts = Toasts(window, over=lambda: foot)
    box = toasts.show("Booking saved").geometry().adjusted(SHADE, SHADE, -SHADE, -SHADE)
    assert box.bottom() < foot.y() < box.bottom() + 16
    foot.setGeometry(0, 100, 800, 500)
    box = toasts.show("Voucher sent").geometry().adjusted(SHADE, SHADE, -SHADE, -SHADE)
    assert box.bottom() > 500
    for toast in toasts.shown:
        toast.close_now()


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_toast_stands_before_the_pane_that_is_worked_in(theme: Theme, qtbot: QtBot, mirrored: bool) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    window.resize(1280, 720)
    pane = QWidget(window)
    pane.setGeometry(0 if mirrored else 900, 0, 380, 720)
    window.show()
    toasts = Toasts(window, beside=lambda: pane)
    box = toasts.show("Booking saved").geometry().adjusted(SHADE, SHADE, -SHADE, -SHADE)
    assert not box.intersects(pane.geometry())
    assert window.rect().contains(box)
    pane.setGeometry(0, 0, 1280, 720)  # a pane as wide as the window leaves no room beside it
    box = toasts.show("Voucher sent").geometry().adjusted(SHADE, SHADE, -SHADE, -SHADE)
    assert window.rect().contains(box)
    for toast in toasts.shown:
        toast.close_now()


def test_a_menu_shows_verbs_as_they_are_and_says_why_one_is_off(theme: Theme, qtbot: QtBot) -> None:
    menu, done = Menu("More"), []
    qtbot.addWidget(menu)
    sent = menu.add("Print & send", lambda: done.append("sent"), icon="printer", key="Ctrl+Enter")
    off = menu.add("Move", lambda: done.append("moved"), off="Needs a connection")
    sent.trigger()
    off.trigger()
    assert done == ["sent"]
    assert sent.text() == "Print && send"
    assert off.toolTip() == "Needs a connection"
    before = sent.icon().cacheKey()
    theme.set_mode(Mode.DARK)
    assert sent.icon().cacheKey() != before


def test_quick_work_shows_no_progress_and_slow_work_does(theme: Theme, qtbot: QtBot) -> None:
    note = ProgressNote("Statements for June")
    qtbot.addWidget(note)
    note.start()
    assert not note.isVisible()
    note.finish()
    note.start()
    qtbot.waitUntil(note.isVisible, timeout=3000)
    note.set_progress(1400, 4100)
    assert "1,400 of 4,100" in [label.text() for label in note.findChildren(Label)]
    note.finish()
    assert not note.isVisible()


def test_a_picture_holds_the_dialog_that_stands_over_the_window(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    plain = picture(window).toImage()
    dialog = gallery.decision(window)
    dialog.open()
    shot = picture(window).toImage()
    middle = dialog.mapTo(window, QPoint(dialog.width() // 2, 60))
    assert shot.pixelColor(middle) != plain.pixelColor(middle)
    dialog.reject()
