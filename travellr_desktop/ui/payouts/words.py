"""What the screen of payouts says: days of a batch, states as badges, why somebody is left out and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from babel.dates import format_skeleton
from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.services.payouts.means import STEPS, TITLES
from travellr_desktop.services.payouts.views import BatchPayout, BatchRow, NextStep
from travellr_desktop.ui.records.words import count


def say(text: str) -> str:
    return QCoreApplication.translate("Payouts", text)


KINDS: Mapping[BatchKind, str] = MappingProxyType(
    {BatchKind.WEEKLY: "Weekly", BatchKind.MONTHLY: "Monthly", BatchKind.EXTRA: "Extra"}
)

LEFT_BADGES: Mapping[LeftOut, str] = MappingProxyType(
    {
        LeftOut.NEGATIVE: "negative",
        LeftOut.BELOW_MINIMUM: "below",
        LeftOut.NO_MINIMUM: "nominimum",
        LeftOut.HOLDBACK: "holdback",
        LeftOut.DISPUTED: "disputed",
        LeftOut.NO_ACCOUNT: "noaccount",
        LeftOut.ACCOUNT_NOT_READY: "notready",
        LeftOut.DOCUMENT_MISSING: "document",
        LeftOut.NO_FUNDS: "nofunds",
        LeftOut.INACTIVE: "cancelled",
        LeftOut.OTHER_SCHEDULE: "abandoned",
        LeftOut.BY_HAND: "below",
    }
)
"""The badge of each reason; its word is that of `left_word`."""

_PAYOUTS = {
    PayoutState.APPROVED: ("created", "Waiting"),
    PayoutState.SENDING: ("sending", "Sending"),
    PayoutState.PAID: ("paid", "Paid"),
    PayoutState.FAILED: ("failed", "Failed"),
    PayoutState.UNKNOWN: ("unknown", "Unknown"),
    PayoutState.REVERSED: ("reversed", "Taken back"),
    PayoutState.RETURNED: ("returned", "Came back"),
}
_BATCHES = {
    BatchState.DRAFT: ("pending", "To approve"),
    BatchState.APPROVED: ("approved", "Approved"),
    BatchState.SENDING: ("sending", "Sending"),
    BatchState.PAUSED: ("stopped", "Paused"),
    BatchState.DONE: ("paid", "Paid"),
    BatchState.DISCARDED: ("abandoned", "Discarded"),
}


def left_word(reason: LeftOut) -> str:
    return say(TITLES[reason])


def step_word(step: NextStep) -> str:
    return say(STEPS[step])


def payouts(number: int) -> str:
    """`11 payouts`."""
    return count(number, say("payout"), say("payouts"))


def vendors(number: int) -> str:
    return count(number, say("vendor"), say("vendors"))


def bookings(number: int) -> str:
    return count(number, say("booking"), say("bookings"))


def days(first: date, last: date, locale: str, year: int) -> str:
    """`8 to 14 June`; with the year where it is another than `year`."""
    babel = locale_of(locale)
    end = format_skeleton("MMMMd" if last.year == year else "yMMMMd", last, locale=babel)
    if first == last:
        return str(end)
    if (first.year, first.month) == (last.year, last.month):
        start = str(first.day)
    else:
        start = format_skeleton("MMMMd" if first.year == last.year else "yMMMMd", first, locale=babel)
    return say("{0} to {1}").format(start, end)


def title(row: BatchRow, locale: str, year: int) -> str:
    """`Weekly, 8 to 14 June`."""
    return f"{say(KINDS[row.kind])}, {days(row.first, row.last, locale, year)}"


def batch_badge(row: BatchRow) -> tuple[str, str]:
    """Badge and word of how a batch stands: the worst there is of it."""
    unknown, failed = (sum(getattr(each, name) for each in row.sums) for name in ("unknown", "failed"))
    if row.state is BatchState.DRAFT and row.sent_back:
        return "returned", say("Sent back")
    if row.state is BatchState.DONE and unknown:
        return "unknown", say("{0} unknown").format(f"{unknown:,}")
    if row.state is BatchState.DONE and failed:
        return "failed", say("{0} failed").format(f"{failed:,}")
    if row.state is BatchState.DONE and not row.sums:
        return "done", say("Nobody paid")
    status, word = _BATCHES[row.state]
    return status, say(word)


def payout_badge(payout: BatchPayout) -> tuple[str, str]:
    """Badge and word of how a payout stands."""
    status, word = _PAYOUTS[payout.state]
    if payout.way is PayoutWay.BANK and payout.state is PayoutState.APPROVED:
        word = "For the bank"
    elif payout.way is PayoutWay.BANK and payout.state is PayoutState.SENDING:
        word = "With the bank"
    elif payout.state is PayoutState.PAID and payout.taken_back.minor:
        word = "Paid, part back"
    return status, say(word)


def ways(by_transfer: int, by_bank: int) -> str:
    """`11 payouts from Stripe`, `9 payouts from Stripe, 2 by the bank`."""
    if not by_bank:
        return say("{0} from Stripe").format(payouts(by_transfer))
    if not by_transfer:
        return say("{0} by the bank").format(payouts(by_bank))
    return say("{0} from Stripe, {1} by the bank").format(payouts(by_transfer), f"{by_bank:,}")


def nothing_words(row: BatchRow) -> tuple[str, str]:
    """Why nobody is in a batch, and what to do."""
    if row.state is BatchState.DISCARDED:
        return say("This draft was discarded"), say("What was in it stays owed.")
    return say("Nothing is in this batch"), say("Discard it; the next one has what comes.")
