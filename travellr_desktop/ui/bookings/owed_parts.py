"""Parts of the panel of a booking: what is owed after the trip, was written off, or was paid too much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.states import is_open
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.debts import WriteOffView
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import MoneyRows
from travellr_desktop.ui.records.words import Words


def _say(text: str) -> str:
    return QCoreApplication.translate("BookingPanel", text)


def is_owed(detail: BookingDetail) -> bool:
    """Whether what is due is owed after the trip, and nothing else is."""
    return bool(detail.owed) and not is_open(detail.state)


def owed_rows(rows: MoneyRows, detail: BookingDetail, words: Words) -> None:
    """What is neither due nor nothing: below what is due."""
    if detail.written_off.minor:
        rows.add(_say("Written off"), words.money(detail.written_off), quiet=True)
    if detail.excess.minor:
        rows.add(_say("Paid too much"), words.money(detail.excess), tone="wait")


def too_much_note(sale: SaleOutcome | None, words: Words, decide: Callable[[], None]) -> Note | None:
    """That something of the sale was paid too much, and that somebody decides what becomes of it."""
    if sale is None or sale.excess is None:
        return None
    note = Note(
        "wait",
        _say("{0} was paid too much.").format(words.money(sale.excess)),
        _say("Give it back, leave it as credit, or use it for another booking."),
        action=_say("Decide…"),
    )
    note.acted.connect(decide)
    return note


def written_off_notes(
    given_up: Sequence[WriteOffView], words: Words, now: datetime, again: Callable[[UUID], None] | None
) -> list[Note]:
    """Why what is not waited for any more was given up, and by whom; `again` waits for it once more."""
    notes = []
    for each in given_up:
        if each.undone_at is not None:
            continue
        second = f"{each.reason} · {each.by}, {words.stamp(each.at, now)}"
        action = _say("Wait for it") if again is not None else ""
        note = Note(
            "info", _say("{0} was written off.").format(words.money(each.amount)), second, action=action
        )
        if again is not None:
            note.acted.connect(lambda write_off_id=each.id, act=again: act(write_off_id))
        notes.append(note)
    return notes


def offer_owed(
    menu: Menu,
    detail: BookingDetail,
    words: Words,
    *,
    came_in: Callable[[], object],
    write_off: Callable[[], object] | None,
) -> None:
    """What can be done beyond taking what is due. `write_off` None for who may not."""
    if detail.written_off.minor and not detail.due.minor:
        title = _say("{0} is paid after all…").format(words.money(detail.written_off))
        menu.add(title, came_in, icon="banknote")
    elif not detail.due.minor:
        menu.add(_say("More came in than was due…"), came_in, icon="banknote")
    if detail.owed.minor and write_off is not None:
        title = _say("Write off {0}…").format(words.money(detail.owed))
        menu.add(title, write_off, icon="circle-slash", tone="bad")
