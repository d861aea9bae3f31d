"""How money that is taken for a sale is spread over its bookings: reckoned before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from travellr_desktop.domain.dues import allocate
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import HoldLapsed, InvalidInput
from travellr_desktop.services.orders import PayChoice
from travellr_desktop.services.owing import Owing
from travellr_desktop.storage.models import Sale

MAY_BE_TOO_MUCH = frozenset({Way.CASH, Way.BANK})
"""The ways by which more can come in than was asked for: of all others the program says how much."""


def parts(sale: Sale, owing: Mapping[UUID, Owing], choice: PayChoice) -> list[tuple[UUID, int]]:
    """What of a payment is taken for which booking of a sale, none of which is pending, in minor units.

    What is due comes first, spread by what is due on each; then what was written off, the same way; then
    `choice.excess`, which stands at the first booking that anything is due on, else at the first that stands. Raises
    `HoldLapsed` where nothing is due and nothing too much, `InvalidInput` naming the field.
    """

    def sums(of: Mapping[UUID, int]) -> dict[UUID, Money]:
        return {booking_id: Money(minor, sale.currency) for booking_id, minor in of.items() if minor}

    due = sums({each.id: owing[each.id].due for each in sale.bookings})
    given_up = sums({each.id: owing[each.id].written_off for each in sale.bookings})
    whole, lost = sum_money(due.values(), sale.currency), sum_money(given_up.values(), sale.currency)
    if not whole and not lost and not choice.excess:
        raise HoldLapsed("Nothing of this sale is waiting to be paid.")
    asked = (whole or lost) if choice.amount is None else Money(choice.amount, sale.currency)
    _refuse(choice, asked, whole + lost)
    found: dict[UUID, int] = {}
    left = asked
    for these, most in ((due, whole), (given_up, lost)):
        served = min(left, most)
        left -= served
        for booking_id, part in allocate(served, these).parts.items():
            found[booking_id] = found.get(booking_id, 0) + part.minor
    if left:
        at = _where(sale, found)
        found[at] = found.get(at, 0) + left.minor
    return [(booking_id, minor) for booking_id, minor in found.items() if minor]


def _refuse(choice: PayChoice, asked: Money, most: Money) -> None:
    if asked.minor <= 0 or choice.excess < 0:
        raise InvalidInput("More than nothing is taken.", field="amount")
    beyond = max(asked - most, Money.zero(asked.currency))
    if choice.excess and choice.way not in MAY_BE_TOO_MUCH:
        raise InvalidInput("Only cash and bank transfers come in higher than what is due.", field="amount")
    if beyond.minor == choice.excess:
        return
    if choice.excess:
        raise InvalidInput(
            "Something else is due by now than was shown.", field="amount", hint="Look at it again."
        )
    raise InvalidInput(f"No more than {most} is due.", field="amount")


def _where(sale: Sale, served: Mapping[UUID, int]) -> UUID:
    """The booking at which stands what was too much."""
    first = next((each for each in sale.bookings if served.get(each.id)), None)
    standing = next((each for each in sale.bookings if each.state is not BookingState.CANCELLED), None)
    return (first or standing or sale.bookings[0]).id
