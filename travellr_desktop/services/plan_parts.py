"""What a change makes of prices, discounts and deposit, and the plan that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from travellr_desktop.domain.discounts import Off, Terms, combine, taken_again
from travellr_desktop.domain.money import round_ratio, share
from travellr_desktop.domain.party import Party, TravellerType, line_prices
from travellr_desktop.services.amendments import (
    ChangeKind,
    Plan,
    PlannedEnd,
    PlannedLine,
    reckoned_on,
)
from travellr_desktop.services.discounts import terms_of
from travellr_desktop.services.giving_back import standing
from travellr_desktop.services.pricing import PriceList
from travellr_desktop.storage.models import Booking, BookingLine, Departure, Trip
from travellr_desktop.storage.uow import Reading


def discounts_of(reading: Reading, booking_id: UUID) -> list[tuple[UUID, Terms, dict[int, int]]]:
    """The discounts of a booking that take something off, each with its parts by position."""
    return [
        (row.id, terms_of(row), {int(position): part for position, part in row.parts.items()})
        for row in reading.discounts.of_booking(booking_id)
        if row.amount
    ]


# prices


def price_of(prices: PriceList, kind: TravellerType) -> int:
    """What a traveller of a type costs by a price list, in minor units."""
    ((_kind, money),) = line_prices(Party.of({kind: 1}), prices.prices)
    return money.minor


def relisted(
    booking: Booking, rows: Sequence[tuple[UUID, Terms, dict[int, int]]], prices: PriceList
) -> tuple[list[PlannedLine], dict[str, dict[str, int]]]:
    """The travellers of a booking by another price list: whose price it does not change keeps price and discount."""
    there = standing(booking)
    listed = {line.position: price_of(prices, line.traveller_type) for line in there}
    other = {
        line.position: listed[line.position] for line in there if listed[line.position] != listed_price(line)
    }
    offs, parts = taken(rows, other)
    found = []
    for line in there:
        seat = prices.takes_seat[line.traveller_type]
        if line.position in other:
            off = offs[line.position]
            found.append(as_is(line, price=other[line.position] - off.discount, off=off, takes_seat=seat))
        else:
            found.append(as_is(line, takes_seat=seat))
    return found, parts


def listed_price(line: BookingLine) -> int:
    """What a traveller cost before anything was taken off."""
    return line.price + line.discount


def discounted(
    reading: Reading, booking: Booking, listed: Mapping[int, int]
) -> tuple[dict[int, Off], dict[str, dict[str, int]]]:
    """What the discounts of a booking take off lines at new list prices, as `taken`."""
    return taken(discounts_of(reading, booking.id), listed)


def taken(
    rows: Sequence[tuple[UUID, Terms, dict[int, int]]], listed: Mapping[int, int]
) -> tuple[dict[int, Off], dict[str, dict[str, int]]]:
    """What is taken off lines at new list prices, by position, and the new parts of each discount."""
    again = taken_again([(terms, parts) for _id, terms, parts in rows], listed)
    offs = combine(
        [(terms, list(parts.values())) for (_id, terms, _old), parts in zip(rows, again, strict=True)],
        len(listed),
    )
    fresh = {
        str(row_id): {str(position): part for position, part in parts.items()}
        for (row_id, _terms, _old), parts in zip(rows, again, strict=True)
        if parts
    }
    return dict(zip(listed, offs, strict=True)), fresh


# plans


def plan_for(
    booking: Booking,
    kind: ChangeKind,
    *,
    lines: tuple[PlannedLine, ...] = (),
    ended: tuple[PlannedEnd, ...] = (),
    parts: dict[str, dict[str, int]] | None = None,
    to: Departure | None = None,
    trip: Trip | None = None,
    tax_bps: int | None = None,
    back: int | None = None,
    reason: str = "",
) -> Plan:
    """A plan of one kind, with what it makes of price, deposit and what goes back."""
    after = {line.position: line.price for line in standing(booking)}
    after |= {line.position: line.price for line in lines}
    for end in ended:
        del after[end.position]
    price = sum(after.values())
    return Plan(
        kind=kind,
        from_departure_id=booking.departure_id,
        departure_id=booking.departure_id if to is None else to.id,
        trip_id=booking.trip_id if trip is None else trip.id,
        tax_bps=booking.tax_bps if tax_bps is None else tax_bps,
        old_price=booking.price,
        price=price,
        deposit=_deposit(booking, price, trip or booking.trip),
        back=max(booking.price - price, 0) if back is None else back,
        lines=lines,
        ended=ended,
        reckoned_on=reckoned_on(booking),
        parts=parts or {},
        reason=reason,
    )


def _deposit(booking: Booking, price: int, trip: Trip) -> int:
    """What was agreed to be kept at least, in proportion to the new price."""
    if booking.price == 0:
        return share(price, trip.deposit_bps)
    return round_ratio(booking.deposit * price, booking.price)


def as_is(
    line: BookingLine,
    *,
    name: str | None = None,
    age: int | None = None,
    price: int | None = None,
    off: Off | None = None,
    takes_seat: bool | None = None,
) -> PlannedLine:
    """A line as it stands, but for what is given; an age only with a name."""
    return PlannedLine(
        position=line.position,
        name=line.name if name is None else name,
        type=line.traveller_type,
        age=line.age if name is None else age,
        price=line.price if price is None else price,
        discount=line.discount if off is None else off.discount,
        own_discount=line.own_discount if off is None else off.own,
        takes_seat=line.takes_seat if takes_seat is None else takes_seat,
    )
