"""What is said of disputes: states, reasons, and what to do about one."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.states import DisputeState
from travellr_desktop.services.disputes import DisputeDetail
from travellr_desktop.ui.records.words import NOTHING, Words

BADGES: dict[DisputeState, tuple[str, str]] = {
    DisputeState.INQUIRY: ("inquiry", "Inquiry"),
    DisputeState.OPEN: ("disputed", "Open"),
    DisputeState.WON: ("dispute_won", "Won"),
    DisputeState.LOST: ("dispute_lost", "Lost"),
    DisputeState.CLOSED: ("dispute_closed", "Closed"),
}
"""Badge and word of each state."""

REASONS: dict[str, str] = {
    "bank_cannot_process": "The bank cannot process it",
    "check_returned": "Cheque returned",
    "credit_not_processed": "A refund was promised",
    "customer_initiated": "Asked by the traveller",
    "debit_not_authorized": "Not authorised",
    "duplicate": "Charged twice",
    "fraudulent": "Not made by the cardholder",
    "general": "No reason given",
    "incorrect_account_details": "Wrong account details",
    "insufficient_funds": "Too little on the account",
    "noncompliant": "Against the card's rules",
    "product_not_received": "Trip not received",
    "product_unacceptable": "Not as described",
    "subscription_canceled": "Cancelled before",
    "unrecognized": "Not recognised",
}
"""What a bank's reason means, by the provider's word."""

_SAID: dict[DisputeState, tuple[str, str, str]] = {
    DisputeState.WON: (
        "ok",
        "The bank has decided for the agency: the money is back.",
        "Its fee stays with the provider. Refunds can be given again.",
    ),
    DisputeState.LOST: (
        "bad",
        "The bank has decided for the traveller, who keeps the money.",
        "What it took has left those who had it: see the books below.",
    ),
    DisputeState.CLOSED: ("info", "The inquiry came to nothing.", "No money was moved by it."),
}


def reason_words(reason: str) -> str:
    """A reason in words; one that is not known here goes by the provider's."""
    return _say(REASONS.get(reason, reason.replace("_", " ").capitalize()))


def due_words(
    words: Words, due: datetime | None, now: datetime, *, decided: bool, short: bool = False
) -> str:
    """`24 Jun 10:00`, or that it is overdue since then; `short` says of that the day alone."""
    if due is None:
        return NOTHING
    if decided or due > now:
        return words.stamp(due, now)
    return _say("Overdue, {0}").format(words.day(due) if short else words.stamp(due, now))


def advice(words: Words, detail: DisputeDetail, now: datetime) -> tuple[str, str, str]:
    """Tone, what has happened, and what to do."""
    if detail.state in _SAID:
        tone, first, second = _SAID[detail.state]
        return tone, _say(first), _say(second)
    due = "" if detail.due_by is None else words.stamp(detail.due_by, now)
    if detail.state is DisputeState.INQUIRY:
        first = _say("The traveller's bank asks about this payment. It has taken nothing.")
        second = _say("Answer it, or give the money back in full: that ends it.")
    else:
        first = _say("The traveller's bank has taken {0} back.").format(words.money(detail.amount))
        second = _say(
            "Answer with what proves the trip: voucher, manifest, messages. Nothing is given back meanwhile."
        )
    if detail.is_late:
        second = _say("The answer was due {0}. See at the provider whether it is still taken.").format(due)
    elif due:
        second = _say("{0} Until {1}.").format(second, due)
    return ("wait" if detail.state is DisputeState.INQUIRY else "bad"), first, second


def _say(text: str) -> str:
    return QCoreApplication.translate("Disputes", text)
