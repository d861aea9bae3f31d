from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.policies import policies
from travellr_desktop.domain.cancellation import PRESETS, KeepAmount, KeepShare, Policy, Tier, quote
from travellr_desktop.domain.refund_quote import (
    Booked,
    LineQuote,
    RefundStep,
    all_kept,
    refund_quote,
    refund_steps,
)
from travellr_desktop.errors import InvalidInput

KOTOR = "Europe/Podgorica"
DEPARTS = datetime(2026, 6, 19, 6, 30, tzinfo=UTC)  # 08:30 in Kotor
BOOKED = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
STRICT, TOUR = PRESETS["strict"], PRESETS["tour"]
FIVE_DAYS_BEFORE = DEPARTS - 5 * DAY


def booked(policy: Policy = STRICT, **other: Any) -> Booked:
    fields: dict[str, Any] = {
        "prices": (4_800, 4_800, 2_600),
        "deposit": 0,
        "paid": 12_200,
        "currency": "EUR",
        "departs_at": DEPARTS,
        "zone": KOTOR,
        "booked_at": BOOKED,
    }
    return Booked(policy=policy, **fields | other)


@st.composite
def bookings(draw: st.DrawFn) -> Booked:
    prices = draw(st.lists(st.integers(0, 9_000), min_size=1, max_size=5))
    departs = DEPARTS + timedelta(hours=draw(st.integers(0, 9_000)))
    return Booked(
        policy=draw(policies()),
        prices=prices,
        deposit=draw(st.integers(0, sum(prices))),
        paid=draw(st.integers(0, sum(prices) + 500)),
        currency="EUR",
        departs_at=departs,
        zone=draw(st.sampled_from([KOTOR, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])),
        booked_at=departs - timedelta(hours=draw(st.integers(0, 2_500))),
    )


def choices(case: Booked) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(0, len(case.prices) - 1), min_size=1)


def moments(case: Booked) -> st.SearchStrategy[datetime]:
    return st.integers(0, 110 * 24 * 60).map(
        lambda minutes: case.departs_at + 2 * DAY - timedelta(minutes=minutes)
    )


# by the policy, by hand


def test_half_of_each_traveller_is_kept_five_days_before() -> None:
    found = refund_quote(booked(), now=FIVE_DAYS_BEFORE)
    assert found.lines == (
        LineQuote(0, 4_800, 4_800, 2_400, 0),
        LineQuote(1, 4_800, 4_800, 2_400, 0),
        LineQuote(2, 2_600, 2_600, 1_300, 0),
    )
    assert [line.back for line in found.lines] == [2_400, 2_400, 1_300]
    assert (found.paid, found.kept, found.back, found.goodwill) == (12_200, 6_100, 6_100, 0)
    assert not found.in_grace
    # from three days before on all is kept
    assert (found.next_change, found.next_kept) == (datetime(2026, 6, 16, 6, 30, tzinfo=UTC), 12_200)


def test_two_of_three_travellers_leave() -> None:
    found = refund_quote(booked(), now=FIVE_DAYS_BEFORE, chosen=[2, 0, 2])
    assert [(line.index, line.kept, line.back) for line in found.lines] == [
        (0, 2_400, 2_400),
        (2, 1_300, 1_300),
    ]
    assert (found.paid, found.kept, found.back) == (7_400, 3_700, 3_700)


def test_a_deposit_that_was_paid_counts_for_each_in_proportion() -> None:
    """A tour of three at 100.00, of which 90.00 were paid as the deposit: 30.00 for each, and all of it is kept."""
    tour = booked(TOUR, prices=(10_000,) * 3, deposit=9_000, paid=9_000)
    early = refund_quote(tour, now=DEPARTS - 70 * DAY, chosen=[1])
    assert (early.lines[0].paid, early.kept, early.back) == (3_000, 3_000, 0)
    # half of 100.00 would be kept of each, but no more than was paid
    assert refund_quote(tour, now=DEPARTS - 40 * DAY, chosen=[1]).kept == 3_000
    in_full = booked(TOUR, prices=(10_000,) * 3, deposit=9_000, paid=30_000)
    assert refund_quote(in_full, now=DEPARTS - 70 * DAY, chosen=[1]).kept == 3_000
    assert refund_quote(in_full, now=DEPARTS - 40 * DAY, chosen=[1]).kept == 5_000
    assert refund_quote(in_full, now=DEPARTS - DAY, chosen=[1]).back == 0


