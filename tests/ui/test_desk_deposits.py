"""A deposit on the desk: offered where the rest is due later, taken, and what is still due said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from travellr_desktop.ui.desk.payment_states import DeclinedPage, PaidPage

SATURDAY, AUTUMN = date(2026, 6, 20), date(2026, 10, 3)
K = Qt.Key


def season(desk: Desk) -> None:
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    autumn = desk.add_trip("Wine in autumn", adult=20000)
    desk.add_departure(autumn, day=AUTUMN, capacity=8)
    desk.traveller("Henrik Söderberg")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


@pytest.fixture
def autumn(at: AtDesk) -> AtDesk:
    with may_block(), at.desk.database.read() as view:
        departure = next(row.id for row in view.departures.find_all()[0] if row.local_day == AUTUMN)
    at.screen.show_departure(departure, AUTUMN)
    at.quiet()
    at.screen.results.view.setFocus()
    at.key(K.Key_Return)
    at.buyer("Henrik")
    return at


def test_what_leaves_soon_is_paid_at_once(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    assert not at.screen.basket.deposit.isVisible()


def test_a_deposit_is_offered_with_what_is_due_later(autumn: AtDesk) -> None:
    box = autumn.screen.basket.deposit
    assert box.only.text() == "Deposit only, €60.00"
    assert box.second.text() == "€140.00 is due later, until Thu 3 Sept"
    box.only.setChecked(True)
    assert autumn.screen.basket.button.accessibleName().count("60.00") == 1


def test_the_deposit_is_taken_and_the_rest_said(autumn: AtDesk) -> None:
    autumn.screen.basket.deposit.only.setChecked(True)
    autumn.screen.basket.ways.choose_number(2)
    autumn.ctrl_enter()
    page = autumn.page
    assert isinstance(page, PaidPage)
    assert "€140.00 is still due" in page.note.accessibleName()


def test_after_a_decline_the_deposit_can_be_taken_another_way(autumn: AtDesk) -> None:
    autumn.screen.basket.deposit.only.setChecked(True)
    autumn.card("Declined: not enough funds")
    autumn.ctrl_enter()
    page = autumn.page
    assert isinstance(page, DeclinedPage)
    assert page.deposit is not None
    page.deposit.setChecked(True)
    page.choose_number(2)
    autumn.ctrl_enter()
    paid = autumn.page
    assert isinstance(paid, PaidPage)
    assert paid.outcome.paid.minor == 6000
