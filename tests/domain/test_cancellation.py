from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.policies import policies
from travellr_desktop.domain.cancellation import (
    PRESETS,
    KeepAmount,
    KeepShare,
    Policy,
    Quote,
    Tier,
    quote,
)
from travellr_desktop.errors import InvalidInput

KOTOR = "Europe/Podgorica"
DEPARTS = datetime(2026, 6, 19, 6, 30, tzinfo=UTC)  # 08:30 in Kotor
BOOKED = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
ALL, HALF, NOTHING = KeepShare(10_000), KeepShare(5_000), KeepShare(0)

ZONES = [KOTOR, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]


def days(first: int, last: int) -> st.SearchStrategy[datetime]:
    start = datetime(first, 1, 1, tzinfo=UTC)
    minutes = (datetime(last, 12, 31, tzinfo=UTC) - start) // timedelta(minutes=1)
    return st.integers(0, minutes).map(lambda n: start + timedelta(minutes=n))


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of `quote`, but for `now`."""
    departs = draw(days(2025, 2027))
    price = draw(st.integers(0, 20_000))
    return {
        "price": price,
        "deposit": draw(st.integers(0, price)),
        "paid": draw(st.integers(0, price + 500)),
        "currency": "EUR",
        "departs_at": departs,
        "zone": draw(st.sampled_from(ZONES)),
        "booked_at": departs - timedelta(hours=draw(st.integers(0, 2_500))),
    }


def moments(case: dict[str, Any], count: int) -> st.SearchStrategy[list[datetime]]:
    hours = st.floats(0, 110 * 24, allow_nan=False)
    near = st.lists(hours, min_size=count, max_size=count)
    return near.map(
        lambda all_: sorted(case["departs_at"] + timedelta(days=2) - timedelta(hours=h) for h in all_)
    )


def at(policy: Policy | str, now: datetime, **other: Any) -> Quote:
    fields: dict[str, Any] = {
        "price": 11_700,
        "deposit": 3_000,
        "paid": 11_700,
        "currency": "EUR",
        "departs_at": DEPARTS,
        "zone": KOTOR,
        "booked_at": BOOKED,
    }
    return quote(PRESETS[policy] if isinstance(policy, str) else policy, now=now, **fields | other)


# the presets, by hand; deadlines are 08:30 in Kotor, and belong to the cheaper side


@pytest.mark.parametrize(
    ("policy", "deadline", "until", "after"),
    [
        ("flexible", datetime(2026, 6, 18, 6, 30, tzinfo=UTC), 0, 11_700),
        ("moderate", datetime(2026, 6, 15, 6, 30, tzinfo=UTC), 0, 11_700),
        ("strict", datetime(2026, 6, 12, 6, 30, tzinfo=UTC), 0, 5_850),
        ("strict", datetime(2026, 6, 16, 6, 30, tzinfo=UTC), 5_850, 11_700),
        ("tour", datetime(2026, 4, 20, 6, 30, tzinfo=UTC), 3_000, 5_850),
        ("tour", datetime(2026, 5, 20, 6, 30, tzinfo=UTC), 5_850, 11_700),
    ],
)
def test_presets_change_at_their_hour(policy: str, deadline: datetime, until: int, after: int) -> None:
    before, late = at(policy, deadline), at(policy, deadline + TICK)
    assert (before.kept, before.back) == (until, 11_700 - until)
    assert (late.kept, late.back) == (after, 11_700 - after)
    assert before.next_change == deadline
    assert before.next_back == 11_700 - after


@pytest.mark.parametrize("policy", PRESETS)
def test_once_the_trip_began_every_preset_keeps_all(policy: str) -> None:
    after = at(policy, DEPARTS + 30 * DAY)
    assert (after.kept, after.back, after.next_change, after.next_back) == (11_700, 0, None, None)
    assert after.tier == PRESETS[policy].tiers[-1]


# across changes of the clocks: Kotor goes forward on 29 March and back on 25 October 2026, New York on 8 March


@pytest.mark.parametrize(
    ("departs", "zone", "deadline"),
    [
        # 09:00 on 30 March is 09:00 on the 26th: 95 hours
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), KOTOR, datetime(2026, 3, 26, 8, 0, tzinfo=UTC)),
        # 09:00 on 26 October is 09:00 on the 22nd: 97 hours
        (datetime(2026, 10, 26, 8, 0, tzinfo=UTC), KOTOR, datetime(2026, 10, 22, 7, 0, tzinfo=UTC)),
        (
            datetime(2026, 3, 9, 13, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2026, 3, 5, 14, 0, tzinfo=UTC),
        ),
        # 02:30 on 2 April: four days before, 02:30 was skipped, so the moment of the jump
        (datetime(2026, 4, 2, 0, 30, tzinfo=UTC), KOTOR, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # 02:30 on 29 October: four days before, it came twice, so the first
        (datetime(2026, 10, 29, 1, 30, tzinfo=UTC), KOTOR, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_days_are_counted_on_the_clock_of_the_departure(
    departs: datetime, zone: str, deadline: datetime
) -> None:
    case = {"departs_at": departs, "zone": zone}
    assert at("moderate", deadline, **case).kept == 0
    assert at("moderate", deadline + TICK, **case).kept == 11_700
    assert at("moderate", deadline - DAY, **case).next_change == deadline


# fees, grace, deposits


def test_a_fixed_fee_comes_on_top_and_the_price_is_the_limit() -> None:
    policy = Policy("fee", "Fee", (Tier(DAY, HALF), Tier(timedelta(0), ALL)), fixed_fee=500)
    early = at(policy, DEPARTS - 9 * DAY)
    assert (early.kept, early.fixed_fee, early.back) == (6_350, 500, 5_350)
    late = at(policy, DEPARTS)
    assert (late.kept, late.fixed_fee, late.back) == (11_700, 500, 0)
    poor = at(policy, DEPARTS, paid=300)
    assert (poor.kept, poor.fixed_fee, poor.back) == (300, 300, 0)
    assert at(policy, DEPARTS, price=400, paid=400).kept == 400


def test_within_grace_nothing_is_kept_not_even_the_fee() -> None:
    policy = Policy("grace", "Grace", (Tier(timedelta(0), ALL),), fixed_fee=500, grace=DAY)
    end = BOOKED + DAY
    inside = at(policy, end)
    assert (inside.kept, inside.fixed_fee, inside.in_grace, inside.tier) == (0, 0, True, None)
    assert (inside.next_change, inside.next_back) == (end, 0)
    outside = at(policy, end + TICK)
    assert (outside.kept, outside.in_grace, outside.tier) == (11_700, False, policy.tiers[0])


def test_grace_ends_with_the_departure() -> None:
    policy = Policy("grace", "Grace", (Tier(timedelta(0), ALL),), grace=DAY)
    booked = DEPARTS - timedelta(hours=2)
    assert at(policy, DEPARTS, booked_at=booked).back == 11_700
    assert at(policy, DEPARTS, booked_at=booked).next_change == DEPARTS
    assert at(policy, DEPARTS + TICK, booked_at=booked).back == 0


def test_a_later_tier_keeps_no_less_than_an_earlier_one() -> None:
    case = {"deposit": 9_000}
    assert at("tour", DEPARTS - 61 * DAY, **case).kept == 9_000
    half_time = at("tour", DEPARTS - 40 * DAY, **case)
    assert half_time.kept == 9_000  # half would be 5 850
    # and the step that changes nothing is not announced
    assert at("tour", DEPARTS - 61 * DAY, **case).next_change == datetime(2026, 5, 20, 6, 30, tzinfo=UTC)


def test_an_amount_is_kept_as_it_stands() -> None:
    policy = Policy("amount", "Amount", (Tier(timedelta(0), KeepAmount(2_000)),))
    assert at(policy, BOOKED).kept == 2_000
    assert at(policy, BOOKED, price=1_500, paid=1_500).kept == 1_500


def test_who_paid_only_a_deposit_gets_no_more_by_having_paid_less() -> None:
    late = DEPARTS - DAY / 2
    assert at("moderate", late, paid=3_000).kept == 3_000
    assert (
        at("strict", DEPARTS - 5 * DAY, paid=3_000).kept == 3_000
    )  # the fee is half of the price, not of 30.00


@settings(deadline=None)
@given(policies(), cases(), st.data())
def test_no_more_is_kept_than_was_paid_and_nothing_is_lost(
    policy: Policy, case: dict[str, Any], data: st.DataObject
) -> None:
    for now in data.draw(moments(case, 3)):
        found = quote(policy, now=now, **case)
        assert found.kept + found.back == case["paid"]
        assert 0 <= found.fixed_fee <= found.kept <= min(case["paid"], case["price"])
        assert found.in_grace is (found.tier is None)
        assert found.fixed_fee <= policy.fixed_fee
        assert not found.in_grace or found.kept == 0


@settings(deadline=None)
@given(policies(), cases(), st.data())
def test_what_is_kept_never_falls_as_time_passes(
    policy: Policy, case: dict[str, Any], data: st.DataObject
) -> None:
    kept = [quote(policy, now=now, **case).kept for now in data.draw(moments(case, 6))]
    assert kept == sorted(kept)


@settings(deadline=None)
@given(policies(), cases(), st.data())
def test_who_paid_late_gains_nothing(policy: Policy, case: dict[str, Any], data: st.DataObject) -> None:
    (now,) = data.draw(moments(case, 1))
    of_the_price = quote(policy, now=now, **case | {"paid": case["price"]}).kept
    found = quote(policy, now=now, **case)
    assert found.kept == min(case["paid"], of_the_price)


@settings(deadline=None)
@given(policies(), cases(), st.data())
def test_the_next_change_is_the_next_one(policy: Policy, case: dict[str, Any], data: st.DataObject) -> None:
    now, between = data.draw(moments(case, 2))
    found = quote(policy, now=now, **case)
    if found.next_change is None:
        assert found.next_back is None
        assert quote(policy, now=between, **case).kept == found.kept
        return
    assert found.next_change >= now
    assert quote(policy, now=found.next_change, **case).back == found.back
    just_after = quote(policy, now=found.next_change + TICK, **case)
    assert just_after.back == found.next_back
    assert just_after.back < found.back
    if between <= found.next_change:
        assert quote(policy, now=between, **case).kept == found.kept


@pytest.mark.parametrize(
    "wrong", [{"price": -1}, {"deposit": -1}, {"paid": -1}, {"paid": 1.5}, {"currency": "XXX"}]
)
def test_impossible_amounts_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        at("flexible", BOOKED, **wrong)
    assert refusal.value.field == next(iter(wrong))
