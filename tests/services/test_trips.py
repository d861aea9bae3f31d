"""Trips: texts, prices, seasons and terms; a booking that was made keeps its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from helpers.catalogue import audit_of, draft, problems, the_trip
from helpers.desk import CASH, Desk
from travellr_desktop.domain.cancellation import PRESETS, KeepAmount, KeepShare, Policy, Tier
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, SalesClosed
from travellr_desktop.services.catalogue import InUse
from travellr_desktop.services.trips import SeasonDraft
from travellr_desktop.services.vendors import VendorDraft

ADULT, CHILD, INFANT = TravellerType
OWN = Policy(
    "own",
    "Boat rule",
    (
        Tier(timedelta(days=10), KeepShare(0)),
        Tier(timedelta(days=2), KeepShare(3000)),
        Tier(timedelta(0), KeepAmount(9000)),
    ),
    fixed_fee=500,
)
AUGUST = SeasonDraft("August", date(2026, 8, 1), date(2026, 8, 31), {ADULT: 6000})
EASTER = SeasonDraft("Easter", date(2027, 3, 26), date(2027, 3, 29), {ADULT: 5000, CHILD: 3000})


def test_all_of_a_trip_can_be_changed_and_reads_back_as_saved(desk: Desk) -> None:
    wanted = draft(
        desk,
        title="Blue Cave by boat",
        place="Perast",
        country="Montenegro",
        zone="Europe/Rome",
        description="Two hours.\nBring a towel.",
        meeting_point="Pier 3",
        meet_before_min=20,
        included=("Guide", "Life vest"),
        languages="en, de",
        duration_min=240,
        tax_bps=700,
        deposit_bps=5000,
        policy=OWN,
        code="BLUE",
        prices={ADULT: 4800, CHILD: 2400},
        takes_seat={ADULT: True, CHILD: False},
        seasons=(EASTER, AUGUST),
    )
    saved = desk.services.trips.update(desk.admin, the_trip(desk), wanted)
    assert saved.draft == replace(wanted, seasons=(AUGUST, EASTER))
    assert desk.services.trips.detail(desk.admin, the_trip(desk)).draft == saved.draft
    action, detail = audit_of(desk, the_trip(desk))[-1]
    assert action == "trip.update"
    assert detail["before"]["prices"] == {"adult": 4500, "child": 2700, "infant": 0}
    assert detail["after"]["seasons"][0]["name"] == "August"
    assert "currency" not in detail["after"]
    assert problems(desk) == []


def test_a_booking_keeps_price_tax_and_policy_and_new_ones_have_the_new(desk: Desk) -> None:
    departure = desk.add_departure()
    desk.sold(departure, pay=CASH, adult=1)
    terms: dict[str, Any] = {"prices": {ADULT: 5100}, "tax_bps": 700, "policy": OWN}
    saved = desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, **terms))
    assert saved.frozen == 1
    desk.sold(departure, pay=CASH, adult=1)
    with desk.database.read() as view:
        rows, _ = view.bookings.find_all()
        assert [(row.price, row.tax_bps, row.policy["name"]) for row in rows] == [
            (4500, 2100, "Moderate"),
            (5100, 700, "Boat rule"),
        ]
    assert problems(desk) == []


def test_a_season_has_its_price_on_its_days_and_types_without_one_pay_as_ever(desk: Desk) -> None:
    desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, seasons=(AUGUST,)))
    totals = [
        desk.services.departures.offer(desk.agent, desk.add_departure(day=day), Party(1, 1)).total
        for day in (date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 31), date(2026, 9, 1))
    ]
    assert [total.minor for total in totals if total is not None] == [7200, 8700, 8700, 7200]


@pytest.mark.parametrize(
    ("seasons", "field"),
    [
        (
            (AUGUST, replace(AUGUST, name="Late", first_day=date(2026, 8, 31), last_day=date(2026, 9, 9))),
            "seasons.1",
        ),
        (
            (replace(AUGUST, name="Late", first_day=date(2026, 8, 31), last_day=date(2026, 9, 9)), AUGUST),
            "seasons.0",
        ),
        ((AUGUST, AUGUST), "seasons.1"),
        ((replace(AUGUST, last_day=date(2026, 7, 31)),), "seasons.0.last"),
        ((replace(AUGUST, name=" "),), "seasons.0.name"),
        ((replace(AUGUST, prices={}),), "seasons.0.adult"),
        ((replace(AUGUST, prices={ADULT: -1}),), "seasons.0.adult"),
        (tuple(replace(AUGUST, name=f"{n}") for n in range(61)), "seasons"),
    ],
)
def test_seasons_that_cannot_be_are_refused_at_the_right_one(desk: Desk, seasons: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, seasons=seasons))
    assert refusal.value.field == field
    assert desk.services.trips.detail(desk.admin, the_trip(desk)).draft.seasons == ()


def test_a_season_for_a_type_that_the_trip_does_not_take_is_refused(desk: Desk) -> None:
    wanted = draft(desk, prices={ADULT: 4500}, seasons=(EASTER,))
    with pytest.raises(InvalidInput, match="type child"):
        desk.services.trips.update(desk.admin, the_trip(desk), wanted)


def test_seasons_that_move_past_each_other_are_saved_in_one_go(desk: Desk) -> None:
    after = replace(AUGUST, name="September", first_day=date(2026, 9, 1), last_day=date(2026, 9, 30))
    desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, seasons=(AUGUST, after)))
    swapped = (replace(AUGUST, name="September"), replace(after, name="August"))
    saved = desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, seasons=swapped))
    assert saved.draft.seasons == swapped
    assert problems(desk) == []


def test_vendor_and_currency_stay_once_something_was_held(desk: Desk) -> None:
    other = desk.services.vendors.create(desk.admin, VendorDraft("Nomad"))
    moved = desk.services.trips.update(
        desk.admin, the_trip(desk), draft(desk, vendor_id=other, currency="GBP")
    )
    assert (moved.vendor_name, moved.draft.currency) == ("Nomad", "GBP")
    desk.hold(desk.add_departure())
    for more in ({"currency": "EUR"}, {"vendor_id": desk.vendor_id}):
        with pytest.raises(InUse):
            desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, **more))
    desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, title="Another title"))


def test_who_began_from_something_else_is_told(desk: Desk) -> None:
    before = draft(desk)
    desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, seasons=(AUGUST,)))
    with pytest.raises(ChangedMeanwhile):
        desk.services.trips.update(desk.admin, the_trip(desk), replace(before, title="T"), before=before)


def test_a_code_is_given_once(desk: Desk) -> None:
    desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, code="blue"))
    with pytest.raises(InvalidInput, match="Blue Cave and Perast") as refusal:
        desk.add_trip("Another", code="BLUE")
    assert refusal.value.field == "code"


def test_a_trip_that_is_not_offered_is_not_found_at_the_desk_and_what_is_sold_stays(desk: Desk) -> None:
    sold = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    with pytest.raises(InUse, match="1 booking of departures to come"):
        desk.services.trips.deactivate(desk.admin, the_trip(desk))
    done = desk.services.trips.deactivate(desk.admin, the_trip(desk), sold_stays=True)
    assert (done.use.live, done.trips) == (1, ())
    assert desk.services.departures.places(desk.agent) == ()
    assert desk.services.bookings.detail(desk.agent, sold).status == "confirmed"
    desk.services.trips.activate(desk.admin, the_trip(desk))
    assert desk.services.departures.places(desk.agent) == ("Kotor",)


def test_of_a_trip_that_is_not_offered_nothing_new_is_held_and_what_is_held_is_sold(desk: Desk) -> None:
    departure = desk.add_departure()
    held = desk.hold(departure)
    desk.services.trips.deactivate(desk.admin, the_trip(desk), sold_stays=True)
    with pytest.raises(SalesClosed):
        desk.hold(departure)
    desk.sell(held, pay=CASH)
    desk.services.trips.activate(desk.admin, the_trip(desk))
    desk.hold(departure)
    assert problems(desk) == []


def test_every_preset_and_an_own_policy_can_be_chosen(desk: Desk) -> None:
    for policy in (*PRESETS.values(), OWN):
        saved = desk.services.trips.update(desk.admin, the_trip(desk), draft(desk, policy=policy))
        assert saved.draft.policy == policy


def test_everything_that_is_wrong_with_a_trip_is_told_at_once(desk: Desk) -> None:
    seasons = (replace(AUGUST, name="", last_day=date(2026, 7, 31), prices={}), AUGUST)
    wrong = draft(
        desk, title=" ", code="A B", duration_min=0, tax_bps=-1, country="W" * 81, prices={}, seasons=seasons
    )
    with pytest.raises(InvalidInput) as refusal:
        desk.services.trips.update(desk.admin, the_trip(desk), wrong)
    assert [each.field for each in refusal.value.together] == [
        "title", "country", "duration_min", "tax_bps", "code", "prices",
        "seasons.0.name", "seasons.0.last", "seasons.0.adult", "seasons.1.adult",
    ]  # fmt: skip
