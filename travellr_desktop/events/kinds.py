"""The kinds of events; the comment of each names what its aggregate is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import (
    BatchState,
    DepartureState,
    DisputeState,
    HoldState,
    PaymentState,
    PayoutState,
    RefundOrderState,
    RefundState,
    WaitingState,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.events.event import Event


class Change(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class BookingCreated(Event):  # booking
    reference: str
    sale_id: UUID
    departure_id: UUID
    vendor_id: UUID
    traveller_id: UUID
    pax: int
    price: Money


@dataclass(frozen=True, kw_only=True)
class BookingConfirmed(Event):  # booking
    reference: str
    sale_id: UUID
    departure_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Event):  # booking
    reference: str
    sale_id: UUID
    departure_id: UUID
    vendor_id: UUID
    reason: str
    kept: Money
    back: Money


@dataclass(frozen=True, kw_only=True)
class BookingCompleted(Event):  # booking
    reference: str
    departure_id: UUID
    vendor_id: UUID
    no_show: bool = False


@dataclass(frozen=True, kw_only=True)
class BookingChanged(Event):  # booking
    """Travellers, types, seats, departure, notes or who has come: `what` says which, in one word."""

    what: str
    departure_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentProcessed(Event):  # payment
    """A payment came to a state, whichever."""

    sale_id: UUID
    state: PaymentState
    amount: Money
    way: Way
    decline_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefundProcessed(Event):  # refund
    """A refund came to a state, whichever. `to` CREDIT: it became credit of the traveller."""

    payment_id: UUID
    booking_id: UUID | None
    state: RefundState
    amount: Money
    to: RefundTo = RefundTo.PAYMENT


@dataclass(frozen=True, kw_only=True)
class RefundOrderChanged(Event):  # request for a refund
    """Somebody asked for a refund that waits for a second person, or it was decided."""

    sale_id: UUID
    state: RefundOrderState
    amount: Money


@dataclass(frozen=True, kw_only=True)
class DisputeChanged(Event):  # dispute
    """A traveller's bank asks, has taken, or has decided."""

    payment_id: UUID
    state: DisputeState
    amount: Money


@dataclass(frozen=True, kw_only=True)
class HoldChanged(Event):  # hold
    departure_id: UUID
    seats: int
    state: HoldState
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OptionDue(Event):  # hold
    """The day has come on which somebody wanted to be reminded of an option."""

    departure_id: UUID
    traveller_id: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class WaitingChanged(Event):  # entry on the waiting list
    departure_id: UUID
    state: WaitingState
    hold_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogueChanged(Event):  # trip, vendor, seat plan or promo code
    """`what`: trip, vendor, plan, promo, series."""

    what: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class RowsImported(Event):  # import
    """Rows of a file came in: `what` is vendors, trips, departures or travellers. Below zero: taken back."""

    what: str
    made: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class TravellerChanged(Event):  # traveller
    change: Change


@dataclass(frozen=True, kw_only=True)
class DepartureChanged(Event):  # departure
    trip_id: UUID
    vendor_id: UUID
    state: DepartureState


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):  # user
    change: Change


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):  # agency
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TillChanged(Event):  # till session
    """`what`: opened, moved, read, closed."""

    number: int
    what: str


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):  # invoice
    """An invoice or a credit note was issued."""

    number: str
    sale_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorPayout(Event):  # payout
    """A payout was approved, or became what `state` says."""

    vendor_id: UUID
    batch_id: UUID
    amount: Money
    state: PayoutState


@dataclass(frozen=True, kw_only=True)
class PayoutBatchChanged(Event):  # payout batch
    state: BatchState


@dataclass(frozen=True, kw_only=True)
class EarningsChanged(Event):  # vendor
    """What a vendor has to come changed by hand: an adjustment, a rate, how they are paid."""


@dataclass(frozen=True, kw_only=True)
class CentralChanged(Event):  # desk
    """How this desk stands to the central database, or what that says of other desks and the inbox. `what`: link,
    inbox, enrolled, left; rows: some came into a vendor's file; replaced: another file is there, and this one is to be
    opened again."""

    what: str
