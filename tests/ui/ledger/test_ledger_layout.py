"""Nothing of the ledger is cut, covered or too pale: long names, large amounts, large text, right to left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.crowded import crowded
from helpers.desk import Desk
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.ledger import VENDOR_ACCOUNTS
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.books import BY_BOOKING
from travellr_desktop.ui.ledger.page import LedgerPage
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))


def crowded_books(desk: Desk) -> None:
    """The crowded agency after its trips: vendors are owed, too."""
    crowded(desk)
    assert isinstance(desk.clock, HandClock)
    now = desk.clock.now()
    desk.clock.at(datetime(2026, 6, 28, tzinfo=UTC))
    with desk.database.read() as view:
        departures = [row.id for row in view.departures.find_all(limit=500)[0]]
    for departure in departures[::2]:
        with suppress(Exception):
            desk.services.bookings.complete(desk.agent, departure)
    desk.clock.at(max(now, desk.clock.now()))


def nothing(desk: Desk) -> None:
    untouched(desk)


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: object, size: QSize
) -> Iterator[tuple[Office, LedgerPage]]:
    with office_at(
        qtbot,
        folder,
        prepare=prepare,  # type: ignore[arg-type]
        size=size,
        role=Role.MANAGER,
        at="payments",
    ) as office:
        screen = office.go("payments")
        assert isinstance(screen, PaymentsScreen)
        screen.go_view("ledger")
        page = screen.ledger
        assert page is not None
        office.until(lambda: page.accounts.view is not None)
        yield office, page


def settled(office: Office) -> list[str]:
    """What is wrong once columns have grown and layouts have settled."""
    office.quiet()
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = faults(office.window)
        return not wrong

    with suppress(QtTimeout):
        office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
    return wrong


def walk(office: Office, page: LedgerPage, size: QSize) -> list[str]:
    """Each currency, each account, whose it is, entries of each event, another day, a failure, filters."""
    wrong: list[str] = []

    def read() -> None:
        model = page.lists.model
        office.until(lambda: model.query == page.lists.query())
        office.until(lambda: model.count_known and model.totals is not None)
        office.quiet()

    def look(where: str) -> None:
        read()
        wrong.extend(f"{where}: {each}" for each in settled(office))
        if office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {office.window.size()}")
            office.window.resize(size)

    look("balances")
    page.lists.open_detail()
    view = page.accounts.view
    assert view is not None
    for currency in view.trial.currencies:
        page.accounts.as_at.currency_chosen.emit(currency)
        look(f"balances in {currency}")
        for row in [row for row in view.trial.rows if row.currency == currency]:
            page.show_accounts()
            page.accounts.choose(row.account)
            look(f"{row.account} in {currency}")
            if row.account in VENDOR_ACCOUNTS | BY_BOOKING:
                page.accounts.ask_parts()
                office.until(lambda: page.accounts.in_parts)
                look(f"whose {row.account} in {currency}")
                page.accounts.leave_parts()
    if view.trial.rows:
        page.accounts.opened.emit(view.trial.rows[0].account)
    page.lists.start({})
    read()
    seen = set()
    for position in range(min(page.lists.model.rowCount(), 60)):
        entry = page.lists.model.row(position)
        if entry is None or (entry.event, entry.credit) in seen:
            continue
        seen.add((entry.event, entry.credit))
        page.lists.table.go_to(position)
        office.until(lambda: page.shown is not None)
        look(f"entry {entry.event}")
    assert len(seen) >= 4 or not view.trial.rows
    page.lists.start({}, "no such booking")
    look("nothing found")
    page.show_accounts()
    page.accounts.as_at.before.click()
    look("yesterday")
    page.accounts.as_at.field.set_text("no day")
    page.accounts.as_at.field.entered.emit()
    look("no day")
    page.accounts.show_failure("The file is busy. Another program has it open. Try again.")
    look("failed")
    return wrong


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(nothing, SIZES[0], id="empty-1280x720", marks=pytest.mark.soak),
        pytest.param(crowded_books, SIZES[0], id="crowded-1280x720"),
        pytest.param(crowded_books, SIZES[1], id="crowded-1920x1080", marks=pytest.mark.soak),
    ],
)
def test_everything_written_can_be_read(qtbot: QtBot, tmp_path: Path, prepare: object, size: QSize) -> None:
    with looked_at(qtbot, tmp_path, prepare, size) as (office, page):
        wrong = walk(office, page, size)
        assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.soak
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, crowded_books, SIZES[1]) as (office, page):
        Theme.current().set_text_scale(2.0)
        office.quiet()
        office.until(lambda: not page.accounts.isHidden() and page.lists.isHidden())
        wrong = walk(office, page, SIZES[1])
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_books, SIZES[0]) as (office, page):
            spans = page.accounts.debit.table.layout_of_columns.spans
            width = page.accounts.debit.table.viewport().width()
            assert all(span.x >= 0 and span.x + span.width <= width for span in spans)
            wrong = walk(office, page, SIZES[0])
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
