from __future__ import annotations

from datetime import date

import pytest

from travellr_desktop.domain.payouts.bank_days import bank_day, easter


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22)],
)
def test_easter_sunday(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("asked", "done"),
    [
        (date(2026, 6, 18), date(2026, 6, 18)),  # a Thursday
        (date(2026, 6, 20), date(2026, 6, 22)),  # a Saturday
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday: over Easter Monday
        (date(2026, 5, 1), date(2026, 5, 4)),  # a Friday
        (date(2025, 12, 25), date(2025, 12, 29)),  # two days, and the weekend after them
        (date(2027, 1, 1), date(2027, 1, 4)),
    ],
)
def test_a_payment_in_euros_goes_on_a_day_of_target(asked: date, done: date) -> None:
    assert bank_day(asked, "EUR") == done


def test_of_other_currencies_only_weekends_are_known() -> None:
    assert bank_day(date(2026, 4, 3), "JPY") == date(2026, 4, 3)
    assert bank_day(date(2026, 4, 4), "JPY") == date(2026, 4, 6)
