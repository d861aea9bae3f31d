"""That a bank disputes what was paid, as everybody who sells may know it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from travellr_desktop.domain.states import DisputeState
from travellr_desktop.services.disputed import DisputeMark
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.records.words import Words


def dispute_note(mark: DisputeMark | None, words: Words) -> Note | None:
    """What whoever looks at a booking or a payment must know of its dispute; nothing where it changes nothing."""
    if mark is None:
        return None
    amount = words.money(mark.amount)
    if mark.state is DisputeState.INQUIRY:
        return Note(
            "wait",
            _say("The traveller's bank asks about {0}.").format(amount),
            _say("Nothing was taken. What is given back in full ends it."),
        )
    if mark.state is DisputeState.OPEN:
        return Note(
            "bad",
            _say("The traveller's bank has taken {0} back.").format(amount),
            _say("Nothing is given back until it has decided. A manager answers it."),
        )
    if mark.state is DisputeState.LOST:
        return Note(
            "info",
            _say("The traveller's bank has kept {0}.").format(amount),
            _say("It was not given back by the agency, and is not paid any more."),
        )
    return None


def why_no_refund(mark: DisputeMark | None) -> str | None:
    """Why nothing can be given back now, where a bank has the money; else None."""
    if mark is None or not mark.blocks_refunds:
        return None
    return _say("The traveller's bank has the money. Nothing is given back until it has decided.")


def _say(text: str) -> str:
    return QCoreApplication.translate("DisputeNote", text)
