"""Totals of a year beside thresholds, at their edges."""

from __future__ import annotations

import pytest

from travellr_desktop.domain.payouts.tax import Counts, Threshold, YearTotal, of_year, reached
from travellr_desktop.errors import InvalidInput

CARDS = Threshold("1099-K", "US", "USD", 2025, 2026, Counts.GROSS, 2_000_000, transactions=200)
SERVICES_2025 = Threshold("1099-NEC", "US", "USD", 2025, 2025, Counts.PAID, 60_000, reached_at=True)
SERVICES_2026 = Threshold("1099-NEC", "US", "USD", 2026, 2026, Counts.PAID, 200_000, reached_at=True)


@pytest.mark.parametrize(
    ("gross", "transactions", "is_reached"),
    [
        (2_000_001, 201, True),
        (2_000_000, 201, False),  # more than 20,000.00, not just that
        (2_000_001, 200, False),  # and more than 200 payments
        (0, 0, False),
    ],
)
def test_both_must_be_more(gross: int, transactions: int, is_reached: bool) -> None:
    assert reached(CARDS, YearTotal("USD", gross, transactions)) is is_reached


@pytest.mark.parametrize(
    ("sent", "back", "is_reached"),
    [(60_000, 0, True), (59_999, 0, False), (70_000, 10_001, False), (70_000, 10_000, True)],
)
def test_what_was_paid_counts_less_what_came_back(sent: int, back: int, is_reached: bool) -> None:
    assert reached(SERVICES_2025, YearTotal("USD", sent=sent, back=back)) is is_reached


def test_another_currency_is_never_beyond() -> None:
    assert not reached(CARDS, YearTotal("EUR", 9_000_000, 900))
    assert not reached(SERVICES_2025, YearTotal("JPY", sent=9_000_000))


def test_each_year_has_its_own() -> None:
    every = (CARDS, SERVICES_2025, SERVICES_2026)
    assert of_year(every, 2025) == (CARDS, SERVICES_2025)
    assert of_year(every, 2026) == (CARDS, SERVICES_2026)
    assert of_year(every, 2024) == of_year(every, 2027) == ()


@pytest.mark.parametrize("wrong", [{"last": 2024}, {"amount": -1}, {"transactions": -1}])
def test_a_threshold_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    given = {"last": 2025, "amount": 1, "transactions": 0} | wrong
    with pytest.raises(InvalidInput):
        Threshold(
            "F", "US", "USD", 2025, given["last"], Counts.PAID, given["amount"], False, given["transactions"]
        )
