"""Drafts: whose days they are of, what is refused, the schedule, who is left out by hand, what is overdue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from helpers.batches import approved_by, by_bank, given, looked_at, paid, prepared, reasons, vendor
from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.disputed import opened, sold
from helpers.paying_out import open_lines, owed, paid_to
from helpers.refunding import colleague
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, Schedule
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from travellr_desktop.events import PayoutBatchChanged
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.views import OverdueItem, OverdueKind
from travellr_desktop.services.vendor_drafts import TermsDraft

WEEKLY, MONTHLY, EXTRA = BatchKind.WEEKLY, BatchKind.MONTHLY, BatchKind.EXTRA
MONDAY = datetime(2026, 6, 22, 6, tzinfo=UTC)
"""The clock of a desk begins on the Thursday before it."""


@pytest.fixture
def boats(desk: Desk, clock: HandClock) -> UUID:
    """A vendor who is owed 60.00 since Thursday; now it is Monday."""
    made = vendor(desk, "Boats")
    given(desk, made, 6_000)
    clock.at(MONDAY)
    return made


def states(desk: Desk) -> list[tuple[BatchKind, BatchState, date, date]]:
    return [(row.kind, row.state, row.first, row.last) for row in desk.services.payouts.batches(desk.admin)]


@pytest.mark.usefixtures("boats")
def test_a_draft_is_of_the_week_that_is_over_where_the_agencys_weeks_begin(desk: Desk) -> None:
    desk.services.payout_settings.save(desk.admin, PayoutRules(weekday=6))
    batch = looked_at(desk, prepared(desk)).batch
    assert (batch.first, batch.last) == (date(2026, 6, 14), date(2026, 6, 20))
    assert (batch.reference, batch.prepared_by) == ("PB-2026-000001", desk.admin.name)
    assert batch.cutoff_at == datetime(2026, 6, 20, 22, tzinfo=UTC)
    assert desk.services.payouts.find(desk.admin, " pb-2026-000001 ").id == batch.id


@pytest.mark.usefixtures("boats")
def test_a_week_may_be_named_by_any_of_its_days_and_is_always_whole(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="no whole week") as wrong:
        prepared(desk, WEEKLY, date(2026, 6, 15), date(2026, 6, 20))
    assert wrong.value.field == "last"
    batch = prepared(desk, WEEKLY, date(2026, 6, 15))
    assert looked_at(desk, batch).batch.last == date(2026, 6, 21)


@pytest.mark.parametrize(
    ("kind", "days", "field"),
    [
        (WEEKLY, (date(2026, 6, 22),), "last"),
        (MONTHLY, (date(2026, 6, 1), date(2026, 6, 30)), "last"),
        (EXTRA, (date(2026, 6, 22), date(2026, 6, 22)), "last"),
        (EXTRA, (date(2026, 6, 21), date(2026, 6, 20)), "last"),
        (EXTRA, (date(2026, 6, 20),), "last"),
        (EXTRA, (), "last"),
    ],
)
@pytest.mark.usefixtures("boats")
def test_days_that_are_not_over_or_are_none_are_refused(
    desk: Desk, kind: BatchKind, days: tuple[date, ...], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        prepared(desk, kind, *days)
    assert refused.value.field == field
    assert states(desk) == []


def test_days_without_anything_to_pay_are_refused(desk: Desk, boats: UUID) -> None:
    with pytest.raises(WrongState, match="Nothing has become free"):
        prepared(desk, WEEKLY, date(2026, 6, 8))
    with pytest.raises(WrongState, match="Nothing has become free"):
        prepared(desk, MONTHLY)  # nobody is paid by the month
    with pytest.raises(WrongState, match="Nothing has become free"):
        prepared(desk, EXTRA, date(2026, 6, 15), date(2026, 6, 21), of=(desk.vendor_id,))
    prepared(desk, EXTRA, date(2026, 6, 15), date(2026, 6, 21), of=(boats,))


@pytest.mark.usefixtures("boats")
def test_two_drafts_of_the_same_days_are_refused(desk: Desk) -> None:
    first = prepared(desk)
    with pytest.raises(WrongState, match="PB-2026-000001 is a draft of these days"):
        prepared(desk)
    with pytest.raises(WrongState, match=r"PB-2026-000001 is a draft of some .* would pay Boats \(EUR\) too"):
        prepared(desk, EXTRA, date(2026, 6, 21), date(2026, 6, 21))
    desk.services.payouts.discard(desk.admin, first)
    prepared(desk)
    assert [state for _, state, *_ in states(desk)] == [BatchState.DRAFT, BatchState.DISCARDED]


def test_drafts_of_the_same_days_for_other_vendors_stand_side_by_side(
    desk: Desk, boats: UUID, clock: HandClock
) -> None:
    """Boats are paid by the week, Rafts by the month; both are owed in euros, Rafts in yen besides."""
    rafts = vendor(desk, "Rafts", by_bank("Rafts", Schedule.MONTHLY))
    desk.add_trip("Rafts in yen", vendor_id=rafts, currency="JPY")
    clock.at(datetime(2026, 6, 20, 6, tzinfo=UTC))
    given(desk, rafts, 7_000)
    given(desk, rafts, 9_000, "JPY")
    clock.at(MONDAY)
    petar, days = colleague(desk), (date(2026, 6, 15), date(2026, 6, 21))
    one, other = prepared(desk, EXTRA, *days, of=(boats,)), prepared(desk, EXTRA, *days, of=(rafts,))
    for kind, of in ((WEEKLY, ()), (EXTRA, ()), (EXTRA, (rafts,)), (EXTRA, (boats, desk.vendor_id))):
        with pytest.raises(WrongState, match="is a draft of some of these days"):
            prepared(desk, kind, *days, of=of)
    assert desk.services.payouts.prepare_due() == 0  # the week has Boats alone
    desk.services.payouts.discard(desk.admin, one)
    assert desk.services.payouts.prepare_due() == 1  # Rafts are of no week
    assert [set(paid(desk, other, code)) for code in ("EUR", "JPY")] == [{"Rafts"}, set()]
    approved_by(desk, petar, other)
    week = desk.services.payouts.batches(desk.admin)[0].id
    assert approved_by(desk, petar, week).payouts == 1
    assert open_lines(desk, boats) == 0


def test_who_comes_into_two_drafts_afterwards_is_paid_by_the_first_that_is_approved(
    desk: Desk, boats: UUID, clock: HandClock
) -> None:
    """Rafts had nothing when both were made; 70.00 that are free by then are in both. What was seen of the second is
    another batch once the first is approved."""
    kayaks, rafts, petar = vendor(desk, "Kayaks"), vendor(desk, "Rafts"), colleague(desk)
    sunday, days = datetime(2026, 6, 21, 6, tzinfo=UTC), (date(2026, 6, 15), date(2026, 6, 21))
    clock.at(sunday)
    given(desk, kayaks, 8_000)
    clock.at(MONDAY)
    both = [prepared(desk, EXTRA, *days, of=of) for of in ((boats, rafts), (rafts, kayaks))]
    clock.at(sunday)
    given(desk, rafts, 7_000)
    clock.at(MONDAY)
    assert [set(paid(desk, each)) for each in both] == [{"Boats", "Rafts"}, {"Rafts", "Kayaks"}]
    seen = looked_at(desk, both[1]).digest
    approved_by(desk, petar, both[0])
    with pytest.raises(ChangedMeanwhile, match=r"Rafts \(EUR\) changed"):
        desk.services.payouts.approve(petar, both[1], seen=seen)
    assert set(paid(desk, both[1])) == {"Kayaks"}
    assert open_lines(desk, rafts) == 0


@pytest.mark.usefixtures("boats")
def test_days_that_were_paid_are_not_paid_again_by_the_same_kind(desk: Desk) -> None:
    batch = prepared(desk)
    approved_by(desk, colleague(desk), batch)
    with pytest.raises(WrongState, match="has paid these days"):
        prepared(desk)
    with pytest.raises(WrongState, match="Nothing has become free"):
        prepared(desk, EXTRA, date(2026, 6, 15), date(2026, 6, 21))


def test_only_an_extra_batch_is_for_some(desk: Desk, boats: UUID, clock: HandClock) -> None:
    monthly = vendor(desk, "Rafts", TermsDraft(Schedule.MONTHLY))
    given(desk, monthly, 7_000)
    clock.forward(timedelta(days=1))
    with pytest.raises(InvalidInput) as refused:
        prepared(desk, of=(boats,))
    assert refused.value.field == "vendors"
    day = MONDAY.date()
    with pytest.raises(NotFound):
        prepared(desk, EXTRA, day, day, of=(uuid4(),))
    extra = prepared(desk, EXTRA, day, day, of=(monthly,))
    assert looked_at(desk, extra).batch.for_some
    assert (set(paid(desk, extra)), reasons(desk, extra)) == (set(), {"Rafts": LeftOut.NO_ACCOUNT})
    desk.services.payouts.discard(desk.admin, extra)
    everybody = prepared(desk, EXTRA, day, day)
    assert (set(paid(desk, everybody)), set(reasons(desk, everybody))) == ({"Boats"}, {"Rafts"})


# the schedule


def test_the_schedule_prepares_each_week_and_month_once(desk: Desk, clock: HandClock) -> None:
    weekly, monthly = vendor(desk, "Boats"), vendor(desk, "Rafts", TermsDraft(Schedule.MONTHLY))
    heard: list[PayoutBatchChanged] = []
    assert desk.services.payouts.prepare_due() == 0
    given(desk, weekly, 6_000)
    given(desk, monthly, 6_000)
    assert desk.services.payouts.prepare_due() == 0  # the week is not over
    clock.at(MONDAY)
    with desk.services.bus.subscribe(PayoutBatchChanged, heard.append):
        assert desk.services.payouts.prepare_due() == 1
        assert desk.services.payouts.prepare_due() == 0
    assert [event.state for event in heard] == [BatchState.DRAFT]
    week = (WEEKLY, BatchState.DRAFT, date(2026, 6, 15), date(2026, 6, 21))
    assert states(desk) == [week]
    clock.at(datetime(2026, 7, 1, 6, tzinfo=UTC))
    assert desk.services.payouts.prepare_due() == 2
    assert states(desk)[0] == (MONTHLY, BatchState.DRAFT, date(2026, 6, 1), date(2026, 6, 30))
    assert desk.services.payouts.batches(desk.admin)[0].prepared_by == ""


@pytest.mark.usefixtures("boats")
def test_what_somebody_discarded_is_not_prepared_again(desk: Desk) -> None:
    assert desk.services.payouts.prepare_due() == 1
    desk.services.payouts.discard(desk.admin, desk.services.payouts.batches(desk.admin)[0].id)
    assert desk.services.payouts.prepare_due() == 0
    prepared(desk)  # a person may


@pytest.mark.usefixtures("boats")
def test_the_schedule_waits_while_somebody_has_a_draft_of_those_days(desk: Desk) -> None:
    day = date(2026, 6, 18)
    extra = prepared(desk, EXTRA, day, day)
    assert desk.services.payouts.prepare_due() == 0
    desk.services.payouts.discard(desk.admin, extra)
    assert desk.services.payouts.prepare_due() == 1


# changing


def test_who_is_left_out_by_hand_stays_out_until_taken_in(desk: Desk, boats: UUID) -> None:
    batch, service = prepared(desk), desk.services.payouts
    service.take_in(desk.admin, batch, boats)  # nobody keeps them out
    service.leave_out(desk.admin, batch, boats, "Insolvent")
    service.leave_out(desk.admin, batch, boats, "Asked to wait")
    assert reasons(desk, batch) == {"Boats": LeftOut.BY_HAND}
    with desk.database.read() as view:
        (row,) = view.batches.exclusions(batch).values()
        assert (row.reason, row.by) == ("Asked to wait", desk.admin.user_id)
    service.take_in(desk.admin, batch, boats)
    assert set(paid(desk, batch)) == {"Boats"}
    service.leave_out(desk.admin, batch, boats, "Again")
    assert reasons(desk, batch) == {"Boats": LeftOut.BY_HAND}
    with pytest.raises(InvalidInput):
        service.leave_out(desk.admin, batch, boats, " ")
    with pytest.raises(NotFound):
        service.leave_out(desk.admin, batch, uuid4(), "Nobody")
    with pytest.raises(NotFound):
        service.discard(desk.admin, uuid4())


def test_what_is_no_draft_is_not_changed(desk: Desk, boats: UUID) -> None:
    batch, service = prepared(desk), desk.services.payouts
    service.discard(desk.admin, batch)
    for call in (
        lambda: service.leave_out(desk.admin, batch, boats, "Late"),
        lambda: service.take_in(desk.admin, batch, boats),
        lambda: service.send_back(desk.admin, batch, "Late"),
        lambda: service.give_in(desk.admin, batch),
        lambda: service.discard(desk.admin, batch),
        lambda: service.dry_run(desk.admin, batch),
        lambda: service.approve(desk.admin, batch, seen=""),
    ):
        with pytest.raises(WrongState, match="is no draft any more"):
            call()


# overdue


def overdue(desk: Desk) -> list[OverdueItem]:
    return list(desk.services.payouts.overdue(desk.admin))


@pytest.mark.usefixtures("boats")
def test_a_draft_that_nobody_approves_is_overdue_after_three_days(desk: Desk, clock: HandClock) -> None:
    batch = prepared(desk)
    clock.forward(timedelta(days=3) - timedelta(seconds=1))
    assert overdue(desk) == []
    clock.forward(timedelta(seconds=1))
    assert overdue(desk) == [
        OverdueItem(OverdueKind.DRAFT, MONDAY, batch_id=batch, reference="PB-2026-000001")
    ]
    desk.services.payouts.discard(desk.admin, batch)
    assert overdue(desk) == []


def test_money_that_could_be_paid_is_overdue_after_two_weeks(desk: Desk, clock: HandClock) -> None:
    free = clock.now()
    given(desk, vendor(desk, "Boats"), 5_000)
    given(desk, vendor(desk, "Little"), 4_999)
    given(desk, vendor(desk, "Nobody", TermsDraft()), 9_000)
    given(desk, vendor(desk, "Yen", currency="JPY"), 9_000, "JPY")
    clock.forward(timedelta(days=14) - timedelta(seconds=1))
    assert overdue(desk) == []
    clock.forward(timedelta(seconds=1))
    (item,) = overdue(desk)
    assert (item.kind, item.since, item.name, item.amount) == (
        OverdueKind.LINES,
        free,
        "Boats",
        Money(5_000, "EUR"),
    )


def test_what_is_disputed_is_not_overdue(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    taken = sold(desk, departure)
    paid_to(desk, desk.vendor_id, "acct_none")
    clock.forward(timedelta(days=60))
    desk.services.bookings.complete(desk.admin, departure)
    assert [item.kind for item in overdue(desk)] == [OverdueKind.LINES]
    opened(desk, taken)
    desk.services.listening.poll()
    assert overdue(desk) == []


def test_a_payout_that_nobody_knows_of_is_overdue_after_a_day(desk: Desk, clock: HandClock) -> None:
    owed(desk, "Perast Boats")
    batch = prepared(desk)
    approved_by(desk, colleague(desk), batch)
    sent = clock.now()
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER, until_disarmed=True)
        sandbox.arm(Operation.TRANSFER_LIST, FaultKind.UNREACHABLE, until_disarmed=True)
    desk.services.payout_runs.run(desk.admin, batch)
    (payout,) = desk.services.payouts.detail(desk.admin, batch).payouts
    assert payout.state is PayoutState.UNKNOWN
    clock.forward(timedelta(days=1))
    (item,) = overdue(desk)
    assert (item.kind, item.since, item.name, item.amount) == (
        OverdueKind.UNKNOWN,
        sent,
        "Perast Boats",
        Money(7_650, "EUR"),
    )
    with desk.sandbox() as sandbox:
        sandbox.disarm()
    desk.services.payout_runs.read_now(desk.admin, payout.id)
    assert overdue(desk) == []
