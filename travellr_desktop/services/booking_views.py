"""One booking, as it is shown: everything about it on one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.disputed import DisputeMark
from travellr_desktop.services.timeline import TimelineItem


@dataclass(frozen=True, slots=True)
class LineRow:
    """One traveller on a booking. `discount` was taken off before `price`. Who was cancelled has `ended_at`, and
    `kept` of the price was kept. `seat` is the numbered one, "" where there is none."""

    name: str
    type: TravellerType
    age: int | None
    price: Money
    id: UUID
    discount: Money
    ended_at: datetime | None
    kept: Money
    seat: str


@dataclass(frozen=True, slots=True)
class DiscountRow:
    """What was taken off the price of those who go, and why. `bps` is 0 for an amount."""

    bps: int
    amount: Money
    own: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PaidRow:
    """What one payment brought for this booking."""

    payment_id: UUID
    way: Way
    label: str
    at: datetime
    amount: Money


@dataclass(frozen=True, slots=True)
class BackRow:
    """What went back, or is on its way. `again`: it failed, and another refund stands for it. `to` CREDIT: it became
    credit of the traveller, and nothing was refunded."""

    refund_id: UUID
    label: str
    at: datetime
    amount: Money
    state: RefundState
    again: bool = False
    to: RefundTo = RefundTo.PAYMENT


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A refund of the booking that waits for a second person. `mine`: whoever looks at it asked, and may take it
    back."""

    order_id: UUID
    amount: Money
    by: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class BookingDetail:
    """One booking. `status` as in the list. `commission` and `vendor_share` are the frozen shares of the price, or,
    of a cancelled booking, of what was kept; `kept` is what was kept of travellers who were cancelled alone.
    `due` is what is to be paid, before the trip or after it; `owed` what of it is owed after the trip, `written_off`
    what was and nobody waits for, `excess` what was paid too much: all three for staff. `back_today` is what would go
    back if it were cancelled now, None where it cannot be. `voucher_old`: it was changed since its voucher was printed;
    `changing` is the change that waits for its payment; `dispute` the newest dispute of what was paid and `asked_back`
    the refund that waits for a second person, for staff."""

    id: UUID
    reference: str
    voucher_code: str
    sale_id: UUID
    sale_reference: str
    departure_id: UUID
    state: BookingState
    status: str
    traveller_id: UUID
    traveller_name: str
    traveller_phone: str
    traveller_email: str
    title: str
    vendor_name: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    lines: tuple[LineRow, ...]
    discounts: tuple[DiscountRow, ...]
    price: Money
    tax: Money
    tax_bps: int
    paid: tuple[PaidRow, ...]
    back: tuple[BackRow, ...]
    due: Money
    deposit: Money
    balance_due_at: datetime | None
    balance_day: date | None
    overdue: bool
    owed: Money
    written_off: Money
    excess: Money
    kept: Money
    commission_bps: int
    commission: Money
    vendor_share: Money
    policy_name: str
    back_today: Money | None
    end_reason: str
    timeline: tuple[TimelineItem, ...]
    voucher_old: bool
    changing: UUID | None
    dispute: DisputeMark | None
    asked_back: AskedBack | None
    can_pay: bool
    can_cancel: bool
    can_refund: bool
    can_change: bool
    can_print: bool
