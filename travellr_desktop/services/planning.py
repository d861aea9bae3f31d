"""What a change of a booking would do: the rules of each kind of change, and what it makes of the prices.

A booking's policy, commission and discounts stay what they were when it was sold; the prices are those of the day
of the change. Every refusal is raised here, before anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.discounts import Terms
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import CurrencyMismatch
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.refund_quote import RefundQuote, all_kept, beyond, refund_quote
from travellr_desktop.domain.states import BookingState, DepartureState
from travellr_desktop.domain.text import clean_line, clean_name
from travellr_desktop.errors import InvalidInput, NotFound, SalesClosed, WrongState
from travellr_desktop.services import giving_back
from travellr_desktop.services.amendments import (
    ChangeKind,
    Plan,
    PlannedEnd,
    PlannedLine,
)
from travellr_desktop.services.back_in_steps import step_for
from travellr_desktop.services.disputed import refuse_disputed
from travellr_desktop.services.giving_back import standing
from travellr_desktop.services.holds import open_for_more
from travellr_desktop.services.plan_parts import (
    as_is,
    discounted,
    discounts_of,
    plan_for,
    price_of,
    relisted,
)
from travellr_desktop.services.pricing import PriceList, price_list
from travellr_desktop.services.refund_blocks import refuse_elsewhere
from travellr_desktop.services.sales import NamedTraveller
from travellr_desktop.storage.models import Booking, BookingLine, Departure, Trip
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class AddTravellers:
    """They join the booking. Who has no name goes by the buyer's."""

    travellers: tuple[NamedTraveller, ...]


@dataclass(frozen=True, slots=True)
class CancelTravellers:
    """They leave it, by the policy; with `waive` nothing is kept, which needs a permission and a reason."""

    line_ids: tuple[UUID, ...]
    waive: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeTraveller:
    """One of them is somebody else, or of another type."""

    line_id: UUID
    traveller: NamedTraveller


@dataclass(frozen=True, slots=True)
class Rebook:
    """All of them go with another departure of the same vendor."""

    departure_id: UUID


Change = AddTravellers | CancelTravellers | ChangeTraveller | Rebook


def make_plan(
    reading: Reading, actor: Actor, booking: Booking, change: Change
) -> tuple[Plan, RefundQuote | None]:
    """What a change does to a booking, read whole, and what the policy says of travellers who leave.

    Raises `WrongState` for a booking that cannot be changed (now), `SoldElsewhere`, `NotFound` for a traveller or
    departure that is not there, `SalesClosed` past the departure or its cut-off, `InvalidInput` naming the field,
    `CurrencyMismatch`, `NotPermitted` to go beyond the policy without the permission, `DisputeOpen` where something
    would go back that a bank has taken."""
    plan, quote = _planned(reading, actor, booking, change)
    if plan.back or plan.goodwill:
        refuse_disputed(reading, (booking,))
    return plan, quote


def _planned(
    reading: Reading, actor: Actor, booking: Booking, change: Change
) -> tuple[Plan, RefundQuote | None]:
    _changeable(reading, booking)
    if isinstance(change, AddTravellers):
        return _add(reading, booking, change), None
    if isinstance(change, ChangeTraveller):
        return _retype(reading, booking, change), None
    if isinstance(change, Rebook):
        return _rebook(reading, booking, change.departure_id), None
    return _remove(reading, actor, booking, change)


def cheaper(reading: Reading, booking: Booking, change: Rebook | ChangeTraveller) -> Plan:
    """A change of a booking by which money goes back. Raises as `make_plan`, and `InvalidInput` where none does."""
    _changeable(reading, booking)
    if isinstance(change, Rebook):
        plan = _rebook(reading, booking, change.departure_id)
    else:
        plan = _retype(reading, booking, change)
    if not plan.back:
        raise InvalidInput("Nothing would go back.", field="change", hint="Change the booking instead.")
    return plan


def refuse_target(reading: Reading, booking: Booking, departure: Departure, trip: Trip) -> None:
    """Raises a refusal that says why a booking cannot be rebooked to a departure of a trip; whether it has seats is
    not looked at."""
    if departure.id == booking.departure_id:
        raise InvalidInput("The booking is on this departure already.", field="departure")
    if trip.vendor_id != booking.vendor_id:
        raise InvalidInput(
            "This departure is another vendor's.",
            field="departure",
            hint="Cancel the booking and sell the other one.",
        )
    if trip.currency != booking.currency:
        raise CurrencyMismatch(
            f"The booking is in {booking.currency}, this trip in {trip.currency}.",
            field="departure",
            hint="Cancel the booking and sell the other one.",
        )
    now = reading.clock.now()
    if departure.starts_at <= now:
        raise SalesClosed("This departure has left.", field="departure")
    if departure.state is not DepartureState.OPEN or not trip.active:
        raise SalesClosed("This departure is not sold.", field="departure")
    if departure.cutoff_at <= now:
        raise SalesClosed("Sales of this departure have closed.", field="departure")


