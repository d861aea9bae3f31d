"""What a refund does to each booking that was asked for: reckoned here, and carried out here exactly as reckoned.

A booking is cancelled, some travellers leave it, it becomes cheaper by a change, or money of a trip that has been (or
was kept) is given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money, spread
from travellr_desktop.domain.refund_quote import RefundQuote, all_kept, beyond, refund_quote
from travellr_desktop.domain.states import BookingState, HoldState, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import AlreadyRefunded, InvalidInput, NotFound, WrongState
from travellr_desktop.services import (
    amendments,
    destinations,
    disputed,
    giving_back,
    planning,
    posting,
    what_if,
)
from travellr_desktop.services.amendments import Plan
from travellr_desktop.services.back_in_steps import spread_in_steps, step_for
from travellr_desktop.services.giving_back import Terms, standing
from travellr_desktop.services.planning import ChangeTraveller, Rebook
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.refund_blocks import refuse_blocked
from travellr_desktop.services.sales import end_unpaid
from travellr_desktop.storage.models import Booking, BookingLine, Payment
from travellr_desktop.storage.uow import Reading, UnitOfWork

_HELD = "The bank has it: kept until it has decided"


class PartKind(StrEnum):
    CANCEL = "cancel"  # all who are on it
    LEAVE = "leave"  # some of them
    CHANGE = "change"  # all of them go, for less
    AFTER = "after"  # the trip has been, or it was cancelled
    EXCESS = "excess"  # what was paid too much, and nothing of the booking itself


@dataclass(frozen=True, slots=True)
class LinePart:
    """One traveller, in minor units."""

    line: BookingLine
    paid: int
    kept: int
    back: int


@dataclass(frozen=True, slots=True)
class Part:
    """What happens to one booking, in minor units: of `paid` the policy gives `policy_back`, and `goodwill` goes back
    beyond it. `quote` and `plan` say how it is done before the trip; `held`: a bank has the money, and all is kept. It
    was reckoned in `step`s, minor units."""

    booking: Booking
    kind: PartKind
    lines: tuple[LinePart, ...]
    paid: int
    policy_back: int
    goodwill: int
    why: str
    quote: RefundQuote | None = None
    plan: Plan | None = None
    held: bool = False
    step: int = 1

    @property
    def back(self) -> int:
        return self.policy_back + self.goodwill

    @property
    def kept(self) -> int:
        return self.paid - self.back

    @property
    def chosen(self) -> frozenset[UUID]:
        return frozenset(part.line.id for part in self.lines)

    @property
    def seats(self) -> int:
        """Seats that are free again."""
        if self.kind in (PartKind.AFTER, PartKind.CHANGE, PartKind.EXCESS):
            return 0
        return sum(part.line.takes_seat for part in self.lines)


def make_parts(
    view: Reading, ask: RefundAsk, now: datetime, *, deciding: UUID | None = None
) -> tuple[Part, ...]:
    """What is asked for, by the policies as of `now`. Raises `NotFound`, `InvalidInput` naming the field, `WrongState`,
    `AlreadyRefunded` where nothing is left to give back, `DisputeOpen`, and as `refuse_blocked`."""
    bookings = _load(view, ask.booking_ids)
    refuse_blocked(view, bookings, deciding=deciding)
    if ask.excess:
        return _not_disputed(view, _excess(view, bookings, ask))
    if ask.change is not None:
        return _not_disputed(view, (_changed(view, bookings, ask, ask.change),))
    lines = _lines(bookings, ask.line_ids)
    bearer = None if ask.beyond is None else ask.beyond.borne_by
    held = disputed.held(view, bookings) if ask.keep_disputed else frozenset()
    steps = {each.id: step_for(view, each, ask.to) for each in bookings}
    parts = [
        _part(
            view,
            each,
            lines.get(each.id),
            now,
            0,
            bearer,
            ask.reason,
            held=each.id in held,
            step=steps[each.id],
        )
        for each in bookings
    ]
    if ask.beyond is None:
        return _not_disputed(view, parts)
    extra = ask.beyond.back.minor - sum(part.policy_back for part in parts)
    room = [0 if part.held else part.paid - part.policy_back for part in parts]
    if ask.beyond.back.currency != bookings[0].currency or not 0 <= extra <= sum(room):
        raise InvalidInput(
            "What goes back lies between what the policy gives and what was paid.", field="give_back"
        )
    step = max(steps.values())
    if extra % step and extra != sum(room):
        raise InvalidInput("Money goes back in larger steps than this amount has.", field="give_back")
    if not extra:
        return _not_disputed(view, parts)
    return _not_disputed(
        view,
        [
            _part(
                view,
                part.booking,
                lines.get(part.booking.id),
                now,
                more,
                bearer,
                ask.reason,
                step=part.step,
            )
            if more
            else part
            for part, more in zip(parts, spread_in_steps(extra, room, step), strict=True)
        ],
    )


def _excess(view: Reading, bookings: Sequence[Booking], ask: RefundAsk) -> list[Part]:
    """What was paid too much of each, all of it. Raises `AlreadyRefunded` where nothing is there any more."""
    if ask.line_ids or ask.beyond is not None or ask.change is not None:
        raise InvalidInput("What was paid too much is given back as it is.", field="give_back")
    parts: list[Part] = []
    for booking in bookings:
        ways = giving_back.back_ways(view, booking.id, giving_back.ALL, excess=True)
        if not (whole := sum(amount for _payment, amount in ways)):
            continue
        lines = standing(booking) or list(booking.lines)
        whose = giving_back.in_proportion(whole, {line.id: line.price for line in lines})
        parts.append(
            Part(
                booking=booking,
                kind=PartKind.EXCESS,
                lines=tuple(LinePart(line, whose[line.id], 0, whose[line.id]) for line in lines),
                paid=whole,
                policy_back=whole,
                goodwill=0,
                why="Paid too much",
            )
        )
    if not parts:
        raise AlreadyRefunded("Nothing that was paid too much is left.")
    return parts


def _not_disputed(view: Reading, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The same. Raises `DisputeOpen` where something would go back that a bank has taken."""
    disputed.refuse_disputed(view, [part.booking for part in parts if part.back])
    return tuple(parts)


