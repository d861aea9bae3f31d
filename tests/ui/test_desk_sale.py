"""From search to voucher by keys alone, on real services: what is paid, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.books import balances
from helpers.cut_off import watched
from helpers.desk import Desk
from helpers.desk_window import ALT, AtDesk, at_desk
from helpers.gui_thread import may_block, off_gui
from travellr_desktop.errors import DiskFull
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.storage.commits import Commit, Moment
from travellr_desktop.ui.desk.payment_states import DeclinedPage, LapsedPage, PaidPage, UnknownPage

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    """Two trips on a Saturday, and a traveller who has been here before."""
    blue = desk.trips["Blue Cave and Perast"]
    kayak = desk.add_trip("Perast islands kayak", adult=3800, meeting_point="Perast beach")
    desk.add_departure(blue, day=SATURDAY, capacity=12)
    desk.add_departure(kayak, day=SATURDAY, at=time(9, 0), capacity=10)
    desk.traveller("Henrik Söderberg", phone="+46 70 555 01 82", email="henrik.s@example.org")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def test_a_trip_is_sold_by_card_without_the_mouse(at: AtDesk) -> None:
    at.hold("blue cave")
    at.hold("kayak")
    at.buyer("söderb")
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, PaidPage)
    outcome = page.outcome
    assert outcome.state is OutcomeState.PAID
    assert outcome.paid.minor == 4500 + 3800
    assert [booking.title for booking in outcome.bookings] == ["Blue Cave and Perast", "Perast islands kayak"]
    assert at.screen.outcome.reference.text() == outcome.reference
    with may_block(), at.desk.sandbox() as sandbox:
        assert sandbox.counts().succeeded == 1


def test_the_vouchers_of_a_paid_sale_are_saved_and_opened(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    at.key(K.Key_V)
    reference = at.page.outcome.bookings[0].reference
    assert [path.name for path in at.opened] == [f"{reference}.pdf"]
    assert at.opened[0].read_bytes().startswith(b"%PDF")
    assert at.page.saved.isVisible()
    at.key(K.Key_F2)
    at.key(K.Key_F9)
    assert len(at.opened) == 2


def test_f2_after_a_sale_begins_an_empty_basket(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    at.key(K.Key_F2)
    at.until(at.screen.basket.isVisible)
    at.until(lambda: not at.screen.outcome.isVisible())
    assert at.screen.basket.lines == ()
    assert at.screen.session.traveller is None
    at.until(lambda: at.focus() is at.screen.filters.search.edit)


def test_cash_is_chosen_by_its_digit_and_paid_at_once(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.key(K.Key_2, ALT)
    assert at.screen.basket.button.words == "Take cash"
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)
    assert at.page.outcome.payment_label == "Cash"


def test_cash_is_never_shown_as_on_its_way(at: AtDesk) -> None:
    """Between its commits the sale is pending in the file; the window says what comes of it, once."""
    session, shown = at.screen.session, []
    session.outcome_changed.connect(lambda: shown.append(session.outcome and session.outcome.state))
    at.hold("blue cave")
    at.buyer()
    at.key(K.Key_2, ALT)
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)
    assert shown == [OutcomeState.PAID]


def test_cash_whose_outcome_could_not_be_written_is_taken_once(at: AtDesk) -> None:
    """The word is kept when the disk is full: pressing it again is the same word."""

    def full(commit: Commit, moment: Moment) -> None:
        if (commit, moment) == (Commit.PAYMENT_COMPLETE, Moment.BEFORE):
            raise DiskFull("The disk is full.")

    at.hold("blue cave")
    at.buyer()
    at.key(K.Key_2, ALT)
    with watched(full):
        at.ctrl_enter()
        at.qtbot.waitUntil(lambda: not at.screen.session.paying)
    assert at.screen.session.outcome is None
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)
    with may_block():
        till = balances(at.desk)
    assert till == {"till": 4500, "traveller_funds": 4500}


def test_a_key_that_is_entered_meanwhile_has_other_cards_or_none(at: AtDesk) -> None:
    ways, desk = at.screen.basket.ways, at.desk
    cards = ways.card.count()
    off_gui(lambda: desk.services.provider.set_key(desk.admin, "rk_test_51Morning"))
    at.qtbot.waitUntil(lambda: 0 < ways.card.count() < cards)
    off_gui(lambda: desk.services.provider.set_key(desk.admin, "rk_live_51Harbour"))
    at.qtbot.waitUntil(lambda: ways.tiles.value() == "cash")
    at.quiet()


def test_a_digit_in_the_basket_chooses_a_way_and_in_a_field_it_is_typed(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.key(K.Key_2)
    assert at.screen.basket.ways.tiles.value() == "cash"
    at.key(K.Key_1)
    assert at.screen.basket.ways.tiles.value() == "card"
    at.key(K.Key_F4)
    at.type("2")
    assert at.screen.basket.ways.tiles.value() == "card"
    assert at.screen.basket.traveller.finder.field.text() == "2"


def test_a_declined_card_says_why_and_another_card_pays_the_same_sale(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.card("Declined: not enough funds")
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, DeclinedPage)
    assert page.outcome.refusal is not None
    assert page.outcome.refusal.code == "INSUFFICIENT_FUNDS"
    assert "INSUFFICIENT_FUNDS" in page.note.accessibleName()
    assert page.strip.seconds() > 0
    assert page.ways.card.currentText() == "Visa"
    sale = page.outcome.sale_id
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)
    assert at.page.outcome.sale_id == sale
    with may_block(), at.desk.sandbox() as sandbox:
        assert sandbox.counts().succeeded == 1


def test_a_second_decline_shows_itself_anew(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.card("Declined: expired")
    at.ctrl_enter()
    first = at.page
    at.card("Declined: reported lost")
    at.pass_time(seconds=30)
    at.ctrl_enter()
    assert isinstance(at.page, DeclinedPage)
    assert at.page is not first
    assert at.page.outcome.payment_id != first.outcome.payment_id


def test_the_seats_of_a_declined_sale_are_released(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.card("Declined: no reason given")
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, DeclinedPage)
    page.off.setFocus()
    at.key(K.Key_Space)
    at.until(at.screen.basket.isVisible)
    rows = {row.title: row for row in at.screen.results.rows}
    at.key(K.Key_Slash)
    assert at.screen.session.outcome is None
    assert all(row.yours == 0 for row in rows.values())


def test_a_lost_reply_is_unknown_until_it_is_read(at: AtDesk) -> None:
    from travellr_desktop.payments.sandbox.faults import FaultKind
    from travellr_desktop.payments.sandbox.operations import Operation

    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, UnknownPage)
    assert page.note.tone == "unknown"
    assert page.outcome.next_read_at is not None
    at.key(K.Key_R)
    assert isinstance(at.page, PaidPage)
    with may_block(), at.desk.sandbox() as sandbox:
        assert sandbox.counts().succeeded == 1


def test_an_unknown_sale_that_was_left_tells_how_it_came_out(at: AtDesk) -> None:
    from travellr_desktop.payments.sandbox.faults import FaultKind
    from travellr_desktop.payments.sandbox.operations import Operation

    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    at.key(K.Key_F2)
    at.until(at.screen.basket.isVisible)
    at.pass_time(seconds=6)
    with may_block():
        recovered = at.desk.services.payments.recover()
    at.quiet()
    assert recovered.payments == 1
    at.qtbot.waitUntil(lambda: len(at.work.toasts.shown) == 1)


def test_no_connection_is_said_apart_and_cash_comes_first(at: AtDesk) -> None:
    from travellr_desktop.payments.sandbox.faults import FaultKind
    from travellr_desktop.payments.sandbox.operations import Operation

    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CREATE, FaultKind.UNREACHABLE)
    at.hold("blue cave")
    at.buyer()
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, DeclinedPage)
    assert page.note.tone == "wait"
    assert "Nothing was charged" in page.note.accessibleName()
    assert page.ways.tiles.value() == "cash"
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)


def test_a_hold_that_lapses_after_a_decline_can_be_held_again(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    at.card("Declined: no reason given")
    at.ctrl_enter()
    at.pass_time(minutes=16)
    at.qtbot.waitUntil(lambda: isinstance(at.screen.outcome.page, LapsedPage))
    at.ctrl_enter()
    at.until(at.screen.basket.isVisible)
    assert [line.line.ended for line in at.screen.basket.lines] == [False]
    assert at.screen.session.traveller is not None
    at.card("Visa")
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)
