"""Options and the waiting list, by keys: what is due, taking up, another time, giving up; the rail and the toasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, Desk
from helpers.gui_thread import off_gui
from helpers.office import Office, office_at, untouched
from helpers.waiting import join
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.states import HoldState, WaitingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.options import OptionView
from travellr_desktop.ui.desk.payment_states import PaidPage
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.options.panels import OptionPanel, WaitingPanel
from travellr_desktop.ui.options.screen import OptionsScreen
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note

SATURDAY, SUNDAY = date(2026, 6, 20), date(2026, 6, 21)
K = Qt.Key
T = TypeVar("T")


def busy(desk: Desk) -> None:
    """Three options, one of which is due in the evening; a full boat with one offer and one who waits."""
    boat = desk.add_departure(day=SUNDAY, capacity=12)
    for name, count, days in (("Åse Berg", 2, 1.0), ("Henrik Söderberg", 1, 2.0), ("Jovana Đukić", 3, 1.5)):
        hold = desk.hold(boat, adult=count)
        traveller = desk.traveller(name, phone="+47 22 55 50 18")
        until = desk.clock.now() + timedelta(days=days)
        desk.services.options.keep(desk.agent, hold.id, until, traveller.id, f"{name}'s note", key=uuid4())
    full = desk.add_departure(day=SATURDAY, capacity=4)
    sold = [desk.sold(full, adult=2, pay=CASH) for _ in range(2)]
    join(desk, full, 2, "Giulia Marchetti")
    join(desk, full, 4, "Marko Perović")
    desk.cancel(sold[0].bookings[0].id)


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=busy, at="options") as office:
        yield office


def screen(office: Office) -> OptionsScreen:
    """The screen, once its list is read."""
    shown = office.go("options")
    assert isinstance(shown, OptionsScreen)
    office.until(lambda: shown.page.lists.model.count_known)
    office.quiet()
    return shown


def names(office: Office) -> list[str]:
    model = screen(office).page.lists.model
    return [row.traveller for at in range(model.rowCount()) if (row := model.row(at)) is not None]


def go_to(office: Office, name: str) -> OptionPanel | WaitingPanel:
    """The cursor on a traveller's row, by keys, with the panel beside it."""
    shown = screen(office)
    shown.page.to_table()
    office.key(K.Key_Home)
    for _ in range(names(office).index(name)):
        office.key(K.Key_Down)
    panel = shown.page.panel
    assert isinstance(panel, (OptionPanel, WaitingPanel))
    office.until(lambda: panel.shown is not None and panel.shown.traveller_name == name)
    office.until(panel.isVisible)
    return panel


def off(work: Callable[[], T]) -> T:
    return off_gui(work)


def option(office: Office, name: str) -> OptionView:
    desk = office.desk

    def read() -> OptionView:
        with desk.database.read() as view:
            ids = [hold.id for hold in view.holds.find_all(limit=100)[0] if hold.traveller_id is not None]
        found = [desk.services.options.detail(desk.agent, each) for each in ids]
        return next(each for each in found if each.traveller_name == name)

    return off(read)


def asked(office: Office) -> Decision:
    """The question that is open, with the keyboard in it."""

    def open_question() -> Decision | None:
        question = QApplication.activeModalWidget()
        ready = isinstance(question, Decision) and question.isActiveWindow() and question.keep.hasFocus()
        return question if isinstance(question, Decision) and ready else None

    office.until(open_question)
    question = open_question()
    assert question is not None
    return question


def toasts(office: Office) -> list[str]:
    assert office.window.workspace is not None
    return [toast.accessibleName() for toast in office.window.workspace.toasts.shown]


def count_on_rail(office: Office) -> int:
    work = office.window.workspace
    assert work is not None
    return next(item.count for item in work.rail.items if item.entry.key == "options")


def test_the_next_to_end_comes_first_and_what_ended_is_hidden(office: Office) -> None:
    assert names(office) == ["Åse Berg", "Giulia Marchetti", "Jovana Đukić", "Henrik Söderberg"]
    off(lambda: office.desk.services.options.release(office.desk.agent, option(office, "Åse Berg").id))
    office.until(lambda: "Åse Berg" not in names(office))


def test_the_panel_says_what_is_kept_for_whom(office: Office) -> None:
    panel = go_to(office, "Jovana Đukić")
    assert isinstance(panel, OptionPanel)
    assert panel.shown is not None
    assert (panel.shown.seats, panel.shown.note) == (3, "Jovana Đukić's note")
    assert panel.take is not None


