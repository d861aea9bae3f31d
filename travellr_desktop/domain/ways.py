"""The ways to pay that this program knows, where card payments go, and what a profile is for."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How money comes in. `CARD` and `LINK` go through the provider, `CASH` into the till. With a link the traveller
    pays on a page of the provider's."""

    CARD = "card"
    CASH = "cash"
    LINK = "link"
    CREDIT = "credit"  # what the traveller has with the agency


class PaymentsKind(StrEnum):
    """Where card payments go. A profile that has taken one keeps to its kind."""

    SANDBOX = "sandbox"  # nowhere: a file of the profile
    TEST = "test"  # Stripe's test mode
    LIVE = "live"  # real money

    @property
    def is_real(self) -> bool:
        """Whether real money moves."""
        return self is PaymentsKind.LIVE


class ProfileKind(StrEnum):
    """What a machine is for. `STANDALONE` is the only one of its agency, desk and office in one."""

    DESK = "desk"
    OFFICE = "office"
    STANDALONE = "standalone"
