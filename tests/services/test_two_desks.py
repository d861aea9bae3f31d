"""A file has the rows of other desks too. What a desk does by itself it does to its own: its holds, payments, refunds,
payouts, options and those who wait at it. Both desks are at one provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from helpers.authority import Central
from helpers.books import charged
from helpers.clock import HandClock
from helpers.cut_off import cut_off
from helpers.desk import CARD, CASH, Desk, desk_again
from helpers.paying_out import approved, arm, owed, payouts, plenty, runs, states
from helpers.refunding import refunded
from helpers.seated import add_numbered
from helpers.tilling import open_till
from helpers.two_desks import SECOND, Between, two_desks
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import (
    HoldState,
    PaymentState,
    PayoutState,
    RefundState,
    WaitingState,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AnotherDeskHasIt, SeatsGone
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.seats import SeatState
from travellr_desktop.storage.commits import Commit, Moment
from travellr_desktop.storage.models import Grant, NumberSeries

LINK = PayChoice(Way.LINK)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def between() -> Between:
    return Between()


@pytest.fixture
def desks(tmp_path: Path, clock: HandClock, between: Between) -> Iterator[tuple[Desk, Desk, UUID]]:
    """Both are given what they claim. In the end both files are in order, before and after all is told."""
    with two_desks(tmp_path, clock) as (first, second, departure), ExitStack() as stack:
        for desk in (first, second):
            desk.program.close()
        second.profile.sandbox.unlink(missing_ok=True)
        second.profile.sandbox.symlink_to(first.profile.sandbox)
        one, two = (
            replace(desk, program=stack.enter_context(desk_again(folder, clock, authority=Central())).program)
            for desk, folder in ((first, first.profile.folder), (second, second.profile.folder))
        )
        yield one, two, departure
        for desk in (one, two):
            assert desk.services.check.run().problems == ()
        between.meet(one, two)
        for desk in (one, two):
            assert desk.services.check.run().problems == ()


def states_of(desk: Desk, sale: SaleOutcome) -> list[PaymentState]:
    with desk.database.read() as view:
        return [payment.state for payment in view.payments.find_by_sale_id(sale.sale_id)]


def payment_of(desk: Desk, sale: SaleOutcome) -> UUID:
    with desk.database.read() as view:
        return view.payments.find_by_sale_id(sale.sale_id)[0].id


def attempts(desk: Desk) -> int:
    with desk.database.read() as view:
        return len(view.payments.attempts())


def test_a_hold_lapses_at_the_desk_whose_seats_it_has(
    desks: tuple[Desk, Desk, UUID], between: Between, clock: HandClock
) -> None:
    one, two, departure = desks
    hold = two.hold(departure)
    between.meet(one, two)
    clock.forward(timedelta(minutes=20))
    assert one.services.upkeep.expire_holds() == 0
    assert two.services.upkeep.expire_holds() == 1
    with one.database.read() as view:
        assert view.holds.get(hold.id).state is HoldState.ACTIVE
    between.meet(two, one)
    with one.database.read() as view:
        assert view.holds.get(hold.id).state is HoldState.EXPIRED


def test_a_payment_in_flight_is_recovered_at_its_desk_alone(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, departure = desks
    arm(two, Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    sale = two.sold(departure, pay=CARD, adult=1)
    between.meet(one, two)
    before = attempts(one)
    assert one.services.payments.recover(start_up=True).still_unknown == 0
    detail = one.services.payments.read_now(one.admin, payment_of(one, sale))
    assert not detail.can_read
    assert (attempts(one), states_of(one, sale)) == (before, [PaymentState.UNKNOWN])
    assert two.services.payments.recover(start_up=True).payments == 1
    between.meet(two, one)
    assert states_of(one, sale) == [PaymentState.COMPLETED]


def test_a_payment_that_was_cut_off_is_not_given_up_by_another_desk(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    """Without an object at the provider it was never sent: its own desk alone knows that it is not being sent now."""
    one, two, departure = desks
    hold = two.hold(departure)
    with cut_off(Commit.SALE_PLACE, Moment.AFTER):
        two.sell(hold, pay=CARD)
    between.meet(one, two)
    one.services.payments.recover(start_up=True)
    with one.database.read() as view:
        assert view.payments.count_by_status()[PaymentState.CREATED] == 1
    two.services.payments.recover(start_up=True)
    with two.database.read() as view:
        assert view.payments.count_by_status()[PaymentState.CREATED] == 0


def test_the_balance_of_a_sale_is_taken_by_the_desk_that_takes_it(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, departure = desks
    sale = one.sell(one.hold(departure), pay=None)
    between.meet(one, two)
    arm(two, Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    two.services.sales.pay(two.agent, sale.sale_id, CARD, key=uuid4())
    between.meet(two, one)
    assert one.services.payments.recover(start_up=True).payments == 0
    assert two.services.payments.recover(start_up=True).payments == 1
    assert charged(one) == (9000, 0)
    between.meet(two, one)
    assert states_of(one, sale) == [PaymentState.COMPLETED]


def test_a_link_is_read_and_ended_where_it_was_made(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, departure = desks
    sale = two.sold(departure, pay=LINK, adult=1)
    between.meet(one, two)
    assert one.services.links.poll() == 0
    assert one.services.links.waiting(one.admin) == ()
    with pytest.raises(AnotherDeskHasIt, match="Desk Perast takes this payment"):
        one.services.links.cancel(one.admin, payment_of(one, sale))
    assert len(two.services.links.waiting(two.admin)) == 1
    two.services.links.cancel(two.admin, payment_of(two, sale))
    between.meet(two, one)


def test_a_refund_on_its_way_is_followed_by_who_sent_it(
    desks: tuple[Desk, Desk, UUID], between: Between, clock: HandClock
) -> None:
    one, two, departure = desks
    booking = two.sold(departure, pay=CARD, adult=1).bookings[0].id
    arm(two, Operation.REFUND_CREATE, FaultKind.REPLY_LOST_AFTER)
    refunded(two, booking)
    between.meet(one, two)
    clock.forward(timedelta(hours=2))
    assert one.services.payments.recover(start_up=True).refunds == 0
    with one.database.read() as view:
        assert [row.state for row in view.refunds.find_by_booking_id(booking)] == [RefundState.UNKNOWN]
    assert two.services.payments.recover(start_up=True).refunds == 1
    assert charged(two) == (4500, 4500)
    between.meet(two, one)


def test_a_payout_and_its_reversal_are_found_out_by_who_sent_them(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, _departure = desks
    with one.database.write(Commit.CATALOGUE_SAVE, one.admin) as work:
        for kind in ("ST", "PB"):
            work.session.add(
                NumberSeries(desk_id=work.desk_id, kind=kind, year=2026, first=1, last=9, next=1)
            )
        work.commit()
    plenty(one)
    owed(one, "Adria")
    batch = approved(one)
    between.meet(one, two)
    arm(two, Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER)
    runs(two).run(two.admin, batch)
    between.meet(two, one)
    assert one.services.payments.recover(start_up=True).payouts == 0
    assert list(states(one, batch)) == [PayoutState.UNKNOWN]
    assert two.services.payments.recover(start_up=True).payouts == 1
    (payout,) = payouts(two, batch)
    assert payout.desk_id == SECOND
    arm(two, Operation.REVERSAL_CREATE, FaultKind.REPLY_LOST_AFTER)
    runs(two).take_back(two.admin, payout.id, Money(100, "EUR"), "Paid twice", key=uuid4())
    between.meet(two, one)
    assert one.services.payments.recover(start_up=True).payouts == 0
    assert two.services.payments.recover(start_up=True).payouts == 1
    between.meet(two, one)


def test_who_waits_is_offered_seats_by_the_desk_at_which_they_wait(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, departure = desks
    held = [desk.hold(departure, adult=5) for desk in (one, two)]
    entry = two.services.waiting_list.join(
        two.agent, departure, two.traveller("Ana Dukić").id, Party(2), key=uuid4()
    )
    between.meet(one, two)
    one.services.holds.release(one.agent, held[0].id)
    assert one.services.waiting_list.keep_up() == 0
    with one.database.read() as view:
        assert view.waiting.get(entry.id).state is WaitingState.WAITING
    two.services.holds.release(two.agent, held[1].id)
    with two.database.read() as view:
        assert view.waiting.get(entry.id).state is WaitingState.OFFERED
    between.meet(two, one)


def test_a_reminder_is_told_at_the_desk_that_keeps_the_option(
    desks: tuple[Desk, Desk, UUID], between: Between, clock: HandClock
) -> None:
    one, two, departure = desks
    until = clock.now() + timedelta(days=2)
    kept = two.hold(departure)
    two.services.options.keep(two.agent, kept.id, until, two.traveller().id, key=uuid4())
    between.meet(one, two)
    clock.at(until - timedelta(hours=1))
    assert one.services.options.remind_due() == 0
    assert two.services.options.remind_due() == 1
    between.meet(two, one)


def test_a_file_is_in_order_while_another_desk_is_at_work(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, departure = desks
    open_till(two)
    two.sold(departure, pay=CASH, adult=1)
    two.sold(departure, pay=LINK, adult=1)
    booking = two.sold(departure, pay=CARD, adult=1).bookings[0].id
    arm(two, Operation.REFUND_CREATE, FaultKind.REPLY_LOST_AFTER)
    refunded(two, booking)
    arm(two, Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    two.sold(departure, pay=CARD, adult=1)
    hold = two.hold(departure, adult=1)
    between.meet(one, two)
    assert one.services.check.run().problems == ()
    two.services.holds.release(two.agent, hold.id)
    two.services.payments.recover(start_up=True)


# numbered seats


def numbered(one: Desk, two: Desk, between: Between) -> UUID:
    """A departure on a plan, of which each desk may sell some seats."""
    departure = add_numbered(one)
    with one.database.write(Commit.CATALOGUE_SAVE, one.admin) as work:
        grant = work.departures.grant(departure, work.desk_id)
        assert grant is not None
        grant.seats -= 2
        work.session.flush()
        work.session.add(Grant(departure_id=departure, desk_id=SECOND, seats=2))
        for row in work.seats.granted([departure]):
            if row.label in ("1A", "1B"):
                row.desk_id = SECOND
        work.commit()
    between.meet(one, two)
    return departure


def test_a_departure_made_at_one_of_several_desks_is_all_its_own(desks: tuple[Desk, Desk, UUID]) -> None:
    one = desks[0]
    departure = add_numbered(one)
    with one.database.read() as view:
        assert len(view.seats.ours(departure) or ()) == 11
    one.services.removal.departures(one.admin, [departure])
    with one.database.read() as view:
        assert view.seats.granted([departure]) == []


def test_a_desk_seats_people_on_its_own_seats_only(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, _departure = desks
    departure = numbered(one, two, between)
    free = [
        seat.label
        for seat in two.services.seats.plan_of(two.agent, departure).seats
        if seat.state is SeatState.FREE
    ]
    assert free == ["1A", "1B"]
    theirs = two.services.seats.plan_of(two.agent, departure).by_label["1C"]
    assert (theirs.state, theirs.who) == (SeatState.HELD, "desk Desk 1")
    hold = two.hold(departure, adult=2)
    assert sorted(hold.labels) == ["1A", "1B"]
    two.services.holds.release(two.agent, hold.id)
    with pytest.raises(SeatsGone, match="This desk may not sell 1C"):
        two.services.holds.hold(two.agent, departure, Party(1), key=uuid4(), labels=("1C",))
    assert "1A" not in one.hold(departure, adult=2).labels
    two.sold(departure, pay=CASH, adult=1)
    between.meet(one, two)


def test_the_file_itself_refuses_a_seat_of_another_desk(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, _departure = desks
    departure = numbered(one, two, between)
    hold = two.hold(departure, adult=1)
    with two.database.write(Commit.SEATS_CHOOSE, two.admin) as work:
        work.seats.free_hold(hold.id)
        with pytest.raises(IntegrityError, match="granted to another desk"):
            work.seats.take_for_hold(departure, hold.id, [("2A", 1)])


def test_a_seat_that_is_taken_stays_with_its_desk(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, _departure = desks
    departure = numbered(one, two, between)
    two.services.holds.hold(two.agent, departure, Party(1), key=uuid4(), labels=("1A",))
    with (
        two.database.write(Commit.SEATS_CHOOSE, two.admin) as work,
        pytest.raises(IntegrityError, match="a seat that is taken stays with its desk"),
    ):
        work.seats.take_grants_away(departure)
    with two.database.read() as view:
        assert len(view.seats.granted([departure])) == 11
