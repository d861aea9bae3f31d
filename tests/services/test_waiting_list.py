"""The waiting list: joining, offers when seats come free, answers to them, and the end of waiting."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.clock import START, HandClock
from helpers.desk import CASH, DAY, Desk
from helpers.waiting import free, join, state
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DepartureState, HoldKind, HoldState, WaitingState
from travellr_desktop.errors import InvalidInput, NotFound, SalesClosed, SeatsGone, WrongState
from travellr_desktop.events import Event, WaitingChanged
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.storage.commits import Commit

WAITING, OFFERED, TAKEN = WaitingState.WAITING, WaitingState.OFFERED, WaitingState.TAKEN
WITHDRAWN, LAPSED = WaitingState.WITHDRAWN, WaitingState.LAPSED


@pytest.fixture
def full(desk: Desk) -> UUID:
    """A departure of four seats, all of them sold."""
    departure = desk.add_departure(capacity=4)
    desk.sold(departure, adult=2, pay=CASH)
    desk.sold(departure, adult=2, pay=CASH)
    return departure


def bookings(desk: Desk) -> list[UUID]:
    with desk.database.read() as view:
        return [each.id for each in view.bookings.find_all()[0]]


def offer_of(desk: Desk, departure: UUID) -> UUID:
    (offer,) = desk.services.options.of_departure(desk.agent, departure)
    assert offer.kind is HoldKind.OFFER
    return offer.id


def test_freed_seats_are_offered_to_the_first_whom_they_do(desk: Desk, full: UUID) -> None:
    four, two, one = join(desk, full, 4), join(desk, full, 2), join(desk, full, 1)
    desk.cancel(bookings(desk)[0])
    assert [state(desk, each) for each in (four, two, one)] == [WAITING, OFFERED, WAITING]
    assert free(desk, full) == 0
    desk.cancel(bookings(desk)[1])
    assert [state(desk, each) for each in (four, two, one)] == [WAITING, OFFERED, OFFERED]
    assert free(desk, full) == 1


def test_an_offer_lasts_the_agencys_hours_and_never_beyond_the_cut_off(
    desk: Desk, full: UUID, clock: HandClock
) -> None:
    entry = join(desk, full, 2)
    desk.cancel(bookings(desk)[0])
    detail = desk.services.waiting_list.detail(desk.agent, entry.id)
    assert detail.offer_until == clock.now() + timedelta(hours=24)
    clock.at(detail.cutoff_at - timedelta(hours=3))
    desk.services.upkeep.expire_holds()
    last = join(desk, full, 3)
    desk.cancel(bookings(desk)[1])
    assert desk.services.waiting_list.detail(desk.agent, last.id).offer_until == detail.cutoff_at


def test_an_offer_that_nobody_answers_goes_to_the_next(desk: Desk, full: UUID, clock: HandClock) -> None:
    first, second = join(desk, full, 2), join(desk, full, 2)
    desk.cancel(bookings(desk)[0])
    clock.forward(timedelta(hours=25))
    desk.services.upkeep.expire_holds()
    assert [state(desk, each) for each in (first, second)] == [LAPSED, OFFERED]


def test_an_offer_that_is_sold_is_taken(desk: Desk, full: UUID) -> None:
    entry = join(desk, full, 2, "Åse Berg")
    desk.cancel(bookings(desk)[0])
    offer = offer_of(desk, full)
    hold = desk.services.options.take_up(desk.agent, offer, key=uuid4())
    assert hold.id == offer
    assert desk.services.holds.mine(desk.agent) == (hold,)
    assert state(desk, entry) is OFFERED
    assert desk.services.waiting_list.detail(desk.agent, entry.id).taken_up
    desk.sell(hold, pay=CASH)
    assert state(desk, entry) is TAKEN


def test_an_offer_that_is_taken_up_and_let_go_goes_to_the_next(desk: Desk, full: UUID) -> None:
    first, second = join(desk, full, 2), join(desk, full, 1)
    desk.cancel(bookings(desk)[0])
    hold = desk.services.options.take_up(desk.agent, offer_of(desk, full), key=uuid4())
    with pytest.raises(WrongState):
        desk.services.waiting_list.withdraw(desk.agent, first.id)
    desk.services.holds.release(desk.agent, hold.id)
    assert [state(desk, each) for each in (first, second)] == [LAPSED, OFFERED]


def test_who_withdraws_gives_their_offer_to_the_next(desk: Desk, full: UUID) -> None:
    first, second, third = join(desk, full, 2), join(desk, full, 2), join(desk, full, 2)
    desk.cancel(bookings(desk)[0])
    assert desk.services.waiting_list.withdraw(desk.agent, third.id).state is WITHDRAWN
    assert desk.services.waiting_list.withdraw(desk.agent, first.id).state is WITHDRAWN
    assert [state(desk, each) for each in (first, second, third)] == [WITHDRAWN, OFFERED, WITHDRAWN]
    assert desk.services.waiting_list.withdraw(desk.agent, first.id).state is WITHDRAWN  # once is enough


def test_a_hold_cannot_take_what_was_offered(desk: Desk, full: UUID) -> None:
    join(desk, full, 2)
    desk.cancel(bookings(desk)[0])
    with pytest.raises(SeatsGone):
        desk.hold(full, adult=1)


def test_who_moves_to_another_hold_takes_their_seats_along(desk: Desk) -> None:
    """The seats of a hold that nobody is left on are not offered to others before they are taken again."""
    departure = desk.add_departure(capacity=3)
    source, target = desk.hold(departure, adult=2), desk.hold(departure, adult=1)
    waits = join(desk, departure, 1)
    left, there = desk.services.holds.move(desk.agent, source.id, target.id, Party(adult=2), key=uuid4())
    assert (left.state, there.seats) == (HoldState.RELEASED, 3)
    assert state(desk, waits) is WaitingState.WAITING


def test_who_needs_no_waiting_is_told(desk: Desk, full: UUID) -> None:
    with pytest.raises(InvalidInput, match="never has so many") as refused:
        join(desk, full, 5)
    assert refused.value.field == "party"
    desk.cancel(bookings(desk)[0])
    with pytest.raises(InvalidInput, match="seats enough"):
        join(desk, full, 2)
    assert join(desk, full, 3).place == 1


def test_nobody_waits_twice_for_the_same(desk: Desk, full: UUID) -> None:
    traveller = desk.traveller("Henrik")
    ask = desk.services.waiting_list.join
    key = uuid4()
    first = ask(desk.agent, full, traveller.id, Party(adult=1), key=key)
    assert ask(desk.agent, full, traveller.id, Party(adult=1), key=key).id == first.id
    with pytest.raises(InvalidInput, match="already"):
        ask(desk.agent, full, traveller.id, Party(adult=2), key=uuid4())


def test_what_is_not_sold_is_not_waited_for(desk: Desk, full: UUID, clock: HandClock) -> None:
    with pytest.raises(NotFound):
        desk.services.waiting_list.join(desk.agent, full, uuid4(), Party(adult=1), key=uuid4())
    clock.at(START + timedelta(days=17))
    with pytest.raises(SalesClosed):
        join(desk, full, 1)


def test_waiting_ends_with_the_sales_of_the_departure(desk: Desk, full: UUID, clock: HandClock) -> None:
    entry = join(desk, full, 2)
    assert desk.services.waiting_list.keep_up() == 0
    clock.at(desk.services.waiting_list.detail(desk.agent, entry.id).cutoff_at)
    desk.services.waiting_list.keep_up()
    assert state(desk, entry) is LAPSED
    desk.cancel(bookings(desk)[0])
    assert state(desk, entry) is LAPSED


def test_nothing_is_offered_of_a_departure_that_is_stopped_until_it_is_sold_again(
    desk: Desk, full: UUID
) -> None:

    def put(to: DepartureState) -> None:
        with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
            work.departures.get(full).state = to
            work.commit()

    entry = join(desk, full, 2)
    put(DepartureState.STOPPED)
    desk.cancel(bookings(desk)[0])
    desk.services.waiting_list.keep_up()
    assert state(desk, entry) is WAITING
    put(DepartureState.OPEN)
    assert desk.services.waiting_list.keep_up() == 1
    assert state(desk, entry) is OFFERED


def test_who_waits_is_told_their_place(desk: Desk, full: UUID) -> None:
    entries = [join(desk, full, 1, name) for name in ("Ana", "Bojan", "Ceca")]
    assert [each.place for each in entries] == [1, 2, 3]
    desk.services.waiting_list.withdraw(desk.agent, entries[0].id)
    listed = desk.services.waiting_list.of_departure(desk.agent, full)
    assert [(each.traveller_name, each.place) for each in listed] == [("Bojan", 1), ("Ceca", 2)]
    assert desk.services.departures.offer(desk.agent, full, Party(adult=1)).waiting == 2


def test_whoever_looks_is_told_of_each_change(desk: Desk, full: UUID) -> None:
    heard: list[Event] = []
    kept = desk.services.bus.subscribe(WaitingChanged, heard.append)
    entry = join(desk, full, 2)
    desk.cancel(bookings(desk)[0])
    desk.sell(desk.services.options.take_up(desk.agent, offer_of(desk, full), key=uuid4()), pay=CASH)
    kept.cancel()
    assert [(each.aggregate_id, each.state) for each in heard if isinstance(each, WaitingChanged)] == [
        (entry.id, WAITING),
        (entry.id, OFFERED),
        (entry.id, TAKEN),
    ]


def test_the_list_of_all_who_wait(desk: Desk, full: UUID) -> None:
    other = desk.add_departure(day=DAY + timedelta(days=1), capacity=1)
    desk.sold(other, adult=1, pay=CASH)
    for departure, name in ((other, "Ana"), (full, "Bojan"), (full, "Đukić")):
        join(desk, departure, 1, name)
    desk.cancel(bookings(desk)[0])
    rows = desk.services.lists.waiting(desk.agent, ListQuery())
    found = [(row.traveller, row.status, row.place, row.until is not None) for row in rows.first()]
    assert found == [
        ("Bojan", "offered", 0, True),
        ("Đukić", "offered", 0, True),
        ("Ana", "waiting", 1, False),
    ]
    rows.close()
    rows = desk.services.lists.waiting(desk.agent, ListQuery(text="dukic", filters={"status": ("offered",)}))
    assert [row.traveller for row in rows.first()] == ["Đukić"]
    rows.close()
