"""Changing a booking in the window: what it would do, paying or getting back the difference, how it went."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.changing import change as change_it
from helpers.changing import leaving
from helpers.desk import CARD, CASH, Desk
from helpers.refunding import limit
from helpers.selling import LATER, arm, disarm, sell
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.changes import ChangeState
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.change_view import ChangeView
from travellr_desktop.ui.bookings.panel_parts import NoteDialog
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.theme import Theme

menus = pytest.mark.qt_log_ignore("keyboard")  # without a display nobody can grab it
DEARER = date(2026, 8, 22)


def bookings(place: Workplace, sold: SaleOutcome) -> BookingsScreen:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(sold.bookings[0].reference)
    place.until(lambda: screen.shown is not None and screen.shown.detail.sale_id == sold.sale_id)
    return screen


def look_at(place: Workplace, sold: SaleOutcome, kind: ChangeKind) -> ChangeView:
    """Open the first booking of a sale and ask for a change of a kind."""
    screen = bookings(place, sold)
    screen.change(kind)
    place.until(lambda: screen.away is screen.changing)
    place.quiet()
    shown(place, screen.changing)
    return screen.changing


def shown(place: Workplace, view: ChangeView) -> None:
    """Until what was built anew is on the screen: layouts show it with the next event."""
    place.until(lambda: all(label.isVisible() for label in view.ticket.findChildren(Label)))


def previewed(place: Workplace, view: ChangeView) -> None:
    place.until(lambda: not place.background.running and view.ticket.act is not None)
    shown(place, view)


def came(place: Workplace, view: ChangeView) -> None:
    place.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
    place.quiet()
    shown(place, view)


def texts(view: ChangeView) -> list[str]:
    return [label.text() for label in view.findChildren(Label) if label.isVisible()]


def badges(view: ChangeView) -> list[str]:
    return [badge.word for badge in view.ticket.findChildren(Badge) if badge.isVisible()]


def detail(place: Workplace, sold: SaleOutcome) -> BookingDetail:
    booking = sold.bookings[0].id
    return place.off(lambda: place.desk.services.bookings.detail(place.desk.agent, booking))


def add_day(place: Workplace, adult: int = 6000) -> UUID:
    """A dearer trip of the same vendor, two days later."""

    def work() -> UUID:
        desk = place.desk
        trip = desk.add_trip("Skadar lake at sunset", adult=adult, child=3000)
        return desk.add_departure(trip, day=DEARER, capacity=10)

    return place.off(work)


def choose_way(place: Workplace, view: ChangeView, way: Way) -> None:
    assert view.ticket.pay is not None
    view.ticket.pay.tiles.tile(way.value).click()
    previewed(place, view)


def test_a_traveller_joins_and_pays_in_cash(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold, ChangeKind.ADD)
    view.add.steppers[next(iter(view.add.steppers))].set_value(1)
    place.until(lambda: view.add.names)
    view.add.names[0][1].edit.setFocus()
    place.type("Jonas Hoffmann")
    previewed(place, view)
    place.until(lambda: "Jonas Hoffmann" in texts(view))
    assert view.ticket.act is not None
    assert (view.ticket.act.words, view.ticket.act.amount) == ("Take cash", "€45.00")
    assert "Joins" in texts(view)
    assert "both sides agree" in texts(view)
    place.ctrl(Qt.Key.Key_Return)
    came(place, view)
    assert badges(view) == ["Changed"]
    assert [line.name for line in detail(place, sold).lines][-1] == "Jonas Hoffmann"
    place.key(Qt.Key.Key_Escape)
    screen = place.work.current
    assert isinstance(screen, BookingsScreen)
    assert screen.away is None


def test_one_of_three_is_cancelled_after_a_last_question(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold, ChangeKind.REMOVE)
    assert "Tick who leaves." in texts(view)
    place.until(lambda: view.lines.boxes)
    next(iter(view.lines.boxes.values())).click()
    previewed(place, view)
    assert view.ticket.act is not None
    assert view.ticket.act.amount == "€45.00"
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    assert dialog.question.text() == "Refund €45.00 to Visa ending 4242?"
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    came(place, view)
    assert badges(view) == ["Changed", "Given back"]
    assert sum(line.ended_at is None for line in detail(place, sold).lines) == 2


def test_tab_goes_from_the_reason_to_who_leaves_and_to_the_ticket(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold, ChangeKind.REMOVE)
    place.until(lambda: len(view.lines.boxes) == 3)
    next(iter(view.lines.boxes.values())).click()
    previewed(place, view)
    view.leave.reason.edit.setFocus()
    passed: list[QWidget] = []
    for _ in range(20):
        place.key(Qt.Key.Key_Tab)
        passed.append(place.focus())
        if place.focus() is view.ticket.keep:
            break
    boxes = list(view.lines.boxes.values())
    assert [each for each in passed if isinstance(each, CheckBox)] == boxes
    assert passed[:3] == boxes
    assert passed[-2:] == [view.ticket.act, view.ticket.keep]


def test_a_change_of_one_of_several_begins_with_who_it_is(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold, ChangeKind.RETYPE)
    assert place.focus() is view.traveller.who
    place.key(Qt.Key.Key_Down)
    place.key(Qt.Key.Key_Down)
    view.traveller.age.set_text("7")
    view.traveller.age.edited.emit("7")
    previewed(place, view)
    place.until(lambda: "child, 7" in texts(view))


def test_with_very_large_text_in_a_small_window_the_ticket_is_whole_and_comes_into_sight(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with work_at(qtbot, desk, tmp_path, size=QSize(1280, 720)) as place:
        Theme.current().set_text_scale(2.0)
        sold = sell(place, "Lena Hoffmann")
        view = look_at(place, sold, ChangeKind.ADD)
        place.until(lambda: view.ticket.act is not None and view.ticket.act.isEnabled())
        act = view.ticket.act
        assert act is not None
        place.until(lambda: act.height() >= act.sizeHint().height())
        act.setFocus()
        place.until(lambda: act.visibleRegion().boundingRect() == act.rect())


def test_rebooking_begins_on_the_nearest_day_that_has_another_departure(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    for day in (date(2026, 8, 3), DEARER, date(2026, 8, 25)):
        place.off(partial(place.desk.add_departure, day=day))
    view = look_at(place, sold, ChangeKind.REBOOK)
    place.until(lambda: view.rebook.calendar.chosen == DEARER)
    assert place.focus() is view.rebook.calendar.cell(DEARER)


def test_cash_goes_back_in_cash(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CASH)
    view = look_at(place, sold, ChangeKind.REMOVE)
    place.until(lambda: view.lines.boxes)
    next(iter(view.lines.boxes.values())).click()
    previewed(place, view)
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    assert dialog.question.text() == "Refund €45.00 in cash?"
    place.until(dialog.keep.hasFocus)
    place.key(Qt.Key.Key_Return)
    place.come_back()


def test_a_cheaper_departure_above_the_limit_is_asked_for(place: Workplace) -> None:
    sold, desk = sell(place, "Lena Hoffmann"), place.desk

    def make() -> UUID:
        limit(desk, 0)
        return desk.add_departure(desk.add_trip("Short", adult=4000, child=2000), day=DEARER)

    cheaper = place.off(make)
    view = look_at(place, sold, ChangeKind.REBOOK)
    view.rebook.calendar.set_chosen(DEARER)
    view.rebook.calendar.day_chosen.emit(DEARER)
    place.until(lambda: cheaper in view.rebook.choices)
    view.rebook.choose(cheaper)
    place.until(lambda: view.ticket.act is not None and view.ticket.act.words == "Ask for approval")
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    assert dialog.question.text() == f"Ask a colleague to approve {view.ticket.act.amount}?"  # type: ignore[union-attr]
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    place.until(lambda: view.step is Step.SENT and badges(view) == ["Requested"])
    (order,) = place.off(lambda: desk.services.refunds.orders(desk.agent))
    assert order.rebooked is not None and order.rebooked.departure_id == cheaper
    assert detail(place, sold).departure_id != cheaper


def test_rebooked_by_card_to_a_dearer_departure(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    dearer = add_day(place)
    view = look_at(place, sold, ChangeKind.REBOOK)
    view.rebook.calendar.set_chosen(DEARER)
    view.rebook.calendar.day_chosen.emit(DEARER)
    place.until(lambda: dearer in view.rebook.choices)
    view.rebook.choose(dearer)
    previewed(place, view)
    place.until(lambda: "+€15.00" in texts(view))
    view.rebook.calendar.focus_day()
    place.key(Qt.Key.Key_Tab)
    place.until(lambda: place.focus() is view.rebook.choices[dearer])
    choose_way(place, view, Way.CARD)
    assert view.ticket.act is not None
    assert (view.ticket.act.words, view.ticket.act.amount) == ("Take payment", "€33.00")
    place.ctrl(Qt.Key.Key_Return)
    came(place, view)
    assert badges(view) == ["Changed"]
    assert detail(place, sold).departure_id == dearer
    place.until(lambda: "The booking is on it" in texts(view))
    place.until(lambda: view.rebook.calendar._days[DEARER].free == 10 - 3)
    view.rebook.calendar.set_chosen(LATER)
    view.rebook.calendar.day_chosen.emit(LATER)
    place.until(lambda: "The booking was on it" in texts(view))
    assert "The booking is on it" not in texts(view)


def test_a_decline_changes_nothing_and_another_way_can_be_chosen(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    dearer = add_day(place)
    view = look_at(place, sold, ChangeKind.REBOOK)
    view.rebook.calendar.set_chosen(DEARER)
    view.rebook.calendar.day_chosen.emit(DEARER)
    place.until(lambda: dearer in view.rebook.choices)
    view.rebook.choose(dearer)
    previewed(place, view)
    choose_way(place, view, Way.CARD)
    arm(place, Operation.INTENT_CONFIRM, FaultKind.CARD_DECLINED)
    place.ctrl(Qt.Key.Key_Return)
    place.until(view.note.isVisible)
    assert "Nothing was changed" in " ".join(texts(view))
    assert detail(place, sold).departure_id != dearer
    disarm(place)
    previewed(place, view)
    choose_way(place, view, Way.CASH)
    place.ctrl(Qt.Key.Key_Return)
    came(place, view)
    assert detail(place, sold).departure_id == dearer


def test_an_unknown_payment_is_shown_as_everywhere_and_read(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold, ChangeKind.ADD)
    previewed(place, view)
    view.add.steppers[next(iter(view.add.steppers))].set_value(1)
    place.until(lambda: view.ticket.pay is not None)
    choose_way(place, view, Way.CARD)
    arm(place, Operation.INTENT_CONFIRM)
    arm(place, Operation.INTENT_RETRIEVE)
    place.ctrl(Qt.Key.Key_Return)
    came(place, view)
    assert badges(view) == ["Payment unknown"]
    assert any(note.isVisible() for note in view.ticket.findChildren(Note))
    disarm(place)
    place.key(Qt.Key.Key_R)
    place.until(lambda: view.ticket.outcome is not None and view.ticket.outcome.state is ChangeState.DONE)
    assert {"Changed", "it is written in the ledger"} <= set(texts(view)) | {view.books._moved.text()}


def test_a_refusal_is_said_beside_the_form(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold, ChangeKind.ADD)
    view.add.steppers[next(iter(view.add.steppers))].set_value(20)
    place.until(view.note.isVisible)
    assert "Fewer seats are free than that." in texts(view)
    assert view.ticket.act is not None
    assert not view.ticket.act.isEnabled()


def test_who_was_cancelled_stands_muted_with_what_was_kept(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    booking = sold.bookings[0].id
    place.off(lambda: change_it(place.desk, booking, leaving(place.desk, booking, 2)))
    screen = bookings(place, sold)
    place.until(lambda: "Cancelled" in " ".join(x.text() for x in screen.panel.findChildren(Label)))
    said = [label.text() for label in screen.panel.findChildren(Label)]
    assert any(text.startswith("1 traveller cancelled") for text in said)
    assert "€72.00" in said


def test_a_note_is_written_and_taken_back(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    screen = bookings(place, sold)
    screen.lists.table.setFocus()
    place.key(Qt.Key.Key_N)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), NoteDialog))
    dialog = screen.noting.dialog
    assert dialog is not None
    place.until(dialog.field.edit.hasFocus)
    place.type("Comes with a wheelchair")
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    place.until(lambda: screen.shown is not None and screen.shown.notes)
    assert screen.shown is not None
    (note,) = screen.shown.notes
    assert (note.text, note.mine) == ("Comes with a wheelchair", True)
    screen.panel.note_dropped.emit(note.id)
    place.until(lambda: screen.shown is not None and not screen.shown.notes)


def test_a_note_is_taken_back_with_ctrl_z(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    screen = bookings(place, sold)
    screen.add_note()
    dialog = screen.noting.dialog
    assert dialog is not None
    place.until(dialog.field.edit.hasFocus)
    place.type("Wrong booking")
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    place.until(lambda: screen.shown is not None and screen.shown.notes)
    screen.lists.table.setFocus()
    place.ctrl(Qt.Key.Key_Z)
    place.until(lambda: screen.shown is not None and not screen.shown.notes)


@menus
def test_the_menu_of_changes_is_a_key_away(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER)
    screen = bookings(place, sold)
    screen.lists.close_detail()
    assert not screen.panel.isVisible()
    place.key(Qt.Key.Key_E)
    place.until(lambda: QApplication.activePopupWidget() is not None)
    assert screen.panel.isVisible(), "what is changed must be in sight"
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    menu.actions()[0].trigger()
    menu.close()
    place.until(lambda: screen.away is screen.changing)
    assert screen.changing.kind is ChangeKind.REBOOK
    place.quiet()


def test_the_voucher_is_saved_under_another_name(place: Workplace, tmp_path: Path) -> None:
    sold = sell(place, "Lena Hoffmann")
    screen = bookings(place, sold)
    assert screen.shown is not None
    screen.vouchers.copy(screen.shown.detail, tmp_path / "voucher.pdf")
    place.until((tmp_path / "voucher.pdf").exists)
    place.quiet()
    assert (tmp_path / "voucher.pdf").read_bytes().startswith(b"%PDF")
