"""Changes of confirmed bookings, carried out within the caller's transaction: at once where nothing is to be paid,
else when the payment that they wait for has come in.

A `Plan` says everything that will be done. It is made beforehand (`services.planning`), kept with the change, and
carried out as it stands or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.commission import Kept, Split, kept_split
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money, round_ratio
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import (
    AmendmentState,
    BookingState,
    DepartureState,
    HoldState,
    advance,
)
from travellr_desktop.errors import SeatsGone
from travellr_desktop.events import BookingChanged
from travellr_desktop.services import freeing, giving_back, keys, posting, seating
from travellr_desktop.services.giving_back import Terms, standing
from travellr_desktop.storage.models import Amendment, Booking, BookingLine, Departure, Hold, Payment
from travellr_desktop.storage.uow import Reading, UnitOfWork


class ChangeKind(StrEnum):
    ADD = "add"
    RETYPE = "retype"
    REBOOK = "rebook"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A traveller as they will be; at a position that the booking does not have yet, one who joins. Minor units."""

    position: int
    name: str
    type: TravellerType
    age: int | None
    price: int
    discount: int
    own_discount: int
    takes_seat: bool


@dataclass(frozen=True, slots=True)
class PlannedEnd:
    """A traveller who leaves, and what is kept of their price."""

    position: int
    kept: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change does. `reckoned_on` are the prices of the travellers that stood when it was made, by position:
    where they have changed since, it cannot be done. `parts` are the new parts of the booking's discounts, by
    discount and position. `old_price`, `price`, `deposit` and `back` are in minor units; `back` goes back, and
    `goodwill` beyond it at the cost of `borne_by`."""

    kind: ChangeKind
    from_departure_id: UUID
    departure_id: UUID
    trip_id: UUID
    tax_bps: int
    old_price: int
    price: int
    deposit: int
    back: int
    lines: tuple[PlannedLine, ...]
    ended: tuple[PlannedEnd, ...]
    reckoned_on: dict[str, int]
    parts: dict[str, dict[str, int]]
    reason: str = ""
    goodwill: int = 0
    borne_by: Bearer | None = None

    @property
    def to_pay(self) -> int:
        """What is still to be paid for it."""
        return max(self.price - self.old_price, 0)

    @property
    def moves(self) -> bool:
        return self.departure_id != self.from_departure_id


def plan_of(amendment: Amendment) -> Plan:
    return keys.from_json(Plan, amendment.plan)


def reckoned_on(booking: Booking) -> dict[str, int]:
    """What a plan is reckoned on."""
    return {str(line.position): line.price for line in standing(booking)}


def money_entries(reading: Reading, booking: Booking, plan: Plan) -> tuple[ledger.Entry, ...]:
    """What a plan writes into the ledger beside its payment: what is kept of those who leave, divided cumulatively
    with what was kept before, and what is promised back."""
    kept = _kept(reading, booking, plan)
    entries = ledger.kept_entries(
        kept,
        currency=booking.currency,
        booking_id=booking.id,
        vendor_id=booking.vendor_id,
        available_at=posting.available_at(booking),
    ) + ledger.promised_back_entries(Money(plan.back, booking.currency), booking_id=booking.id)
    if plan.borne_by is None:
        return entries
    return entries + ledger.goodwill_entries(
        Money(plan.goodwill, booking.currency),
        borne_by=plan.borne_by,
        booking_id=booking.id,
        vendor_id=booking.vendor_id,
    )


def _terms(booking: Booking, plan: Plan, terms: Terms) -> Terms:
    """With what goes back on each traveller: what is not kept of who leaves, and what becomes cheaper of the others."""
    back = plan.back + plan.goodwill
    if terms.parts is not None or not back:
        return replace(terms, beyond=plan.goodwill)
    kept = {end.position: end.kept for end in plan.ended}
    prices = {line.position: line.price for line in plan.lines}
    less = {
        line.id: line.price - kept[line.position]
        if line.position in kept
        else max(line.price - prices.get(line.position, line.price), 0)
        for line in standing(booking)
    }
    return replace(terms, parts=giving_back.in_proportion(back, less), beyond=plan.goodwill)


def record(work: UnitOfWork, booking: Booking, plan: Plan) -> Amendment:
    """The row of a change that was made at once, without a payment."""
    return work.amendments.save(
        Amendment(
            booking_id=booking.id,
            kind=plan.kind.value,
            state=AmendmentState.DONE,
            plan=keys.to_json(plan),
            difference=plan.price - plan.old_price,
            hold_id=None,
            payment_id=None,
            created_at=work.now,
            created_by=work.actor.user_id,
            ended_at=work.now,
        )
    )


def _kept(reading: Reading, booking: Booking, plan: Plan) -> Split:
    before, already = giving_back.kept_before(reading, booking)
    fee = Policy.from_json(booking.policy).fixed_fee
    lines = {line.position: line for line in booking.lines}
    commission, net = 0, 0
    for end in plan.ended:
        line = lines[end.position]
        now = Kept(end.kept, line.price, min(fee, end.kept), line.own_discount)
        parts = kept_split(now, before, already + net, booking.commission_bps)
        before.append(now)
        commission, net = commission + parts.commission, net + parts.net
    return Split(commission, net)


def carry_out(
    work: UnitOfWork,
    booking: Booking,
    plan: Plan,
    hold: Hold | None = None,
    terms: Terms = giving_back.PLAIN,
) -> list[UUID]:
    """Do what a plan says to a booking that was read whole; `hold` has the seats for it, and `terms` say how money goes
    back. Returns the refunds that
    are to be sent after the commit. Raises `SeatsGone`: the caller's transaction must not be committed then."""
    before = described(booking)
    entries = money_entries(work, booking, plan)
    terms = _terms(booking, plan, terms)
    lines = {line.position: line for line in booking.lines}
    ended = [lines[end.position] for end in plan.ended]
    up = standing(booking) if plan.moves else ended + _losing_their_seat(booking, plan)
    freed = {booking.departure_id} if any(line.occupies for line in up) else set()
    freeing.get_up(work, [line for line in up if line.occupies])
    if hold is not None:
        freeing.consume(work, hold)
    departure = work.departures.get(plan.departure_id)
    if plan.moves:
        _move(work, booking, departure, plan)
    for end, line in zip(plan.ended, ended, strict=True):
        line.ended_at, line.kept = work.now, end.kept
        line.checked_in_at, line.absent = None, False
    for planned in plan.lines:
        _write(booking, lines.get(planned.position), planned)
    booking.price, booking.deposit = plan.price, plan.deposit
    booking.tax_bps = plan.tax_bps
    booking.tax = round_ratio(plan.price * plan.tax_bps, 10_000 + plan.tax_bps)
    work.session.flush()
    if not work.bookings.sit_down(booking):
        raise SeatsGone("Fewer seats are free than that.")
    if not seating.seat_lines(work, booking, departure, hold):
        raise SeatsGone("Fewer numbered seats are free than that.")
    _discounts(work, booking, plan.parts)
    posting.post(work, entries)
    reason = plan.reason if terms.order_id is not None else WHY[plan.kind]
    refunds = giving_back.refund_rows(work, booking, plan.back + plan.goodwill, reason, terms)
    freeing.offer(work, freed)
    work.audit(
        "booking.change",
        "booking",
        booking.id,
        kind=plan.kind.value,
        was=before,
        now=described(booking),
        kept=sum(end.kept for end in plan.ended),
        back=plan.back + plan.goodwill,
        reason=plan.reason,
    )
    _voucher_out_of_date(work, booking)
    tell(work, booking, "departure" if plan.moves else "travellers")
    return refunds


