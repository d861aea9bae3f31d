"""Reasons of being left out, as sentences for people, and what can be done about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import LeftOut
from travellr_desktop.services.payouts.views import LeftRow, NextStep

TITLES = {
    LeftOut.NEGATIVE: "Negative",
    LeftOut.BELOW_MINIMUM: "Below minimum",
    LeftOut.NO_MINIMUM: "No minimum",
    LeftOut.HOLDBACK: "Held",
    LeftOut.DISPUTED: "Disputed",
    LeftOut.NO_ACCOUNT: "No account",
    LeftOut.ACCOUNT_NOT_READY: "Account not ready",
    LeftOut.DOCUMENT_MISSING: "Document missing",
    LeftOut.NO_FUNDS: "Not enough funds",
    LeftOut.INACTIVE: "Not active",
    LeftOut.OTHER_SCHEDULE: "Other schedule",
    LeftOut.BY_HAND: "Left out",
}

STEPS = {
    NextStep.NOTHING: "Nothing to do",
    NextStep.SET_MINIMUM: "Set a minimum",
    NextStep.OPEN_DISPUTE: "Open the dispute",
    NextStep.ADD_ACCOUNT: "Enter the account",
    NextStep.ASK_VENDOR: "Ask the vendor",
    NextStep.ADD_DOCUMENT: "Enter the document",
    NextStep.WAIT_FOR_FUNDS: "Wait, then run it again",
    NextStep.TAKE_IN: "Take in again",
    NextStep.ACTIVATE: "Activate the vendor",
}

_CARRIED = "Carried to the next batch."
_SAYS = {
    LeftOut.NEGATIVE: f"Owes the agency. {_CARRIED}",
    LeftOut.BELOW_MINIMUM: "It comes to nothing.",
    LeftOut.NO_MINIMUM: "No minimum is known for {currency}.",
    LeftOut.HOLDBACK: "Not free to be paid yet.",
    LeftOut.DISPUTED: "A bank is deciding: {detail}.",
    LeftOut.NO_ACCOUNT: "No payout account on file.",
    LeftOut.ACCOUNT_NOT_READY: "The provider: {detail}",
    LeftOut.DOCUMENT_MISSING: "Missing, or run out: {detail}.",
    LeftOut.NO_FUNDS: "Not enough is available with the provider. {detail}",
    LeftOut.INACTIVE: "The vendor was deactivated. It stays owed.",
    LeftOut.OTHER_SCHEDULE: "Paid with the batches of the other schedule.",
    LeftOut.BY_HAND: "{detail}",
}


def means(row: LeftRow, amount: Callable[[Money], str], day: Callable[[datetime], str]) -> str:
    """What it means that this vendor is left out; `amount` and `day` write as the person reads them."""
    if row.reason is LeftOut.BELOW_MINIMUM and row.minimum:
        return f"Below {amount(row.minimum)}. {_CARRIED}"
    if row.reason is LeftOut.HOLDBACK and row.free_at is not None:
        return f"Free to be paid from {day(row.free_at)} on."
    if row.reason is LeftOut.NO_ACCOUNT and row.detail:
        return row.detail
    detail = row.detail.replace("_", " ") if row.reason is LeftOut.DOCUMENT_MISSING else row.detail
    return _SAYS[row.reason].format(currency=row.currency, detail=detail).rstrip()
