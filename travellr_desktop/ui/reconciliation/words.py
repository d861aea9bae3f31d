"""What differences and their corrections are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.matching import DifferenceKind, Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.services.matching.causes import Correction
from travellr_desktop.services.matching.service import DifferenceRow
from travellr_desktop.ui.records.words import Words

_K, _M = DifferenceKind, Moved

KINDS: Mapping[DifferenceKind, str] = MappingProxyType(
    {
        _K.NOT_THERE: "Not at the provider",
        _K.NOT_HERE: "Not in the books",
        _K.UNKNOWN: "Not known here",
        _K.TWICE_HERE: "Twice in the books",
        _K.TWICE_THERE: "Twice at the provider",
        _K.AMOUNT: "Another amount",
        _K.CURRENCY: "Another currency",
        _K.RATE: "Another rate",
        _K.FEE: "Another fee",
        _K.LATE_FAILURE: "Came back later",
        _K.DAY: "Another day",
    }
)
"""What differs between the books and the provider."""

CHANGED, SHORT, OVER = "Changed after the count", "Counted short", "Counted over"
"""What differs in a till."""

MOVED: Mapping[Moved, str] = MappingProxyType(
    {
        _M.PAYMENT: "Payment",
        _M.REFUND: "Refund",
        _M.REFUND_FAILED: "Refund that failed",
        _M.DISPUTE: "Dispute",
        _M.DISPUTE_WON: "Dispute won",
        _M.TRANSFER: "Transfer",
        _M.TRANSFER_REVERSED: "Transfer reversed",
        _M.BANK: "To the bank",
        _M.BANK_FAILED: "Back from the bank",
        _M.FEE: "Bill of the provider",
        _M.OTHER: "Movement",
    }
)
"""What moved."""


def say(text: str) -> str:
    return QCoreApplication.translate("Reconciliation", text)


def correction_words(row: DifferenceRow, words: Words) -> str:
    """What the button of the right correction says that it will do; "" where there is none."""
    if row.correction is Correction.POST_FEE and row.there is not None:
        return _fee_words(row.here, row.there, words)
    amount = row.there or row.here
    said = words.money(abs(amount)) if amount is not None else ""
    found = {
        Correction.READ_PAYMENT: say("Read the payment and record it"),
        Correction.READ_REFUND: say("Read the refund and record it"),
        Correction.POST_RATE: say("Post {0} as it came to"),
        Correction.POST_AGAIN: say("Correct the posting to {0}"),
        Correction.TAKE_OVER: say("Take over {0} as paid too much"),
    }
    if row.correction is None:
        return ""
    if row.correction is Correction.TAKE_OVER and row.moved is Moved.REFUND:
        return say("Take over {0} as given back").format(said)
    return found[row.correction].format(said)


def _fee_words(here: Money | None, there: Money, words: Words) -> str:
    """By how much the fee that is posted changes."""
    if here is None or here.currency != there.currency:
        return say("Post the fee of {0}").format(words.money(there))
    more = there - here
    if more < Money.zero(more.currency):
        return say("Take back {0} of the fee").format(words.money(-more))
    return say("Post {0} more of the fee").format(words.money(more))


def correcting_words(row: DifferenceRow) -> str:
    """While it runs."""
    reads = row.correction in (Correction.READ_PAYMENT, Correction.READ_REFUND)
    return say("Reading") if reads else say("Posting")


def open_words(opened: int, explained: int) -> str:
    """How a day stands."""
    if opened:
        return say("{0} open").format(opened)
    return say("{0} explained").format(explained) if explained else say("Agrees")
