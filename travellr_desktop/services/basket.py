"""What is about to be sold: the holds of one person at the desk, priced, and what confirms them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.money import Money, share
from travellr_desktop.domain.party import Party, TravellerType, line_prices
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import HoldKind, HoldState
from travellr_desktop.errors import HeldElsewhere, HoldLapsed, InvalidInput, NotFound, WrongState
from travellr_desktop.services import discounts
from travellr_desktop.services.discounts import DiscountAsk, ListedBooking
from travellr_desktop.services.instalments import DepositQuote, balance_due_at, due_at_once, last_day
from travellr_desktop.services.orders import Sell
from travellr_desktop.services.pricing import one_currency, prices_on_sale
from travellr_desktop.storage.repositories.on_sale import Buyer, Held
from travellr_desktop.storage.uow import Reading, UnitOfWork


def read_basket(work: UnitOfWork, order: Sell) -> tuple[tuple[Held, ...], Buyer]:
    """What is sold, and to whom. Raises `HoldLapsed`, `HeldElsewhere`, `InvalidInput`, `NotFound`, `WrongState`."""
    if not order.lines:
        raise InvalidInput("There is nothing in the basket.", field="basket", hint="Hold seats first.")
    if len({line.hold_id for line in order.lines}) != len(order.lines):
        raise InvalidInput("The same hold is in the basket twice.", field="basket")
    held, buyer = work.selling.held([line.hold_id for line in order.lines], order.traveller_id)
    if buyer is None:
        raise NotFound("There is no such traveller.", hint="Choose who buys.", field="traveller")
    for each in held:
        _sellable(work, each)
    one_currency(each.offer.currency for each in held)
    return held, buyer


def _sellable(work: UnitOfWork, held: Held) -> None:
    if held.created_by != work.actor.user_id:
        raise NotFound("There is no such hold.")
    if held.kind is not HoldKind.HOLD:
        raise WrongState("These seats are kept for a traveller.", hint="Take them up first.")
    if held.state is not HoldState.ACTIVE or held.expires_at <= work.now:
        raise HoldLapsed("A hold in the basket has lapsed.")
    if held.booking_id is not None:
        raise WrongState("These seats are on a booking already.")
    if held.grant_id != held.offer.grant_id:
        raise HeldElsewhere("These seats are held at another desk.")


def deposit_of(
    view: Reading, actor: Actor, hold_ids: Sequence[UUID], ask: DiscountAsk | None, promo: str
) -> DepositQuote | None:
    """What these holds would be confirmed by if they were sold now; None where all of it is due at once. Raises
    `NotFound` for a hold that is not there, and for its discounts as `discounts.price_lines`."""
    held, _ = view.selling.held(hold_ids)
    one_currency(each.offer.currency for each in held)
    currency = held[0].offer.currency
    priced = discounts.price_lines(
        view, actor, [at_list_price(each, view.clock.now()) for each in held], ask, promo
    )
    now, later, days = 0, 0, list[date]()
    for each, costs in zip(held, priced, strict=True):
        deposit = share(costs.price, each.offer.deposit_bps)
        ends = balance_due_at(each.offer, price=costs.price, deposit=deposit, booked_at=view.clock.now())
        part = due_at_once(costs.price, deposit, ends)
        now, later = now + part, later + costs.price - part
        if part < costs.price and ends is not None:
            days.append(last_day(ends, each.offer.zone))
    return DepositQuote(Money(now, currency), Money(later, currency), min(days)) if days else None


def at_list_price(held: Held, now: datetime) -> ListedBooking:
    """What the travellers of a hold would pay without any discount."""
    offer = held.offer
    return ListedBooking(
        trip_id=offer.trip_id,
        vendor_id=offer.vendor_id,
        currency=offer.currency,
        commission_bps=offer.commission_bps(now),
        prices=tuple(money.minor for _, money in line_prices(party_of(held), prices_on_sale(offer).prices)),
    )


def party_of(held: Held) -> Party:
    """Who the seats of a hold are for."""
    return Party.of({TravellerType(kind): count for kind, count in held.party.items()})
