"""The parts together: names, room for words, and the live switch."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.spoken import spoken
from travellr_desktop.ui.parts import gallery, paint
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.calendar import DayCell
from travellr_desktop.ui.parts.detail import DetailPanel
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import MoneyRows
from travellr_desktop.ui.parts.seatmeter import SeatMeter, Seats
from travellr_desktop.ui.parts.timeline import Timeline, TimelineItem
from travellr_desktop.ui.theme import Mode, Theme

LONG = "Donaudampfschifffahrtsgesellschaftskapitän von und zu Überlingen-Nußdorf"
ARABIC = "عبد الرحمن بن عبد العزيز آل سعود"


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> QWidget:
    made = gallery.build()
    qtbot.addWidget(made)
    made.show()
    return made


def cramped(root: QWidget) -> list[str]:
    """Visible words that have less room than they need."""
    found = []
    for label in root.findChildren(Label):
        if not label.isVisible() or not label.text():
            continue
        area = label.contentsRect()
        if label.wordWrap():
            fits = area.height() >= label.heightForWidth(label.width())
        else:
            fits = label.may_elide or area.width() >= paint.width_of(label.text(), label.font())
        if not fits:
            found.append(f"{label.text()!r} in {area.width()} x {area.height()}")
    buttons = [button for button in root.findChildren(QAbstractButton) if button.isVisible()]
    narrow = (one for one in buttons if one.accessibleName() and one.width() < one.minimumSizeHint().width())
    found.extend(f"{button.accessibleName()!r} in {button.width()}" for button in narrow)
    return found


# all of them


def test_the_gallery_fits_the_usual_window_without_scrolling(page: QWidget) -> None:
    assert (page.width(), page.height()) == (1440, 900)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_no_words_are_cut_at_any_size_or_direction(
    theme: Theme, qtbot: QtBot, qapp: QApplication, scale: float, direction: Qt.LayoutDirection
) -> None:
    qapp.setLayoutDirection(direction)
    theme.set_text_scale(scale)
    page = gallery.build()
    qtbot.addWidget(page)
    page.show()
    assert cramped(page) == []


def test_the_check_for_cut_words_sees_one(page: QWidget) -> None:
    label = next(found for found in page.findChildren(Label) if found.text() == "€248.90")
    label.setFixedWidth(20)
    assert any("248.90" in words for words in cramped(page))


def test_everything_that_takes_the_keyboard_says_its_name(page: QWidget) -> None:
    nameless = [
        f"{type(part).__name__} at {part.geometry()}"
        for part in page.findChildren(QWidget)
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and not spoken(part)
    ]
    assert nameless == []


def test_every_day_and_every_icon_button_says_its_name(page: QWidget) -> None:
    days = [cell for cell in page.findChildren(DayCell) if cell.day is not None]
    assert len(days) == 30
    parts: list[QWidget] = [*days, *page.findChildren(IconButton)]
    assert all(spoken(part) for part in parts)


def test_targets_are_at_least_24_pixels(page: QWidget) -> None:
    small = [
        (button.accessibleName(), button.size())
        for button in page.findChildren(QAbstractButton)
        if button.isVisible() and (button.width() < 24 or button.height() < 24)
    ]
    assert small == []


def grabbed(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def test_a_switch_repaints_every_part(page: QWidget, theme: Theme) -> None:
    before = {part: grabbed(part) for part in page.findChildren(QWidget) if drawn(part)}
    theme.set_mode(Mode.DARK)
    same = [type(part).__name__ for part, image in before.items() if grabbed(part) == image]
    assert len(before) > 100
    assert same == []


def drawn(part: QWidget) -> bool:
    """Visible and with something on it: an empty day or container draws nothing."""
    blank = isinstance(part, DayCell) and part.day is None
    return part.isVisible() and part.width() > 1 and not blank and bool(part.accessibleName())


def test_growing_the_text_lays_everything_out_again(page: QWidget, theme: Theme, qtbot: QtBot) -> None:
    button = next(found for found in page.findChildren(Button) if found.words == "Approve")
    before = button.height()
    theme.set_text_scale(1.5)
    qtbot.waitUntil(lambda: button.height() == round(1.5 * before))
    qtbot.waitUntil(lambda: cramped(page) == [])


def test_a_part_that_is_gone_does_not_mind_a_switch(theme: Theme, qapp: QApplication) -> None:
    kept = [Button("Pay", Kind.PRIMARY), Badge("paid"), Label("Kotor"), SeatMeter(Seats(4)), Field("Email")]
    for part in kept:
        part.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.set_mode(Mode.DARK)  # a call into a deleted part would raise


# words


def test_a_label_that_may_elide_shows_its_whole_text_as_a_tip(theme: Theme, qtbot: QtBot) -> None:
    label = Label(LONG, elide=True)
    qtbot.addWidget(label)
    label.show()
    label.resize(120, 20)
    assert label.elided()
    assert label.toolTip() == LONG
    label.resize(900, 20)
    assert label.toolTip() == ""


def test_money_never_becomes_narrower_than_it_is(theme: Theme, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    row = QHBoxLayout(host)
    amount = Label("€1,234,567.89", "body_m")
    row.addWidget(Label(LONG, elide=True), 1)
    row.addWidget(amount)
    host.resize(10, 40)
    host.show()
    assert amount.width() >= paint.width_of(amount.text(), amount.font())


@pytest.mark.parametrize("text", [LONG, ARABIC, "👩‍✈️ Zoë 旅行者 " * 6, "x" * 400])
def test_wrapped_text_gets_the_height_it_needs(theme: Theme, qtbot: QtBot, text: str) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    label = Label(text, wrap=True)
    column.addWidget(label)
    column.addStretch(1)
    host.resize(180, 4000)
    host.show()
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    assert label.heightForWidth(90) > label.heightForWidth(900)


def test_markup_in_a_name_is_only_text(theme: Theme, qtbot: QtBot) -> None:
    label = Label("<b>Ana</b>")
    qtbot.addWidget(label)
    assert label.sizeHint().width() == paint.width_of("<b>Ana</b>", label.font())


def ink_centre(label: Label) -> float:
    image = grabbed(label)
    ground = image.pixel(0, 0)
    columns = [x for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != ground]
    return sum(columns) / len(columns)


@pytest.mark.parametrize("text", ["Kotor", ARABIC])
@pytest.mark.parametrize("wrap", [False, True])
def test_text_starts_at_the_leading_edge_whatever_its_script(
    theme: Theme, qtbot: QtBot, text: str, wrap: bool
) -> None:
    label = Label(text, wrap=wrap)
    qtbot.addWidget(label)
    label.resize(600, 20)
    assert ink_centre(label) < 300
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert ink_centre(label) > 300


def test_a_hyphen_between_letters_is_drawn_narrow_and_one_in_a_reference_is_not() -> None:
    assert paint.typeset("No-show") == "No\u2010show"
    assert paint.typeset("BK-2026-004159") == "BK-2026-004159"


def test_a_detail_panel_is_filled_emptied_and_filled_again(theme: Theme, qtbot: QtBot) -> None:
    panel = DetailPanel("Booking")
    qtbot.addWidget(panel)
    panel.resize(340, 600)
    panel.show()
    for reference in ("BK-2026-004159", "BK-2026-004160"):
        panel.clear()
        panel.set_head(reference, badge=Badge("confirmed"), person=LONG, contact="+382 67 555 214")
        panel.action_row.addWidget(Button("Take €40.00", Kind.PRIMARY, key="P"))
        rows = MoneyRows()
        rows.add("Total", "€198.00", strong=True)
        panel.add(rows, divider=False)
        panel.add(Timeline([TimelineItem("ticket", LONG, ARABIC, "12 Jun 18:41")]))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        qtbot.waitUntil(lambda: cramped(panel) == [])
        assert reference in [label.text() for label in panel.findChildren(Label)]
        assert len(panel.findChildren(Badge)) == 1
    with qtbot.waitSignal(panel.closed):
        QTest.keyClick(panel, Qt.Key.Key_Escape)


def test_money_rows_whose_words_wrap_are_as_high_as_their_words(qtbot: QtBot) -> None:
    panel = DetailPanel("Booking")
    qtbot.addWidget(panel)
    rows = MoneyRows(gap=2)
    rows.add("Total", "€120.00", strong=True)
    words, amount = rows.add("Given back 15 Nov, Mastercard ending 4444", "€60.00")
    panel.add(rows)
    panel.resize(340, 600)
    panel.show()
    qtbot.waitUntil(lambda: words.width() > 0 and words.height() == words.heightForWidth(words.width()))
    assert words.height() > amount.height()
    assert rows.height() == rows.heightForWidth(rows.width())