def back_ways(view: Reading, part: Part) -> list[tuple[Payment, int]]:
    """To which payments a part goes back."""
    excess = part.kind is PartKind.EXCESS
    return giving_back.back_ways(view, part.booking.id, part.back, excess=excess)


def entries(view: Reading, part: Part, bearer: Bearer | None) -> tuple[ledger.Entry, ...]:
    """What a part writes into the ledger, but for what is written when the money has gone."""
    booking, amount = part.booking, Money(part.goodwill, part.booking.currency)
    if part.kind is PartKind.EXCESS:
        return (ledger.overpayment_back_entry(Money(part.back, booking.currency), booking_id=booking.id),)
    if part.kind in (PartKind.LEAVE, PartKind.CHANGE):
        assert part.plan is not None
        return amendments.money_entries(view, booking, part.plan)
    if part.kind is PartKind.CANCEL:
        assert part.quote is not None
        quote = part.quote.to_post(shared=bearer is None)
        return (
            *giving_back.cancel_entries(view, booking, quote),
            *giving_back.beyond_entries(booking, _terms(part, None, bearer)),
        )
    if bearer is not None:
        return ledger.goodwill_entries(
            amount, borne_by=bearer, booking_id=booking.id, vendor_id=booking.vendor_id
        )
    if not amount:
        return ()
    earned = _earned(view, booking)
    return ledger.refund_after_trip_entries(
        amount,
        price=earned.price,
        before=earned.before,
        commission_bps=booking.commission_bps,
        booking_id=booking.id,
        vendor_id=booking.vendor_id,
        own=earned.own,
    )


