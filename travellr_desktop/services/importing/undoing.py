"""What runs have done, from the audit trail, and taking a run back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import NotFound
from travellr_desktop.events import Change, RowsImported
from travellr_desktop.services import removing
from travellr_desktop.services.catalogue import InUse, counted, in_use, there, told
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import AuditRow, Departure, Traveller, Trip, Vendor
from travellr_desktop.storage.repositories.catalogue import use_of_vendor
from travellr_desktop.storage.repositories.imports import ImportQueries
from travellr_desktop.storage.repositories.removals import Removals
from travellr_desktop.storage.repositories.timetable import TimetableRepository
from travellr_desktop.storage.uow import Database, UnitOfWork

_MODELS: Mapping[ImportKind, Any] = {
    ImportKind.VENDORS: Vendor,
    ImportKind.TRIPS: Trip,
    ImportKind.DEPARTURES: Departure,
    ImportKind.TRAVELLERS: Traveller,
}


@dataclass(frozen=True, slots=True)
class DoneBatch:
    """A batch of a run: what it made, and its tally as JSON."""

    made: tuple[UUID, ...]
    tally: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Undone:
    """How many things were removed. `changed` rows had changed things that were there before: they stay changed."""

    kind: ImportKind
    removed: int
    changed: int


def batch_key(run: UUID, number: int) -> UUID:
    """The command key of a batch of a run."""
    return uuid5(run, str(number))


def done(rows: Sequence[AuditRow]) -> dict[int, DoneBatch]:
    """The batches of a run that stand, by their number, from what the audit trail says of it."""
    found: dict[int, DoneBatch] = {}
    for row in rows:
        if row.action == "import.undo":
            found = {}
        elif row.action == "import.rows":
            made = tuple(UUID(each) for each in row.detail["made"])
            found[row.detail["batch"]] = DoneBatch(made, row.detail["tally"])
    return found


def undo(
    database: Database, actor: Actor, run: UUID, progress: Callable[[int, int], object] | None = None
) -> Undone:
    """As `ImportService.undo`."""
    with database.write(Commit.IMPORT_ROWS, actor) as work:
        queries = ImportQueries(work.session)
        noted = queries.batches(run)
        batches = done(noted)
        ids = [each for batch in batches.values() for each in batch.made]
        if not ids:
            raise NotFound("This import made nothing, or was undone already.")
        kind = ImportKind(noted[0].detail["kind"])
        if kind is ImportKind.TRAVELLERS:
            require(actor, Permission.TRAVELLER_WRITE)
        rows = queries.still_there(_MODELS[kind], ids)
        _remove(work, kind, rows, progress)
        changed = sum(batch.tally["changed"] for batch in batches.values())
        queries.forget([batch_key(run, number) for number in batches])
        work.audit("import.undo", "import", run, kind=kind.value, removed=len(rows), changed=changed)
        happened = RowsImported(
            aggregate_id=run, timestamp=work.now, what=kind.value, made=-len(rows), changed=0
        )
        work.publish(happened)
        work.commit()
    return Undone(kind, len(rows), changed)


def _remove(
    work: UnitOfWork, kind: ImportKind, rows: list[Any], progress: Callable[[int, int], object] | None
) -> None:
    """All of them, in one transaction: an import that is half undone is nothing that anybody asked for."""
    if kind is ImportKind.TRAVELLERS:
        used = ImportQueries(work.session).travellers_in_use([row.id for row in rows])
        if used:
            words = there([counted(count, word) for word, count in used.items()])
            raise InUse(
                f"This import cannot be undone any more: {words} of its travellers.",
                hint="Remove single travellers by merging them, or leave them.",
            )
        Removals(work.session).take(Traveller, rows)
    elif kind is ImportKind.DEPARTURES:
        timetable = TimetableRepository(work.session)
        ids = [row.id for row in rows]
        removing.refuse_touched(timetable.standing(ids, work.agency.this_desk().id))
        removing.departures(work, rows, timetable.trips_of(rows))
    else:
        for count, row in enumerate(rows, 1):
            if kind is ImportKind.TRIPS:
                removing.trip(work, row)
            else:
                _vendor(work, row)
            if progress is not None:
                progress(count, len(rows))
    if progress is not None:
        progress(len(rows), len(rows))


def _vendor(work: UnitOfWork, vendor: Vendor) -> None:
    use = use_of_vendor(work.session, vendor.id, work.now)
    refusal = in_use(use, "vendor")
    if refusal is not None:
        raise refusal
    if use.trips:
        raise InUse(f"{vendor.name} has {counted(use.trips, 'trip')} by now.", hint="Remove the trips first.")
    Removals(work.session).take(Vendor, [vendor])
    told(work, "vendor", vendor.id, Change.REMOVED)
