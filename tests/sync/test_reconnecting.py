"""Three desks sell their last seats offline, one cancels, one cuts the capacity; the first to come back writes the last
one off and sells what that frees. In whatever order they come back, every op has one outcome, the books are whole, no
more is sold than there is but for what the written-off desk had sold, and all are of one mind."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from helpers.desk import CASH
from helpers.naive_sync import capacity_unguarded
from helpers.three_towns import DAY, ThreeTowns, Town
from helpers.towns_proved import Known, nothing_is_oversold, proved
from travellr_desktop.errors import SeatsGone
from travellr_desktop.services.central.views import ChoiceKind
from travellr_desktop.services.letting_go import let_go

CAPACITY = 8
HELD = (3, 3, 2)
ORDERS = list(permutations(range(3)))


class Offline:
    """The departure, and what was done at the counters."""

    def __init__(self, here: ThreeTowns) -> None:
        self.here = here
        self.known = Known()
        one = here.towns[0].desk
        trip = UUID(here.towns[0].lies("SELECT id FROM trips")[0][0])
        self.departure = one.add_departure(trip, day=DAY + timedelta(days=1), capacity=CAPACITY)
        self.turns()
        holds = [
            town.desk.hold(self.departure, adult=seats) for town, seats in zip(here.towns, HELD, strict=True)
        ]
        for town, hold in zip(here.towns, holds, strict=True):
            town.desk.services.holds.release(town.desk.agent, hold.id)
        here.place.connection.execute("DELETE FROM hub.grants_asked")  # nobody lacks any now
        self.turns()
        one.services.timetable.set_capacity(one.admin, self.departure, CAPACITY + 1)
        assert let_go(one.database, self.departure, 1) == 1  # and is nobody's
        self.turns()
        grants = here.place.connection.execute(
            "SELECT g.seats FROM agency.grants g JOIN agency.desks d ON d.id = g.desk_id "
            "WHERE g.departure_id = %s ORDER BY d.number",
            (self.departure,),
        )
        self.granted = [row[0] for row in grants]
        assert sum(self.granted) == CAPACITY and len(self.granted) == 3 and min(self.granted) > 0

    def turns(self) -> None:
        for town in self.here.towns * 2:
            town.turn()

    def sell(self, town: Town) -> UUID:
        outcome = town.desk.sold(self.departure, pay=CASH, adult=1)
        (booking,) = outcome.bookings
        self.known.paid[booking.id] = outcome.total.minor
        return booking.id

    def sell_out(self, town: Town) -> int:
        """Until there is nothing to be had."""
        for sold in range(CAPACITY + 2):
            try:
                self.sell(town)
            except SeatsGone:
                return sold
        raise AssertionError("it never ends")

    def day(self) -> None:
        """Everybody is cut off, and sells all that they have."""
        for town in self.here.towns:
            town.online = False
        one, two, three = self.here.towns
        for town, seats in zip(self.here.towns, self.granted, strict=True):
            assert self.sell_out(town) == seats
        booking = next(iter(self.known.paid))
        self.known.back[booking] = one.desk.cancel(booking).back.minor
        # what is nobody's may be cut: here nobody has it
        two.desk.services.timetable.set_capacity(two.desk.admin, self.departure, CAPACITY)
        three.desk.traveller("Petra Novak")

    def back(self, town: Town) -> None:
        town.online = True
        town.turn()
        self.sell_out(town)
        town.turn()

    def write_off(self, silent: Town, by: Town) -> None:
        self.known.silent.add(silent.id)
        by.hub._connection.execute("SELECT api.write_off(%s, %s)", (silent.id, by.desk.admin.user_id))

    def come_back(self, *order: int) -> None:
        """The first one finds the last one silent."""
        towns = [self.here.towns[number] for number in order]
        towns[0].online = True
        towns[0].turn()
        self.write_off(towns[-1], towns[0])
        for town in towns[:-1]:
            self.back(town)

    def settle(self) -> set[str]:
        """Everything in the inbox is given up, or seen. Returns what kinds there were."""
        kinds: set[str] = set()
        for _ in range(10):
            self.turns()
            town = self.here.towns[0]
            town.look()
            service = town.desk.services.central
            found = service.inbox(town.desk.admin)
            if not found:
                return kinds
            for entry in found[:1]:
                kinds.add(str(entry.kind))
                can = {choice.kind for choice in entry.choices if not choice.off}
                if ChoiceKind.DROP in can:
                    service.drop(town.desk.admin, entry.id, "There is no such seat")
                else:
                    service.keep_hub(town.desk.admin, entry.id)
        raise AssertionError(f"the inbox is never empty: {found}")


@pytest.mark.parametrize("order", ORDERS)
def test_in_whatever_order_they_come_back(here: ThreeTowns, order: tuple[int, ...]) -> None:
    offline = Offline(here)
    offline.day()
    offline.come_back(*order)
    nothing_is_oversold(here, offline.known)
    offline.back(here.towns[order[-1]])
    kinds = offline.settle()
    assert "oversale" in kinds, "what the written-off desk had sold was to be too much"
    proved(here, offline.known)
    beyond = here.place.one("SELECT sum(seats) FROM agency.allowances")
    assert 0 < beyond <= offline.granted[order[-1]]


def test_a_capacity_that_nobody_guards_is_cut_below_what_was_sold(here: ThreeTowns) -> None:
    capacity_unguarded(here.place)
    offline = Offline(here)
    offline.day()
    offline.come_back(0, 1, 2)
    with pytest.raises(AssertionError):
        nothing_is_oversold(here, offline.known)
