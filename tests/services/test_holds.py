"""Holds: whose they are, what they cost on their day, and how they change while they last."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from helpers.books import hold_state, ops, seats
from helpers.clock import HandClock
from helpers.desk import CASH, DAY, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.permissions import SYSTEM, Actor, Role
from travellr_desktop.domain.states import HoldKind, HoldState
from travellr_desktop.errors import (
    HoldLapsed,
    InvalidInput,
    KeyReused,
    NotFound,
    SalesClosed,
    SeatsGone,
    WrongState,
)
from travellr_desktop.events import HoldChanged
from travellr_desktop.services.users import NewUser
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import SeasonPrice, TripSeason


@pytest.fixture
def other(desk: Desk) -> Actor:
    """Another agent."""
    row = desk.services.users.register(
        desk.admin, NewUser("Iva", "iva@travellr.example", "harbour lights at ten", Role.AGENT)
    )
    return Actor(row.id, row.name, row.role)


def add_season(desk: Desk, first: date, last: date, adult: int) -> None:
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        season = TripSeason(trip_id=next(iter(desk.trips.values())), name="S", first_day=first, last_day=last)
        work.session.add(season)
        work.session.flush()
        work.session.add(SeasonPrice(season_id=season.id, traveller_type=TravellerType.ADULT, amount=adult))
        work.commit()


# what they cost


@pytest.mark.parametrize(
    ("first", "last", "each"),
    [
        (DAY, DAY, 6000),
        (DAY - timedelta(days=9), DAY, 6000),
        (DAY, DAY + timedelta(days=9), 6000),
        (DAY + timedelta(days=1), DAY + timedelta(days=9), 4500),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), 4500),
    ],
)
def test_the_price_is_that_of_the_local_day(first: date, last: date, each: int, desk: Desk) -> None:
    """A type that the season leaves out costs what it always does."""
    add_season(desk, first, last, 6000)
    hold = desk.hold(desk.add_departure(), adult=2, child=1)
    assert hold.total == Money(2 * each + 2700, "EUR")
    outcome = desk.sell(hold, pay=CASH)
    assert outcome.paid == hold.total


def test_the_local_day_is_not_the_day_in_greenwich(desk: Desk) -> None:
    """Half past eight in the morning in Tokyo is still yesterday in Greenwich."""
    tokyo = desk.add_trip("Market", zone="Asia/Tokyo")
    desk.trips = {"Market": tokyo}
    add_season(desk, DAY, DAY, 6000)
    departure = desk.add_departure(tokyo)
    assert desk.hold(departure, adult=1).total == Money(6000, "EUR")


# whose they are


def test_a_hold_is_not_there_for_another_agent(desk: Desk, other: Actor) -> None:
    hold = desk.hold(desk.add_departure())
    second = desk.hold(desk.add_departure())
    holds, before = desk.services.holds, ops(desk)
    with pytest.raises(NotFound):
        holds.extend(other, hold.id)
    with pytest.raises(NotFound):
        holds.release(other, hold.id)
    with pytest.raises(NotFound):
        holds.resize(other, hold.id, Party(adult=1), key=uuid4())
    with pytest.raises(NotFound):
        holds.move(other, hold.id, second.id, Party(adult=1), key=uuid4())
    assert ops(desk) == before


def test_who_manages_everybodys_bookings_may_release_a_hold(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure())
    desk.services.holds.release(desk.admin, hold.id)
    assert hold_state(desk, hold.id) is HoldState.RELEASED


def test_travellers_are_not_moved_between_holds_of_two_people(desk: Desk, other: Actor) -> None:
    departure = desk.add_departure()
    mine = desk.hold(departure)
    theirs = desk.services.holds.hold(other, departure, Party(adult=1), key=uuid4())
    with pytest.raises(NotFound):
        desk.services.holds.move(desk.admin, mine.id, theirs.id, Party(adult=1), key=uuid4())


def test_what_is_kept_for_a_traveller_is_in_no_basket(desk: Desk) -> None:
    hold, traveller = desk.hold(desk.add_departure()), desk.traveller()
    with desk.database.write(Commit.OPTION_KEEP, SYSTEM) as work:
        kept = work.holds.get(hold.id)
        kept.kind, kept.traveller_id = HoldKind.OPTION, traveller.id
        work.commit()
    assert desk.services.holds.mine(desk.agent) == ()
    with pytest.raises(WrongState):
        desk.services.holds.extend(desk.agent, hold.id)
    with pytest.raises(WrongState):
        desk.services.holds.release(desk.agent, hold.id)
    with pytest.raises(WrongState):
        desk.sell(hold, pay=CASH)


# another party


def test_a_hold_becomes_smaller_and_larger(desk: Desk) -> None:
    departure = desk.add_departure(capacity=4)
    hold = desk.hold(departure, adult=2)
    told: list[HoldChanged] = []
    kept = desk.services.bus.subscribe(HoldChanged, told.append)
    smaller = desk.services.holds.resize(desk.agent, hold.id, Party(adult=1, infant=1), key=uuid4())
    assert (smaller.seats, smaller.party, smaller.total) == (1, Party(adult=1, infant=1), Money(4500, "EUR"))
    assert smaller.expires_at == hold.expires_at
    assert seats(desk, departure) == (4, 1)
    larger = desk.services.holds.resize(desk.agent, hold.id, Party(adult=3, child=1), key=uuid4())
    assert larger.seats == 4
    assert seats(desk, departure) == (4, 4)
    assert [event.seats for event in told] == [1, 4]
    kept.cancel()
    assert desk.sell(larger, pay=CASH).paid == Money(3 * 4500 + 2700, "EUR")


def test_a_hold_grows_no_further_than_there_are_seats(desk: Desk) -> None:
    departure = desk.add_departure(capacity=3)
    hold = desk.hold(departure, adult=2)
    before = ops(desk)
    with pytest.raises(SeatsGone):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=4), key=uuid4())
    assert ops(desk) == before
    assert seats(desk, departure) == (3, 2)


@pytest.mark.parametrize("party", [Party(), Party(infant=2)])
def test_a_hold_for_nobody_who_sits_is_refused(party: Party, desk: Desk) -> None:
    hold = desk.hold(desk.add_departure())
    with pytest.raises(InvalidInput):
        desk.services.holds.resize(desk.agent, hold.id, party, key=uuid4())


def test_the_same_form_resizes_once(desk: Desk) -> None:
    departure, key = desk.add_departure(), uuid4()
    hold = desk.hold(departure, adult=1)
    first = desk.services.holds.resize(desk.agent, hold.id, Party(adult=2), key=key)
    before = ops(desk)
    assert desk.services.holds.resize(desk.agent, hold.id, Party(adult=2), key=key) == first
    with pytest.raises(KeyReused):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=3), key=key)
    assert ops(desk) == before


def test_after_its_time_a_hold_is_not_changed(desk: Desk, clock: HandClock) -> None:
    hold = desk.hold(desk.add_departure())
    clock.forward(timedelta(minutes=15))
    with pytest.raises(HoldLapsed):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=1), key=uuid4())
    desk.services.upkeep.expire_holds()
    with pytest.raises(HoldLapsed):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=1), key=uuid4())


def test_a_hold_that_a_booking_waits_on_is_not_changed(desk: Desk) -> None:
    hold = desk.hold(desk.add_departure())
    desk.sell(hold, pay=None)
    with pytest.raises(InvalidInput, match="waits on these seats"):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=1), key=uuid4())


def test_after_the_cut_off_a_hold_shrinks_and_does_not_grow(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    clock.at(clock.now().replace(month=7, day=4, hour=5, minute=55))
    hold = desk.hold(departure, adult=2)
    clock.forward(timedelta(minutes=6))
    with pytest.raises(SalesClosed):
        desk.services.holds.resize(desk.agent, hold.id, Party(adult=3), key=uuid4())
    assert desk.services.holds.resize(desk.agent, hold.id, Party(adult=1), key=uuid4()).seats == 1


# from one hold to another


def test_travellers_move_to_another_departure(desk: Desk) -> None:
    first, second = desk.add_departure(), desk.add_departure(day=DAY + timedelta(days=1))
    source, target = desk.hold(first, adult=2, child=2), desk.hold(second, adult=1)
    left, there = desk.services.holds.move(
        desk.agent, source.id, target.id, Party(adult=1, child=2), key=uuid4()
    )
    assert (left.party, there.party) == (Party(adult=1), Party(adult=2, child=2))
    assert (seats(desk, first), seats(desk, second)) == ((10, 1), (10, 4))


def test_a_hold_that_everybody_leaves_is_released(desk: Desk) -> None:
    departure = desk.add_departure(capacity=3)
    source, target = desk.hold(departure, adult=2), desk.hold(departure, adult=1)
    left, there = desk.services.holds.move(desk.agent, source.id, target.id, Party(adult=2), key=uuid4())
    assert (left.state, there.party) == (HoldState.RELEASED, Party(adult=3))
    assert seats(desk, departure) == (3, 3)
    assert [hold.id for hold in desk.services.holds.mine(desk.agent)] == [target.id]


def test_more_than_there_is_room_for_do_not_move(desk: Desk) -> None:
    source = desk.hold(desk.add_departure(), adult=3)
    full = desk.add_departure(capacity=2)
    target = desk.hold(full, adult=1)
    before = ops(desk)
    with pytest.raises(SeatsGone):
        desk.services.holds.move(desk.agent, source.id, target.id, Party(adult=2), key=uuid4())
    assert ops(desk) == before
    assert seats(desk, full) == (2, 1)


@pytest.mark.parametrize("party", [Party(), Party(adult=3), Party(child=1), Party(adult=2)])
def test_who_is_not_on_a_hold_or_leaves_an_infant_alone_does_not_move(party: Party, desk: Desk) -> None:
    departure = desk.add_departure()
    source, target = desk.hold(departure, adult=2, infant=1), desk.hold(departure, adult=1)
    before = ops(desk)
    with pytest.raises(InvalidInput):
        desk.services.holds.move(desk.agent, source.id, target.id, party, key=uuid4())
    with pytest.raises(InvalidInput):
        desk.services.holds.move(desk.agent, source.id, source.id, Party(adult=1), key=uuid4())
    assert ops(desk) == before


def test_the_same_form_moves_once(desk: Desk) -> None:
    departure, key = desk.add_departure(), uuid4()
    source, target = desk.hold(departure, adult=3), desk.hold(departure, adult=1)
    first = desk.services.holds.move(desk.agent, source.id, target.id, Party(adult=1), key=key)
    assert desk.services.holds.move(desk.agent, source.id, target.id, Party(adult=1), key=key) == first
    assert first[1].party == Party(adult=2)
