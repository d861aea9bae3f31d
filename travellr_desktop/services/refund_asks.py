"""What somebody asks to be given back, and what comes of it: the values that the window hands in and gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ledger import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, RefundOrderState
from travellr_desktop.services.change_preview import Going
from travellr_desktop.services.planning import CancelTravellers, ChangeTraveller, Rebook
from travellr_desktop.services.what_if import BackWay, BalanceChange, EntryPreview, RefundView


@dataclass(frozen=True, slots=True)
class Beyond:
    """More than the policy gives: `back` is what shall go back in all, at the cost of `borne_by`, or of agency and
    vendor by the commission rate where that is None."""

    back: Money
    borne_by: Bearer | None = None


@dataclass(frozen=True, slots=True)
class RefundAsk:
    """Bookings of one sale, or with `line_ids` only these travellers of them. A trip that has been is given back beyond
    the policy only, as is what was kept of a cancelled one. `excess`: what was paid too much of these bookings, and
    nothing else. With `change` a single booking becomes cheaper instead, and the difference goes back.
    `keep_disputed`: where a bank has the money and has not decided, a booking is cancelled all the same, and everything
    is kept for now."""

    booking_ids: tuple[UUID, ...]
    line_ids: tuple[UUID, ...] = ()
    to: RefundTo = RefundTo.PAYMENT
    beyond: Beyond | None = None
    reason: str = ""
    change: Rebook | ChangeTraveller | None = None
    keep_disputed: bool = False
    excess: bool = False


def ask_of_change(
    booking_id: UUID, change: CancelTravellers | Rebook | ChangeTraveller, back: Money
) -> RefundAsk:
    """What is asked of a second person where a change gives `back` more than one person may."""
    if not isinstance(change, CancelTravellers):
        return RefundAsk((booking_id,), change=change)
    beyond = Beyond(back) if change.waive else None
    return RefundAsk((booking_id,), change.line_ids, beyond=beyond, reason=change.reason)


@dataclass(frozen=True, slots=True)
class LineRefund:
    """A traveller of whom it is asked: `chosen` False stays as they are."""

    id: UUID
    name: str
    type: TravellerType
    age: int | None
    chosen: bool
    paid: Money
    kept: Money
    back: Money


@dataclass(frozen=True, slots=True)
class BookingRefund:
    """What it does to one booking. `why` says in words why that much is kept; until `next_change` nothing changes,
    after it `next_back` would go back. `whole`: nobody is left on it. `held`: a bank has its money, so all of it is
    kept for now."""

    id: UUID
    reference: str
    title: str
    vendor_name: str
    starts_at: datetime
    zone: str
    state: BookingState
    whole: bool
    paid: Money
    kept: Money
    back: Money
    beyond: Money
    why: str
    next_change: datetime | None
    next_back: Money | None
    lines: tuple[LineRefund, ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class LineStep:
    """What the policy keeps of one traveller, and gives back."""

    id: UUID
    name: str
    kept: Money
    back: Money


@dataclass(frozen=True, slots=True)
class Step:
    """What the policy keeps and gives back of all of it until a moment (included) in that zone; None is for ever.
    `lines` say it of each traveller who was chosen, and add up to the whole."""

    until: datetime | None
    zone: str
    kept: Money
    back: Money
    lines: tuple[LineStep, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What would happen. Nothing has moved. `back` must be handed in with the request, which is refused if it has
    changed.

    `policy_back` is what the policy alone gives, `most` what can go back at all. `needs_second`: it is above `limit`,
    the agency's for one person alone, so it waits for another."""

    sale_id: UUID
    sale_reference: str
    traveller_name: str
    bookings: tuple[BookingRefund, ...]
    to: RefundTo
    paid: Money
    kept: Money
    back: Money
    policy_back: Money
    most: Money
    ways: tuple[BackWay, ...]
    balances: tuple[BalanceChange, ...]
    entries: tuple[EntryPreview, ...]
    steps: tuple[Step, ...]
    seats: int
    needs_second: bool
    limit: Money | None


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """What was done. Where it `waits` for a second person nothing was: `order_id` is what they decide on."""

    sale_id: UUID
    references: tuple[str, ...]
    back: Money
    kept: Money
    refunds: tuple[RefundView, ...]
    order_id: UUID | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class OrderView:
    """A request for a refund. `mine`: the person who looks at it asked for it, and cannot approve it. `rebooked` is
    where the booking goes by it."""

    id: UUID
    state: RefundOrderState
    sale_id: UUID
    sale_reference: str
    traveller_name: str
    ask: RefundAsk
    references: tuple[str, ...]
    amount: Money
    policy_amount: Money
    limit: Money | None
    requested_at: datetime
    requested_by: str
    mine: bool
    decided_at: datetime | None
    decided_by: str
    decision: str
    rebooked: Going | None = None
