"""The states that things can be in, an enum for each kind of thing."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar


class HoldState(StrEnum):
    ACTIVE = "active"
    CONSUMED = "consumed"
    RELEASED = "released"
    EXPIRED = "expired"


class HoldKind(StrEnum):
    """What a hold is for."""

    HOLD = "hold"  # a basket's, for minutes
    OPTION = "option"  # kept for a traveller until a date
    OFFER = "offer"  # offered to somebody who waited
    CHANGE = "change"  # for a change of a booking whose payment is under way


class WaitingState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the offer, or the departure, went by


class AmendmentState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    ABANDONED = "abandoned"


class BookingState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class PaymentState(StrEnum):
    """UNKNOWN: the provider may or may not have charged; it is shown neither as paid nor as failed."""

    CREATED = "created"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"
    UNKNOWN = "unknown"


class RefundState(StrEnum):
    """PENDING: the provider has accepted it and the money is on its way."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class RefundOrderState(StrEnum):
    """What somebody wants to be given back. REQUESTED: it waits for a second person, and nothing has moved. REJECTED by
    somebody else, WITHDRAWN by who asked."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DisputeState(StrEnum):
    """INQUIRY: the traveller's bank asks, and has taken nothing. OPEN: it has taken the money and not decided yet.
    CLOSED: an inquiry that came to nothing."""

    INQUIRY = "inquiry"
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"


class BatchState(StrEnum):
    """DRAFT: nothing has been fixed, its figures are those of now. PAUSED: between two payouts, until somebody goes on.
    A run that is stopped is APPROVED again, with what is left of it."""

    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    DISCARDED = "discarded"


class PayoutState(StrEnum):
    """SENDING: the lines it pays are out of what is payable. UNKNOWN: the money may or may not have gone. REVERSED: all
    of a transfer was taken back; RETURNED: the bank sent it back."""

    APPROVED = "approved"
    SENDING = "sending"
    PAID = "paid"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REVERSED = "reversed"
    RETURNED = "returned"


class TakeBackState(StrEnum):
    """Money that is taken back out of a vendor's account with the provider."""

    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class DepartureState(StrEnum):
    """STOPPED: not sold for now; it may be opened again."""

    OPEN = "open"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    DONE = "done"


State = TypeVar(
    "State",
    HoldState,
    BookingState,
    PaymentState,
    RefundState,
    RefundOrderState,
    DisputeState,
    DepartureState,
    WaitingState,
    AmendmentState,
    BatchState,
    PayoutState,
    TakeBackState,
)
AnyState = (
    HoldState
    | BookingState
    | PaymentState
    | RefundState
    | RefundOrderState
    | DisputeState
    | DepartureState
    | WaitingState
    | AmendmentState
    | BatchState
    | PayoutState
    | TakeBackState
)
