"""Values of Stripe's objects, read into ours."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from travellr_desktop.errors import InvalidInput
from travellr_desktop.payments.gateway import AmountNotPossible, OutcomeUnknown

P = ParamSpec("P")


class HasId(Protocol):
    id: str


T = TypeVar("T")

_BRANDS = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


def reads(read: Callable[P, T]) -> Callable[P, T]:
    """For what makes ours of an answer: one that lacks what it must have, or names an amount that there is not, says
    nothing of what moved. It raises `OutcomeUnknown`."""

    @functools.wraps(read)
    def carefully(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (AttributeError, KeyError, TypeError, AmountNotPossible, InvalidInput) as error:
            raise OutcomeUnknown("The payment service gave an answer that cannot be read.") from error

    return carefully


def state_of(states: Mapping[str, T], word: str | None) -> T:
    """Our state for Stripe's word. Raises `OutcomeUnknown` for a word from after this program."""
    state = states.get(word or "")
    if state is None:
        raise OutcomeUnknown(f"The payment service gave a state that this program does not know: {word}.")
    return state


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def seconds(at: datetime) -> int:
    """A moment as Stripe counts them."""
    return int(at.timestamp())


def ref_of(named: str | HasId | None) -> str | None:
    """The id of an object that comes as its id or whole."""
    if named is None or isinstance(named, str):
        return named
    return named.id


def our_id(thing: Any, name: str) -> UUID | None:
    """Our id in an object's metadata, if it was made by this program and not, say, on Stripe's own pages."""
    metadata = getattr(thing, "metadata", None)
    text = None if metadata is None else metadata.to_dict().get(name)
    try:
        return None if text is None else UUID(str(text))
    except ValueError:
        return None


def card_label(brand: str | None, last4: str | None) -> str | None:
    """ "Visa ending 4242"; None for what is no card."""
    if last4 is None:
        return None
    word = brand or "card"
    return f"{_BRANDS.get(word, word.title())} ending {last4}"
