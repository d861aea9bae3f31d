"""What a refund does to each booking that was asked for: brought together here, and carried out exactly as it was
reckoned (`services.refund_kinds`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, HoldState
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.services import amendments, disputed, giving_back, posting
from travellr_desktop.services.back_in_steps import spread_in_steps, step_for
from travellr_desktop.services.giving_back import Terms, standing
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.services.refund_blocks import refuse_blocked
from travellr_desktop.services.refund_kinds import Part, PartKind, changed, earned_by, excess, reckon
from travellr_desktop.services.sales import end_unpaid
from travellr_desktop.storage.models import Booking, BookingLine, Payment
from travellr_desktop.storage.uow import Reading, UnitOfWork


def make_parts(
    view: Reading, ask: RefundAsk, now: datetime, *, deciding: UUID | None = None
) -> tuple[Part, ...]:
    """What is asked for, by the policies as of `now`. Raises `NotFound`, `InvalidInput` naming the field, `WrongState`,
    `AlreadyRefunded` where nothing is left to give back, `DisputeOpen`, and as `refuse_blocked`."""
    bookings = _load(view, ask.booking_ids)
    refuse_blocked(view, bookings, deciding=deciding)
    if ask.excess:
        return _not_disputed(view, excess(view, bookings, ask))
    if ask.change is not None:
        return _not_disputed(view, (changed(view, bookings, ask, ask.change),))
    lines = _lines(bookings, ask.line_ids)
    bearer = None if ask.beyond is None else ask.beyond.borne_by
    held = disputed.held(view, bookings) if ask.keep_disputed else frozenset()
    steps = {each.id: step_for(view, each, ask.to) for each in bookings}
    parts = [
        reckon(
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
            reckon(
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
    earned = earned_by(view, booking)
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
