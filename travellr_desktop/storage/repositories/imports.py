"""What an import looks up and writes, a few hundred rows at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.states import DepartureState
from travellr_desktop.domain.text import fold
from travellr_desktop.errors import InvalidInput
from travellr_desktop.storage.models import (
    AuditRow,
    Booking,
    Command,
    Departure,
    Hold,
    Note,
    Sale,
    TravelDocument,
    Traveller,
    TravellerMerge,
    TravellerPair,
    Trip,
    Vendor,
    WaitingEntry,
)
from travellr_desktop.storage.repositories.timetable import chunks


@dataclass(frozen=True, slots=True)
class Known:
    """What a traveller who is there is known by."""

    id: UUID
    name_key: str
    email: str
    phone_key: str


class ImportQueries:
    def __init__(self, session: Session) -> None:
        self.session = session

    # what is there

    def travellers_named(self, names: Collection[str]) -> list[Known]:
        """Travellers whose name is compared as one of these, those who were merged into others too."""
        found: list[Known] = []
        for some in chunks(sorted(names)):
            query = select(Traveller.id, Traveller.name_key, Traveller.email, Traveller.phone_key)
            rows = self.session.execute(
                query.where(Traveller.name_key.in_(some)).order_by(Traveller.id.desc())
            )
            found += [Known(*row) for row in rows]
        return found

    def vendor(self, code: str, name: str) -> Vendor | None:
        """A vendor by code, else one by name, whatever its case and accents: one that is active before others.
        Raises `InvalidInput` where several could be meant."""
        found = self.session.scalar(select(Vendor).where(Vendor.code == code)) if code else None
        if found is not None:
            return found
        vendor_id = _meant(self._vendor_names.get(fold(name), ()), f"vendors are called {name}")
        return None if vendor_id is None else self.session.get(Vendor, vendor_id)

    @cached_property
    def _vendor_names(self) -> dict[str, list[tuple[UUID, bool]]]:
        found: dict[str, list[tuple[UUID, bool]]] = {}
        for row in self.session.execute(select(Vendor.id, Vendor.name, Vendor.active)):
            found.setdefault(fold(row.name), []).append((row.id, row.active))
        return found

    def trip(self, code: str, title: str, vendor_id: UUID | None = None) -> Trip | None:
        """A trip by code, else one by title, of that vendor where one is named: one that is offered before others.
        Raises `InvalidInput` where several could be meant."""
        found = self.session.scalar(select(Trip).where(Trip.code == code)) if code else None
        if found is not None:
            return found
        named = self._trip_titles.get(fold(title), ())
        theirs = [(each, active) for each, active, whose in named if vendor_id in (None, whose)]
        trip_id = _meant(theirs, f"trips are called {title}")
        return None if trip_id is None else self.session.get(Trip, trip_id)

    @cached_property
    def _trip_titles(self) -> dict[str, list[tuple[UUID, bool, UUID]]]:
        found: dict[str, list[tuple[UUID, bool, UUID]]] = {}
        for row in self.session.execute(select(Trip.id, Trip.title, Trip.active, Trip.vendor_id)):
            found.setdefault(fold(row.title), []).append((row.id, row.active, row.vendor_id))
        return found

    def departure(self, trip_id: UUID, day: date, at: str) -> Departure | None:
        """A departure of a trip on that local day and time that is not cancelled."""
        query = select(Departure).where(
            Departure.trip_id == trip_id,
            Departure.local_day == day,
            Departure.local_time == at,
            Departure.state != DepartureState.CANCELLED,
        )
        return self.session.scalar(query.order_by(Departure.id).limit(1))

    # what is written

    def add_travellers(self, rows: Sequence[Traveller]) -> None:
        """Write new travellers in one statement."""
        names = [column.key for column in Traveller.__mapper__.column_attrs]
        if rows:
            values = [_values(row, names) for row in rows]
            self.session.execute(insert(Traveller), values)

    # the record of runs

    def batches(self, run: UUID) -> list[AuditRow]:
        """What was noted of a run, oldest first: its batches, and that it was undone."""
        query = select(AuditRow).where(AuditRow.entity == "import", AuditRow.entity_id == run)
        return list(self.session.scalars(query.order_by(AuditRow.id)))

    def forget(self, keys: Sequence[UUID]) -> None:
        """Let the commands of a run that was undone be sent again."""
        for some in chunks(keys):
            self.session.execute(delete(Command).where(Command.key.in_(some)))

    def travellers_in_use(self, ids: Sequence[UUID]) -> dict[str, int]:
        """What stands on travellers, by the word for it."""
        found: dict[str, int] = {}
        for word, column in (
            ("booking", Booking.traveller_id),
            ("sale", Sale.traveller_id),
            ("hold", Hold.traveller_id),
            ("entry on the waiting list", WaitingEntry.traveller_id),
            ("note", Note.traveller_id),
            ("travel document", TravelDocument.traveller_id),
            ("merge", TravellerMerge.kept_id),
            ("merge", TravellerMerge.other_id),
            ("word on who is not the same", TravellerPair.first_id),
            ("word on who is not the same", TravellerPair.second_id),
        ):
            for some in chunks(ids):
                count = self.session.scalar(select(func.count()).where(column.in_(some))) or 0
                found[word] = found.get(word, 0) + count
        return {word: count for word, count in found.items() if count}

    def still_there(self, model: Any, ids: Sequence[UUID]) -> list[Any]:
        """Those of the rows that have not been removed since."""
        found: list[Any] = []
        for some in chunks(ids):
            found += self.session.scalars(select(model).where(model.id.in_(some))).all()
        return found


def _meant(found: Sequence[tuple[UUID, bool]], words: str) -> UUID | None:
    """The one of these that is active, or the only one at all."""
    here = [each for each, active in found if active] or [each for each, _active in found]
    if len(here) > 1:
        raise InvalidInput(f"{len(here)} {words}.", hint="Write the code of the one that is meant.")
    return here[0] if here else None


def _values(row: Traveller, names: Sequence[str]) -> dict[str, Any]:
    return {name: row.__dict__[name] for name in names if name in row.__dict__} | {"version": 1}
