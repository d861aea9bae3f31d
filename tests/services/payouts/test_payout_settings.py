"""What holds for paying vendors, and who may say so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.catalogue import audit_of
from helpers.desk import Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import VendorPaper
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotPermitted
from travellr_desktop.events import SettingsChanged
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.users import NewUser

RULES = PayoutRules(
    minimums=(Money(8000, "JPY"), Money(0, "EUR")),
    papers=(VendorPaper.INSURANCE, VendorPaper.CONTRACT, VendorPaper.CONTRACT),
    weekday=6,
    alone=True,
    run=True,
    iban="DE89 3704 0044 0532 0130 00",
    bic="cobadeff",
)
KEPT = PayoutRules(
    minimums=(Money(0, "EUR"), Money(8000, "JPY")),
    papers=(VendorPaper.CONTRACT, VendorPaper.INSURANCE),
    weekday=6,
    alone=True,
    run=True,
    iban="DE89370400440532013000",
    bic="COBADEFF",
)


def test_a_new_agency_wants_a_second_person_and_runs_nothing_by_itself(desk: Desk) -> None:
    settings = desk.services.payout_settings.read(desk.admin)
    assert settings.rules == PayoutRules()
    assert settings.known == (Money(5000, "EUR"), Money(5000, "GBP"), Money(5000, "USD"))
    assert settings.label == ""


def test_rules_are_kept_and_told_of(desk: Desk) -> None:
    heard: list[SettingsChanged] = []
    with desk.services.bus.subscribe(SettingsChanged, heard.append):
        desk.services.payout_settings.save(desk.admin, RULES, before=PayoutRules())
    settings = desk.services.payout_settings.read(desk.admin)
    assert settings.rules == KEPT
    assert settings.label == "COBA ••3000"
    assert set(heard[0].names) == {
        *("payout_minimums", "payout_papers", "payout_weekday", "payouts_alone", "payouts_run"),
        *("iban", "bic"),
    }


def test_the_audit_says_that_no_second_person_approves_any_more(desk: Desk) -> None:
    desk.services.payout_settings.save(desk.admin, PayoutRules(alone=True, iban=KEPT.iban))
    with desk.database.read() as view:
        agency = view.agency.get().id
    detail = audit_of(desk, agency)[-1][1]
    assert detail["before"]["payouts_alone"] is False
    assert detail["after"] == {"payouts_alone": True, "iban": "••3000"}


def test_every_field_at_fault_is_named(desk: Desk) -> None:
    wrong = replace(RULES, minimums=(Money(-1, "EUR"),), weekday=7, iban="DE00", bic="COBA")
    with pytest.raises(InvalidInput) as refused:
        desk.services.payout_settings.save(desk.admin, wrong)
    assert {each.field for each in refused.value.together} == {"minimums", "weekday", "iban", "bic"}
    assert desk.services.payout_settings.read(desk.admin).rules == PayoutRules()


def test_whoever_comes_second_is_told(desk: Desk) -> None:
    desk.services.payout_settings.save(desk.admin, RULES)
    with pytest.raises(ChangedMeanwhile):
        desk.services.payout_settings.save(desk.admin, PayoutRules(), before=PayoutRules())


def test_a_manager_reads_the_rules_and_switches_nobody_off(desk: Desk) -> None:
    form = NewUser("Petra", "petra@travellr.example", "harbour lights at nine", Role.MANAGER)
    row = desk.services.users.register(desk.admin, form)
    manager = Actor(row.id, row.name, row.role)
    desk.services.payout_settings.save(desk.admin, RULES)
    settings = desk.services.payout_settings.read(manager)
    assert (settings.label, settings.rules.iban, settings.may_change) == ("COBA ••3000", "", False)
    assert settings.rules == replace(KEPT, iban="", bic="")
    with pytest.raises(NotPermitted):
        desk.services.payout_settings.save(manager, replace(KEPT, alone=True))
