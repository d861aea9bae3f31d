"""Which of several agreed rates a sale has."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from travellr_desktop.domain.agreed_rates import AgreedRate, rate_on

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def test_where_nothing_was_agreed_the_vendors_own_share_holds() -> None:
    assert rate_on(JUNE, [], 2000) == 2000


def test_a_rate_begins_on_its_day_and_not_before() -> None:
    rates = [AgreedRate(JUNE, 1500)]
    assert rate_on(date(2026, 5, 31), rates, 2000) == 2000
    assert rate_on(JUNE, rates, 2000) == 1500


def test_a_trips_rate_goes_before_the_vendors_even_where_that_is_newer() -> None:
    rates = [AgreedRate(MAY, 1000, of_trip=True), AgreedRate(JUNE, 1500)]
    assert rate_on(JULY, rates, 2000) == 1000


def test_a_trips_rate_that_has_not_begun_leaves_the_vendors() -> None:
    rates = [AgreedRate(JULY, 1000, of_trip=True), AgreedRate(MAY, 1500)]
    assert rate_on(JUNE, rates, 2000) == 1500


def test_of_two_that_begin_on_one_day_the_one_agreed_last_counts() -> None:
    assert rate_on(JUNE, [AgreedRate(JUNE, 1500), AgreedRate(JUNE, 1200)], 2000) == 1200


def test_no_share_at_all_is_a_rate_too() -> None:
    assert rate_on(JUNE, [AgreedRate(MAY, 1800), AgreedRate(JUNE, 0)], 2000) == 0


rates_of_a_month = some.lists(
    some.builds(
        AgreedRate,
        some.integers(1, 28).map(lambda day: date(2026, 6, day)),
        some.integers(0, 10_000),
        some.booleans(),
    ),
    max_size=8,
)


@given(rates_of_a_month, some.integers(1, 28))
def test_what_begins_later_changes_nothing_of_a_day(rates: list[AgreedRate], number: int) -> None:
    day = date(2026, 6, number)
    known = [rate for rate in rates if rate.from_day <= day]
    assert rate_on(day, rates, 2000) == rate_on(day, known, 2000)
    assert rate_on(day, rates, 2000) in {2000, *(rate.bps for rate in known)}