def test_within_the_time_of_grace_all_goes_back() -> None:
    policy = Policy("g", "Grace", STRICT.tiers, fixed_fee=500, grace=timedelta(hours=24))
    case = booked(policy, booked_at=DEPARTS - DAY)
    grace = refund_quote(case, now=DEPARTS - timedelta(hours=1))
    assert (grace.in_grace, grace.tier, grace.kept, grace.back) == (True, None, 0, 12_200)
    assert (grace.next_change, grace.next_kept) == (DEPARTS, 12_200)
    assert refund_quote(case, now=DEPARTS + TICK).back == 0


def test_a_fixed_fee_of_the_booking_is_the_agencys_and_falls_on_its_lines() -> None:
    policy = Policy("f", "Fee", (Tier(timedelta(0), KeepShare(0)),), fixed_fee=1_000)
    found = refund_quote(booked(policy), now=FIVE_DAYS_BEFORE)
    assert [(line.kept, line.fixed_fee) for line in found.lines] == [(394, 394), (393, 393), (213, 213)]
    assert found.to_post().fixed_fee == found.kept == 1_000


def test_what_was_paid_beyond_the_price_goes_back_with_the_last() -> None:
    case = booked(paid=12_700)
    assert (refund_quote(case, now=FIVE_DAYS_BEFORE).over, refund_quote(case, now=FIVE_DAYS_BEFORE).back) == (
        500,
        6_600,
    )
    assert refund_quote(case, now=FIVE_DAYS_BEFORE, chosen=[0, 1]).over == 0
    free = booked(prices=(0, 0), paid=700)
    assert (refund_quote(free, now=DEPARTS).back, refund_quote(free, now=DEPARTS, chosen=[0]).back) == (
        700,
        0,
    )


# daylight saving


@pytest.mark.parametrize(
    ("departs", "deadline"),
    [
        # 09:00 in Kotor on 30 March 2026: three days before is 09:00 of winter time
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), datetime(2026, 3, 27, 8, 0, tzinfo=UTC)),
        # 09:00 on 26 October: three days before is 09:00 of summer time
        (datetime(2026, 10, 26, 8, 0, tzinfo=UTC), datetime(2026, 10, 23, 7, 0, tzinfo=UTC)),
    ],
)
def test_deadlines_are_clock_times_of_the_departures_zone(departs: datetime, deadline: datetime) -> None:
    case = booked(departs_at=departs)
    assert refund_quote(case, now=deadline).back == 6_100
    assert refund_quote(case, now=deadline + TICK).back == 0
    # on Bali no clock changes
    bali = booked(departs_at=departs, zone="Asia/Makassar")
    assert refund_quote(bali, now=departs - 3 * DAY).back == 6_100
    assert refund_quote(bali, now=departs - 3 * DAY + TICK).back == 0


# on another day


def test_the_steps_of_the_strict_policy() -> None:
    assert refund_steps(booked(), since=BOOKED) == (
        RefundStep(datetime(2026, 6, 12, 6, 30, tzinfo=UTC), 0, 12_200),
        RefundStep(datetime(2026, 6, 16, 6, 30, tzinfo=UTC), 6_100, 6_100),
        RefundStep(None, 12_200, 0),
    )
    assert refund_steps(booked(), since=FIVE_DAYS_BEFORE, chosen=[2]) == (
        RefundStep(datetime(2026, 6, 16, 6, 30, tzinfo=UTC), 1_300, 1_300),
        RefundStep(None, 2_600, 0),
    )
    assert refund_steps(booked(), since=DEPARTS + DAY) == (RefundStep(None, 12_200, 0),)
    assert [[line.back for line in step.lines] for step in refund_steps(booked(), since=BOOKED)] == [
        [4_800, 4_800, 2_600],
        [2_400, 2_400, 1_300],
        [0, 0, 0],
    ]


def test_who_paid_nothing_has_one_step() -> None:
    assert refund_steps(booked(paid=0), since=BOOKED) == (RefundStep(None, 0, 0),)
    found = refund_quote(booked(paid=0), now=BOOKED)
    assert (found.next_change, found.next_kept, found.to_post().next_back) == (None, None, None)


