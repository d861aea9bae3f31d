from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from helpers.clock import START, HandClock
from helpers.desk import PASSWORD, Desk
from helpers.gui_thread import may_block, off_gui
from helpers.office import Office, cut, office_at
from helpers.raw import raw
from travellr_desktop.domain.permissions import Role
from travellr_desktop.jobs.runner import JOBS, JobRun
from travellr_desktop.logs import Journal, start_logging
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.activity import EventRow
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.lists import AuditListRow
from travellr_desktop.ui.activity import audit_words
from travellr_desktop.ui.activity.books import ProblemLine
from travellr_desktop.ui.activity.event_words import EventWords, name_of
from travellr_desktop.ui.activity.journal import JournalPage
from travellr_desktop.ui.activity.schedule import every, took
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.background import Task
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.theme import Theme

Key = Qt.Key
FORMATS = Formats("en_GB", "Europe/Podgorica")


def busy_morning(desk: Desk) -> None:
    """A paid sale, one that is cancelled, one declined, one unknown, and a hold that will lapse."""
    departure = desk.add_departure(capacity=40)
    desk.sold(departure, adult=2)
    gone = desk.sold(departure, adult=1)
    desk.cancel(gone.bookings[0].id, reason="Ill")
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.INSUFFICIENT_FUNDS)
    desk.sold(departure, adult=1)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    desk.sold(departure, adult=3)
    desk.hold(departure, adult=1)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=10))
    desk.services.users.sign_in("manager@travellr.example", PASSWORD)


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=busy_morning, at="activity") as office:
        yield office


@pytest.fixture
def outside(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    """At the desk: nothing of the activity is there yet."""
    with office_at(qtbot, tmp_path, role=Role.MANAGER, prepare=busy_morning) as office:
        yield office


def activity(office: Office) -> ActivityScreen:
    screen = office.go("activity")
    assert isinstance(screen, ActivityScreen)
    return screen


def shows(screen: ActivityScreen, view: str) -> bool:
    return screen.view == view


def moved_from(screen: ActivityScreen, view: str) -> bool:
    return screen.view != view


def journal(office: Office, screen: ActivityScreen, key: str) -> JournalPage:
    """Go to a view by the arrow keys on the segments, and wait until it is read."""
    for _ in range(4):
        if screen.view == key:
            break
        before = screen.view
        office.key(Key.Key_Right)
        office.until(partial(moved_from, screen, before))
    page = screen.journals[key]
    office.until(lambda: page.list.model.count_known)
    office.quiet()
    return page


def said(page: JournalPage, column: str) -> list[str]:
    """What a column says, from the top."""
    model = page.list.model
    number = [each.key for each in model.columns].index(column)
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


# what runs


def test_each_job_says_what_it_does_before_it_has_run(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: len(screen.running.schedule.rows) == len(JOBS))
    row = screen.running.schedule.rows["Read open payments"]
    assert row.every.text() == "5 s"
    assert row.last.text() == "–"
    assert row.said.text() == "Has not run since the program was opened"


def test_run_now_runs_a_job_and_says_how_it_went(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: screen.running.schedule.rows)
    office.clock.forward(timedelta(minutes=6))
    row = screen.running.schedule.rows["Let go of lapsed holds"]
    office.tab_to(row.button)
    office.key(Key.Key_Space)
    office.until(lambda: row.said.text() == "2 lapsed")
    assert row.last.text() == "10:58:00"
    assert row.said.tone == "text_secondary"


def test_a_job_that_failed_says_so_in_red_and_why(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: screen.running.schedule.rows)
    failed = JobRun(
        "Read open payments", timedelta(seconds=5), START, timedelta(seconds=3.2), "", "The disk is full."
    )
    screen.running.schedule.show_runs([failed], FORMATS)
    row = screen.running.schedule.rows["Read open payments"]
    assert row.said.text() == "Failed: The disk is full."
    assert row.said.tone == "bad"
    assert row.took.text() == "3.2 s"


def test_work_of_the_window_shows_while_it_runs_and_can_be_stopped(office: Office) -> None:
    screen = activity(office)
    stopped = threading.Event()

    def work(task: Task) -> None:
        task.on_cancel(stopped.set)
        task.report(14, 41)
        stopped.wait(5)
        task.check()

    office.background.run(office.window, work, words="Writing vouchers", stoppable=True)
    assert screen.running.now.lines == ("Writing vouchers",)
    (line,) = screen.running.now._lines.values()
    office.until(line.stop.isVisible)
    office.tab_to(line.stop)
    office.key(Key.Key_Space)
    office.quiet()
    assert stopped.is_set()
    assert screen.running.now.lines == ()


def test_what_is_read_for_the_screen_itself_is_not_told_as_work(office: Office) -> None:
    screen = activity(office)
    screen.refresh()
    assert office.background.running
    assert screen.running.now.lines == ()
    office.quiet()


@pytest.mark.parametrize(
    ("span", "says"),
    [
        (timedelta(seconds=5), "5 s"),
        (timedelta(seconds=90), "90 s"),
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=6), "6 h"),
        (timedelta(days=1), "1 d"),
    ],
)
def test_an_interval_is_told_in_the_largest_unit_that_comes_out_even(span: timedelta, says: str) -> None:
    assert every(span) == says


