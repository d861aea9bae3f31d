"""What a trip costs on a day: its own prices, or those of the season that the day is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.models import Trip
from travellr_desktop.storage.repositories.on_sale import OnSale, Price, Season


@dataclass(frozen=True, slots=True)
class PriceList:
    """For one traveller of each type that the trip takes: the price, tax included, and whether they take a seat."""

    currency: str
    prices: Mapping[TravellerType, Money]
    takes_seat: Mapping[TravellerType, bool]
    season: str = ""


def price_list(trip: Trip, day: date) -> PriceList:
    """The prices of a trip, read whole (`trips.get_full`), for a departure on that local day."""
    own = [Price(price.traveller_type, price.amount, price.takes_seat) for price in trip.prices]
    seasons = [
        Season(s.name, s.first_day, s.last_day, {price.traveller_type: price.amount for price in s.prices})
        for s in trip.seasons
    ]
    return _on_day(trip.currency, own, seasons, day)


def prices_on_sale(offer: OnSale) -> PriceList:
    """The prices of a departure that is on sale."""
    return _on_day(offer.currency, offer.prices, offer.seasons, offer.local_day)


def _on_day(currency: str, own: Sequence[Price], seasons: Sequence[Season], day: date) -> PriceList:
    """A type that the season leaves out costs what it always does."""
    season = next((each for each in seasons if each.first_day <= day <= each.last_day), None)
    other = {} if season is None else season.prices
    return PriceList(
        currency=currency,
        prices={each.kind: Money(other.get(each.kind, each.amount), currency) for each in own},
        takes_seat={each.kind: each.takes_seat for each in own},
        season="" if season is None else season.name,
    )


def one_currency(currencies: Iterable[str]) -> None:
    """Raises `InvalidInput` for a basket in several."""
    found = sorted(set(currencies))
    if len(found) > 1:
        raise InvalidInput(
            f"A sale is in one currency; these are in {' and '.join(found)}.",
            field="basket",
            hint="Sell them one after the other.",
        )