def rebooked_price(
    booking: Booking, rows: Sequence[tuple[UUID, Terms, dict[int, int]]], prices: PriceList
) -> int:
    """What the travellers of a booking would pay by another price list. Raises `InvalidInput` for a type that it does
    not have."""
    lines, _parts = relisted(booking, rows, prices)
    return sum(line.price for line in lines)


def _changeable(reading: Reading, booking: Booking) -> None:
    refuse_elsewhere(reading, booking.sale_id)
    if booking.state is not BookingState.CONFIRMED:
        word = booking.state.value.replace("_", "-")
        raise WrongState(
            f"{booking.reference} is {word} and cannot be changed.",
            hint="Only a confirmed booking can; one that is not paid is released and sold anew.",
        )
    if reading.amendments.pending(booking.id) is not None:
        raise WrongState(
            "A change of this booking still waits for its payment.", hint="Wait until its outcome is known."
        )
    if reading.payments.in_flight(booking.sale_id):
        raise WrongState(
            "A payment of this sale is still under way.",
            hint="Wait until its outcome is known, then change it.",
        )
    if (
        booking.balance_due_at is not None
        and giving_back.left(reading, (booking,))[booking.id] < booking.price
    ):
        raise WrongState(
            f"The balance of {booking.reference} is not paid yet.", hint="Take the balance, then change it."
        )


def _not_left(booking: Booking, now: datetime) -> None:
    if booking.departure.starts_at <= now:
        raise SalesClosed("It has left already.", hint="Only names can be corrected now.")


def _prices_now(reading: Reading, booking: Booking) -> PriceList:
    return price_list(reading.trips.get_full(booking.trip_id), booking.departure.local_day)


def _add(reading: Reading, booking: Booking, change: AddTravellers) -> Plan:
    _not_left(booking, reading.clock.now())
    open_for_more(reading, booking.departure)
    if not change.travellers:
        raise InvalidInput("Say who joins.", field="travellers")
    prices = _prices_now(reading, booking)
    last = max((line.position for line in booking.lines), default=0)
    joining = dict(enumerate((_clean(each) for each in change.travellers), last + 1))
    listed = {position: price_of(prices, each.type) for position, each in joining.items()}
    offs, parts = discounted(reading, booking, listed)
    lines = tuple(
        PlannedLine(
            position=position,
            name=each.name or f"{booking.traveller.name} ({each.type.value} {position})"[:200],
            type=each.type,
            age=each.age,
            price=listed[position] - offs[position].discount,
            discount=offs[position].discount,
            own_discount=offs[position].own,
            takes_seat=prices.takes_seat[each.type],
        )
        for position, each in joining.items()
    )
    return plan_for(booking, ChangeKind.ADD, lines=lines, parts=parts)


def _retype(reading: Reading, booking: Booking, change: ChangeTraveller) -> Plan:
    line = _line(booking, change.line_id)
    fresh = _clean(change.traveller)
    name = fresh.name or line.name
    if fresh.type is line.traveller_type:
        if (name, fresh.age) == (line.name, line.age):
            raise InvalidInput("Nothing was changed.", field="traveller")
        planned = as_is(line, name=name, age=fresh.age)
        return plan_for(booking, ChangeKind.RETYPE, lines=(planned,))
    _not_left(booking, reading.clock.now())
    prices = _prices_now(reading, booking)
    if prices.takes_seat[fresh.type] and not line.takes_seat:  # one seat more, as for somebody who joins
        open_for_more(reading, booking.departure)
    listed = {line.position: price_of(prices, fresh.type)}
    offs, parts = discounted(reading, booking, listed)
    off = offs[line.position]
    planned = PlannedLine(
        position=line.position,
        name=name,
        type=fresh.type,
        age=fresh.age,
        price=listed[line.position] - off.discount,
        discount=off.discount,
        own_discount=off.own,
        takes_seat=prices.takes_seat[fresh.type],
    )
    others = [each for each in standing(booking) if each is not line]
    if not planned.takes_seat and not any(each.takes_seat for each in others):
        raise InvalidInput("At least one traveller must take a seat.", field="type")
    return plan_for(booking, ChangeKind.RETYPE, lines=(planned,), parts=parts)


