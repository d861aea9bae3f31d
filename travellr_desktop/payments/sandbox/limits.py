"""What Stripe takes: currencies, amounts in its own units, metadata.

This table is the sandbox's own, apart from the gateway's, so that a mistake in one is seen by the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from travellr_desktop.payments.sandbox.wire import invalid

_LARGEST = 99_999_999  # eight digits
_LARGEST_OTHERWISE = {
    "idr": 999_999_999_999,
    "cop": 9_999_999_999,
    "huf": 9_999_999_999,
    "jpy": 9_999_999_999,
}
# the last two digits are zero: no decimals in fact, two on the wire
_IN_HUNDREDS = frozenset({"isk", "ugx"})
# the last digit is zero: three decimals on the wire, two that count
_IN_TENS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


def check_known(params: Iterable[str], known: frozenset[str]) -> None:
    """Refuse what Stripe takes but the sandbox cannot do, rather than pass it over."""
    for name in params:
        if name not in known:
            raise invalid(f"The sandbox cannot do what {name} asks for.", param=name)


def checked_currency(code: str) -> str:
    """The code in lower case, which alone is told in replies."""
    lower = code.lower()
    if len(lower) != 3 or not (lower.isascii() and lower.isalpha()):
        raise invalid(f"Invalid currency: {code}.", param="currency")
    return lower


def check_amount(amount: int, currency: str) -> None:
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    if amount > _LARGEST_OTHERWISE.get(currency, _LARGEST):
        raise invalid("Amount is more than can be charged at once.", param="amount", code="amount_too_large")
    check_step(amount, currency)


def check_step(amount: int, currency: str) -> None:
    step = 100 if currency in _IN_HUNDREDS else 10 if currency in _IN_TENS else 1
    if amount % step:
        raise invalid(f"Invalid amount: in {currency} it must be a multiple of {step}.", param="amount")


def checked_metadata(metadata: Any) -> dict[str, str]:
    """At most 50 names of 40 characters, each with at most 500; an empty text is none at all."""
    if not metadata:
        return {}
    if len(metadata) > 50:
        raise invalid("You can have up to 50 metadata keys.", param="metadata")
    for name, value in metadata.items():
        if len(name) > 40:
            raise invalid(f"Metadata keys can have up to 40 characters: {name}", param="metadata")
        if len(value) > 500:
            raise invalid(f"Metadata values can have up to 500 characters: {name}", param=f"metadata[{name}]")
    return {name: value for name, value in metadata.items() if value}
