from __future__ import annotations

import pytest

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.minimums import as_money, checked_minimums, is_enough, minimum_of
from travellr_desktop.errors import InvalidInput


def test_what_is_agreed_with_the_vendor_goes_before_the_agencys() -> None:
    vendor, agency = {"EUR": 2000}, {"EUR": 10_000, "JPY": 5000}
    assert minimum_of("EUR", vendor, agency) == 2000
    assert minimum_of("EUR", {}, agency) == 10_000
    assert minimum_of("JPY", vendor, agency) == 5000


def test_fifty_of_three_currencies_are_known_without_anybody_saying_so() -> None:
    for currency in ("USD", "EUR", "GBP"):
        assert minimum_of(currency, {}, {}) == 5000
    for currency in ("JPY", "KWD", "CHF"):
        assert minimum_of(currency, {}, {}) is None


def test_a_minimum_of_nothing_is_one() -> None:
    assert minimum_of("EUR", {"EUR": 0}, {"EUR": 10_000}) == 0
    assert is_enough(1, 0)


def test_nothing_and_less_than_nothing_is_never_paid() -> None:
    assert not is_enough(0, 0)
    assert not is_enough(-5000, 0)
    assert is_enough(5000, 5000)
    assert not is_enough(4999, 5000)


def test_a_minimum_below_zero_is_refused() -> None:
    with pytest.raises(InvalidInput, match="below zero") as refused:
        checked_minimums([Money(0, "JPY"), Money(-1, "KWD")], "payout_minimums")
    assert refused.value.field == "payout_minimums"


def test_each_currency_has_one_minimum() -> None:
    with pytest.raises(InvalidInput, match="two minimums of EUR"):
        checked_minimums([Money(5, "EUR"), Money(5, "EUR")])


def test_minimums_are_kept_in_minor_units_of_each_currency() -> None:
    amounts = (Money(50_000, "KWD"), Money(5000, "EUR"), Money(8000, "JPY"))
    kept = checked_minimums(amounts)
    assert list(kept.items()) == [("EUR", 5000), ("JPY", 8000), ("KWD", 50_000)]
    assert as_money(kept) == (Money(5000, "EUR"), Money(8000, "JPY"), Money(50_000, "KWD"))
