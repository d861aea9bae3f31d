"""Travellers: who buys or travels. They have no sign-in. A record that was merged leads to the one that was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.places import clean_country, clean_language
from travellr_desktop.domain.text import (
    clean_email,
    clean_line,
    clean_name,
    clean_phone,
    name_key,
    phone_key,
    search_text,
)
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import Change, TravellerChanged
from travellr_desktop.services import keys, likely
from travellr_desktop.services.traveller_history import TravellerRecord, record
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Traveller
from travellr_desktop.storage.uow import Database, Reading

OLDEST_YEARS = 130
FIELDS = ("name", "phone", "email", "born", "language", "address", "country")
"""What a person can say of a traveller, in the order of a form."""


@dataclass(frozen=True, slots=True)
class TravellerDraft:
    """What was typed. All but the name may be left out. `language` and `country` are codes of two letters
    (ISO 639, ISO 3166)."""

    name: str
    email: str = ""
    phone: str = ""
    born: date | None = None
    language: str = ""
    address: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class TravellerRow:
    """`alike`: how many other records are likely the same person."""

    id: UUID
    name: str
    email: str
    phone: str
    bookings: int
    notes: int = 0
    alike: int = 0


@dataclass(frozen=True, slots=True)
class TravellersFound:
    """`more`: others fit too; `total`: how many travellers there are at all."""

    rows: tuple[TravellerRow, ...]
    more: bool
    total: int


class TravellerService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def search(self, actor: Actor, text: str, limit: int = 8) -> tuple[TravellerRow, ...]:
        """Travellers whose name, phone, email or reference fits what was typed so far; accents, order and case do not
        matter, and names that begin with it come first. Nothing typed finds nobody."""
        require(actor, Permission.TRAVELLER_READ)
        wanted = clean_line(text[:200], "text", 200, required=False)
        if not wanted:
            return ()
        with self._db.read() as view:
            return _rows(view, view.travellers.search(wanted, limit))

    def find(self, actor: Actor, text: str, limit: int = 200) -> TravellersFound:
        """The same for a list, with how many there are; with nothing typed, those who were added last."""
        require(actor, Permission.TRAVELLER_READ)
        wanted = clean_line(text[:200], "text", 200, required=False)
        with self._db.read() as view:
            repository = view.travellers
            found = repository.search(wanted, limit + 1) if wanted else repository.newest(limit + 1)
            return TravellersFound(_rows(view, found[:limit]), len(found) > limit, repository.count())

    def find_all(self, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, TravellerRow]:
        """These, of whom some may be gone by now: they are left out."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return {row.id: row for row in _rows(view, view.travellers.counted(ids))}

    def find_by_id(self, actor: Actor, traveller_id: UUID) -> TravellerRow:
        """Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return _one(view, view.travellers.get(traveller_id))

    def record(self, actor: Actor, traveller_id: UUID) -> TravellerRecord:
        """All there is about one of them but the lists of bookings and payments, which `services.lists` has.
        Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return record(view, view.travellers.get(traveller_id))

    def create(self, actor: Actor, draft: TravellerDraft, *, key: UUID) -> TravellerRow:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.TRAVELLER_WRITE)
        clean = cleaned(draft, self._db.clock.now().date())
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "traveller.create", clean)
            if earlier is not None and earlier.aggregate_id is not None:
                return _one(work, work.travellers.get(earlier.aggregate_id))
            made = Traveller(created_at=work.now)
            put(made, clean)
            work.travellers.save(made)
            keys.finish(work, key, {"traveller": str(made.id)}, made.id)
            work.audit("traveller.create", "traveller", made.id)
            work.publish(changed(made.id, work.now, Change.CREATED))
            row = _one(work, made)
            work.commit()
        return row

    def update(self, actor: Actor, traveller_id: UUID, draft: TravellerDraft) -> TravellerRow:
        """Raises `InvalidInput` naming the field, `NotFound`."""
        require(actor, Permission.TRAVELLER_WRITE)
        clean = cleaned(draft, self._db.clock.now().date())
        with self._db.write(Commit.TRAVELLER_SAVE, actor) as work:
            found = work.travellers.get(traveller_id)
            before = {name: told(getattr(found, name)) for name in FIELDS}
            put(found, clean, work.travellers.behind(found.id))
            work.travellers.update(found)
            work.audit("traveller.update", "traveller", found.id, before=before)
            work.publish(changed(found.id, work.now, Change.UPDATED))
            row = _one(work, found)
            work.commit()
        return row


def cleaned(draft: TravellerDraft, today: date) -> TravellerDraft:
    """The draft as it is kept. Raises `InvalidInput` naming the field."""
    return TravellerDraft(
        name=clean_name(draft.name),
        email=clean_email(draft.email, required=False),
        phone=clean_phone(draft.phone, required=False),
        born=_birthday(draft.born, today),
        language=clean_language(draft.language),
        address=clean_line(draft.address, "address", 300, required=False),
        country=clean_country(draft.country),
    )


def _birthday(born: date | None, today: date) -> date | None:
    if born is None:
        return None
    if born > today + timedelta(days=1):  # it may be tomorrow already where they are
        raise InvalidInput("This birthday is still to come.", hint="Look at the year.", field="born")
    if today.year - born.year > OLDEST_YEARS:
        raise InvalidInput(
            f"Nobody is {today.year - born.year} years old.", hint="Look at the year.", field="born"
        )
    return born


def put(row: Traveller, draft: TravellerDraft, behind: Sequence[Traveller] = ()) -> None:
    """Write a clean draft onto a row, and what it is found and compared by; whoever was merged into it is found by
    their own words too."""
    for name in FIELDS:
        setattr(row, name, getattr(draft, name))
    own = search_text(draft.name, draft.email, draft.phone)
    row.search = " ".join([own, *(each.search for each in behind)])
    row.name_key, row.phone_key = name_key(draft.name), phone_key(draft.phone)


def draft_of(row: Traveller) -> TravellerDraft:
    """What would have to be typed for this row."""
    return TravellerDraft(**{name: getattr(row, name) for name in FIELDS})


def told(value: object) -> object:
    """A field as plain JSON."""
    return value.isoformat() if isinstance(value, date) else value


def changed(traveller_id: UUID, now: datetime, change: Change) -> TravellerChanged:
    return TravellerChanged(aggregate_id=traveller_id, timestamp=now, change=change)


def _one(view: Reading, found: Traveller) -> TravellerRow:
    return _rows(view, [(found, view.travellers.count_bookings(found.id))])[0]


def _rows(view: Reading, found: Sequence[tuple[Traveller, int]]) -> tuple[TravellerRow, ...]:
    ids = [row.id for row, _ in found]
    notes, alike = view.travellers.count_notes(ids), likely.of(view, ids)
    return tuple(
        TravellerRow(
            row.id, row.name, row.email, row.phone, count, notes.get(row.id, 0), len(alike.get(row.id, ()))
        )
        for row, count in found
    )
