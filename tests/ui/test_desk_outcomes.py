"""Outcomes that a desk sees rarely: seats gone after the money had come, all of them or some, and a slow provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.outcomes import OutcomeState, ReadRow
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.payment_states import GonePage, PaidPage, UnknownPage

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    kayak = desk.add_trip("Perast islands kayak", adult=3800)
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.add_departure(kayak, day=SATURDAY, at=time(9, 0), capacity=10)
    desk.traveller("Henrik Söderberg")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        at.hold("blue cave")
        at.hold("kayak")
        at.buyer()
        at.ctrl_enter()
        assert isinstance(at.page, PaidPage)
        yield at


def show_gone(at: AtDesk, gone: int) -> GonePage:
    """The sale as if the seats of its first bookings had been gone when the money came."""
    paid = at.page.outcome
    bookings = tuple(
        replace(booking, state=BookingState.CANCELLED, refunded=booking.price) if number < gone else booking
        for number, booking in enumerate(paid.bookings)
    )
    state = OutcomeState.SEATS_GONE if gone == len(bookings) else OutcomeState.PARTLY
    at.screen.session._came(replace(paid, state=state, bookings=bookings))
    page = at.page
    assert isinstance(page, GonePage)
    return page


def test_money_for_seats_that_were_gone_goes_back_by_itself(at: AtDesk) -> None:
    page = show_gone(at, 2)
    assert "€83.00 goes back to the traveller by itself." in page.note.accessibleName()
    assert page.primary is not None
    assert page.primary.words == "Next traveller"
    assert not at.work.commands.enabled(Act.VOUCHER)


def test_what_still_stands_of_a_sale_keeps_its_voucher(at: AtDesk) -> None:
    page = show_gone(at, 1)
    assert "The rest of the sale stands." in page.note.accessibleName()
    at.key(K.Key_V)
    assert [path.stem for path in at.opened] == [page.outcome.bookings[1].reference]


def test_what_was_read_of_an_unknown_payment_is_listed_with_what_comes_next(at: AtDesk) -> None:
    paid, now = at.page.outcome, at.clock.now()
    reads = (ReadRow(now - timedelta(seconds=20), "the payment service cannot be reached"),)
    unknown = replace(paid, state=OutcomeState.UNKNOWN, reads=reads, next_read_at=now + timedelta(seconds=40))
    at.screen.session._came(unknown)
    page = at.page
    assert isinstance(page, UnknownPage)
    items = page.readings.items
    assert [item.title for item in items] == ["Read after 5 seconds", "Next reading in 0:40"]
    assert items[0].second == "The payment service cannot be reached"
    at.pass_time(seconds=10)
    page.readings.tick()
    assert page.readings.items[1].title == "Next reading in 0:30"


def test_a_payment_that_is_under_way_keeps_everything_still(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, season) as at:
        with may_block(), at.desk.sandbox() as sandbox:
            sandbox.set_latency(400)
        at.hold("blue cave")
        at.buyer()
        basket = at.screen.basket
        at.qtbot.keyClick(basket.button, K.Key_Space)
        assert basket.button.busy
        assert not basket.ways.isEnabled()
        assert not basket.upper_part.isEnabled()
        assert "do not take the money another way" in basket._why.text()
        at.qtbot.keyClick(at.screen.results.view, K.Key_F2)
        assert len(basket.lines) == 1
        at.quiet()
        assert isinstance(at.page, PaidPage)
