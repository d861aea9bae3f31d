"""Cancelling in the window: what it would do, the last question, and how each refund stands afterwards."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import CARD, CASH, Desk
from helpers.selling import LATER, SLOW_REFUNDS, SOON, arm, counts, disarm, sell
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.states import BookingState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.cancel_view import CancelView
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.theme import Theme


def look_at(place: Workplace, sold: SaleOutcome, *, whole: bool = False) -> CancelView:
    """Open the first booking of a sale and ask what cancelling would do."""
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(sold.bookings[0].reference)
    place.until(lambda: screen.shown is not None and screen.shown.detail.sale_id == sold.sale_id)
    screen.cancel(whole)
    view = screen.cancelling
    place.until(lambda: view.bookings.boxes)
    place.quiet()
    shown(place, view)
    return view


def ask(place: Workplace) -> Decision:
    """Ctrl+Enter asks the last question; the safe button has the focus."""
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    place.until(dialog.keep.hasFocus)
    return dialog


def confirm(place: Workplace) -> None:
    """Ctrl+Enter asks the last question, and again answers it."""
    ask(place)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()


def done(place: Workplace, view: CancelView) -> None:
    place.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
    place.quiet()
    shown(place, view)


def shown(place: Workplace, view: CancelView) -> None:
    """Until what was built anew is on the screen: layouts show it with the next event."""
    place.until(lambda: all(label.isVisible() for label in view.ticket.findChildren(Label)))


def texts(view: CancelView) -> list[str]:
    return [label.text() for label in view.findChildren(Label) if label.isVisible()]


def badges(view: CancelView) -> list[str]:
    return [badge.word for badge in view.ticket.findChildren(Badge) if badge.isVisible()]


def state_of(place: Workplace, sold: SaleOutcome) -> list[BookingState]:
    outcome = place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sold.sale_id))
    return [booking.state for booking in outcome.bookings]


def test_a_card_is_refunded_after_a_last_question_with_the_same_amounts(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    assert place.focus() is view.reason.edit
    assert view.ticket.act is not None
    assert (view.ticket.act.words, view.ticket.act.amount) == ("Refund", "€117.00")
    shown = texts(view)
    for expected in ("Early enough: nothing is kept", "Visa ending 4242", "both sides agree"):
        assert expected in shown
    assert shown.count("−€117.00") == 4  # of the traveller, of the card money, and their sums
    place.type("Engine failed")
    dialog = ask(place)
    assert dialog.question.text() == "Refund €117.00 to Visa ending 4242?"
    assert dialog.act.words == "Refund €117.00"
    assert state_of(place, sold) == [BookingState.CONFIRMED]
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()
    done(place, view)
    assert badges(view) == ["Cancelled", "Given back"]
    assert state_of(place, sold) == [BookingState.CANCELLED]
    assert counts(place).refunded == {"eur": 11_700}
    place.key(Qt.Key.Key_Escape)
    screen = place.work.current
    assert isinstance(screen, BookingsScreen)
    assert not screen.is_cancelling
    place.until(lambda: screen.shown is not None and screen.shown.detail.end_reason == "Engine failed")


def test_the_safe_button_keeps_everything(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    ask(place)
    place.key(Qt.Key.Key_Return)
    place.come_back()
    assert view.step is Step.CHOOSING
    place.key(Qt.Key.Key_Escape)
    screen = place.work.current
    assert isinstance(screen, BookingsScreen)
    assert not screen.is_cancelling
    assert state_of(place, sold) == [BookingState.CONFIRMED]


def test_cash_goes_back_over_the_counter_at_once(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CASH)
    view = look_at(place, sold)
    assert "Cash is handed over now" in texts(view)
    confirm(place)
    done(place, view)
    assert badges(view) == ["Cancelled", "Given back"]
    assert counts(place).refunds == 0


def test_where_all_is_kept_no_refund_is_promised(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, SOON)
    view = look_at(place, sold)
    assert view.ticket.act is not None
    assert view.ticket.act.words == "Cancel booking"
    assert "Lena Hoffmann gets nothing back" in texts(view)
    confirm(place)
    done(place, view)
    assert badges(view) == ["Cancelled"]
    assert state_of(place, sold) == [BookingState.CANCELLED]


def test_an_unpaid_booking_gives_its_seats_back(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", None)
    view = look_at(place, sold)
    assert "Nothing was paid" in texts(view)
    confirm(place)
    done(place, view)
    assert "3 seats are free again" in texts(view)
    assert state_of(place, sold) == [BookingState.CANCELLED]


def test_one_of_two_bookings_then_the_other_by_its_box(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER, SOON)
    view = look_at(place, sold)
    first, second = (view.bookings.boxes[booking.id] for booking in sold.bookings)
    assert (first.isChecked(), second.isChecked()) == (True, False)
    assert "1 of 2 bookings" in texts(view)
    assert "Still travels" in texts(view)
    second.setFocus()
    place.key(Qt.Key.Key_Space)
    place.until(lambda: "2 of 2 bookings" in texts(view))
    assert place.focus() is view.bookings.boxes[sold.bookings[1].id]
    assert "Kept, Blue Cave and Perast" in texts(view)
    assert not view.all_button.isVisible()


def test_nothing_ticked_can_not_be_cancelled_and_says_why(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    view.bookings.boxes[sold.bookings[0].id].setChecked(False)
    place.until(lambda: "Nothing is chosen" in texts(view))
    assert view.ticket.act is not None
    assert not view.ticket.act.isEnabled()
    assert "Tick a booking to cancel it." in texts(view)


def test_a_whole_sale_is_cancelled_in_one_go(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER, LATER)
    view = look_at(place, sold, whole=True)
    assert view.ticket.act is not None
    assert view.ticket.act.amount == "€234.00"
    confirm(place)
    done(place, view)
    assert state_of(place, sold) == [BookingState.CANCELLED] * 2
    assert counts(place).refunded == {"eur": 23_400}
    assert badges(view) == ["Cancelled", "Given back", "Given back"]


def test_a_refund_without_an_answer_is_unknown_until_it_is_sent_again(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    arm(place, Operation.REFUND_CREATE)
    confirm(place)
    done(place, view)
    assert badges(view) == ["Cancelled", "Outcome unknown"]
    note = next(note for note in view.ticket.findChildren(Note) if note.isVisible())
    assert note.tone == "unknown"
    assert "Do not give it back another way." in note.accessibleName()
    disarm(place)
    place.key(Qt.Key.Key_R)
    place.until(lambda: badges(view) == ["Cancelled", "Given back"])
    assert counts(place).refunded == {"eur": 11_700}
    assert counts(place).refunds == 1


def test_a_refund_on_its_way_is_seen_to_fail_and_says_what_to_do(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", SLOW_REFUNDS)
    view = look_at(place, sold)
    confirm(place)
    done(place, view)
    assert badges(view) == ["Cancelled", "On its way"]

    def fail() -> None:
        desk = place.desk
        assert view.ticket.outcome is not None
        refund_id = view.ticket.outcome.refunds[0].id
        with desk.database.read() as reading:
            refund = reading.refunds.find_full(refund_id)
            assert refund is not None
            assert refund.provider_ref is not None
            ref = refund.provider_ref
        with desk.sandbox() as sandbox:
            sandbox.settle_refund(ref, failure="expired_or_canceled_card")
        desk.services.refunds.send_now(desk.agent, refund_id)

    place.off(fail)
    place.until(lambda: badges(view) == ["Cancelled", "Not given back"])
    note = next(note for note in view.ticket.findChildren(Note) if note.isVisible())
    assert note.tone == "bad"
    assert "still owed" in note.accessibleName()


def test_a_busy_provider_leaves_the_refund_to_be_sent_later(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    arm(place, Operation.REFUND_CREATE, FaultKind.TOO_MANY_REQUESTS)
    confirm(place)
    done(place, view)
    assert badges(view) == ["Cancelled", "Not sent yet"]
    disarm(place)
    place.key(Qt.Key.Key_R)
    place.until(lambda: badges(view) == ["Cancelled", "Given back"])
    assert counts(place).refunds == 1


def test_what_changed_since_it_was_shown_is_said_and_shown_again(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    ask(place)
    place.desk.clock.at(sold.bookings[0].starts_at)  # type: ignore[attr-defined]
    place.ctrl(Qt.Key.Key_Return)
    place.until(view.note.isVisible)
    assert "has changed since it was shown" in view.note.accessibleName()
    assert "It was read again" in view.note.accessibleName()
    place.until(lambda: view.ticket.act is not None and view.ticket.act.words == "Cancel booking")
    assert state_of(place, sold) == [BookingState.CONFIRMED]


def test_one_that_was_cancelled_elsewhere_meanwhile_is_said(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)

    def elsewhere() -> None:
        service, agent = place.desk.services.cancellations, place.desk.agent
        shown = service.preview(agent, [sold.bookings[0].id])
        service.cancel(agent, [sold.bookings[0].id], "", shown.back, key=uuid4())

    place.off(elsewhere)
    place.until(view.note.isVisible)
    assert "Nothing of this sale is left to cancel." in view.note.accessibleName()
    assert view.ticket.act is not None
    assert not view.ticket.act.isEnabled()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_all_that_decides_is_in_sight_without_scrolling(
    qtbot: QtBot, desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    with work_at(qtbot, desk, tmp_path, size=QSize(*size)) as place:
        sold = sell(place, "Wolfeschlegelsteinhausenbergerdorff Theodora Maximiliane", CARD, LATER, SOON)
        view = look_at(place, sold, whole=True)
        assert place.work.size() == QSize(*size)
        place.until(lambda: view.steps.isVisible() and view.books.height() > 0)
        below = view._scroll.verticalScrollBar().maximum()
        assert below < view.steps.height()  # in a small window the other days, the last of it, go on below
        assert below == 0 or size[0] == 1280
        for part in (view.bookings, view.terms, view.books):
            assert part.geometry().bottom() < view._scroll.viewport().height()
        assert view.ticket.act is not None
        assert view.ticket.lower_part.rect().contains(view.ticket.act.geometry().bottomRight())
        cut = [label.text() for label in view.findChildren(Label) if label.isVisible() and label.elided()]
        assert not [text for text in cut if "€" in text or "BK-" in text]
        assert view.books.entries.isVisible() is (size[0] > 1280)
        if size[0] == 1280:
            view.books.switch.focus_chosen()
            place.key(Qt.Key.Key_Right)
            place.until(view.books.entries.isVisible)
            place.until(lambda: not view.books.balances.isVisible())


def test_large_text_leaves_out_columns_but_no_reference_and_no_date(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    view = look_at(place, sold)
    assert "Departs" in texts(view)
    Theme.current().set_text_scale(1.75)
    place.until(lambda: "Departs" not in texts(view) and "Thu 20 Aug 08:30" in texts(view))
    labels = {label.text(): label for label in view.bookings.findChildren(Label) if label.isVisible()}
    assert not labels["Thu 20 Aug 08:30"].elided()
    assert not labels[sold.bookings[0].reference].elided()
    Theme.current().set_text_scale(1.0)
    place.until(lambda: "Departs" in texts(view))
