"""Notes: what is worth knowing about a booking or a traveller, in the words of whoever wrote it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.domain.text import without_bidi
from travellr_desktop.errors import InvalidInput, NotPermitted
from travellr_desktop.events import Change, TravellerChanged
from travellr_desktop.services import amendments
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Note
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

LONGEST = 4000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note. `mine`: it was written by who asks, who may take it back."""

    id: UUID
    text: str
    at: datetime
    by: str
    mine: bool


class NoteService:
    """Notes are for those who sell; a vendor sees none."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of_booking(self, actor: Actor, booking_id: UUID) -> tuple[NoteRow, ...]:
        """Newest first."""
        require(actor, Permission.BOOKING_UPDATE)
        with self._db.read() as view:
            return _rows(view, actor, view.notes.of_booking(booking_id))

    def of_traveller(self, actor: Actor, traveller_id: UUID) -> tuple[NoteRow, ...]:
        """Newest first."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return _rows(view, actor, view.notes.of_traveller(traveller_id))

    def add(
        self, actor: Actor, text: str, *, booking_id: UUID | None = None, traveller_id: UUID | None = None
    ) -> UUID:
        """Write a note about one booking or one traveller. Raises `InvalidInput` (`text`), `NotFound`."""
        require(actor, _permission(traveller_id))
        if (booking_id is None) == (traveller_id is None):
            raise InvalidInput("A note is about a booking or about a traveller.", field="text")
        words = _clean(text)
        with self._db.write(Commit.NOTE_SAVE, actor) as work:
            if booking_id is not None:
                work.bookings.get(booking_id)
            if traveller_id is not None:
                traveller_id = work.travellers.get(traveller_id).id
            note = work.notes.save(
                Note(
                    booking_id=booking_id,
                    traveller_id=traveller_id,
                    text=words,
                    created_at=work.now,
                    created_by=actor.user_id,
                )
            )
            _told(work, note, "note.add")
            work.commit()
        return note.id

    def remove(self, actor: Actor, note_id: UUID) -> None:
        """Take a note back: one's own, or, for those who manage everybody's bookings, anybody's. The audit trail
        keeps its words. Raises `NotFound`, `NotPermitted`."""
        require(actor, Permission.BOOKING_UPDATE)
        with self._db.write(Commit.NOTE_SAVE, actor) as work:
            note = work.notes.get(note_id)
            require(actor, _permission(note.traveller_id))
            if note.created_by != actor.user_id and not allowed(actor.role, Permission.ADMIN_BOOKINGS):
                raise NotPermitted("This note was written by somebody else.")
            _told(work, note, "note.remove")
            work.notes.delete(note.id)
            work.commit()


def _permission(traveller_id: UUID | None) -> Permission:
    return Permission.BOOKING_UPDATE if traveller_id is None else Permission.TRAVELLER_WRITE


def _clean(text: str) -> str:
    """The text with its lines, without control characters."""
    lines = [without_bidi(" ".join(line.split())) for line in text.strip().splitlines()]
    words = "\n".join("".join(ch for ch in line if ch.isprintable()) for line in lines).strip()
    if not words:
        raise InvalidInput("The note is empty.", field="text")
    if len(words) > LONGEST:
        raise InvalidInput(f"A note has at most {LONGEST} characters.", field="text")
    return words


def _told(work: UnitOfWork, note: Note, action: str) -> None:
    if note.booking_id is not None:
        work.audit(action, "booking", note.booking_id, text=note.text)
        amendments.tell(work, work.bookings.get(note.booking_id), "notes")
    elif note.traveller_id is not None:
        work.audit(action, "traveller", note.traveller_id, text=note.text)
        work.publish(
            TravellerChanged(aggregate_id=note.traveller_id, timestamp=work.now, change=Change.UPDATED)
        )


def _rows(view: Reading, actor: Actor, notes: Sequence[Note]) -> tuple[NoteRow, ...]:
    names = view.users.names([note.created_by for note in notes])
    return tuple(
        NoteRow(note.id, note.text, note.created_at, names[note.created_by], note.created_by == actor.user_id)
        for note in notes
    )
