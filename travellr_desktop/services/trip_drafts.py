"""What a trip is asked to be, and whether it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from travellr_desktop.domain import lengths
from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.dues import check_balance_days
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.money import check_bps, decimals
from travellr_desktop.domain.party import TAKES_SEAT, TravellerType
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput
from travellr_desktop.services.catalogue import DEAREST, clean_code, paragraphs
from travellr_desktop.storage.models import Trip

LONGEST_TRIP_MIN = 60 * 24 * 60
LONGEST_MEETING_MIN = 60 * 24
MOST_SEASONS = 60


@dataclass(frozen=True, slots=True)
class SeasonDraft:
    """Local days of departure, both included, with prices of their own in minor units; a type that is left out
    pays the trip's own price."""

    name: str
    first_day: date
    last_day: date
    prices: Mapping[TravellerType, int]


@dataclass(frozen=True, slots=True)
class TripDraft:
    """`prices` in minor units of `currency`; `included` a line each; `duration_min` and `meet_before_min` in minutes;
    `tax_bps` is within the prices, `deposit_bps` of them is the deposit, the
    rest due `balance_days` days before the departure; `code` the agency's own short name, or ""."""

    vendor_id: UUID
    title: str
    place: str
    zone: str
    currency: str
    duration_min: int
    policy: Policy
    prices: Mapping[TravellerType, int]
    takes_seat: Mapping[TravellerType, bool] = field(default_factory=lambda: dict(TAKES_SEAT))
    country: str = ""
    description: str = ""
    meeting_point: str = ""
    meet_before_min: int = 15
    included: tuple[str, ...] = ()
    languages: str = ""
    tax_bps: int = 0
    deposit_bps: int = 3000
    balance_days: int = 30
    code: str = ""
    seasons: tuple[SeasonDraft, ...] = ()


def checked(draft: TripDraft) -> dict[str, Any]:
    """The columns of a trip but vendor and search, cleaned; prices and seasons are checked too.

    Raises `InvalidInput` naming every field at fault: `prices`, or `prices.adult` for one of them, `seasons`,
    `seasons.1` for the second, or with `name`, `last`, `adult` a field of it."""
    faults = Faults()

    def line(field: str, longest: int, *, required: bool = False) -> str:
        return faults.read("", clean_line, getattr(draft, field), field, longest, required)

    fresh = {
        "title": line("title", lengths.TITLE, required=True),
        "place": line("place", lengths.PLACE, required=True),
        "country": line("country", lengths.COUNTRY),
        "description": faults.read("", paragraphs, draft.description, "description", lengths.DESCRIPTION),
        "meeting_point": line("meeting_point", lengths.TITLE),
        "meet_before_min": faults.read(0, _meeting, draft.meet_before_min),
        "included": "\n".join(
            faults.read("", clean_line, each, "included", lengths.TITLE) for each in draft.included
        ),
        "languages": line("languages", lengths.NAME),
        "zone": draft.zone,
        "duration_min": faults.read(1, _duration, draft.duration_min),
        "currency": draft.currency,
        "tax_bps": faults.read(0, check_bps, draft.tax_bps, "tax_bps"),
        "deposit_bps": faults.read(0, check_bps, draft.deposit_bps, "deposit_bps"),
        "balance_days": faults.read(0, check_balance_days, draft.balance_days),
        "policy": draft.policy.to_json(),
        "code": faults.read("", clean_code, draft.code),
    }
    faults.check(zone_of, draft.zone)
    faults.check(decimals, draft.currency)
    faults.check(_check_prices, draft.prices)
    faults.check(_check_seasons, draft)
    faults.end()
    return fresh


def _duration(minutes: int) -> int:
    if not 0 < minutes <= LONGEST_TRIP_MIN:
        raise InvalidInput("A trip lasts a minute to sixty days.", field="duration_min")
    return minutes


def _meeting(minutes: int) -> int:
    if not 0 <= minutes <= LONGEST_MEETING_MIN:
        raise InvalidInput("People meet at the departure, or up to a day before.", field="meet_before_min")
    return minutes


def draft_of(trip: Trip) -> TripDraft:
    """A trip, read whole, as the form that would save it so."""
    return TripDraft(
        vendor_id=trip.vendor_id,
        title=trip.title,
        place=trip.place,
        zone=trip.zone,
        currency=trip.currency,
        duration_min=trip.duration_min,
        policy=Policy.from_json(trip.policy),
        prices={price.traveller_type: price.amount for price in trip.prices},
        takes_seat={price.traveller_type: price.takes_seat for price in trip.prices},
        country=trip.country,
        description=trip.description,
        meeting_point=trip.meeting_point,
        meet_before_min=trip.meet_before_min,
        included=tuple(line for line in trip.included.split("\n") if line),
        languages=trip.languages,
        tax_bps=trip.tax_bps,
        deposit_bps=trip.deposit_bps,
        balance_days=trip.balance_days,
        code=trip.code,
        seasons=tuple(
            SeasonDraft(
                season.name,
                season.first_day,
                season.last_day,
                {price.traveller_type: price.amount for price in season.prices},
            )
            for season in trip.seasons
        ),
    )


def _check_prices(prices: Mapping[TravellerType, int]) -> None:
    if not prices or not all(_is_price(amount) for amount in prices.values()):
        raise InvalidInput(
            "A trip needs a price.",
            hint="Write one for a type of traveller at least, from nothing up.",
            field="prices",
        )


def _check_seasons(draft: TripDraft) -> None:
    if len(draft.seasons) > MOST_SEASONS:
        raise InvalidInput(f"A trip has {MOST_SEASONS} seasons at most.", field="seasons")
    faults = Faults()
    for number, season in enumerate(draft.seasons):
        faults.check(_check_season, season, f"seasons.{number}", draft.prices)
    faults.end()
    for number, other, season in _neighbours(draft.seasons):
        if season.first_day <= other.last_day:
            raise InvalidInput(
                f"“{season.name}” begins on {season.first_day:%d %b %Y}, while “{other.name}” lasts until "
                f"{other.last_day:%d %b %Y}.",
                hint="Seasons of a trip do not overlap: end one before the other begins.",
                field=f"seasons.{number}",
            )


def _check_season(season: SeasonDraft, where: str, prices: Mapping[TravellerType, int]) -> None:
    faults = Faults()
    name = faults.read("The season", clean_line, season.name, f"{where}.name", lengths.NAME)
    if season.last_day < season.first_day:
        faults.add(InvalidInput(f"The last day of “{name}” lies before its first.", field=f"{where}.last"))
    for kind in season.prices:
        if kind not in prices:
            faults.add(
                InvalidInput(
                    f"“{name}” has a price for travellers of type {kind.value}, the trip itself has none.",
                    hint="Give the trip a price for them first.",
                    field=f"{where}.{kind.value}",
                )
            )
    if not season.prices or not all(_is_price(amount) for amount in season.prices.values()):
        faults.add(
            InvalidInput(
                f"“{name}” needs a price, from nothing up.",
                hint="A type without a price of its own pays the trip's.",
                field=f"{where}.{TravellerType.ADULT.value}",
            )
        )
    faults.end()


def _neighbours(seasons: tuple[SeasonDraft, ...]) -> Iterator[tuple[int, SeasonDraft, SeasonDraft]]:
    """Each season beside the one before it in time, with its place in the form."""
    ordered = sorted(enumerate(seasons), key=lambda each: each[1].first_day)
    for (_, earlier), (number, later) in pairwise(ordered):
        yield number, earlier, later


def _is_price(amount: object) -> bool:
    return type(amount) is int and 0 <= amount <= DEAREST