def carry_out(work: UnitOfWork, part: Part, ask: RefundAsk, order_id: UUID | None, reason: str) -> list[UUID]:
    """Do it. Returns the refunds that are to be sent after the commit."""
    booking, bearer = part.booking, None if ask.beyond is None else ask.beyond.borne_by
    terms = replace(_terms(part, order_id, bearer), to=ask.to)
    if part.kind in (PartKind.LEAVE, PartKind.CHANGE):
        assert part.plan is not None
        refunds = amendments.carry_out(work, booking, part.plan, terms=terms)
        amendments.record(work, booking, part.plan)
        return refunds
    if part.kind is PartKind.EXCESS:
        posting.post(work, entries(work, part, bearer))
        _audit(work, part, bearer, "booking.excess_back", reason)
        return giving_back.refund_rows(work, booking, part.back, reason, terms)
    if part.kind is PartKind.AFTER:
        if not part.goodwill:
            return []
        posting.post(work, entries(work, part, bearer))
        _audit(work, part, bearer, "booking.refund", reason)
        return giving_back.refund_rows(work, booking, part.goodwill, reason, terms)
    if booking.state is BookingState.PENDING and not part.paid:
        end_unpaid(work, (booking,), reason, HoldState.RELEASED)
        refunds = []
    else:
        assert part.quote is not None
        quote = part.quote.to_post(shared=bearer is None)
        refunds = giving_back.cancel(work, booking, quote, reason, terms)
    _audit(work, part, bearer, "booking.cancel", reason)
    return refunds


def _audit(work: UnitOfWork, part: Part, bearer: Bearer | None, action: str, reason: str) -> None:
    work.audit(
        action,
        "booking",
        part.booking.id,
        reason=reason,
        kept=part.kept,
        back=part.back,
        policy=part.booking.policy.get("code", ""),
        **({"held": True} if part.held else {}),
        **({} if not part.goodwill else {"beyond": part.goodwill, "borne_by": bearer and bearer.value}),
    )


def _terms(part: Part, order_id: UUID | None, bearer: Bearer | None) -> Terms:
    if part.kind is PartKind.EXCESS:
        whose = {each.line.id: each.back for each in part.lines}
        return Terms(order_id=order_id, parts=whose, beyond=part.back, excess=True)
    alone = part.kind is PartKind.AFTER or bearer is not None
    return Terms(
        order_id=order_id,
        # of a change the plan says what of it is whose
        parts=None if part.kind is PartKind.CHANGE else {each.line.id: each.back for each in part.lines},
        beyond=part.goodwill if alone else 0,
        borne_by=bearer or Bearer.AGENCY,
    )


def _load(view: Reading, booking_ids: Sequence[UUID]) -> list[Booking]:
    bookings = list(view.bookings.find_many(booking_ids))
    if not bookings or len(bookings) != len(set(booking_ids)):
        raise NotFound("There is no such booking.")
    if len({booking.sale_id for booking in bookings}) > 1:
        raise InvalidInput("These bookings are of several sales.", hint="Take one sale after the other.")
    return bookings


def _lines(bookings: Sequence[Booking], line_ids: Sequence[UUID]) -> dict[UUID, list[BookingLine]]:
    """The travellers who were chosen, by booking; nothing where all are meant."""
    if not line_ids:
        return {}
    wanted = set(line_ids)
    found = {each.id: [line for line in standing(each) if line.id in wanted] for each in bookings}
    if sum(len(lines) for lines in found.values()) != len(wanted) or not all(found.values()):
        raise NotFound("There is no such traveller on this booking.")
    return found


def _changed(
    view: Reading, bookings: Sequence[Booking], ask: RefundAsk, change: Rebook | ChangeTraveller
) -> Part:
    """A booking that costs less by a change: the difference goes back, nothing is kept of it."""
    if len(bookings) > 1 or ask.line_ids or ask.beyond is not None:
        raise InvalidInput("One booking is changed at a time, as a whole.", field="change")
    (booking,) = bookings
    plan = planning.cheaper(view, booking, change)
    destinations.refuse_full(view, booking, plan)
    after = {line.position: line.price for line in plan.lines}
    there = [(line, after.get(line.position, line.price)) for line in standing(booking)]
    reason = clean_line(ask.reason, "reason", 500, required=False)
    return Part(
        booking=booking,
        kind=PartKind.CHANGE,
        lines=tuple(
            LinePart(line, line.price, min(price, line.price), max(line.price - price, 0))
            for line, price in there
        ),
        paid=giving_back.left(view, (booking,))[booking.id],
        policy_back=plan.back,
        goodwill=0,
        why="It costs less",
        plan=replace(plan, reason=reason or amendments.WHY[plan.kind]),
    )


