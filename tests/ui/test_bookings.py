"""Bookings, driven by keys over real services: finding, looking, voucher, taking money, reading what is unknown."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from helpers.gui_thread import off_gui
from helpers.selling import DECLINED, arm, counts, disarm, sell
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import DatabaseBusy
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.bookings.take import TakePayment
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.timeline import Timeline
from travellr_desktop.ui.payments.screen import PaymentsScreen

menus = pytest.mark.qt_log_ignore("^This plugin does not support ")
"""A menu grabs the keyboard, which the platform without a display cannot."""


def open_bookings(place: Workplace) -> BookingsScreen:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    return screen


def go_to(place: Workplace, screen: BookingsScreen, reference: str) -> None:
    """Move with the arrows, and wait until the panel shows the booking."""
    screen.lists.table.setFocus()
    place.key(Qt.Key.Key_Home)
    for _ in range(screen.lists.model.rowCount()):
        if cursor(screen).reference == reference:
            break
        place.key(Qt.Key.Key_Down)
    place.until(lambda: screen.shown is not None and screen.shown.detail.reference == reference)


def said(screen: BookingsScreen) -> list[str]:
    """Every label of the panel."""
    return [label.text() for label in screen.panel.findChildren(Label) if label.isVisible()]


def cursor(screen: BookingsScreen) -> BookingListRow:
    row = screen.lists.table.current_row()
    assert isinstance(row, BookingListRow)
    return row


def first(screen: BookingsScreen) -> BookingListRow:
    row = screen.lists.model.row(0)
    assert isinstance(row, BookingListRow)
    return row


def page(screen: BookingsScreen) -> str:
    """What stands in the place of the rows, in words."""
    shown = screen.lists._stack.currentWidget()
    return shown.accessibleName() if shown is not None else ""


def question(place: Workplace) -> TakePayment:
    """The dialog that asks for the way, once its safe button has the focus."""
    place.until(lambda: isinstance(QApplication.activeModalWidget(), TakePayment))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, TakePayment)
    place.until(dialog.keep.hasFocus)
    return dialog


# the list


def test_a_row_says_who_what_when_and_what_is_due(place: Workplace) -> None:
    sold = sell(place, "Goran Petrović", None)
    screen = open_bookings(place)
    row = screen.lists.model.row(0)
    texts = {column.key: column.says(row) for column in screen.lists.model.columns}
    assert texts["reference"] == sold.bookings[0].reference
    assert texts["traveller"] == "Goran Petrović"
    assert texts["departs"] == "Thu 20 Aug 08:30"
    assert texts["pax"] == "3"
    assert texts["status"] == "Pending"
    assert texts["total"] == texts["due"] == "€117.00"
    assert screen.lists.footer.words.endswith("1 row · Total €117.00 · Due €117.00")


def test_a_paid_booking_has_no_due_and_another_zone_is_named(place: Workplace) -> None:
    def work() -> None:
        trip = place.desk.add_trip("Sintra by tuk-tuk", zone="Europe/Lisbon", place="Lisbon")
        place.desk.sold(place.desk.add_departure(trip, day=date(2027, 1, 4), at=time(15, 30)), adult=1)

    place.off(work)
    screen = open_bookings(place)
    row = screen.lists.model.row(0)
    texts = {column.key: column.says(row) for column in screen.lists.model.columns}
    assert texts["due"] == "–"
    assert texts["departs"] == "Mon 4 Jan 2027 15:30 Lisbon"


def test_with_the_panel_open_the_list_of_a_small_window_does_not_scroll_sideways(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    far = off_gui(
        lambda: desk.add_trip(
            "Table Mountain by Skeleton Gorge", zone="Africa/Johannesburg", adult=345_678_90
        )
    )
    departure = off_gui(lambda: desk.add_departure(far, capacity=9))
    off_gui(lambda: desk.sold(departure, adult=9))
    with work_at(qtbot, desk, tmp_path, size=QSize(1280, 720)) as place:
        screen = open_bookings(place)
        table = screen.lists.table
        table.setFocus()
        place.key(Qt.Key.Key_Home)
        place.key(Qt.Key.Key_Return)
        place.until(screen.panel.isVisible)
        place.until(lambda: table.isColumnHidden(7))
        table.viewport().repaint()
        place.until(lambda: table.horizontalScrollBar().maximum() == 0)
        assert not table.isColumnHidden(3)
        screen.lists.close_detail()
        place.until(lambda: not table.isColumnHidden(7))
        place.until(lambda: table.horizontalScrollBar().maximum() == 0)


def test_typing_after_a_slash_finds_a_booking_and_enter_opens_it(place: Workplace) -> None:
    sell(place, "Astrid Nyberg")
    sold = sell(place, "Jovana Đukić")
    screen = open_bookings(place)
    place.key(Qt.Key.Key_Slash)
    place.type("dukic")
    place.key(Qt.Key.Key_Return)
    place.until(lambda: screen.lists.model.rowCount() == 1 and screen.shown is not None)
    assert place.focus() is screen.lists.table
    assert screen.shown is not None
    assert screen.shown.detail.reference == sold.bookings[0].reference
    assert screen.views.box.currentText() == "Own filters"
    place.key(Qt.Key.Key_Return)
    place.until(lambda: place.focus() is screen.panel.voucher)
    place.key(Qt.Key.Key_Escape)
    place.until(lambda: place.focus() is screen.lists.table)
    place.until(screen.panel.isVisible)
    place.key(Qt.Key.Key_Escape)
    place.until(lambda: not screen.panel.isVisible())


def test_views_set_their_filters_and_the_last_one_comes_back(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with work_at(qtbot, desk, tmp_path) as place:
        paid, unpaid = sell(place, "Astrid Nyberg"), sell(place, "Marta Nowak", None)
        place.off(lambda: place.desk.cancel(paid.bookings[0].id))
        screen = open_bookings(place)
        assert screen.views.box.currentText() == "Coming up"
        assert screen.lists.model.rowCount() == 2
        screen.views.choose("unpaid")
        place.until(lambda: screen.lists.model.rowCount() == 1)
        assert first(screen).reference == unpaid.bookings[0].reference
        screen.views.choose("cancelled")
        place.until(lambda: first(screen).reference == paid.bookings[0].reference)
    with work_at(qtbot, desk, tmp_path) as place:
        screen = open_bookings(place)
        assert screen.views.box.currentText() == "Cancelled"
        assert screen.lists.filters.values() == {"state": ("cancelled",)}


@menus
def test_bookings_whose_balance_is_overdue_are_a_view_of_their_own(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    clock = desk.clock
    assert isinstance(clock, HandClock)

    def made() -> str:
        far = (clock.now() + timedelta(days=90)).date()
        deposit = PayChoice(Way.CASH, deposit=True)
        late = desk.sold(desk.add_departure(day=far), pay=deposit).bookings[0].reference
        desk.sold(desk.add_departure(day=far))
        clock.forward(timedelta(days=61))
        return late

    late = off_gui(made)
    with work_at(qtbot, desk, tmp_path) as place:
        screen = place.work.go("bookings")
        assert isinstance(screen, BookingsScreen)
        screen.views.choose("overdue")
        place.until(lambda: screen.lists.model.rowCount() == 1)
        place.until(lambda: (row := screen.lists.model.row(0)) is not None and row.reference == late)


@menus
def test_f_offers_the_filters_first_those_that_are_not_set(place: Workplace) -> None:
    sell(place, "Astrid Nyberg")
    open_bookings(place)
    place.key(Qt.Key.Key_F)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    offered = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert offered == [
        *("Status", "Payment", "Balance", "After the trip", "Booked"),
        "Departs: Today and later",
    ]
    menu.close()


def test_an_agency_without_bookings_is_told_what_will_be_here(place: Workplace) -> None:
    screen = open_bookings(place)
    place.until(lambda: not screen.lists.filters.active and not place.background.running)
    place.until(lambda: page(screen).startswith("No bookings yet"))


def test_a_list_that_could_not_be_read_says_so_and_is_read_again_with_f5(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(place, "Astrid Nyberg")
    lists = place.desk.services.lists
    real = lists.bookings
    monkeypatch.setattr(lists, "bookings", _busy)
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    place.until(lambda: page(screen).startswith("The list could not be read The file is busy."))
    monkeypatch.setattr(lists, "bookings", real)
    place.key(Qt.Key.Key_F5)
    place.until(lambda: screen.lists.model.rowCount() == 1)


def _busy(*_: object) -> None:
    raise DatabaseBusy("The file is busy.")


def test_a_sale_made_meanwhile_appears_and_the_cursor_stays(place: Workplace) -> None:
    first = sell(place, "Astrid Nyberg")
    screen = open_bookings(place)
    go_to(place, screen, first.bookings[0].reference)
    sell(place, "Marta Nowak", CARD, date(2026, 7, 1))
    place.until(lambda: screen.lists.model.rowCount() == 2)
    assert cursor(screen).reference == first.bookings[0].reference
    assert screen.lists.table.currentIndex().row() == 1


# one booking


def test_the_panel_shows_lines_money_and_the_story_newest_first(place: Workplace) -> None:
    sold = sell(place, "Goran Petrović")
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    texts = said(screen)
    for expected in (
        sold.bookings[0].reference,
        "Goran Petrović",
        "+382 67 555 214",
        "Blue Cave and Perast",
        "Thu 20 Aug, 08:30 to 11:30",
        "Bokeška Plovidba · Riva, pier 2",
        "2 adults",
        "1 child",
        "€90.00",
        "€27.00",
        "−€117.00",
        "Vendor share 80 %",
        "€93.60",
        "Commission 20 %",
        "€23.40",
        "Back if cancelled now",
    ):
        assert expected in texts
    story = screen.panel.findChild(Timeline)
    assert story is not None
    assert [item.title for item in story.items] == ["€117.00 paid by card", "Booked, 3 pax"]
    assert screen.primary() is screen.panel.voucher


def test_v_makes_the_voucher_and_opens_it(place: Workplace) -> None:
    sold = sell(place, "Goran Petrović")
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")  # type: ignore[arg-type]
    try:
        place.key(Qt.Key.Key_V)
        place.until(lambda: opened.files)
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened.files[0].name == f"{sold.bookings[0].reference}.pdf"
    assert opened.files[0].read_bytes().startswith(b"%PDF")
    place.until(lambda: any("Voucher made" in text for text in said(screen)))


class Opened(QObject):
    """Takes the files that would be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[Path] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.files.append(Path(url.toLocalFile()))


