"""Statements on screen: the list and its panel, files, the bookings behind it; what a vendor's person has of it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.gui_thread import off_gui
from helpers.office import Office, cut, office_at, untouched
from helpers.refunding import refunded
from helpers.statements import another, told, travelled
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.statement import StatementState
from travellr_desktop.domain.payouts.tax import Counts, Threshold
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.statements.exporting import FileForm
from travellr_desktop.services.tax_totals import TaxRow
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.statements.screen import StatementsScreen
from travellr_desktop.ui.statements.tax_words import standing, threshold_words

Key = Qt.Key


def issued(desk: Desk) -> None:
    """Of one vendor a statement that is paid and one that is carried; of another one that is paid."""
    booking = travelled(desk)
    travelled(desk)
    another(desk)
    told(desk)
    refunded(desk, booking, back=9_000)
    told(desk)


def screen_of(office: Office, rows: int = 3) -> StatementsScreen:
    screen = office.go("statements")
    assert isinstance(screen, StatementsScreen)
    office.until(lambda: counted(screen, rows))
    return screen


def counted(screen: StatementsScreen, rows: int) -> bool:
    model = screen.statements.lists.model
    return model.count_known and model.rowCount() == rows


def chosen(office: Office, screen: StatementsScreen, number: str) -> None:
    """Put the cursor on it, and wait until the panel has it."""
    screen.show_words(number)
    page = screen.statements
    office.until(lambda: page.shown is not None and page.shown.number == number)


def number_of(office: Office, state: StatementState) -> str:
    def first() -> str:
        query = ListQuery(filters={"state": (state,)}, sort="number")
        with closing(office.desk.services.lists.statements(office.desk.admin, query)) as found:
            return found.first()[0].number

    return off_gui(first)


def test_the_panel_shows_the_figure_and_every_line_behind_it(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=issued, role=Role.MANAGER, at="statements") as office:
        screen = screen_of(office)
        chosen(office, screen, number_of(office, StatementState.APPROVED))
        panel = screen.statements.panel
        assert panel.shown is not None and panel.lines is not None
        assert (panel.shown.total.minor, panel.lines.rows_model.rowCount()) == (14_400, 2)
        office.until(lambda: cut(panel) == [])
        chosen(office, screen, number_of(office, StatementState.CARRIED))
        assert panel.shown.carried_out.minor == -7_200
        office.until(lambda: cut(panel) == [])


def test_a_statement_is_opened_by_its_key(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=issued, role=Role.MANAGER, at="statements") as office:
        screen = screen_of(office)
        number = number_of(office, StatementState.CARRIED)
        chosen(office, screen, number)
        with qtbot.waitSignal(screen.statements.files.made, timeout=20_000) as made:
            office.key(Key.Key_I)
        assert made.args is not None and made.args[0].name == f"{number}.pdf"
        assert made.args[0].read_bytes().startswith(b"%PDF")
        office.quiet()


@pytest.mark.parametrize(("form", "begins"), [(FileForm.XLSX, b"PK"), (FileForm.CSV, b"\xef\xbb\xbf")])
def test_a_statement_is_saved_where_it_is_wanted(
    qtbot: QtBot, tmp_path: Path, form: FileForm, begins: bytes
) -> None:
    with office_at(qtbot, tmp_path, prepare=issued, role=Role.MANAGER, at="statements") as office:
        screen = screen_of(office)
        chosen(office, screen, number_of(office, StatementState.APPROVED))
        page, path = screen.statements, tmp_path / f"copy.{form.value}"
        assert page.shown is not None
        with qtbot.waitSignal(page.files.saved, timeout=20_000):
            page.files.save(page.shown, form, path)
        assert path.read_bytes().startswith(begins)
        office.quiet()


def test_a_line_leads_to_its_booking(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=issued, role=Role.MANAGER, at="statements") as office:
        screen = screen_of(office)
        chosen(office, screen, number_of(office, StatementState.APPROVED))
        table = screen.statements.panel.lines
        assert table is not None
        office.tab_to(table)
        office.key(Key.Key_Down)
        office.until(lambda: table.current_row() is not None)
        wanted = table.current_row().line.reference
        office.key(Key.Key_Return)
        bookings = office.go("bookings")
        assert isinstance(bookings, BookingsScreen)
        office.until(lambda: bookings.shown is not None and bookings.shown.detail.reference == wanted)


def test_what_is_chosen_narrows_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=issued, role=Role.MANAGER, at="statements") as office:
        screen = screen_of(office)
        lists = screen.statements.lists
        for filters, rows in (
            ({"state": (StatementState.CARRIED,)}, 1),
            ({"year": 2026}, 3),
            ({"year": 2025}, 0),
        ):
            lists.start(filters)
            office.until(partial(counted, screen, rows))


def test_a_first_use_says_when_one_comes(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=untouched, role=Role.MANAGER) as office:
        screen = screen_of(office, 0)
        office.until(lambda: cut(screen) == [])
        screen.go_view("tax")
        office.until(lambda: screen.tax is not None and screen.tax.year is not None)
        office.until(lambda: cut(screen) == [])


def test_a_vendors_person_has_their_own_and_no_totals(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=issued, role=Role.VENDOR) as office:
        screen = screen_of(office, 2)
        assert screen.statements.views is None
        with pytest.raises(KeyError):
            screen.show_view("tax")
        assert "vendor" not in {column.key for column in screen.statements.lists.model.columns}
        chosen(office, screen, number_of(office, StatementState.CARRIED))
        with qtbot.waitSignal(screen.statements.files.made, timeout=20_000):
            office.ctrl(Key.Key_Return)
        office.quiet()


def test_an_agent_has_no_statements(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT) as office:
        assert office.window.workspace is not None
        assert office.window.workspace.go("statements") is None


# totals of a year


def dollars(desk: Desk) -> None:
    """A vendor that took in more than US$20,000.00 by one payment; another in euros."""
    desk.add_trip("In dollars", adult=2_000_100, currency="USD")
    travelled(desk, "In dollars", adult=1)
    another(desk)


def test_the_totals_of_a_year_are_listed_and_each_beside_its_thresholds(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, prepare=dollars, role=Role.MANAGER) as office:
        screen = screen_of(office, 0)
        screen.go_view("tax")
        page = screen.tax
        assert page is not None
        office.until(lambda: page.lists.model.rowCount() == 2)
        page.lists.table.go_to(0)
        page.lists.open_detail()
        office.until(lambda: page.panel.shown is not None)
        assert page.panel.shown is not None and page.panel.shown.gross.minor == 2_000_100
        office.until(lambda: cut(screen) == [])
        page.lists.start({}, "zanzibar")
        office.until(lambda: page.lists.model.rowCount() == 1)
        page.lists.start({"above": True})
        office.until(lambda: page.lists.model.rowCount() == 0)


def test_who_is_above_is_told_first_in_words() -> None:
    cards = Threshold("1099-K", "US", "USD", 2025, 2026, Counts.GROSS, 2_000_000, transactions=200)
    nec = Threshold("1099-NEC", "US", "USD", 2026, 2026, Counts.PAID, 200_000, reached_at=True)
    words = Words("en_GB")
    assert threshold_words(cards, words) == (
        "1099-K (US): gross above US$20,000.00, and more than 200 payments"
    )
    assert threshold_words(nec, words) == "1099-NEC (US): paid out from US$2,000.00"
    amount = Money(1, "USD")
    row = TaxRow("x", 2026, new_id(), "", "A", "", "", "", "", amount, 1, amount, amount, ("1099-K",))
    assert [standing(row, each) for each in (cards, nec)] == [("above", True), ("not above", False)]
    euros = replace(row, gross=Money(1, "EUR"), forms=())
    assert standing(euros, cards) == ("only for USD", False)
