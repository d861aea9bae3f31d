"""The plan of seats by itself: as large as its room allows, scrolled beyond that, never mirrored."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from travellr_desktop.domain.seat_presets import boat_with_decks, coach
from travellr_desktop.domain.seat_text import plan_from
from travellr_desktop.domain.seating import Outline, Side
from travellr_desktop.ui.parts.seat_paint import SeatTone
from travellr_desktop.ui.parts.seatplan import PlanPreview, PlanScroll, SeatLook, SeatPlan
from travellr_desktop.ui.theme import Mode, Theme

K = Qt.Key


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Theme:
    theme = Theme(mode=Mode.LIGHT, reduced_motion=True)
    theme.apply(qapp)
    return theme


def shown(qtbot: QtBot, plan: SeatPlan) -> SeatPlan:
    qtbot.addWidget(plan)
    with qtbot.waitActive(plan):
        plan.show()
        plan.activateWindow()
    return plan


def test_a_plan_is_as_large_as_its_room_within_what_is_read(qtbot: QtBot) -> None:
    plan = shown(qtbot, SeatPlan("Coach", coach()))
    plan.fit(3000, 3000)
    large = plan.size()
    plan.fit(480, 400)
    fitted = plan.size()
    plan.fit(100, 100)
    least = plan.size()
    assert large.width() > fitted.width() > least.width()
    assert fitted.width() <= 480
    assert all(plan.cell(label).width() >= 20 for label in plan.layout_shown.by_label)


def test_a_plan_too_wide_for_its_place_is_scrolled_to_the_cursor(qtbot: QtBot) -> None:
    scroll = PlanScroll(SeatPlan("Coach", coach()))
    qtbot.addWidget(scroll)
    scroll.resize(220, 200)
    scroll.show()
    scroll.fit(220, 400)
    assert scroll.horizontalScrollBar().maximum() > 0
    scroll.plan.put_cursor("12C")
    right = scroll.plan.cell("12C").geometry().right() - scroll.horizontalScrollBar().value()
    assert right <= scroll.viewport().width()
    assert scroll.height() > scroll.plan.height(), "there is room for the bar"


def test_text_of_twice_the_size_stands_in_its_seats(qtbot: QtBot, theme: Theme) -> None:
    plan = shown(qtbot, SeatPlan("Boat", boat_with_decks()))
    plan.fit(100, 100)
    before = plan.size()
    theme.set_text_scale(2.0)
    assert plan.width() > 1.5 * before.width()


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_plan_is_never_mirrored(qtbot: QtBot, direction: Qt.LayoutDirection) -> None:
    plan = SeatPlan("Coach", coach(2))
    plan.setLayoutDirection(direction)
    shown(qtbot, plan)
    assert plan.cell("1A").x() < plan.cell("2A").x()
    plan.go("1A")
    qtbot.keyClick(plan.cell("1A"), K.Key_Right)
    assert plan.cursor_at == "2A"


def test_keys_move_the_one_stop_of_tab(qtbot: QtBot) -> None:
    plan = shown(qtbot, SeatPlan("Coach", coach(2)))
    moved: list[str] = []
    plan.moved.connect(moved.append)
    plan.focus_cursor()
    qtbot.keyClick(plan.cell("1A"), K.Key_End)
    assert plan.cursor_at == "3E"
    qtbot.keyClick(plan.cell("3E"), K.Key_Home)
    assert plan.cursor_at == "G"
    assert moved == ["3E", "G"]
    stops = [
        seat.label
        for seat in plan.layout_shown.seats
        if plan.cell(seat.label).focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == ["G"]


def test_enter_and_a_click_press_a_seat(qtbot: QtBot) -> None:
    plan = shown(qtbot, SeatPlan("Coach", coach(2)))
    pressed: list[str] = []
    plan.pressed.connect(pressed.append)
    plan.go("1B")
    qtbot.keyClick(plan.cell("1B"), K.Key_Return)
    qtbot.mouseClick(plan.cell("2D"), Qt.MouseButton.LeftButton)
    assert pressed == ["1B", "2D"]
    assert plan.cursor_at == "2D"


def test_each_state_has_its_look_and_says_it(qtbot: QtBot, theme: Theme) -> None:
    plan = shown(qtbot, SeatPlan("Coach", coach(2)))
    looks = {
        "1A": SeatLook(SeatTone.YOURS, "T", "yours, Tomáš"),
        "1B": SeatLook(SeatTone.SOLD, "", "sold"),
        "1C": SeatLook(SeatTone.HELD, "", "held"),
        "1D": SeatLook(SeatTone.BLOCKED, "", "not sold"),
    }
    plan.set_looks(looks)
    assert plan.cell("1A").accessibleName() == "1A, window, yours, Tomáš"
    colours: set[str] = set()
    for label in (*looks, "2A"):
        image = plan.cell(label).grab().toImage()
        colours.add(QColor(image.pixelColor(6, 4)).name())
        if label == "1A":
            assert image.pixelColor(6, 4) == theme.colour("accent")
    assert len(colours) == 5
    plan.set_looks({})
    assert plan.cell("1A").look == SeatLook()


@pytest.mark.parametrize("front", Side)
@pytest.mark.parametrize("outline", Outline)
def test_every_hull_is_painted_whichever_way_it_goes(qtbot: QtBot, front: Side, outline: Outline) -> None:
    layout = plan_from(
        f"= {outline}, front {front}\n[door] [driver] [stairs] [wc] [bow] [Bar 2]\n1A 1B _ 1C\n[1*2]"
    )
    preview = PlanPreview(layout)
    qtbot.addWidget(preview)
    preview.resize(QSize(400, 400))
    image = preview.grab().toImage()
    blank = PlanPreview()
    qtbot.addWidget(blank)
    blank.resize(QSize(400, 400))
    assert image != blank.grab().toImage()
    assert preview.accessibleName() == "Plan of 3 seats on one deck"
    assert blank.accessibleName() == "No plan"


def test_a_preview_fits_any_room(qtbot: QtBot) -> None:
    preview = PlanPreview(boat_with_decks())
    qtbot.addWidget(preview)
    for size in (QSize(60, 40), QSize(900, 900)):
        preview.resize(size)
        assert not preview.grab().toImage().isNull()
    assert preview.accessibleName() == "Plan of 44 seats on 2 decks"
