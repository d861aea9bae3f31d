"""Stripe's errors, put into the words of the port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    AccountNotReady,
    AmountNotPossible,
    AuthenticationRequired,
    BalanceTooLow,
    CardDeclined,
    CardNotKept,
    ExpiredCard,
    GatewayBusy,
    GatewayRefused,
    GatewayUnreachable,
    InsufficientFunds,
    KeyAwaited,
    KeyNotAllowed,
    KeyRefused,
    LinkRefused,
    OutcomeUnknown,
    PaymentDisputed,
    PaymentRefused,
    ReaderBusy,
    ReaderOffline,
    ReaderRefused,
    RefundBeyondPaid,
    RefundRefused,
    ReversalBeyondTransfer,
    TransferRefused,
)

if TYPE_CHECKING:
    import stripe

_AMOUNT_CODES = frozenset({"amount_too_small", "amount_too_large"})
_ACCOUNT_CODES = frozenset(
    {"account_closed", "insufficient_capabilities_for_transfer", "transfers_not_allowed"}
)
# by these parameters a request names what it is about, and not what it is to be done with
_NAMING = frozenset(
    {None, "id", "intent", "payment_intent", "refund", "session", "reader", "ending_before", "starting_after"}
)
_NOTHING = "The payment service has nothing under this number."
_NO_KEY = "The payment service does not accept the payment key."
_UNKNOWN_SENTENCE = "The payment service did not answer. Whether money moved is not known yet."


def code_of(error: stripe.StripeError) -> str | None:
    """Stripe's code. It is read from the body: several of the library's classes leave theirs empty."""
    return None if error.error is None else error.error.code


def param_of(error: stripe.StripeError) -> str | None:
    return None if error.error is None else error.error.param


def decline_code_of(error: stripe.StripeError) -> str | None:
    return None if error.error is None else error.error.decline_code


def in_short(error: stripe.StripeError) -> str:
    """What a report needs of an error to look it up at Stripe: its kind, status, code and the request's number."""
    cause = error.__cause__
    words = (
        type(error).__name__,
        error.http_status,
        code_of(error),
        error.request_id,
        None if cause is None else type(cause).__name__,
    )
    return "Stripe: " + " ".join(str(word) for word in words if word is not None)


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
            return KeyRefused(_NO_KEY)
        case stripe.PermissionError():
            return KeyNotAllowed("The payment key may not do this.")
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
    if not is_about_content(error):
        return _owed(refusal_of(error))
    code = code_of(error)
    if code in {"charge_already_refunded", "amount_too_large"} or param_of(error) == "amount":
        return RefundBeyondPaid("More was asked back than is left on this payment.")
    if code == "charge_disputed":
        return PaymentDisputed(
            "The traveller's bank has taken this payment back; it cannot be refunded as well."
        )
    if code == "resource_missing":
        return RefundRefused("The payment service has no such payment.")
    return RefundRefused("The payment service would not refund this payment.")


def saved_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of keeping a card, or of charging one that is kept."""
    if is_about_content(error) and param_of(error) == "payment_method":
        if error.http_status == 404:
            return refusal_of(error)
        return CardNotKept("This card is not kept for the traveller any more.")
    return refusal_of(error)


def link_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of making a payment link."""
    if is_about_content(error):
        match param_of(error):
            case "expires_at":
                return LinkRefused(
                    "A payment link can be paid for half an hour at least and for a day at most.",
                    hint="Choose another end for the link.",
                )
            case "line_items" if code_of(error) not in _AMOUNT_CODES:
                return AmountNotPossible("The payment service does not take this amount by a link.")
            case "customer":
                return LinkRefused("The payment service does not know this customer.")
    return refusal_of(error)


def reader_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of a card reader."""
    match code_of(error):
        case "terminal_reader_offline":
            return ReaderOffline("The card reader is off or not connected.")
        case "terminal_reader_busy":
            return ReaderBusy("The card reader is busy.")
        case "terminal_reader_hardware_fault":
            return ReaderRefused("The card reader does not work.", hint="Start the reader anew.")
    if is_about_content(error) and error.http_status == 400 and code_of(error) != "resource_missing":
        return ReaderRefused("The card reader cannot do this now.")
    return refusal_of(error)


def account_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of reading a vendor's account: one of somebody else is none."""
    if code_of(error) == "account_invalid":
        return NotFound(_NOTHING)
    return refusal_of(error)


def transfer_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of a transfer."""
    code = code_of(error)
    if code == "account_invalid":
        return AccountNotReady("The payment service has no such account.")
    if not is_about_content(error):
        return _owed(refusal_of(error))
    if code in {"balance_insufficient", "insufficient_funds"}:
        return BalanceTooLow("There is not enough available at the payment service for this.")
    if code in _AMOUNT_CODES:
        return refusal_of(error)
    if param_of(error) == "amount":
        return AmountNotPossible("The payment service does not take this amount.")
    if code == "resource_missing" and param_of(error) == "destination":
        return AccountNotReady("The payment service has no such account.")
    if code in _ACCOUNT_CODES:
        return AccountNotReady("The vendor's account cannot take transfers yet.")
    return TransferRefused("The payment service would not send this transfer.")


def reversal_refusal_of(error: stripe.StripeError) -> Refusal:
    """What the port raises for an error of taking a transfer back."""
    if not is_about_content(error) or error.http_status == 404:
        return _owed(refusal_of(error))
    if code_of(error) in {"balance_insufficient", "insufficient_funds"}:
        return BalanceTooLow("There is not enough on the vendor's account to take this back.")
    if param_of(error) == "amount":
        return ReversalBeyondTransfer("More was asked back than is left of this transfer.")
    return TransferRefused("The payment service would not take this transfer back.")


def _owed(told: Refusal) -> Refusal:
    """The same of what is owed: it is not given up because a key ended before it was sent."""
    return KeyAwaited(_NO_KEY) if isinstance(told, KeyRefused) else told


def is_about_content(error: stripe.StripeError) -> bool:
    """Whether the request was understood, and refused for what it asks."""
    import stripe

    return isinstance(error, stripe.InvalidRequestError) and not (code_of(error) or "").startswith(
        "parameter_"
    )


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
    code, param = code_of(error), param_of(error)
    if code == "resource_missing" and (error.http_status == 404 or param in _NAMING):
        return NotFound(_NOTHING)
    if code == "resource_missing":
        what = "customer" if param == "customer" else "card"
        return GatewayRefused(
            f"The payment service does not know this {what}.",
            hint="Choose another card or another way to pay.",
        )
    if code in _AMOUNT_CODES:
        size = "small" if code == "amount_too_small" else "large"
        return AmountNotPossible(f"The amount is too {size} for the payment service.")
    return GatewayRefused(
        "The payment service did not accept the request.",
        hint="Report this: the program sent something wrong.",
    )
