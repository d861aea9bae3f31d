"""Cash sales, one after the other, on departures of their own."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from helpers.desk import CASH, Desk
from travellr_desktop.domain.party import Party
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import Sell, SellLine

SEATS = 40
PARTY = Party(adult=2)


class SellingOn:
    """At a desk that is there for so many sales."""

    def __init__(self, desk: Desk, sales: int) -> None:
        self._desk = desk
        self._buyer = desk.traveller("Henrik Söderberg").id
        first = desk.clock.now().date() + timedelta(days=30)
        days = sales * PARTY.pax // SEATS + 1
        departures = [
            desk.add_departure(day=first + timedelta(days=day), capacity=SEATS) for day in range(days)
        ]
        self._places = (place for place in departures for _ in range(SEATS // PARTY.pax))

    def sale(self) -> SaleOutcome:
        services, agent = self._desk.services, self._desk.agent
        hold = services.holds.hold(agent, next(self._places), PARTY, key=uuid4())
        return services.sales.sell(agent, Sell((SellLine(hold.id),), self._buyer, CASH), key=uuid4())
