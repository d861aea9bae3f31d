"""Discount and promo code in the basket: what they take off, who bears it, refusals at the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.desk_window import AtDesk, at_desk
from helpers.gui_thread import may_block
from helpers.layout import faults
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.discount_box import AMOUNT, CODE
from travellr_desktop.ui.desk.payment_states import PaidPage
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.add_departure(desk.add_trip("Perast islands kayak", adult=3800), day=SATURDAY, capacity=10)
    desk.traveller("Henrik Söderberg", phone="+46 70 555 01 82", email="henrik.s@example.org")
    for code, trip in (("SUMMER10", None), ("KAYAK", desk.trips["Perast islands kayak"])):
        draft = PromoDraft(
            code, DiscountKind.PERCENT, date(2026, 6, 1), date(2026, 8, 31), bps=1000, trip_id=trip
        )
        desk.services.promos.save(desk.admin, draft)


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    with at_desk(qtbot, tmp_path, season) as at:
        yield at


def money(at: AtDesk) -> list[str]:
    return [label.text() for label in at.screen.basket.money.findChildren(Label) if label.isVisible()]


def open_form(at: AtDesk, kind: str = "percent") -> None:
    box = at.screen.basket.discount
    box.open_button.click()
    at.quiet()
    if kind != "percent":
        box.kind._buttons[kind].click()


def test_ten_per_cent_with_a_reason_are_taken_off(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at)
    box = at.screen.basket.discount
    assert box.percent.edit.hasFocus()
    at.type("10")
    box.reason.edit.setFocus()
    at.type("They come each year")
    at.key(K.Key_Return)
    assert not box.is_open
    assert "−€4.50" in money(at)
    assert at.screen.basket.button.amount == "€40.50"


def test_d_asks_for_a_discount_once_seats_are_held(at: AtDesk) -> None:
    actions = at.screen.context.actions
    assert actions.why_off(Act.DISCOUNT) == "Hold seats first"
    at.hold("blue cave")
    assert actions.enabled(Act.DISCOUNT)
    at.screen.basket.lines[0].head.setFocus()
    at.key(K.Key_D)
    at.until(at.screen.basket.discount.percent.edit.hasFocus)
    at.key(K.Key_Escape)
    assert not at.screen.basket.discount.is_open


def test_what_is_sold_stays_in_sight_above_the_form_in_a_low_window(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, season, size=(1280, 696)) as at:
        at.hold("blue cave")
        at.buyer()
        open_form(at)
        at.type("40")
        basket = at.screen.basket
        basket.discount.reason.set_text("They come each year")
        at.key(K.Key_Return)
        assert "10 % at the most" in basket.discount.percent._error.text()
        qtbot.waitUntil(lambda: basket.scroll_area.verticalScrollBar().maximum() == 0)
        assert basket.money.isVisible()
        assert "1 adult" not in money(at)
        basket.discount.close_form()
        qtbot.waitUntil(lambda: "1 adult" in money(at))


def test_a_discount_without_a_reason_is_asked_for_one(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at)
    at.type("10")
    at.key(K.Key_Return)
    box = at.screen.basket.discount
    assert box.reason.error.startswith("Say why it is given.")
    assert box.reason.edit.hasFocus()
    assert at.screen.basket.button.amount == "€45.00"


def test_more_than_the_limit_is_refused_to_an_agent(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at)
    at.type("25")
    box = at.screen.basket.discount
    box.reason.edit.setFocus()
    at.type("A friend")
    at.key(K.Key_Return)
    assert box.percent.error.startswith("You may take off 10 % at the most; this is 25 %.")


def test_an_amount_at_the_agencys_cost_beyond_its_commission_is_refused(at: AtDesk) -> None:
    with may_block(), at.desk.database.write(Commit.SETTINGS_SAVE, SYSTEM) as work:
        work.agency.get().discount_limit_bps = 10_000
        work.commit()
    at.hold("blue cave")
    open_form(at, AMOUNT)
    at.type("9.50")
    box = at.screen.basket.discount
    box.reason.edit.setFocus()
    at.type("A late bus")
    box.bearer._buttons["own"].click()
    box.give()
    at.quiet()
    assert "cannot bear more than that alone" in box.amount.error


def test_a_code_is_tried_at_once(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at, CODE)
    box = at.screen.basket.discount
    at.type("NONSENSE")
    at.key(K.Key_Return)
    assert box.code.error.startswith("There is no promo code NONSENSE.")
    box.code.set_text("kayak")
    at.key(K.Key_Return)
    assert box.code.error.startswith("KAYAK is for another trip.")
    box.code.set_text("summer10")
    at.key(K.Key_Return)
    assert not box.is_open
    assert "−€4.50" in money(at)


def test_after_the_second_nothing_more_is_asked_and_the_keyboard_goes_to_the_payment(at: AtDesk) -> None:
    at.hold("blue cave")
    at.buyer()
    open_form(at)
    at.type("10")
    at.screen.basket.discount.reason.set_text("They come each year")
    at.key(K.Key_Return)
    at.until(lambda: at.focus() is at.screen.basket.discount.open_button)
    at.key(K.Key_Return)
    at.type("summer10")
    at.key(K.Key_Return)
    at.until(lambda: at.focus() is at.screen.basket.button)


def test_what_was_given_is_reckoned_again_for_another_basket(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at, CODE)
    at.type("SUMMER10")
    at.key(K.Key_Return)
    at.hold("kayak")
    assert "−€8.30" in money(at)
    assert at.screen.basket.button.amount == "€74.70"


def test_a_discount_is_taken_away_again(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at, CODE)
    at.type("SUMMER10")
    at.key(K.Key_Return)
    at.screen.session.reduction.give(None, "")
    at.quiet()
    assert "Discount" not in money(at)
    at.until(at.screen.basket.discount.open_button.isVisible)


def test_the_sale_is_made_at_the_price_that_was_shown(at: AtDesk) -> None:
    at.hold("blue cave")
    open_form(at, CODE)
    at.type("SUMMER10")
    at.key(K.Key_Return)
    at.buyer()
    at.ctrl_enter()
    assert isinstance(at.page, PaidPage)
    with may_block(), at.desk.database.read() as view:
        (booking,) = view.bookings.find_all()[0]
        assert booking.price == Money(4050, "EUR").minor
        (row,) = view.discounts.of_booking(booking.id)
        assert row.reason == "Promo code SUMMER10"


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        pytest.param((1280, 720), 1.0, id="small"),
        pytest.param((1920, 1080), 1.0, id="large", marks=pytest.mark.soak),
        pytest.param((1920, 1080), 2.0, id="twice", marks=pytest.mark.soak),
    ],
)
def test_all_of_it_can_be_read(qtbot: QtBot, tmp_path: Path, size: tuple[int, int], scale: float) -> None:
    with at_desk(qtbot, tmp_path, season, size=size) as at:
        Theme.current().set_text_scale(scale)
        at.hold("blue cave")
        wrong: dict[str, list[str]] = {}

        def look(where: str) -> None:
            at.quiet()
            with suppress(QtTimeout):
                qtbot.waitUntil(lambda: not faults(at.work), timeout=1_500)
            wrong[where] = faults(at.work)

        look("before")
        already = set(wrong.pop("before"))
        open_form(at)
        box = at.screen.basket.discount
        look("the form")
        at.type("25")
        box.reason.set_text(
            "A very good reason, which takes more words than the field is wide, and then some"
        )
        box.give()
        look("refused")
        box.percent.set_text("9.99")
        box.give()
        look("given")
        open_form(at, CODE)
        box.code.set_text("W" * 40)
        box.give()
        look("no such code")
        box.code.set_text("SUMMER10")
        box.give()
        look("both given")
        found = {where: set(each) - already for where, each in wrong.items()}
        assert not any(found.values()), found
