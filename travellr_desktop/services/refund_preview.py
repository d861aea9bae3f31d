"""What a refund would do, as it is shown before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.refund_quote import RefundStep, refund_steps
from travellr_desktop.services import giving_back, refund_parts, what_if
from travellr_desktop.services.refund_asks import (
    BookingRefund,
    LineRefund,
    LineStep,
    RefundAsk,
    RefundPreview,
    Step,
)
from travellr_desktop.services.refund_kinds import Part, PartKind
from travellr_desktop.services.what_if import EntryPreview
from travellr_desktop.storage.models import Booking
from travellr_desktop.storage.uow import Reading


def build(
    view: Reading, ask: RefundAsk, parts: Sequence[Part], now: datetime, limit: int | None, counted: int
) -> RefundPreview:
    """`counted` is held against the agency's `limit` of what one person may give back alone."""
    first = parts[0].booking
    currency = first.currency
    bearer = None if ask.beyond is None else ask.beyond.borne_by
    ways: what_if.Ways = {}
    entries: list[EntryPreview] = []
    for part in parts:
        what_if.add_ways(ways, refund_parts.back_ways(view, part), ask.to)
        entries += what_if.entry_previews(refund_parts.entries(view, part, bearer))
    entries += what_if.accepted(ways.values())
    sale = view.sales.get_full(first.sale_id)
    shown = tuple(_booking(part) for part in parts)
    back = sum_money((each.back for each in shown), currency)
    return RefundPreview(
        sale_id=sale.id,
        sale_reference=sale.reference,
        traveller_name=sale.traveller.name,
        bookings=shown,
        to=ask.to,
        paid=sum_money((each.paid for each in shown), currency),
        kept=sum_money((each.kept for each in shown), currency),
        back=back,
        policy_back=Money(sum(part.policy_back for part in parts), currency),
        most=Money(sum(part.paid for part in parts), currency),
        ways=tuple(ways.values()),
        balances=what_if.balances(view, [part.booking for part in parts], entries, sale.traveller.name),
        entries=tuple(entries),
        steps=_steps(view, parts, now),
        seats=sum(part.seats for part in parts),
        needs_second=bool(back) and limit is not None and counted > limit,
        limit=None if limit is None else Money(limit, currency),
    )


def _booking(part: Part) -> BookingRefund:
    booking, quote = part.booking, part.quote

    def money(minor: int) -> Money:
        return Money(minor, booking.currency)

    lines = {each.line.id: each for each in part.lines}
    waits = quote is not None and not part.goodwill and quote.next_kept is not None
    return BookingRefund(
        id=booking.id,
        reference=booking.reference,
        title=booking.trip.title,
        vendor_name=booking.vendor.name,
        starts_at=booking.departure.starts_at,
        zone=booking.departure.zone,
        state=booking.state,
        whole=part.kind not in (PartKind.LEAVE, PartKind.CHANGE),
        paid=money(part.paid),
        kept=money(part.kept),
        back=money(part.back),
        beyond=money(part.goodwill),
        why=part.why,
        next_change=quote.next_change if quote is not None and waits else None,
        next_back=money(quote.paid - (quote.next_kept or 0)) if quote is not None and waits else None,
        lines=tuple(
            LineRefund(
                id=line.id,
                name=line.name,
                type=line.traveller_type,
                age=line.age,
                chosen=line.id in lines,
                paid=money(lines[line.id].paid if line.id in lines else line.price),
                kept=money(lines[line.id].kept if line.id in lines else 0),
                back=money(lines[line.id].back if line.id in lines else 0),
            )
            for line in giving_back.standing(booking)
        ),
        held=part.held,
    )


def _steps(view: Reading, parts: Sequence[Part], now: datetime) -> tuple[Step, ...]:
    """What the policies of all that is before its trip give from now on, together: each step until one of them keeps
    more. The moments are told in the zone of the booking that they are of."""
    tables: list[tuple[Booking, tuple[RefundStep, ...]]] = []
    for part in parts:
        if part.quote is None or part.held:
            continue
        booking = part.booking
        booked = giving_back.booked(booking, giving_back.left(view, (booking,))[booking.id])
        chosen = [index for index, line in enumerate(giving_back.standing(booking)) if line.id in part.chosen]
        tables.append((booking, refund_steps(booked, since=now, chosen=chosen, step=part.step)))
    ends = {
        step.until: booking.departure.zone
        for booking, steps in tables
        for step in steps
        if step.until is not None
    }
    found: list[Step] = []
    currency = parts[0].booking.currency
    for until in [*sorted(ends), None] if tables else []:
        held = [(booking, _at(steps, until)) for booking, steps in tables]
        zone = tables[0][0].departure.zone if until is None else ends[until]
        lines = [line for booking, step in held for line in _by_line(booking, step)]
        kept, back = sum(step.kept for _, step in held), sum(step.back for _, step in held)
        found.append(Step(until, zone, Money(kept, currency), Money(back, currency), tuple(lines)))
    return tuple(found)


def _by_line(booking: Booking, step: RefundStep) -> list[LineStep]:
    """A step, traveller by traveller; what was paid beyond the price goes back to each in proportion."""
    there = giving_back.standing(booking)
    over = step.back - sum(line.back for line in step.lines)
    more = giving_back.in_proportion(over, {there[line.index].id: line.price for line in step.lines})
    return [
        LineStep(
            id=there[line.index].id,
            name=there[line.index].name,
            kept=Money(line.kept, booking.currency),
            back=Money(line.back + more[there[line.index].id], booking.currency),
        )
        for line in step.lines
    ]


def _at(steps: Sequence[RefundStep], until: datetime | None) -> RefundStep:
    """The step that holds just up to a moment."""
    if until is None:
        return steps[-1]
    return next(step for step in steps if step.until is None or until <= step.until)
