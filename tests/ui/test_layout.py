"""Nothing that is written on a screen is cut, shortened without need, covered or too pale to read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.crowded import NAMES, SATURDAY, WORDS, crowded, in_every_state
from helpers.desk import Desk
from helpers.gui_thread import may_block
from helpers.layout import faults
from helpers.office import Office, office_at, untouched
from helpers.rest import SETTLES_MS
from helpers.window import open_desk
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.desk.screen import DeskScreen
from travellr_desktop.ui.importing.screen import ImportScreen
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.settings.screen import SettingsScreen
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.states import LoadState
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.screen import TravellersScreen
from travellr_desktop.ui.users.screen import UsersScreen

SIZES = (QSize(1280, 720), QSize(1920, 1080))
Key = Qt.Key


def empty(desk: Desk) -> None:
    """An agency that has just begun."""
    untouched(desk)


def settled(qtbot: QtBot, root: QWidget, *, over: QWidget | None = None) -> list[str]:
    """What is wrong once columns have grown and layouts have settled."""
    wrong: list[str] = []

    def clean() -> bool:
        wrong[:] = faults(root, over=over)
        return not wrong

    with suppress(QtTimeout):
        qtbot.waitUntil(clean, timeout=SETTLES_MS)
    return wrong


class Walk:
    """Goes from state to state of the window and gathers what is wrong in each."""

    def __init__(self, office: Office, size: QSize) -> None:
        self.office, self.size = office, size
        self.wrong: list[str] = []
        assert office.window.workspace is not None
        self.work = office.window.workspace

    def look(self, where: str, *, over: QWidget | None = None) -> None:
        self.office.quiet()
        window = self.office.window
        self.wrong += [f"{where}: {each}" for each in settled(self.office.qtbot, window, over=over)]
        if window.size() != self.size:
            self.wrong.append(f"{where}: the window is pushed to {window.width()}×{window.height()}")
            window.resize(self.size)

    def read(self, lists: ListScreen, text: str) -> None:
        """Filter by words alone, and wait until rows and sums are there."""
        lists.start({}, text)
        model = lists.model
        self.office.until(lambda: model.state is LoadState.READY and model.query.text == text)
        self.office.until(lambda: model.count_known and model.totals is not None)


def walk_desk(walk: Walk, *, full: bool) -> None:
    office, screen = walk.office, walk.office.go("desk")
    assert isinstance(screen, DeskScreen)
    walk.look("desk")
    if not full:
        return
    screen.filters.choose(SATURDAY)
    screen.filters.adults.set_value(6)
    office.quiet()
    for row in range(len(screen.results.rows)):
        screen.results.view.go_to(row)
        walk.look(f"offer {row}")
    for row in (0, 1):
        screen.results.view.go_to(row)
        office.quiet()
        screen.results.view.setFocus()
        office.key(Key.Key_Return)
        office.quiet()
    walk.look("basket")
    screen.basket.lines[0].open_details(True)
    walk.look("names of travellers")
    screen.basket.lines[0].open_details(False)
    office.key(Key.Key_F4)
    office.type("vo")
    walk.look("travellers found")
    with may_block():
        sales = office.desk.services.lists.payments(office.desk.admin, ListQuery())
        paid = [row.sale_id for row in sales.first(40) if row.status == "completed"]
        sales.close()
        outcomes = [office.desk.services.sales.outcome(office.desk.agent, sale) for sale in paid[:2]]
    for state in (each for outcome in outcomes for each in in_every_state(outcome)):
        screen.session._came(state)
        walk.look(f"payment {state.state}")
    screen.filters.search.set_text("no such trip")
    screen.filters.changed.emit()
    walk.look("nothing found")


def _shows(screen: BookingsScreen | PaymentsScreen) -> bool:
    return screen.shown is not None


def walk_lists(walk: Walk, *, full: bool) -> None:
    office = walk.office
    bookings = office.go("bookings")
    assert isinstance(bookings, BookingsScreen)
    for name, screen in (("bookings", bookings), ("payments", office.go("payments"))):
        assert isinstance(screen, BookingsScreen | PaymentsScreen)
        office.go(name)
        walk.read(screen.lists, "")
        walk.look(name)
        if not full:
            continue
        screen.lists.open_detail()
        for row in range(screen.lists.model.rowCount()):
            screen.lists.table.go_to(row)
            office.until(partial(_shows, screen))
            walk.look(f"{name}, row {row}")
        walk.read(screen.lists, "nobody of that name")
        walk.look(f"{name}, nothing found")
    if not full:
        return
    office.go("bookings")
    walk.read(bookings.lists, "")
    for row in range(bookings.lists.model.rowCount()):
        bookings.lists.table.go_to(row)
        office.until(lambda: bookings.shown is not None)
        if bookings.shown is not None and bookings.shown.detail.can_cancel:
            bookings.cancel()
            walk.look(f"cancelling, row {row}")
            bookings.back()
            break


def walk_import(walk: Walk) -> None:
    office = walk.office
    screen = office.go("import")
    assert isinstance(screen, ImportScreen)
    walk.look("import, nothing chosen")
    file = office.desk.profile.folder / f"{'a very long name of a file ' * 3}.csv"
    lines = [f"{name},{at}@example.com,1980-02-30" for at, name in enumerate(NAMES)]
    file.write_text("\n".join(["Name,Email,Geboren und noch viel mehr", *lines]), encoding="utf-8")
    screen.choose_kind(ImportKind.TRAVELLERS)
    screen.look_at(file)
    office.until(lambda: screen.preview is not None)
    walk.look("import, columns")
    screen.choose_kind(ImportKind.TRIPS)
    office.quiet()
    walk.look("import, columns missing")
    screen.choose_kind(ImportKind.TRAVELLERS)
    office.quiet()
    screen.bring_in(dry=True)
    office.until(lambda: screen.report is not None)
    office.quiet()
    walk.look("import, tried")


def walk_travellers(walk: Walk, *, full: bool) -> None:
    office, screen = walk.office, walk.office.go("travellers")
    assert isinstance(screen, TravellersScreen)
    office.until(lambda: screen.finder.people.count_known)
    walk.look("travellers")
    screen.new_traveller()
    walk.look("new traveller")
    screen.keeping.person.save.click()
    walk.look("new traveller, refused")
    screen.back()
    if not full:
        return
    for row in range(screen.finder.people.rowCount()):
        screen.finder.table.go_to(row)
        walk.look(f"traveller {row}")
    for row in (0, 1):
        screen.finder.table.go_to(row)
        office.quiet()
        screen.record.history.views._buttons["payments"].click()
        screen.record.notes.begin()
        walk.look(f"payments and a note of traveller {row}")
        screen.record.notes.close_field()
        bar = screen.record.scroll_area.verticalScrollBar()
        bar.setValue(bar.maximum())
        walk.look(f"the foot of traveller {row}")
        screen.record.documents.add_asked.emit()
        walk.look("new document")
        screen.back()
    other = screen.finder.people.row(screen.finder.people.rowCount() - 1)
    assert other is not None
    screen.record.merge_asked.emit()
    walk.look("looking for the other record")
    screen.pairing.pick(other.id)
    office.until(screen.merging.isVisible)
    walk.look("merging")
    screen.pairing.later()
    screen.finder.look_for("no such person " * 5)
    walk.look("no such traveller")


def walk_rest(walk: Walk, *, full: bool) -> None:
    office = walk.office
    activity = office.go("activity")
    assert isinstance(activity, ActivityScreen)
    for key in activity._keys:
        activity.show_view(key)
        walk.look(f"activity, {key}")
    walk_import(walk)
    users = office.go("users")
    assert isinstance(users, UsersScreen)
    walk.read(users.lists, "")
    users.lists.open_detail()
    for row in range(users.lists.model.rowCount() if full else 0):
        users.lists.table.go_to(row)
        walk.look(f"users, row {row}")
    users.new()
    office.until(lambda: users.panel.is_new)
    walk.look("users, a new one")
    users.panel.say_password(NAMES[0], "4ja7-hypk-jys3-4f4c")
    walk.look("users, a password given")
    settings = office.go("settings")
    assert isinstance(settings, SettingsScreen)
    walk.look("settings")
    for key in settings.sections:
        settings.show_section(key)
        walk.look(f"settings, {key}")
    finder = walk.work.finder
    finder.open()
    walk.look("palette", over=finder.panel)
    for text in ("a", NAMES[0][:20], "Dreitägige", "no such thing at all " * 6):
        finder.edit.setText(text)
        office.until(lambda: not finder.searching)
        office.quiet()
        walk.look(f"palette, {text[:12]}", over=finder.panel)
    finder.close_over()
    walk.work.keys_help.open()
    walk.look("keys", over=walk.work.keys_help.panel)
    walk.work.keys_help.close_over()
    for words in ("BK-2026-000001 is paid", f"{NAMES[0]}: paid after all"):
        walk.work.finished(words, lambda: None)
        walk.look("toast", over=walk.work.toasts.shown[-1])
    office.window.lock()
    walk.look("lock")


WALKS = (walk_desk, walk_lists, walk_travellers, walk_rest)


SMALL, LARGE = SIZES


@pytest.mark.parametrize(
    ("prepare", "size", "full"),
    [
        pytest.param(empty, SMALL, False, id="empty-1280x720", marks=pytest.mark.soak),
        pytest.param(empty, LARGE, False, id="empty-1920x1080", marks=pytest.mark.soak),
        pytest.param(crowded, SMALL, True, id="crowded-1280x720"),
        # text of twice the size is walked over whole there, which leaves less room than this
        pytest.param(crowded, LARGE, False, id="crowded-1920x1080", marks=pytest.mark.soak),
        pytest.param(crowded, LARGE, True, id="crowded-1920x1080-whole", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("walk_over", WALKS, ids=lambda walk: walk.__name__.removeprefix("walk_"))
def test_everything_written_can_be_read(
    qtbot: QtBot,
    tmp_path: Path,
    walk_over: Callable[..., None],
    prepare: Callable[[Desk], None],
    size: QSize,
    full: bool,
) -> None:
    with office_at(qtbot, tmp_path, prepare=prepare, size=size) as office:
        walk = Walk(office, size)
        walk_over(walk, full=full)
        assert not walk.wrong, "\n" + "\n".join(walk.wrong)


@pytest.mark.soak
@pytest.mark.parametrize("walk_over", WALKS, ids=lambda walk: walk.__name__.removeprefix("walk_"))
def test_text_of_twice_the_size_can_be_read(
    qtbot: QtBot, tmp_path: Path, walk_over: Callable[..., None]
) -> None:
    with office_at(qtbot, tmp_path, prepare=crowded, size=SIZES[1]) as office:
        Theme.current().set_text_scale(2.0)
        walk = Walk(office, SIZES[1])
        walk_over(walk, full=True)
        assert walk.work.rail.narrow, "1920 pixels are not wide for text of this size"
        assert not walk.wrong, "\n" + "\n".join(walk.wrong)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("people", [True, False], ids=["sign in", "first start"])
def test_the_door_can_be_read(qtbot: QtBot, tmp_path: Path, people: bool, size: QSize) -> None:
    with open_desk(qtbot, tmp_path, people=people) as desk:
        desk.agency.agency = WORDS if people else ""
        desk.window.resize(size)
        desk.quiet()
        assert settled(qtbot, desk.window) == []
        desk.key(Key.Key_Return)  # nothing was typed: what is missing is said
        desk.quiet()
        assert settled(qtbot, desk.window) == []
        assert desk.window.size() == size


def test_a_question_can_be_read_however_long(qtbot: QtBot, tmp_path: Path) -> None:
    with open_desk(qtbot, tmp_path) as desk:
        desk.sign_in()
        question = Decision(
            f"Cancel {WORDS} and give €98,765,432.10 back?",
            verb="Cancel and give €98,765,432.10 back",
            keep="Keep the booking",
            second=WORDS * 2,
            parent=desk.window,
        )
        question.open()
        assert settled(qtbot, question) == []
        question.reject()
