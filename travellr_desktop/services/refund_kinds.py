"""What a refund is for one booking: cancelled, some travellers leaving, cheaper by a change, given back after the trip,
or what was paid too much. Reckoned here; carried out in `services.refund_parts`, exactly as reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import spread
from travellr_desktop.domain.refund_quote import RefundQuote, all_kept, beyond, refund_quote
from travellr_desktop.domain.states import BookingState, is_open
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import AlreadyRefunded, InvalidInput, WrongState
from travellr_desktop.services import amendments, destinations, giving_back, planning, posting, what_if
from travellr_desktop.services.amendments import Plan
from travellr_desktop.services.giving_back import standing
from travellr_desktop.services.planning import ChangeTraveller, Rebook
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.storage.models import Booking, BookingLine
from travellr_desktop.storage.uow import Reading

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


def changed(
    view: Reading, bookings: Sequence[Booking], ask: RefundAsk, change: Rebook | ChangeTraveller
) -> Part:
    """A booking that costs less by a change: the difference goes back, nothing is kept of it."""
    if len(bookings) > 1 or ask.line_ids or ask.beyond is not None:
        raise InvalidInput("One booking is changed at a time, as a whole.", field="change")
    (booking,) = bookings
    plan = planning.cheaper(view, booking, change)
    destinations.refuse_full(view, booking, plan, asks=False)
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


def reckon(
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
    """A booking cancelled, or those of its `lines` who leave it, by its policy as of `now`; after the trip what is
    given back of it. `extra` goes back beyond that, at the cost of `bearer`; `held`: a bank has the money, and all is
    kept. Raises as `refund_parts.make_parts`."""
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


def earned_by(view: Reading, booking: Booking) -> ledger.Earned:
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
    earned = earned_by(view, booking)
    return earned.price.minor - earned.before.refunded


def _why_after(booking: Booking, extra: int) -> str:
    if extra:
        return "Given back beyond the policy"
    if booking.state is BookingState.CANCELLED:
        return "Kept when it was cancelled"
    return "The traveller did not come" if booking.state is BookingState.NO_SHOW else "The trip has been"


def excess(view: Reading, bookings: Sequence[Booking], ask: RefundAsk) -> list[Part]:
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
