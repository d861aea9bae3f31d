"""The forms of a sale: what is held, who travels, who pays, and how."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.discounts import DiscountAsk


@dataclass(frozen=True, slots=True)
class NamedTraveller:
    """Who travels on a line. `age` is in years, or None where it was not asked."""

    name: str
    type: TravellerType
    age: int | None = None


@dataclass(frozen=True, slots=True)
class SellLine:
    """One hold to be sold. Travellers that are not named go by the buyer's name."""

    hold_id: UUID
    travellers: tuple[NamedTraveller, ...] = ()


@dataclass(frozen=True, slots=True)
class PayChoice:
    """How it is paid. `card` is the provider's name of a card, with `Way.CARD` only; `kept` a card that is kept, with
    `Way.SAVED` only. `keep`: with a link, the traveller agreed to have their card kept for later payments.

    `deposit`: only what is due at once, where the rest is due later. `amount`: so much of the balance of confirmed
    bookings, in minor units; None is all of it. `reference` is what stands on a bank transfer, with `Way.BANK` only.
    `excess`: so much of `amount` is more than all that is due, as was shown; cash and transfers only."""

    way: Way
    card: str | None = None
    kept: UUID | None = None
    keep: bool = False
    deposit: bool = False
    amount: int | None = None
    reference: str = ""
    excess: int = 0


@dataclass(frozen=True, slots=True)
class Sell:
    """The form of a sale: what is held, who pays, and how, and what is taken off. `pay` None only places it."""

    lines: tuple[SellLine, ...]
    traveller_id: UUID
    pay: PayChoice | None = None
    discount: DiscountAsk | None = None
    promo: str = ""