def paid(work: UnitOfWork, payment: Payment, booking: Booking) -> list[UUID]:
    """The payment of a booking's change came in: do the change. Returns refunds that are to be sent after the
    commit, where it cannot be done any more and the money goes back."""
    refunds: list[UUID] = []
    for amendment in work.amendments.waiting_for(payment.id):
        if amendment.booking_id != booking.id:
            continue
        plan = plan_of(amendment)
        hold = None if amendment.hold_id is None else work.holds.get(amendment.hold_id)
        held = hold if hold is not None and hold.state is HoldState.ACTIVE else None
        if why := _why_not(work, booking, plan, hold):
            refunds += _give_up(work, payment, booking, amendment, hold, why)
            continue
        refunds += carry_out(work, booking, plan, held)
        _end(work, amendment, AmendmentState.DONE)
    return refunds


def unpaid(work: UnitOfWork, payment: Payment) -> None:
    """A payment failed or was given up: changes that waited for it are abandoned, their seats go back."""
    for amendment in work.amendments.waiting_for(payment.id):
        booking = work.bookings.get(amendment.booking_id)
        hold = None if amendment.hold_id is None else work.holds.get(amendment.hold_id)
        _abandon(work, booking, amendment, hold, "It was not paid.")


def tell(work: UnitOfWork, booking: Booking, what: str) -> None:
    """Have it told that a booking is another one now."""
    work.publish(
        BookingChanged(
            aggregate_id=booking.id,
            timestamp=work.now,
            what=what,
            departure_id=booking.departure_id,
            vendor_id=booking.vendor_id,
        )
    )


