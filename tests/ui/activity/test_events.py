"""Events and the audit trail in words: found, copied, by the agency's clock."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from helpers.activity_page import FORMATS, Key, activity, journal, said
from helpers.clock import START
from helpers.gui_thread import off_gui
from helpers.office import Office, office_at
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.activity import EventRow
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.lists import AuditListRow
from travellr_desktop.ui.activity import audit_words
from travellr_desktop.ui.activity.event_words import EventWords, name_of

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
        ("RefundProcessed", {"state": "completed", "to": "payment"}, "Refund completed"),
        ("RefundProcessed", {"state": "completed", "to": "credit"}, "Given as credit"),
        ("RefundOrderChanged", {"state": "withdrawn"}, "Refund not asked for any more"),
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
    row = AuditListRow(uuid4(), START, "Ana", "safe.close", "till", uuid4(), "", detail)
    record = audit_words.record(row, FORMATS, "EUR")
    assert (record.what, record.about, record.detail) == ("Safe close", "Till", "€12.50 · short")
