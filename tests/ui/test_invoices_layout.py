"""Nothing of the invoices is cut, covered or too pale: long names, large amounts, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.crowded import NAMES, WORDS, crowded
from helpers.desk import Desk
from helpers.gui_thread import may_block
from helpers.invoicing import TERMS, order_of, ready
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import Refusal
from travellr_desktop.services.invoice_views import Buyer
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.invoices.page import InvoicesPage
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
LONG = Buyer(
    NAMES[0], f"{WORDS[:140]}\n{WORDS[:120]}", "The United Kingdom of Great Britain", "NO 987 654 321 MVA"
)


def nothing(desk: Desk) -> None:
    untouched(desk)


def crowded_invoices(desk: Desk) -> None:
    """What the crowded agency has sold is invoiced to long names; some of it is credited."""
    crowded(desk)
    ready(desk, TERMS)
    with desk.database.read() as view:
        sales = [row.id for row in view.sales.find_all(limit=60)[0]]
    service, issued = desk.services.invoices, 0
    left_open = False
    for sale in sales:
        with suppress(Refusal):
            shown = service.preview_sale(desk.agent, sale)
            if shown.nothing:
                continue
            if not left_open:  # for the dialog
                left_open = True
                continue
            (*_, last) = service.issue(desk.agent, order_of(shown, LONG), key=uuid4()).documents
            issued += 1
            if issued % 3 == 0:
                service.credit(desk.agent, last.id, reason=WORDS[:200], key=uuid4())


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: Callable[[Desk], object], size: QSize
) -> Iterator[tuple[Office, InvoicesPage]]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="payments") as office:
        screen = office.go("payments")
        assert isinstance(screen, PaymentsScreen)
        screen.go_view("invoices")
        page = screen.invoices
        assert page is not None
        office.until(lambda: page.lists.model.count_known)
        yield office, page


def settled(office: Office, over: QWidget | None = None) -> list[str]:
    """What is wrong once columns have grown and layouts have settled."""
    office.quiet()
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = faults(over or office.window)
        return not wrong

    with suppress(QtTimeout):
        office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
    return wrong


def walk(office: Office, page: InvoicesPage, size: QSize) -> list[str]:
    """Each kind of document, crediting one, issuing what is open, nothing found."""
    wrong: list[str] = []

    def look(where: str, over: QWidget | None = None) -> None:
        model = page.lists.model
        office.until(lambda: model.query == page.lists.query() and model.count_known)
        wrong.extend(f"{where}: {each}" for each in settled(office, over))
        if office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {office.window.size()}")
            office.window.resize(size)

    look("the list")
    seen = set()
    page.lists.open_detail()
    for position in range(min(page.lists.model.rowCount(), 40)):
        row = page.lists.model.row(position)
        if row is None or (row.kind, bool(row.credited.minor), row.gross.currency) in seen:
            continue
        seen.add((row.kind, bool(row.credited.minor), row.gross.currency))
        page.lists.table.go_to(position)
        office.until(lambda: page.shown is not None)
        look(f"{row.number}")
        if page.shown is not None and page.shown.can_credit and len(seen) < 4:
            page.credit()
            office.until(lambda: page.issuing.dialog is not None)
            dialog = page.issuing.dialog
            assert dialog is not None
            look(f"crediting {row.number}", dialog)
            dialog.reject()
    page.lists.start({}, "no such number")
    look("nothing found")
    page.lists.start({})
    look("all again")
    if seen:
        assert len(seen) >= 3
        issuing(office, look)
    return wrong


def not_invoiced(desk: Desk) -> tuple[UUID, ...]:
    """The bookings of a sale that was left open."""
    with desk.database.read() as view:
        sales = [row.id for row in view.sales.find_all(limit=60)[0]]
    for sale in sales:
        with suppress(Refusal):
            shown = desk.services.invoices.preview_sale(desk.agent, sale)
            if not shown.nothing:
                return shown.booking_ids
    raise AssertionError("all is invoiced")


def issuing(office: Office, look: Callable[[str, QWidget | None], None]) -> None:
    """The dialog of the first sale, as it is shown and as it is refused."""
    screen = office.go("bookings")
    assert isinstance(screen, BookingsScreen)
    with may_block():
        ids = not_invoiced(office.desk)
    screen.issuing.ask(ids)
    office.until(lambda: screen.issuing.dialog is not None)
    dialog = screen.issuing.dialog
    assert dialog is not None
    look("issuing", dialog)
    dialog.refuse(Refusal("The file is busy. Another program has it open.", hint="Try again."))
    look("issuing, refused", dialog)
    dialog.reject()


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(nothing, SIZES[0], id="empty-1280x720", marks=pytest.mark.soak),
        pytest.param(crowded_invoices, SIZES[0], id="crowded-1280x720"),
        pytest.param(crowded_invoices, SIZES[1], id="crowded-1920x1080", marks=pytest.mark.soak),
    ],
)
def test_everything_written_can_be_read(
    qtbot: QtBot, tmp_path: Path, prepare: Callable[[Desk], object], size: QSize
) -> None:
    with looked_at(qtbot, tmp_path, prepare, size) as (office, page):
        wrong = walk(office, page, size)
        assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.soak
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, crowded_invoices, SIZES[1]) as (office, page):
        Theme.current().set_text_scale(2.0)
        office.quiet()
        wrong = walk(office, page, SIZES[1])
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_invoices, SIZES[0]) as (office, page):
            wrong = walk(office, page, SIZES[0])
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
