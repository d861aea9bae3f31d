"""Joining, coming as a new desk, and leaving, in the settings."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.central import ROWS, HandDoor
from helpers.central_office import CentralOffice, central_office
from helpers.desk import Desk
from travellr_desktop.errors import Refusal
from travellr_desktop.events import CentralChanged
from travellr_desktop.services.central.door import Arrived, Found, Gone, Progress, SignIn
from travellr_desktop.services.central.joining import JoinPlan, SamePerson
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.settings.central import CentralSection
from travellr_desktop.ui.settings.central_form import Coming

Key = Qt.Key
PASSWORD = "a lantern over the water"


def fill(office: CentralOffice, section: CentralSection, where: str = "hub.kotor.example") -> None:
    """By keys, from the first field on."""
    form, place = section.form, office.place
    place.until(form.where.edit.hasFocus)
    for field, text in ((form.where, where), (form.login, "desk_1"), (form.password, PASSWORD)):
        field.edit.setFocus(Qt.FocusReason.TabFocusReason)
        place.until(lambda field=field: field.edit.hasFocus())  # type: ignore[misc]
        place.type(text)


def test_it_is_tried_and_says_who_answered(lone_office: CentralOffice) -> None:
    section = lone_office.section()
    fill(lone_office, section)
    section.form.enrol.radio.setChecked(True)
    section.form.ask.click()
    lone_office.place.until(section.form.note.isVisible)
    assert section.form.note.tone == "ok"
    assert "this is desk Kotor Riva" in section.form.note.accessibleName()
    assert lone_office.door.of("try_address")[0][1] == PASSWORD


@pytest.mark.parametrize(("join", "agency", "tone"), [(True, True, "info"), (False, False, "wait")])
def test_what_a_way_comes_to_is_told_before_it_is_taken(
    lone_office: CentralOffice, join: bool, agency: bool, tone: str
) -> None:
    lone_office.door.found = Found("Budva", has_agency=agency, agency="Kotor Riva" if agency else "")
    section = lone_office.section()
    fill(lone_office, section)
    (section.form.join if join else section.form.enrol).radio.setChecked(True)
    section.form.ask.click()
    lone_office.place.until(section.form.note.isVisible)
    assert section.form.note.tone == tone


BESIDE = JoinPlan(
    3_000,
    beside=True,
    desk="Budva",
    mark="/2",
    people=(SamePerson("ana@travellr.example", "Ana Vuković", "agent"),),
    numbers=1_204,
    codes=("LOV/2",),
    settings=("name", "contact"),
    vendors=("Bokeška Plovidba",),
    trips=("Blue Cave and Perast",),
    departures=("Blue Cave and Perast, 2026-07-04 08:30",),
    travellers=17,
)


def test_whoever_joins_others_is_told_what_becomes_of_everything_and_asked(
    lone_office: CentralOffice,
) -> None:
    lone_office.door.plan = BESIDE
    section = lone_office.section()
    fill(lone_office, section)
    section.form.come.click()
    lone_office.place.until(lambda: section.question is not None and section.question.isVisible())
    assert section.question is not None and lone_office.door.of("join") == []
    shown = " ".join(each.text() for each in section.question.findChildren(Label))
    for line in BESIDE.lines():
        assert line in shown
    section.question.act.click()
    lone_office.place.until(lambda: lone_office.door.of("join") != [])
    lone_office.place.until(lambda: section.form.password.text() == "")


def test_whoever_does_not_want_that_stays_as_they_are(lone_office: CentralOffice) -> None:
    lone_office.door.plan = BESIDE
    section = lone_office.section()
    fill(lone_office, section)
    section.form.come.click()
    lone_office.place.until(lambda: section.question is not None and section.question.isVisible())
    assert section.question is not None
    section.question.keep.click()
    lone_office.place.until(lambda: QApplication.activeModalWidget() is None)
    lone_office.place.quiet()
    assert lone_office.door.of("join") == []
    assert section.form.password.text() == PASSWORD


def test_what_is_in_the_way_is_said_and_nothing_is_asked(lone_office: CentralOffice) -> None:
    words = "1 of saved cards with the same card ref are here already: pm_1."
    lone_office.door.plan = JoinPlan(3_000, beside=True, in_the_way=(words,))
    section = lone_office.section()
    fill(lone_office, section)
    section.form.come.click()
    lone_office.place.until(section.form.note.isVisible)
    assert section.form.note.tone == "bad" and words in section.form.note.accessibleName()
    assert section.question is None and lone_office.door.of("join") == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("address", "Nobody answers at hub.kotor.example."),
        ("address", "What answers there is no central database of Travellr."),
        ("login", "There is no such name."),
        ("password", "The password is wrong."),
        ("certificate", "The certificate of the server has expired."),
        (None, "The central database is newer than this program."),
    ],
)
def test_what_is_in_the_way_is_said_where_it_is_put_right(
    lone_office: CentralOffice, field: str | None, words: str
) -> None:
    lone_office.door.refuses["try_address"] = Refusal(words, hint="Look again.", field=field)
    section = lone_office.section()
    fill(lone_office, section)
    section.form.ask.click()
    fields = dict(zip(("address", "login", "password", "certificate"), section.form.fields, strict=True))
    if field is None:
        lone_office.place.until(section.form.note.isVisible)
        assert words in section.form.note.accessibleName()
    else:
        lone_office.place.until(lambda: fields[field].error)
        assert words in fields[field].error
    assert section.form.password.text() == PASSWORD


def test_what_is_no_address_is_said_before_anybody_is_asked(lone_office: CentralOffice) -> None:
    section = lone_office.section()
    fill(lone_office, section, "not an address")
    section.form.ask.click()
    assert "This is no address." in section.form.where.error
    assert lone_office.door.asked == []


def test_the_password_is_hidden_and_gone_once_it_was_used(lone_office: CentralOffice) -> None:
    section = lone_office.section()
    fill(lone_office, section)
    assert section.form.password.edit.displayText() != PASSWORD
    lone_office.place.ctrl(Key.Key_Return)
    lone_office.place.until(lambda: not section.form.isVisible())
    assert section.form.password.text() == ""
    assert lone_office.door.of("join")[0][1] == PASSWORD
    assert section.where.text() == "hub.kotor.example"
    assert section.leave.isVisible()


def test_taking_everything_tells_the_window_that_another_file_is_there(lone_office: CentralOffice) -> None:
    section = lone_office.section()
    told: list[str] = []
    lone_office.place.work.context.bridge.happened.connect(
        lambda event: told.append(event.what) if isinstance(event, CentralChanged) else None
    )
    fill(lone_office, section)
    section.form.enrol.radio.setChecked(True)
    section.form.come.click()
    lone_office.place.until(lambda: "replaced" in told)
    lone_office.place.quiet()
    assert section.form.password.text() == ""


class SlowDoor(HandDoor):
    """Stays on its first rows until it is let go."""

    on = threading.Event()

    def join(self, sign_in: SignIn, progress: Progress) -> Arrived:
        progress(1_000, ROWS)
        assert self.on.wait(10)
        return super().join(sign_in, progress)


def test_it_tells_how_far_it_is_and_is_stopped(
    qtbot: QtBot, alone: Desk, door: HandDoor, tmp_path: Path
) -> None:
    slow = SlowDoor(door.clock, alone.database)
    slow.on.clear()
    alone.services.central._way = slow
    with central_office(qtbot, alone, slow, tmp_path) as office:
        section = office.section()
        fill(office, section)
        section.form.come.click()
        office.place.until(section.form.progress.isVisible)
        office.place.until(lambda: section.form.progress._count.text() == "1,000 of 3,000")
        section.form.progress._stop.click()
        slow.on.set()
        office.place.until(lambda: not section.form.progress.isVisible())
        office.place.quiet()
        assert section.form.isVisible()
        assert slow.of("join") != []
        assert not office.off(office.desk.services.central.standing).enrolled


def test_leaving_says_what_stays_and_asks(office: CentralOffice) -> None:
    office.traveller()
    section = office.section()
    assert not section.form.isVisible()
    section.leave.click()
    office.place.until(lambda: section.question is not None and section.question.isVisible())
    assert section.question is not None
    assert "1 changes of this desk were not told yet" in section.question.second.text()
    section.question.act.click()
    office.place.until(lambda: QApplication.activeModalWidget() is None)
    office.place.until(section.form.isVisible)
    assert office.door.of("leave") == [()]
    assert section.state.text() == "This desk works by itself"


def test_a_hub_that_does_not_know_of_it_is_said(office: CentralOffice) -> None:
    office.door.gone = Gone(why="The central database does not answer.")
    section = office.section()
    section.leave.click()
    office.place.until(lambda: section.question is not None and section.question.isVisible())
    assert section.question is not None
    assert "Its free seats" in section.question.second.text()
    section.question.act.click()
    office.place.until(section.form.note.isVisible)
    assert "does not know that this desk has left" in section.form.note.accessibleName()


def test_who_may_not_change_the_settings_reads_only(
    qtbot: QtBot, desk: Desk, door: HandDoor, tmp_path: Path
) -> None:
    with central_office(qtbot, desk, door, tmp_path, actor=desk.agent) as office:
        screen = office.place.work.go("settings")
        assert screen is not None
        office.place.quiet()
        section = screen.sections["central"]  # type: ignore[attr-defined]
        assert section.where.text() == "hub.kotor.example"
        assert not hasattr(section, "form")


def test_a_manager_signs_in_there_with_their_own_name(office: CentralOffice) -> None:
    section = office.section()
    office.place.until(section.person.isVisible)
    section.person.enter.click()
    assert section.person.login.error
    section.person.login.edit.setFocus(Qt.FocusReason.TabFocusReason)
    office.place.until(section.person.login.edit.hasFocus)
    office.place.type("user_mira")
    section.person.password.edit.setFocus(Qt.FocusReason.TabFocusReason)
    office.place.until(section.person.password.edit.hasFocus)
    office.place.type(PASSWORD)
    section.person.enter.click()
    office.place.until(section.person.note.isVisible)
    assert list(office.door.people.values()) == [("user_mira", PASSWORD)]
    assert section.person.password.text() == ""


def test_a_desk_that_is_refused_can_take_everything_anew(office: CentralOffice) -> None:
    section = office.section()
    office.place.until(section.leaving.isVisible)
    assert not section.form.isVisible()
    office.door.state, office.door.why = (
        LinkState.REFUSED,
        "The central database was restored from a back-up.",
    )
    section.refresh()
    office.place.until(section.form.isVisible)
    assert section.form.coming is Coming.ENROL
    assert not section.form.join.isVisible()
    assert section.form.login.text() == section.standing.login
