"""Nothing of the statements is cut, covered or too pale: long names, large amounts, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.crowded import WORDS
from helpers.desk import Desk
from helpers.office import Office, office_at, untouched
from helpers.refunding import refunded
from helpers.statements import told, travelled
from helpers.walked import Walk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import LeftOut
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.statements.screen import StatementsScreen
from travellr_desktop.ui.theme import Theme

SMALL, LARGE = QSize(1280, 720), QSize(1920, 1080)


def crowded_statements(desk: Desk) -> None:
    """Large sums for long names in three currencies, paid and carried, with a dozen lines of every kind."""
    named = VendorDraft(f"Vendor {WORDS}"[:200], commission_bps=1234)
    vendor = desk.services.vendors.create(desk.admin, named)
    desk.add_trip(WORDS, adult=98_765_432_10, vendor_id=vendor)
    desk.add_trip("رحلة بحرية إلى الكهف الأزرق", adult=123_456_789, currency="JPY", vendor_id=vendor)
    desk.add_trip("In dollars", adult=20_001_00, currency="USD", vendor_id=vendor)
    booking = travelled(desk, WORDS)
    for trip in ("رحلة بحرية إلى الكهف الأزرق", "In dollars", "Blue Cave and Perast"):
        travelled(desk, trip)
    told(desk)
    refunded(desk, booking, back=98_765_432_10)
    for _ in range(9):
        travelled(desk)
    draft = AdjustmentDraft(desk.vendor_id, Money(-123_456_78, "EUR"), WORDS[:160])
    desk.services.adjustments.adjust(desk.admin, draft, key=uuid4())
    travelled(desk, "In dollars")
    told(desk, pays=False, left_out=LeftOut.BELOW_MINIMUM)


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: Callable[[Desk], object], size: QSize
) -> Iterator[tuple[Office, StatementsScreen]]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="statements") as office:
        screen = office.go("statements")
        assert isinstance(screen, StatementsScreen)
        office.until(lambda: screen.statements.lists.model.totals is not None)
        yield office, screen


def walk(office: Office, screen: StatementsScreen, size: QSize) -> list[str]:
    """The list, each statement beside it, nothing found; the totals of a year, each vendor beside them."""
    walking = Walk(office, size)
    look = walking.look
    look("the list")
    page = screen.statements
    page.lists.open_detail()
    for position in range(page.lists.model.rowCount()):
        page.lists.table.go_to(position)
        office.until(lambda: page.shown is not None)
        assert page.shown is not None
        look(page.shown.number)
        page.panel.scroll_area.verticalScrollBar().setValue(10_000)
        look(f"the end of {page.shown.number}")
    page.lists.start({}, "no such number")
    office.until(lambda: page.lists.model.count_known and page.lists.model.rowCount() == 0)
    look("nothing found")
    screen.go_view("tax")
    tax = screen.tax
    assert tax is not None
    office.until(lambda: tax.year is not None)
    look("the year")
    tax.lists.open_detail()
    for position in range(tax.lists.model.rowCount()):
        tax.lists.table.go_to(position)
        look(f"the year of {position}")
    return walking.wrong


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(untouched, SMALL, id="empty-1280x720", marks=pytest.mark.soak),
        pytest.param(crowded_statements, SMALL, id="crowded-1280x720"),
        pytest.param(crowded_statements, LARGE, id="crowded-1920x1080", marks=pytest.mark.soak),
    ],
)
def test_everything_written_can_be_read(
    qtbot: QtBot, tmp_path: Path, prepare: Callable[[Desk], object], size: QSize
) -> None:
    with looked_at(qtbot, tmp_path, prepare, size) as (office, screen):
        wrong = walk(office, screen, size)
        assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.soak
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, crowded_statements, LARGE) as (office, screen):
        Theme.current().set_text_scale(2.0)
        wrong = walk(office, screen, LARGE)
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_statements, SMALL) as (office, screen):
            wrong = walk(office, screen, SMALL)
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
