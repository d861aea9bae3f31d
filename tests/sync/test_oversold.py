"""A desk that was written off had sold its seats: the sales stand, and the departure comes back within its capacity by
what people do, at all desks; nothing that comes free of it is sold anew meanwhile."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.desk import CASH
from helpers.three_towns import DAY, ThreeTowns, Town
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import InvalidInput, SeatsGone, WrongState
from travellr_desktop.services.oversold import add_seats, give_back

BEYOND = 2


class Oversold:
    """Three desks have sold four seats out of four, Perast two beyond them. `bookings` are those of Perast."""

    def __init__(self, here: ThreeTowns, *, capacity: int = 4, spare: int = 0) -> None:
        self.here = here
        self.one, self.two, self.three = here.towns
        trip = UUID(self.one.lies("SELECT id FROM trips")[0][0])
        self.departure = self.one.desk.add_departure(trip, day=DAY + timedelta(days=2), capacity=capacity)
        self.turns()
        hold = self.three.desk.hold(self.departure, adult=BEYOND)  # asks the others for what it lacks
        self.three.desk.services.holds.release(self.three.desk.agent, hold.id)
        here.place.connection.execute("DELETE FROM hub.grants_asked")
        self.turns()
        self.three.online = False
        self.bookings = [self.sell(self.three) for _ in range(BEYOND)]
        self.one.hub.write_off(self.three.id, self.one.desk.admin.user_id)
        self.one.turn()
        self.sold = [self.sell(self.one) for _ in range(capacity - spare)]
        self.one.turn()
        self.three.online = True
        self.turns()

    def turns(self) -> None:
        for town in self.here.towns * 2:
            if town.online:
                town.turn()

    def sell(self, town: Town) -> UUID:
        return town.desk.sold(self.departure, pay=CASH, adult=1).bookings[0].id

    def beyond(self) -> int:
        return int(self.here.place.one("SELECT hub.still_beyond(%s)", self.departure))

    def entries(self) -> list[str]:
        """The kinds of what waits, the same at all desks."""
        found = []
        for town in self.here.towns:
            town.look()
            found.append([str(each.kind) for each in town.desk.services.central.inbox(town.desk.admin)])
        assert found[0] == found[1] == found[2]
        return found[0]

    def taken(self) -> int:
        return int(
            self.here.place.one(
                "SELECT sum(taken) FROM agency.grants WHERE departure_id = %s", self.departure
            )
        )

    def capacity(self) -> int:
        return int(
            self.here.place.one("SELECT capacity FROM agency.departures WHERE id = %s", self.departure)
        )

    def within(self) -> None:
        """Nothing beyond at the hub or any desk, nothing in the inbox, no seat that could be sold."""
        self.turns()
        assert self.beyond() == 0
        assert self.entries() == []
        assert self.taken() <= self.capacity()
        for town in self.here.towns:
            assert town.dump() == self.here.place.dump()
            assert town.desk.services.check.run().problems == ()


def test_cancelling_as_many_makes_it_good_at_all_desks(here: ThreeTowns) -> None:
    oversold = Oversold(here)
    assert (oversold.beyond(), oversold.entries()) == (BEYOND, ["oversale"])
    oversold.three.desk.cancel(oversold.bookings[0])
    oversold.turns()
    assert (oversold.beyond(), oversold.entries()) == (1, ["oversale"])
    oversold.one.desk.cancel(oversold.sold[0])  # of another desk: any of them will do
    oversold.within()
    with pytest.raises(SeatsGone):
        oversold.sell(oversold.three)


def test_what_comes_free_offline_is_not_sold_anew(here: ThreeTowns) -> None:
    oversold = Oversold(here)
    three = oversold.three
    three.online = False
    three.desk.cancel(oversold.bookings[0])
    three.desk.services.sharing.give_back()  # as its schedule does every few seconds
    with pytest.raises(SeatsGone):
        oversold.sell(three)
    three.online = True
    oversold.turns()
    assert oversold.beyond() == 1


def test_whoever_waits_is_not_offered_what_must_be_given_back(here: ThreeTowns) -> None:
    oversold = Oversold(here)
    desk = oversold.three.desk
    traveller = desk.traveller("Nora Lindqvist").id
    desk.services.waiting_list.join(desk.agent, oversold.departure, traveller, Party(1), key=uuid4())
    desk.cancel(oversold.bookings[0])
    assert oversold.three.lies("SELECT state FROM waiting_list") == [("waiting",)]


def test_more_seats_make_it_good_and_nobody_else_is_sold_them(here: ThreeTowns) -> None:
    oversold = Oversold(here)
    two = oversold.two.desk
    with pytest.raises(InvalidInput) as found:
        add_seats(two.database, two.admin, oversold.departure, BEYOND + 1, "A bench more")
    assert found.value.field == "seats"
    assert add_seats(two.database, two.admin, oversold.departure, BEYOND, "A bench more") == 4 + BEYOND
    oversold.within()
    for town in here.towns:
        with pytest.raises(SeatsGone):
            oversold.sell(town)
    with pytest.raises(WrongState):
        add_seats(two.database, two.admin, oversold.departure, 1, "Once more")


def test_two_desks_that_make_it_good_at_once_take_no_seat_from_the_departure(here: ThreeTowns) -> None:
    oversold = Oversold(here)
    one, three = oversold.one, oversold.three
    one.online = three.online = False
    for town, booking in ((one, oversold.sold[0]), (one, oversold.sold[1])):
        town.desk.cancel(booking)
    for booking in oversold.bookings:
        three.desk.cancel(booking)
    assert give_back(one.desk.database) == give_back(three.desk.database) == 1
    one.online = three.online = True
    oversold.within()
    free = here.place.one("SELECT hub.free_seats(%s)", oversold.departure)
    assert (oversold.taken(), free) == (2, 2)
    assert here.place.one("SELECT sum(seats) FROM agency.allowances") == 0


def test_seats_that_another_desk_has_not_sold_make_it_good_by_themselves(here: ThreeTowns) -> None:
    oversold = Oversold(here, spare=1)
    assert oversold.beyond() == 1  # one of two: Kotor had a seat left
    oversold.one.desk.cancel(oversold.sold[0])
    oversold.within()


def test_an_oversale_that_is_left_stays_left(here: ThreeTowns) -> None:
    oversold = Oversold(here)
    service, admin = oversold.two.desk.services.central, oversold.two.desk.admin
    oversold.two.look()
    for entry in service.inbox(admin):
        service.keep_hub(admin, entry.id)
    assert oversold.entries() == []
    assert oversold.beyond() == BEYOND


def test_a_desk_that_forgets_to_give_back_sells_the_seat_twice(
    here: ThreeTowns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: what comes free is free."""
    monkeypatch.setattr("travellr_desktop.services.oversold._give_back", lambda *_: 0)
    oversold = Oversold(here)
    oversold.three.desk.cancel(oversold.bookings[0])
    oversold.sell(oversold.three)
    oversold.turns()
    with pytest.raises(AssertionError):
        oversold.within()
