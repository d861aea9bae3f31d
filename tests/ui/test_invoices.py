"""Invoices on screen: the list and its panel, issuing from a booking and at the desk, crediting."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import CASH, Desk
from helpers.gui_thread import off_gui
from helpers.invoicing import COMPANY, issue, ready
from helpers.office import Office, cut, office_at
from helpers.raw import value
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.invoices.dialogs import CreditInvoice, IssueInvoice
from travellr_desktop.ui.invoices.issuing import Issuing
from travellr_desktop.ui.invoices.page import InvoicesPage
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.settings.screen import SettingsScreen

Key = Qt.Key


def invoiced(desk: Desk) -> None:
    """Two invoices, to a company and to a traveller; a third sale that is not invoiced."""
    ready(desk)
    departure = desk.add_departure(capacity=20)
    for buyer in (COMPANY, None):
        issue(desk, desk.sold(departure, pay=CASH).bookings[0].id, buyer=buyer)
    desk.sold(departure, pay=CASH, adult=1)


def bare(desk: Desk) -> None:
    """A sale of an agency that has said nothing of itself."""
    desk.sold(desk.add_departure(), pay=CASH)


def page_of(office: Office) -> InvoicesPage:
    screen = office.go("payments")
    assert isinstance(screen, PaymentsScreen)
    screen.go_view("invoices")
    page = screen.invoices
    assert page is not None
    office.quiet()
    return page


def document(office: Office, page: InvoicesPage, number: str) -> None:
    """Put the cursor on it, and wait until the panel has it."""
    page.show_words(number)
    office.until(lambda: page.shown is not None and page.shown.number == number)


def booking(office: Office, reference: str) -> BookingsScreen:
    screen = office.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(reference)
    office.until(lambda: screen.shown is not None and screen.shown.detail.reference == reference)
    return screen


def dialog_of(office: Office, issuing: Issuing) -> IssueInvoice:
    office.until(lambda: isinstance(issuing.dialog, IssueInvoice) and issuing.dialog.isVisible())
    assert isinstance(issuing.dialog, IssueInvoice)
    return issuing.dialog


def count(office: Office) -> int:
    return int(off_gui(lambda: value(office.desk.profile.database, "SELECT count(*) FROM invoices")))


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN])
def test_the_list_shows_what_was_issued_and_the_panel_all_of_it(
    qtbot: QtBot, tmp_path: Path, role: Role
) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced, role=role) as office:
        page = page_of(office)
        office.until(lambda: page.lists.model.rowCount() == 2)
        document(office, page, "IV-2026-000001")
        shown = page.shown
        assert shown is not None and shown.buyer == COMPANY
        assert cut(page.panel) == []


def test_a_document_is_opened_by_its_key(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        page = page_of(office)
        document(office, page, "IV-2026-000002")
        with qtbot.waitSignal(page.issuing.made, timeout=20_000) as made:
            office.key(Key.Key_I)
        assert made.args is not None and made.args[0].name == "IV-2026-000002.pdf"
        assert made.args[0].is_file()


def test_a_copy_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        page = page_of(office)
        document(office, page, "IV-2026-000002")
        assert page.shown is not None
        path = tmp_path / "copy.pdf"
        page.issuing.copy(page.shown, path)
        office.until(path.is_file)
        office.quiet()


def test_a_booking_is_invoiced_by_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        screen = booking(office, "BK-2026-000003")
        office.until(screen.lists.table.hasFocus)
        office.key(Key.Key_I)
        dialog = dialog_of(office, screen.issuing)
        name = dialog.parts["name"]
        assert isinstance(name, Field)
        office.until(name.edit.hasFocus)
        office.type("Somebody Else Ltd")
        with qtbot.waitSignal(screen.issuing.made, timeout=20_000):
            office.ctrl(Key.Key_Return)
        detail = off_gui(lambda: office.desk.services.invoices.find(office.desk.admin, "IV-2026-000003"))
        assert (detail.buyer.name, detail.gross.minor) == ("Somebody Else Ltd", 4500)


def test_what_is_wrong_with_the_buyer_is_said_at_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        screen = booking(office, "BK-2026-000003")
        screen.invoice()
        dialog = dialog_of(office, screen.issuing)
        name = dialog.parts["name"]
        assert isinstance(name, Field)
        office.until(name.edit.hasFocus)
        office.type(" ")
        office.ctrl(Key.Key_Return)
        office.until(lambda: bool(name.error))
        assert count(office) == 2 and dialog.act.isEnabled()
        office.key(Key.Key_Escape)
        office.until(lambda: screen.issuing.dialog is None)


def test_all_that_is_invoiced_is_shown_instead(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        screen = booking(office, "BK-2026-000001")
        screen.invoice()
        payments = office.go("payments")
        assert isinstance(payments, PaymentsScreen)
        office.until(lambda: payments.view == "invoices")
        page = payments.invoices
        assert page is not None
        office.until(lambda: page.shown is not None and page.shown.number == "IV-2026-000001")
        assert count(office) == 2


def test_a_booking_names_its_invoices_and_each_leads_to_itself(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        screen = booking(office, "BK-2026-000002")
        office.until(lambda: screen.shown is not None and len(screen.shown.invoices) == 1)
        assert screen.shown is not None
        issued, desk = screen.shown.invoices[0].id, office.desk
        credit = desk.services.invoices.credit
        off_gui(lambda: credit(desk.agent, issued, reason="The wrong company", key=uuid4()))
        office.until(lambda: screen.shown is not None and len(screen.shown.invoices) == 2)
        buttons = {each.words: each for each in screen.panel.findChildren(Button) if each.isVisible()}
        assert "CN-2026-000001" in buttons
        buttons["IV-2026-000002"].click()
        payments = office.go("payments")
        assert isinstance(payments, PaymentsScreen)
        office.until(lambda: payments.view == "invoices")
        page = payments.invoices
        assert page is not None
        office.until(lambda: page.shown is not None and page.shown.number == "IV-2026-000002")
        third = booking(office, "BK-2026-000003")
        assert third.shown is not None and third.shown.invoices == ()


def test_what_is_missing_is_said_with_the_way_there(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=bare) as office:
        page = page_of(office)
        office.until(page.note.isVisible)
        assert cut(page.note) == []
        screen = booking(office, "BK-2026-000001")
        screen.invoice()
        dialog = dialog_of(office, screen.issuing)
        office.until(dialog.note.isVisible)
        assert not dialog.act.isEnabled() and cut(dialog) == []
        dialog.note.acted.emit()
        settings = office.go("settings")
        office.until(settings.isVisible)
        assert isinstance(settings, SettingsScreen) and settings.nav.current == "invoices"


def test_an_invoice_is_credited_with_a_reason(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        page = page_of(office)
        document(office, page, "IV-2026-000001")
        page.credit()
        office.until(lambda: page.issuing.dialog is not None and page.issuing.dialog.isVisible())
        dialog = page.issuing.dialog
        assert isinstance(dialog, CreditInvoice)
        assert not dialog.act.isEnabled() and cut(dialog) == []
        office.until(dialog.reason.edit.hasFocus)
        office.type("Wrong company")
        with qtbot.waitSignal(page.issuing.made, timeout=20_000):
            office.ctrl(Key.Key_Return)
        document(office, page, "IV-2026-000001")
        office.until(lambda: page.shown is not None and page.shown.left.minor == 0)
        document(office, page, "CN-2026-000001")
        assert page.shown is not None and page.shown.reason == "Wrong company"


def test_the_dialog_has_all_its_words(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        screen = booking(office, "BK-2026-000003")
        screen.invoice()
        dialog = dialog_of(office, screen.issuing)
        office.quiet()
        assert cut(dialog) == []
        for part in dialog.parts.values():
            assert part.height() >= part.minimumSizeHint().height()
        dialog.reject()


def test_escape_goes_from_the_panel_to_the_table(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=invoiced) as office:
        page = page_of(office)
        document(office, page, "IV-2026-000001")
        page.panel.focus_first()
        office.until(lambda: page.panel.isAncestorOf(office.focus()))
        page.back()
        office.until(page.lists.table.hasFocus)