def test_take_up_brings_the_seats_and_the_traveller_to_the_desk(office: Office) -> None:
    go_to(office, "Jovana Đukić")
    office.ctrl(K.Key_Return)
    office.until(lambda: isinstance(office.window.workspace and office.window.workspace.current, DeskScreen))
    desk = office.go("desk")
    assert isinstance(desk, DeskScreen)
    office.until(lambda: desk.basket.lines)
    assert [line.line.hold.seats for line in desk.basket.lines] == [3]
    assert desk.session.traveller is not None
    assert desk.session.traveller.name == "Jovana Đukić"
    office.until(desk.basket.button.isEnabled)


def test_what_was_kept_is_paid_by_the_transfer_that_came_in(office: Office) -> None:
    """With its reference, which is asked for; of seats that were not kept no transfer can have come."""
    go_to(office, "Jovana Đukić")
    office.ctrl(K.Key_Return)
    desk = office.go("desk")
    assert isinstance(desk, DeskScreen)
    ways = desk.basket.ways
    office.until(lambda: any(offer.way is Way.BANK for offer in ways._ways))
    ways.choose_number([offer.way for offer in ways._ways].index(Way.BANK) + 1)
    office.until(ways.reference.isVisible)
    assert desk.basket.button.words == "Record the transfer"
    office.until(desk.basket.button.isEnabled)
    office.ctrl(K.Key_Return)
    office.until(lambda: ways.reference.error)
    assert desk.session.outcome is None
    office.tab_to(ways.reference.edit)
    office.type("RF18 5390")
    office.ctrl(K.Key_Return)
    office.until(lambda: isinstance(desk.checkout.page, PaidPage))
    outcome = desk.session.outcome
    assert outcome is not None
    assert outcome.payment_id is not None
    paid = off(lambda: office.desk.services.payments.detail(office.desk.agent, outcome.payment_id))
    assert paid.way is Way.BANK
    desk.session.begin()
    office.until(lambda: all(offer.way is not Way.BANK for offer in ways._ways))


def test_an_offer_is_taken_up_from_the_waiting_list(office: Office) -> None:
    screen(office)
    office.key(K.Key_W)
    office.quiet()
    assert screen(office).view == "waiting"
    panel = go_to(office, "Giulia Marchetti")
    assert panel.take is not None
    office.ctrl(K.Key_Return)
    desk = office.go("desk")
    assert isinstance(desk, DeskScreen)
    office.until(lambda: desk.basket.lines)
    screen(office)
    again = go_to(office, "Giulia Marchetti")
    office.until(lambda: again.take is None)


def test_a_taken_up_option_leaves_the_list(office: Office) -> None:
    kept = option(office, "Henrik Söderberg")
    off(lambda: office.desk.services.options.take_up(office.desk.admin, kept.id, key=uuid4()))
    office.until(lambda: "Henrik Söderberg" not in names(office))


def test_the_panel_says_that_somebody_has_taken_it_up(office: Office) -> None:
    panel = go_to(office, "Jovana Đukić")
    assert isinstance(panel, OptionPanel)
    kept = option(office, "Jovana Đukić")
    off(lambda: office.desk.services.options.take_up(office.desk.admin, kept.id, key=uuid4()))
    panel.show_option(option(office, "Jovana Đukić"))
    assert (panel.take, panel.extend) == (None, None)
    notes = [note.accessibleName() for note in panel.findChildren(Note)]
    assert any("somebody's basket" in words for words in notes)
    office.quiet()


def test_extend_asks_for_another_time_and_saves_it(office: Office) -> None:
    panel = go_to(office, "Åse Berg")
    before = option(office, "Åse Berg").until
    assert panel.extend is not None
    office.tab_to(panel.extend)
    office.key(K.Key_Return)
    assert panel.form is not None
    assert panel.form.fields.until is not None
    office.key(K.Key_End)  # the last day
    office.tab_to(panel.form.button)
    office.key(K.Key_Return)
    office.quiet()
    after = option(office, "Åse Berg").until
    assert after > before
    assert panel.form is None
    assert "Kept for Åse Berg until 21 Jun" in toasts(office)[-1]


def test_esc_closes_the_form_then_leaves_the_panel(office: Office) -> None:
    panel = go_to(office, "Åse Berg")
    assert panel.extend is not None
    panel.extend.click()
    assert panel.form is not None
    office.key(K.Key_Escape)
    assert panel.form is None
    office.until(lambda: panel.isAncestorOf(office.focus()))
    office.key(K.Key_Escape)
    office.until(screen(office).page.lists.table.hasFocus)


