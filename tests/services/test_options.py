"""Options: kept, reminded of, extended, taken up, released; by anybody at the desk."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.books import hold_state, seats
from helpers.clock import HandClock
from helpers.desk import CASH, PASSWORD, Desk
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import HoldKind, HoldState
from travellr_desktop.errors import HoldLapsed, InvalidInput, NotFound, SalesClosed, SeatsGone, WrongState
from travellr_desktop.events import OptionDue
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.options import OptionView, default_reminder
from travellr_desktop.services.outcomes import OutcomeState
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.users import NewUser

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def departure(desk: Desk) -> UUID:
    return desk.add_departure(capacity=4)


@pytest.fixture
def other(desk: Desk) -> Actor:
    """Somebody else at the desk."""
    draft = NewUser("Bojan Perić", "bojan@travellr.example", PASSWORD, Role.AGENT)
    row = desk.services.users.register(desk.admin, draft)
    return Actor(row.id, row.name, row.role)


def kept(desk: Desk, departure: UUID, *, adult: int = 2, days: float = 3, **more: object) -> OptionView:
    hold = desk.hold(departure, adult=adult)
    until = desk.clock.now() + DAY * days
    traveller = desk.traveller("Åse Berg", phone="+47 22 55 50 18")
    return desk.services.options.keep(
        desk.agent,
        hold.id,
        until,
        traveller.id,
        key=uuid4(),
        **more,  # type: ignore[arg-type]
    )


def test_an_option_leaves_the_basket_and_keeps_its_seats(
    desk: Desk, departure: UUID, clock: HandClock
) -> None:
    option = kept(desk, departure, note="  Asks her sister  ")
    assert desk.services.holds.mine(desk.agent) == ()
    assert seats(desk, departure) == (4, 2)
    assert (option.kind, option.traveller_name, option.note) == (
        HoldKind.OPTION,
        "Åse Berg",
        "Asks her sister",
    )
    assert option.until == clock.now() + 3 * DAY
    assert option.remind_at == clock.now() + 2 * DAY
    assert option.kept_by == "Ana Vuković"
    clock.forward(2 * DAY)
    desk.services.upkeep.expire_holds()
    assert hold_state(desk, option.id) is HoldState.ACTIVE
    clock.forward(DAY)
    desk.services.upkeep.expire_holds()
    assert hold_state(desk, option.id) is HoldState.EXPIRED
    assert seats(desk, departure) == (4, 0)


def test_seats_of_an_option_are_held_by_others_not_in_the_basket(desk: Desk, departure: UUID) -> None:
    kept(desk, departure)
    desk.hold(departure, adult=1)
    (row,) = desk.services.departures.search(desk.agent, _day_of(desk, departure)).rows
    assert (row.held, row.yours, row.free) == (2, 1, 1)


def test_the_reminder_comes_once(desk: Desk, departure: UUID, clock: HandClock) -> None:
    heard: list[OptionDue] = []
    subscription = desk.services.bus.subscribe(OptionDue, heard.append)
    option = kept(desk, departure)
    assert desk.services.options.remind_due() == 0
    assert desk.services.options.to_do(desk.agent).due == 0
    clock.forward(2 * DAY)
    assert desk.services.options.remind_due() == 1
    assert desk.services.options.remind_due() == 0
    assert [(each.aggregate_id, each.expires_at) for each in heard] == [(option.id, option.until)]
    assert desk.services.options.to_do(desk.agent).due == 1
    (due,) = desk.services.options.due(desk.agent)
    assert (due.id, due.is_due) == (option.id, True)
    subscription.cancel()


def test_an_extended_option_is_reminded_of_again(desk: Desk, departure: UUID, clock: HandClock) -> None:
    option = kept(desk, departure)
    clock.forward(2 * DAY)
    desk.services.options.remind_due()
    extended = desk.services.options.extend(desk.agent, option.id, clock.now() + 5 * DAY)
    assert (extended.is_due, extended.remind_at) == (False, clock.now() + 4 * DAY)
    clock.forward(4 * DAY)
    assert desk.services.options.remind_due() == 1


def test_a_short_option_is_reminded_of_half_way(clock: HandClock) -> None:
    now = clock.now()
    assert default_reminder(now, now + 2 * HOUR) == now + HOUR
    assert default_reminder(now, now + 2 * DAY) == now + DAY
    assert default_reminder(now, now + 9 * DAY) == now + 8 * DAY


def test_an_option_ends_with_the_sales_of_the_departure(
    desk: Desk, departure: UUID, clock: HandClock
) -> None:
    cutoff = desk.services.departures.offer(desk.agent, departure, desk.hold(departure).party).row.cutoff_at
    hold = desk.hold(departure, adult=1)
    keep, traveller = desk.services.options.keep, desk.traveller().id
    with pytest.raises(InvalidInput) as refused:
        keep(desk.agent, hold.id, cutoff + timedelta(seconds=1), traveller, key=uuid4())
    assert refused.value.field == "until"
    with pytest.raises(InvalidInput) as refused:
        keep(desk.agent, hold.id, clock.now(), traveller, key=uuid4())
    assert refused.value.field == "until"
    assert keep(desk.agent, hold.id, cutoff, traveller, key=uuid4()).until == cutoff


@pytest.mark.parametrize("late", [-HOUR, timedelta(0), 4 * DAY])
def test_a_reminder_lies_between_now_and_the_end(
    desk: Desk, departure: UUID, clock: HandClock, late: timedelta
) -> None:
    with pytest.raises(InvalidInput) as refused:
        kept(desk, departure, remind_at=clock.now() + late)
    assert refused.value.field == "remind_at"


def test_only_what_is_in_ones_own_basket_is_kept(
    desk: Desk, departure: UUID, other: Actor, clock: HandClock
) -> None:
    hold, until, traveller = desk.hold(departure), clock.now() + DAY, desk.traveller().id
    keep = desk.services.options.keep
    with pytest.raises(NotFound):
        keep(other, hold.id, until, traveller, key=uuid4())
    with pytest.raises(NotFound):
        keep(desk.agent, uuid4(), until, traveller, key=uuid4())
    with pytest.raises(NotFound):
        keep(desk.agent, hold.id, until, uuid4(), key=uuid4())
    clock.forward(timedelta(minutes=16))
    with pytest.raises(HoldLapsed):
        keep(desk.agent, hold.id, until, traveller, key=uuid4())


def test_what_a_booking_waits_on_is_not_kept(desk: Desk, departure: UUID, clock: HandClock) -> None:
    hold = desk.hold(departure)
    desk.sell(hold, pay=None)
    with pytest.raises(WrongState):
        desk.services.options.keep(desk.agent, hold.id, clock.now() + DAY, desk.traveller().id, key=uuid4())


def test_the_same_form_keeps_once(desk: Desk, departure: UUID, clock: HandClock) -> None:
    hold, until, traveller, key = desk.hold(departure), clock.now() + DAY, desk.traveller().id, uuid4()
    first = desk.services.options.keep(desk.agent, hold.id, until, traveller, key=key)
    assert desk.services.options.keep(desk.agent, hold.id, until, traveller, key=key) == first


def test_anybody_takes_it_up_and_sells_it(
    desk: Desk, departure: UUID, other: Actor, clock: HandClock
) -> None:
    option = kept(desk, departure, days=2)
    clock.forward(DAY)
    key = uuid4()
    hold = desk.services.options.take_up(other, option.id, key=key)
    assert desk.services.options.take_up(other, option.id, key=key) == hold
    assert (hold.kind, hold.expires_at) == (HoldKind.HOLD, clock.now() + desk.services.holds.lasts)
    assert desk.services.holds.mine(other) == (hold,)
    assert desk.services.holds.mine(desk.agent) == ()
    clock.forward(timedelta(minutes=10))
    desk.services.holds.extend(other, hold.id)  # as old as when it was taken up
    with pytest.raises(WrongState):
        desk.services.options.take_up(desk.agent, option.id, key=uuid4())
    with pytest.raises(WrongState):
        desk.services.options.release(desk.agent, option.id)


def test_what_was_taken_up_is_sold_like_any_hold(desk: Desk, departure: UUID) -> None:
    hold = desk.services.options.take_up(desk.agent, kept(desk, departure).id, key=uuid4())
    assert desk.sell(hold, pay=CASH).state is OutcomeState.PAID
    assert desk.services.options.detail(desk.agent, hold.id).state is HoldState.CONSUMED


def test_what_was_taken_up_can_be_kept_again(desk: Desk, departure: UUID, clock: HandClock) -> None:
    option = kept(desk, departure)
    hold = desk.services.options.take_up(desk.agent, option.id, key=uuid4())
    again = desk.services.options.keep(
        desk.agent, hold.id, clock.now() + DAY, option.traveller_id, key=uuid4()
    )
    assert (again.id, again.kind, again.until) == (option.id, HoldKind.OPTION, clock.now() + DAY)


def test_anybody_releases_it(desk: Desk, departure: UUID, other: Actor) -> None:
    option = kept(desk, departure)
    desk.services.options.release(other, option.id)
    assert hold_state(desk, option.id) is HoldState.RELEASED
    assert seats(desk, departure) == (4, 0)
    desk.services.options.release(desk.agent, option.id)  # again is harmless
    with pytest.raises(HoldLapsed):
        desk.services.options.take_up(desk.agent, option.id, key=uuid4())


def test_a_hold_of_a_basket_is_no_option(desk: Desk, departure: UUID) -> None:
    hold = desk.hold(departure)
    for refused in (
        lambda: desk.services.options.take_up(desk.agent, hold.id, key=uuid4()),
        lambda: desk.services.options.release(desk.agent, hold.id),
        lambda: desk.services.options.detail(desk.agent, hold.id),
    ):
        with pytest.raises(NotFound):
            refused()


def test_the_seats_of_an_option_cannot_be_held(desk: Desk, departure: UUID) -> None:
    kept(desk, departure, adult=3)
    with pytest.raises(SeatsGone):
        desk.hold(departure, adult=2)


def test_nothing_is_taken_up_after_the_cut_off(desk: Desk, departure: UUID, clock: HandClock) -> None:
    option = kept(desk, departure)
    clock.at(desk.services.options.extend(desk.agent, option.id, option.cutoff_at).until - HOUR)
    assert desk.services.options.take_up(desk.agent, option.id, key=uuid4()).id == option.id
    late = desk.services.options.keep
    hold = desk.hold(departure, adult=1)
    clock.forward(2 * HOUR)
    with pytest.raises((SalesClosed, HoldLapsed)):
        late(desk.agent, hold.id, clock.now() + HOUR, desk.traveller().id, key=uuid4())


def test_the_list_of_what_is_kept(desk: Desk, departure: UUID, clock: HandClock) -> None:
    later, sooner = kept(desk, departure, adult=1, days=4), kept(desk, departure, adult=1, days=2)
    gone, sold = kept(desk, departure, adult=1, days=3), kept(desk, departure, adult=1, days=3)
    desk.hold(desk.add_departure())
    desk.services.options.release(desk.agent, gone.id)
    desk.sell(desk.services.options.take_up(desk.agent, sold.id, key=uuid4()), pay=CASH)
    rows = desk.services.lists.options(desk.agent, ListQuery())
    assert [(row.id, row.status) for row in rows.first()] == [
        (sooner.id, "option"),
        (gone.id, "released"),
        (later.id, "option"),
    ]
    assert rows.totals().whole == 3
    rows.close()
    rows = desk.services.lists.options(desk.agent, ListQuery("ase", {"status": ("option",)}, "until", True))
    assert [row.id for row in rows.first()] == [later.id, sooner.id]
    rows.close()
    of_it = desk.services.options.of_departure(desk.agent, departure)
    assert [each.id for each in of_it] == [sooner.id, later.id]


def _day_of(desk: Desk, departure: UUID) -> DepartureQuery:
    with desk.database.read() as view:
        return DepartureQuery(view.departures.get(departure).local_day)


def test_seats_that_were_offered_are_kept_for_nobody_else(desk: Desk) -> None:
    departure = desk.add_departure(capacity=2)
    hold = desk.hold(departure, adult=2)
    waits, other = desk.traveller("Ines Alves"), desk.traveller("Marko Babić")
    entry = desk.services.waiting_list.join(desk.agent, departure, waits.id, Party(adult=2), key=uuid4())
    desk.services.holds.release(desk.agent, hold.id)
    offer = desk.services.waiting_list.detail(desk.agent, entry.id).offer_id
    assert offer is not None
    desk.services.options.take_up(desk.agent, offer, key=uuid4())
    until = desk.clock.now() + timedelta(days=2)
    with pytest.raises(InvalidInput) as refused:
        desk.services.options.keep(desk.agent, offer, until, other.id, key=uuid4())
    assert refused.value.field == "traveller"
    kept = desk.services.options.keep(desk.agent, offer, until, waits.id, key=uuid4())
    assert kept.traveller_id == waits.id
