"""A vendor's earnings in the window: figures that open their bookings, months, currencies, the profile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.earning_office import with_earnings
from helpers.gui_thread import off_gui
from helpers.office import Office, office_at
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.earnings.figures import FigureRow
from travellr_desktop.ui.earnings.page import EarningsPage
from travellr_desktop.ui.earnings.screen import EarningsScreen
from travellr_desktop.ui.statements.screen import StatementsScreen
from travellr_desktop.ui.vendors.screen import VendorsScreen

Key = Qt.Key


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, prepare=with_earnings, role=Role.VENDOR, at="earnings") as office:
        yield office


def shown(office: Office) -> EarningsPage:
    screen = office.go("earnings")
    assert isinstance(screen, EarningsScreen)
    office.until(lambda: screen.page.lists.model.totals is not None)
    return screen.page


def amounts(rows: list[FigureRow]) -> dict[str, str]:
    return {row.words: row.amount for row in rows}


def states(page: EarningsPage) -> set[Whereabouts]:
    model = page.lists.model
    rows = (model.row(at) for at in range(model.rowCount()))
    return {row.place for row in rows if row is not None}


def only(page: EarningsPage, place: Whereabouts) -> bool:
    return states(page) == {place}


def test_it_is_the_first_that_a_vendors_person_sees_and_little_else_is_there(office: Office) -> None:
    workspace = office.window.workspace
    assert workspace is not None
    assert workspace.keys == ("earnings", "bookings", "departures", "statements", "settings")


def test_three_figures_and_how_they_came_about(office: Office) -> None:
    """May: 900.00, of which 720.00 were paid. June: 90.00 has been; 180.00 is disputed, 135.00 waits, 225.00 is to
    come, of each 80 %; 12.00 by agreement."""
    page = shown(office)
    assert (page.available.figure.text(), page.held.figure.text()) == ("€84.00", "€432.00")
    assert (page.paid.head.words, page.paid.figure.text()) == ("Paid in 2026", "€720.00")
    assert amounts(page.came_about.rows) == {
        "Retail of 1 booking": "€90.00",
        "Commission agreed, 20 %": "−€18.00",
        "Adjustments": "€12.00",
    }
    assert amounts(page.held.rows) == {
        "Not travelled yet": "€180.00",
        "Holdback": "€108.00",
        "Disputed": "€144.00",
    }
    assert page.available.second.text() == "goes out Mon 22 Jun, as it is above €50.00"
    assert page.held.second.text() == "next €108.00 on Fri 19 Jun, 11:30"


def test_every_figure_opens_its_lines_by_the_keyboard(office: Office) -> None:
    page = shown(office)
    for row, place in zip(
        page.held.rows,
        (Whereabouts.NOT_TRAVELLED, Whereabouts.HOLDBACK, Whereabouts.DISPUTED),
        strict=True,
    ):
        office.tab_to(row)
        office.key(Key.Key_Return)
        office.until(partial(only, page, place))
        office.until(lambda: QApplication.focusWidget() is page.lists.table)
    office.tab_to(page.available.head)
    office.key(Key.Key_Return)
    office.until(lambda: states(page) == {Whereabouts.AVAILABLE})
    office.until(lambda: page.lists.model.totals is not None)
    totals = page.lists.model.totals
    assert totals is not None and totals.sums["share"]["EUR"] == 8_400
    office.tab_to(page.paid.rows[0])
    office.key(Key.Key_Return)
    office.until(lambda: states(page) == {Whereabouts.PAID})


def test_the_months_are_walked_by_arrows_and_open_their_bookings(office: Office) -> None:
    page = shown(office)
    chart = page.months.chart
    office.tab_to(chart)
    assert chart.accessibleName().endswith("June 2026: €504.00, of which available €72.00, held €432.00")
    office.key(Key.Key_Left)
    assert chart.current is not None and chart.current.first == date(2026, 5, 1)
    office.key(Key.Key_Return)
    office.until(lambda: page.lists.model.rowCount() == 1)
    assert page.lists.filters.values() == {"travel": (date(2026, 5, 1), date(2026, 6, 1))}
    office.tab_to(chart)
    office.key(Key.Key_Home)
    assert chart.current.first == date(2025, 7, 1)


def test_this_year_is_january_to_december(office: Office) -> None:
    page = shown(office)
    page.months.span.focus_chosen()
    office.key(Key.Key_Right)
    office.until(lambda: page.travel is not None and page.travel.first == date(2026, 1, 1))


def test_each_currency_has_its_own_figures(office: Office) -> None:
    page = shown(office)
    assert page.currencies is not None and page.currencies.value() == "EUR"
    page.currencies.focus_chosen()
    office.key(Key.Key_Right)
    office.until(lambda: page.held.figure.text() == "JP¥2,400")
    assert page.available.second.text() == ""
    office.until(lambda: page.lists.model.rowCount() == 1)


def test_what_changes_is_shown_and_the_keyboard_stays(office: Office) -> None:
    page = shown(office)
    office.tab_to(page.held.rows[1])
    desk = office.desk
    draft = AdjustmentDraft(desk.vendor_id, Money(5_000, "EUR"), "Second boat")
    off_gui(lambda: desk.services.adjustments.adjust(desk.admin, draft, key=uuid4()))
    office.until(lambda: page.available.figure.text() == "€134.00")
    office.until(lambda: QApplication.focusWidget() is page.held.rows[1])


def test_a_line_leads_to_its_booking_and_i_to_the_newest_statement(office: Office) -> None:
    page = shown(office)
    number = page.newest_statement()
    assert number.startswith("ST-")
    office.until(lambda: page.lists.model.rowCount() > 0)
    page.lists.table.setFocus()
    page.lists.table.go_to(0)
    office.key(Key.Key_Return)
    workspace = office.window.workspace
    assert workspace is not None
    office.until(lambda: isinstance(workspace.current, BookingsScreen))
    office.go("earnings")
    page.months.chart.setFocus()
    office.key(Key.Key_I)
    office.until(lambda: isinstance(workspace.current, StatementsScreen))


def test_the_profile_is_read_and_says_whom_to_ask(office: Office) -> None:
    screen = office.go("earnings")
    assert isinstance(screen, EarningsScreen)
    screen.views.focus_chosen()
    office.key(Key.Key_Right)
    office.until(lambda: screen.view == "profile")
    office.until(lambda: screen.profile.shown is not None)
    read = screen.profile.shown
    assert read is not None
    assert (read.profile.name, read.terms.may_change) == ("Bokeška Plovidba", False)
    assert read.terms.draft.account_ref == ""


def test_a_manager_adjusts_and_is_told_at_the_field_what_is_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=with_earnings, role=Role.MANAGER) as office:
        page = shown(office)
        screen = office.go("earnings")
        assert isinstance(screen, EarningsScreen)
        adjusting = screen._adjusting
        office.tab_to(screen.adjust)
        office.key(Key.Key_Return)
        office.until(lambda: adjusting.dialog is not None and adjusting.dialog.amount.edit.hasFocus())
        dialog = adjusting.dialog
        assert dialog is not None
        office.type("much")
        office.key(Key.Key_Return)
        office.until(lambda: bool(dialog.amount.error))
        office.type("-20.50")
        office.key(Key.Key_Return)
        office.until(lambda: bool(dialog.reason.error))
        office.type("A window was broken")
        office.ctrl(Key.Key_Return)
        office.until(lambda: page.available.figure.text() == "€63.50")
        office.until(lambda: adjusting.dialog is None)


def test_from_the_vendors_one_comes_to_what_one_of_them_has_earned(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=with_earnings, role=Role.MANAGER) as office:
        vendors = office.go("vendors")
        assert isinstance(vendors, VendorsScreen)
        office.until(lambda: vendors.lists.model.rowCount() > 0)
        vendors.lists.table.go_to(0)
        office.until(lambda: vendors.shown is not None)
        vendors.panel.standing.earnings.click()
        workspace = office.window.workspace
        assert workspace is not None
        office.until(lambda: isinstance(workspace.current, EarningsScreen))
        page = shown(office)
        assert page.vendor_id == office.desk.vendor_id


def test_a_vendors_person_adjusts_nothing(office: Office) -> None:
    screen = office.go("earnings")
    assert isinstance(screen, EarningsScreen)
    assert screen.adjust.isHidden()


def test_the_office_chooses_whose_earnings_it_sees(qtbot: QtBot, tmp_path: Path) -> None:
    def prepare(desk: object) -> None:
        with_earnings(desk)  # type: ignore[arg-type]
        desk.services.vendors.create(desk.admin, VendorDraft("Nobody yet"))  # type: ignore[attr-defined]

    with office_at(qtbot, tmp_path, prepare=prepare, role=Role.MANAGER) as office:
        page = shown(office)
        screen = office.go("earnings")
        assert isinstance(screen, EarningsScreen)
        assert page.available.figure.text() == "€84.00"
        office.tab_to(screen.vendor)
        office.key(Key.Key_Down)
        office.until(lambda: page._stack.currentWidget() is page._empty)
        screen.show_vendor(office.desk.vendor_id)
        office.until(lambda: page._stack.currentWidget() is page._scroll)
        assert page.seen is not None and page.seen.name == "Bokeška Plovidba"
        desk = office.desk
        off_gui(lambda: desk.services.vendors.deactivate(desk.admin, desk.vendor_id, sold_stays=True))
        office.until(lambda: screen.vendor.currentIndex() == -1)
        assert page.seen.name == "Bokeška Plovidba", "what they have earned is still theirs"
