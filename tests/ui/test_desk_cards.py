"""Cards that are kept: the consent on the desk, charging one, the way out where its bank wants the traveller, and
forgetting it beside the traveller."""

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
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.ui.desk.link_page import LinkPage
from travellr_desktop.ui.desk.payment_states import DeclinedPage, PaidPage

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    day = desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    henrik = desk.traveller("Henrik Söderberg")
    desk.traveller("Ada Brandt")
    sale = desk.sell(desk.hold(day, adult=1), pay=PayChoice(Way.LINK, keep=True), traveller=henrik)
    assert sale.link is not None
    with desk.sandbox() as sandbox:
        sandbox.pay_link(sale.link.ref, VISA)
    desk.services.links.poll()


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def choose(at: AtDesk, way: Way) -> None:
    ways = [offer.way for offer in at.screen.basket.ways._ways]
    at.screen.basket.ways.choose_number(ways.index(way) + 1)


def ready(at: AtDesk, who: str = "Henrik") -> None:
    at.hold("blue cave")
    at.buyer(who)


def test_a_card_is_offered_to_who_had_it_kept_and_to_nobody_else(at: AtDesk) -> None:
    ready(at, "Ada")
    assert Way.SAVED not in [offer.way for offer in at.screen.basket.ways._ways]
    at.key(K.Key_F4)
    at.type("Henrik")
    at.key(K.Key_Return)
    at.quiet()
    choose(at, Way.SAVED)
    assert at.screen.basket.ways.kept.currentText().startswith("Visa ending 4242, to ")


def test_a_kept_card_is_charged_at_once(at: AtDesk) -> None:
    ready(at)
    choose(at, Way.SAVED)
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)


def test_the_traveller_is_asked_before_a_card_is_kept(at: AtDesk) -> None:
    ready(at, "Ada")
    ways = at.screen.basket.ways
    choose(at, Way.LINK)
    assert ways.keep.isVisible()
    assert not ways.keep.isChecked()
    ways.keep.setChecked(True)
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, LinkPage)
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.pay_link(page.link.ref, VISA)
    at.pass_time(seconds=2)
    with may_block():
        at.desk.services.links.poll()
    at.quiet()
    assert isinstance(at.page, PaidPage)
    with may_block():
        ada = at.desk.services.travellers.search(at.desk.agent, "Ada")[0]
        cards = at.desk.services.cards.of_traveller(at.desk.agent, ada.id)
    assert [card.label for card in cards] == ["Visa ending 4242"]


def test_where_the_bank_wants_the_traveller_one_key_makes_a_link(at: AtDesk) -> None:
    with may_block(), at.desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.AUTHENTICATION_REQUIRED)
    ready(at)
    choose(at, Way.SAVED)
    at.ctrl_enter()
    declined = at.page
    assert isinstance(declined, DeclinedPage)
    assert declined.primary is not None
    assert declined.primary.words == "Make the link"
    at.ctrl_enter()
    assert isinstance(at.page, LinkPage)


def test_a_card_that_is_not_kept_any_more_is_said_plainly(at: AtDesk) -> None:
    ready(at)
    choose(at, Way.SAVED)
    with may_block():
        buyer = at.screen.session.traveller
        assert buyer is not None
        with at.desk.database.read() as view:
            ref = view.cards.of_traveller(buyer.id, at.desk.program.gateway.kind)[0].card_ref
        at.desk.program.gateway.detach_card(ref, key="in the dashboard")
    at.ctrl_enter()
    page = at.page
    assert isinstance(page, DeclinedPage)
    assert "CARD_NOT_KEPT" in page.note.accessibleName()
