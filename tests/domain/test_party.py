from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.party import Party, TravellerType, line_prices, seats, total_price
from travellr_desktop.errors import InvalidInput

ADULT, CHILD, INFANT = TravellerType
PRICES = {ADULT: Money(4_500, "EUR"), CHILD: Money(2_700, "EUR"), INFANT: Money(0, "EUR")}
parties = st.builds(Party, st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))


@given(parties)
def test_a_party_is_its_counts_in_every_form(party: Party) -> None:
    assert Party.of(party.counts()) == party
    assert len(list(party)) == party.pax == sum(party.counts().values())
    assert bool(party) is (party.pax > 0)
    assert all(list(party).count(kind) == party.count(kind) for kind in TravellerType)


def test_only_those_who_are_there_are_counted() -> None:
    assert Party(adult=2, infant=1).counts() == {ADULT: 2, INFANT: 1}
    assert list(Party(adult=2, infant=1)) == [ADULT, ADULT, INFANT]
    assert not Party()


@pytest.mark.parametrize("count", [-1, 1_000, 1.0, True])
def test_an_impossible_count_is_refused(count: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        Party(child=count)
    assert refusal.value.field == "party"


def test_infants_sit_on_a_lap_unless_the_trip_says_otherwise() -> None:
    party = Party(adult=2, child=1, infant=1)
    assert seats(party) == 3
    assert seats(party, {ADULT: True, CHILD: True, INFANT: True}) == 4
    assert seats(party, {CHILD: False}) == 3


def test_each_traveller_has_a_price_and_together_they_are_the_total() -> None:
    party = Party(adult=2, child=1, infant=1)
    assert line_prices(party, PRICES) == [
        (ADULT, Money(4_500, "EUR")),
        (ADULT, Money(4_500, "EUR")),
        (CHILD, Money(2_700, "EUR")),
        (INFANT, Money(0, "EUR")),
    ]
    assert total_price(party, PRICES, "EUR") == Money(11_700, "EUR")
    assert total_price(Party(), PRICES, "EUR") == Money.zero("EUR")


def test_a_type_without_a_price_is_refused() -> None:
    with pytest.raises(InvalidInput, match="infant") as refusal:
        total_price(Party(adult=1, infant=1), {ADULT: Money(1, "EUR")}, "EUR")
    assert refusal.value.field == "party"


def test_prices_of_another_currency_are_refused() -> None:
    with pytest.raises(CurrencyMismatch):
        total_price(Party(adult=1), PRICES, "USD")
