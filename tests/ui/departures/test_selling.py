"""Sales of a departure stopped, reopened, given other seats."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from helpers.quay import BLUE, JEEP, SUNSET
from helpers.quay_screen import CTRL, K, Quay
from travellr_desktop.services.board import Phase
from travellr_desktop.ui.actions import Act
from travellr_desktop.ui.departures.questions import SeatsQuestion, StopQuestion


def test_a_manager_stops_and_reopens_sales(manager: Quay) -> None:
    at = manager
    at.choose(JEEP)
    assert at.screen.trip_pane.stop.isEnabled()
    at.screen.trip_pane.stop.setFocus()
    at.office.key(K.Key_Space)
    at.office.until(lambda: isinstance(QApplication.activeModalWidget(), StopQuestion))
    question = at.dialog()
    assert isinstance(question, StopQuestion)
    at.office.until(question.field.edit.hasFocus)
    at.office.key(K.Key_Return, CTRL)
    at.office.until(question.note.isVisible)
    at.office.type("Fog on the pass")
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.current.phase is Phase.STOPPED)
    assert at.screen.day_list.note.accessibleName().startswith("2 departures are on stop-sell")
    at.screen.trip_pane.stop.setFocus()
    at.office.key(K.Key_Space)
    at.office.until(lambda: at.current.phase is not Phase.STOPPED)


def test_stopping_sales_can_be_undone_from_its_message(manager: Quay) -> None:
    at = manager
    at.choose(JEEP)
    at.screen.doing.stop_or_reopen(at.current)
    question = at.dialog()
    assert isinstance(question, StopQuestion)
    at.office.until(question.field.edit.hasFocus)
    at.office.type("Fog on the pass")
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.current.phase is Phase.STOPPED)
    at.office.until(lambda: at.screen.context.actions.enabled(Act.UNDO))
    at.screen.context.actions.trigger(Act.UNDO)
    at.office.until(lambda: at.current.phase is not Phase.STOPPED)
    assert at.current.reason == ""


def test_other_seats_are_refused_below_what_is_sold(manager: Quay) -> None:
    at = manager
    at.choose(JEEP)
    at.screen.doing.change_seats(at.current)
    question = at.dialog()
    assert isinstance(question, SeatsQuestion)
    at.office.until(question.field.edit.hasFocus)
    at.office.type("1")
    at.office.key(K.Key_Return, CTRL)
    at.office.until(question.note.isVisible)
    at.office.type("8")
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.current.capacity == 8)


def test_what_is_stopped_stands_below_the_day_and_leads_to_it(at: Quay) -> None:
    note = at.screen.day_list.note
    assert note.isVisible()
    assert note.accessibleName() == (
        "Sunset kayak, 17:00 is on stop-sell since 08:42 "
        "Wind, said the skipper. 1 booking, 1 traveller is booked."
    )
    note.button.setFocus()
    at.key(K.Key_Space)
    assert at.current.title == SUNSET
    at.until(lambda: not at.screen.trip_pane.stop.isVisible())


def test_the_sales_of_what_has_left_are_not_offered_to_be_stopped(manager: Quay) -> None:
    at, actions = manager, manager.screen.context.actions
    at.choose(JEEP)
    assert actions.enabled(Act.STOP_SELL)
    at.choose(BLUE)
    assert not actions.enabled(Act.STOP_SELL)
    assert "still to leave" in actions.why_off(Act.STOP_SELL)