def test_how_long_a_run_took() -> None:
    assert took(timedelta(milliseconds=40)) == "40 ms"
    assert took(timedelta(seconds=1.24)) == "1.2 s"
    assert took(timedelta(seconds=125)) == "2 min 05"


# the books


def test_control_enter_checks_the_books(office: Office) -> None:
    screen = activity(office)
    with may_block():
        # the payment whose reply was lost is still open
        office.desk.services.payments.recover()
        expected = office.desk.services.check.run()
    assert expected.ok, expected.as_text()
    office.ctrl(Key.Key_Return)
    office.until(screen.running.books.note.isVisible)
    assert screen.running.books.note.tone == "ok"
    says = screen.running.books.note.accessibleName()
    assert says == f"The books are right {expected.ledger.entries} ledger entries, nothing out of place."
    assert screen.running.books.when.text().startswith("Checked Thu 18 Jun, 10:52:00, took ")
    assert not screen.running.books.copy.isVisible()


def test_what_does_not_agree_is_named_and_can_be_copied(office: Office) -> None:
    screen = activity(office)
    with may_block(), raw(office.desk.profile.database) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE ledger SET amount = amount + 1 WHERE rowid = 1")
    office.ctrl(Key.Key_Return)
    books = screen.running.books
    office.until(books.note.isVisible)
    office.quiet()
    assert books.note.tone == "bad"
    assert len(books.problems) == len(books._report.problems if books._report else ())
    ledger = next(line for line in books.problems if line.problem.table == "ledger")
    office.tab_to(ledger.copy)
    office.key(Key.Key_Space)
    assert office.clipboard() == str(ledger.problem)
    office.tab_to(books.copy)
    office.key(Key.Key_Space)
    assert ledger.problem.row in office.clipboard()
    assert office.clipboard().count("\n") >= len(books.problems)


def test_a_second_check_takes_the_place_of_the_first(office: Office) -> None:
    screen = activity(office)
    for _ in range(2):
        office.ctrl(Key.Key_Return)
        office.quiet()
    books = screen.running.books
    office.until(lambda: len(books.findChildren(ProblemLine)) == len(books.problems))
    assert len(books.problems) == len(books._report.problems if books._report else ())


# events


def test_events_are_told_in_words_with_what_they_are_about(office: Office) -> None:
    page = journal(office, activity(office), "events")
    told = list(zip(said(page, "what"), said(page, "about"), said(page, "detail"), strict=True))
    assert told[0] == ("Seats held", "–", "1 seat until 10:57:00")
    assert ("Payment unknown", "BK-2026-000004", "€135.00, card") in told
    assert ("Payment declined", "BK-2026-000003", "€45.00, card · insufficient funds") in told
    assert ("Booking cancelled", "BK-2026-000002", "€45.00 goes back, €0.00 is kept · Ill") in told
    assert ("Refund completed", "BK-2026-000002", "€45.00") in told
    assert ("Booking made", "BK-2026-000001", "2 travellers, €90.00") in told


def test_an_unknown_payment_stands_out_and_a_settled_one_does_not(office: Office) -> None:
    page = journal(office, activity(office), "events")
    model = page.list.model
    tones = {
        record.what: record.tone for row in range(model.rowCount()) if (record := model.row(row)) is not None
    }
    assert tones["Payment unknown"] == "unknown"
    assert tones["Payment completed"] == ""


def test_what_happens_is_there_at_once(office: Office) -> None:
    page = journal(office, activity(office), "events")
    before = page.list.model.rowCount()
    off_gui(lambda: office.desk.traveller("Nadia Haddad"))
    office.until(lambda: page.list.model.rowCount() > before)
    assert said(page, "what")[0] == "Traveller added"


