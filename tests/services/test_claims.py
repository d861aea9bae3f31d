"""Money goes out where this desk has the word for it: without one it waits and says so, whatever the provider would do,
and goes on by itself. What another desk has is left to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.authority import Central
from helpers.bank_paid import at_banks
from helpers.batches import approved_by, prepared
from helpers.books import charged, refund_states
from helpers.clock import HandClock
from helpers.cut_off import cut_off
from helpers.desk import PASSWORD, Desk, desk_at
from helpers.paying_out import approved, batch_state, not_once, owed, payouts, plenty, runs
from helpers.refunding import colleague, limit, proved, refunded
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Role
from travellr_desktop.domain.states import BatchState, PayoutState, RefundState
from travellr_desktop.errors import AnotherDeskHasIt, NotPermitted, WaitsForCentral
from travellr_desktop.jobs.runner import ELSEWHERE, JOBS, Runner
from travellr_desktop.services.authority import WAITS, ApprovalKind, ClaimKind
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.users import NewUser
from travellr_desktop.storage.commits import Commit, Moment


@pytest.fixture
def central() -> Central:
    return Central()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock, central: Central) -> Iterator[Desk]:
    with desk_at(tmp_path / "profile", clock, authority=central) as made:
        yield made


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def cancelled(desk: Desk) -> UUID:
    """A booking of 90.00 that was paid by card, all of which is owed back now."""
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    refunded(desk, booking)
    return booking


def refund(desk: Desk) -> UUID:
    with desk.database.read() as view:
        return view.refunds.find_all()[0][0].id


# refunds


def test_a_refund_is_claimed_before_it_is_sent(desk: Desk, central: Central) -> None:
    cancelled(desk)
    assert central.claimed == [(ClaimKind.REFUND, refund(desk), Money(9000, "EUR"))]
    assert charged(desk) == (9000, 9000)


def test_without_a_connection_a_refund_waits_and_says_so_once(desk: Desk, central: Central) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    central.connected = False
    outcome = refunded(desk, booking)
    assert [(each.state, each.waits) for each in outcome.refunds] == [("approved", WAITS)]
    with desk.database.read() as view:
        attempts = len(view.payments.attempts(refund_id=refund(desk)))
    for _ in range(3):
        assert desk.services.payments.recover().refunds == 0
    with desk.database.read() as view:
        assert len(view.payments.attempts(refund_id=refund(desk))) == attempts == 1
    assert charged(desk) == (9000, 0)
    proved(desk)


def test_it_goes_on_by_itself_when_there_is_a_connection_again(desk: Desk, central: Central) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    central.connected = False
    refunded(desk, booking)
    desk.services.payments.recover()
    central.connected = True
    assert desk.services.payments.recover().refunds == 1
    assert charged(desk) == (9000, 9000)
    assert refund_states(desk, booking) == [(RefundState.COMPLETED, 9000)]
    proved(desk)


def test_what_another_desk_sends_is_left_to_it(desk: Desk, central: Central) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    central.connected = False
    refunded(desk, booking)
    central.connected, central.held = True, {refund(desk): "Split"}
    desk.services.refunds.send_now(desk.admin, refund(desk))
    assert charged(desk) == (9000, 0)
    with desk.database.read() as view:
        assert view.refunds.says(refund(desk)) == "Desk Split has it."


def test_who_dies_between_the_claim_and_the_call_is_given_it_again(desk: Desk, central: Central) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    with cut_off(Commit.REFUND_SEND, Moment.BEFORE):
        refunded(desk, booking)
    assert charged(desk) == (9000, 0)
    desk.services.payments.recover(start_up=True)
    assert central.claimed == [(ClaimKind.REFUND, refund(desk), Money(9000, "EUR"))] * 2
    assert charged(desk) == (9000, 9000)


def test_what_a_desk_that_was_written_off_had_is_looked_for_before_it_is_sent(
    desk: Desk, central: Central
) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    central.connected = False
    refunded(desk, booking)
    central.connected, central.over = True, {refund(desk)}
    desk.services.payments.recover()
    with desk.database.read() as view:
        said = [attempt.outcome for attempt in view.payments.attempts(refund_id=refund(desk))]
    assert said == ["waits", "looked for", "succeeded"]
    assert charged(desk) == (9000, 9000)


# payouts


def test_a_run_without_a_connection_stops_with_its_reason_and_sends_nothing(
    desk: Desk, central: Central
) -> None:
    plenty(desk)
    owed(desk, "Adria", "Boka", "Ćilim", "Dora")
    batch = approved(desk)
    central.connected = False
    report = runs(desk).run(desk.admin, batch)
    assert report.why == WAITS
    assert {row.state for row in payouts(desk)} == {PayoutState.APPROVED}
    assert batch_state(desk, batch) is BatchState.PAUSED
    central.connected = True
    runs(desk).resume(desk.admin, batch)
    assert {row.state for row in payouts(desk)} == {PayoutState.PAID}
    assert not_once(desk) == []


def test_of_a_batch_two_desks_run_each_payout_is_sent_by_who_has_it(desk: Desk, central: Central) -> None:
    plenty(desk)
    owed(desk, "Adria", "Boka")
    batch = approved(desk)
    first, second = payouts(desk, batch)
    central.held = {first.id: "Split"}
    runs(desk).run(desk.admin, batch)
    assert [row.state for row in payouts(desk, batch)] == [PayoutState.APPROVED, PayoutState.PAID]
    assert [claim[1] for claim in central.claimed] == [second.id]


def test_a_file_for_the_bank_asks_for_what_this_desk_has(desk: Desk, central: Central) -> None:
    at_banks(desk, "Adria", "Boka")
    batch = approved(desk)
    first, second = payouts(desk, batch)
    central.connected = False
    with pytest.raises(WaitsForCentral, match="waits for the central database"):
        desk.services.bank_files.make(desk.admin, batch, "EUR")
    central.connected, central.held = True, {first.id: "Split"}
    file = desk.services.bank_files.make(desk.admin, batch, "EUR").file
    assert file is not None and [each.payout_id for each in file.payouts] == [second.id]
    with pytest.raises(AnotherDeskHasIt, match="Desk Split has it"):
        desk.services.bank_files.make(desk.admin, batch, "EUR")


def test_nothing_is_written_of_a_reversal_that_was_not_given(desk: Desk, central: Central) -> None:
    plenty(desk)
    owed(desk, "Adria")
    runs(desk).run(desk.admin, approved(desk))
    (payout,) = payouts(desk)
    central.connected = False
    with pytest.raises(WaitsForCentral):
        runs(desk).take_back(desk.admin, payout.id, Money(100, "EUR"), "Paid twice", key=uuid4())
    with desk.database.read() as view:
        assert view.take_backs.of(payout.id) == []
    central.connected = True
    runs(desk).take_back(desk.admin, payout.id, Money(100, "EUR"), "Paid twice", key=uuid4())
    assert central.claimed[-1][::2] == (ClaimKind.TAKE_BACK, Money(100, "EUR"))


# what needs the person's own login


def test_a_batch_is_approved_by_the_persons_own_login(desk: Desk, central: Central) -> None:
    plenty(desk)
    owed(desk, "Adria")
    petar = colleague(desk, role=Role.ADMIN)
    draft = prepared(desk)
    central.approves = False
    with pytest.raises(NotPermitted, match="may not approve it"):
        approved_by(desk, petar, draft)
    assert batch_state(desk, draft) is BatchState.DRAFT
    central.approves = True
    approved_by(desk, petar, draft)
    assert central.approved[-1] == (ApprovalKind.PAYOUT_BATCH, draft, petar.user_id)
    assert batch_state(desk, draft) is BatchState.APPROVED


def test_a_refund_above_the_limit_is_approved_with_a_connection(desk: Desk, central: Central) -> None:
    booking = desk.sold(desk.add_departure(), adult=2).bookings[0].id
    limit(desk, 1000)
    service, petar = desk.services.refunds, colleague(desk)
    ask = RefundAsk((booking,))
    order = service.request(desk.agent, ask, service.preview(desk.agent, ask).back, key=uuid4()).order_id
    assert order is not None
    central.connected = False
    with pytest.raises(WaitsForCentral):
        service.approve(petar, order, key=uuid4())
    assert charged(desk) == (9000, 0)
    central.connected = True
    service.approve(petar, order, key=uuid4())
    assert central.approved[-1] == (ApprovalKind.REFUND_ORDER, order, petar.user_id)
    assert charged(desk) == (9000, 9000)


def test_other_peoples_accounts_change_with_a_connection_and_ones_own_without(
    desk: Desk, central: Central
) -> None:
    central.connected = False
    draft = NewUser("Petar Vuk", "petar@travellr.example", PASSWORD, Role.AGENT)
    with pytest.raises(WaitsForCentral):
        desk.services.users.register(desk.admin, draft)
    assert desk.agent.user_id is not None
    with pytest.raises(WaitsForCentral):
        desk.services.users.delete(desk.admin, desk.agent.user_id)
    assert desk.services.users.update(desk.agent, desk.agent.user_id, name="Ana Vuk").name == "Ana Vuk"


# chores


def test_what_is_for_the_whole_agency_is_done_at_the_desk_that_does_its_chores(
    desk: Desk, central: Central
) -> None:
    jobs = Runner(desk.services)
    for_all = {job.name for job in JOBS if job.for_all}
    assert len(for_all) == 5
    central.leads = False
    assert {name for name in for_all if jobs.run_now(name).said != ELSEWHERE} == set()
    assert jobs.run_now("Let go of lapsed holds").said == "0 lapsed"
    central.leads = True
    assert {name for name in for_all if jobs.run_now(name).said == ELSEWHERE} == set()
