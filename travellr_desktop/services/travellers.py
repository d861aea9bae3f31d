"""Travellers: who buys or travels. They have no sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_email, clean_line, clean_name, clean_phone, fold
from travellr_desktop.events import Change, TravellerChanged
from travellr_desktop.services import keys
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Traveller
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class TravellerDraft:
    """What was typed. Phone and email may be empty."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class TravellerRow:
    id: UUID
    name: str
    email: str
    phone: str
    bookings: int


class TravellerService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def search(self, actor: Actor, text: str, limit: int = 8) -> tuple[TravellerRow, ...]:
        """Travellers whose name, phone, email or booking reference fits what was typed so far; accents, order
        and case do not matter. Nothing typed finds nobody."""
        require(actor, Permission.TRAVELLER_READ)
        wanted = clean_line(text[:200], "text", 200, required=False)
        if not wanted:
            return ()
        with self._db.read() as view:
            return tuple(_row(found, count) for found, count in view.travellers.search(wanted, limit))

    def find_by_id(self, actor: Actor, traveller_id: UUID) -> TravellerRow:
        """Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return _row(view.travellers.get(traveller_id), view.travellers.count_bookings(traveller_id))

    def create(self, actor: Actor, draft: TravellerDraft, *, key: UUID) -> TravellerRow:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.TRAVELLER_WRITE)
        clean = _clean(draft)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "traveller.create", clean)
            if earlier is not None and earlier.aggregate_id is not None:
                return _row(work.travellers.get(earlier.aggregate_id), 0)
            made = work.travellers.save(
                Traveller(
                    name=clean.name,
                    email=clean.email,
                    phone=clean.phone,
                    search=_search(clean),
                    created_at=work.now,
                )
            )
            keys.finish(work, key, {"traveller": str(made.id)}, made.id)
            work.audit("traveller.create", "traveller", made.id)
            work.publish(_changed(made, work.now, Change.CREATED))
            work.commit()
        return _row(made, 0)

    def update(self, actor: Actor, traveller_id: UUID, draft: TravellerDraft) -> TravellerRow:
        """Raises `InvalidInput` naming the field, `NotFound`."""
        require(actor, Permission.TRAVELLER_WRITE)
        clean = _clean(draft)
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            found = work.travellers.get(traveller_id)
            before = {"name": found.name, "email": found.email, "phone": found.phone}
            found.name, found.email, found.phone = clean.name, clean.email, clean.phone
            found.search = _search(clean)
            work.travellers.update(found)
            work.audit("traveller.update", "traveller", found.id, before=before)
            work.publish(_changed(found, work.now, Change.UPDATED))
            count = work.travellers.count_bookings(found.id)
            work.commit()
        return _row(found, count)


def _clean(draft: TravellerDraft) -> TravellerDraft:
    return TravellerDraft(
        name=clean_name(draft.name),
        email=clean_email(draft.email, required=False),
        phone=clean_phone(draft.phone, required=False),
    )


def _search(draft: TravellerDraft) -> str:
    digits = "".join(ch for ch in draft.phone if ch.isdigit())
    return fold(f"{draft.name} {draft.email} {draft.phone} {digits}")


def _row(found: Traveller, bookings: int) -> TravellerRow:
    return TravellerRow(found.id, found.name, found.email, found.phone, bookings)


def _changed(found: Traveller, now: datetime, change: Change) -> TravellerChanged:
    return TravellerChanged(aggregate_id=found.id, timestamp=now, change=change)