def test_words_find_events_accents_and_case_aside(office: Office) -> None:
    page = journal(office, activity(office), "events")
    office.key(Key.Key_Slash)
    office.type("BOOKING 000002")
    office.until(lambda: 0 < page.list.model.rowCount() < 10)
    assert set(said(page, "about")) == {"BK-2026-000002"}


def test_nothing_found_says_what_hides_the_rows(office: Office) -> None:
    page = journal(office, activity(office), "events")
    office.key(Key.Key_Slash)
    office.type("nothing like it")
    office.until(lambda: page.list.model.rowCount() == 0)
    assert "No events match" in page.list._nothing.accessibleName()


def test_one_event_in_full_is_copied(office: Office) -> None:
    page = journal(office, activity(office), "events")
    page.list.table.setFocus()
    office.key(Key.Key_Down)
    office.until(page.panel.isVisible)
    office.tab_to(page.panel.copy)
    office.key(Key.Key_Space)
    assert '"event_name": "HoldChanged"' in office.clipboard()


def test_more_than_the_newest_are_read_when_asked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("travellr_desktop.ui.activity.journal.NEWEST", 5)
    page = journal(office, activity(office), "events")
    assert page.list.model.rowCount() == 5
    office.until(page.older.isVisible)
    office.tab_to(page.older)
    office.key(Key.Key_Space)
    office.until(lambda: page.list.model.rowCount() == 10)


def test_times_follow_the_clock_of_the_agency(office: Office) -> None:
    page = journal(office, activity(office), "events")
    assert said(page, "when")[0] == "Thu 18 Jun, 10:42:00"
    services = office.desk.services

    def move() -> None:
        draft = AgencyDraft("Kotor Riva", "Desk 1", "", "", "", "Asia/Tokyo")
        services.agency.save(office.desk.admin, draft)

    off_gui(move)
    office.until(lambda: said(page, "when")[:2] == ["Thu 18 Jun, 17:52:00", "Thu 18 Jun, 17:42:00"])


@pytest.mark.parametrize(
    ("name", "payload", "says"),
    [
        ("BookingCompleted", {"no_show": True}, "No-show"),
        ("BookingCompleted", {"no_show": False}, "Trip completed"),
        ("PaymentProcessed", {"state": "requires_action"}, "Payment waits for the traveller"),
        ("RefundProcessed", {"state": "failed"}, "Refund failed"),
        ("HoldChanged", {"state": "expired"}, "Hold lapsed"),
        ("UserChanged", {"change": "removed"}, "Person removed"),
        ("TravellerChanged", {"change": "updated"}, "Traveller changed"),
        ("SomethingNew", {}, "SomethingNew"),
    ],
)
def test_events_have_names(name: str, payload: dict[str, object], says: str) -> None:
    assert name_of(name, payload) == says


def test_an_event_of_another_version_is_told_without_its_figures() -> None:
    row = EventRow(uuid4(), START, "BookingCreated", uuid4(), {"reference": "BK-1", "people": 3}, False)
    (record,) = EventWords(FORMATS).records([row])
    assert (record.what, record.about, record.detail) == ("Booking made", "BK-1", "")
    assert '"people": 3' in record.record


# the audit trail


def test_the_audit_trail_says_who_did_what_to_which_thing(office: Office) -> None:
    page = journal(office, activity(office), "audit")
    columns = (said(page, key) for key in ("who", "what", "about", "detail"))
    told = list(zip(*columns, strict=True))
    assert told[0][:3] == ("Petar Ilić", "Signed in", "Petar Ilić")
    cancelled = ("Ana Vuković", "Cancelled a booking", "BK-2026-000002")
    assert (*cancelled, "Ill · €0.00 kept · €45.00 back · moderate") in told
    assert ("Mira Kovač", "Added departures", "Blue Cave and Perast", "1 departure") in told


def test_an_agent_has_no_audit_trail(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.AGENT, at="activity") as office:
        screen = activity(office)
        journal(office, screen, "events")
        journal(office, screen, "errors")
        office.key(Key.Key_Right)
        assert set(screen.journals) == {"events", "errors"}
        with pytest.raises(KeyError):
            screen.show_view("audit")


def test_an_action_without_words_of_its_own_is_read_aloud() -> None:
    detail = {"amount": 1250, "note": "short"}
    row = AuditListRow(uuid4(), START, "Ana", "till.close", "till", uuid4(), "", detail)
    record = audit_words.record(row, FORMATS, "EUR")
    assert (record.what, record.about, record.detail) == ("Till close", "Till", "€12.50 · short")


