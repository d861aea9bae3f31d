"""The ways to pay that this program knows, where card payments go, and what a profile is for."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How money comes in. `CASH` goes into the till, `CREDIT` is with the agency already, `BANK` on its account, all
    others go through the provider. With a link the traveller pays on a page of the provider's; at a reader they present
    a card. `SAVED` is a card that was kept for later payments; its traveller is not there."""

    CARD = "card"
    CASH = "cash"
    LINK = "link"
    READER = "reader"
    SAVED = "saved"
    CREDIT = "credit"  # what the traveller has with the agency
    BANK = "bank"  # a transfer that somebody saw on the agency's account, with its reference


THROUGH_PROVIDER = frozenset({Way.CARD, Way.LINK, Way.READER, Way.SAVED})
"""The ways of which the provider knows a payment."""

AT_HAND = frozenset({Way.CASH, Way.CREDIT, Way.BANK})
"""The ways that are complete by the word of whoever takes them: nobody is asked."""

AT_ONCE = frozenset({Way.CARD, Way.CASH, Way.CREDIT})
"""The ways that end while one waits: nobody else has to do anything."""


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
