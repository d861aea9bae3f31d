"""What the sandbox can be asked to get wrong, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_OPERATIONS = {
    "payment_intents.create": "Preparing a payment",
    "payment_intents.confirm": "Charging the card",
    "payment_intents.retrieve": "Reading a payment",
    "payment_intents.cancel": "Giving a payment up",
    "checkout.sessions.create": "Making a payment link",
    "checkout.sessions.retrieve": "Reading a payment link",
    "checkout.sessions.expire": "Cancelling a payment link",
    "terminal.readers.list": "Listing card readers",
    "terminal.readers.retrieve": "Reading a card reader",
    "terminal.readers.process_payment_intent": "Asking for a card",
    "terminal.readers.cancel_action": "Stopping a card reader",
    "test_helpers.terminal.readers.present_payment_method": "Presenting a card",
    "refunds.create": "Sending a refund",
    "refunds.retrieve": "Reading a refund",
    "refunds.list": "Listing refunds",
}
_KINDS = {
    "insufficient_funds": "Declined: insufficient funds",
    "card_declined": "Declined by the bank",
    "expired_card": "Declined: card expired",
    "authentication_required": "Asks for authentication",
    "reader_offline": "Card reader off",
    "reader_busy": "Card reader busy",
    "reader_timeout": "Card reader silent, but asking",
    "unreachable": "No connection",
    "reply_lost_before": "Reply lost, nothing done",
    "reply_lost_after": "Reply lost, but done",
    "late": "Reply too late, but done",
    "truncated": "Reply cut off, but done",
    "409": "Same request still running (409)",
    "429": "Too many requests (429)",
    "500_before": "Server error, nothing done (500)",
    "500_after": "Server error, but done (500)",
}
FIRST = ("payment_intents.confirm", "insufficient_funds")


def operation(name: str) -> str:
    """A call of the sandbox; one that is not known here goes by its own name."""
    return QCoreApplication.translate("Faults", _OPERATIONS.get(name, name))


def kind(name: str) -> str:
    return QCoreApplication.translate("Faults", _KINDS.get(name, name.replace("_", " ")))


def in_order(operations: tuple[str, ...]) -> list[str]:
    """Operations as people look for them: what moves money first."""
    known = list(_OPERATIONS)
    return sorted(operations, key=lambda name: known.index(name) if name in known else len(known))


def left(count: int | None) -> str:
    """How many requests still meet a fault; one call may send its request again by itself."""
    if count is None:
        return QCoreApplication.translate("Faults", "until it is disarmed")
    if count == 1:
        return QCoreApplication.translate("Faults", "the next request")
    return QCoreApplication.translate("Faults", "the next {0} requests").format(count)
