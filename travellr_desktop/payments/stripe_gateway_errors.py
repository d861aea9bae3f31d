"""Stripe's errors, put into the words of the port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    AmountNotPossible,
    AuthenticationRequired,
    CardDeclined,
    ExpiredCard,
    GatewayBusy,
    GatewayRefused,
    GatewayUnreachable,
    InsufficientFunds,
    OutcomeUnknown,
    PaymentRefused,
    RefundBeyondPaid,
    RefundRefused,
)

if TYPE_CHECKING:
    import stripe

_AMOUNT_CODES = frozenset({"amount_too_small", "amount_too_large"})
_UNKNOWN_SENTENCE = "The payment service did not answer. Whether money moved is not known yet."


def code_of(error: stripe.StripeError) -> str | None:
    """Stripe's code. It is read from the body: several of the library's classes leave theirs empty."""
    return None if error.error is None else error.error.code


def param_of(error: stripe.StripeError) -> str | None:
    return None if error.error is None else error.error.param


def decline_code_of(error: stripe.StripeError) -> str | None:
    return None if error.error is None else error.error.decline_code


def refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of any call."""
    import stripe

    match error:
        case stripe.APIConnectionError():
            return OutcomeUnknown(_UNKNOWN_SENTENCE)
        case stripe.RateLimitError():
            return GatewayBusy("The payment service has too many requests at the moment.")
        case stripe.CardError():
            return declined(code_of(error), decline_code_of(error))
        case stripe.AuthenticationError():
            return GatewayRefused("The payment service does not accept the payment key.")
        case stripe.PermissionError():
            return GatewayRefused("The payment key may not do this.")
        case stripe.IdempotencyError():
            return GatewayRefused(
                "The payment service has seen this request's key before, with other content.",
                hint="Start again from the form.",
            )
        case stripe.InvalidRequestError():
            return _invalid(error)
    if code_of(error) == "idempotency_key_in_use" or error.http_status == 409:
        return GatewayBusy("The payment service is still at work on this very request.")
    # 500 and above, an answer cut short (200), and whatever Stripe comes to send: nobody knows
    return OutcomeUnknown(_UNKNOWN_SENTENCE)


def in_view_of_all_tries(told: Refusal, error: stripe.StripeError, *, unanswered: bool) -> Refusal:
    """The refusal for the last try, corrected by what became of those before it."""
    import stripe

    if isinstance(told, GatewayBusy) and unanswered:
        return OutcomeUnknown(_UNKNOWN_SENTENCE)
    if isinstance(error, stripe.APIConnectionError) and not unanswered:
        return GatewayUnreachable("The payment service cannot be reached. Nothing was sent to it.")
    return told


def refund_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of a refund."""
    import stripe

    code = code_of(error)
    if not isinstance(error, stripe.InvalidRequestError) or (code or "").startswith("parameter_"):
        return refusal_of(error)
    if code in {"charge_already_refunded", "amount_too_large"} or param_of(error) == "amount":
        return RefundBeyondPaid("More was asked back than is left on this payment.")
    if code == "charge_disputed":
        return RefundRefused(
            "The traveller's bank has taken this payment back; it cannot be refunded as well."
        )
    if code == "resource_missing":
        return RefundRefused("The payment service has no such payment.")
    return RefundRefused("The payment service would not refund this payment.")


def declined(code: str | None, decline_code: str | None) -> PaymentRefused:
    """The refusal for a decline. Reasons a cardholder must not be told (lost, stolen, fraud) are a plain no."""
    for word in (decline_code, code):
        match word:
            case "insufficient_funds":
                return InsufficientFunds("The card does not have enough funds.")
            case "expired_card":
                return ExpiredCard("The card has expired.")
            case "authentication_required" | "authentication_not_handled":
                return AuthenticationRequired("The card's bank wants the traveller's own approval.")
    return CardDeclined("The card was declined.")


def _invalid(error: stripe.InvalidRequestError) -> Refusal:
    code = code_of(error)
    if code == "resource_missing" and param_of(error) in {"intent", "id", "refund", None}:
        return NotFound("The payment service has nothing under this number.")
    if code == "resource_missing":
        return GatewayRefused(
            "The payment service does not know this card.", hint="Choose another card or another way to pay."
        )
    if code in _AMOUNT_CODES:
        size = "small" if code == "amount_too_small" else "large"
        return AmountNotPossible(f"The amount is too {size} for the payment service.")
    return GatewayRefused(
        "The payment service did not accept the request.",
        hint="Report this: the program sent something wrong.",
    )
