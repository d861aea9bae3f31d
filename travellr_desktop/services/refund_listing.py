"""All that was given back or is on its way, and what was asked for and not done, as one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import RefundOrderState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.models import Refund, RefundOrder
from travellr_desktop.storage.uow import Reading

AT_ONCE = 500

NOT_DONE = (RefundOrderState.REQUESTED, RefundOrderState.REJECTED, RefundOrderState.WITHDRAWN)
"""Requests of which there is no refund. Of one that was approved there is."""

STATES: tuple[str, ...] = tuple(dict.fromkeys([*map(str, NOT_DONE), *map(str, RefundState)]))


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund, or a request that waits or came to nothing: then `way` is None. `at` is when it was asked for, or
    ended; `decided_by` is "" where one person did it alone."""

    state: str
    at: datetime
    references: tuple[str, ...]
    sale_reference: str
    traveller_name: str
    amount: Money
    way: Way | None
    to: RefundTo
    reason: str
    asked_by: str
    decided_by: str
    failure: str
    provider_ref: str


def listed(view: Reading, state: str | None) -> tuple[RefundRow, ...]:
    """What waits, then the newest first. Raises `InvalidInput(field="state")` for what is none of `STATES`."""
    if state is not None and state not in STATES:
        raise InvalidInput(f"{state} is no state of a refund.", field="state", hint=", ".join(STATES))
    found = [*(row for row in _requests(view) if state in (None, row.state)), *_refunds(view, state)]
    waiting = [row for row in found if row.state == RefundOrderState.REQUESTED]
    others = [row for row in found if row.state != RefundOrderState.REQUESTED]
    return (*waiting, *sorted(others, key=lambda row: row.at, reverse=True))


def _requests(view: Reading) -> list[RefundRow]:
    orders = view.refund_orders.not_done()
    people = [who for order in orders for who in (order.requested_by, order.decided_by)]
    names = view.users.names([who for who in people if who is not None])
    return [_request(view, order, names) for order in orders]


def _request(view: Reading, order: RefundOrder, names: dict[UUID | None, str]) -> RefundRow:
    ids = [UUID(each) for each in order.asked["booking_ids"]]
    return RefundRow(
        state=order.state.value,
        at=order.decided_at or order.requested_at,
        references=tuple(booking.reference for booking in view.bookings.find_many(ids)),
        sale_reference=order.sale.reference,
        traveller_name=order.sale.traveller.name,
        amount=Money(order.amount, order.currency),
        way=None,
        to=order.destination,
        reason=order.reason,
        asked_by=names.get(order.requested_by, ""),
        decided_by="" if order.decided_by is None else names.get(order.decided_by, ""),
        failure=order.decision,
        provider_ref="",
    )


def _refunds(view: Reading, state: str | None) -> list[RefundRow]:
    if state is not None and state not in set(RefundState):
        return []
    wanted = None if state is None else RefundState(state)
    rows: list[RefundRow] = []
    last: UUID | None = None
    while page := view.refunds.newest(AT_ONCE, before=last, state=wanted):
        deciders = view.refund_orders.deciders(each.order_id for each in page if each.order_id is not None)
        names = view.users.names([*(each.created_by for each in page), *deciders.values()])
        for refund in page:
            second = None if refund.order_id is None else deciders.get(refund.order_id)
            asked = names.get(refund.created_by, "")
            rows.append(_row(refund, asked, "" if second is None else names.get(second, "")))
        last = page[-1].id
    return rows


def _row(refund: Refund, asked_by: str, decided_by: str) -> RefundRow:
    booking = refund.booking
    return RefundRow(
        state=refund.state.value,
        at=refund.ended_at or refund.created_at,
        references=(booking.reference,),
        sale_reference=booking.sale.reference,
        traveller_name=booking.sale.traveller.name,
        amount=Money(refund.amount, refund.currency),
        way=refund.payment.way,
        to=refund.destination,
        reason=refund.reason,
        asked_by=asked_by,
        decided_by=decided_by,
        failure=refund.failure or "",
        provider_ref=refund.provider_ref or "",
    )
