"""An agency with a year behind it: vendors in three currencies and what they sold in cash, cancelled ones and those who
never came among it, written in bulk as the services write it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from helpers.clock import START, HandClock
from helpers.desk import Desk, desk_at
from travellr_desktop.demo.large.books import Books
from travellr_desktop.demo.large.facts import TripFacts
from travellr_desktop.demo.large.season import Season
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.services.trips import TripDraft
from travellr_desktop.services.upkeep import EVENTS_KEPT
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.bulk import BulkFile

CURRENCIES = ("EUR", "JPY", "KWD")
"""Two decimals, none, three."""

LONG = timedelta(days=365)
_ADULT = {"EUR": 4_537, "JPY": 7_411, "KWD": 13_339}
_ZONES = {"EUR": "Europe/Podgorica", "JPY": "Asia/Tokyo", "KWD": "Asia/Kuwait"}
_RATES = (1_337, 2_000, 1_750, 2_499)
_POLICIES = ("flexible", "moderate", "strict", "tour")
_FEES = {"EUR": 257, "JPY": 301, "KWD": 1_003}
_TYPES = (TravellerType.ADULT, TravellerType.CHILD, TravellerType.INFANT)


@dataclass(frozen=True)
class Size:
    """`sold` is how many sales a week are played by the services, after the year."""

    vendors: int
    bookings: int
    sold: int


def made(folder: Path, size: Size, seed: int) -> None:
    """A new profile: a year until the day before `START`, and some months of sales for trips to come."""
    rng = Random(f"year/{seed}")
    end = datetime.combine(START.date(), time(), tzinfo=UTC) - timedelta(days=1)
    first = end - LONG
    with desk_at(folder, HandClock(first - timedelta(days=1))) as desk:
        trips = _catalogue(desk, size.vendors, rng)
        seller = desk.agent.user_id
    assert seller is not None
    rng.shuffle(trips)
    file = BulkFile(folder / "travellr.db")
    try:
        books = Books(file, rng, worker="year", told_after=end - EVENTS_KEPT)
        Season(books, trips, [seller.hex], rng, first=first.date(), end=end, bookings=size.bookings).play(
            lambda _: file.flush()
        )
        file.finish()
    finally:
        file.close()


def currencies_of(number: int) -> Sequence[str]:
    """What a vendor sells in: one currency, every fifth vendor all three."""
    return CURRENCIES if number % 5 == 0 else (CURRENCIES[number % 3],)


def _catalogue(desk: Desk, vendors: int, rng: Random) -> list[TripFacts]:
    trips = []
    for number in range(vendors):
        vendor = VendorDraft(
            f"Vendor {number:03}", commission_bps=rng.choice(_RATES), holdback_days=number % 4
        )
        vendor_id = desk.services.vendors.create(desk.admin, vendor)
        for place, currency in enumerate((*currencies_of(number), *currencies_of(number)[:1])):
            draft = _trip(vendor_id, currency, number + place, rng)
            trips.append(_facts(desk.services.trips.create(desk.admin, draft), draft, vendor))
    return trips


def _trip(vendor_id: UUID, currency: str, number: int, rng: Random) -> TripDraft:
    adult = _ADULT[currency] + rng.randrange(0, 900)
    policy = PRESETS[_POLICIES[number % 4]]
    return TripDraft(
        vendor_id=vendor_id,
        title=f"Trip {number}",
        place="Kotor",
        zone=_ZONES[currency],
        currency=currency,
        duration_min=rng.choice((90, 180, 600)),
        policy=replace(policy, fixed_fee=_FEES[currency]) if number % 3 == 1 else policy,
        prices=dict(zip(_TYPES, (adult, adult // 2 + 1, 0), strict=True)),
        meeting_point="Riva",
        tax_bps=2_100,
        deposit_bps=3_000 if number % 2 else 0,
        balance_days=1 if number % 2 else 0,
    )


def _facts(trip_id: UUID, draft: TripDraft, vendor: VendorDraft) -> TripFacts:
    return TripFacts(
        id=trip_id.hex,
        vendor_id=draft.vendor_id.hex,
        currency=draft.currency,
        zone=draft.zone,
        duration=timedelta(minutes=draft.duration_min),
        tax_bps=draft.tax_bps,
        deposit_bps=draft.deposit_bps,
        balance_days=draft.balance_days,
        commission_bps=vendor.commission_bps,
        holdback_days=vendor.holdback_days,
        policy_text=json.dumps(draft.policy.to_json()),
        policy=draft.policy,
        prices=dict(draft.prices),
        takes_seat={kind: draft.takes_seat[kind] for kind in draft.prices},
    )