@menus
def test_the_reference_can_be_copied_from_the_menu(place: Workplace) -> None:
    sold = sell(place, "Goran Petrović")
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    screen.panel.offer_more()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Copy reference").trigger()
    menu.close()
    assert QApplication.clipboard().text() == sold.bookings[0].reference


def test_a_vendors_person_sees_no_money_actions(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    boatman = Actor(desk.agent.user_id, "Luka", Role.VENDOR, desk.vendor_id)
    with work_at(qtbot, desk, tmp_path, actor=boatman) as place:
        sold = sell(place, "Goran Petrović")
        screen = open_bookings(place)
        go_to(place, screen, sold.bookings[0].reference)
        assert screen.panel.take is screen.panel.voucher is screen.primary() is None
        assert not place.work.bar.command.isVisible()
        place.work.keys_help.open()
        told = {label.text() for label in place.work.keys_help.panel.findChildren(Label)}
        assert "Go to the filters" in told
        assert "Start a new booking" not in told


# taking money


def test_p_takes_what_is_due_in_cash(place: Workplace) -> None:
    sold = sell(place, "Marta Nowak", None)
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    assert screen.panel.take is not None
    assert screen.panel.take.words == "Take €117.00"
    place.key(Qt.Key.Key_P)
    question(place)
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: QApplication.activeModalWidget() is None)
    place.until(lambda: screen.shown is not None and screen.shown.detail.state is BookingState.CONFIRMED)
    outcome = place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sold.sale_id))
    assert outcome.paid.minor == 11_700
    assert outcome.way is Way.CASH


