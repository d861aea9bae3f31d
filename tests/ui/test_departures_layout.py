"""Nothing on the screen of departures is cut, covered or too pale: long names, large text, right to left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.clock import HandClock
from helpers.crowded import SATURDAY, WORDS, crowded
from helpers.desk import Desk
from helpers.layout import faults
from helpers.office import Office, office_at
from helpers.quay import quay
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.board import Phase
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Series
from travellr_desktop.ui.departures.screen import DeparturesScreen
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
Key = Qt.Key


def crowded_quay(desk: Desk) -> None:
    """The crowded agency on its Saturday, ten minutes after the first has left: some are here, some did not come, one
    is stopped for a long reason; a trip has many series and other desks' seats."""
    crowded(desk)
    clock, manifests = desk.clock, desk.services.manifests
    assert isinstance(clock, HandClock)
    clock.at(datetime(2026, 6, 20, 6, 40, tzinfo=UTC))
    rows = desk.services.board.day(desk.agent, SATURDAY).rows
    for row in rows:
        lines = [
            line.id
            for booking in manifests.manifest(desk.agent, row.id).bookings
            if booking.state.value == "confirmed"
            for line in booking.lines
        ]
        if row.phase is Phase.MANIFEST and lines:
            manifests.check_in(desk.agent, lines[: len(lines) // 2])
            manifests.absent(desk.agent, lines[-1:], True)
    desk.services.timetable.stop(desk.admin, [rows[-1].id], WORDS)
    with desk.database.write(Commit.CATALOGUE_SAVE, desk.admin) as work:
        for number in range(8):
            work.session.add(
                Series(
                    trip_id=rows[0].trip_id,
                    weekdays="012345"[: number + 1],
                    local_time=f"{8 + number:02}:30",
                    first_day=date(2026, 5, 1),
                    last_day=date(2026, 9, 30),
                    zone="Europe/Podgorica",
                    capacity=12,
                    cutoff_min=30,
                    except_days=["2026-06-21"] * (number % 2),
                    created_at=work.now,
                )
            )
        work.commit()


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


@contextmanager
def looked_at(
    qtbot: QtBot, folder: Path, prepare: object, size: QSize
) -> Iterator[tuple[Office, DeparturesScreen]]:
    with office_at(
        qtbot,
        folder,
        prepare=prepare,  # type: ignore[arg-type]
        size=size,
        role=Role.MANAGER,
        at="departures",
    ) as office:
        screen = office.go("departures")
        assert isinstance(screen, DeparturesScreen)
        office.until(lambda: screen.day_list.current() is not None)
        yield office, screen


def walk(office: Office, screen: DeparturesScreen, size: QSize) -> list[str]:
    """Every departure of the day with its manifest, the field of the scanner, a trip, an empty day."""
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(f"{where}: {each}" for each in settled(office))
        if office.window.size() != size:
            wrong.append(f"{where}: the window is pushed to {office.window.size()}")
            office.window.resize(size)

    for at, row in enumerate(screen.day_list.rows):
        screen.day_list.go_to(row.id)
        look(f"departure {at}")
    screen.day_list.go_to(screen.day_list.rows[0].id)
    office.quiet()
    screen.panel.open_scan()
    screen.doing.scan("nobody of that name")
    look("nobody found")
    screen.panel.close_scan()
    screen.panel.list.setFocus()
    office.key(Key.Key_End)
    look("the end of the manifest")
    pane = screen.trip_pane
    for at in range(1, pane.trip.count()):
        pane.trip.setCurrentIndex(at)
        pane.trip.activated.emit(at)
        look(f"trip {at}")
    screen._step_day(-400)
    look("an empty day")
    screen.day_list.show_failure("The file is busy.", "Another program has it open. Try again.")
    look("failed")
    return wrong


@pytest.mark.parametrize(
    ("prepare", "size"),
    [
        pytest.param(quay, SIZES[0], id="a day-1280x720"),
        pytest.param(quay, SIZES[1], id="a day-1920x1080", marks=pytest.mark.soak),
        pytest.param(crowded_quay, SIZES[0], id="crowded-1280x720"),
        # text of twice the size has less room there
        pytest.param(crowded_quay, SIZES[1], id="crowded-1920x1080", marks=pytest.mark.soak),
    ],
)
def test_everything_written_can_be_read(qtbot: QtBot, tmp_path: Path, prepare: object, size: QSize) -> None:
    with looked_at(qtbot, tmp_path, prepare, size) as (office, screen):
        wrong = walk(office, screen, size)
        assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.soak
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, crowded_quay, SIZES[1]) as (office, screen):
        Theme.current().set_text_scale(2.0)
        wrong = walk(office, screen, SIZES[1])
        assert not wrong, "\n" + "\n".join(wrong)


def test_from_right_to_left_it_can_be_read_too(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with looked_at(qtbot, tmp_path, crowded_quay, SIZES[0]) as (office, screen):
            wrong = [each for each in walk(office, screen, SIZES[0]) if "Rail" not in each]
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_question_before_closing_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with looked_at(qtbot, tmp_path, crowded_quay, SIZES[0]) as (office, screen):
        screen.day_list.go_to(screen.day_list.rows[0].id)
        office.quiet()
        office.until(screen.panel.close_button.isEnabled)
        screen.doing.close()
        question = QApplication.activeModalWidget()
        assert question is not None
        assert settled(office, over=question) == []
        question.close()
