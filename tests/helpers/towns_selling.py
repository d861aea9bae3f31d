"""What is held, sold, let go and cancelled at three desks."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpers.desk import CASH
from helpers.three_towns import FOREIGN, Town
from helpers.towns_base import NOT_NOW, ONE, TOWN, TownsBase
from travellr_desktop.errors import InvalidInput, SoldElsewhere
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.travellers import TravellerRow


class Selling(TownsBase):
    @rule(at=TOWN, which=ONE, seats=st.integers(1, 4))
    def hold(self, at: int, which: int, seats: int) -> None:
        town = self.towns[at]
        departure = self.of(town, "departures", which)
        if departure is not None:
            with suppress(*NOT_NOW):
                self.holds.append((town, town.desk.hold(departure, adult=seats)))
                self.did("hold")

    @rule(at=TOWN, which=ONE, seats=st.integers(1, 4))
    def sell(self, at: int, which: int, seats: int) -> None:
        town = self.towns[at]
        departure = self.of(town, "departures", which)
        if departure is not None:
            with suppress(*NOT_NOW):
                self._sell(town, town.desk.hold(departure, adult=seats))

    @precondition(lambda self: self.holds)
    @rule(at=TOWN, which=ONE)
    def sell_what_is_held(self, at: int, which: int) -> None:
        """Only the desk that holds it does."""
        town, hold = self.holds[which % len(self.holds)]
        with suppress(*NOT_NOW):
            self._sell(self.towns[at], hold)
            assert self.towns[at] is town, "the seats of another desk were sold"

    def _sell(self, town: Town, hold: HoldView) -> None:
        """Each time to somebody else, so that whoever travels with one vendor is not known to the other."""
        foreign = town.lies(
            "SELECT 1 FROM departures d JOIN trips t ON t.id = d.trip_id WHERE d.id = ? AND t.title LIKE ?",
            hold.departure_id.hex,
            f"{FOREIGN}%",
        )
        name = f"{FOREIGN if foreign else 'Henrik'} {next(self.numbers)}"
        self.sell_to(town, hold, town.desk.traveller(name))
        self.did("sale of another vendor" if foreign else "sale")

    def sell_to(self, town: Town, hold: HoldView, traveller: TravellerRow) -> None:
        outcome = town.desk.sell(hold, pay=CASH, traveller=traveller)
        for booking in outcome.bookings:
            self.known.paid[booking.id] = outcome.total.minor
            self.sold.append((town, booking.id))

    @precondition(lambda self: self.holds)
    @rule(at=TOWN, which=ONE)
    def let_a_hold_go(self, at: int, which: int) -> None:
        """Any desk may."""
        _town, hold = self.holds[which % len(self.holds)]
        with suppress(*NOT_NOW, InvalidInput):
            self.towns[at].desk.services.holds.release(self.towns[at].desk.agent, hold.id)
            self.did("hold let go")

    @precondition(lambda self: self.sold)
    @rule(which=ONE)
    def cancel(self, which: int) -> None:
        """At the desk that sold it."""
        town, booking = self.sold.pop(which % len(self.sold))
        with suppress(*NOT_NOW):
            self.known.back[booking] = town.desk.cancel(booking).back.minor
            self.did("cancellation")

    @precondition(lambda self: self.sold)
    @rule(at=TOWN, which=ONE)
    def cancel_elsewhere(self, at: int, which: int) -> None:
        """No other desk gives anything back of it."""
        town, booking = self.sold[which % len(self.sold)]
        if self.towns[at] is not town and town.id not in self.known.silent:
            with suppress(*NOT_NOW, SoldElsewhere):
                back = self.towns[at].desk.cancel(booking).back.minor
                raise AssertionError(f"{back} of another desk's sale were given back")