def test_a_card_declined_is_said_where_another_way_can_be_chosen(place: Workplace) -> None:
    sold = sell(place, "Marta Nowak", DECLINED)
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    note = screen.panel.findChild(Note)
    assert note is not None
    assert note.tone == "bad"
    assert "INSUFFICIENT_FUNDS" in note.accessibleName()
    place.key(Qt.Key.Key_P)
    dialog = question(place)
    dialog.ways.set_value("card")
    dialog.cards.setCurrentIndex(dialog.cards.findData(DECLINED.card))
    place.ctrl(Qt.Key.Key_Return)
    place.until(dialog.note.isVisible)
    assert "INSUFFICIENT_FUNDS" in dialog.note.accessibleName()
    dialog.cards.setCurrentIndex(dialog.cards.findData(CARD.card))
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: QApplication.activeModalWidget() is None)
    place.until(lambda: screen.shown is not None and screen.shown.detail.state is BookingState.CONFIRMED)
    assert counts(place).charges == 1


def test_an_unknown_payment_is_dashed_and_r_reads_it(place: Workplace) -> None:
    arm(place, Operation.INTENT_CONFIRM)
    arm(place, Operation.INTENT_RETRIEVE, FaultKind.UNREACHABLE)
    sold = sell(place, "Jovana Đukić")
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    assert first(screen).status == "pay_unknown"
    note = screen.panel.findChild(Note)
    assert note is not None
    assert note.tone == "unknown"
    assert "Do not take the money another way." in note.accessibleName()
    assert screen.panel.take is None
    assert screen.primary() is screen.panel.read
    disarm(place)
    place.key(Qt.Key.Key_R)
    place.until(lambda: screen.shown is not None and screen.shown.detail.state is BookingState.CONFIRMED)
    place.until(lambda: cursor(screen).status == "confirmed")
    assert screen.panel.read is None


# from screen to screen


