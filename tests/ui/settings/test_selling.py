"""What holds for everybody who sells: the hold, the rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from helpers.gui_thread import off_gui
from helpers.office import Office
from helpers.settings_page import (
    Key,
    section,
    settings,
)
from travellr_desktop.ui.settings.selling import SellingSection


def test_the_hold_says_how_long_and_that_it_is_not_set(office: Office) -> None:
    selling = section(settings(office), SellingSection)
    assert selling.hold.text() == "15 minutes"
    assert selling.where.text() == "Nowhere: as the program comes"
    office.tab_to(selling.copy)
    office.key(Key.Key_Space)
    assert office.clipboard() == "hold_minutes = 15"


def test_the_hold_says_that_the_file_sets_it(outside: Office) -> None:
    outside.desk.profile.settings.write_text("hold_minutes = 20\n", encoding="utf-8")
    selling = section(settings(outside), SellingSection)
    assert (selling.hold.text(), selling.where.text()) == ("20 minutes", "In the settings file")


def test_the_hold_says_that_the_environment_sets_it(outside: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAVELLR_HOLD_MINUTES", "1")
    selling = section(settings(outside), SellingSection)
    assert selling.hold.text() == "1 minute"
    assert selling.where.text() == "In the environment, as TRAVELLR_HOLD_MINUTES"
    assert not selling.copy.isVisible()


def test_settings_that_cannot_be_understood_are_told_in_their_place(outside: Office) -> None:
    outside.desk.profile.settings.write_text("hold_minutes = -4\n", encoding="utf-8")
    selling = section(settings(outside), SellingSection)
    assert "Write a whole number of minutes from 1 to 240" in selling.how.text()
    assert selling.how.tone == "bad"


@pytest.mark.parametrize("save", [Office.key, Office.ctrl], ids=["enter", "ctrl+enter"])
def test_the_rules_for_selling_are_changed_by_keys(
    office: Office, save: Callable[[Office, Qt.Key], None]
) -> None:
    rules = section(settings(office), SellingSection).rules
    office.until(lambda: rules.limit.text() == "10" and rules.hours.text() == "24")
    office.tab_to(rules.limit.edit)
    office.type("7,5")
    save(office, Key.Key_Return)
    office.until(lambda: rules.limit.text() == "7.5")
    kept = off_gui(lambda: office.desk.services.agency.rules(office.desk.agent))
    assert (kept.discount_limit_bps, kept.offer_hours) == (750, 24)


def test_departures_complete_themselves_or_a_person_does_it(office: Office) -> None:
    rules = section(settings(office), SellingSection).rules
    office.until(lambda: rules.hours.text() == "24")
    office.tab_to(rules.completes.edit)
    office.type("12")
    office.key(Key.Key_Return)
    kept = office.desk.services.agency.rules
    office.until(lambda: off_gui(lambda: kept(office.desk.agent)).completes_after == 12)
    office.until(lambda: rules.completes.text() == "12" and not rules.button.isEnabled())
    office.quiet()  # the button is off while it is saved, too
    office.tab_to(rules.completes.edit)
    office.type("soon")
    office.key(Key.Key_Return)
    office.until(lambda: bool(rules.completes.error))
    rules.completes.set_text("")
    office.key(Key.Key_Return)
    office.until(lambda: off_gui(lambda: kept(office.desk.agent)).completes_after is None)


@pytest.mark.parametrize(
    ("limit", "hours", "wrong"), [("110", "24", "limit"), ("10", "0", "hours"), ("10", "x", "hours")]
)
def test_rules_that_make_no_sense_are_told_at_their_field(
    office: Office, limit: str, hours: str, wrong: str
) -> None:
    rules = section(settings(office), SellingSection).rules
    office.until(lambda: rules.hours.text() == "24")
    for field, text in ((rules.limit, limit), (rules.hours, hours)):
        office.tab_to(field.edit)
        office.type(text)
    office.key(Key.Key_Return)
    office.until(lambda: bool({"limit": rules.limit, "hours": rules.hours}[wrong].error))
    kept = off_gui(lambda: office.desk.services.agency.rules(office.desk.agent))
    assert (kept.discount_limit_bps, kept.offer_hours) == (1000, 24)