@given(bookings(), st.data())
def test_the_steps_say_what_would_be_kept_at_every_moment(case: Booked, data: st.DataObject) -> None:
    chosen = data.draw(choices(case))
    since, now = sorted((data.draw(moments(case)), data.draw(moments(case))))
    steps = refund_steps(case, since=since, chosen=chosen)
    step = next(each for each in steps if each.until is None or now <= each.until)
    found = refund_quote(case, now=now, chosen=chosen)
    assert (step.kept, step.back) == (found.kept, found.back)
    assert [line.index for line in step.lines] == [line.index for line in found.lines]
    assert sum(line.kept for line in step.lines) == step.kept
    assert sum(line.back for line in step.lines) == step.back - found.over
    assert [each.kept for each in steps] == sorted({each.kept for each in steps})
    if found.next_change is not None:
        later = refund_quote(case, now=found.next_change + TICK, chosen=chosen)
        assert later.kept == found.next_kept
        assert later.kept > found.kept
        assert refund_quote(case, now=found.next_change, chosen=chosen).kept == found.kept


# the policy's own reckoning


@given(bookings(), st.data())
def test_all_travellers_together_are_the_booking(case: Booked, data: st.DataObject) -> None:
    now = data.draw(moments(case))
    whole = quote(
        case.policy,
        price=sum(case.prices),
        deposit=case.deposit,
        paid=case.paid,
        currency="EUR",
        departs_at=case.departs_at,
        zone=case.zone,
        booked_at=case.booked_at,
        now=now,
    )
    assert refund_quote(case, now=now).to_post() == whole


@given(bookings(), st.data())
def test_no_more_is_kept_of_anybody_than_was_paid_for_them(case: Booked, data: st.DataObject) -> None:
    found = refund_quote(case, now=data.draw(moments(case)), chosen=data.draw(choices(case)))
    for line in found.lines:
        assert 0 <= line.fixed_fee <= line.kept <= line.paid <= line.price
        assert line.back + line.kept == line.paid
    assert found.back + found.kept == found.paid
    assert found.paid <= case.paid


def test_two_who_leave_do_not_pay_more_than_all_three_would() -> None:
    """A fee of 10.00: of one 10.00 are kept, of two and of all three together no more."""
    policy = Policy("f", "Fee", (Tier(timedelta(0), KeepShare(0)),), fixed_fee=1_000)
    for chosen in ([0], [0, 1], [0, 1, 2]):
        assert refund_quote(booked(policy), now=FIVE_DAYS_BEFORE, chosen=chosen).kept == 1_000
    two = refund_quote(booked(policy), now=FIVE_DAYS_BEFORE, chosen=[0, 1])
    assert [(line.kept, line.fixed_fee) for line in two.lines] == [(500, 500), (500, 500)]


@given(bookings(), st.data())
def test_no_more_is_kept_of_some_than_of_all(case: Booked, data: st.DataObject) -> None:
    now = data.draw(moments(case))
    some = refund_quote(case, now=now, chosen=data.draw(choices(case)))
    assert some.kept <= refund_quote(case, now=now).kept


# beyond the policy


def test_goodwill_falls_on_the_lines_as_what_is_kept_does() -> None:
    found = refund_quote(booked(), now=FIVE_DAYS_BEFORE, give_back=7_320)
    assert [line.goodwill for line in found.lines] == [480, 480, 260]
    assert (found.kept, found.goodwill, found.back) == (6_100, 1_220, 7_320)
    alone = found.to_post()
    assert (alone.kept, alone.back) == (6_100, 6_100)
    shared = found.to_post(shared=True)
    assert (shared.kept, shared.back) == (4_880, 7_320)


def test_shared_goodwill_leaves_no_more_of_the_fee_than_is_kept() -> None:
    policy = Policy("f", "Fee", (Tier(timedelta(0), KeepAmount(100)),), fixed_fee=1_000)
    found = refund_quote(booked(policy), now=FIVE_DAYS_BEFORE, give_back=11_700)
    assert (found.kept, found.to_post().fixed_fee) == (1_100, 1_000)
    assert (found.to_post(shared=True).kept, found.to_post(shared=True).fixed_fee) == (500, 500)


