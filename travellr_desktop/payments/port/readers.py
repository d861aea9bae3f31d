"""Card readers: told over the network to ask for a card, for a payment that was prepared for one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from travellr_desktop.payments.port.charges import PaymentRequest, PreparedPayment


class ReaderActionState(StrEnum):
    WAITING = "waiting"  # the reader asks for a card, or is at it
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReaderAction:
    """What a reader is at, or did last. Whether money came in is said by the payment, never by the reader alone.

    `failure_code` is a decline's word (`"CARD_DECLINED"`), `"CANCELLED_ON_READER"` where the traveller pressed cancel,
    `"READER_FAILED"` for anything else, None while nothing failed."""

    state: ReaderActionState
    payment_ref: str | None
    failure_code: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    ref: str
    label: str  # "Desk 1"
    device: str  # "WisePOS E"
    is_online: bool
    is_simulated: bool
    action: ReaderAction | None


class ReaderCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def readers(self) -> tuple[Reader, ...]:
        """All readers of the agency, those that are off too."""
        ...

    def get_reader(self, ref: str) -> Reader:
        """Read one. Raises `NotFound`."""
        ...

    def prepare_reader_payment(self, request: PaymentRequest, *, key: str) -> PreparedPayment:
        """Make the object that moves no money yet, for a card that is held to a reader."""
        ...

    def process_on_reader(self, reader_ref: str, payment_ref: str, *, key: str) -> ReaderAction:
        """Have the reader ask for a card. Poll the reader and the payment from then on. `key` is of this one asking:
        after a card was declined the next needs its own.

        A reader that was slow to say yes is read, not given up; where reading leaves it open, `OutcomeUnknown`. What
        had been paid before comes back as SUCCEEDED. Raises `ReaderOffline`, `ReaderBusy`, `PaymentCancelled`,
        `NotFound`."""
        ...

    def cancel_on_reader(self, reader_ref: str, *, key: str) -> Reader:
        """Have the reader stop asking, then look at it. The payment stays open to another card: `cancel_payment` ends
        it, and says whether it was too late. Raises `ReaderBusy` while the card is being charged, `ReaderOffline`,
        `NotFound`."""
        ...

    # where no money is real

    def add_simulated_reader(self, label: str, *, key: str) -> Reader:
        """Make a reader that exists at the provider alone. Raises `OnlyInTests`."""
        ...

    def present_card(self, reader_ref: str, payment_method: str, *, key: str) -> Reader:
        """Hold one of `test_cards` to a simulated reader. A decline is in the reader's action, no error of this call.
        Raises `OnlyInTests`, `ReaderRefused` where the reader asks for no card, `InvalidInput` for a card that cannot
        be held to one."""
        ...
