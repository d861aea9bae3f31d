"""Nothing of reconciliation is cut, covered or too pale: high amounts, long reasons, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.crowded import WORDS
from helpers.desk import Desk
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from helpers.tampering import by_hand
from helpers.tilling import close_till, open_till
from travellr_desktop.domain.permissions import Role
from travellr_desktop.errors import Refusal
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.reconciliation.page import ReconciliationPage
from travellr_desktop.ui.reconciliation.span import Span
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
REASON = " ".join(WORDS.split())[:180]


def crowded_days(desk: Desk) -> None:
    """Two days of dear sales in two currencies, differences of several kinds, a till with a long reason."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.at(clock.now() - timedelta(days=1))
    dear = desk.add_departure(desk.add_trip("A very dear trip", adult=1_234_500), capacity=40)
    dollars = desk.add_departure(desk.add_trip("In dollars", currency="USD", adult=987_600))
    for _ in range(5):
        desk.sold(dear, adult=3)
    desk.sold(dollars, adult=2)
    open_till(desk, 2_000_000)
    close_till(desk, 1_987_655, stays=1_500_000, reason=REASON)
    clock.at(clock.now() + timedelta(days=1))
    desk.sold(dear, adult=1)
    clock.forward(timedelta(minutes=5))
    desk.services.matching.fetch()
    with by_hand(desk.profile.sandbox) as file:
        for statement in (
            "UPDATE balance_transactions SET fee = fee + 12345 WHERE seq = 1",
            "UPDATE balance_transactions SET amount = amount - 100000 WHERE seq = 2",
            "DELETE FROM balance_transactions WHERE seq = 3",
            "UPDATE balance_transactions SET created = created - 86400 WHERE seq = 4",
        ):
            file.execute(statement)


def calm_days(desk: Desk) -> None:
    """A sale, and nothing that differs."""
    desk.sold(desk.add_departure(), adult=1)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=5))


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: Callable[[Desk], object], size: QSize
) -> Iterator[tuple[Office, ReconciliationPage]]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="payments") as office:
        screen = office.go("payments")
        assert isinstance(screen, PaymentsScreen)
        screen.go_view("reconciliation")
        page = screen.reconciliation
        assert page is not None
        office.until(lambda: page.found.matched is not None)
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


def walk(office: Office, page: ReconciliationPage, size: QSize) -> list[str]:
    """The days, each difference with its panel, an error at the reason, typed days, each of the states."""
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(f"{where}: {each}" for each in settled(office))
        if office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {office.window.size()}")
            office.window.resize(size)

    look("the days")
    for at in range(page.lists.model.rowCount()):
        page._go_in()
        page.lists.open_detail()
        page.lists.table.go_to(at)
        office.until(lambda: page.panel.shown == page.lists.table.current_row())
        look(f"difference {at}")
        if page.panel.decide is not None:
            page.panel.decide.click()
            look(f"difference {at} without a reason")
    page.show_days()
    page.days.progress.show()
    page.days.progress.set_progress(12_300, 0)
    look("fetching")
    page.days.progress.finish()
    page.span.choose(Span.CHOSEN)
    page.span.to_field.set_text("31/02/2026")
    page.span._typed()
    look("a day that is none")
    page._in_differences = True
    page._fit()
    page._right.setCurrentWidget(page.instead)
    for name, show in (
        ("agrees", lambda: page.instead.show_agrees("1 Jun to 30 Jun", page._proof())),
        ("first use", page.instead.show_first_use),
        ("reading", page.instead.show_reading),
        ("stopped", page.instead.show_stopped),
        (
            "failed",
            lambda: page.instead.show_failure(Refusal("The provider does not answer.", hint="Try again.")),
        ),
    ):
        show()
        look(name)
    return wrong


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(untouched, SIZES[0], id="first use-1280x720", marks=pytest.mark.soak),
        pytest.param(calm_days, SIZES[0], id="all agrees-1280x720", marks=pytest.mark.soak),
        pytest.param(crowded_days, SIZES[0], id="crowded-1280x720"),
        pytest.param(crowded_days, SIZES[1], id="crowded-1920x1080", marks=pytest.mark.soak),
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
    with looked_at(qtbot, tmp_path, crowded_days, SIZES[1]) as (office, page):
        Theme.current().set_text_scale(2.0)
        wrong = [each for each in walk(office, page, SIZES[1]) if "Rail" not in each]  # that scrolls
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read_too(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_days, SIZES[0]) as (office, page):
            wrong = [each for each in walk(office, page, SIZES[0]) if "Rail" not in each]
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
