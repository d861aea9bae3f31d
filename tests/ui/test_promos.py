"""The screen of promo codes: adding one, changing it, giving it no more, refusals at their field."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.layout import faults
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.services.lists import PromoListRow
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.promos.screen import PromosScreen

JUNE, AUGUST = date(2026, 6, 1), date(2026, 8, 31)


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def codes(place: Workplace) -> tuple[PromoListRow, ...]:
    return place.off(lambda: place.desk.services.promos.list(place.desk.admin))


def add(place: Workplace, code: str = "SUMMER10", **more: object) -> None:
    draft = PromoDraft(code, DiscountKind.PERCENT, JUNE, AUGUST, bps=1000, **more)  # type: ignore[arg-type]
    place.off(lambda: place.desk.services.promos.save(place.desk.admin, draft))


def opened(place: Workplace) -> PromosScreen:
    screen = place.work.go("promos")
    assert isinstance(screen, PromosScreen)
    place.quiet()
    return screen


def begin_new(place: Workplace) -> PromosScreen:
    screen = opened(place)
    screen.new()
    place.until(lambda: screen.panel.is_new)
    place.until(screen.panel.isVisible)
    place.until(screen.panel.form.parts["code"].focusProxy().hasFocus)  # type: ignore[union-attr]
    return screen


def test_a_code_is_added_by_keys(place: Workplace) -> None:
    screen = begin_new(place)
    place.type("Summer 10")
    screen.panel.form.parts["value"].setFocus()
    place.type("12.5")
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: not screen.panel.is_new)
    place.quiet()
    (view,) = codes(place)
    assert (view.code, view.bps, view.own, view.first_day) == ("SUMMER10", 1250, True, date(2026, 6, 18))


def test_an_amount_is_in_the_agencys_currency(place: Workplace) -> None:
    screen = begin_new(place)
    place.type("FIVE")
    kind = screen.panel.form.parts["kind"]
    assert isinstance(kind, Choice)
    kind.set_value(DiscountKind.AMOUNT.value)
    screen.panel.form.parts["value"].setFocus()
    place.type("5")
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: not screen.panel.is_new)
    place.quiet()
    assert codes(place)[0].amount == Money(500, "EUR")


def test_what_is_refused_stands_at_its_field(place: Workplace) -> None:
    add(place)
    screen = begin_new(place)
    place.type("summer10")
    screen.save()
    place.quiet()
    value = screen.panel.form.parts["value"]
    assert "percentage" in value.error  # type: ignore[union-attr]
    value.set_text("10")  # type: ignore[union-attr]
    screen.save()
    place.until(lambda: "such a code already" in screen.panel.form.parts["code"].error)  # type: ignore[union-attr]
    place.quiet()
    screen.panel.is_new = False


def test_a_code_is_given_no_more_and_again(place: Workplace) -> None:
    add(place)
    screen = opened(place)
    place.until(screen.lists.model.rowCount)
    screen.lists.table.go_to(0)
    place.until(lambda: screen.shown is not None)
    screen.offer_no_more()
    place.until(lambda: not codes(place)[0].active)
    place.quiet()
    (view,) = codes(place)
    place.off(lambda: place.desk.services.promos.reactivate(place.desk.admin, view.id))
    assert codes(place)[0].active
    place.quiet()


def test_a_code_says_whether_it_is_valid_today(place: Workplace) -> None:
    past, coming = date(2026, 6, 17), date(2026, 6, 19)
    for code, first, last in (("NOW", JUNE, AUGUST), ("OVER", JUNE, past), ("SOON", coming, AUGUST)):
        draft = PromoDraft(code, DiscountKind.PERCENT, first, last, bps=1000)
        place.off(partial(place.desk.services.promos.save, place.desk.admin, draft))
    screen = opened(place)
    place.until(lambda: screen.lists.model.rowCount() == 3)
    at = next(n for n, column in enumerate(screen.lists.model.columns) if column.key == "status")
    model = screen.lists.model
    place.until(lambda: model.row(2) is not None)
    words = [str(model.index(row, at).data(Qt.ItemDataRole.DisplayRole)) for row in range(3)]
    assert words == ["Valid", "Expired", "Not yet valid"]


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(QSize(1280, 720), id="small"),
        pytest.param(QSize(1920, 1080), id="large", marks=pytest.mark.soak),
    ],
)
def test_nothing_is_cut(qtbot: QtBot, desk: Desk, tmp_path: Path, size: QSize) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=size) as place:
        add(place, "W" * 40, name="For the newsletter of the summer " * 3)
        screen = opened(place)
        place.until(screen.lists.model.rowCount)
        screen.lists.table.go_to(0)
        place.until(lambda: screen.shown is not None)
        place.quiet()
        assert faults(place.work) == []


def test_nothing_lies_sideways_beside_the_form_in_a_small_window(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(1280, 720)) as place:
        place.off(lambda: desk.add_trip("Blue Cave and the islands of the bay, by boat"))
        add(place, "SUMMERBLUECAVE10", trip_id=desk.trips["Blue Cave and Perast"], most_uses=1000)
        screen = opened(place)
        place.until(screen.lists.model.rowCount)
        screen.lists.table.go_to(0)
        place.until(lambda: screen.shown is not None)
        place.quiet()
        place.until(screen.panel.isVisible)
        assert screen.lists.table.horizontalScrollBar().maximum() == 0