@pytest.mark.parametrize("give_back", [6_099, 12_201])
def test_what_goes_back_lies_between_the_policy_and_all(give_back: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        refund_quote(booked(), now=FIVE_DAYS_BEFORE, give_back=give_back)
    assert refusal.value.field == "give_back"


def test_what_the_policy_gives_is_no_goodwill() -> None:
    plain = refund_quote(booked(), now=FIVE_DAYS_BEFORE)
    assert refund_quote(booked(), now=FIVE_DAYS_BEFORE, give_back=plain.back) == plain
    everything = refund_quote(booked(), now=FIVE_DAYS_BEFORE, give_back=12_200)
    assert (everything.goodwill, everything.back) == (6_100, 12_200)


@given(bookings(), st.data())
def test_goodwill_is_never_more_than_what_is_kept_of_a_line(case: Booked, data: st.DataObject) -> None:
    now, chosen = data.draw(moments(case)), data.draw(choices(case))
    plain = refund_quote(case, now=now, chosen=chosen)
    give_back = data.draw(st.integers(plain.back, plain.paid))
    found = refund_quote(case, now=now, chosen=chosen, give_back=give_back)
    assert found.back == give_back
    assert all(0 <= line.goodwill <= line.kept for line in found.lines)
    for shared in (False, True):
        post = found.to_post(shared=shared)
        assert post.kept + post.back == found.paid
        assert post.fixed_fee <= post.kept


# steps of the payment service


def dinars(**other: Any) -> Booked:
    fields: dict[str, Any] = {"currency": "KWD", "prices": (33_330, 12_340), "paid": 45_670}
    return booked(**fields | other)


@pytest.mark.parametrize("paid", [12_200, 15_000])
def test_all_of_it_is_kept_while_somebody_else_has_the_money(paid: int) -> None:
    """What was paid beyond the price too, spread over the travellers by their prices; nothing changes with the days."""
    found = all_kept(refund_quote(booked(paid=paid), now=BOOKED))
    assert (found.kept, found.back, found.over, found.paid) == (paid, 0, 0, paid)
    assert sum(line.kept for line in found.lines) == sum(line.paid for line in found.lines) == paid
    assert found.next_change is None


def test_money_goes_back_in_whole_steps_in_the_travellers_favour() -> None:
    """Half of 45.670 dinars is 22.835, which cards do not take: 22.840 go back."""
    assert refund_quote(dinars(), now=FIVE_DAYS_BEFORE).back == 22_835
    found = refund_quote(dinars(), now=FIVE_DAYS_BEFORE, step=10)
    assert (found.back, found.kept) == (22_840, 22_830)
    assert [line.kept for line in found.lines] == [16_660, 6_170]
    assert refund_steps(dinars(), since=FIVE_DAYS_BEFORE, step=10)[0].back == 22_840


def test_all_goes_back_also_where_it_is_no_whole_step() -> None:
    cash = dinars(paid=45_675)
    assert refund_quote(cash, now=FIVE_DAYS_BEFORE, step=10, give_back=45_675).back == 45_675
    with pytest.raises(InvalidInput, match="larger steps"):
        refund_quote(cash, now=FIVE_DAYS_BEFORE, step=10, give_back=45_671)
    almost = Policy("f", "Fee", (Tier(timedelta(0), KeepAmount(3)),))
    assert refund_quote(dinars(policy=almost, paid=45_675), now=FIVE_DAYS_BEFORE, step=10).back == 45_675


@given(bookings(), st.sampled_from([10, 100]), st.data())
def test_a_step_is_never_at_the_travellers_cost(case: Booked, step: int, data: st.DataObject) -> None:
    now, chosen = data.draw(moments(case)), data.draw(choices(case))
    plain = refund_quote(case, now=now, chosen=chosen)
    found = refund_quote(case, now=now, chosen=chosen, step=step)
    assert plain.back <= found.back < plain.back + step
    assert found.back % step == 0 or found.back == found.paid
    assert all(0 <= line.fixed_fee <= line.kept for line in found.lines)


# what is refused


@pytest.mark.parametrize("chosen", [[], [3], [-1], [0, 7]])
def test_only_those_who_are_on_the_booking_are_chosen(chosen: list[int]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        refund_quote(booked(), now=DEPARTS, chosen=chosen)
    assert refusal.value.field == "lines"


@pytest.mark.parametrize(
    "other", [{"prices": ()}, {"prices": (-1,)}, {"deposit": -1}, {"paid": -1}, {"paid": 1.0}]
)
def test_a_booking_that_cannot_be_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        booked(**other)
