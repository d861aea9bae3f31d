"""Nothing on Day close is cut, covered or too pale: high figures, long names, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.crowded import WORDS
from helpers.desk import CARD, CASH, Desk
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from helpers.tilling import close_till, euros, made_of, move, open_till
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.errors import TillBeyondLimit
from travellr_desktop.services.till_forms import FloatCount, MoveOrder
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.screen import DayCloseScreen

SIZES = (QSize(1280, 720), QSize(1920, 1080))
REASON = " ".join(WORDS.split())[:180]


def crowded_till(desk: Desk) -> None:
    """Closes of before with long reasons, and an open till of high amounts in two currencies."""
    for number in range(3):
        open_till(desk, 2_000_000, from_safe=2_000_000 if number == 0 else 0)
        close_till(desk, 2_000_000 + number * 12_345, stays=2_000_000, reason=REASON if number else "")
    count = FloatCount(made_of(euros(2_000_000)), euros(0))
    opened = desk.services.till.open(desk.admin, (count,), key=uuid4())
    dear = desk.add_trip("A very dear trip", adult=1_234_500)
    departure = desk.add_departure(dear, capacity=40)
    dollars = desk.add_departure(desk.add_trip("In dollars", currency="USD", adult=987_600))
    for _ in range(12):
        desk.sold(departure, pay=CASH, adult=2)
    desk.sold(departure, pay=CARD, adult=3)
    desk.sold(dollars, pay=CASH, adult=2)
    gone = desk.sold(departure, pay=CASH, adult=1)
    desk.cancel(gone.bookings[0].id)
    order = MoveOrder(MoveKind.PAY_OUT, euros(1_234_567), Account.OFFICE_EXPENSES, REASON)
    desk.services.till.move(desk.admin, opened.session_id, order, key=uuid4())
    move(desk, MoveKind.DROP, 5_000_000, Account.SAFE)


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: Callable[[Desk], object], size: QSize
) -> Iterator[tuple[Office, DayCloseScreen]]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="till") as office:
        screen = office.go("till")
        assert isinstance(screen, DayCloseScreen)
        office.until(lambda: screen.status is not None)
        yield office, screen


def settled(office: Office, *, over: QWidget | None = None) -> list[str]:
    """What is wrong once columns have grown and layouts have settled."""
    office.quiet()
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = faults(office.window if over is None else over, over=over)
        return not wrong

    with suppress(QtTimeout):
        office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
    return wrong


def count(screen: DayCloseScreen, *numbers: int) -> None:
    page = screen.count.page("EUR")
    for field, number in zip(page._fields.values(), numbers, strict=False):
        field.edit.setText(str(number))
    page._edited()


def walk(office: Office, screen: DayCloseScreen, size: QSize) -> list[str]:
    """As it is read, counted, with a difference, each view, a Z of before, what failed."""
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(f"{where}: {each}" for each in settled(office))
        if office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {office.window.size()}")
            office.window.resize(size)

    look("as it is read")
    count(screen, 1200, 345, 67, 8, 9, 10, 11, 1)
    look("counted, with a difference")
    if not screen.day.isVisible():
        screen.count.to_day.click()
        look("the day in the place of the count")
    screen.day.sums.reason.set_text(REASON)
    screen.day.sums.edited.emit()
    look("with a reason")
    screen.count.toggle_sums()
    look("blind")
    screen.count.toggle_sums()
    for view in ("ways", "moves", "closes"):
        if screen.status is not None and screen.status.open is not None:
            screen.day.go_view(view)
            look(view)
    if screen.day.closes.rows:
        screen.day.closes.go_to(0)
        office.until(lambda: screen.in_closes)
        look("a Z of before")
    screen.failed.say("The till could not be read", "Another program has the file open. Try again.")
    screen._stack.setCurrentWidget(screen.failed)
    look("failed")
    return wrong


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(untouched, SIZES[0], id="the first till-1280x720", marks=pytest.mark.soak),
        pytest.param(crowded_till, SIZES[0], id="crowded-1280x720"),
        pytest.param(crowded_till, SIZES[1], id="crowded-1920x1080", marks=pytest.mark.soak),
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
    with looked_at(qtbot, tmp_path, crowded_till, SIZES[1]) as (office, screen):
        Theme.current().set_text_scale(2.0)
        wrong = [each for each in walk(office, screen, SIZES[1]) if "Rail" not in each]  # that scrolls
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read_too(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_till, SIZES[0]) as (office, screen):
            wrong = [each for each in walk(office, screen, SIZES[0]) if "Rail" not in each]
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_forms_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, crowded_till, SIZES[0]) as (office, screen):
        screen.doing.move_cash()
        form = screen.doing.form
        assert form is not None
        form.refused(TillBeyondLimit("Only a manager moves cash between the till and bank or own funds."))
        assert settled(office, over=form) == []
        form.reject()
