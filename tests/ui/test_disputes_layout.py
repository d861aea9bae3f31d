"""Nothing of disputes is cut, covered or too pale: long names, large amounts, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.disputed import opened, sold
from helpers.disputed_office import with_disputes
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.disputes.page import DisputesPage
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.theme import Theme

SMALL, LARGE = QSize(1280, 720), QSize(1920, 1080)


def crowded_disputes(desk: Desk) -> None:
    """Of every kind, and one of a large sum for a long name."""
    with_disputes(desk)
    trip = desk.add_trip(
        "Eleven monasteries of the inner bay, with lunch, boat, guide and a concert by candlelight",
        adult=9_899_999,
        child=1,
    )
    buyer = desk.traveller("Maximiliane-Charlotte Gräfin von Hohenwaldeck-Wittgenstein und Söderberg")
    sale = desk.sell(desk.hold(desk.add_departure(trip), adult=10), traveller=buyer)
    assert sale.payment_id is not None
    detail = desk.services.payments.detail(desk.agent, sale.payment_id)
    assert detail.provider_ref is not None
    with desk.sandbox() as sandbox:
        sandbox.open_dispute(detail.provider_ref, reason="incorrect_account_details")
    opened(desk, sold(desk), inquiry=True)
    desk.services.listening.poll()


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: Callable[[Desk], object], size: QSize
) -> Iterator[tuple[Office, DisputesPage]]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="payments") as office:
        screen = office.go("payments")
        assert isinstance(screen, PaymentsScreen)
        screen.go_view("disputes")
        page = screen.disputes
        assert page is not None
        office.until(lambda: page.lists.model.totals is not None)
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


def walk(office: Office, page: DisputesPage, size: QSize) -> list[str]:
    """The list, each dispute beside it, nothing found."""
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(f"{where}: {each}" for each in settled(office))
        if office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {office.window.size()}")
            office.window.resize(size)

    look("the list")
    page.lists.open_detail()
    for position in range(page.lists.model.rowCount()):
        row = page.lists.model.row(position)
        assert row is not None
        page.lists.table.go_to(position)
        wanted = row.id
        office.until(lambda: page.panel.shown is not None and page.panel.shown.id == wanted)  # noqa: B023
        look(f"{row.state} {row.ref}")
        page.panel.scroll_area.verticalScrollBar().setValue(10_000)
        look(f"the end of {row.state}")
    page.lists.start({}, "no such booking")
    office.until(lambda: page.lists.model.count_known and page.lists.model.rowCount() == 0)
    look("nothing found")
    return wrong


def nothing(desk: Desk) -> None:
    untouched(desk)


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(nothing, SMALL, id="empty-1280x720", marks=pytest.mark.soak),
        pytest.param(crowded_disputes, SMALL, id="crowded-1280x720"),
        pytest.param(crowded_disputes, LARGE, id="crowded-1920x1080", marks=pytest.mark.soak),
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
    with looked_at(qtbot, tmp_path, crowded_disputes, LARGE) as (office, page):
        Theme.current().set_text_scale(2.0)
        wrong = walk(office, page, LARGE)
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_disputes, SMALL) as (office, page):
            wrong = walk(office, page, SMALL)
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
