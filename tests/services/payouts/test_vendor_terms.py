"""How vendors are paid: what is kept, who sees it, and what the ledger and the provider say beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from helpers.catalogue import audit_of
from helpers.clock import HandClock
from helpers.desk import CASH, DAY, PASSWORD, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import PayoutWay, Schedule, VendorPaper
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, WrongState
from travellr_desktop.events import CatalogueChanged, EarningsChanged, Event
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.accounts import KEPT, KEPT_READY, AccountState
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendor_drafts import PaperDraft, TermsDraft
from travellr_desktop.services.vendors import VendorDraft

IBAN = "ME25505000012345678951"
BANK = TermsDraft(
    schedule=Schedule.MONTHLY,
    way=PayoutWay.BANK,
    iban=IBAN,
    bic="CKBCMEPG",
    holder="Bokeška Plovidba d.o.o.",
    minimums=(Money(2000, "EUR"), Money(50_000, "KWD")),
    address="Riva 1\nKotor",
    country="ME",
    tax_number="02345678",
)


@pytest.fixture
def manager(desk: Desk) -> Actor:
    draft = NewUser("Petra", "petra@travellr.example", PASSWORD, Role.MANAGER)
    row = desk.services.users.register(desk.admin, draft)
    return Actor(row.id, row.name, row.role)


def person_of(desk: Desk) -> Actor:
    draft = NewUser("Nikola", "nikola@travellr.example", PASSWORD, Role.VENDOR, desk.vendor_id)
    row = desk.services.users.register(desk.admin, draft)
    return Actor(row.id, row.name, row.role, row.vendor_id)


def faults(draft: TermsDraft, desk: Desk) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        desk.services.vendor_terms.save(desk.admin, desk.vendor_id, draft)
    return {str(each.field): str(each) for each in refused.value.together}


def test_a_new_vendor_is_paid_weekly_once_there_is_an_account(desk: Desk, manager: Actor) -> None:
    terms = desk.services.vendor_terms.terms(manager, desk.vendor_id)
    assert terms.draft == TermsDraft()
    assert (terms.label, terms.papers, terms.missing) == ("", (), ())
    assert terms.agency_minimums == (Money(5000, "EUR"), Money(5000, "GBP"), Money(5000, "USD"))


def test_terms_are_kept_as_they_were_typed_and_told_of(desk: Desk, manager: Actor) -> None:
    heard: list[Event] = []
    with (
        desk.services.bus.subscribe(CatalogueChanged, heard.append),
        desk.services.bus.subscribe(EarningsChanged, heard.append),
    ):
        typed = replace(BANK, iban="me25 5050 0001 2345 6789 51", bic="ckbcmepg", country="me")
        saved = desk.services.vendor_terms.save(manager, desk.vendor_id, typed, before=TermsDraft())
    assert saved.draft == BANK
    assert saved.label == "CKBC ••8951"
    assert desk.services.vendor_terms.terms(manager, desk.vendor_id) == saved
    assert {type(event) for event in heard} == {CatalogueChanged, EarningsChanged}


def test_the_audit_says_that_the_account_is_another_without_its_number(desk: Desk, manager: Actor) -> None:
    desk.services.vendor_terms.save(manager, desk.vendor_id, BANK)
    other = replace(BANK, iban="DE89370400440532013000", bic="")
    desk.services.vendor_terms.save(manager, desk.vendor_id, other)
    action, detail = audit_of(desk, desk.vendor_id)[-1]
    assert action == "vendor.terms"
    assert detail == {
        "before": {"iban": "••8951", "bic": "CKBCMEPG"},
        "after": {"iban": "••3000", "bic": ""},
    }
    assert IBAN not in str(audit_of(desk, desk.vendor_id))


def test_nothing_is_written_where_nothing_differs(desk: Desk, manager: Actor) -> None:
    desk.services.vendor_terms.save(manager, desk.vendor_id, BANK)
    count = len(audit_of(desk, desk.vendor_id))
    desk.services.vendor_terms.save(manager, desk.vendor_id, BANK)
    assert len(audit_of(desk, desk.vendor_id)) == count


def test_whoever_comes_second_is_told_that_the_terms_are_others_now(desk: Desk, manager: Actor) -> None:
    desk.services.vendor_terms.save(manager, desk.vendor_id, BANK)
    with pytest.raises(ChangedMeanwhile):
        desk.services.vendor_terms.save(desk.admin, desk.vendor_id, BANK, before=TermsDraft())


def test_an_account_at_a_bank_needs_its_number_and_whose_it_is(desk: Desk) -> None:
    assert set(faults(TermsDraft(way=PayoutWay.BANK), desk)) == {"iban", "holder"}
    wrong = replace(BANK, iban="ME25505000012345678952", holder="旅行", country="ZZ")
    assert set(faults(wrong, desk)) == {"iban", "holder", "country"}


def test_a_bank_outside_of_sepa_needs_its_bic(desk: Desk) -> None:
    kuwait = replace(BANK, iban="KW81CBKU0000000000001234560101", bic="")
    assert faults(kuwait, desk) == {"bic": "Banks of KW are not reached by the IBAN alone."}
    assert "bic" in faults(replace(kuwait, bic="CBKU"), desk)
    desk.services.vendor_terms.save(desk.admin, desk.vendor_id, replace(kuwait, bic="CBKUKWKW"))
    desk.services.vendor_terms.save(desk.admin, desk.vendor_id, replace(BANK, bic=""))


def test_an_account_with_the_provider_needs_its_id(desk: Desk) -> None:
    transfer = TermsDraft(way=PayoutWay.TRANSFER)
    assert set(faults(transfer, desk)) == {"account_ref"}
    assert set(faults(replace(transfer, account_ref="cus_123"), desk)) == {"account_ref"}
    saved = desk.services.vendor_terms.save(
        desk.admin, desk.vendor_id, replace(transfer, account_ref=" acct_1Nabc8812 ")
    )
    assert (saved.draft.account_ref, saved.label) == ("acct_1Nabc8812", "Stripe ••8812")


def test_a_minimum_below_zero_is_refused(desk: Desk) -> None:
    below = replace(BANK, minimums=(Money(-1, "EUR"),))
    assert "below zero" in faults(below, desk)["minimums"]


def test_two_vendors_with_one_account_are_told_of(desk: Desk, manager: Actor) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Perast Boats"))
    desk.services.vendor_terms.save(manager, desk.vendor_id, BANK)
    saved = desk.services.vendor_terms.save(manager, other, BANK)
    assert saved.shared_with == ("Bokeška Plovidba",)
    assert desk.services.vendor_terms.terms(manager, desk.vendor_id).shared_with == ("Perast Boats",)


def test_a_vendor_sees_their_own_account_by_its_end_alone(desk: Desk, manager: Actor) -> None:
    desk.services.vendor_terms.save(manager, desk.vendor_id, BANK)
    terms = desk.services.vendor_terms.terms(person_of(desk), desk.vendor_id)
    assert terms.label == "CKBC ••8951"
    assert not terms.may_change
    assert (terms.draft.iban, terms.draft.bic, terms.draft.holder, terms.draft.account_ref) == ("",) * 4
    assert terms.draft.minimums == BANK.minimums
    assert IBAN not in repr(terms)


def test_of_another_vendor_nothing_is_told_not_even_that_they_exist(desk: Desk, manager: Actor) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Perast Boats"))
    person = person_of(desk)
    said = set()
    for vendor_id in (other, uuid4()):
        for ask in (desk.services.vendor_terms.terms, desk.services.vendor_terms.balances):
            with pytest.raises(NotFound) as refused:
                ask(person, vendor_id)
            said.add((str(refused.value), refused.value.hint))
    with pytest.raises(NotFound) as missing:
        desk.services.vendor_terms.terms(manager, uuid4())
    assert said == {(str(missing.value), missing.value.hint)}
    for refused_call in (
        lambda: desk.services.vendor_terms.save(person, desk.vendor_id, BANK),
        lambda: desk.services.vendor_terms.account(person, desk.vendor_id),
        lambda: desk.services.vendor_terms.take_back_paper(person, uuid4()),
    ):
        with pytest.raises(NotPermitted):
            refused_call()


# papers


def test_what_is_wanted_and_not_there_is_missing_until_it_is_handed_in(desk: Desk, manager: Actor) -> None:
    wanted = (VendorPaper.CONTRACT, VendorPaper.INSURANCE)
    desk.services.payout_settings.save(desk.admin, PayoutRules(papers=wanted))
    terms = desk.services.vendor_terms
    assert terms.terms(manager, desk.vendor_id).missing == wanted
    day = date(2026, 6, 18)
    terms.hand_in(manager, desk.vendor_id, PaperDraft(VendorPaper.CONTRACT, day), key=uuid4())
    ends = PaperDraft(VendorPaper.INSURANCE, day, day, " by  post ")
    terms.hand_in(manager, desk.vendor_id, ends, key=uuid4())
    told = terms.terms(manager, desk.vendor_id)
    assert told.missing == ()
    assert [(row.kind, row.note, row.by, row.good, row.ends_soon) for row in told.papers] == [
        (VendorPaper.CONTRACT, "", "Petra", True, False),
        (VendorPaper.INSURANCE, "by post", "Petra", True, True),
    ]


def test_a_paper_is_good_until_midnight_of_the_agency(desk: Desk, manager: Actor, clock: HandClock) -> None:
    """22:30 in London on the 18th is past midnight in Podgorica."""
    desk.services.payout_settings.save(desk.admin, PayoutRules(papers=(VendorPaper.LICENCE,)))
    terms, day = desk.services.vendor_terms, date(2026, 6, 18)
    terms.hand_in(manager, desk.vendor_id, PaperDraft(VendorPaper.LICENCE, day, day), key=uuid4())
    clock.forward(timedelta(hours=13, minutes=17))  # 21:59 UTC
    assert terms.terms(manager, desk.vendor_id).missing == ()
    clock.forward(timedelta(minutes=1))
    assert terms.terms(manager, desk.vendor_id).missing == (VendorPaper.LICENCE,)


def test_a_paper_is_handed_in_once_by_one_form_and_taken_back_once(desk: Desk, manager: Actor) -> None:
    terms, draft, key = (
        desk.services.vendor_terms,
        PaperDraft(VendorPaper.CONTRACT, date(2026, 6, 1)),
        uuid4(),
    )
    paper = terms.hand_in(manager, desk.vendor_id, draft, key=key)
    assert terms.hand_in(manager, desk.vendor_id, draft, key=key) == paper
    assert [row.id for row in terms.terms(manager, desk.vendor_id).papers] == [paper]
    terms.take_back_paper(manager, paper)
    assert terms.terms(manager, desk.vendor_id).papers == ()
    with pytest.raises(WrongState):
        terms.take_back_paper(manager, paper)
    with pytest.raises(NotFound):
        terms.take_back_paper(manager, uuid4())
    assert [action for action, _ in audit_of(desk, desk.vendor_id)][-2:] == [
        "vendor.paper_add",
        "vendor.paper_end",
    ]


def test_a_paper_of_tomorrow_and_one_that_ends_before_it_begins_are_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as refused:
        desk.services.vendor_terms.hand_in(
            desk.admin,
            desk.vendor_id,
            PaperDraft(VendorPaper.CONTRACT, date(2026, 6, 19), date(2026, 6, 18), "x" * 301),
            key=uuid4(),
        )
    assert {each.field for each in refused.value.together} == {"received_on", "expires_on", "note"}


# what the provider and the ledger say


def test_what_the_provider_says_of_an_account_is_told_as_of_when(
    desk: Desk, manager: Actor, clock: HandClock
) -> None:
    terms = desk.services.vendor_terms
    assert terms.account(manager, desk.vendor_id) is None
    with desk.sandbox() as sandbox:
        ref = sandbox.open_account("Bokeška Plovidba")
    terms.save(manager, desk.vendor_id, TermsDraft(way=PayoutWay.TRANSFER, account_ref=ref))
    known = terms.account(manager, desk.vendor_id)
    assert known is not None
    assert (known.state, known.name, known.asked_at) == (
        AccountState.READY,
        "Bokeška Plovidba",
        clock.now(),
    )
    asked, wants = clock.now(), ("individual.verification.document",)
    with desk.sandbox() as sandbox:
        sandbox.change_account(ref, past_due=wants)
    clock.forward(KEPT_READY - timedelta(seconds=1))
    assert terms.accounts.of(ref).asked_at == asked, "it would pay: good enough for a while"
    clock.forward(timedelta(seconds=1))
    later = terms.accounts.of(ref)
    assert (later.state, later.past_due, later.is_ready) == (AccountState.NOT_READY, wants, False)
    with desk.sandbox() as sandbox:
        sandbox.change_account(ref, past_due=())
    clock.forward(KEPT - timedelta(seconds=1))
    assert not terms.accounts.of(ref).is_ready
    clock.forward(timedelta(seconds=1))
    assert terms.accounts.of(ref).is_ready, "it would not: asked again after minutes"


def test_a_silent_provider_leaves_what_it_said_last(desk: Desk, manager: Actor, clock: HandClock) -> None:
    terms = desk.services.vendor_terms
    with desk.sandbox() as sandbox:
        ref = sandbox.open_account("Bokeška Plovidba")
        sandbox.arm(Operation.ACCOUNT_RETRIEVE, FaultKind.UNREACHABLE, until_disarmed=True)
    terms.save(manager, desk.vendor_id, TermsDraft(way=PayoutWay.TRANSFER, account_ref=ref))
    never = terms.account(manager, desk.vendor_id)
    assert never is not None
    assert never.state is AccountState.NOT_KNOWN and never.silent
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    terms.account(manager, desk.vendor_id)
    asked = clock.now()
    clock.forward(timedelta(hours=1))
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.ACCOUNT_RETRIEVE, FaultKind.UNREACHABLE, until_disarmed=True)
    last = terms.account(manager, desk.vendor_id)
    assert last is not None
    assert (last.state, last.asked_at, bool(last.silent)) == (AccountState.READY, asked, True)


def test_an_account_that_the_provider_does_not_know_is_said_to_be_none(desk: Desk, manager: Actor) -> None:
    draft = TermsDraft(way=PayoutWay.TRANSFER, account_ref="acct_none")
    desk.services.vendor_terms.save(manager, desk.vendor_id, draft)
    known = desk.services.vendor_terms.account(manager, desk.vendor_id)
    assert known is not None and known.state is AccountState.NOT_THERE


def test_a_balance_is_that_of_the_ledger_when_the_day_was_over(
    desk: Desk, manager: Actor, clock: HandClock
) -> None:
    """Two adults at 45.00, 20 % the agency's: 72.00, once the trip is done. The clock stands in the evening of 5 July
    in UTC, after midnight in Podgorica."""
    yen = desk.add_trip("Bosphorus", currency="JPY", adult=9001)
    departures = [desk.add_departure(day=DAY), desk.add_departure(yen, day=DAY)]
    for departure, adults in zip(departures, (2, 1), strict=True):
        desk.sold(departure, pay=CASH, adult=adults)
    clock.forward(timedelta(days=17, hours=13, minutes=30))
    for departure in departures:
        desk.services.bookings.complete(desk.agent, departure)
    terms = desk.services.vendor_terms
    before = terms.balances(manager, desk.vendor_id, date(2026, 7, 5))
    assert before.rows == ()
    after = terms.balances(manager, desk.vendor_id, date(2026, 7, 6))
    assert [(row.payable, row.in_transit.minor) for row in after.rows] == [
        (Money(7200, "EUR"), 0),
        (Money(7201, "JPY"), 0),
    ]
    assert terms.balances(person_of(desk), desk.vendor_id).rows == after.rows
