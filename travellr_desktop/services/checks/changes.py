"""What was taken off a booking's prices, who left it, and how it was changed after its sale."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from travellr_desktop.domain.states import AmendmentState, BookingState, HoldState, PaymentState, open_states
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs.rows import AmendmentAsKept, BookingFolder

_OPEN = frozenset(state.value for state in open_states(PaymentState))


def discounts_add_up(folder: BookingFolder) -> Iterator[Problem]:
    """What was taken off each line is what the discounts say of it, and the part that the agency alone bears with
    it; a discount is what its parts come to, on lines that are there."""
    reference = folder.booking.reference
    taken: Counter[int] = Counter()
    own: Counter[int] = Counter()
    for row in folder.discounts:
        parts = {int(position): _whole(part) for position, part in _object(row.parts).items()}
        if sum(parts.values()) != row.amount:
            says = f"it is {row.amount}, its parts add up to {sum(parts.values())}"
            yield Problem("discount.parts", "discounts", row.id, says, reference)
        if row.sale_id != folder.booking.sale_id:
            yield Problem("discount.owner", "discounts", row.id, "it is of another sale", reference)
        taken.update(parts)
        if row.own:
            own.update(parts)
    for line in folder.lines:
        off, borne = taken.pop(line.position, 0), own.pop(line.position, 0)
        if (line.discount, line.own_discount) != (off, borne):
            says = (
                f"{line.discount} was taken off, {line.own_discount} at the agency's cost; "
                f"its discounts say {off} and {borne}"
            )
            yield Problem("discount.line", "booking_lines", line.id, says, reference)
    for position, part in taken.items():
        if part:
            says = f"{part} was taken off a traveller {position} who is not there"
            yield Problem("discount.line", "bookings", folder.booking.id, says, reference)


def who_left_keeps_to_the_rules(folder: BookingFolder) -> Iterator[Problem]:
    """Something is kept only of a traveller who left, and nobody leaves a booking before it is confirmed; somebody
    stays."""
    booking = folder.booking
    said = {
        end["position"]
        for change in folder.changes
        if change.state == AmendmentState.DONE
        for end in _object(change.plan)["ended"]
    }
    for line in folder.lines:
        if line.ended_at is None and line.kept:
            says = f"{line.kept} of it was kept, and the traveller still goes"
            yield Problem("booking.kept", "booking_lines", line.id, says, booking.reference)
        if line.ended_at is not None and line.position not in said:
            says = "the traveller left, and no change of the booking says so"
            yield Problem("booking.left", "booking_lines", line.id, says, booking.reference)
    if booking.state == BookingState.PENDING and any(line.ended_at for line in folder.lines):
        says = "travellers left it before it was paid"
        yield Problem("booking.left", "bookings", booking.id, says, booking.reference)
    if all(line.ended_at is not None for line in folder.lines):
        yield Problem("booking.left", "bookings", booking.id, "nobody is left on it", booking.reference)


def changes_follow_each_other(folder: BookingFolder) -> Iterator[Problem]:
    """Each change that was made begins at the price and departure that the one before it left, and the last one is
    what the booking is now; one waits at the most, for a payment that is under way."""
    booking, before = folder.booking, None
    for change in folder.changes:
        yield from _wrong(folder, change)
    done = [change for change in folder.changes if change.state == AmendmentState.DONE]
    for change in done:
        plan = _object(change.plan)
        starts = plan["old_price"], _hex(plan["from_departure_id"])
        if before is not None and starts != before:
            says = f"it begins at {starts[0]}, the change before it ended at {before[0]}"
            yield _problem(folder, change, says)
        before = plan["price"], _hex(plan["departure_id"])
    if before is not None and before != (booking.price, booking.departure_id):
        says = f"its last change made its price {before[0]}; it is {booking.price}"
        yield Problem("change.booking", "bookings", booking.id, says, booking.reference)
    waiting = [change for change in folder.changes if change.state == AmendmentState.PENDING]
    for change in waiting[1:]:
        yield _problem(folder, change, "another change of the booking waits already")


def _wrong(folder: BookingFolder, change: AmendmentAsKept) -> Iterator[Problem]:
    plan = _object(change.plan)
    if change.difference != plan["price"] - plan["old_price"]:
        yield _problem(
            folder, change, f"it is {change.difference}, its plan {plan['price'] - plan['old_price']}"
        )
    waits = change.state == AmendmentState.PENDING
    if waits != (change.ended_at is None):
        yield _problem(folder, change, f"it is {change.state}, and it ended: {change.ended_at}")
    if waits and change.payment_state not in _OPEN:
        yield _problem(folder, change, f"it waits for a payment that is {change.payment_state}")
    if change.state == AmendmentState.DONE and change.payment_state not in (None, PaymentState.COMPLETED):
        yield _problem(folder, change, f"it was made, and its payment is {change.payment_state}")
    if change.difference > 0 and change.payment_state is None:
        yield _problem(folder, change, f"it costs {change.difference}, and no payment is for it")
    if not waits and change.hold_state == HoldState.ACTIVE:
        yield _problem(folder, change, f"it is {change.state}, and its seats are held still")


def _problem(folder: BookingFolder, change: AmendmentAsKept, says: str) -> Problem:
    return Problem("change.row", "amendments", change.id, says, folder.booking.reference)


def _object(text: str) -> Mapping[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return found


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is no amount")
    return value


def _hex(value: object) -> str:
    return str(value).replace("-", "")