def test_giving_up_asks_first(office: Office) -> None:
    panel = go_to(office, "Åse Berg")
    kept = option(office, "Åse Berg")
    panel.give_up_asked.emit()
    question = asked(office)
    assert question.question.text() == "Release 2 seats kept for Åse Berg?"
    office.key(K.Key_Escape)
    office.quiet()
    assert option(office, "Åse Berg").state is HoldState.ACTIVE
    panel.give_up_asked.emit()
    asked(office)
    office.ctrl(K.Key_Return)
    office.until(lambda: "Åse Berg" not in names(office))
    assert (
        off(lambda: office.desk.services.options.detail(office.desk.agent, kept.id)).state
        is HoldState.RELEASED
    )


@pytest.mark.qt_log_ignore("grabbing the keyboard", r"raise\(\)")  # a menu without a display
def test_the_menu_has_all_there_is(office: Office) -> None:
    panel = go_to(office, "Åse Berg")
    assert panel.more is not None
    panel.more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    words = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    assert any("Release the seats" in word for word in words)
    assert any("Show the departure" in word for word in words)


def test_the_departure_is_shown_at_the_desk(office: Office) -> None:
    panel = go_to(office, "Åse Berg")
    panel.departure_asked.emit()
    desk = office.go("desk")
    assert isinstance(desk, DeskScreen)
    office.until(lambda: desk.filters.calendar.chosen == SUNDAY)


def test_who_withdraws_goes_from_the_list(office: Office) -> None:
    screen(office)
    office.key(K.Key_W)
    office.quiet()
    panel = go_to(office, "Marko Perović")
    assert isinstance(panel, WaitingPanel)
    assert panel.shown is not None
    entry = panel.shown
    assert (entry.place, entry.state) == (1, WaitingState.WAITING)
    assert panel.give_up is not None
    office.tab_to(panel.give_up)
    office.key(K.Key_Return)
    asked(office)
    office.ctrl(K.Key_Return)
    office.until(lambda: "Marko Perović" not in names(office))
    found = off(lambda: office.desk.services.waiting_list.detail(office.desk.agent, entry.id))
    assert found.state is WaitingState.WITHDRAWN


def test_o_and_w_go_between_the_views_and_the_last_is_remembered(office: Office) -> None:
    shown = screen(office)
    office.key(K.Key_W)
    office.quiet()
    assert shown.view == "waiting"
    assert shown.page.lists.table.hasFocus()
    assert office.memory.value("options/view") == "waiting"
    office.key(K.Key_O)
    office.quiet()
    assert shown.view == "options"


def test_the_rail_counts_what_somebody_must_act_on(office: Office) -> None:
    office.until(lambda: count_on_rail(office) == 1)  # the offer
    office.clock.forward(timedelta(hours=13))
    off(office.desk.services.options.remind_due)
    office.until(lambda: count_on_rail(office) == 2)
    kept = option(office, "Giulia Marchetti").id
    off(lambda: office.desk.services.options.release(office.desk.agent, kept))
    office.until(lambda: count_on_rail(office) == 1)


def test_a_reminder_is_told_on_whatever_screen(office: Office) -> None:
    office.go("bookings")
    office.clock.forward(timedelta(hours=13))
    off(office.desk.services.options.remind_due)
    office.until(lambda: toasts(office))
    assert toasts(office)[-1].startswith("Blue Cave and Perast: the option of Åse Berg is due")


def test_seats_offered_to_who_waited_are_told(office: Office) -> None:
    office.go("bookings")
    kept = option(office, "Giulia Marchetti").id
    desk = office.desk

    def free_all() -> UUID:
        desk.services.options.release(desk.agent, kept)
        with desk.database.read() as view:
            booking = next(
                each for each in view.bookings.find_all(limit=10)[0] if each.state.value == "confirmed"
            )
        desk.cancel(booking.id)
        return booking.id

    off(free_all)
    office.until(lambda: toasts(office))
    assert toasts(office)[-1].startswith("Blue Cave and Perast: 4 seats offered to Marko Perović, who waited")


def test_an_agency_without_options_is_told_what_will_be_here(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT, prepare=untouched, at="options") as office:
        shown = screen(office)
        for view in ("options", "waiting"):
            shown.go_view(view)
            office.quiet()
            office.until(shown.page.lists._nothing.isVisible)
        assert count_on_rail(office) == 0


def test_a_vendor_has_no_such_screen(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.VENDOR, prepare=busy) as office:
        assert office.window.workspace is not None
        assert "options" not in office.window.workspace.keys
