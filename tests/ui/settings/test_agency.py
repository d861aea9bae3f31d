"""The agency in the settings: changed by keys, refused beside its field, read-only for who may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.gui_thread import off_gui
from helpers.office import Office, office_at
from helpers.settings_page import (
    Key,
    section,
    settings,
    why_read_only,
)
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.ui.parts.zones import zone_names
from travellr_desktop.ui.settings.agency import AgencySection
from travellr_desktop.ui.settings.payments import PaymentsSection
from travellr_desktop.ui.settings.sandbox import SandboxSection
from travellr_desktop.ui.settings.you import YouSection


def test_the_agency_is_changed_and_saved_by_keys(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["name"].edit)
    office.type("Bay of Kotor Travel")
    office.tab_to(agency.fields["legal"].edit)
    office.type("Bay of Kotor d.o.o.")
    office.ctrl(Key.Key_Return)
    office.until(lambda: agency.foot.why.text() == "Nothing was changed")
    office.quiet()
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert (view.name, view.legal, view.desk_name) == ("Bay of Kotor Travel", "Bay of Kotor d.o.o.", "Desk 1")
    office.until(lambda: not agency.button.isEnabled())


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    for name, text in (("name", "x" * 121), ("contact", "desk@example.com")):
        office.tab_to(agency.fields[name].edit)
        office.type(text)
    office.key(Key.Key_Return)
    office.until(lambda: agency.fields["name"].error)
    office.quiet()
    office.until(lambda: office.focus() is agency.fields["name"].edit)
    assert agency.fields["contact"].text() == "desk@example.com"
    assert not agency.fields["contact"].error
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert view.contact == ""


@pytest.mark.parametrize("text", ["", "   ", "Kotor\u202eRiva\x00"])
def test_a_name_that_cannot_be_is_refused_or_cleaned(office: Office, text: str) -> None:
    agency = section(settings(office), AgencySection)
    field = agency.fields["name"]
    field.edit.setFocus()
    field.set_text(text)
    field.edited.emit(text)
    agency.save()
    office.quiet()
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert view.name.isprintable()
    assert view.name.strip()
    assert field.error or field.text() == view.name


@pytest.mark.qt_log_ignore("^This plugin does not support ")
def test_a_zone_is_found_by_a_part_of_its_name(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    zone = agency.fields["zone"]
    office.tab_to(zone.edit)
    office.type("tokyo")
    completer = zone.edit.completer()
    assert completer is not None
    popup = completer.popup()
    assert popup is not None
    office.until(popup.isVisible)
    office.qtbot.keyClick(popup, Key.Key_Down)
    office.qtbot.keyClick(popup, Key.Key_Return)
    assert zone.text() == "Asia/Tokyo"
    agency.save()
    office.quiet()
    view = off_gui(office.desk.services.agency.view)
    assert view is not None
    assert view.zone == "Asia/Tokyo"


@pytest.mark.qt_log_ignore("^This plugin does not support ")
def test_a_zone_that_is_none_is_told_beside_the_field(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["zone"].edit)
    office.type("Europe/Nowhere")
    agency.save()
    office.until(lambda: agency.fields["zone"].error)
    assert "Europe/Nowhere" in agency.fields["zone"].error


def test_zones_are_places() -> None:
    names = zone_names()
    assert "Europe/Podgorica" in names
    assert not any(name.startswith("Etc/") or "/" not in name for name in names)


def test_put_back_forgets_what_was_typed(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["desk_name"].edit)
    office.type("Another")
    office.tab_to(agency.undo)
    office.key(Key.Key_Space)
    assert agency.fields["desk_name"].text() == "Desk 1"
    assert not agency.undo.isVisible()


def test_what_another_saves_shows_but_leaves_what_is_being_typed(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    office.tab_to(agency.fields["contact"].edit)
    office.type("half a num")

    def another() -> None:
        draft = AgencyDraft("Perast Riva", "Desk 1", "", "", "other@example.com", "Europe/Podgorica")
        office.desk.services.agency.save(office.desk.admin, draft)

    off_gui(another)
    office.until(lambda: agency.fields["name"].text() == "Perast Riva")
    assert agency.fields["contact"].text() == "half a num"


def test_the_currency_is_read_only_and_says_why(office: Office) -> None:
    agency = section(settings(office), AgencySection)
    assert agency.currency.text() == "EUR"
    assert why_read_only(agency) == [
        "Fixed since the first start: every entry in the books is in it. Another needs a new profile."
    ]


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.VENDOR])
def test_who_is_no_admin_reads_and_is_told_why(qtbot: QtBot, tmp_path: Path, role: Role) -> None:
    with office_at(qtbot, tmp_path, role=role, at="settings") as office:
        screen = settings(office)
        assert "Only an admin changes the agency." in why_read_only(section(screen, AgencySection))
        assert why_read_only(section(screen, PaymentsSection)) == ["Only an admin enters or forgets the key."]
        assert why_read_only(section(screen, SandboxSection)) == [
            "Only an admin changes how the sandbox behaves."
        ]
        assert section(screen, AgencySection)._values["name"].text() == "Kotor Riva"


def test_a_vendor_does_not_change_their_own_account(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, role=Role.VENDOR, at="settings") as office:
        you = section(settings(office), YouSection)
        assert not you.may_change
        assert you.email.text() == "vendor@travellr.example"
        assert len(why_read_only(you)) == 1
