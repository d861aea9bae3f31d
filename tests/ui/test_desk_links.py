"""Paying by link at the desk: the code before the traveller, what can be done meanwhile, and how it comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from helpers.desk import VISA, Desk
from helpers.desk_window import CTRL, AtDesk, at_desk
from helpers.gui_thread import may_block
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.linking import LASTS
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.payment_states import DeclinedPage, LapsedPage, PaidPage, UnknownPage
from travellr_desktop.ui.parts.qr import QUIET, QrCode
from travellr_desktop.ui.theme import Mode, Theme

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    kayak = desk.add_trip("Perast islands kayak", adult=3800)
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.add_departure(kayak, day=SATURDAY, at=time(9, 0), capacity=10)
    desk.traveller("Henrik Söderberg")
    desk.traveller("Ada Brandt")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def make_link(at: AtDesk, trip: str = "blue cave", who: str = "Henrik") -> LinkPage:
    """By keys alone."""
    at.hold(trip)
    at.buyer(who)
    at.screen.basket.ways.tiles.focus_chosen()
    at.key(K.Key_3)
    assert at.screen.basket.ways.way is Way.LINK
    assert at.screen.basket.button.words == "Make the link"
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, LinkPage)
    return page


def traveller_pays(at: AtDesk, ref: str, card: str = VISA) -> None:
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.pay_link(ref, card)


def poll(at: AtDesk) -> int:
    """What the schedule does."""
    with may_block():
        read = at.desk.services.links.poll()
    at.quiet()
    return read


def test_the_code_says_the_address_and_the_ring_the_time(at: AtDesk) -> None:
    page = make_link(at)
    assert page.code.accessibleName() == f"QR code of the payment page {page.link.url}"
    assert page.ring.seconds == LASTS.total_seconds()
    at.pass_time(minutes=5)
    page.ring.refresh()
    assert page.ring.accessibleName() == "30:00 left on the hold"
    assert at.screen.outcome.amount.text() == "€45.00"


def test_it_turns_to_paid_by_itself(at: AtDesk) -> None:
    page = make_link(at)
    poll(at)
    assert at.page is page
    traveller_pays(at, page.link.ref)
    at.pass_time(seconds=2)
    assert poll(at) == 1
    assert isinstance(at.page, PaidPage)
    assert at.work.commands.enabled(Act.VOUCHER)


def test_while_it_is_on_the_screen_it_is_read_every_two_seconds(at: AtDesk) -> None:
    make_link(at)
    assert poll(at) == 1
    at.pass_time(seconds=2)
    assert poll(at) == 1
    at.key(K.Key_F2)
    at.pass_time(seconds=2)
    assert poll(at) == 0
    at.pass_time(seconds=18)
    assert poll(at) == 1


def test_the_address_is_copied_by_its_key(at: AtDesk) -> None:
    assert not at.work.commands.enabled(Act.COPY_LINK)
    page = make_link(at)
    QGuiApplication.clipboard().clear()
    at.key(K.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == page.link.url
    QGuiApplication.clipboard().clear()
    assert at.focus() is page.primary
    at.key(K.Key_Space)
    assert QGuiApplication.clipboard().text() == page.link.url


def test_in_the_sandbox_the_traveller_can_be_played(at: AtDesk) -> None:
    page = make_link(at)
    page.cards.setCurrentIndex(page.cards.findData("pm_card_visa_chargeDeclinedInsufficientFunds"))
    page.pays.setFocus()
    at.key(K.Key_Space)
    assert at.page is page
    assert page.said.text() == "Declined (insufficient_funds); the link stays open"
    page.cards.setCurrentIndex(page.cards.findData(VISA))
    page.pays.setFocus()
    at.key(K.Key_Space)
    assert isinstance(at.page, PaidPage)


def test_a_cancelled_link_leaves_the_seats_held_for_another_way(at: AtDesk) -> None:
    page = make_link(at)
    at.pass_time(minutes=3)
    page.end.setFocus()
    at.key(K.Key_Space)
    ended = at.page
    assert isinstance(ended, DeclinedPage)
    assert "The link was cancelled. Nothing was charged." in ended.note.accessibleName()
    assert ended.strip.seconds() == (LASTS - timedelta(minutes=3)).total_seconds()
    at.key(K.Key_2)
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)


def test_another_link_can_be_made_after_one_that_was_cancelled(at: AtDesk) -> None:
    page = make_link(at)
    page.end.setFocus()
    at.key(K.Key_Space)
    at.key(K.Key_3)
    primary = at.page.primary
    assert primary is not None
    assert primary.words == "Make the link"
    at.ctrl_enter()
    second = at.page
    assert isinstance(second, LinkPage)
    assert second.link.ref != page.link.ref


def test_who_cancels_too_late_sees_it_paid(at: AtDesk) -> None:
    page = make_link(at)
    traveller_pays(at, page.link.ref)
    page.end.setFocus()
    at.key(K.Key_Space)
    assert isinstance(at.page, PaidPage)


def test_a_cancellation_that_cannot_be_sent_is_said_and_the_link_stays(at: AtDesk) -> None:
    page = make_link(at)
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.SESSION_EXPIRE, FaultKind.UNREACHABLE)
    page.end.setFocus()
    at.key(K.Key_Space)
    assert at.page is page
    at.until(page.refusal.isVisible)
    assert "cannot be reached" in page.refusal.accessibleName()


def test_a_link_whose_time_is_over_is_a_lapsed_sale(at: AtDesk) -> None:
    make_link(at)
    at.pass_time(seconds=LASTS.total_seconds())
    poll(at)
    assert isinstance(at.page, LapsedPage)


def test_what_the_bank_still_decides_on_is_neither_paid_nor_open(at: AtDesk) -> None:
    page = make_link(at)
    traveller_pays(at, page.link.ref, "pm_card_slow")
    poll(at)
    assert isinstance(at.page, UnknownPage)


def test_a_link_goes_on_while_somebody_else_is_served_and_can_be_come_back_to(at: AtDesk) -> None:
    page = make_link(at)
    entry = at.screen.links_left
    assert not entry.isVisible()
    at.key(K.Key_F2)
    at.until(entry.isVisible)
    assert entry.button.words == "SA-2026-000001 waits to be paid by link"
    entry.button.setFocus()
    at.key(K.Key_Space)
    again = at.page
    assert isinstance(again, LinkPage)
    assert again.link == page.link
    at.until(lambda: not entry.isVisible())


def test_a_link_that_was_left_tells_when_it_is_paid(at: AtDesk) -> None:
    page = make_link(at)
    at.key(K.Key_F2)
    traveller_pays(at, page.link.ref)
    at.pass_time(seconds=20)
    poll(at)
    assert not at.screen.links_left.isVisible()
    assert at.work.toasts.shown[-1].text == "SA-2026-000001, Henrik Söderberg: paid by link"


def test_one_of_several_links_is_come_back_to(at: AtDesk) -> None:
    make_link(at)
    at.key(K.Key_F2)
    make_link(at, "kayak", "Ada")
    assert at.screen.links_left.button.words == "SA-2026-000001 waits to be paid by link"
    at.key(K.Key_F2)
    assert at.screen.links_left.button.words == "2 links wait to be paid"


def test_a_basket_with_something_in_it_is_not_pushed_aside(at: AtDesk) -> None:
    make_link(at)
    at.key(K.Key_F2)
    at.hold("kayak")
    at.screen.links_left.come_back()
    at.quiet()
    assert at.screen.session.outcome is None
    assert len(at.screen.basket.lines) == 1
    assert "There is something in the basket." in at.screen.basket.note.accessibleName()


def test_without_a_connection_no_link_is_made_and_cash_is_first(at: AtDesk) -> None:
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.SESSION_CREATE, FaultKind.UNREACHABLE)
    at.hold("blue cave")
    at.buyer()
    at.screen.basket.ways.choose_number(3)
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, DeclinedPage)
    assert page.ways.way is Way.CASH


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_code_is_painted_in_whole_pixels_dark_on_white(at: AtDesk, mode: Mode) -> None:
    Theme.current().set_mode(mode)
    code = QrCode("https://pay.example/l/9f3kq7", edge=200)
    at.qtbot.addWidget(code)
    code.resize(code.sizeHint())
    image = code.grab().toImage()
    module = image.width() // (len(code.rows) + 2 * QUIET)
    left = (image.width() - module * len(code.rows)) // 2
    for y, row in enumerate(code.rows):
        for x, dark in enumerate(row):
            corners = ((0, 0), (module - 1, module - 1))
            seen = {
                QColor(image.pixel(left + x * module + i, left + y * module + j)).name() for i, j in corners
            }
            assert seen == {"#142024" if dark else "#ffffff"}
    assert QColor(image.pixel(QPoint(left - 2 * module, image.height() // 2))).name() == "#ffffff"