def _part(
    view: Reading,
    booking: Booking,
    lines: list[BookingLine] | None,
    now: datetime,
    extra: int,
    bearer: Bearer | None,
    reason: str,
    *,
    held: bool = False,
    step: int = 1,
) -> Part:
    there = standing(booking)
    chosen = there if lines is None else lines
    if not is_open(booking.state):
        return _after(view, booking, chosen, extra, bearer)
    paid = giving_back.left(view, (booking,))[booking.id]
    if len(chosen) == len(there):
        booked = giving_back.booked(booking, paid)
        quote = refund_quote(booked, now=now, step=step)
        if extra:
            quote = beyond(quote, quote.back + extra)
        if held:
            quote = all_kept(quote)
        return replace(_before(booking, PartKind.CANCEL, quote, None, held=held), step=step)
    ids = [line.id for line in chosen]
    plan, quote = planning.leave(view, booking, ids, now=now, reason=reason, keep_all=held, step=step)
    if extra:
        give_back = quote.back + extra
        plan, quote = planning.leave(
            view, booking, ids, now=now, give_back=give_back, borne_by=bearer, reason=reason, step=step
        )
    return replace(_before(booking, PartKind.LEAVE, quote, plan, held=held), step=step)


def _before(
    booking: Booking, kind: PartKind, quote: RefundQuote, plan: Plan | None, *, held: bool = False
) -> Part:
    there = standing(booking)
    over = [0] * len(quote.lines)
    if quote.over:
        over = list(
            giving_back.in_proportion(
                quote.over, {there[each.index].id: each.price for each in quote.lines}
            ).values()
        )
    return Part(
        booking=booking,
        kind=kind,
        lines=tuple(
            LinePart(there[each.index], each.paid + more, each.kept - each.goodwill, each.back + more)
            for each, more in zip(quote.lines, over, strict=True)
        ),
        paid=quote.paid,
        policy_back=quote.back - quote.goodwill,
        goodwill=quote.goodwill,
        why=_HELD if held else what_if.why_kept(booking, quote),
        quote=quote,
        plan=plan,
        held=held,
    )


def _after(
    view: Reading, booking: Booking, chosen: list[BookingLine], extra: int, bearer: Bearer | None
) -> Part:
    """What came in and has not gone back: the policy gives nothing of it."""
    if extra and bearer is None and extra > _earned_still(view, booking):
        raise InvalidInput(
            f"What was kept of {booking.reference} is divided already.",
            field="borne_by",
            hint="Say who bears it: the agency, or the vendor if they agreed.",
        )
    most = sum(amount for _payment, amount in giving_back.back_ways(view, booking.id, giving_back.ALL))
    if not most:
        raise AlreadyRefunded(f"Nothing of {booking.reference} is left to give back.")
    there = standing(booking) or list(booking.lines)
    paid = giving_back.in_proportion(most, {line.id: line.price for line in there})
    own = {line.id: paid[line.id] for line in chosen if line.id in paid}
    whole = sum(own.values())
    if not whole or extra > whole:
        raise WrongState("Nothing that was paid for these travellers is left to give back.")
    more = dict(zip(own, spread(extra, list(own.values())), strict=True))
    return Part(
        booking=booking,
        kind=PartKind.AFTER,
        lines=tuple(
            LinePart(line, own[line.id], own[line.id] - more[line.id], more[line.id])
            for line in there
            if line.id in own
        ),
        paid=whole,
        policy_back=0,
        goodwill=extra,
        why=_why_after(booking, extra),
    )


def _earned(view: Reading, booking: Booking) -> ledger.Earned:
    """What vendor and agency have earned by a trip that has been, and what of it was taken back."""
    earned, _kept = ledger.earnings(
        posting.entries_of(view, booking.id),
        booking_id=booking.id,
        currency=booking.currency,
        commission_bps=booking.commission_bps,
        own=giving_back.own_discount(booking),
    )
    return earned


def _earned_still(view: Reading, booking: Booking) -> int:
    """What of it both can still give back by the commission rate: nothing of what was kept of who left before."""
    earned = _earned(view, booking)
    return earned.price.minor - earned.before.refunded


def _why_after(booking: Booking, extra: int) -> str:
    if extra:
        return "Given back beyond the policy"
    if booking.state is BookingState.CANCELLED:
        return "Kept when it was cancelled"
    return "The traveller did not come" if booking.state is BookingState.NO_SHOW else "The trip has been"
