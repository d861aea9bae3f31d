"""How a vendor is paid, on the pages beside the list of vendors: by keys, over real services."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from helpers.catalogue_screens import first, tab_to, undo, vendors, write
from helpers.workplace import Workplace
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule, VendorPaper
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.rates import RateDraft, RateStanding, VendorRates
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft
from travellr_desktop.services.vendor_terms import VendorTerms
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.form import Part
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.vendors.screen import VendorsScreen

Key = Qt.Key
BANK = TermsDraft(way=PayoutWay.BANK, iban="ME25505000012345678951", holder="Boka d.o.o.")


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def at_page(place: Workplace, key: str) -> VendorsScreen:
    screen = vendors(place)
    first(place, screen)
    place.key(Key.Key_Return)
    screen.panel.turn_to(key)
    place.quiet()
    return screen


def field(parts: dict[str, Part], name: str) -> Field:
    found = parts[name]
    assert isinstance(found, Field)
    return found


def choose(place: Workplace, part: Part, key: str) -> None:
    assert isinstance(part, Choice)
    part.set_value(key)
    place.quiet()


def kept(place: Workplace) -> VendorTerms:
    desk = place.desk
    return place.off(lambda: desk.services.vendor_terms.terms(desk.admin, desk.vendor_id))


def rates(place: Workplace) -> VendorRates:
    desk = place.desk
    return place.off(lambda: desk.services.rates.of_vendor(desk.admin, desk.vendor_id))


def words(part: QWidget) -> list[str]:
    return [label.text() for label in part.findChildren(Label) if label.text()]


def test_terms_are_typed_saved_and_undone(place: Workplace) -> None:
    screen = at_page(place, "paid")
    paid = screen.panel.paid
    assert field(paid.parts, "iban").isHidden() and field(paid.parts, "account_ref").isHidden()
    choose(place, paid.parts["schedule"], Schedule.MONTHLY.value)
    choose(place, paid.parts["way"], PayoutWay.BANK.value)
    write(place, field(paid.parts, "iban"), "me25 5050 0001 2345 6789 51")
    write(place, field(paid.parts, "holder"), "Boka d.o.o.")
    write(place, field(paid.parts, "minimums"), "20 EUR; 0 JPY")
    place.ctrl(Key.Key_Return)
    wanted = replace(BANK, schedule=Schedule.MONTHLY, minimums=(Money(2000, "EUR"), Money(0, "JPY")))
    place.until(lambda: kept(place).draft == wanted)
    place.until(lambda: field(paid.parts, "iban").text() == "ME25 5050 0001 2345 6789 51")
    place.until(lambda: not screen.panel.dirty)
    undo(place, screen)
    place.until(lambda: kept(place).draft == TermsDraft())


def test_what_is_wrong_is_said_at_its_field_on_whichever_page(place: Workplace) -> None:
    screen = at_page(place, "paid")
    paid = screen.panel.paid
    choose(place, paid.parts["way"], PayoutWay.BANK.value)
    write(place, field(paid.parts, "iban"), "ME25505000012345678952")
    write(place, field(paid.parts, "minimums"), "-1 EUR")
    screen.panel.turn_to("vendor")
    place.ctrl(Key.Key_Return)
    place.until(lambda: screen.panel.page == "paid")
    assert "check digits" in field(paid.parts, "iban").error
    assert field(paid.parts, "holder").error
    assert "below zero" in field(paid.parts, "minimums").error
    assert kept(place).draft == TermsDraft()


def test_an_account_that_is_not_chosen_keeps_what_it_had(place: Workplace) -> None:
    desk = place.desk
    place.off(lambda: desk.services.vendor_terms.save(desk.admin, desk.vendor_id, BANK))
    screen = at_page(place, "paid")
    paid = screen.panel.paid
    write(place, field(paid.parts, "iban"), "half an accou")
    choose(place, paid.parts["way"], PayoutWay.TRANSFER.value)
    write(place, field(paid.parts, "account_ref"), "acct_1Nabc")
    place.ctrl(Key.Key_Return)
    wanted = replace(BANK, way=PayoutWay.TRANSFER, account_ref="acct_1Nabc")
    place.until(lambda: kept(place).draft == wanted)


def test_two_vendors_with_one_account_are_pointed_out(place: Workplace) -> None:
    desk = place.desk

    def both() -> None:
        other = desk.services.vendors.create(desk.admin, VendorDraft("Perast Boats"))
        for vendor in (desk.vendor_id, other):
            desk.services.vendor_terms.save(desk.admin, vendor, BANK)

    place.off(both)
    screen = at_page(place, "paid")
    place.until(lambda: not screen.panel.paid.shared.isHidden())
    assert "Perast Boats has the same account" in screen.panel.paid.shared.accessibleName()


def test_what_is_typed_stays_while_papers_and_rates_change_beside_it(place: Workplace) -> None:
    desk = place.desk
    screen = at_page(place, "vendor")
    phone = screen.panel.form.parts["phone"]
    assert isinstance(phone, Field)
    write(place, phone, "+382 32 555 200")
    paper = PaperDraft(VendorPaper.CONTRACT, date(2026, 6, 1))
    place.off(lambda: desk.services.vendor_terms.hand_in(desk.admin, desk.vendor_id, paper, key=uuid4()))
    place.until(lambda: "Contract" in words(screen.panel.papers.sheet))
    assert phone.text() == "+382 32 555 200"
    place.ctrl(Key.Key_Return)
    place.until(lambda: screen.shown is not None and screen.shown.draft.phone == "+382 32 555 200")


def test_a_paper_is_taken_in_and_back_again_by_keys(place: Workplace) -> None:
    desk = place.desk
    rules = PayoutRules(papers=(VendorPaper.LICENCE, VendorPaper.INSURANCE))
    place.off(lambda: desk.services.payout_settings.save(desk.admin, rules))
    screen = at_page(place, "papers")
    page = screen.panel.papers
    assert "Licence and insurance are missing" in page.missing.accessibleName()
    choose(place, page.own["kind"], VendorPaper.LICENCE.value)
    write(place, field(page.own, "note"), "No. 12/2026")
    write(place, field(page.own, "expires_on"), "30/06/2026")
    place.key(Key.Key_Return)
    place.until(lambda: [row.note for row in kept(place).papers] == ["No. 12/2026"])
    place.until(lambda: "runs out soon" in words(page.sheet))
    place.until(lambda: "Insurance is missing" in page.missing.accessibleName())
    (back,) = page.sheet.findChildren(Button)
    assert back.accessibleName() == "Take back Licence"
    back.setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: kept(place).papers == ())


def test_a_day_that_is_none_is_said_at_its_field(place: Workplace) -> None:
    screen = at_page(place, "papers")
    page = screen.panel.papers
    write(place, field(page.own, "received_on"), "yesterday")
    write(place, field(page.own, "expires_on"), "31/02/2026")
    place.key(Key.Key_Return)
    place.until(lambda: all(field(page.own, name).error for name in ("received_on", "expires_on")))
    assert kept(place).papers == ()


def test_a_share_is_agreed_from_a_day_on_for_one_trip_and_taken_back(place: Workplace) -> None:
    desk = place.desk
    trip_id = next(iter(desk.trips.values()))
    screen = at_page(place, "rates")
    page = screen.panel.rates
    place.until(lambda: "20 %" in page.stands.text())
    write(place, field(page.own, "bps"), "12.5")
    write(place, field(page.own, "from_day"), "01/09/2026")
    choose(place, page.own["trip_id"], str(trip_id))
    tab_to(place, field(page.own, "note"))
    place.key(Key.Key_Return)
    place.until(lambda: len(rates(place).rows) == 1)
    (row,) = rates(place).rows
    assert (row.bps, row.from_day, row.trip_id) == (1250, date(2026, 9, 1), trip_id)
    assert row.standing is RateStanding.COMING
    place.until(lambda: "12.5 %" in words(page.sheet))
    assert field(page.own, "bps").text() == ""
    (back,) = page.sheet.findChildren(Button)
    back.setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: rates(place).rows == ())


def test_a_share_above_a_whole_is_refused_at_its_field(place: Workplace) -> None:
    screen = at_page(place, "rates")
    page = screen.panel.rates
    write(place, field(page.own, "bps"), "120")
    write(place, field(page.own, "from_day"), "01/09/2026")
    place.key(Key.Key_Return)
    place.until(lambda: bool(field(page.own, "bps").error))
    assert rates(place).rows == ()


def test_a_rate_that_holds_cannot_be_taken_back(place: Workplace) -> None:
    desk = place.desk
    draft = RateDraft(desk.vendor_id, 1500, date(2026, 6, 1))
    place.off(lambda: desk.services.rates.agree(desk.admin, draft))
    screen = at_page(place, "rates")
    page = screen.panel.rates
    place.until(lambda: "15 %" in page.stands.text())
    assert "holds now" in words(page.sheet)
    assert page.sheet.findChildren(Button) == []


def test_the_provider_is_asked_when_somebody_wants_to_know(place: Workplace) -> None:
    desk = place.desk

    def with_account() -> None:
        with desk.sandbox() as sandbox:
            ref = sandbox.open_account("Bokeška Plovidba", past_due=("company.tax_id",))
        draft = TermsDraft(way=PayoutWay.TRANSFER, account_ref=ref)
        desk.services.vendor_terms.save(desk.admin, desk.vendor_id, draft)

    place.off(with_account)
    screen = at_page(place, "standing")
    page = screen.panel.standing
    assert page.said.isHidden()
    page.ask.setFocus()
    place.key(Key.Key_Space)
    place.until(lambda: not page.said.isHidden())
    said = page.said.accessibleName()
    assert "pays nothing to this account now" in said
    assert "the company's tax number" in said and "As of 10:42" in said


def test_a_balance_is_that_of_the_end_of_a_day(place: Workplace) -> None:
    desk = place.desk
    clock = desk.clock

    def earned() -> None:
        departure = desk.add_departure()
        desk.sold(departure, adult=2)
        clock.forward(timedelta(days=20))  # type: ignore[attr-defined]
        desk.services.bookings.complete(desk.admin, departure)

    place.off(earned)
    screen = at_page(place, "standing")
    page = screen.panel.standing
    place.until(lambda: "€72.00" in words(page.sheet))
    write(place, field(page.own, "day"), "07/07/2026")
    place.key(Key.Key_Return)
    place.until(lambda: not page.none.isHidden())
    assert page.sheet.isHidden()
    write(place, field(page.own, "day"), "never")
    place.key(Key.Key_Return)
    place.until(lambda: bool(field(page.own, "day").error))


def test_a_new_vendor_has_no_account_yet(place: Workplace) -> None:
    screen = vendors(place)
    screen.lists.table.setFocus()
    place.ctrl(Key.Key_N)
    place.until(lambda: screen.panel.is_new)
    assert screen.panel.segments is not None and screen.panel.segments.isHidden()
    place.type("Nomad")
    place.ctrl(Key.Key_Return)
    place.until(lambda: screen.shown is not None and screen.shown.draft.name == "Nomad")
    assert not screen.panel.segments.isHidden()
