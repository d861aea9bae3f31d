from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.dues import (
    Due,
    DueKind,
    Instalment,
    allocate,
    balance_ends_at,
    due_at,
    instalments,
)
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.errors import InvalidInput

KOTOR = "Europe/Podgorica"
DEPARTS = datetime(2026, 6, 19, 6, 30, tzinfo=UTC)  # 08:30 in Kotor
BOOKED = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def plan(**other: Any) -> tuple[Instalment, ...]:
    fields: dict[str, Any] = {
        "price": eur(99_000),
        "deposit": eur(29_700),
        "balance_days": 30,
        "booked_at": BOOKED,
        "departs_at": DEPARTS,
        "zone": KOTOR,
    }
    return instalments(**fields | other)


def test_a_deposit_at_once_and_the_balance_thirty_days_before() -> None:
    assert plan() == (
        Instalment(DueKind.DEPOSIT, eur(29_700)),
        # 20 May is over in Kotor at 22:00 UTC
        Instalment(DueKind.BALANCE, eur(69_300), date(2026, 5, 20), datetime(2026, 5, 20, 22, 0, tzinfo=UTC)),
    )


def test_the_balance_may_be_paid_until_its_last_day_is_over() -> None:
    assert balance_ends_at(plan()) == datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    assert balance_ends_at(plan(deposit=eur(0))) == datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
    assert balance_ends_at(plan(deposit=eur(99_000))) is None


@pytest.mark.parametrize(
    ("booked", "kinds"),
    [
        (datetime(2026, 5, 19, 21, 59, tzinfo=UTC), [DueKind.DEPOSIT, DueKind.BALANCE]),  # 23:59 on the 19th
        (datetime(2026, 5, 19, 22, 0, tzinfo=UTC), [DueKind.ALL]),  # the 20th has begun there
        (datetime(2026, 6, 25, 0, 0, tzinfo=UTC), [DueKind.ALL]),  # after the departure
    ],
)
def test_inside_the_window_all_is_due_at_once(booked: datetime, kinds: list[DueKind]) -> None:
    assert [each.kind for each in plan(booked_at=booked)] == kinds


