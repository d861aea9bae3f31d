"""What the provider says no to, and what it leaves open. Three answers are told apart, because what must be done next
differs:

* a refusal (`PaymentRefused`, `RefundRefused`, `TransferRefused`, `ReaderRefused`, `LinkRefused`, `GatewayRefused`):
  definitely nothing moved; another try needs a key of its own;
* a wait (`GatewayBusy`): this call moved nothing, the same call with the same key may be repeated later;
* *unknown* (`OutcomeUnknown`): it may have moved; only reading can tell.
"""

from __future__ import annotations

from travellr_desktop.errors import Refusal

# payments


class PaymentRefused(Refusal):
    """A definite no. Nothing was charged. `decline_code` is the stable word shown after the sentence."""

    decline_code = "PAYMENT_REFUSED"
    hint = "Ask for another card or another way to pay."


class CardDeclined(PaymentRefused):
    decline_code = "CARD_DECLINED"


class InsufficientFunds(PaymentRefused):
    decline_code = "INSUFFICIENT_FUNDS"


class ExpiredCard(PaymentRefused):
    decline_code = "EXPIRED_CARD"


class AuthenticationRequired(PaymentRefused):
    """The bank wants the traveller, who is not there: the same amount can go out as a payment link."""

    decline_code = "AUTHENTICATION_REQUIRED"
    hint = "This card needs the traveller's own approval. Send a payment link, or take another card."


class CardNotKept(PaymentRefused):
    """The card was taken away, or is kept for somebody else."""

    decline_code = "CARD_NOT_KEPT"


class PaymentCancelled(PaymentRefused):
    """The object was cancelled at the provider; it can never be charged."""

    decline_code = "PAYMENT_CANCELLED"


# links and readers


class LinkRefused(Refusal):
    """A definite no to a payment link. There is none that could be paid."""

    hint = "Change the payment, or take it another way."


class ReaderRefused(Refusal):
    """A definite no of a card reader. It does not ask for a card, and nothing was charged."""

    hint = "Take another reader or another way to pay."


class ReaderOffline(ReaderRefused):
    hint = "Switch the reader on and connect it to the network, then try again."


class ReaderBusy(ReaderRefused):
    """It is at another payment, or the card is being charged at this moment."""

    hint = "Wait until the reader has finished, then try again."


# refunds


class RefundRefused(Refusal):
    """A definite no to a refund. Nothing went back."""

    hint = "See what was already given back on this payment."


class RefundBeyondPaid(RefundRefused):
    """More than is left on the payment."""


class PaymentDisputed(RefundRefused):
    """The traveller's bank has the money back already."""

    hint = "Wait until the dispute is decided."


# vendors


class TransferRefused(Refusal):
    """A definite no to a transfer or to its reversal. Nothing moved."""

    hint = "See the vendor's account at the provider."


class AccountNotReady(TransferRefused):
    """The vendor's account cannot be paid to: not there, not finished, or something is past due."""


class BalanceTooLow(TransferRefused):
    """There is not enough available at the provider."""

    hint = "Wait until more has become available, or pay out less."


class ReversalBeyondTransfer(TransferRefused):
    """More than is left on the transfer."""

    hint = "See what was already taken back of this transfer."


# the provider itself


class GatewayRefused(Refusal):
    """The provider would not take the request at all: a wrong key, a parameter it does not accept."""

    hint = "Check the payment key in Settings."


class KeyNotAllowed(GatewayRefused):
    """The key is known, and may not do this."""

    hint = "Give the key this right at the provider, or enter another one in Settings."


class KeyRefused(GatewayRefused):
    """The provider does not know the key, or not any more: it was rolled, has expired, was withdrawn."""

    hint = "Enter another payment key in Settings."


class AmountNotPossible(GatewayRefused):
    """The provider has no such amount: too small, too large, a step or a currency it does not take."""

    hint = "Change the amount, or take the payment another way."


class OnlyInTests(GatewayRefused):
    """What is asked for is there for trying things out, and not where money is real."""

    hint = "Use a profile of test mode or of the sandbox."


class GatewayBusy(Refusal):
    """Too many requests, or the key is still in use by an earlier call: try again, with the same key only."""

    hint = "It is tried again by itself."


class KeyAwaited(GatewayBusy):
    """The same of the key, met by what is owed and must not be lost by it: it waits for another key."""

    hint = "Enter another payment key in Settings. It is tried again by itself."


class GatewayUnreachable(GatewayBusy):
    """There was no connection at all: nothing was sent, nothing moved."""

    hint = "Check the network, then try again."


class OutcomeUnknown(Refusal):
    """The answer never arrived, or could not be read: it may have moved. Only reading can tell."""

    hint = "Do not take the money another way. The program reads the payment again by itself."
