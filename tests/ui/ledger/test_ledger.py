"""The ledger, driven by keys over real services: from a balance to its entries, to an entry, to its booking."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.desk import CARD, CASH, Desk
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.services.books import BooksService
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.ledger.page import LedgerPage
from travellr_desktop.ui.ledger.words import ACCOUNTS, EVENTS
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.vendors.screen import VendorsScreen

Key = Qt.Key
menus = pytest.mark.qt_log_ignore("^This plugin does not support ")


def trade(desk: Desk) -> None:
    """Yesterday a trip was done; today one is paid by card, one by cash was cancelled, one is in yen."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    today = clock.now()
    clock.at(today - timedelta(days=2))
    morning = desk.add_departure(day=date(2026, 6, 17))
    desk.sold(morning, pay=CASH, adult=2)
    clock.at(today - timedelta(hours=20))
    assert desk.services.bookings.complete(desk.agent, morning) == 1
    clock.at(today)
    later = desk.add_departure(day=date(2026, 8, 1))
    desk.sold(later, pay=CARD, adult=1)
    desk.cancel(desk.sold(later, pay=CASH, adult=1).bookings[0].id)
    desk.sold(desk.add_departure(desk.add_trip("Arashiyama", adult=9_700, currency="JPY")), pay=CASH, adult=1)


@pytest.fixture
def office(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path, actor=Actor(uuid4(), "Ivan Kovač", Role.MANAGER)) as place:
        yield place


def screen_of(place: Workplace) -> PaymentsScreen:
    screen = place.work.go("payments")
    assert isinstance(screen, PaymentsScreen)
    return screen


def open_ledger(place: Workplace) -> LedgerPage:
    screen = screen_of(place)
    screen.go_view("ledger")
    page = screen.ledger
    assert page is not None
    ready(place, page)
    return page


def ready(place: Workplace, page: LedgerPage) -> None:
    place.quiet()
    place.until(lambda: page.accounts.view is not None)
    place.until(lambda: page.lists.model.count_known and page.lists.model.totals is not None)
    place.until(lambda: page.lists.model.query == page.lists.query())
    place.quiet()


def balances(page: LedgerPage) -> dict[str, str]:
    """What stands in the two tables and below them."""
    said = {}
    for group in (page.accounts.debit, page.accounts.credit):
        model = group.table.rows_model
        for position in range(model.rowCount()):
            row = model.row(position)
            assert row is not None
            name, balance = (column.text(row) for column in model.columns)
            said[name] = balance
        said[group.total.words.text()] = group.total.amount.text()
    return said


def events(page: LedgerPage) -> list[str]:
    rows = [page.lists.model.row(position) for position in range(page.lists.model.rowCount())]
    return [EVENTS[row.event] for row in rows if row is not None]


def said(page: LedgerPage) -> list[str]:
    return [label.text() for label in page.panel.findChildren(Label) if not label.isHidden()]


