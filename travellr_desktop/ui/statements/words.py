"""What the screen of statements says: states as badges, reasons, lines, the days that one is about."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.payouts.statement import StatementState
from travellr_desktop.domain.payouts.words import LeftOut, LineKind
from travellr_desktop.services.statements.paper import period_words
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.ui.records.words import Words

BADGES: dict[StatementState, tuple[str, str]] = {
    StatementState.APPROVED: ("approved", "Approved"),
    StatementState.SENDING: ("sending", "Sending"),
    StatementState.PAID: ("paid", "Paid"),
    StatementState.FAILED: ("failed", "Came back"),
    StatementState.CARRIED: ("abandoned", "Carried"),
}
"""Badge and word of each state."""

KINDS = {
    LineKind.NORMAL: "Normal",
    LineKind.REVERSED: "Reversed",
    LineKind.ADJUSTMENT: "Adjustment",
    LineKind.RETURNED: "Returned",
}

_LEFT = {
    LeftOut.NEGATIVE: "More went back than came in. What comes next makes up for it.",
    LeftOut.BELOW_MINIMUM: "It is below the minimum of {minimum}.",
    LeftOut.NO_MINIMUM: "No minimum is set for this currency.",
    LeftOut.HOLDBACK: "It was not free to be paid yet.",
    LeftOut.DISPUTED: "It waits for a dispute to end.",
    LeftOut.NO_ACCOUNT: "No account is known to pay to.",
    LeftOut.ACCOUNT_NOT_READY: "The account with the provider took no payouts yet.",
    LeftOut.DOCUMENT_MISSING: "A document was missing.",
    LeftOut.NO_FUNDS: "The money was not with the provider yet.",
    LeftOut.INACTIVE: "The vendor was deactivated.",
    LeftOut.OTHER_SCHEDULE: "The vendor is paid on another schedule.",
    LeftOut.BY_HAND: "Somebody left it out.",
}


def say(text: str) -> str:
    return QCoreApplication.translate("Statements", text)


def left_words(detail: StatementDetail, words: Words) -> str:
    """Why nothing was paid; "" where something was, or no reason was kept."""
    if detail.left_out is None:
        return ""
    return say(_LEFT[detail.left_out]).format(minimum=words.or_nothing(detail.minimum))


def period(first: date, last: date, words: Words) -> str:
    """`8–14 Jun 2026`."""
    return period_words(first, last, words.formats.locale)


def figure_words(state: StatementState) -> str:
    """What stands above the sum."""
    return {
        StatementState.APPROVED: say("To be paid"),
        StatementState.SENDING: say("On its way"),
        StatementState.PAID: say("Paid"),
        StatementState.FAILED: say("Came back"),
        StatementState.CARRIED: say("Carried forward"),
    }[state]
