"""From what amount on a vendor is paid, by currency: what is agreed with them, else the agency's, else what the program
begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput

DEFAULT_MINIMUMS: Mapping[str, int] = MappingProxyType({"EUR": 5000, "GBP": 5000, "USD": 5000})
"""Minor units. Of other currencies nobody knows what is little: one is agreed, or nothing is paid."""


def minimum_of(currency: str, vendor: Mapping[str, int], agency: Mapping[str, int]) -> int | None:
    """From how many minor units of a currency on a vendor is paid; 0: from the first on. None: no minimum is known, and
    nothing is paid."""
    for agreed in (vendor, agency, DEFAULT_MINIMUMS):
        minor = agreed.get(currency)
        if minor is not None:
            return minor
    return None


def is_enough(minor: int, minimum: int) -> bool:
    """Whether an amount is paid: nothing, and what is below zero, never is."""
    return minor > 0 and minor >= minimum


def in_steps(minimum: int | None, step: int) -> int | None:
    """The minimum of who is paid in whole steps of so many minor units: one step at least."""
    return minimum if minimum is None or step == 1 else max(minimum, step)


def checked_minimums(amounts: Iterable[Money], field: str = "minimums") -> dict[str, int]:
    """Minimums as they are kept: minor units by currency, in its order. Raises `InvalidInput(field)` for one below zero
    and for a currency that is there twice."""
    found: dict[str, int] = {}
    for amount in amounts:
        if amount.minor < 0:
            raise InvalidInput(
                f"The minimum of {amount.currency} is below zero.",
                hint="Write 0 to pay every amount above zero.",
                field=field,
            )
        if amount.currency in found:
            raise InvalidInput(
                f"There are two minimums of {amount.currency}.", hint="Remove one of them.", field=field
            )
        found[amount.currency] = amount.minor
    return dict(sorted(found.items()))


def as_money(minimums: Mapping[str, int]) -> tuple[Money, ...]:
    """Kept minimums as amounts, by currency."""
    return tuple(Money(minor, currency) for currency, minor in sorted(minimums.items()))
