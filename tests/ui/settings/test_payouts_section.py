"""What holds for payouts, set by an admin and read by a manager."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from helpers.gui_thread import off_gui
from helpers.office import Office, office_at
from helpers.settings_page import Key, section, settings, why_read_only
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import VendorPaper
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.settings.payouts import PayoutsSection

RULES = PayoutRules(
    minimums=(Money(2500, "EUR"), Money(8000, "JPY")),
    papers=(VendorPaper.LICENCE,),
    weekday=6,
    alone=True,
    iban="ME25505000012345678951",
    bic="CKBCMEPG",
)


def shown_in(office: Office) -> PayoutsSection:
    shown = section(settings(office), PayoutsSection)
    office.until(lambda: shown._seen is not None)
    return shown


def field(shown: PayoutsSection, name: str) -> Field:
    found = shown.parts[name]
    assert isinstance(found, Field)
    return found


def box(shown: PayoutsSection, name: str) -> CheckBox:
    found = shown.parts[name]
    assert isinstance(found, CheckBox)
    return found


def kept(office: Office) -> PayoutRules:
    service, admin = office.desk.services.payout_settings, office.desk.admin
    return off_gui(lambda: service.read(admin).rules)


def test_it_is_filled_in_and_saved_by_keys(office: Office) -> None:
    shown = shown_in(office)
    office.tab_to(field(shown, "minimums").edit)
    office.type("25 EUR; 8000 JPY")
    weekday = shown.parts["weekday"]
    assert isinstance(weekday, Choice)
    office.tab_to(weekday.box)
    office.key(Key.Key_End)
    office.tab_to(field(shown, "iban").edit)
    office.type("me25505000012345678951")
    office.tab_to(field(shown, "bic").edit)
    office.type("ckbcmepg")
    for name in ("paper_licence", "alone"):
        office.tab_to(box(shown, name))
        office.key(Key.Key_Space)
    office.ctrl(Key.Key_Return)
    office.until(lambda: kept(office) == RULES)
    office.until(lambda: field(shown, "iban").text() == "ME25 5050 0001 2345 6789 51")
    assert not shown.button.isEnabled()


def test_what_it_means_that_nobody_else_approves_is_said_before_it_is_saved(office: Office) -> None:
    shown = shown_in(office)
    assert shown.alone_note.isHidden()
    office.tab_to(box(shown, "alone"))
    office.key(Key.Key_Space)
    office.until(lambda: not shown.alone_note.isHidden())
    assert "Nobody else looks" in shown.alone_note.accessibleName()
    office.key(Key.Key_Space)
    office.until(shown.alone_note.isHidden)


def test_everything_that_is_wrong_is_said_at_its_field(office: Office) -> None:
    shown = shown_in(office)
    for name, text in (("minimums", "many EUR"), ("iban", "DE00"), ("bic", "X")):
        office.tab_to(field(shown, name).edit)
        office.type(text)
    office.ctrl(Key.Key_Return)
    office.until(lambda: all(field(shown, name).error for name in ("minimums", "iban", "bic")))
    office.until(field(shown, "minimums").edit.hasFocus)
    assert kept(office) == PayoutRules()


def test_what_is_typed_stays_while_somebody_else_saves_and_is_not_written_over_theirs(office: Office) -> None:
    shown = shown_in(office)
    office.tab_to(field(shown, "bic").edit)
    office.type("COBADEFF")
    service, admin = office.desk.services.payout_settings, office.desk.admin
    off_gui(lambda: service.save(admin, replace(RULES, bic="")))
    office.until(lambda: field(shown, "minimums").text() == "25.00 EUR; 8,000 JPY")
    assert field(shown, "bic").text() == "COBADEFF"
    office.ctrl(Key.Key_Return)
    office.until(lambda: kept(office) == replace(RULES, bic="COBADEFF"))


def test_a_manager_reads_it_without_the_number_of_the_account(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, at="settings", role=Role.MANAGER) as office:
        service, admin = office.desk.services.payout_settings, office.desk.admin
        off_gui(lambda: service.save(admin, RULES))
        shown = shown_in(office)
        values = shown._values
        office.until(lambda: values["label"].text() == "CKBC ••8951")
        assert values["alone"].text() == "One person prepares and approves"
        assert values["minimums"].text() == "25.00 EUR; 8,000 JPY; 50.00 GBP; 50.00 USD"
        assert values["papers"].text() == "Licence"
        assert why_read_only(shown) == ["Only an admin changes this."]


def test_an_agent_has_no_such_section(qtbot: QtBot, tmp_path: Path) -> None:
    with office_at(qtbot, tmp_path, at="settings", role=Role.AGENT) as office:
        shown = section(settings(office), PayoutsSection)
        assert shown.isHidden()