# errors


@pytest.fixture
def journal_of_errors(office: Office) -> Iterator[Journal]:
    """Errors are kept as the program keeps them."""
    kept = start_logging(office.desk.profile)
    office.desk.services.activity._errors = kept.recent_errors
    yield kept
    kept.close()


def test_no_errors_is_said_plainly(office: Office) -> None:
    page = journal(office, activity(office), "errors")
    assert page.list._nothing.accessibleName().startswith("No errors yet None since the program was opened.")


def test_an_error_shows_with_its_report_to_copy(office: Office, journal_of_errors: Journal) -> None:
    screen = activity(office)
    log = logging.getLogger("travellr_desktop.services.sales")
    try:
        raise RuntimeError("password=swordfish went wrong")
    except RuntimeError:
        log.exception("the sale could not be told")
    page = journal(office, screen, "errors")
    assert said(page, "what") == ["The sale could not be told"]
    assert said(page, "about") == ["services.sales"]
    page.list.table.setFocus()
    office.key(Key.Key_Down)
    office.until(page.panel.isVisible)
    office.tab_to(page.panel.copy)
    office.key(Key.Key_Space)
    assert "Traceback" in office.clipboard()
    assert "swordfish" not in office.clipboard()


def test_the_number_of_errors_stands_on_its_segment_without_asking(
    office: Office, journal_of_errors: Journal
) -> None:
    screen = activity(office)
    logging.getLogger("travellr_desktop.storage").error("the backup could not be written")
    office.until(lambda: screen.running.views._buttons["errors"].accessibleName() == "Errors 1")


# the screen


def test_the_view_comes_back_as_it_was_left(office: Office) -> None:
    screen = activity(office)
    journal(office, screen, "events")
    assert office.memory.value("activity/view") == "events"
    assert ActivityScreen(screen.context).view == "events"


def test_arrows_on_the_segments_keep_the_focus_there(office: Office) -> None:
    screen = activity(office)
    screen.running.views.focus_chosen()
    for key, view in ((Key.Key_Right, "events"), (Key.Key_Right, "audit"), (Key.Key_Left, "events")):
        office.key(key)
        office.until(partial(shows, screen, view))
        assert office.focus() is screen.journals[view].views._buttons[view]


def test_nothing_is_polled_while_another_screen_is_shown(office: Office) -> None:
    screen = activity(office)
    assert screen._tick.isActive()
    office.go("settings")
    assert not screen._tick.isActive()


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        (QSize(1280, 720), 2.0),
        (QSize(1440, 900), 1.5),
        pytest.param(QSize(1280, 720), 1.0, marks=pytest.mark.soak),
        pytest.param(QSize(1280, 720), 1.5, marks=pytest.mark.soak),
        pytest.param(QSize(1440, 900), 1.0, marks=pytest.mark.soak),
        pytest.param(QSize(1440, 900), 2.0, marks=pytest.mark.soak),
        pytest.param(QSize(1920, 1080), 1.0, marks=pytest.mark.soak),
        pytest.param(QSize(1920, 1080), 1.5, marks=pytest.mark.soak),
        pytest.param(QSize(1920, 1080), 2.0, marks=pytest.mark.soak),
    ],
)
def test_no_words_are_cut(outside: Office, size: QSize, scale: float) -> None:
    Theme.current().set_text_scale(scale)
    outside.window.resize(size)
    screen = activity(outside)
    outside.until(lambda: screen.running.schedule.rows)
    outside.ctrl(Key.Key_Return)
    outside.until(screen.running.books.note.isVisible)
    outside.quiet()
    outside.until(lambda: not cut(screen))


def test_tab_goes_from_the_views_over_the_schedule_to_the_books_and_round(office: Office) -> None:
    screen = activity(office)
    office.until(lambda: len(screen.running.schedule.rows) == len(JOBS))
    office.ctrl(Key.Key_Return)
    books = screen.running.books
    office.until(lambda: books.problems and books.problems[-1].copy.isVisible())
    office.quiet()
    screen.running.views.focus_chosen()
    start = office.focus()
    stops: list[QWidget] = []
    office.key(Key.Key_Tab)
    while office.focus() is not start and len(stops) < 40:
        stops.append(office.focus())
        office.key(Key.Key_Tab)
    rows = [row.button for row in screen.running.schedule.rows.values()]
    expected = [*rows, books.copy, *(line.copy for line in books.problems), books.check]
    assert stops[: len(expected)] == expected
    assert office.focus() is start