def _rebook(reading: Reading, booking: Booking, departure_id: UUID) -> Plan:
    departure = reading.departures.get(departure_id)
    trip = reading.trips.get_full(departure.trip_id)
    _not_left(booking, reading.clock.now())
    refuse_target(reading, booking, departure, trip)
    rows = discounts_of(reading, booking.id)
    lines, parts = relisted(booking, rows, price_list(trip, departure.local_day))
    same = trip.id == booking.trip_id
    tax_bps = booking.tax_bps if same else trip.tax_bps
    return plan_for(
        booking, ChangeKind.REBOOK, lines=tuple(lines), parts=parts, to=departure, trip=trip, tax_bps=tax_bps
    )


def _remove(
    reading: Reading, actor: Actor, booking: Booking, change: CancelTravellers
) -> tuple[Plan, RefundQuote]:
    require(actor, Permission.BOOKING_CANCEL)
    reason = clean_line(change.reason, "reason", 500, required=False)
    if change.waive:
        require(actor, Permission.POLICY_OVERRIDE)
        if not reason:
            raise InvalidInput(
                "Going beyond the policy needs a reason.", field="reason", hint="Say why nothing is kept."
            )
    return leave(
        reading,
        booking,
        change.line_ids,
        now=reading.clock.now(),
        all_back=change.waive,
        reason=reason,
        step=step_for(reading, booking),
    )


def leave(
    reading: Reading,
    booking: Booking,
    line_ids: Sequence[UUID],
    *,
    now: datetime,
    all_back: bool = False,
    keep_all: bool = False,
    give_back: int | None = None,
    borne_by: Bearer | None = None,
    reason: str = "",
    step: int = 1,
) -> tuple[Plan, RefundQuote]:
    """Some travellers leave a booking, by its policy as of `now`; with `give_back` (minor units), or `all_back`, more
    goes back than it gives, at the cost of `borne_by`, or of both by the commission rate. With `keep_all` nothing goes
    back for now. What the policy gives is reckoned in `step`s.

    Raises `WrongState` for a booking that cannot be changed, `SalesClosed` where it has left by `now`, `NotFound` for a
    traveller who is not on it, `InvalidInput` where nobody is named, nobody would stay, or as `refund_quote`."""
    _changeable(reading, booking)
    _not_left(booking, now)
    there = standing(booking)
    leaving = [_line(booking, line_id) for line_id in dict.fromkeys(line_ids)]
    if not leaving:
        raise InvalidInput("Say who is cancelled.", field="travellers")
    left = [line for line in there if line not in leaving]
    if not left:
        raise InvalidInput(
            "These are all travellers of the booking.", field="travellers", hint="Cancel the booking instead."
        )
    if not any(line.takes_seat for line in left):
        raise InvalidInput(
            "Somebody who takes a seat must stay.", field="travellers", hint="Cancel the booking instead."
        )
    booked = giving_back.booked(booking, giving_back.left(reading, (booking,))[booking.id])
    chosen = [index for index, line in enumerate(there) if line in leaving]
    quote = refund_quote(booked, now=now, chosen=chosen, step=step)
    if all_back:
        give_back = quote.paid
    if give_back is not None:
        quote = beyond(quote, give_back)
    if keep_all:
        quote = all_kept(quote)
    shared = borne_by is None
    plan = plan_for(
        booking,
        ChangeKind.REMOVE,
        ended=tuple(
            PlannedEnd(there[each.index].position, each.kept - (each.goodwill if shared else 0))
            for each in quote.lines
        ),
        back=quote.back - (0 if shared else quote.goodwill),
        reason=reason or "Cancelled at the traveller's wish.",
    )
    if quote.goodwill and borne_by is not None:
        plan = replace(plan, goodwill=quote.goodwill, borne_by=borne_by)
    return plan, quote


def _line(booking: Booking, line_id: UUID) -> BookingLine:
    line = next((each for each in standing(booking) if each.id == line_id), None)
    if line is None:
        raise NotFound("There is no such traveller on this booking.")
    return line


def _clean(given: NamedTraveller) -> NamedTraveller:
    if given.age is not None and not 0 <= given.age <= 130:
        raise InvalidInput("An age is between 0 and 130 years.", field="age")
    return NamedTraveller(clean_name(given.name) if given.name.strip() else "", given.type, given.age)
