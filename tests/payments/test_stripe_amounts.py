from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.provider import Provider
from travellr_desktop.domain.money import CURRENCIES, Money
from travellr_desktop.payments.gateway import AmountNotPossible
from travellr_desktop.payments.stripe_amounts import from_stripe, step_of, to_stripe


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Money(1_234, "EUR"), 1_234),
        (Money(1_234, "JPY"), 1_234),
        (Money(1_230, "KWD"), 1_230),
        (Money(1_234, "ISK"), 123_400),  # no decimals with us, two on the wire
        (Money(50, "UGX"), 5_000),
        (Money(123_400, "MGA"), 1_234),  # two with us, none on the wire
        (Money(1_234, "HUF"), 1_234),
    ],
)
def test_amounts_are_told_in_stripes_units(ours: Money, theirs: int) -> None:
    assert to_stripe(ours) == theirs
    assert from_stripe(theirs, ours.currency.lower()) == ours


@pytest.mark.parametrize(
    "amount",
    [
        Money(1_234, "KWD"),  # a third decimal that is not zero
        Money(5, "BHD"),
        Money(150, "MGA"),
        Money(100, "IQD"),  # three decimals, not on Stripe's list
        Money(100, "CLF"),
        Money(0, "EUR"),
        Money(-1, "EUR"),
    ],
)
def test_amounts_that_stripe_does_not_have_are_refused(amount: Money) -> None:
    with pytest.raises(AmountNotPossible) as caught:
        to_stripe(amount)
    assert caught.value.hint


def test_a_float_never_reaches_the_library() -> None:
    amount = Money(10, "EUR")
    object.__setattr__(amount, "minor", cast(Any, 10.0))
    with pytest.raises(AmountNotPossible, match="whole number"):
        to_stripe(amount)


def test_an_amount_that_ours_does_not_have_is_refused() -> None:
    with pytest.raises(AmountNotPossible):
        from_stripe(150, "isk")


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(1, 10**9))
def test_what_is_sent_comes_back_as_it_was(currency: str, minor: int) -> None:
    money = Money(minor, currency)
    try:
        amount = to_stripe(money)
    except AmountNotPossible:
        return
    assert from_stripe(amount, currency) == money


@pytest.mark.parametrize(
    "amount", [Money(1_500, "ISK"), Money(2_000, "UGX"), Money(12_340, "KWD"), Money(77, "JPY")]
)
def test_the_sandbox_takes_what_is_sent_and_gives_it_back(provider: Provider, amount: Money) -> None:
    ref = provider.paid(amount)
    provider.refund(ref, amount)
    status = provider.gateway.get_payment_status(ref)
    assert (status.amount, status.received, status.refunded) == (amount, amount, amount)


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(1, 10**6))
@example("MGA", 1)  # two decimals here, none there
@example("KWD", 1)
@example("JPY", 1)
def test_whole_steps_are_taken_and_nothing_else(currency: str, number: int) -> None:
    try:
        step = step_of(currency)
    except AmountNotPossible:
        return
    assert to_stripe(Money(number * step, currency)) > 0
    for less in range(1, step):
        with pytest.raises(AmountNotPossible):
            to_stripe(Money(number * step - less, currency))


def test_an_amount_beyond_stripes_largest_is_refused(provider: Provider) -> None:
    with pytest.raises(AmountNotPossible, match="too large"):
        provider.prepare(Money(100_000_000, "EUR"))
