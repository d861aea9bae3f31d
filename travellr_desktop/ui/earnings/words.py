"""What places of earnings are called, and when and why they are there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.locales import locale_of
from travellr_desktop.domain.money import decimals, round_ratio
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.services.lists import EarningListRow
from travellr_desktop.ui.records.words import Words

_W, _E = Whereabouts, LedgerEvent

BADGES: Mapping[Whereabouts, tuple[str, str]] = MappingProxyType(
    {
        _W.NOT_TRAVELLED: ("nottravelled", "Not travelled"),
        _W.HOLDBACK: ("holdback", "Holdback"),
        _W.DISPUTED: ("disputed", "Disputed"),
        _W.AVAILABLE: ("available", "Available"),
        _W.APPROVED: ("approved", "Approved"),
        _W.IN_TRANSIT: ("sending", "On its way"),
        _W.PAID: ("paid", "Paid"),
        _W.CAME_BACK: ("returned", "Came back"),
    }
)
"""The state in the theme's tokens, and its word."""

ABOUT: Mapping[LedgerEvent, str] = MappingProxyType(
    {
        _E.NO_SHOW: "No-show",
        _E.KEPT: "Kept on cancelling",
        _E.REFUND_APPROVED_AFTER_TRIP: "Refund",
        _E.GOODWILL: "Goodwill agreed with you",
        _E.DISPUTE_LOST: "Dispute lost",
        _E.REVERSAL: "Reversal",
        _E.VENDOR_ADJUSTED: "Adjustment",
        _E.PAYOUT_ROUNDED: "Too little to pay out, carried forward",
        _E.PAYOUT_FAILED: "Payout did not arrive",
        _E.TRANSFER_REVERSED: "Payout taken back",
        _E.PAYOUT_RETURNED: "Payout returned by the bank",
    }
)
"""What a line is about where it is no booking's share as usual."""


def say(text: str) -> str:
    return QCoreApplication.translate("Earnings", text)


def month_short(first: date, locale: str) -> str:
    """`Jun`."""
    return str(format_skeleton("MMM", first, locale=locale_of(locale)))


def month_long(first: date, locale: str) -> str:
    """`June 2026`."""
    return str(format_skeleton("yMMMM", first, locale=locale_of(locale)))


def whole(minor: int, currency: str, locale: str) -> str:
    """An amount without its currency and its decimals, for an axis: `6,138`."""
    unit = 10 ** decimals(currency)
    return str(format_decimal(round_ratio(minor, unit), format="#,##0", locale=locale_of(locale)))


def title_of(row: EarningListRow) -> str:
    """The trip, or what else a line is about."""
    return row.trip or (ABOUT.get(row.event, "") if row.event is not None else "")


def when_and_why(row: EarningListRow, words: Words, goes_out: date | None) -> str:
    """When a line becomes free or goes out, or was paid; and what it is about where that is not plain."""
    about = ABOUT.get(row.event, "") if row.event is not None and row.trip else ""
    reason = row.reason
    return ", ".join(part for part in (about, _when(row, words, goes_out), reason) if part)


def _when(row: EarningListRow, words: Words, goes_out: date | None) -> str:
    match row.place:
        case Whereabouts.NOT_TRAVELLED | Whereabouts.HOLDBACK:
            assert row.free_at is not None
            return say("free on {0}").format(words.formats.when(row.free_at, words.formats.zone))
        case Whereabouts.DISPUTED if row.due_by is not None:
            return say("the bank decides after {0}").format(words.day(row.due_by))
        case Whereabouts.DISPUTED:
            return say("the bank decides")
        case Whereabouts.AVAILABLE if row.share.minor < 0:
            return say("taken off what goes out next")
        case Whereabouts.AVAILABLE if goes_out is not None:
            return say("goes out {0}").format(words.formats.day(goes_out))
        case Whereabouts.APPROVED | Whereabouts.IN_TRANSIT | Whereabouts.PAID | Whereabouts.CAME_BACK:
            return row.statement
    return ""


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
