"""In which steps a provider takes amounts of a currency, in our minor units: what is to be sent is rounded to them
before anything is promised."""

from __future__ import annotations

from travellr_desktop.payments.gateway import AmountNotPossible
from travellr_desktop.payments.stripe_amounts import step_of as step_at_stripe


def step_of(currency: str) -> int:
    """10 for dinars of Kuwait, whose last digit the payment service wants to be zero; 1 for most, and for what it does
    not take at all."""
    try:
        return step_at_stripe(currency)
    except AmountNotPossible:
        return 1
