"""Payment links: a page of the provider's on which the traveller pays, reached by an address or its QR code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from travellr_desktop.domain.money import Money


class LinkState(StrEnum):
    OPEN = "open"  # may be paid
    PROCESSING = "processing"  # used, and the money is not there yet: neither paid nor over
    PAID = "paid"  # link and payment both say so
    EXPIRED = (
        "expired"  # can never be paid any more: its time is up, it was ended, or the bank said no in the end
    )


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What is to be paid, and until when: `expires_at` is half an hour to a day ahead, or the provider refuses.

    `payment_id` is our row; it travels in the metadata, beside what is given there. `description` stands on the page;
    `success_url` is where the traveller's browser goes afterwards. With `saves_card`, which needs a `customer_ref`, the
    card is kept for that customer."""

    payment_id: UUID
    amount: Money
    description: str
    success_url: str
    expires_at: datetime
    customer_ref: str | None = None
    saves_card: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """A link as the provider has it. `payment_ref` is there once somebody has tried to pay; `url` while it is open."""

    ref: str
    state: LinkState
    payment_ref: str | None
    payment_id: UUID | None  # read back from the metadata
    amount: Money
    url: str | None
    expires_at: datetime


class LinkCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def create_link(self, request: LinkRequest, *, key: str) -> PaymentLink:
        """Make a link. It takes the prepare's place: it moves nothing until the traveller pays. Raises `LinkRefused`
        where the provider will not have it so."""
        ...

    def get_link(self, ref: str) -> PaymentLink:
        """Read it. PAID only where the link is paid *and* its payment has succeeded. Raises `NotFound`."""
        ...

    def expire_link(self, ref: str, *, key: str) -> PaymentLink:
        """Make sure that it can never be paid any more, then read it: PAID means that it was too late, PROCESSING
        that it has to be read again. May be repeated. Raises `NotFound`."""
        ...
