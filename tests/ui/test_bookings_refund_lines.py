"""Cancelling some travellers of a booking, or giving money back to some, in the window: by the keyboard, and what it
would do follows each tick."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import CARD, Desk
from helpers.gui_thread import off_gui
from helpers.refunding import been
from helpers.selling import LATER, counts, sell
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.states import BookingState
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.cancel_view import CancelView
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label

NEAR = datetime(2026, 6, 23, tzinfo=UTC).date()


def three(place: Workplace) -> SaleOutcome:
    """Three travellers of 45.00, of which half is kept."""
    desk = place.desk

    def work() -> SaleOutcome:
        trip = desk.add_trip("Tara canyon rafting", policy="strict")
        held = desk.hold(desk.add_departure(trip, day=NEAR), adult=3)
        return desk.sell(held, traveller=desk.traveller("Lena Hoffmann"))

    return place.off(work)


def look_at(place: Workplace, sold: SaleOutcome) -> CancelView:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(sold.bookings[0].reference)
    place.until(lambda: screen.shown is not None and screen.shown.detail.sale_id == sold.sale_id)
    screen.cancel()
    view = screen.cancelling
    place.until(lambda: view.bookings.boxes)
    place.quiet()
    return view


def act(view: CancelView) -> tuple[str, str]:
    """The words of the button, and its amount."""
    button = view.ticket.act
    return ("", "") if button is None else (button.words, button.amount)


def texts(view: CancelView) -> list[str]:
    return [label.text() for label in view.findChildren(Label) if label.isVisible()]


def box(view: CancelView, line_id: UUID) -> CheckBox:
    """The box of a traveller, as it stands now: each look makes them anew."""
    return view.bookings.travellers[line_id]


def part(place: Workplace, view: CancelView) -> list[UUID]:
    """Ask for single travellers, with the keyboard."""
    view.some_button.setFocus(Qt.FocusReason.TabFocusReason)
    place.until(view.some_button.hasFocus)
    place.key(Qt.Key.Key_Space)
    place.until(lambda: len(view.bookings.travellers) == 3)
    place.quiet()
    return list(view.bookings.travellers)


def tick(place: Workplace, view: CancelView, line_id: UUID) -> None:
    """Turn one of them by the keyboard, where the box stands by now."""
    place.until(lambda: box(view, line_id).isVisible())
    box(view, line_id).setFocus(Qt.FocusReason.TabFocusReason)
    place.until(lambda: box(view, line_id).hasFocus())
    place.key(Qt.Key.Key_Space)
    place.quiet()


def confirm(place: Workplace, view: CancelView) -> None:
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    place.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
    place.quiet()


def standing(place: Workplace, sold: SaleOutcome) -> tuple[BookingState, int]:
    detail = place.off(lambda: place.desk.services.bookings.detail(place.desk.agent, sold.bookings[0].id))
    return detail.state, sum(line.ended_at is None for line in detail.lines)


def test_some_travellers_leave_and_what_it_does_follows_each_tick(place: Workplace) -> None:
    sold = three(place)
    view = look_at(place, sold)
    assert act(view) == ("Refund", "€67.50")
    ids = part(place, view)
    place.until(lambda: box(view, ids[0]).hasFocus())
    tick(place, view, ids[1])
    place.until(lambda: act(view) == ("Refund", "€45.00"))
    tick(place, view, ids[2])
    place.until(lambda: act(view) == ("Refund", "€22.50"))
    assert [box.isChecked() for box in view.bookings.travellers.values()] == [True, False, False]
    place.until(lambda: any(text.startswith("1 traveller of") for text in texts(view)))
    tick(place, view, ids[2])
    place.until(lambda: act(view) == ("Refund", "€45.00"))
    confirm(place, view)
    assert counts(place).refunded == {"eur": 4_500}
    assert standing(place, sold) == (BookingState.CONFIRMED, 1)


def test_the_days_are_told_of_each_traveller_who_is_chosen(place: Workplace) -> None:
    view = look_at(place, three(place))
    ids = part(place, view)
    tick(place, view, ids[0])
    place.until(lambda: act(view) == ("Refund", "€45.00"))
    place.until(view.steps.switch.isVisible)
    together = len(view.steps.sheet.findChildren(Label))
    view.steps.switch.focus_chosen()
    place.key(Qt.Key.Key_Right)
    place.until(lambda: len(view.steps.sheet.findChildren(Label)) > together)
    place.quiet()
    said = [label.text() for label in view.steps.sheet.findChildren(Label) if label.isVisible()]
    assert said.count("€22.50") == 4  # two travellers, kept and back, until the deadline
    assert said.count("€0.00") >= 2


def test_all_travellers_again_takes_the_whole_booking(place: Workplace) -> None:
    sold = three(place)
    view = look_at(place, sold)
    ids = part(place, view)
    tick(place, view, ids[0])
    place.until(lambda: act(view) == ("Refund", "€45.00"))
    view.some_button.click()
    place.until(lambda: act(view) == ("Refund", "€67.50"))
    place.until(lambda: not view.bookings.travellers)
    confirm(place, view)
    assert standing(place, sold)[0] is BookingState.CANCELLED


def test_when_the_last_one_stays_nothing_is_chosen(place: Workplace) -> None:
    view = look_at(place, three(place))
    for line_id in part(place, view):
        tick(place, view, line_id)
    place.until(lambda: view.bookings.chosen == ())
    assert view.ticket.act is not None and not view.ticket.act.isEnabled()
    next(iter(view.bookings.boxes.values())).click()  # ticked anew, all of them are meant
    place.until(lambda: act(view) == ("Refund", "€67.50"))


def test_one_traveller_alone_offers_no_parts(place: Workplace) -> None:
    def alone() -> SaleOutcome:
        held = place.desk.hold(place.desk.add_departure(), adult=1)
        return place.desk.sell(held, traveller=place.desk.traveller("Lena Hoffmann"))

    view = look_at(place, place.off(alone))
    assert not view.some_button.isVisible()


def test_after_the_trip_some_travellers_get_money_back(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    sold = off_gui(lambda: been(desk, adults=3))
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(1440, 900)) as place:
        view = look_at(place, sold)
        ids = part(place, view)
        tick(place, view, ids[0])
        view.terms.back.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        place.type("30")
        place.until(lambda: act(view) == ("Refund", "€30.00"))
        view.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        place.type("Half the way only")
        confirm(place, view)
        assert counts(place).refunded == {"eur": 3_000}


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.soak)])
def test_many_travellers_with_long_names_cut_no_amount(
    qtbot: QtBot, desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    def long() -> SaleOutcome:
        name = "Wolfeschlegelsteinhausenbergerdorff Theodora Maximiliane"
        return desk.sell(desk.hold(desk.add_departure(), adult=6, child=2), traveller=desk.traveller(name))

    sold = off_gui(long)
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(*size)) as place:
        view = look_at(place, sold)
        view.some_button.click()
        place.until(lambda: len(view.bookings.travellers) == 8)
        place.quiet()
        labels = view.bookings.findChildren(Label)
        place.until(lambda: not [label.text() for label in labels if label.elided() and "€" in label.text()])
        assert view.ticket.act is not None
        assert view.ticket.lower_part.rect().contains(view.ticket.act.geometry().bottomRight())


def test_credit_is_given_and_no_word_says_refund(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER)
    view = look_at(place, sold)
    view.terms.to_where.focus_chosen()
    place.key(Qt.Key.Key_Right)
    place.until(lambda: act(view) == ("Give as credit", "€117.00"))
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    assert dialog.question.text() == "Give €117.00 as credit to Lena Hoffmann?"
    assert dialog.act.words == "Give €117.00 as credit"
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    place.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
    place.until(lambda: "Lena Hoffmann gets as credit" in texts(view))
    said = [label.text() for label in view.ticket.findChildren(Label) if label.isVisible()]
    assert not [text for text in said if "efund" in text or "Visa" in text]
    detail = place.off(lambda: place.desk.services.bookings.detail(place.desk.agent, sold.bookings[0].id))
    assert [item.title for item in detail.timeline if item.kind == "refunded"] == ["Given as credit"]