def test_the_palette_finds_a_booking_by_its_traveller_and_shows_it(place: Workplace) -> None:
    sell(place, "Astrid Nyberg")
    sold = sell(place, "Jovana Đukić")
    place.work.go("payments")
    place.ctrl(Qt.Key.Key_K)
    place.until(place.work.finder.edit.hasFocus)
    place.type("dukic")
    view, reference = place.work.finder.view, sold.bookings[0].reference

    def lines() -> list[str]:
        return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]

    place.until(lambda: reference in lines() and not place.background.running)
    for _ in range(lines().index(reference) - view.currentIndex().row()):
        place.key(Qt.Key.Key_Down)
    place.key(Qt.Key.Key_Return)
    screen = place.work.current
    assert isinstance(screen, BookingsScreen)
    place.until(lambda: screen.shown is not None)
    assert cursor(screen).reference == sold.bookings[0].reference


def test_payments_of_the_sale_and_back_to_the_booking(place: Workplace) -> None:
    sell(place, "Astrid Nyberg", CASH)
    sold = sell(place, "Goran Petrović")
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    screen.panel.payments_asked.emit()
    payments = place.work.current
    assert isinstance(payments, PaymentsScreen)
    place.until(lambda: payments.shown is not None)
    assert payments.shown is not None
    assert payments.shown.sale_reference == sold.reference
    payments.panel.booking_asked.emit(sold.bookings[0].reference)
    assert place.work.current is screen
    place.until(lambda: screen.lists.model.rowCount() == 1 and screen.shown is not None)
    assert screen.lists.filters.text == sold.bookings[0].reference


def test_of_a_booking_that_was_completed_money_is_given_back_but_nothing_is_cancelled(
    place: Workplace,
) -> None:
    sold = sell(place, "Goran Petrović", CARD, date(2026, 6, 19))

    def complete() -> None:
        place.desk.clock.forward(timedelta(days=3))  # type: ignore[attr-defined]
        place.desk.services.bookings.complete(place.desk.admin, sold.bookings[0].departure_id)

    place.off(complete)
    screen = open_bookings(place)
    screen.views.choose("all")
    place.until(lambda: screen.lists.model.rowCount() == 1)
    go_to(place, screen, sold.bookings[0].reference)
    assert screen.shown is not None
    assert not screen.shown.detail.can_cancel
    screen.cancel()
    view = screen.cancelling
    place.until(
        lambda: view.bookings.boxes and view.ticket.act is not None and view.ticket.act.words == "Refund"
    )
    assert view.ticket.act is not None
    assert not view.ticket.act.isEnabled()  # by the policy nothing goes back
    place.until(
        lambda: "Give money back" in [each.text() for each in view.findChildren(Label) if each.isVisible()]
    )
    assert not [each.words for each in view.findChildren(Button) if "Cancel" in each.words]
    place.ctrl(Qt.Key.Key_Return)
    place.quiet()
    assert QApplication.activeModalWidget() is None
    booking = sold.bookings[0].id
    after = place.off(lambda: place.desk.services.bookings.detail(place.desk.agent, booking))
    assert after.state is BookingState.COMPLETED


def test_a_part_of_the_balance_is_taken(place: Workplace) -> None:
    """Of what was confirmed by its deposit: the amount can be changed, and no more than is due is taken."""

    def deposit() -> SaleOutcome:
        desk = place.desk
        trip = desk.add_trip("Wine in autumn", adult=20000)
        far = desk.add_departure(trip, day=date(2026, 11, 14))
        return desk.sold(far, pay=PayChoice(Way.CASH, deposit=True), adult=1)

    sold = place.off(deposit)
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    assert screen.panel.take is not None
    assert screen.panel.take.words == "Take €140.00"
    place.key(Qt.Key.Key_P)
    dialog = question(place)
    assert dialog.amount is not None
    dialog.amount.set_text("200")
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: dialog.amount is not None and bool(dialog.amount.error))
    dialog.amount.set_text("40")
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: QApplication.activeModalWidget() is None)
    outcome = place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sold.sale_id))
    assert (outcome.paid.minor, outcome.due.minor) == (10_000, 10_000)


def test_a_bank_transfer_is_taken_with_its_reference(place: Workplace) -> None:
    sold = sell(place, "Marta Nowak", None)
    screen = open_bookings(place)
    go_to(place, screen, sold.bookings[0].reference)
    place.key(Qt.Key.Key_P)
    dialog = question(place)
    dialog.ways.set_value(Way.BANK.value)
    dialog.pay._chosen(Way.BANK.value)
    place.ctrl(Qt.Key.Key_Return)
    reference = dialog.pay.reference
    assert reference is not None
    place.until(lambda: bool(reference.error))
    reference.set_text("RF18 5390")
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: QApplication.activeModalWidget() is None)
    outcome = place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sold.sale_id))
    assert (outcome.due.minor, outcome.payment_label) == (0, "Bank transfer RF18 5390")
