"""What a trip costs on a day: its own prices, or those of the season that the day is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.storage.models import Trip


@dataclass(frozen=True, slots=True)
class PriceList:
    """For one traveller of each type that the trip takes: the price, tax included, and whether they take a seat."""

    currency: str
    prices: Mapping[TravellerType, Money]
    takes_seat: Mapping[TravellerType, bool]
    season: str = ""


def price_list(trip: Trip, day: date) -> PriceList:
    """The prices of a trip, read whole (`trips.get_full`), for a departure on that local day."""
    season = next((s for s in trip.seasons if s.first_day <= day <= s.last_day), None)
    prices = {price.traveller_type: price.amount for price in trip.prices}
    if season is not None:
        own = {price.traveller_type: price.amount for price in season.prices}
        prices = {kind: own.get(kind, amount) for kind, amount in prices.items()}
    return PriceList(
        currency=trip.currency,
        prices={kind: Money(amount, trip.currency) for kind, amount in prices.items()},
        takes_seat={price.traveller_type: price.takes_seat for price in trip.prices},
        season="" if season is None else season.name,
    )
