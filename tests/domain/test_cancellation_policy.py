from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from helpers.policies import policies
from travellr_desktop.domain.cancellation import (
    LONGEST_BEFORE,
    PRESETS,
    KeepAmount,
    KeepDeposit,
    KeepShare,
    Policy,
    Tier,
    describe,
)
from travellr_desktop.errors import InvalidInput

KOTOR = "Europe/Podgorica"
DEPARTS = datetime(2026, 6, 19, 6, 30, tzinfo=UTC)  # 08:30 in Kotor
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
ALL, HALF, NOTHING = KeepShare(10_000), KeepShare(5_000), KeepShare(0)


# policies as data


@given(policies())
def test_a_policy_survives_being_written_and_read(policy: Policy) -> None:
    assert Policy.from_json(json.loads(json.dumps(policy.to_json()))) == policy


def test_the_written_form_stays_as_it_is_kept_in_bookings() -> None:
    assert PRESETS["tour"].to_json() == {
        "code": "tour",
        "name": "Tour",
        "tiers": [
            {"before_seconds": 5_184_000, "keep": {"kind": "deposit"}},
            {"before_seconds": 2_592_000, "keep": {"kind": "share", "bps": 5_000}},
            {"before_seconds": 0, "keep": {"kind": "share", "bps": 10_000}},
        ],
        "fixed_fee": 0,
        "grace_seconds": 0,
    }


def spoil(change: Callable[[dict[str, Any]], object]) -> Any:
    data = PRESETS["strict"].to_json()
    change(data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        spoil(lambda d: d.update(extra=1)),
        spoil(lambda d: d.pop("fixed_fee")),
        spoil(lambda d: d.update(code=1)),
        spoil(lambda d: d.update(name="  ")),
        spoil(lambda d: d.update(code="")),
        spoil(lambda d: d.update(tiers={})),
        spoil(lambda d: d.update(tiers=[])),
        spoil(lambda d: d["tiers"].pop()),
        spoil(lambda d: d["tiers"].reverse()),
        spoil(lambda d: d["tiers"].insert(0, d["tiers"][0])),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "share", "bps": 5_001})),
        spoil(lambda d: d["tiers"][0].update(before_seconds=-1)),
        spoil(lambda d: d["tiers"][0].update(before_seconds=1.5)),
        spoil(lambda d: d["tiers"][0].update(before_seconds=10**12)),
        spoil(lambda d: d["tiers"][0].update(extra=1)),
        spoil(lambda d: d["tiers"][0].update(keep=None)),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "all"})),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "deposit", "bps": 1})),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "share", "bps": 10_001})),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "share", "bps": True})),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "share"})),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "amount", "minor": -1})),
        spoil(lambda d: d["tiers"][0].update(keep={"kind": "amount", "minor": "1"})),
        spoil(lambda d: d.update(fixed_fee=-1)),
        spoil(lambda d: d.update(fixed_fee=True)),
        spoil(lambda d: d.update(grace_seconds=-1)),
        spoil(lambda d: d.update(grace_seconds="1")),
    ],
    ids=str,
)
def test_what_is_no_policy_is_refused(data: object) -> None:
    with pytest.raises(InvalidInput):
        Policy.from_json(data)


@pytest.mark.parametrize("before", [-DAY, LONGEST_BEFORE + DAY, TICK])
def test_tiers_and_grace_have_limits_and_whole_seconds(before: timedelta) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Tier(before, ALL)
    assert refusal.value.field == "tiers"
    with pytest.raises(InvalidInput) as refusal:
        Policy("x", "X", (Tier(timedelta(0), ALL),), grace=before)
    assert refusal.value.field == "grace"


# in words


