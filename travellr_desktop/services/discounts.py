"""Discounts on a sale: what somebody at the desk gives, and what a promo code gives, within the caller's transaction.

The code comes first, then what is given at the desk, on what is left. A percentage is reckoned for each booking and
spread over its travellers; an amount is for the whole sale and spread over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from babel.dates import format_date

from travellr_desktop.domain.discounts import (
    DiscountKind,
    Off,
    Terms,
    combine,
    in_bps,
    most_own,
    spread_over,
)
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.money_text import format_money
from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.domain.promos import PromoState, promo_state
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import (
    DiscountAboveLimit,
    DiscountBeyondCommission,
    InvalidInput,
    PromoElsewhere,
    PromoNotNow,
    PromoOtherCurrency,
    PromoUnknown,
    PromoUsedUp,
)
from travellr_desktop.services.today import today
from travellr_desktop.storage.models import Discount, PromoCode
from travellr_desktop.storage.uow import Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class DiscountAsk:
    """A discount that somebody at the desk gives: `bps` of the price (PERCENT) or `amount` (AMOUNT), and why.
    `own`: the agency alone bears it, else the vendor bears their share."""

    kind: DiscountKind
    bps: int = 0
    amount: Money | None = None
    own: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ListedBooking:
    """A booking that is about to be written, at its list prices: one for each traveller, in their order, in minor
    units of `currency`."""

    trip_id: UUID
    vendor_id: UUID
    currency: str
    commission_bps: int
    prices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What one traveller pays, and what was taken off before that; minor units. `own_discount` is the part of
    `discount` that the agency alone bears."""

    price: int
    discount: int
    own_discount: int


