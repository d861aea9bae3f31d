"""The desk at every size it is made for, with next to nothing and with far too much: nothing is cut, nothing
overlaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, time
from itertools import combinations, product
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.alternating import alternating
from helpers.desk import Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.readers import with_reader
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.ways import Way
from travellr_desktop.ui.desk.grow import Grow
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.reader_page import ReaderPage
from travellr_desktop.ui.desk.tabs import reading_order
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label

SATURDAY = date(2026, 6, 20)
SIZES = ((1280, 720), (1440, 900), (1920, 1080))
DIRECTIONS = {"ltr": Qt.LayoutDirection.LeftToRight, "rtl": Qt.LayoutDirection.RightToLeft}
LONG = "Dreitägige Hochgebirgswanderung durch den Nationalpark Durmitor mit Übernachtung in der Berghütte"
ARABIC = "رحلة بحرية إلى الكهف الأزرق وبيراست مع غداء على متن القارب"


def little(desk: Desk) -> None:
    desk.add_departure(day=SATURDAY, capacity=6)
    desk.traveller("Bo")


def two_days(desk: Desk) -> None:
    little(desk)
    desk.add_departure(day=date(2026, 6, 21), capacity=6)


def much(desk: Desk) -> None:
    """Long and right-to-left words, amounts in the hundred millions, hundreds of seats."""
    long = desk.add_trip(
        LONG,
        adult=98_765_432_10,
        child=87_654_321_00,
        meeting_point=LONG,
        languages="German, English, Serbian",
    )
    arabic = desk.add_trip(ARABIC, zone="Africa/Cairo", place="Alexandria", meeting_point="المرسى، الرصيف ٢")
    desk.add_departure(long, day=SATURDAY, capacity=999)
    desk.add_departure(arabic, day=SATURDAY, at=time(9, 0), capacity=300)
    desk.traveller(
        "Bodo-Maximilian Alexander Freiherr von und zu Schwarzenberg-Hohenlohe-Langenburg",
        phone="+49 151 555 018 234 567",
        email="bodo.maximilian.alexander.von.schwarzenberg@verwaltung.example.org",
    )


def visible(screen: QWidget, *kinds: type[QWidget]) -> Iterator[QWidget]:
    for widget in screen.findChildren(QWidget):
        if isinstance(widget, kinds) and widget.isVisible() and not widget.visibleRegion().isEmpty():
            yield widget


def cut(screen: QWidget) -> list[str]:
    """What says less than it should: labels that may not elide, buttons narrower than their words."""
    found = []
    for widget in visible(screen, Label, Button):
        if isinstance(widget, Label):
            if widget.elided() and not widget.may_elide:
                found.append(f"label {widget.text()!r}")
        elif widget.width() < widget.sizeHint().width():
            found.append(f"button {widget.accessibleName()!r}")
    for area in visible(screen, Grow):
        assert isinstance(area, Grow)
        content = area.widget()
        if content is not None and content.width() > area.viewport().width():
            found.append("content wider than what scrolls it")
    return found


def overlapping(screen: QWidget) -> list[str]:
    """Pairs of small parts that lie on one another."""
    placed = []
    for widget in visible(screen, Label, Button, KeyCap, HoldRing, Badge):
        seen = widget.visibleRegion().boundingRect()
        placed.append((widget, QRect(widget.mapTo(screen, QPoint(0, 0)) + seen.topLeft(), seen.size())))
    return [
        f"{first.accessibleName() or first} on {second.accessibleName() or second}"
        for (first, one), (second, other) in combinations(placed, 2)
        if one.intersects(other) and not first.isAncestorOf(second) and not second.isAncestorOf(first)
    ]


def look(at: AtDesk, where: str) -> None:
    QApplication.processEvents()
    with suppress(QtTimeout):  # what is then still wrong is told below
        at.qtbot.waitUntil(lambda: not cut(at.screen) and not overlapping(at.screen), timeout=SETTLES_MS)
    assert cut(at.screen) == [], where
    assert overlapping(at.screen) == [], where


def _cases() -> Iterator[ParameterSet]:
    """The narrowest with the most in it, and the other agency the other way round; the other ways are soak."""
    met = {(0, much, "ltr"), (1, little, "rtl")}
    for number, size in enumerate(SIZES):
        for prepare, (word, direction) in product((little, much), DIRECTIONS.items()):
            marks = () if (number, prepare, word) in met else (pytest.mark.soak,)
            name = f"{word}-{prepare.__name__}-{size[0]}x{size[1]}"
            yield pytest.param(size, prepare, direction, id=name, marks=marks)


@pytest.mark.parametrize(("size", "prepare", "direction"), list(_cases()))
def test_nothing_is_cut_on_the_way_from_search_to_voucher(
    qtbot: QtBot,
    tmp_path: Path,
    size: tuple[int, int],
    prepare: Callable[[Desk], None],
    direction: Qt.LayoutDirection,
) -> None:
    with at_desk(qtbot, tmp_path, prepare, size=size) as at:
        at.work.setLayoutDirection(direction)
        look(at, "at the start")
        assert (at.work.width(), at.work.height()) == size
        at.search("no such trip")
        look(at, "nothing found")
        at.key(Qt.Key.Key_Escape)
        at.screen.filters.adults.set_value(6)
        at.quiet()
        look(at, "an offer")
        for _ in range(2 if prepare is much else 1):
            at.screen.results.view.setFocus()
            at.key(Qt.Key.Key_Return)
            at.key(Qt.Key.Key_Down)
        look(at, "held")
        at.screen.basket.lines[0].open_details(True)
        look(at, "names")
        at.screen.basket.lines[0].open_details(False)
        at.key(Qt.Key.Key_F4)
        at.type("bo")
        look(at, "matches")
        at.key(Qt.Key.Key_Return)
        look(at, "traveller")
        at.card("Declined: not enough funds")
        at.ctrl_enter()
        look(at, "declined")
        at.ctrl_enter()
        look(at, "paid")
        at.key(Qt.Key.Key_V)
        look(at, "voucher")


@pytest.mark.parametrize(
    ("size", "direction"), alternating(([size] for size in SIZES), list(DIRECTIONS.items()), first=1)
)
def test_a_payment_link_can_be_scanned_and_read(
    qtbot: QtBot, tmp_path: Path, direction: Qt.LayoutDirection, size: tuple[int, int]
) -> None:
    with at_desk(qtbot, tmp_path, much, size=size) as at:
        at.work.setLayoutDirection(direction)
        at.screen.results.view.setFocus()
        at.key(Qt.Key.Key_Down)  # the other one costs more than a provider takes at once
        at.key(Qt.Key.Key_Return)
        at.buyer("bodo")
        at.screen.basket.ways.choose_number(3)
        look(at, "by link")
        at.ctrl_enter()
        page = at.page
        assert isinstance(page, LinkPage)
        look(at, "waiting")
        code = page.code
        at.qtbot.waitUntil(lambda: code.visibleRegion().boundingRect() == code.rect())
        at.key(Qt.Key.Key_F2)
        look(at, "left to go on")
        at.screen.links_left.come_back()
        at.quiet()
        look(at, "come back to")
        assert isinstance(at.page, LinkPage)
        at.qtbot.mouseClick(at.page.end, Qt.MouseButton.LeftButton)
        at.quiet()
        look(at, "cancelled")


def with_a_long_reader(desk: Desk) -> None:
    much(desk)
    with_reader(desk, "Counter by the window to the harbour, second from the left")


@pytest.mark.parametrize(
    ("size", "direction"), alternating(([size] for size in SIZES), list(DIRECTIONS.items()), first=1)
)
def test_what_a_card_reader_asks_for_can_be_read(
    qtbot: QtBot, tmp_path: Path, direction: Qt.LayoutDirection, size: tuple[int, int]
) -> None:
    with at_desk(qtbot, tmp_path, with_a_long_reader, size=size) as at:
        at.work.setLayoutDirection(direction)
        at.screen.results.view.setFocus()
        at.key(Qt.Key.Key_Down)
        at.key(Qt.Key.Key_Return)
        at.buyer("bodo")
        at.screen.basket.ways.choose_number(4)
        look(at, "at the reader")
        at.ctrl_enter()
        page = at.page
        assert isinstance(page, ReaderPage)
        look(at, "asking")
        at.qtbot.mouseClick(page.end, Qt.MouseButton.LeftButton)
        at.quiet()
        look(at, "cancelled")


@pytest.mark.parametrize("direction", alternating([[]], list(DIRECTIONS.items())))
def test_where_a_transfer_is_recorded_can_be_read(
    qtbot: QtBot, tmp_path: Path, direction: Qt.LayoutDirection
) -> None:
    with at_desk(qtbot, tmp_path, with_a_long_reader, size=SIZES[0]) as at:
        at.work.setLayoutDirection(direction)
        at.screen.results.view.setFocus()
        at.key(Qt.Key.Key_Down)
        at.key(Qt.Key.Key_Return)
        at.screen.session.lines[0].kept = True  # as if it had been an option
        at.buyer("bodo")
        ways = at.screen.basket.ways
        at.until(lambda: ways.choose_number(5))
        assert ways.way is Way.BANK
        look(at, "a transfer")
        at.ctrl_enter()
        at.until(lambda: ways.reference.error)
        look(at, "without its reference")


@pytest.mark.parametrize("direction", alternating([[]], list(DIRECTIONS.items())))
def test_the_ways_out_of_an_empty_list_can_be_read(
    qtbot: QtBot, tmp_path: Path, direction: Qt.LayoutDirection
) -> None:
    with at_desk(qtbot, tmp_path, much, size=SIZES[0]) as at:
        at.work.setLayoutDirection(direction)
        more = at.screen.filters.more
        more.time._buttons["evening"].click()
        more.place.setCurrentIndex(1)
        more.price.set_text("0.01")
        more._price_edited("0.01")
        at.search("Much longer words than anything that is sold here is called by")
        assert len(at.screen.results.none_fit.buttons) > 0
        look(at, "nothing found, by several filters")
        at.screen.results.none_fit.buttons[-1].click()
        at.screen.filters.calendar.go_today()
        at.screen.filters.calendar.day_chosen.emit(at.screen.filters.calendar.chosen)
        at.quiet()
        assert at.screen.results.none_fit.buttons[0].words.startswith("Go to")
        look(at, "nothing on a day")


def _name(widget: QWidget | None) -> str:
    return widget.accessibleName() if widget is not None else ""


def test_tab_goes_from_filters_to_list_to_offer_to_basket_and_ends_at_the_primary(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with at_desk(qtbot, tmp_path, two_days) as at:
        screen = at.screen
        screen.results.view.setFocus()
        at.key(Qt.Key.Key_Return)
        at.buyer("bo")
        screen.basket.lines[0].open_details(True)
        screen.filters.search.edit.setFocus()
        passed: list[QWidget] = []
        for _ in range(60):
            passed.append(at.focus())
            at.qtbot.keyClick(at.focus(), Qt.Key.Key_Tab)
            if at.focus() is passed[0]:
                break
        wanted = [
            screen.filters.search.edit,
            screen.filters.adults.focusProxy(),
            screen.filters.calendar.cell(SATURDAY),
            screen.filters.more.place,
            screen.filters.more.together,
            screen.results.view,
            screen.offer.others.buttons[0],
            screen.offer.button,
            screen.basket.strip.button,
            screen.basket.lines[0].head,
            screen.basket.lines[0].names[0].edit,
            screen.basket.ways.tiles.tile("card"),
            screen.basket.ways.card,
            screen.basket.button,
        ]
        assert [_name(widget) for widget in passed if widget in wanted] == [_name(each) for each in wanted]


def test_tab_goes_round_the_whole_window_with_a_toast_and_with_lines_made_meanwhile(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with at_desk(qtbot, tmp_path, two_days) as at:
        screen = at.screen
        screen.results.view.setFocus()
        at.key(Qt.Key.Key_Return)
        at.key(Qt.Key.Key_Return)
        screen.basket.lines[0].head.setFocus()
        at.key(Qt.Key.Key_Delete)
        assert at.work.toasts.offering is not None
        at.buyer("bo")
        (item,) = (each for each in at.work.rail.items if each.isChecked())
        shell = [item, at.work.person.name, at.work.bar.field]
        for key, ends in (
            (Qt.Key.Key_Tab, [screen.filters.search.edit]),
            (Qt.Key.Key_Backtab, [screen.basket.button]),
        ):
            start = screen.basket.button if key is Qt.Key.Key_Tab else screen.filters.search.edit
            start.setFocus()
            passed: list[QWidget] = []
            for _ in range(9):
                at.qtbot.keyClick(at.focus(), key)
                passed.append(at.focus())
                if screen.isAncestorOf(at.focus()):
                    break
            outside = [each for each in passed if each in shell]
            assert outside == (shell if key is Qt.Key.Key_Tab else shell[::-1])
            assert passed[-1:] == ends


def test_tab_keeps_its_order_while_the_basket_is_scrolled(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, two_days, size=(1280, 720)) as at:
        screen = at.screen
        screen.results.view.setFocus()
        at.key(Qt.Key.Key_Return)
        screen.basket.lines[0].open_details(True)
        at.key(Qt.Key.Key_F4)
        at.type("somebody new")
        at.key(Qt.Key.Key_Return)
        assert screen.basket.scroll_area.verticalScrollBar().value() > 0
        order = reading_order(screen._basket_pane)
        wanted: list[QWidget] = [
            screen.basket.extend,
            screen.basket.lines[0].head,
            screen.basket.lines[0].names[0].edit,
            screen.basket.traveller.new.fields["name"].edit,
            screen.basket.traveller.new.button,
        ]
        assert [widget for widget in order if widget in wanted] == wanted


def test_a_long_basket_scrolls_by_itself_and_leaves_hold_and_payment_in_sight(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with at_desk(qtbot, tmp_path, little, size=(1280, 720)) as at:
        screen = at.screen
        screen.results.view.setFocus()
        for _ in range(6):
            at.key(Qt.Key.Key_Return)
        assert len(screen.basket.lines) == 6
        at.key(Qt.Key.Key_F4)
        at.type("somebody new")
        at.key(Qt.Key.Key_Return)
        whole = QRect(QPoint(), screen.size())
        offered = screen.offer.full.wait if screen.offer.full.isVisible() else screen.offer.button
        for button in (offered, screen.basket.button):
            assert button.isVisible()
            assert whole.contains(QRect(button.mapTo(screen, QPoint()), button.size())), button.words
        assert screen.basket.scroll_area.verticalScrollBar().maximum() > 0


def test_a_low_window_folds_the_filters_and_a_high_one_unfolds_them(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, little) as at:
        filters, basket = at.screen.filters, at.screen.basket
        at.screen.results.view.setFocus()
        at.key(Qt.Key.Key_Return)
        at.until(filters.more.isVisible)
        at.until(basket.strip.isVisible)
        at.work.resize(1280, 720)
        QApplication.processEvents()
        assert (at.work.width(), at.work.height()) == (1280, 720)
        assert not filters.more.isVisible()
        assert filters.folded.isVisible()
        assert not basket.strip.isVisible()
        assert basket.extend.isVisible()
        filters.folded.button.setFocus()
        at.key(Qt.Key.Key_Space)
        at.until(filters.more.isVisible)
        filters.more.together.setFocus()
        at.key(Qt.Key.Key_Space)
        assert filters.folded.button.amount == "1 set"
        at.key(Qt.Key.Key_Escape)
        at.until(lambda: not filters.more.isVisible())
        at.until(filters.folded.button.hasFocus)
        at.work.resize(1440, 900)
        QApplication.processEvents()
        assert filters.more.isVisible()
        assert filters.more.together.isChecked()