def test_balances_stand_in_two_groups_whose_sums_are_equal(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    assert balances(page) == {
        "Stripe": "45.00",
        "Tills": "90.00",
        "Debit": "135.00",
        "Traveller funds": "45.00",
        "Refunds payable": "–",
        "Vendor payable": "72.00",
        "Commission": "18.00",
        "Credit": "135.00",
    }
    assert page.accounts._proof.text() == "Debit and credit are equal"
    page.accounts.as_at.currency_chosen.emit("JPY")
    assert balances(page) == {
        "Tills": "9,700",
        "Debit": "9,700",
        "Traveller funds": "9,700",
        "Credit": "9,700",
    }


def test_from_a_balance_by_keys_to_its_entries_an_entry_and_its_booking(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    assert page.accounts.debit.table.hasFocus()
    for key in (Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Down):
        office.key(key)  # past the end of the first table, to the vendors'
    assert page.accounts.account is Account.VENDOR_PAYABLE
    ready(office, page)
    assert events(page) == ["Trip done"]
    assert page.lists.footer.words.endswith("1 row · Credit €72.00")
    office.key(Key.Key_Return)
    office.until(page.lists.table.hasFocus)
    office.until(lambda: page.shown is not None)
    entry = page.shown
    assert entry is not None and entry.event is LedgerEvent.TRIP_DONE
    words = said(page)
    assert "Vendor payable" in words and "Traveller funds" in words
    assert "The whole of it" in words and "Trip done: Traveller funds to Commission" in words
    office.key(Key.Key_Return)
    assert page.panel.open_booking is not None and page.panel.open_booking.hasFocus()
    office.key(Key.Key_Return)
    bookings = office.work.current
    assert isinstance(bookings, BookingsScreen)
    office.until(lambda: bookings.shown is not None)
    assert bookings.shown is not None and bookings.shown.detail.reference == entry.booking


def test_escape_goes_back_a_step_at_a_time_to_the_accounts(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    office.key(Key.Key_Down)
    ready(office, page)
    office.key(Key.Key_Return)
    office.until(lambda: page.shown is not None)
    office.key(Key.Key_Return)
    office.key(Key.Key_Escape)
    office.until(lambda: page.lists.table.hasFocus() and not page.panel.isHidden())
    office.key(Key.Key_Escape)
    office.until(page.panel.isHidden)
    office.key(Key.Key_Escape)
    office.until(page.accounts.debit.table.hasFocus)
    assert page.accounts.account is Account.STRIPE


def test_whose_a_balance_is_by_vendor_and_by_booking(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    for _ in range(5):
        office.key(Key.Key_Down)
    office.key(Key.Key_Right)
    office.until(lambda: page.accounts.in_parts)
    assert page.accounts.parts.table.hasFocus()
    office.key(Key.Key_Down)
    ready(office, page)
    assert page.lists.filters.values()["vendor"] == office.desk.vendor_id
    assert page.accounts.parts.group.total.amount.text() == "72.00"
    office.key(Key.Key_Escape)
    assert not page.accounts.in_parts
    ready(office, page)
    assert "vendor" not in page.lists.filters.values()
    office.key(Key.Key_Up)
    office.key(Key.Key_Up)
    assert page.accounts.account is Account.TRAVELLER_FUNDS
    office.until(page.accounts.parts_button.isVisible)
    page.accounts.parts_button.click()
    office.until(lambda: page.accounts.in_parts)
    office.key(Key.Key_Down)
    ready(office, page)
    assert page.lists.filters.text.startswith("BK-2026-")
    assert events(page) == ["Payment"]


def test_another_sale_leaves_the_keyboard_and_the_cursor_where_they_are(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    office.key(Key.Key_Down)
    for _ in range(2):
        office.key(Key.Key_Down)
    assert page.accounts.account is Account.TRAVELLER_FUNDS
    office.key(Key.Key_Right)
    office.until(lambda: page.accounts.in_parts)
    office.key(Key.Key_Down)
    ready(office, page)
    chosen = page.accounts.parts.table.current_row()
    page.lists.focus_search()
    here = office.focus()
    departure = office.off(lambda: office.desk.add_departure(day=date(2026, 8, 2)))
    office.off(lambda: office.desk.sold(departure, pay=CASH, adult=3))
    office.until(lambda: page.accounts.parts.table.rows_model.rowCount() == 2)
    office.quiet()
    office.until(lambda: office.focus() is here)
    assert page.accounts.parts.table.current_row() == chosen


def test_in_another_currency_it_is_said_whose_that_is(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    page.accounts.choose(Account.TRAVELLER_FUNDS)
    page.accounts.ask_parts()
    office.until(lambda: page.accounts.in_parts)
    page.accounts.as_at.currency_chosen.emit("JPY")
    office.until(lambda: page.accounts.parts.group.total.amount.text() == "9,700")
    ready(office, page)
    assert page.lists.footer.words.endswith("Credit JP¥9,700")


def test_as_at_another_day_balances_and_entries_are_of_then(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    field = page.accounts.as_at.field
    field.setFocus()
    field.edit.selectAll()
    office.type("16/06/2026")
    office.key(Key.Key_Return)
    ready(office, page)
    assert balances(page) == {
        "Tills": "90.00",
        "Debit": "90.00",
        "Traveller funds": "90.00",
        "Credit": "90.00",
    }
    assert events(page) == ["Payment"]
    page.accounts.as_at.after.click()
    ready(office, page)
    assert balances(page)["Vendor payable"] == "72.00"
    page.accounts.as_at.back.click()
    ready(office, page)
    assert "at" not in page.lists.filters.values()
    assert balances(page)["Stripe"] == "45.00"
    assert not page.accounts.as_at.after.isEnabled()


@pytest.mark.parametrize("typed", ["31/02/2026", "tomorrow", "19/06/2026"])
def test_a_day_that_is_none_or_is_to_come_is_refused_at_the_field(office: Workplace, typed: str) -> None:
    page = open_ledger(office)
    field = page.accounts.as_at.field
    field.setFocus()
    field.edit.selectAll()
    office.type(typed)
    office.key(Key.Key_Return)
    assert field.error
    assert page.accounts.as_at.is_today


def test_filters_move_the_cursor_of_the_accounts(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    page.lists.filters.set_value("account", Account.COMMISSION)
    assert page.accounts.account is Account.COMMISSION
    page.lists.filters.set_value("account", None)
    assert page.accounts.account is None


def test_a_sale_elsewhere_is_read_by_itself(office: Workplace) -> None:
    page = open_ledger(office)
    assert page.accounts.stack.currentWidget() is page.accounts._nothing
    office.off(lambda: office.desk.sold(office.desk.add_departure(), pay=CASH, adult=1))
    office.until(lambda: balances(page).get("Tills") == "45.00")
    office.until(lambda: page.lists.model.rowCount() == 1)


def test_books_that_cannot_be_read_are_told_and_tried_again(
    office: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from travellr_desktop.errors import DatabaseBusy

    office.off(lambda: trade(office.desk))

    def busy(*_: object) -> None:
        raise DatabaseBusy("Another program is writing.")

    with monkeypatch.context() as patched:
        patched.setattr(BooksService, "balances", busy)
        screen = screen_of(office)
        screen.go_view("ledger")
        page = screen.ledger
        assert page is not None
        office.until(lambda: page.accounts.stack.currentWidget() is page.accounts.failed)
        told: list[object] = []
        patched.setattr(type(page._context.say), "refused", lambda _say, refusal: told.append(refusal))
        page.accounts.failed.details.emit()
        assert [type(each) for each in told] == [DatabaseBusy]
    page.accounts.failed.again_button.click()
    ready(office, page)
    assert balances(page)["Debit"] == "135.00"


def test_a_mistake_of_the_program_is_told_with_its_report(
    office: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    reports: list[BugReport] = []
    office.background.bug.connect(reports.append)
    monkeypatch.setattr(BooksService, "balances", broken)
    screen = screen_of(office)
    screen.go_view("ledger")
    page = screen.ledger
    assert page is not None
    office.until(lambda: page.accounts.stack.currentWidget() is page.accounts.failed)
    page.accounts.failed.details.emit()
    assert [report.kind for report in reports] == ["ZeroDivisionError"] * 2


def test_what_takes_long_is_told_and_old_balances_stay_meanwhile(
    office: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.off(lambda: trade(office.desk))
    gate = Event()
    read = BooksService.balances

    def late(*given: Any) -> Any:
        assert gate.wait(20)
        return read(*given)

    monkeypatch.setattr(BooksService, "balances", late)
    screen = screen_of(office)
    screen.go_view("ledger")
    page = screen.ledger
    assert page is not None
    office.until(lambda: page.accounts.stack.currentWidget() is page.accounts.reading)
    gate.set()
    ready(office, page)
    assert balances(page)["Debit"] == "135.00"
    gate.clear()
    page.refresh()
    page._patience.timeout.emit()
    assert page.accounts.stack.currentWidget() is page.accounts.scroll_area
    gate.set()
    ready(office, page)


def test_an_agent_sees_no_ledger(place: Workplace) -> None:
    screen = screen_of(place)
    screen.show_view("invoices")
    assert screen.view == "invoices"
    with pytest.raises(KeyError):
        screen.show_view("ledger")


def test_the_view_comes_back_as_it_was_left(
    office: Workplace, qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    open_ledger(office)
    assert office.memory.value("payments/place") == "ledger"
    office.memory.sync()
    screen = PaymentsScreen(screen_of(office).context)
    qtbot.addWidget(screen)
    assert screen.view == "ledger"
    screen.close_down()


@menus
def test_an_entry_leads_to_its_payment_and_its_vendor(office: Workplace) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    for _ in range(5):
        office.key(Key.Key_Down)
    ready(office, page)
    office.key(Key.Key_Return)
    office.until(lambda: page.shown is not None)
    assert page.panel.more is not None
    page.panel.more.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert words[-1] == "Copy hash" and "Open the vendor" in words
    next(action for action in menu.actions() if action.text() == "Open the vendor").trigger()
    menu.close()
    vendors = office.work.current
    assert isinstance(vendors, VendorsScreen)
    office.quiet()
    screen = screen_of(office)
    assert page.shown is not None
    page.sale_asked.emit(page.shown.sale)
    assert screen.view == "payments"
    office.until(lambda: screen.shown is not None)
    assert screen.shown is not None and screen.shown.sale_reference == page.shown.sale


def test_every_account_and_event_has_a_name_of_its_own() -> None:
    assert set(ACCOUNTS) == set(Account) and set(EVENTS) == set(LedgerEvent)
    assert len({name for name, _ in ACCOUNTS.values()}) == len(Account)
    assert len(set(EVENTS.values())) == len(LedgerEvent)


def test_the_journal_is_saved_as_it_is_filtered(office: Workplace, tmp_path: Path) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    page.lists.filters.set_value("account", Account.STRIPE)
    ready(office, page)
    from travellr_desktop.ui.tables.export import CsvExport

    export = page.lists.findChild(CsvExport)
    assert export is not None
    export.save(tmp_path / "journal.csv")
    office.quiet()
    lines = (tmp_path / "journal.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("At,Desk,Entry,Event,Debit,Credit,Amount,Amount currency,Booking,Sale")
    assert len(lines) == 2 and ",payment,stripe,traveller_funds,45.00,EUR,BK-2026-" in lines[1]


def test_the_books_are_saved_for_excel(office: Workplace, tmp_path: Path) -> None:
    office.off(lambda: trade(office.desk))
    page = open_ledger(office)
    dialog = page.excel.ask()
    assert dialog.selectedFiles()[0].endswith("ledger-2026-06-18.xlsx")
    dialog.reject()
    office.come_back()
    page.excel.save(tmp_path / "books.xlsx")
    office.quiet()
    with zipfile.ZipFile(tmp_path / "books.xlsx") as file:
        assert b'"Trial balance"' in file.read("xl/workbook.xml")
    assert office.memory.value("export/folder") == str(tmp_path)
