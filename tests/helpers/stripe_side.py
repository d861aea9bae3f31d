"""Things at Stripe made with few words, and refusals read from the library's errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

VISA = "pm_card_visa"
NO_FUNDS = "pm_card_visa_chargeDeclinedInsufficientFunds"
ASKS = "pm_card_authenticationRequired"


def paid(
    api: stripe.V1Services, amount: int = 10_000, currency: str = "eur", **more: Any
) -> stripe.PaymentIntent:
    """A payment intent that was charged to a Visa."""
    return api.payment_intents.create(
        {"amount": amount, "currency": currency, "payment_method": VISA, "confirm": True, **more}  # type: ignore[typeddict-item]
    )


def link(api: stripe.V1Services, amount: int = 10_000, currency: str = "eur", **more: Any) -> Any:
    """An open payment link with one line."""
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Lagoon by kayak"}}
    params = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "success_url": "https://agency.example/thanks?of={CHECKOUT_SESSION_ID}",
        "line_items": [{"price_data": price, "quantity": 1}],
        **more,
    }
    return api.checkout.sessions.create(params)  # type: ignore[arg-type]


def reader(api: stripe.V1Services) -> Any:
    return api.terminal.readers.create({"registration_code": "simulated-wpe", "label": "Riva"})


def to_be_held(api: stripe.V1Services, amount: int = 10_000) -> stripe.PaymentIntent:
    """A payment intent for a card that is held to a reader."""
    return api.payment_intents.create(
        {"amount": amount, "currency": "eur", "allowed_payment_method_types": ["card_present"]}
    )


def refusal(call: Callable[[], object]) -> tuple[int | None, str | None, str | None]:
    """The status, code and parameter with which a call is refused."""
    with pytest.raises(stripe.StripeError) as caught:
        call()
    error = caught.value
    told = error.error
    return error.http_status, None if told is None else told.code, None if told is None else told.param


def kinds_of_events(api: stripe.V1Services) -> list[str]:
    """Types of all events, oldest first."""
    return [event.type for event in reversed(list(api.events.list({"limit": 100}).auto_paging_iter()))]
