"""Payments, driven by keys over real services: the list, one payment with its attempts, reading what is unknown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from helpers.desk import CARD, CASH
from helpers.selling import DECLINED, LATER, arm, counts, disarm, sell
from helpers.workplace import Workplace
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.timeline import Timeline
from travellr_desktop.ui.payments.screen import PaymentsScreen

menus = pytest.mark.qt_log_ignore("^This plugin does not support ")
"""A menu grabs the keyboard, which the platform without a display cannot."""


def open_payments(place: Workplace) -> PaymentsScreen:
    screen = place.work.go("payments")
    assert isinstance(screen, PaymentsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def go_to(place: Workplace, screen: PaymentsScreen, sold: SaleOutcome) -> None:
    """Move with the arrows, and wait until the panel shows the payment of the sale."""
    screen.lists.table.setFocus()
    place.key(Qt.Key.Key_Home)
    for _ in range(screen.lists.model.rowCount()):
        if screen.lists.table.current_row().sale_id == sold.sale_id:
            break
        place.key(Qt.Key.Key_Down)
    place.until(lambda: screen.shown is not None and screen.shown.sale_id == sold.sale_id)
    place.until(lambda: said(screen))


def said(screen: PaymentsScreen) -> list[str]:
    labels = screen.panel.findChildren(Label)
    return [label.text() for label in labels] if all(not label.isHidden() for label in labels[4:]) else []


def row_of(screen: PaymentsScreen, position: int) -> dict[str, str]:
    row = screen.lists.model.row(position)
    return {column.key: column.says(row) for column in screen.lists.model.columns}


def unknown_sale(place: Workplace) -> SaleOutcome:
    arm(place, Operation.INTENT_CONFIRM)
    arm(place, Operation.INTENT_RETRIEVE, FaultKind.UNREACHABLE)
    return sell(place, "Jovana Đukić")


def test_the_list_has_every_payment_the_newest_first(place: Workplace) -> None:
    sell(place, "Astrid Nyberg", CASH)
    sell(place, "Marta Nowak", DECLINED)
    refunded = sell(place, "Lena Hoffmann", CARD)
    place.off(lambda: place.desk.cancel(refunded.bookings[0].id))
    screen = open_payments(place)
    rows = [row_of(screen, position) for position in range(3)]
    assert [row["traveller"] for row in rows] == ["Lena Hoffmann", "Marta Nowak", "Astrid Nyberg"]
    assert [row["status"] for row in rows] == ["Refunded", "Declined", "Paid"]
    assert [row["way"] for row in rows] == ["Visa ending 4242", "Card", "Cash"]
    assert [row["refunded"] for row in rows] == ["€117.00", "–", "–"]
    assert screen.lists.footer.words.endswith("3 rows · Amount €351.00 · Refunded €117.00")


def test_work_begins_in_the_table_whatever_screen_was_there_before(place: Workplace) -> None:
    sell(place, "Marta Nowak")
    place.work.go("bookings")
    place.quiet()
    screen = open_payments(place)
    place.until(lambda: place.focus() is screen.lists.table)
    place.key(Qt.Key.Key_F6)
    place.until(lambda: screen.lists.filters.isAncestorOf(place.focus()))
    place.key(Qt.Key.Key_F6)
    place.until(lambda: place.focus() is screen.lists.table)


def test_rows_are_read_in_the_order_asked_for(place: Workplace) -> None:
    sell(place, "Marta Nowak")
    sell(place, "Astrid Nyberg", CARD, LATER, LATER)
    screen = open_payments(place)
    screen.lists.table.sort_asked.emit("traveller", True)
    place.until(lambda: row_of(screen, 0)["traveller"] == "Marta Nowak")
    screen.lists.table.sort_asked.emit("amount", True)
    place.until(lambda: row_of(screen, 0)["amount"] == "€234.00")


def test_a_decline_is_told_in_words_and_by_its_code(place: Workplace) -> None:
    sold = sell(place, "Marta Nowak", DECLINED)
    screen = open_payments(place)
    go_to(place, screen, sold)
    note = screen.panel.findChild(Note)
    assert note is not None
    assert note.tone == "bad"
    assert note.accessibleName() == (
        "The card does not have enough funds. Nothing was charged. INSUFFICIENT_FUNDS"
    )
    assert screen.primary() is None


def test_a_payment_shows_what_it_was_for_and_every_attempt(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER, LATER)
    place.off(lambda: place.desk.cancel(sold.bookings[0].id))
    screen = open_payments(place)
    go_to(place, screen, sold)
    texts = said(screen)
    for expected in ("€234.00", "−€117.00", *(booking.reference for booking in sold.bookings)):
        assert expected in texts
    assert screen.shown is not None
    assert screen.shown.provider_ref in texts
    story = screen.panel.findChild(Timeline)
    assert story is not None
    titles = [item.title for item in story.items]
    assert titles[0] == "Refund: given back"
    assert titles[-1] == "Asked for"
    assert "Charge: paid" in titles


def test_cash_has_no_provider(place: Workplace) -> None:
    sold = sell(place, "Astrid Nyberg", CASH)
    screen = open_payments(place)
    go_to(place, screen, sold)
    assert "none, cash stays at the desk" in said(screen)


def test_r_reads_what_is_unknown_and_never_charges_again(place: Workplace) -> None:
    sold = unknown_sale(place)
    screen = open_payments(place)
    go_to(place, screen, sold)
    assert row_of(screen, 0)["status"] == "Unknown"
    note = screen.panel.findChild(Note)
    assert note is not None
    assert note.tone == "unknown"
    assert screen.primary() is screen.panel.read
    place.key(Qt.Key.Key_R)
    place.quiet()
    place.until(lambda: screen.shown is not None and screen.shown.state is PaymentState.UNKNOWN)
    disarm(place)
    place.key(Qt.Key.Key_R)
    place.until(lambda: screen.shown is not None and screen.shown.state is PaymentState.COMPLETED)
    place.until(lambda: row_of(screen, 0)["status"] == "Paid")
    assert screen.panel.read is None
    assert counts(place).charges == 1


def test_the_open_ones_are_a_view_of_their_own(place: Workplace) -> None:
    sell(place, "Astrid Nyberg")
    sold = unknown_sale(place)
    screen = open_payments(place)
    assert screen.lists.model.rowCount() == 2
    screen.views.choose("open")
    place.until(lambda: screen.lists.model.rowCount() == 1)
    assert row_of(screen, 0)["sale"] == sold.reference
    assert screen.views.box.currentText() == "Outcome open"


def test_a_refund_of_unknown_outcome_is_sent_again_from_here(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    arm(place, Operation.REFUND_CREATE)
    place.off(lambda: place.desk.cancel(sold.bookings[0].id))
    screen = open_payments(place)
    go_to(place, screen, sold)
    assert screen.shown is not None
    assert screen.shown.refunds[0].state.value == "unknown"
    disarm(place)
    screen.panel.refund_asked.emit(screen.shown.refunds[0].id)
    place.until(lambda: screen.shown is not None and screen.shown.refunds[0].state.value == "completed")
    assert counts(place).refunds == 1


def test_enter_goes_into_the_panel_and_opens_the_booking(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    screen = open_payments(place)
    go_to(place, screen, sold)
    place.key(Qt.Key.Key_Return)
    place.until(lambda: place.focus() is screen.panel.open_button)
    place.key(Qt.Key.Key_Space)
    bookings = place.work.current
    assert isinstance(bookings, BookingsScreen)
    place.until(lambda: bookings.shown is not None)
    assert bookings.shown is not None
    assert bookings.shown.detail.reference == sold.bookings[0].reference


@menus
def test_references_are_copied_from_the_menu(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER, LATER)
    screen = open_payments(place)
    go_to(place, screen, sold)
    screen.panel.offer_more()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert words[:2] == [f"Open {booking.reference}" for booking in sold.bookings]
    next(action for action in menu.actions() if action.text() == "Copy provider's reference").trigger()
    menu.close()
    assert screen.shown is not None
    assert QApplication.clipboard().text() == screen.shown.provider_ref


def test_a_new_payment_appears_and_the_cursor_stays(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann")
    screen = open_payments(place)
    go_to(place, screen, sold)
    sell(place, "Marta Nowak")
    place.until(lambda: screen.lists.model.rowCount() == 2)
    assert screen.lists.table.current_row().sale_id == sold.sale_id
    assert screen.lists.table.currentIndex().row() == 1


def test_an_agency_without_payments_is_told_what_will_be_here(place: Workplace) -> None:
    screen = open_payments(place)

    def words() -> str:
        page = screen.lists._stack.currentWidget()
        return page.accessibleName() if page is not None else ""

    place.until(lambda: words().startswith("No payments yet Every payment that was tried"))