def test_the_day_is_that_of_the_departures_zone() -> None:
    """00:30 on 1 July in Tokyo is 30 June in London."""
    departs = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)
    tokyo = plan(departs_at=departs, zone="Asia/Tokyo", balance_days=1)[-1]
    london = plan(departs_at=departs, zone="Europe/London", balance_days=1)[-1]
    assert (tokyo.day, tokyo.ends_at) == (date(2026, 6, 30), datetime(2026, 6, 30, 15, 0, tzinfo=UTC))
    assert (london.day, london.ends_at) == (date(2026, 6, 29), datetime(2026, 6, 29, 23, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("departs", "days", "ends"),
    [
        # the clocks go forward on 29 March 2026 in Kotor: that day has 23 hours
        (datetime(2026, 3, 30, 6, 30, tzinfo=UTC), 1, datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
        (datetime(2026, 3, 30, 6, 30, tzinfo=UTC), 2, datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        # and back on 25 October, which has 25
        (datetime(2026, 10, 26, 7, 30, tzinfo=UTC), 1, datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        (datetime(2026, 10, 26, 7, 30, tzinfo=UTC), 2, datetime(2026, 10, 24, 22, 0, tzinfo=UTC)),
    ],
)
def test_the_day_is_over_when_it_is_across_daylight_saving(
    departs: datetime, days: int, ends: datetime
) -> None:
    assert plan(departs_at=departs, balance_days=days)[-1].ends_at == ends


def test_what_has_no_deposit_or_no_balance_is_one_instalment() -> None:
    assert [(each.kind, each.amount) for each in plan(deposit=eur(0))] == [(DueKind.BALANCE, eur(99_000))]
    assert plan(deposit=eur(99_000)) == (Instalment(DueKind.ALL, eur(99_000)),)
    assert plan(deposit=eur(100_000)) == (Instalment(DueKind.ALL, eur(99_000)),)
    assert plan(price=eur(0), deposit=eur(0)) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", eur(-1)),
        ("deposit", eur(-1)),
        ("balance_days", -1),
        ("balance_days", 1_001),
        ("balance_days", 1.0),
    ],
)
def test_what_cannot_be_due_is_refused(field: str, value: Any) -> None:
    with pytest.raises(InvalidInput):
        plan(**{field: value})


def at(paid: int, now: datetime) -> Due:
    return due_at(plan(), paid=eur(paid), now=now)


LAST_DAY_ENDS = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_at_booking_the_deposit_is_due_and_the_balance_to_come() -> None:
    due = at(0, BOOKED)
    assert due == Due(eur(29_700), eur(0), eur(69_300), eur(69_300), date(2026, 5, 20))
    assert not due.is_overdue


def test_a_part_of_the_deposit_leaves_the_rest_of_it_due() -> None:
    assert at(20_000, BOOKED).now == eur(9_700)
    assert at(29_700, BOOKED).now == eur(0)


def test_what_is_paid_ahead_counts_for_the_balance() -> None:
    assert at(50_000, BOOKED) == Due(eur(0), eur(0), eur(49_000), eur(49_000), date(2026, 5, 20))
    assert at(99_000, BOOKED) == Due(eur(0), eur(0), eur(0), eur(0), None)
    assert at(120_000, LAST_DAY_ENDS) == Due(eur(0), eur(0), eur(0), eur(0), None)


def test_the_balance_is_overdue_once_its_day_is_over() -> None:
    assert not at(29_700, LAST_DAY_ENDS - TICK).is_overdue
    late = at(29_700, LAST_DAY_ENDS)
    assert late == Due(eur(69_300), eur(69_300), eur(0), eur(0), None)
    assert late.is_overdue


def test_an_unpaid_deposit_is_due_and_never_late() -> None:
    late = at(0, LAST_DAY_ENDS)
    assert (late.now, late.overdue) == (eur(99_000), eur(69_300))
    everything = due_at(plan(booked_at=DEPARTS), paid=eur(-5), now=DEPARTS)
    assert everything == Due(eur(99_000), eur(0), eur(0), eur(0), None)


@given(
    st.integers(0, 100_000),
    st.integers(0, 100_000),
    st.integers(-1_000, 200_000),
    st.integers(0, 400),
    st.integers(0, 500),
    st.integers(0, 600),
    st.sampled_from([KOTOR, "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_everything_that_is_not_paid_is_due_once(
    price: int, deposit: int, paid: int, days: int, booked: int, moment: int, zone: str
) -> None:
    found = plan(
        price=eur(price),
        deposit=eur(deposit),
        balance_days=days,
        booked_at=DEPARTS - timedelta(days=booked),
        zone=zone,
    )
    assert sum(each.amount.minor for each in found) == price
    assert all(each.amount.minor > 0 for each in found)
    due = due_at(found, paid=eur(paid), now=DEPARTS - timedelta(days=300) + timedelta(days=moment))
    assert due.now + due.later == eur(max(price - max(paid, 0), 0))
    assert eur(0) <= due.overdue <= due.now
    for each in found:
        if each.day is not None:
            assert each.ends_at == day_bounds(each.day, zone)[1]


# one payment for several bookings


def test_a_payment_goes_to_bookings_by_what_is_due_and_the_rest_is_too_much() -> None:
    due = {"a": eur(11_700), "b": eur(5_850), "c": eur(0)}
    part = allocate(eur(10_000), due)
    assert (part.parts, part.overpaid) == ({"a": eur(6_667), "b": eur(3_333), "c": eur(0)}, eur(0))
    more = allocate(eur(17_600), due)
    assert (more.parts, more.overpaid) == (due, eur(50))
    assert allocate(eur(7), {}).overpaid == eur(7)
    with pytest.raises(CurrencyMismatch):
        allocate(eur(7), {"a": Money(7, "USD")})


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), max_size=8))
def test_no_booking_gets_more_than_its_due_and_nothing_is_lost(paid: int, dues: list[int]) -> None:
    found = allocate(eur(paid), {i: eur(due) for i, due in enumerate(dues)})
    assert sum(part.minor for part in found.parts.values()) + found.overpaid.minor == paid
    assert all(eur(0) <= found.parts[i] <= eur(due) for i, due in enumerate(dues))
    assert found.overpaid == eur(max(paid - sum(dues), 0))