@pytest.mark.parametrize(
    ("policy", "first", "second"),
    [
        ("flexible", "Free until Thu 18 Jun, 08:30", "From then on the whole price is kept"),
        ("moderate", "Free until Mon 15 Jun, 08:30", "From then on the whole price is kept"),
        (
            "strict",
            "Free until Fri 12 Jun, 08:30",
            "From then on half of the price is kept, from Tue 16 Jun, 08:30 the whole price",
        ),
        (
            "tour",
            "The deposit is kept until Mon 20 Apr, 08:30",
            "From then on half of the price (at least the deposit) is kept, from Wed 20 May, 08:30 the whole price",
        ),
    ],
)
def test_a_policy_fits_on_two_lines_of_a_voucher(policy: str, first: str, second: str) -> None:
    assert describe(PRESETS[policy], DEPARTS, KOTOR) == (first, second)


def test_a_time_that_is_over_is_not_offered() -> None:
    free, then = describe(PRESETS["flexible"], DEPARTS, KOTOR)
    assert free == "Free until Thu 18 Jun, 08:30"
    deadline = DEPARTS - DAY
    assert describe(PRESETS["flexible"], DEPARTS, KOTOR, now=deadline) == (free, then)
    late = describe(PRESETS["flexible"], DEPARTS, KOTOR, now=deadline + TICK)
    assert late == ("The whole price is kept", "")
    assert describe(PRESETS["flexible"], DEPARTS, KOTOR, now=DEPARTS + DAY) == late
    first, second = describe(PRESETS["tour"], DEPARTS, KOTOR, now=DEPARTS - 31 * DAY)
    assert first == "Half of the price (at least the deposit) is kept until Wed 20 May, 08:30"
    assert second == "From then on the whole price is kept"


def test_dates_are_in_the_readers_language_and_name_another_year() -> None:
    departs = datetime(2027, 1, 2, 8, 0, tzinfo=UTC)
    assert describe(PRESETS["moderate"], departs, KOTOR)[0] == "Free until Tue 29 Dec 2026, 09:00"
    assert "Mo. 15 Juni, 08:30" in describe(PRESETS["moderate"], DEPARTS, KOTOR, "de_DE")[0]


def test_fees_amounts_and_grace_are_named() -> None:
    policy = Policy(
        "mixed",
        "Mixed",
        (Tier(7 * DAY, NOTHING), Tier(DAY, KeepAmount(2_000)), Tier(timedelta(0), KeepShare(7_550))),
        fixed_fee=500,
        grace=timedelta(hours=24),
    )
    assert describe(policy, DEPARTS, KOTOR, currency="EUR") == (
        "A fee of €5.00 is kept until Fri 12 Jun, 08:30",
        (
            "From then on €20.00 and a fee of €5.00 is kept, "
            "from Thu 18 Jun, 08:30 75.5 % of the price and a fee of €5.00 (at least €20.00). "
            "Free within 24 h of booking"
        ),
    )
    first, second = describe(policy, DEPARTS, KOTOR)
    assert first == "A fee of a fixed amount is kept until Fri 12 Jun, 08:30"
    assert "From then on a fixed amount and a fee of a fixed amount is kept" in second


def test_a_single_tier_and_a_short_grace_read_well_too() -> None:
    lasting = Policy("none", "None", (Tier(timedelta(0), KeepAmount(0)),))
    assert describe(lasting, DEPARTS, KOTOR) == ("Free until Fri 19 Jun, 08:30", "")
    brief = Policy("all", "All", (Tier(timedelta(0), ALL),), grace=timedelta(minutes=30))
    assert describe(brief, DEPARTS, KOTOR) == (
        "The whole price is kept until Fri 19 Jun, 08:30",
        "Free just after booking",
    )


def test_what_an_earlier_tier_keeps_is_named_where_it_may_be_more() -> None:
    policy = Policy(
        "x", "X", (Tier(9 * DAY, KeepDeposit()), Tier(DAY, KeepAmount(500)), Tier(timedelta(0), NOTHING))
    )
    assert describe(policy, DEPARTS, KOTOR, currency="EUR")[1] == (
        "From then on €5.00 (at least the deposit) is kept, from Thu 18 Jun, 08:30 the deposit or €5.00"
    )
    still_free = Policy("x", "X", (Tier(9 * DAY, NOTHING), Tier(timedelta(0), KeepAmount(0))))
    assert describe(still_free, DEPARTS, KOTOR)[1] == "From then on nothing is kept"