@dataclass(frozen=True, slots=True)
class GivenDiscount:
    """A discount row to be written for a booking: `parts` is what it takes off each traveller, in their order."""

    terms: Terms
    reason: str
    promo_id: UUID | None
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PricedBooking:
    """The lines of a booking, and the discounts that made them so."""

    lines: tuple[PricedLine, ...]
    given: tuple[GivenDiscount, ...] = ()

    @property
    def price(self) -> int:
        return sum(line.price for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A discount on the bookings of a sale that `takes` says."""

    terms: Terms
    reason: str
    promo_id: UUID | None
    takes: Callable[[ListedBooking], bool]


def price_lines(
    reading: Reading, actor: Actor, basket: Sequence[ListedBooking], ask: DiscountAsk | None, promo: str
) -> tuple[PricedBooking, ...]:
    """What the travellers of a sale's bookings pay after its discounts, a booking for each of `basket`.

    Reads nothing where there is neither `ask` nor `promo`. Raises `NotPermitted`; `InvalidInput` for an ask of
    nothing, without a reason, in another currency or beyond the price; `DiscountAboveLimit`,
    `DiscountBeyondCommission`; a `PromoRefused` of its own kind where the code does not hold."""
    rules = []
    if promo.strip():
        rules.append(_promo_rule(reading, promo, basket))
    if ask is not None:
        rules.append(_asked_rule(reading, actor, basket, ask))
    left = [list(booking.prices) for booking in basket]
    given: list[list[GivenDiscount]] = [[] for _ in basket]
    for rule in rules:
        for index, parts in _take(rule, basket, left):
            left[index] = [price - part for price, part in zip(left[index], parts, strict=True)]
            if sum(parts):
                given[index].append(GivenDiscount(rule.terms, rule.reason, rule.promo_id, tuple(parts)))
    priced = tuple(_priced(booking, rows) for booking, rows in zip(basket, given, strict=True))
    for booking, result in zip(basket, priced, strict=True):
        _within_commission(booking, result)
    return priced


def write(work: UnitOfWork, sale_id: UUID, booking_id: UUID, given: Sequence[GivenDiscount]) -> None:
    """Add the discount rows of a booking whose lines are in the order of `parts`, at the positions from 1. The
    database refuses one more use of a code than it is good for (`PromoUsedUp`)."""
    for row in given:
        work.discounts.save(
            Discount(
                sale_id=sale_id,
                booking_id=booking_id,
                kind=row.terms.kind,
                bps=row.terms.bps,
                amount=sum(row.parts),
                parts={str(position): part for position, part in enumerate(row.parts, 1)},
                own=row.terms.own,
                reason=row.reason,
                promo_id=row.promo_id,
                created_at=work.now,
                created_by=work.actor.user_id,
            )
        )
        work.audit(
            "discount.give",
            "booking",
            booking_id,
            kind=row.terms.kind.value,
            bps=row.terms.bps,
            amount=sum(row.parts),
            own=row.terms.own,
            reason=row.reason,
        )


def clean_code(code: str) -> str:
    """A promo code as it is kept: in capitals, without spaces. Raises `InvalidInput` naming `code`."""
    words = clean_line(code, "code", 40).upper()
    return "".join(words.split())


def find_promo(reading: Reading, code: str) -> PromoCode:
    """The code as it holds today, still to be used. Raises `PromoUnknown`, `PromoNotNow`, `PromoUsedUp`."""
    try:
        word = clean_code(code)
    except InvalidInput as error:
        raise PromoUnknown("There is no such promo code.") from error
    promo = reading.promos.find_by_code(word)
    if promo is None or not promo.active:
        raise PromoUnknown(f"There is no promo code {word}.")
    state = promo_state(
        today(reading),
        active=promo.active,
        first_day=promo.first_day,
        last_day=promo.last_day,
        uses=0 if promo.most_uses is None else reading.promos.uses([promo.id])[promo.id],
        most_uses=promo.most_uses,
    )
    if state is PromoState.NOT_YET:
        raise PromoNotNow(f"{word} is valid from {_day(promo.first_day)}.")
    if state is PromoState.EXPIRED:
        raise PromoNotNow(f"{word} was valid until {_day(promo.last_day)}.")
    if state is PromoState.USED_UP:
        raise PromoUsedUp(f"{word} has been used as often as it may be.")
    return promo


def is_for(promo: PromoCode, trip_id: UUID, vendor_id: UUID) -> bool:
    """Whether a code holds for a trip of a vendor."""
    return promo.trip_id in (None, trip_id) and promo.vendor_id in (None, vendor_id)


def terms_of(row: Discount | PromoCode) -> Terms:
    """What a row takes off. A discount's own row says what an amount came to for its booking."""
    amount = 0 if row.kind is DiscountKind.PERCENT else row.amount
    return Terms(row.kind, row.bps, amount, row.own)


def _day(day: date) -> str:
    return format_date(day, "d MMM y", locale="en_GB")


def _promo_rule(reading: Reading, code: str, basket: Sequence[ListedBooking]) -> _Rule:
    promo = find_promo(reading, code)

    def takes(booking: ListedBooking) -> bool:
        return is_for(promo, booking.trip_id, booking.vendor_id)

    if not any(takes(booking) for booking in basket):
        what = "trip" if promo.trip_id is not None else "vendor"
        raise PromoElsewhere(f"{promo.code} is for another {what}.")
    if promo.kind is DiscountKind.AMOUNT and any(b.currency != promo.currency for b in basket):
        raise PromoOtherCurrency(f"{promo.code} takes off an amount in {promo.currency}.")
    return _Rule(terms_of(promo), f"Promo code {promo.code}", promo.id, takes)


def _asked_rule(reading: Reading, actor: Actor, basket: Sequence[ListedBooking], ask: DiscountAsk) -> _Rule:
    require(actor, Permission.DISCOUNT_GIVE)
    reason = clean_line(ask.reason, "reason", 500, required=False)
    if not reason:
        raise InvalidInput("A discount needs a reason.", field="reason", hint="Say why it is given.")
    whole = sum(sum(booking.prices) for booking in basket)
    amount = 0
    if ask.amount is not None:
        if any(booking.currency != ask.amount.currency for booking in basket):
            raise CurrencyMismatch("The discount is in another currency than the sale.", field="discount")
        amount = ask.amount.minor
        if amount > whole:
            raise InvalidInput("The discount is more than the price.", field="discount")
    terms = Terms(ask.kind, ask.bps, amount, ask.own)
    above = max(terms.bps, in_bps(amount, whole))
    limit = reading.agency.get().discount_limit_bps
    if above > limit and not allowed(actor.role, Permission.DISCOUNT_ABOVE):
        raise DiscountAboveLimit(
            f"You may take off {limit / 100:g} % at the most; this is {above / 100:.4g} %.", field="discount"
        )
    return _Rule(terms, reason, None, lambda _booking: True)


def _take(
    rule: _Rule, basket: Sequence[ListedBooking], left: Sequence[Sequence[int]]
) -> list[tuple[int, list[int]]]:
    """What a rule takes off the prices that are left, by the number of the booking."""
    taken = [index for index, booking in enumerate(basket) if rule.takes(booking)]
    if rule.terms.kind is DiscountKind.PERCENT:
        return [(index, spread_over(rule.terms, left[index])) for index in taken]
    parts = iter(spread_over(rule.terms, [price for index in taken for price in left[index]]))
    return [(index, [next(parts) for _ in left[index]]) for index in taken]


def _priced(booking: ListedBooking, given: Sequence[GivenDiscount]) -> PricedBooking:
    offs: Sequence[Off] = combine([(row.terms, row.parts) for row in given], len(booking.prices))
    lines = (
        PricedLine(price - off.discount, off.discount, off.own)
        for price, off in zip(booking.prices, offs, strict=True)
    )
    # an amount's row says what it came to here, not what it was for the whole sale
    rows = (
        replace(row, terms=replace(row.terms, amount=sum(row.parts)))
        if row.terms.kind is DiscountKind.AMOUNT
        else row
        for row in given
    )
    return PricedBooking(tuple(lines), tuple(rows))


def _within_commission(booking: ListedBooking, priced: PricedBooking) -> None:
    own = sum(line.own_discount for line in priced.lines)
    most = most_own(priced.price + own, booking.commission_bps)
    if own > most:
        earns = Money(most, booking.currency)
        promo = any(row.promo_id is not None and row.terms.own for row in priced.given)
        raise DiscountBeyondCommission(
            f"The agency earns {format_money(earns)} on this booking and cannot bear more than that alone.",
            field="promo" if promo else "discount",
        )
