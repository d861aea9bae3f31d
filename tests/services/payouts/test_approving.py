"""Approving: by a second person, exactly what was seen, all of it at once; and what a draft says until then."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.batches import approved_by, given, looked_at, paid, prepared, reasons, vendor
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.paying_out import open_lines, owed
from helpers.raw import rows, value
from helpers.refunding import colleague, refunded
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import ChangedMeanwhile, NotPermitted, WrongState
from travellr_desktop.events import PayoutBatchChanged, VendorPayout
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.batches import PayoutService
from travellr_desktop.services.payouts.means import STEPS, TITLES, means
from travellr_desktop.services.payouts.views import LeftRow, NextStep
from travellr_desktop.services.vendor_drafts import TermsDraft

WEEK = timedelta(days=7)


@pytest.fixture
def petar(desk: Desk) -> Actor:
    """The second person."""
    return colleague(desk)


@pytest.fixture
def boats(desk: Desk, clock: HandClock) -> UUID:
    """A vendor who was owed 60.00 in the week that is over."""
    made = vendor(desk, "Boats")
    given(desk, made, 6_000)
    clock.forward(WEEK)
    return made


def state(desk: Desk, batch_id: UUID) -> BatchState:
    with desk.database.read() as view:
        return view.batches.get(batch_id).state


def test_a_draft_waits_for_whoever_may_approve_it(desk: Desk, petar: Actor, boats: UUID) -> None:
    payouts = desk.services.payouts
    assert payouts.waiting(petar).count == 0
    batch = prepared(desk)
    assert (payouts.waiting(petar).drafts, payouts.waiting(desk.admin).drafts) == (1, 0)
    payouts.send_back(petar, batch, "The fuel is missing.")
    assert payouts.waiting(petar).count == 0
    payouts.give_in(desk.admin, batch)
    assert payouts.waiting(petar).drafts == 1
    approved_by(desk, petar, batch)
    assert payouts.waiting(petar).count == 0


def test_what_was_approved_is_payouts_with_their_lines_and_who_was_left_out(
    desk: Desk, petar: Actor, boats: UUID, clock: HandClock
) -> None:
    given(desk, boats, 2_500)
    little = vendor(desk, "Little")
    given(desk, little, 1_000)
    clock.forward(WEEK)
    batch = prepared(desk)
    heard: list[object] = []
    with (
        desk.services.bus.subscribe(VendorPayout, heard.append),
        desk.services.bus.subscribe(PayoutBatchChanged, heard.append),
    ):
        done = approved_by(desk, petar, batch)
    assert (done.payouts, done.left, done.batch.state) == (1, 1, BatchState.APPROVED)
    assert (done.batch.prepared_by, done.batch.approved_by) == (desk.admin.name, petar.name)
    assert (done.batch.alone, done.batch.approved_at) == (False, clock.now())
    assert done.statements == ("ST-2026-000001", "ST-2026-000002")
    detail = desk.services.payouts.detail(desk.admin, batch)
    (payout,) = detail.payouts
    assert (payout.name, payout.amount, payout.state) == ("Boats", Money(8_500, "EUR"), PayoutState.APPROVED)
    assert (payout.way, payout.label, payout.number) == (PayoutWay.BANK, "COBA ••3000", 1)
    assert payout.told is not None
    assert (payout.told.number, payout.told.figures.to_pay) == ("ST-2026-000001", 8_500)
    assert payout.taken_back == Money.zero("EUR")
    (out,) = detail.left
    assert (out.name, out.reason, out.amount) == ("Little", LeftOut.BELOW_MINIMUM, Money(1_000, "EUR"))
    assert out.minimum == Money(5_000, "EUR")
    desk.services.payout_settings.save(desk.admin, PayoutRules(minimums=(Money(0, "EUR"),)))
    assert desk.services.payouts.detail(desk.admin, batch).left == (out,)  # what was asked for then
    (total,) = detail.batch.sums
    assert (total.amount, total.payouts, total.paid) == (Money(8_500, "EUR"), 1, 0)
    assert len(heard) == 2
    assert (open_lines(desk, boats), open_lines(desk, little)) == (0, 1_000)
    lines = rows(desk.profile.database, "SELECT ledger_id FROM payout_lines")
    assert len(lines) == len(set(lines)) == 2


@pytest.mark.usefixtures("boats")
def test_approving_moves_no_money(desk: Desk, petar: Actor) -> None:
    entries = value(desk.profile.database, "SELECT count(*) FROM ledger")
    approved_by(desk, petar, prepared(desk))
    assert value(desk.profile.database, "SELECT count(*) FROM ledger") == entries
    with desk.sandbox() as sandbox:
        assert sandbox.counts().transferred == {}


def test_what_is_carried_comes_in_as_one_sum_the_next_time(
    desk: Desk, petar: Actor, clock: HandClock
) -> None:
    made = vendor(desk, "Boats")
    given(desk, made, 3_825)
    clock.forward(WEEK)
    first = approved_by(desk, petar, prepared(desk))
    assert (first.payouts, first.batch.state) == (0, BatchState.DONE)  # nobody is paid: nothing is left to do
    assert first.batch.ended_at == clock.now()
    given(desk, made, 1_200)
    clock.forward(WEEK)
    batch = prepared(desk)
    row = paid(desk, batch)["Boats"]
    assert (row.adjustments, row.carried_in, row.to_pay) == (
        Money(1_200, "EUR"),
        Money(3_825, "EUR"),
        Money(5_025, "EUR"),
    )
    approved_by(desk, petar, batch)
    statement = rows(
        desk.profile.database,
        "SELECT adjustments, carried_in, total, carried_out FROM statements ORDER BY id",
    )
    assert statement == [(3_825, 0, 3_825, 3_825), (1_200, 3_825, 5_025, 0)]


# the second person


def test_nobody_approves_what_they_prepared(desk: Desk, petar: Actor, boats: UUID) -> None:
    batch, service = prepared(desk), desk.services.payouts
    seen = looked_at(desk, batch)
    assert seen.why_not == "Nobody approves a batch that they prepared themselves."
    with pytest.raises(NotPermitted, match="prepared themselves"):
        service.approve(desk.admin, batch, seen=seen.digest)
    service.leave_out(petar, batch, boats, "Asked")
    service.take_in(petar, batch, boats)  # whoever changed it last has prepared it
    with pytest.raises(NotPermitted):
        service.approve(petar, batch, seen=seen.digest)
    assert service.dry_run(desk.admin, batch).why_not == ""
    assert service.approve(desk.admin, batch, seen=seen.digest).batch.approved_by == desk.admin.name


@pytest.mark.usefixtures("boats")
def test_where_the_agency_lets_one_person_the_batch_says_so(desk: Desk) -> None:
    desk.services.payout_settings.save(desk.admin, PayoutRules(alone=True))
    batch = prepared(desk)
    assert (looked_at(desk, batch).why_not, looked_at(desk, batch).alone) == ("", True)
    assert approved_by(desk, desk.admin, batch).batch.alone
    (told,) = rows(desk.profile.database, "SELECT detail FROM audit WHERE action = 'batch.approve'")
    assert '"alone": true' in told[0]


@pytest.mark.usefixtures("boats")
def test_two_people_are_two_people_also_where_one_would_do(desk: Desk, petar: Actor) -> None:
    desk.services.payout_settings.save(desk.admin, PayoutRules(alone=True))
    batch = prepared(desk)
    assert not desk.services.payouts.dry_run(petar, batch).alone
    assert not approved_by(desk, petar, batch).batch.alone


@pytest.mark.usefixtures("boats")
def test_what_the_schedule_prepared_is_approved_by_a_person(desk: Desk) -> None:
    desk.services.payouts.prepare_due()
    batch = desk.services.payouts.batches(desk.admin)[0].id
    seen = looked_at(desk, batch)
    with pytest.raises(NotPermitted, match="A person approves"):
        desk.services.payouts.approve(SYSTEM, batch, seen=seen.digest)
    assert desk.services.payouts.approve(desk.admin, batch, seen=seen.digest).payouts == 1


@pytest.mark.usefixtures("boats")
def test_what_was_sent_back_waits_until_it_is_given_in_again(desk: Desk, petar: Actor) -> None:
    batch, service = prepared(desk), desk.services.payouts
    seen = looked_at(desk, batch).digest
    service.send_back(petar, batch, "Boats asked to wait")
    shown = service.dry_run(petar, batch)
    assert (shown.batch.sent_back, shown.why_not) == ("Boats asked to wait", "This draft was sent back.")
    with pytest.raises(WrongState, match="was sent back"):
        service.approve(petar, batch, seen=seen)
    service.give_in(desk.admin, batch, "They do not any more")
    assert (looked_at(desk, batch).batch.sent_back, looked_at(desk, batch).batch.note) == (
        "",
        "They do not any more",
    )
    assert service.approve(petar, batch, seen=seen).payouts == 1


# what was seen


def test_a_refund_between_looking_and_approving_is_told_and_nothing_is_paid(desk: Desk, petar: Actor) -> None:
    first, _other = owed(desk, "Perast Boats", "Zeta Travel")
    batch = prepared(desk)
    seen = desk.services.payouts.dry_run(petar, batch).digest
    refunded(desk, first.booking_id, back=1_000)
    with pytest.raises(ChangedMeanwhile, match=r"any more: Perast Boats \(EUR\) changed\."):
        desk.services.payouts.approve(petar, batch, seen=seen)
    assert state(desk, batch) is BatchState.DRAFT
    assert rows(desk.profile.database, "SELECT 1 FROM payouts UNION ALL SELECT 1 FROM statements") == []
    # whoever pays what was seen pays 8.50 too much
    assert paid(desk, batch)["Perast Boats"].to_pay == Money(7_650 - 850, "EUR")
    assert approved_by(desk, petar, batch).payouts == 2


@pytest.mark.usefixtures("boats")
def test_a_mark_of_another_program_is_refused_without_names(desk: Desk, petar: Actor) -> None:
    batch = prepared(desk)
    with pytest.raises(ChangedMeanwhile, match=r"seen any more\.$"):
        desk.services.payouts.approve(petar, batch, seen="somewhere else")
    elsewhere = PayoutService(
        desk.database, desk.program.gateway, desk.services.vendor_terms.accounts, locale="en_GB"
    )
    seen = elsewhere.dry_run(petar, batch).digest
    assert desk.services.payouts.approve(petar, batch, seen=seen).payouts == 1


def test_of_many_changes_some_are_named(desk: Desk, petar: Actor, boats: UUID, clock: HandClock) -> None:
    others = [vendor(desk, name) for name in ("Cave", "Dive", "Eels", "Fort")]
    for each in others:
        given(desk, each, 6_000)
    clock.forward(WEEK)
    batch = prepared(desk)
    seen = looked_at(desk, batch).digest
    for each in (boats, *others):
        desk.services.payouts.leave_out(desk.admin, batch, each, "Wait")
    with pytest.raises(
        ChangedMeanwhile, match=r"Boats \(EUR\), Cave \(EUR\), Dive \(EUR\) and 2 more changed"
    ):
        desk.services.payouts.approve(petar, batch, seen=seen)


def test_another_account_is_another_payout(desk: Desk, petar: Actor, boats: UUID) -> None:
    batch = prepared(desk)
    seen = looked_at(desk, batch).digest
    draft = desk.services.vendor_terms.terms(desk.admin, boats).draft
    changed = TermsDraft(draft.schedule, draft.way, iban="GB82WEST12345698765432", holder="Somebody")
    desk.services.vendor_terms.save(desk.admin, boats, changed)
    with pytest.raises(ChangedMeanwhile):
        desk.services.payouts.approve(petar, batch, seen=seen)


@pytest.mark.usefixtures("boats")
def test_the_same_lines_in_two_batches_are_paid_by_the_first(desk: Desk, petar: Actor) -> None:
    weekly = prepared(desk)
    seen = looked_at(desk, weekly).digest
    later = desk.clock.now().date() - timedelta(days=1)
    extra = prepared(desk, BatchKind.EXTRA, later, later)
    assert approved_by(desk, petar, extra).payouts == 1
    with pytest.raises(ChangedMeanwhile, match="Boats"):
        desk.services.payouts.approve(petar, weekly, seen=seen)
    empty = desk.services.payouts.dry_run(petar, weekly)
    assert (empty.payouts, empty.left) == (0, 0)
    with pytest.raises(WrongState, match="nothing in this batch"):
        desk.services.payouts.approve(petar, weekly, seen=empty.digest)


def test_a_vendor_deactivated_meanwhile_is_another_batch_and_paid_once_they_are_taken_back(
    desk: Desk, petar: Actor, boats: UUID, clock: HandClock
) -> None:
    """60.00 are owed. Deactivated between dry run and approval nothing is approved; looked at again they are left
    out."""
    batch = prepared(desk)
    seen = desk.services.payouts.dry_run(petar, batch).digest
    desk.services.vendors.deactivate(desk.admin, boats)
    with pytest.raises(ChangedMeanwhile, match=r"Boats \(EUR\) changed"):
        desk.services.payouts.approve(petar, batch, seen=seen)
    assert approved_by(desk, petar, batch).payouts == 0
    (out,) = desk.services.payouts.detail(desk.admin, batch).left
    assert (out.reason, out.amount) == (LeftOut.INACTIVE, Money(6_000, "EUR"))
    assert open_lines(desk, boats) == 6_000
    clock.forward(3 * WEEK)
    assert desk.services.payouts.overdue(desk.admin) == ()  # they cannot be paid
    desk.services.vendors.activate(desk.admin, boats)
    (late,) = desk.services.payouts.overdue(desk.admin)
    assert late.amount == Money(6_000, "EUR")
    assert approved_by(desk, petar, prepared(desk)).payouts == 1


@pytest.mark.parametrize("role", [Role.AGENT, Role.VENDOR])
def test_agents_and_vendors_see_nothing_of_batches(desk: Desk, boats: UUID, role: Role) -> None:
    batch = prepared(desk)
    somebody = Actor(uuid4(), "Somebody", role, boats if role is Role.VENDOR else None)
    for call in (
        lambda: desk.services.payouts.batches(somebody),
        lambda: desk.services.payouts.dry_run(somebody, batch),
        lambda: desk.services.payouts.detail(somebody, batch),
        lambda: desk.services.payouts.find(somebody, "PB-2026-000001"),
        lambda: desk.services.payouts.overdue(somebody),
    ):
        with pytest.raises(NotPermitted):
            call()


# in words


def test_every_reason_and_step_has_words(desk: Desk, boats: UUID, clock: HandClock) -> None:
    assert set(TITLES) == set(LeftOut)
    assert set(STEPS) == set(NextStep)
    given(desk, vendor(desk, "Little"), 1_000)
    clock.forward(WEEK)
    given(desk, vendor(desk, "Held"), 1_000)
    batch = prepared(desk)
    desk.services.payouts.leave_out(desk.admin, batch, boats, "Insolvent")
    assert {name: _said(row) for name, row in _left(desk, batch).items()} == {
        "Little": "Below 50. Carried to the next batch.",
        "Held": "Free to be paid from 2026-07-02 on.",
        "Boats": "Insolvent",
    }
    assert set(reasons(desk, batch)) == {"Little", "Held", "Boats"}


def _left(desk: Desk, batch: UUID) -> dict[str, LeftRow]:
    return {row.name: row for each in looked_at(desk, batch).currencies for row in each.left}


def _said(row: LeftRow) -> str:
    return means(row, lambda amount: f"{amount.minor // 100}", lambda moment: f"{moment:%Y-%m-%d}")
