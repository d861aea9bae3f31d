"""The sandbox's cards. Except for the random one they are Stripe's own, with the same outcome in its test mode."""

from __future__ import annotations

from dataclasses import dataclass

from travellr_desktop.payments.gateway import TestCard


@dataclass(frozen=True, slots=True)
class Decline:
    """A definite no: the error's code, the issuer's reason and the sentence that goes with it."""

    code: str
    reason: str
    message: str


INSUFFICIENT_FUNDS = Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
GENERIC = Decline("card_declined", "generic_decline", "Your card was declined.")
LOST = Decline("card_declined", "lost_card", "Your card was declined.")
EXPIRED = Decline("expired_card", "expired_card", "Your card has expired.")
PROCESSING_ERROR = Decline(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
AUTHENTICATION = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


@dataclass(frozen=True, slots=True)
class Card:
    """A card by its payment method. `decline` None is a success; `random` is drawn each time. `attaches` says whether
    it can be kept for a customer although it is declined; one that is `slow` leaves a payment processing until its bank
    has decided; what is not `offered` is known, but not shown to pick."""

    method: str
    brand: str
    last4: str
    name: str
    hint: str
    decline: Decline | None = None
    random: bool = False
    refunds_pend: bool = False
    stripes_own: bool = True
    attaches: bool = False
    slow: bool = False
    offered: bool = True

    def shown(self) -> TestCard:
        return TestCard(self.name, self.method, self.hint)


RANDOM_METHOD = "pm_card_random"
SLOW_METHOD = "pm_card_slow"

_ALL = (
    Card("pm_card_visa", "visa", "4242", "Visa", "ending 4242, always succeeds"),
    Card("pm_card_mastercard", "mastercard", "4444", "Mastercard", "ending 4444, always succeeds"),
    Card("pm_card_amex", "amex", "8431", "American Express", "ending 8431, always succeeds"),
    Card("pm_card_discover", "discover", "9424", "Discover", "ending 9424, always succeeds"),
    Card(
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "visa",
        "9995",
        "Declined: not enough funds",
        "ending 9995, always declined",
        decline=INSUFFICIENT_FUNDS,
    ),
    Card(
        "pm_card_visa_chargeDeclined",
        "visa",
        "0002",
        "Declined: no reason given",
        "ending 0002, always declined",
        decline=GENERIC,
    ),
    Card(
        "pm_card_chargeDeclinedExpiredCard",
        "visa",
        "0069",
        "Declined: expired",
        "ending 0069, always declined",
        decline=EXPIRED,
    ),
    Card(
        "pm_card_visa_chargeDeclinedLostCard",
        "visa",
        "9987",
        "Declined: reported lost",
        "ending 9987, always declined",
        decline=LOST,
    ),
    Card(
        "pm_card_chargeDeclinedProcessingError",
        "visa",
        "0119",
        "Declined: processing error",
        "ending 0119, always declined",
        decline=PROCESSING_ERROR,
    ),
    Card(
        "pm_card_authenticationRequired",
        "visa",
        "3184",
        "Needs the traveller's approval",
        "ending 3184, cannot be approved at the desk",
        decline=AUTHENTICATION,
    ),
    Card(
        "pm_card_pendingRefund",
        "visa",
        "7726",
        "Visa, slow refunds",
        "ending 7726, a refund stays pending",
        refunds_pend=True,
    ),
    Card(
        "pm_card_chargeCustomerFail",
        "visa",
        "0341",
        "Declined: once it is saved",
        "ending 0341, can be kept, is declined when charged",
        decline=GENERIC,
        attaches=True,
        offered=False,
    ),
    Card(
        SLOW_METHOD,
        "visa",
        "4001",
        "Slow",
        "ending 4001, its bank decides later",
        slow=True,
        stripes_own=False,
        offered=False,
    ),
    Card(
        RANDOM_METHOD,
        "visa",
        "4000",
        "Random",
        "ending 4000, succeeds as often as Settings says",
        random=True,
        stripes_own=False,
    ),
)

CARDS: dict[str, Card] = {card.method: card for card in _ALL}

PRESENTED: dict[str, Card] = {
    number: CARDS[method]
    for number, method in (
        ("4242424242424242", "pm_card_visa"),
        ("5555555555554444", "pm_card_mastercard"),
        ("371449635398431", "pm_card_amex"),
        ("6011000990139424", "pm_card_discover"),
        ("4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds"),
        ("4000000000000002", "pm_card_visa_chargeDeclined"),
        ("4000000000000069", "pm_card_chargeDeclinedExpiredCard"),
        ("4000000000009987", "pm_card_visa_chargeDeclinedLostCard"),
        ("4000000000000119", "pm_card_chargeDeclinedProcessingError"),
        ("4000000000007726", "pm_card_pendingRefund"),
    )
}
"""Cards held to a simulated reader, by Stripe's published test numbers. None of them is ever written down."""

RANDOM_DECLINES = (INSUFFICIENT_FUNDS, GENERIC, EXPIRED)
"""What the random card is declined with, each as often as the others."""


def sandbox_cards() -> tuple[TestCard, ...]:
    """Every card of the sandbox, in the order in which they are offered."""
    return tuple(card.shown() for card in _ALL if card.offered)


def stripe_test_cards() -> tuple[TestCard, ...]:
    """Those that Stripe's own test mode has as well."""
    return tuple(card.shown() for card in _ALL if card.stripes_own and card.offered)
