"""What the agency says of itself on invoices."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from helpers.gui_thread import off_gui
from helpers.invoicing import ready
from helpers.office import Office, office_at
from helpers.settings_page import Key, section, settings, why_read_only
from travellr_desktop.domain.permissions import Role
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.text_box import TextBox
from travellr_desktop.ui.settings.agency import AgencySection
from travellr_desktop.ui.settings.invoices import InvoicesSection


def part(shown: InvoicesSection, name: str) -> Field | TextBox:
    found = shown.parts[name]
    assert isinstance(found, Field | TextBox)
    return found


def test_what_is_missing_is_said_here_and_at_its_field(office: Office) -> None:
    screen = settings(office)
    shown, agency = section(screen, InvoicesSection), section(screen, AgencySection)
    office.until(lambda: not shown.note.isHidden())
    assert [agency.fields[name].note for name in ("legal", "tax_number", "contact")] == [
        "Needed for invoices",
        "Needed for invoices",
        "",
    ]
    off_gui(lambda: ready(office.desk))
    office.quiet()
    office.until(shown.note.isHidden)
    assert part(shown, "address").text() == "Riva 4\n85330 Kotor"


def test_it_is_filled_in_and_saved_by_keys(office: Office) -> None:
    shown = section(settings(office), InvoicesSection)
    office.tab_to(part(shown, "address").edit)
    office.type("Riva 4")
    office.tab_to(part(shown, "country").edit)
    office.type("Montenegro")
    by_itself = shown.parts["by_itself"]
    assert isinstance(by_itself, CheckBox)
    office.tab_to(by_itself)
    office.key(Key.Key_Space)
    office.ctrl(Key.Key_Return)
    service, admin = office.desk.services.invoices, office.desk.admin
    office.until(lambda: off_gui(lambda: service.settings(admin)).terms.by_itself)
    terms = off_gui(lambda: service.settings(admin)).terms
    assert (terms.address, terms.country) == ("Riva 4", "Montenegro")


def test_what_is_wrong_is_said_at_its_field(office: Office) -> None:
    shown = section(settings(office), InvoicesSection)
    office.tab_to(part(shown, "address").edit)
    office.type("x" * 301)
    office.ctrl(Key.Key_Return)
    office.until(lambda: bool(part(shown, "address").error))
    assert part(shown, "address").edit.hasFocus()


def test_who_is_no_admin_reads(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, at="settings", role=Role.AGENT) as office:
        shown = section(settings(office), InvoicesSection)
        assert why_read_only(shown) == ["Only an admin changes this."]
        assert not shown.may_write
