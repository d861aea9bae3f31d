"""Writing a sale: its bookings with price, tax, commission and policy frozen, a line a traveller, and its payment.

Everything is written as it begins: bookings pending on their holds, the payment created. What costs nothing is settled
in the same transaction; what was paid is in one that follows, by `settle` or in `charging`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money, round_ratio, share
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.states import BookingState, PaymentState
from travellr_desktop.domain.text import clean_name
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import BookingCreated
from travellr_desktop.services import discounts, settling
from travellr_desktop.services.basket import at_list_price, party_of, read_basket
from travellr_desktop.services.discounts import PricedBooking
from travellr_desktop.services.instalments import balance_due_at, due_at_once
from travellr_desktop.services.new_payments import pay, refuse_leaving
from travellr_desktop.services.orders import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.outcomes import (
    BookingFacts,
    PaymentFacts,
    SaleFacts,
    SaleOutcome,
    outcome_of,
)
from travellr_desktop.services.posting import hold_changed
from travellr_desktop.services.pricing import prices_on_sale
from travellr_desktop.storage.repositories.on_sale import Held
from travellr_desktop.storage.repositories.selling import (
    NewBooking,
    NewLine,
    NewPayment,
    NewSale,
    NewShare,
)
from travellr_desktop.storage.uow import UnitOfWork

_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that are read for another


@dataclass(frozen=True, slots=True)
class PlacedBooking:
    row: NewBooking
    held: Held
    lines: tuple[NewLine, ...]
    costs: PricedBooking


@dataclass(frozen=True, slots=True)
class Placed:
    """What was written. `payment` None where nothing is to be paid, or not yet."""

    sale: NewSale
    buyer: str
    bookings: tuple[PlacedBooking, ...]
    payment: NewPayment | None
    shares: tuple[NewShare, ...]


def place(work: UnitOfWork, order: Sell, sale_id: UUID) -> Placed:
    """Write the sale of held seats: all of it, or nothing. Raises `HoldLapsed`, `InvalidInput`, `NotFound`,
    `WrongState`, and for its discounts as `discounts.price_lines`."""
    held, buyer = read_basket(work, order)
    listed = [at_list_price(each, work.now) for each in held]
    priced = discounts.price_lines(work, work.actor, listed, order.discount, order.promo)
    amount = sum(costs.price for costs in priced)
    numbers = work.selling.take_numbers(work.desk_id, work.now.year, {"SA": 1, "BK": len(held)})
    sale = NewSale(
        id=sale_id,
        reference=numbers["SA"][0],
        desk_id=work.desk_id,
        traveller_id=buyer.id,
        currency=held[0].offer.currency,
        created_at=work.now,
        created_by=work.actor.user_id,
    )
    bookings = tuple(
        _booking(work, sale, line, each, costs, reference, buyer.name)
        for line, each, costs, reference in zip(order.lines, held, priced, numbers["BK"], strict=True)
    )
    work.selling.place(sale, [b.row for b in bookings], [line for b in bookings for line in b.lines])
    for booking in bookings:
        discounts.write(work, sale.id, booking.row.id, booking.costs.given)
        _tell(work, booking)
    payment: NewPayment | None = None
    shares: tuple[NewShare, ...] = ()
    if order.pay is not None and amount:
        parts = [(booking.row.id, _part(booking.row, order.pay)) for booking in bookings]
        payment, shares = pay(work, sale.id, sale.reference, sale.currency, buyer.id, order.pay, parts)
        if payment.link_expires_at is not None:
            _keep(work, held, payment.link_expires_at)
    placed = Placed(sale, buyer.name, bookings, payment, shares)
    return settle(work, placed) if order.pay is not None and not amount else placed


def settle(work: UnitOfWork, placed: Placed) -> Placed:
    """Write that a sale that was just placed is paid with what is at hand, or that nothing is to be paid for it. Gives
    it as it stands then. Raises `ChangedMeanwhile` and `SeatsGone` as `settling.settle`."""
    payment = placed.payment
    if payment is not None:
        payment = replace(
            payment,
            state=PaymentState.COMPLETED,
            label=payment.label or settling.LABELS[payment.way],
            ended_at=work.now,
            worker=None,
        )
    rows = [replace(b.row, state=BookingState.CONFIRMED, confirmed_at=work.now) for b in placed.bookings]
    bookings = tuple(replace(b, row=row) for b, row in zip(placed.bookings, rows, strict=True))
    lines = [line for booking in bookings for line in booking.lines]
    settling.settle(work, payment, placed.shares, [(b.row, b.held) for b in bookings], lines)
    return replace(placed, payment=payment, bookings=bookings)


def _part(booking: NewBooking, choice: PayChoice) -> int:
    """What of a booking is paid now."""
    if not choice.deposit:
        return booking.price
    return due_at_once(booking.price, booking.deposit, booking.balance_due_at)


def _keep(work: UnitOfWork, held: Sequence[Held], until: datetime) -> None:
    """The seats are kept for as long as the traveller may pay for them. Raises `InvalidInput` where a departure leaves
    before that."""
    refuse_leaving(until, [each.offer.starts_at for each in held])
    shorter = [each for each in held if each.expires_at < until]
    work.selling.keep_until(until, *[each.id for each in shorter])
    for each in shorter:
        work.publish(hold_changed(replace(each, expires_at=until), work.now))


def outcome(placed: Placed) -> SaleOutcome:
    """How a sale stands that was just placed, or settled: as `outcomes.read_outcome` would read it."""
    payment = placed.payment
    last = None
    if payment is not None:
        last = PaymentFacts(
            payment.id, payment.way, payment.state, payment.label, payment.created_at, payment.ended_at
        )
    came_in = payment is not None and payment.state is PaymentState.COMPLETED
    paid = {each.booking_id: each.amount for each in placed.shares} if came_in else {}
    return outcome_of(
        SaleFacts(
            sale_id=placed.sale.id,
            reference=placed.sale.reference,
            currency=placed.sale.currency,
            traveller_name=placed.buyer,
            created_at=placed.sale.created_at,
            bookings=tuple(_facts(booking, paid.get(booking.row.id, 0)) for booking in placed.bookings),
            last=last,
        )
    )


def _facts(booking: PlacedBooking, paid: int) -> BookingFacts:
    row, offer = booking.row, booking.held.offer
    return BookingFacts(
        id=row.id,
        reference=row.reference,
        departure_id=row.departure_id,
        title=offer.title,
        vendor_name=offer.vendor_name,
        starts_at=offer.starts_at,
        zone=offer.zone,
        pax=len(booking.lines),
        price=row.price,
        state=row.state,
        paid=paid,
        back=0,
        end_reason="",
        held_until=booking.held.expires_at if row.state is BookingState.PENDING else None,
        deposit=row.deposit,
        balance_due_at=row.balance_due_at,
        due=max(row.price - paid, 0),
    )


def _booking(
    work: UnitOfWork,
    sale: NewSale,
    line: SellLine,
    held: Held,
    costs: PricedBooking,
    reference: str,
    buyer: str,
) -> PlacedBooking:
    offer, price = held.offer, costs.price
    deposit = share(price, offer.deposit_bps)
    row = NewBooking(
        id=new_id(),
        reference=reference,
        voucher_code=_voucher_code(),
        sale_id=sale.id,
        departure_id=held.departure_id,
        trip_id=offer.trip_id,
        vendor_id=offer.vendor_id,
        traveller_id=sale.traveller_id,
        grant_id=held.grant_id,
        hold_id=held.id,
        state=BookingState.PENDING,
        currency=offer.currency,
        price=price,
        tax=round_ratio(price * offer.tax_bps, 10_000 + offer.tax_bps),
        tax_bps=offer.tax_bps,
        deposit=deposit,
        balance_due_at=balance_due_at(offer, price=price, deposit=deposit, booked_at=work.now),
        commission_bps=offer.commission_bps(work.now),
        holdback_days=offer.holdback_days,
        policy=offer.policy,
        created_at=work.now,
        confirmed_at=None,
    )
    return PlacedBooking(row, held, tuple(_lines(row, line, held, costs, buyer)), costs)


def _lines(
    booking: NewBooking, line: SellLine, held: Held, costs: PricedBooking, buyer: str
) -> Iterator[NewLine]:
    takes_seat = prices_on_sale(held.offer).takes_seat
    named = _names(line.travellers, party_of(held), buyer)
    for position, (cost, traveller) in enumerate(zip(costs.lines, named, strict=True), 1):
        yield NewLine(
            id=new_id(),
            booking_id=booking.id,
            position=position,
            name=traveller.name,
            traveller_type=traveller.type,
            age=traveller.age,
            price=cost.price,
            discount=cost.discount,
            own_discount=cost.own_discount,
            takes_seat=takes_seat[traveller.type],
        )


def _tell(work: UnitOfWork, booking: PlacedBooking) -> None:
    row = booking.row
    work.publish(
        BookingCreated(
            aggregate_id=row.id,
            timestamp=work.now,
            reference=row.reference,
            sale_id=row.sale_id,
            departure_id=row.departure_id,
            vendor_id=row.vendor_id,
            traveller_id=row.traveller_id,
            pax=len(booking.lines),
            price=Money(row.price, row.currency),
        )
    )


def _names(given: tuple[NamedTraveller, ...], party: Party, buyer: str) -> list[NamedTraveller]:
    """One named traveller for each of the party, in its order; who was not named goes by the buyer's name."""
    left = list(given)
    named: list[NamedTraveller] = []
    for number, kind in enumerate(party, 1):
        found = next((each for each in left if each.type is kind), None)
        if found is None:
            word = f"{buyer} ({kind.value} {number})" if number > 1 else buyer
            named.append(NamedTraveller(word[:200], kind))
            continue
        left.remove(found)
        if found.age is not None and not 0 <= found.age <= 130:
            raise InvalidInput("An age is between 0 and 130 years.", field="age")
        named.append(NamedTraveller(clean_name(found.name), kind, found.age))
    if left:
        raise InvalidInput("More travellers are named than seats are held for.", field="travellers")
    return named


def _voucher_code() -> str:
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
