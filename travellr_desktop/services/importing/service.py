"""Imports, as people run them: look at the file, say which column is what, try it, bring it in, take it back.

A run is known by what is in its file and by what was asked: the same again goes on where it was stopped, and brings
nothing in twice. Rows go in a few hundred at a time; each batch is one transaction under a command key of its own, with
a row in the audit trail that says what it made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.errors import Cancelled, InvalidInput
from travellr_desktop.events import RowsImported
from travellr_desktop.services import keys
from travellr_desktop.services.importing import departures, travellers, trips, undoing, vendors
from travellr_desktop.services.importing.batch import Batch, rows_of
from travellr_desktop.services.importing.columns import (
    FIELDS,
    Field,
    ImportKind,
    likely_kind,
    mapping_of,
    missing,
    needed,
)
from travellr_desktop.services.importing.report import (
    Fault,
    ImportReport,
    Tally,
    save_faulty,
    tally_json,
    tally_of,
)
from travellr_desktop.services.importing.source import ENCODINGS, Record, Source, read
from travellr_desktop.services.importing.undoing import Undone
from travellr_desktop.services.today import today
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.repositories.imports import ImportQueries
from travellr_desktop.storage.uow import Database, UnitOfWork

__all__ = [
    "ENCODINGS",
    "FIELDS",
    "Fault",
    "Field",
    "ImportKind",
    "ImportOrder",
    "ImportReport",
    "ImportService",
    "Preview",
    "Tally",
    "Undone",
]

AT_ONCE = 500
"""Rows of one transaction."""

SHOWN = 20
"""Rows of a preview."""

Progress = Callable[[int, int], object]
"""Told after each batch how many rows of how many were looked at; may raise `Cancelled`."""

_TAKE: Mapping[ImportKind, Callable[[Batch], None]] = {
    ImportKind.VENDORS: vendors.take,
    ImportKind.TRIPS: trips.take,
    ImportKind.DEPARTURES: departures.take,
    ImportKind.TRAVELLERS: travellers.take,
}


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is asked. `named` says by field which column holds it, "" for none; the others are guessed. `update`: what
    is found is changed, else it is left as it is. `encoding` "" finds out. `again`: rows that an earlier run of the
    same file brought in are looked at once more."""

    kind: ImportKind
    path: Path
    named: Mapping[str, str] = field(default_factory=dict)
    update: bool = False
    encoding: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The file as it would be read: its columns, by field the place of the column that holds it, the first rows cell by
    cell, what is wrong with these, which fields every row needs, and which of those no column holds. `likely` is what
    its columns say that it holds, whatever was asked; None where they do not say."""

    order: ImportOrder
    encoding: str
    separator: str
    header: tuple[str, ...]
    mapping: Mapping[str, int]
    needed: tuple[Field, ...]
    missing: tuple[Field, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    faults: tuple[Fault, ...]
    total: int
    likely: ImportKind | None

    def column_of(self, name: str) -> str:
        """The column that holds a field, or ""."""
        return self.header[self.mapping[name]] if name in self.mapping else ""


class ImportService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def preview(self, actor: Actor, order: ImportOrder) -> Preview:
        """Look at a file before anything is done. Raises `NotReadable`, `InvalidInput` (`file`, `map`)."""
        _may(actor, order)
        source = read(order.path, order.encoding)
        mapping = mapping_of(order.kind, source.header, order.named)
        lacking = missing(order.kind, mapping)
        first = list(islice(source.records(), SHOWN))
        faults: tuple[Fault, ...] = ()
        if not lacking:
            with self._db.write(Commit.IMPORT_ROWS, actor) as work:  # tried, and rolled back
                faults = _do(work, order, source, mapping, first, set()).tally().faults
        return Preview(
            order=order,
            encoding=source.encoding,
            separator=source.separator,
            header=source.header,
            mapping=mapping,
            needed=needed(order.kind, mapping),
            missing=lacking,
            rows=tuple((record.number, record.cells) for record in first),
            faults=faults,
            total=source.count(),
            likely=likely_kind(source.header, _open_to(actor)),
        )

    def run(
        self, actor: Actor, order: ImportOrder, progress: Progress | None = None, *, dry: bool = False
    ) -> ImportReport:
        """Bring a file in; `dry` tries every row and writes nothing. Where `progress` raises `Cancelled` it stops: what
        went in stays, and the report says so.

        Raises `NotReadable`, `InvalidInput` (`file`; `map` where a needed field has no column), `RequestInProgress`
        while the same file is being brought in."""
        _may(actor, order)
        source = read(order.path, order.encoding)
        mapping = mapping_of(order.kind, source.header, order.named)
        lacking = missing(order.kind, mapping)
        if lacking:
            words = ", ".join(each.word for each in lacking)
            raise InvalidInput(
                f"No column holds {words}.", hint="Say which one does, or add it to the file.", field="map"
            )
        run = run_id(order, source, mapping)
        with self._db.read() as view:
            done = {} if dry or order.again else undoing.done(ImportQueries(view.session).batches(run))
        own = {each for batch in done.values() for each in batch.made}
        tally, total, earlier, cancelled = Tally(), source.count(), 0, False
        for number, records in enumerate(_batches(source)):
            if number in done:
                before = tally_of(done[number].tally)
                earlier += before.rows - before.faulty
                tally += replace(before, made=0, changed=0, same=0)
            else:
                tally += self._batch(actor, order, source, mapping, run, number, records, own, dry)
            try:
                if progress is not None:
                    progress(tally.rows, total)
            except Cancelled:
                cancelled = tally.rows < total
                if cancelled:
                    break
        return ImportReport(run, order.kind, source.name, total, tally, earlier, cancelled, dry)

    def save_faulty(self, actor: Actor, order: ImportOrder, report: ImportReport, path: Path) -> int:
        """Write the rows that did not go in to a CSV file with a column `problem`, to be mended and brought in again.
        Returns how many. Raises `CannotWrite`, `InvalidInput(field="file")` where the file has changed since."""
        _may(actor, order)
        return save_faulty(report, read(order.path, order.encoding), path)

    def undo(self, actor: Actor, run: UUID, progress: Progress | None = None) -> Undone:
        """Remove what a run made, all of it or nothing; what it changed on things that were there stays changed.
        Raises `InUse` saying what was sold or kept of it since; `NotFound` for a run that made nothing."""
        require(actor, Permission.CATALOGUE_WRITE)
        return undoing.undo(self._db, actor, run, progress)

    def _batch(
        self,
        actor: Actor,
        order: ImportOrder,
        source: Source,
        mapping: Mapping[str, int],
        run: UUID,
        number: int,
        records: list[Record],
        own: set[UUID],
        dry: bool,
    ) -> Tally:
        key = undoing.batch_key(run, number)
        with self._db.write(Commit.IMPORT_ROWS, actor) as work:
            if not dry and not order.again:
                content = [record.cells for record in records]
                earlier = keys.begin(work, self._db.workers, key, "import.rows", content)
                if earlier is not None and earlier.result is not None:
                    return tally_of(earlier.result)
            batch = _do(work, order, source, mapping, records, own)
            tally = batch.tally()
            if dry:
                return tally
            own.update(batch.made)
            work.audit(
                "import.rows",
                "import",
                run,
                kind=order.kind.value,
                file=source.name,
                batch=number,
                made=[each.hex for each in batch.made],
                tally=tally_json(tally),
            )
            happened = RowsImported(
                aggregate_id=run,
                timestamp=work.now,
                what=order.kind.value,
                made=tally.made,
                changed=tally.changed,
            )
            work.publish(happened)
            if not order.again:
                keys.finish(work, key, tally_json(tally), run)
            work.commit()
        return tally


def run_id(order: ImportOrder, source: Source, mapping: Mapping[str, int]) -> UUID:
    """The same for the same file, columns and question."""
    asked = [order.kind.value, source.digest, sorted(mapping.items()), order.update, source.encoding]
    return uuid5(NAMESPACE_OID, hashlib.sha256(json.dumps(asked).encode()).hexdigest())


def _open_to(actor: Actor) -> tuple[ImportKind, ...]:
    people = allowed(actor.role, Permission.TRAVELLER_WRITE)
    return tuple(kind for kind in ImportKind if people or kind is not ImportKind.TRAVELLERS)


def _may(actor: Actor, order: ImportOrder) -> None:
    require(actor, Permission.CATALOGUE_WRITE)
    if order.kind is ImportKind.TRAVELLERS:
        require(actor, Permission.TRAVELLER_WRITE)


def _batches(source: Source) -> Iterator[list[Record]]:
    records = source.records()
    while batch := list(islice(records, AT_ONCE)):
        yield batch


def _do(
    work: UnitOfWork,
    order: ImportOrder,
    source: Source,
    mapping: Mapping[str, int],
    records: list[Record],
    own: set[UUID],
) -> Batch:
    agency = work.agency.get()
    rows = rows_of(order.kind, records, mapping, source.header)
    batch = Batch(work, order.kind, rows, order.update, today(work), agency.zone, agency.currency, own)
    _TAKE[order.kind](batch)
    work.session.flush()
    return batch