def described(booking: Booking) -> dict[str, object]:
    """A booking as the audit trail keeps it: what can be made other by a change."""
    return {
        "departure": str(booking.departure_id),
        "starts_at": booking.departure.starts_at.isoformat(),
        "price": booking.price,
        "travellers": [
            {"name": line.name, "type": line.traveller_type.value, "age": line.age, "price": line.price}
            for line in standing(booking)
        ],
    }


WHY: Mapping[ChangeKind, str] = {
    ChangeKind.ADD: "A traveller was added.",
    ChangeKind.RETYPE: "A traveller's type was changed.",
    ChangeKind.REBOOK: "Rebooked to another departure.",
    ChangeKind.REMOVE: "A traveller was cancelled.",
}
"""Why money goes back, as the refund says."""


def _losing_their_seat(booking: Booking, plan: Plan) -> list[BookingLine]:
    """Those who sit and will be on a lap."""
    laps = {line.position for line in plan.lines if not line.takes_seat}
    return [line for line in booking.lines if line.position in laps]


def _voucher_out_of_date(work: UnitOfWork, booking: Booking) -> None:
    """Mark what was handed out: a voucher of before says something else than the booking now."""
    printed = [
        row.at.isoformat()
        for row in work.journal.audit_of("booking", booking.id)
        if row.action == "voucher.print"
    ]
    if printed:
        work.audit("voucher.out_of_date", "booking", booking.id, printed=printed)


def _move(work: UnitOfWork, booking: Booking, departure: Departure, plan: Plan) -> None:
    """A booking nobody of which sits goes to another departure."""
    grant = work.departures.grant(departure.id, work.agency.this_desk().id)
    if grant is None:
        raise SeatsGone("This desk has no seats of that departure to sell.")
    trip = work.trips.get(plan.trip_id)
    booking.grant_id, booking.departure, booking.trip = grant.id, departure, trip  # in one statement
    for line in standing(booking):
        line.checked_in_at, line.absent = None, False


def _write(booking: Booking, line: BookingLine | None, planned: PlannedLine) -> None:
    if line is None:
        line = BookingLine(position=planned.position, occupies=False)
        booking.lines.append(line)
    line.name, line.traveller_type, line.age = planned.name, planned.type, planned.age
    line.price, line.discount, line.own_discount = planned.price, planned.discount, planned.own_discount
    line.takes_seat = planned.takes_seat


def _discounts(work: UnitOfWork, booking: Booking, parts: Mapping[str, Mapping[str, int]]) -> None:
    for row in work.discounts.of_booking(booking.id) if parts else ():
        if fresh := parts.get(str(row.id)):
            row.parts = {**row.parts, **fresh}
            row.amount = sum(row.parts.values())
    work.session.flush()


def _why_not(work: UnitOfWork, booking: Booking, plan: Plan, hold: Hold | None) -> str:
    """Why a plan cannot be carried out any more, "" where it can."""
    departure = work.departures.get(plan.departure_id)
    if booking.state is not BookingState.CONFIRMED:
        return f"The booking was {booking.state.value.replace('_', '-')} in the meantime."
    if booking.departure_id != plan.from_departure_id or reckoned_on(booking) != plan.reckoned_on:
        return "The booking was changed in the meantime."
    if departure.state in (DepartureState.CANCELLED, DepartureState.DONE) or departure.starts_at <= work.now:
        return "The departure had left or was cancelled in the meantime."
    if hold is not None and hold.state is not HoldState.ACTIVE:
        grant = work.departures.grant(departure.id, work.agency.this_desk().id)
        if grant is None or grant.seats - grant.taken < hold.seats or departure.plan_id is not None:
            return "The seats that were held for it were gone."
    return ""


def _give_up(
    work: UnitOfWork, payment: Payment, booking: Booking, amendment: Amendment, hold: Hold | None, why: str
) -> list[UUID]:
    """The change is not made; what was paid for it goes back."""
    _abandon(work, booking, amendment, hold, why)
    amount = sum(share.amount for share in payment.shares if share.booking_id == booking.id)
    return giving_back.promise_back(work, booking, amount, f"The change could not be made. {why}")


def _abandon(work: UnitOfWork, booking: Booking, amendment: Amendment, hold: Hold | None, why: str) -> None:
    _end(work, amendment, AmendmentState.ABANDONED)
    if hold is not None:
        freeing.end_holds(work, [hold], HoldState.RELEASED)
    work.audit("booking.change_abandoned", "booking", booking.id, kind=amendment.kind, reason=why)
    tell(work, booking, "change")


def _end(work: UnitOfWork, amendment: Amendment, state: AmendmentState) -> None:
    amendment.state = advance(amendment.state, state)
    amendment.ended_at = work.now
    work.amendments.update(amendment)
