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
_WITHOUT_DECIMALS = frozenset(
    {
        *("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga"),
        *("pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"),
    }
)
# the last two digits are zero: no decimals in fact, two on the wire
_IN_HUNDREDS = frozenset({"isk", "ugx"})
# the last digit is zero: three decimals on the wire, two that count
_IN_TENS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


def check_known(params: Iterable[str], known: frozenset[str], at: str = "") -> None:
    """Refuse what Stripe takes but the sandbox cannot do, rather than pass it over. `at` is where the names stand:
    `line_items[0]`."""
    for name in params:
        if name not in known and name != "expand":
            full = f"{at}[{name}]" if at else name
            raise invalid(f"The sandbox cannot do what {full} asks for.", param=full)


def checked_currency(code: str) -> str:
    """The code in lower case, which alone is told in replies."""
    lower = code.lower()
    if len(lower) != 3 or not (lower.isascii() and lower.isalpha()):
        raise invalid(f"Invalid currency: {code}.", param="currency")
    return lower


def check_amount(amount: int, currency: str, param: str = "amount") -> None:
    check_positive(amount, param)
    if amount > _LARGEST_OTHERWISE.get(currency, _LARGEST):
        raise invalid("Amount is more than can be charged at once.", param=param, code="amount_too_large")
    check_step(amount, currency, param)


def check_positive(amount: int, param: str = "amount") -> None:
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer"
        )


def decimals_of(currency: str) -> int:
    """How many decimals an amount has on the wire."""
    return 0 if currency in _WITHOUT_DECIMALS else 3 if currency in _IN_TENS else 2


def step_of(currency: str) -> int:
    """Amounts of that currency are multiples of this."""
    return 100 if currency in _IN_HUNDREDS else 10 if currency in _IN_TENS else 1


def check_step(amount: int, currency: str, param: str = "amount") -> None:
    step = step_of(currency)
    if amount % step:
        raise invalid(f"Invalid amount: in {currency} it must be a multiple of {step}.", param=param)


def merged_metadata(before: dict[str, str], change: Any) -> dict[str, str]:
    """What is left after a change: names that are not given stay, an empty text takes one away, or all of them."""
    if change == "":
        return {}
    checked_metadata(change)
    return {name: value for name, value in (before | (change or {})).items() if value}


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
