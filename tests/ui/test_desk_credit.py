"""Credit at the desk: offered to who has some, spent in place of money, and no more than there is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.refunding import refunded
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.ui.desk.payment_states import PaidPage


def season(desk: Desk) -> None:
    """Two travellers, one of whom has 135.00 of credit."""
    departure = desk.add_departure(capacity=12)
    desk.add_departure(capacity=12)
    desk.traveller("Ada Lind")
    henrik = desk.traveller("Henrik Söderberg")
    sold = desk.sell(desk.hold(departure, adult=3), pay=CASH, traveller=henrik)
    refunded(desk, sold.bookings[0].id, to=RefundTo.CREDIT)


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def ways(at: AtDesk) -> list[Way]:
    return [offer.way for offer in at.screen.basket.ways._ways]


def has(at: AtDesk, name: str) -> int:
    with may_block():
        traveller: UUID = at.desk.services.travellers.search(at.desk.agent, name)[0].id
        return at.desk.services.credit.of_traveller(at.desk.agent, traveller).of("EUR").minor


def test_it_is_offered_to_who_has_some(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer("Ada")
    at.quiet()
    assert Way.CREDIT not in ways(at)


def test_it_pays_in_place_of_money(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer("Henrik")
    at.until(lambda: Way.CREDIT in ways(at))
    at.screen.basket.ways.choose_number(ways(at).index(Way.CREDIT) + 1)
    assert at.screen.basket.button.words == "Spend credit"
    at.ctrl_enter()
    at.until(lambda: isinstance(at.page, PaidPage))
    assert has(at, "Henrik") < 13_500
