"""Passports, identity cards, visas and licences of travellers, and whether they last until the trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain import periods
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.places import clean_country
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.events import Change
from travellr_desktop.services import keys
from travellr_desktop.services.today import today
from travellr_desktop.services.travellers import changed, told
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import TravelDocument
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


class DocumentKind(StrEnum):
    PASSPORT = "passport"
    IDENTITY = "identity"
    VISA = "visa"
    LICENCE = "licence"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TravelDocumentDraft:
    """`country` is who issued it, a code of two letters."""

    kind: DocumentKind
    number: str
    country: str = ""
    expires_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TooShort:
    """A booked departure by which a document has expired."""

    reference: str
    title: str
    day: date


@dataclass(frozen=True, slots=True)
class TravelDocumentRow:
    """`expired`: it has run out today; `too_short`: the first booked departure that it does not last until."""

    id: UUID
    kind: DocumentKind
    number: str
    country: str
    expires_on: date | None
    note: str
    expired: bool
    too_short: TooShort | None


@dataclass(frozen=True, slots=True)
class _Add:
    traveller_id: UUID
    draft: TravelDocumentDraft


class TravelDocumentService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of_traveller(self, actor: Actor, traveller_id: UUID) -> tuple[TravelDocumentRow, ...]:
        """The documents of one traveller, the newest first. Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            traveller = view.travellers.get(traveller_id)
            found = view.travellers.documents(traveller.id)
            return _rows(view, traveller.id, found)

    def add(
        self, actor: Actor, traveller_id: UUID, draft: TravelDocumentDraft, *, key: UUID
    ) -> TravelDocumentRow:
        """Raises `InvalidInput` naming the field, `NotFound`."""
        require(actor, Permission.TRAVELLER_WRITE)
        clean = _cleaned(draft)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "traveller.document", _Add(traveller_id, clean))
            if earlier is not None and earlier.aggregate_id is not None:
                return _row(work, _get(work, earlier.aggregate_id))
            traveller = work.travellers.get(traveller_id)
            made = TravelDocument(traveller_id=traveller.id, created_at=work.now)
            _put(made, clean)
            work.session.add(made)
            work.session.flush()
            keys.finish(work, key, {"document": str(made.id)}, made.id)
            row = _written(work, made, "traveller.document_add")
            work.commit()
        return row

    def change(self, actor: Actor, document_id: UUID, draft: TravelDocumentDraft) -> TravelDocumentRow:
        """Raises `InvalidInput` naming the field, `NotFound`."""
        require(actor, Permission.TRAVELLER_WRITE)
        clean = _cleaned(draft)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            found = _get(work, document_id)
            before = _values(found)
            _put(found, clean)
            work.session.flush()
            row = _written(work, found, "traveller.document_change", before=before)
            work.commit()
        return row

    def remove(self, actor: Actor, document_id: UUID) -> None:
        """Its row goes; that it was there stays in the audit trail. Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_WRITE)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            found = _get(work, document_id)
            _written(work, found, "traveller.document_remove", before=_values(found))
            work.session.delete(found)
            work.commit()


def _get(view: Reading, document_id: UUID) -> TravelDocument:
    found = view.session.get(TravelDocument, document_id)
    if found is None:
        raise NotFound("There is no such document.")
    return found


def _written(work: UnitOfWork, row: TravelDocument, action: str, **detail: object) -> TravelDocumentRow:
    work.audit(action, "traveller", row.traveller_id, document=str(row.id), kind=row.kind, **detail)
    work.publish(changed(row.traveller_id, work.now, Change.UPDATED))
    return _row(work, row)


def _cleaned(draft: TravelDocumentDraft) -> TravelDocumentDraft:
    expires = draft.expires_on
    if expires is not None and not 1950 <= expires.year <= 2200:
        raise InvalidInput("No document ends in that year.", hint="Look at the year.", field="expires_on")
    try:
        kind = DocumentKind(draft.kind)
    except ValueError:
        raise InvalidInput("There is no such document.", field="kind") from None
    return TravelDocumentDraft(
        kind=kind,
        number=clean_line(draft.number, "number", 60),
        country=clean_country(draft.country),
        expires_on=expires,
        note=clean_line(draft.note, "note", 300, required=False),
    )


def _put(row: TravelDocument, draft: TravelDocumentDraft) -> None:
    row.kind, row.number, row.country = draft.kind.value, draft.number, draft.country
    row.expires_on, row.note = draft.expires_on, draft.note


def _values(row: TravelDocument) -> dict[str, object]:
    return {name: told(getattr(row, name)) for name in ("kind", "number", "country", "expires_on", "note")}


def _row(view: Reading, row: TravelDocument) -> TravelDocumentRow:
    return _rows(view, row.traveller_id, [row])[0]


def _rows(view: Reading, traveller_id: UUID, rows: Sequence[TravelDocument]) -> tuple[TravelDocumentRow, ...]:
    now, day = view.clock.now(), today(view)
    booked = [
        TooShort(each.reference, each.title, each.starts_at.astimezone(periods.zone(each.zone)).date())
        for each in view.travellers.departures_ahead(traveller_id, now)
    ]
    made = []
    for row in rows:
        ends = row.expires_on
        after = [each for each in booked if ends is not None and each.day > ends]
        made.append(
            TravelDocumentRow(
                row.id,
                DocumentKind(row.kind),
                row.number,
                row.country,
                ends,
                row.note,
                ends is not None and ends < day,
                min(after, key=lambda each: each.day) if after else None,
            )
        )
    return tuple(made)
