"""Nothing on the screens of trips and vendors is cut, covered or too pale: long names, large text, right to left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.catalogue import MONDAYS, draft
from helpers.crowded import WORDS, crowded
from helpers.desk import Desk
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.pictures import jpeg, png
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.cancellation import KeepAmount, KeepDeposit, KeepShare, Policy, Tier
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule, VendorPaper
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.rates import RateDraft
from travellr_desktop.services.trips import SeasonDraft
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft
from travellr_desktop.ui.catalogue.screen import CatalogueScreen
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.tables.states import LoadState
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.trips.screen import TripsScreen
from travellr_desktop.ui.vendors.screen import VendorsScreen

SIZES = (QSize(1280, 720), QSize(1920, 1080))
Key = Qt.Key
STEPS = (
    Tier(timedelta(days=400), KeepDeposit()),
    Tier(timedelta(hours=100), KeepShare(3050)),
    Tier(timedelta(0), KeepAmount(999_999_99)),
)


def empty(desk: Desk) -> None:
    """An agency that has just begun."""
    untouched(desk)


def crowded_catalogue(desk: Desk) -> None:
    """Long texts everywhere, many seasons and steps, pictures, series, and a trip that is not offered."""
    crowded(desk)
    dear = desk.trips[WORDS]
    seasons = tuple(
        SeasonDraft(
            WORDS[:120],
            date(2026, month, 1),
            date(2026, month, 28),
            {TravellerType.ADULT: 98_765_432_10, TravellerType.CHILD: 1},
        )
        for month in (7, 8)
    )
    wanted = draft(
        desk,
        dear,
        description=WORDS * 8,
        included=tuple(WORDS[:200] for _ in range(6)),
        country=WORDS[:80],
        code="X" * 40,
        seasons=seasons,
        policy=Policy("own", WORDS[:100], STEPS, 500),
    )
    desk.services.trips.update(desk.admin, dear, wanted)
    for picture in (png(900, 300), png(20, 400), jpeg()):
        desk.services.pictures.add(desk.admin, dear, picture, WORDS[:200])
    every_day = replace(MONDAYS, weekdays=frozenset(range(6)), except_days=frozenset({date(2026, 7, 7)}))
    made = desk.services.timetable.add_series(desk.admin, dear, replace(every_day, at=time(6, 0))).made
    desk.services.timetable.stop(desk.admin, made[:2], WORDS)
    other = next(trip for title, trip in desk.trips.items() if title != WORDS)
    desk.services.trips.deactivate(desk.admin, other, sold_stays=True)
    crowded_terms(desk)


def crowded_terms(desk: Desk) -> None:
    """A vendor of whom everything is said, at length: an account of two, papers that ran out, rates of every trip."""
    services, admin = desk.services, desk.admin
    services.payout_settings.save(admin, PayoutRules(papers=tuple(VendorPaper)))
    terms = TermsDraft(
        schedule=Schedule.MONTHLY,
        way=PayoutWay.BANK,
        iban="MT84MALT011000012345MTLCAST001S",
        bic="MALTMTMT001",
        holder=WORDS[:70],
        minimums=tuple(Money(98_765_432_10, code) for code in ("EUR", "JPY", "KWD", "USD", "GBP", "CHF")),
        address="\n".join(WORDS[:60] for _ in range(6)),
        country="GS",
        tax_number="9" * 60,
    )
    vendors = [vendor.id for vendor in services.vendors.names(admin)]
    for vendor_id in vendors:
        services.vendor_terms.save(admin, vendor_id, terms)
        for kind in tuple(VendorPaper)[:3]:
            day = date(2026, 6, 1)
            paper = PaperDraft(
                kind, day, day + timedelta(days=3 + 10 * (kind is VendorPaper.LICENCE)), WORDS[:300]
            )
            services.vendor_terms.hand_in(admin, vendor_id, paper, key=uuid4())
        for month in (1, 12):
            services.rates.agree(admin, RateDraft(vendor_id, 1234, date(2026, month, 1), None, WORDS[:300]))


class Walk:
    def __init__(self, office: Office, size: QSize) -> None:
        self.office, self.size, self.wrong = office, size, list[str]()

    def look(self, where: str, *, over: QWidget | None = None) -> None:
        """What is wrong once columns have grown and layouts have settled."""
        self.office.quiet()
        window, wrong = self.office.window, list[str]()

        def clean() -> bool:
            wrong[:] = faults(window if over is None else over, over=over)
            return not wrong

        with suppress(QtTimeout):
            self.office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
        self.wrong += [f"{where}: {each}" for each in wrong]
        if window.size() != self.size:
            self.wrong.append(f"{where}: the window is pushed to {window.width()}×{window.height()}")
            window.resize(self.size)

    def pages(self, screen: CatalogueScreen, where: str, *, foot: bool = True) -> None:
        """Every page of the form, its head and its foot."""
        bar = screen.panel.scroll_area.verticalScrollBar()
        for page in screen.panel.pages:
            screen.panel.turn_to(page.key)
            self.look(f"{where}, {page.key}")
            if foot:
                bar.setValue(bar.maximum())
                self.look(f"{where}, the foot of {page.key}")


def walk(walk: Walk, key: str, *, full: bool = True) -> None:
    """Through every form from its head to its foot; or, not `full`, through their heads."""
    office, screen = walk.office, walk.office.go(key)
    assert isinstance(screen, (TripsScreen, VendorsScreen))
    lists = screen.lists
    lists.start({})
    office.until(lambda: lists.model.state is LoadState.READY and lists.model.count_known)
    walk.look(key)
    assert lists.model.rowCount()
    for row in range(lists.model.rowCount()):
        lists.table.go_to(row)
        office.until(lambda: screen.shown is not None and screen.shown.id == lists.table.current_row().id)
        walk.pages(screen, f"{key}, row {row}", foot=full)
    screen.new()
    office.until(lambda: screen.panel.is_new)
    walk.pages(screen, f"{key}, a new one", foot=full)
    screen.save()
    office.quiet()
    walk.look(f"{key}, refused")
    screen.panel.say_unsaved()
    walk.look(f"{key}, not saved")
    lists.start({}, "no such thing at all " * 4)
    office.quiet()
    walk.look(f"{key}, nothing found")


@contextmanager
def walked(qtbot: QtBot, folder: Path, prepare: Callable[[Desk], None], size: QSize) -> Iterator[Walk]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="trips") as office:
        yield Walk(office, size)


@pytest.mark.parametrize(
    ("prepare", "size", "full"),
    [
        pytest.param(empty, SIZES[0], False, id="empty-1280x720", marks=pytest.mark.soak),
        pytest.param(empty, SIZES[0], True, id="empty-1280x720-whole", marks=pytest.mark.soak),
        pytest.param(empty, SIZES[1], True, id="empty-1920x1080", marks=pytest.mark.soak),
        pytest.param(crowded_catalogue, SIZES[0], True, id="crowded-1280x720"),
        # text of twice the size has less room there
        pytest.param(crowded_catalogue, SIZES[1], True, id="crowded-1920x1080", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("key", ["trips", "vendors"])
def test_everything_written_can_be_read(
    qtbot: QtBot, tmp_path: Path, key: str, prepare: Callable[[Desk], None], size: QSize, full: bool
) -> None:
    with walked(qtbot, tmp_path, prepare, size) as walks:
        walk(walks, key, full=full)
        assert not walks.wrong, "\n" + "\n".join(walks.wrong)


@pytest.mark.soak
@pytest.mark.parametrize("key", ["trips", "vendors"])
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path, key: str) -> None:
    with walked(qtbot, tmp_path, crowded_catalogue, SIZES[1]) as walks:
        Theme.current().set_text_scale(2.0)
        walk(walks, key)
        assert not walks.wrong, "\n" + "\n".join(walks.wrong)


@pytest.mark.parametrize("full", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["heads", "whole"])
# both are a list with a form beside it
@pytest.mark.parametrize("key", [pytest.param("trips", marks=pytest.mark.soak), "vendors"])
def test_from_right_to_left_it_can_be_read_too(qtbot: QtBot, tmp_path: Path, key: str, full: bool) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with walked(qtbot, tmp_path, crowded_catalogue, SIZES[0]) as walks:
            walk(walks, key, full=full)
            wrong = [each for each in walks.wrong if "Rail" not in each]
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_question_before_deactivating_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with walked(qtbot, tmp_path, crowded_catalogue, SIZES[0]) as walks:
        screen = walks.office.go("trips")
        assert isinstance(screen, TripsScreen)
        walks.office.until(lambda: screen.lists.model.count_known)
        for row in range(screen.lists.model.rowCount()):
            screen.lists.table.go_to(row)
            walks.office.until(
                lambda: screen.shown is not None and screen.shown.id == screen.lists.table.current_row().id
            )
            if screen.shown is not None and screen.shown.detail.use.live:
                break
        screen.offer_no_more()
        walks.office.until(lambda: QApplication.activeModalWidget() is not None)
        question = QApplication.activeModalWidget()
        assert isinstance(question, Decision)
        walks.look("deactivating", over=question)
        assert not walks.wrong, "\n" + "\n".join(walks.wrong)
        question.reject()
