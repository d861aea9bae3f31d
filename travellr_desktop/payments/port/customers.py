"""Customers, and the cards that are kept for them at the provider. No number of a card ever comes here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """A traveller who wants a card kept. `traveller_id` is our row."""

    traveller_id: UUID
    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    ref: str
    traveller_id: UUID | None  # read back from the metadata
    name: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A kept card. `customer_ref` is None once it was taken away; it can never be charged then. The card is good until
    the end of `expires_month`."""

    ref: str
    customer_ref: str | None
    label: str  # "Visa ending 4242"
    expires_year: int
    expires_month: int


class CustomerCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def create_customer(self, request: CustomerRequest, *, key: str) -> Customer: ...

    def update_customer(self, ref: str, request: CustomerRequest, *, key: str) -> Customer:
        """Make what the provider has of a person what we have; an empty contact is taken away. Raises `NotFound`."""
        ...

    def get_customer(self, ref: str) -> Customer:
        """Raises `NotFound`, also for one that was removed at the provider."""
        ...

    def saved_cards(self, customer_ref: str) -> tuple[SavedCard, ...]:
        """The cards kept for a customer, newest first. Raises `NotFound`."""
        ...

    def attach_card(self, card_ref: str, customer_ref: str, *, key: str) -> SavedCard:
        """Keep a card for a customer. Raises a `PaymentRefused` child where its bank says no, `NotFound` for a card
        that is not there."""
        ...

    def detach_card(self, card_ref: str, *, key: str) -> SavedCard:
        """Take a kept card away for good. May be repeated. Raises `NotFound`."""
        ...
