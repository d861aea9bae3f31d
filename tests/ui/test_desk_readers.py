"""Paying at the card reader of the desk: what is asked for, what can be done meanwhile, and how it comes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import VISA, Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.readers import with_reader
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.asking import LASTS
from travellr_desktop.ui.desk.payment_states import DeclinedPage, PaidPage
from travellr_desktop.ui.desk.reader_page import ReaderPage

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.traveller("Henrik Söderberg")
    with_reader(desk)


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def ask(at: AtDesk) -> ReaderPage:
    """By keys alone."""
    at.hold("blue cave")
    at.buyer("Henrik")
    at.screen.basket.ways.tiles.focus_chosen()
    at.key(K.Key_4)
    assert at.screen.basket.ways.way is Way.READER
    assert at.screen.basket.button.words == "Ask for the card"
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, ReaderPage)
    return page


def poll(at: AtDesk) -> int:
    """What the schedule does."""
    with may_block():
        read = at.desk.services.readers.poll()
    at.quiet()
    return read


def test_the_amount_stands_large_with_where_it_is_asked_for(at: AtDesk) -> None:
    page = ask(at)
    assert page.amount.accessibleName() == "The reader asks for €45.00"
    assert page.where.text() == "Counter"
    assert page.ring.seconds == LASTS.total_seconds()


def test_it_turns_to_paid_by_itself(at: AtDesk) -> None:
    page = ask(at)
    poll(at)
    assert at.page is page
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.hold_card(page.reader.ref, VISA)
    at.pass_time(seconds=2)
    assert poll(at) == 1
    assert isinstance(at.page, PaidPage)


def test_the_traveller_can_be_played(at: AtDesk) -> None:
    page = ask(at)
    page.cards.setCurrentIndex(page.cards.findData("pm_card_visa_chargeDeclinedInsufficientFunds"))
    page.pays.setFocus()
    at.key(K.Key_Space)
    declined = at.page
    assert isinstance(declined, DeclinedPage)
    assert "INSUFFICIENT_FUNDS" in declined.note.accessibleName()
    at.key(K.Key_4)
    assert declined.primary is not None
    assert declined.primary.words == "Ask for the card"
    at.ctrl_enter()
    again = at.page
    assert isinstance(again, ReaderPage)
    again.cards.setCurrentIndex(again.cards.findData(VISA))
    again.pays.setFocus()
    at.key(K.Key_Space)
    assert isinstance(at.page, PaidPage)


def test_a_cancelled_asking_leaves_the_seats_held_for_another_way(at: AtDesk) -> None:
    page = ask(at)
    assert at.focus() is page.end
    at.key(K.Key_Space)
    ended = at.page
    assert isinstance(ended, DeclinedPage)
    assert "The card reader was told to stop. Nothing was charged." in ended.note.accessibleName()
    at.key(K.Key_2)
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)


def test_a_reader_that_is_off_is_said_with_what_to_do(at: AtDesk) -> None:
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.READER_PROCESS, FaultKind.READER_OFFLINE)
    at.hold("blue cave")
    at.buyer()
    at.screen.basket.ways.choose_number(4)
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, DeclinedPage)
    assert "READER_OFFLINE" in page.note.accessibleName()


def test_a_payment_at_the_reader_that_was_left_tells_when_it_is_paid(at: AtDesk) -> None:
    page = ask(at)
    at.key(K.Key_F2)
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.hold_card(page.reader.ref, VISA)
    at.pass_time(seconds=20)
    poll(at)
    assert at.work.toasts.shown[-1].text == "SA-2026-000001, Henrik Söderberg: paid at the reader"
