"""The money of a booking in its panel, and what is to be said of what goes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, RefundState
from travellr_desktop.services.booking_views import BackRow, BookingDetail
from travellr_desktop.services.disputed import DisputeMark
from travellr_desktop.ui.bookings.owed_parts import is_owed, owed_rows
from travellr_desktop.ui.bookings.panel_parts import add_discounts, failed_note
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows
from travellr_desktop.ui.records import words as say
from travellr_desktop.ui.records.dispute_note import why_no_refund
from travellr_desktop.ui.records.words import Words


def _say(text: str) -> str:
    return QCoreApplication.translate("BookingPanel", text)


def money_rows(detail: BookingDetail, words: Words) -> MoneyRows:
    """What it costs, what was paid and went back, what is due, and who has what of it."""
    money, rows = words.money, MoneyRows(gap=2)
    add_discounts(rows, detail, words)
    rows.add(_say("Total"), money(detail.price), strong=True)
    for paid in detail.paid:
        title = _say("Paid {0}, {1}").format(words.day(paid.at), paid.label or paid.way.value)
        rows.add(title, words.signed(-paid.amount))
    for back in detail.back:
        _back(rows, back, words)
    if detail.kept.minor:
        rows.add(_say("Kept of who was cancelled"), money(detail.kept), quiet=True)
    if detail.due.minor:
        bad = detail.overdue or is_owed(detail)
        rows.add(_due_words(detail, words), money(detail.due), tone="bad" if bad else "wait")
    owed_rows(rows, detail, words)
    for whose, amount in _shares(detail):
        rows.add(whose, money(amount), quiet=True)
    held = detail.dispute is not None and detail.dispute.blocks_refunds
    if detail.back_today is not None and detail.paid and not held:
        rows.add(_say("Back if cancelled now"), money(detail.back_today), quiet=True)
    return rows


def note_of_refund(
    row: BackRow, dispute: DisputeMark | None, words: Words, again: Callable[[UUID], object]
) -> Note | None:
    """What is to be said of a refund that failed, or of which nobody knows; None where there is nothing to say."""
    money = words.money(row.amount)
    if row.state is RefundState.FAILED:
        if row.again:
            return None
        return failed_note(money, partial(again, row.refund_id), why_no_refund(dispute))
    if row.state in (RefundState.UNKNOWN, RefundState.APPROVED):
        tone = "unknown" if row.state is RefundState.UNKNOWN else "info"
        first = (
            _say("We do not know yet whether {0} went back.")
            if tone == "unknown"
            else _say("{0} has not been sent back yet.")
        )
        note = Note(
            tone,
            first.format(money),
            _say("It is sent again by itself under the same key, never twice."),
            action=_say("Try now"),
        )
        note.acted.connect(partial(again, row.refund_id))
        return note
    return None


def _back(rows: MoneyRows, back: BackRow, words: Words) -> None:
    titles = {
        RefundState.COMPLETED: _say("Given back {0}, {1}"),
        RefundState.FAILED: _say("Not given back {0}, {1}"),
        RefundState.UNKNOWN: _say("Back, outcome unknown {0}, {1}"),
    }
    title = titles.get(back.state, _say("On its way back {0}, {1}"))
    if back.to is RefundTo.CREDIT:
        title = _say("Given as credit {0}")
    tone = {RefundState.FAILED: "bad", RefundState.UNKNOWN: "unknown"}.get(back.state)
    rows.add(title.format(words.day(back.at), back.label), words.money(back.amount), tone=tone)


def _shares(detail: BookingDetail) -> tuple[tuple[str, Money], ...]:
    """Who has what of the price; of a cancelled booking, of what was kept, if anything was."""
    agency, vendor = detail.commission_bps, 10_000 - detail.commission_bps
    if detail.state is not BookingState.CANCELLED:
        return (
            (say.share_words(_say("Vendor share"), vendor), detail.vendor_share),
            (say.share_words(_say("Commission"), agency), detail.commission),
        )
    if not detail.vendor_share and not detail.commission:
        return ()
    return (
        (_say("Kept for the vendor"), detail.vendor_share),
        (_say("Kept by the agency"), detail.commission),
    )


def _due_words(detail: BookingDetail, words: Words) -> str:
    if is_owed(detail):
        return _say("Owed after the trip")
    if detail.balance_day is None or detail.state is BookingState.PENDING:
        return _say("Due")
    said = _say("Overdue since {0}") if detail.overdue else _say("Due until {0}")
    return said.format(words.short_day(detail.balance_day))
