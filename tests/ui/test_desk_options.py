"""Keeping a line of the basket as an option, by keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.clock import START
from helpers.desk import Desk
from helpers.desk_window import CTRL, AtDesk, at_desk
from helpers.gui_thread import may_block
from travellr_desktop.domain.states import HoldKind
from travellr_desktop.services.options import OptionView
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.desk.option_form import OptionForm
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.options.until import days_of, moments_of
from travellr_desktop.ui.parts.button import Button

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    desk.add_departure(day=SATURDAY, capacity=12)
    desk.add_departure(day=SATURDAY, at=time(14, 0), capacity=12)
    desk.traveller("Henrik Söderberg", phone="+46 70 555 01 23")


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[AtDesk]:
    """Two lines are in the basket."""
    with at_desk(qtbot, tmp_path, season) as at:
        at.screen.results.view.setFocus()
        at.key(K.Key_Return)
        at.key(K.Key_Down)
        at.key(K.Key_Return)
        assert len(at.screen.basket.lines) == 2
        yield at


def form(at: AtDesk, line: int = -1) -> OptionForm:
    found = at.screen.basket.lines[line].option_form
    assert found is not None
    return found


def kept(at: AtDesk) -> tuple[OptionView, ...]:
    with may_block():
        rows = at.screen.results.rows
        found = [at.desk.services.options.of_departure(at.desk.agent, row.id) for row in rows]
    return tuple(option for options in found for option in options)


def test_o_asks_until_when_and_enter_keeps_the_seats_for_the_traveller(at: AtDesk) -> None:
    at.buyer("Henrik")
    at.screen.results.view.setFocus()
    at.key(K.Key_O)
    at.until(lambda: at.focus() is form(at).fields.day)
    assert form(at).fields.day.currentText() == "Sat 20 Jun"  # two days from now, before the cut-off
    assert form(at).fields.time.currentText() == "13:30"
    assert form(at)._who.text() == "For Henrik Söderberg. Sales close then."
    form(at).note_field.setFocus()
    at.type("Asks her sister")
    at.key(K.Key_Return)
    assert len(at.screen.basket.lines) == 1
    (option,) = kept(at)
    assert (option.kind, option.traveller_name, option.note) == (
        HoldKind.OPTION,
        "Henrik Söderberg",
        "Asks her sister",
    )
    assert option.until == option.cutoff_at == datetime(2026, 6, 20, 11, 30, tzinfo=UTC)
    assert option.remind_at == option.until - timedelta(days=1)


def test_in_a_low_window_the_ways_to_pay_make_room_for_the_form_and_come_back(at: AtDesk) -> None:
    at.work.resize(1280, 720)
    ways = at.screen.basket.ways
    at.qtbot.waitUntil(ways.isVisible)
    at.screen.results.view.setFocus()
    at.key(K.Key_O)
    at.until(lambda: form(at).isVisible())
    at.until(lambda: not ways.isVisible())
    at.key(K.Key_Escape)
    at.until(ways.isVisible)


def test_ctrl_z_brings_it_back_into_the_basket(at: AtDesk) -> None:
    at.buyer("Henrik")
    at.screen.results.view.setFocus()
    at.key(K.Key_O)
    form(at).note_field.setFocus()
    at.key(K.Key_Return)
    assert len(at.screen.basket.lines) == 1
    at.screen.results.view.setFocus()
    at.key(K.Key_Z, CTRL)
    assert len(at.screen.basket.lines) == 2
    assert kept(at) == ()


def test_without_a_traveller_nothing_is_kept_and_what_was_typed_stays(at: AtDesk) -> None:
    at.key(K.Key_O)
    form(at).note_field.setFocus()
    at.type("tonight")
    at.key(K.Key_Return)
    assert kept(at) == ()
    assert form(at)._who.text() == "Choose the traveller first, below."
    at.buyer("Henrik")
    assert form(at).note_field.text() == "tonight"
    assert form(at).button.isEnabled()


def test_a_form_is_there_again_when_lines_are_made_anew(at: AtDesk) -> None:
    at.key(K.Key_O)
    fields = form(at).fields
    fields.day.setCurrentIndex(0)
    fields.time.setCurrentIndex(2)
    chosen = fields.until
    form(at).note_field.setFocus()
    at.type("tonight")
    at.screen.basket.extend.click()
    at.quiet()
    assert form(at).fields is not fields
    assert form(at).fields.until == chosen
    assert form(at).note_field.text() == "tonight"


def test_esc_closes_the_form_and_the_seats_stay_in_the_basket(at: AtDesk) -> None:
    at.key(K.Key_O)
    at.key(K.Key_Escape)
    line = at.screen.basket.lines[-1]
    assert line.option_form is None
    at.until(lambda: at.focus() is line.head)
    assert len(at.screen.basket.lines) == 2


def test_o_on_a_line_asks_for_that_line(at: AtDesk) -> None:
    at.screen.basket.lines[0].head.setFocus()
    at.key(K.Key_O)
    assert at.screen.basket.lines[0].option_form is not None
    assert at.screen.basket.lines[1].option_form is None


def test_an_option_is_one_of_the_ways_out_of_a_line(at: AtDesk) -> None:
    at.screen.basket.lines[0].head.setFocus()
    at.key(K.Key_Return)
    words = [button.words for button in at.screen.basket.lines[0].findChildren(Button)]
    assert "Keep as option" in words


def test_what_is_refused_stands_in_the_form(at: AtDesk) -> None:
    at.buyer("Henrik")
    at.screen.results.view.setFocus()
    at.key(K.Key_O)
    hold = at.screen.basket.lines[-1].line.hold
    at.screen.context.bridge.close()  # another program took it: this window hears nothing
    with may_block():
        at.desk.services.holds.release(at.desk.agent, hold.id)
    form(at).note_field.setFocus()
    at.key(K.Key_Return)
    at.until(form(at).refusal.isVisible)
    assert len(at.screen.basket.lines) == 2


def test_o_is_off_with_nothing_in_the_basket(qtbot: QtBot, tmp_path: Path) -> None:
    with at_desk(qtbot, tmp_path, season) as at:
        actions = at.screen.context.actions
        assert not actions.enabled(Act.OPTION)
        at.screen.results.view.setFocus()
        at.key(K.Key_Return)
        assert actions.enabled(Act.OPTION)


# which moments there are to choose


FORMATS = Formats("en_GB", "Europe/Podgorica")


def test_the_hours_of_today_begin_after_now_and_end_with_the_sales() -> None:
    latest = START + timedelta(hours=5, minutes=20)  # 16:02 in Podgorica; now it is 10:42
    times = [FORMATS.time(at, FORMATS.zone) for at in moments_of(date(2026, 6, 18), START, latest, FORMATS)]
    assert times == ["11:00", "12:00", "13:00", "14:00", "15:00", "16:00", "16:02"]
    assert days_of(START, latest, FORMATS) == [date(2026, 6, 18)]


def test_a_departure_whose_sales_close_has_no_moment_left() -> None:
    assert days_of(START, START, FORMATS) == []
    assert days_of(START, START - timedelta(hours=1), FORMATS) == []


def test_an_hour_that_the_clocks_leave_out_is_not_offered() -> None:
    """On 30 December 2011 Samoa left a whole day out."""
    apia = Formats("en_GB", "Pacific/Apia")
    before = datetime(2011, 12, 29, 12, tzinfo=UTC)
    assert moments_of(date(2011, 12, 30), before, before + timedelta(days=5), apia) == []
    assert len(moments_of(date(2011, 12, 31), before, before + timedelta(days=5), apia)) == 14
