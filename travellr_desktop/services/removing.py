"""Taking back what was made by mistake, while nothing has been sold of it: making is undone by removing, removing by
putting back. What was ever sold or held is never removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import ChangedMeanwhile
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import InUse, counted, departure_told, in_use, there, told
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure, Grant, SeatGrant, Series, Trip, Vendor
from travellr_desktop.storage.repositories.catalogue import use_of_trip, use_of_vendor
from travellr_desktop.storage.repositories.removals import Removals, RemovedRow
from travellr_desktop.storage.repositories.timetable import Standing, TimetableRepository
from travellr_desktop.storage.uow import Database, UnitOfWork


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed, to be put back as it was by `RemovalService.put_back`. `words` name it."""

    words: str
    rows: tuple[RemovedRow, ...]


class RemovalService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def vendor(self, actor: Actor, vendor_id: UUID) -> Removed:
        """Remove a vendor who has no trips. Raises `InUse`, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            found = work.vendors.get(vendor_id)
            use = use_of_vendor(work.session, vendor_id, work.now)
            refusal = in_use(use, "vendor")
            if refusal is not None:
                raise refusal
            if use.trips:
                raise InUse(
                    f"{found.name} has {counted(use.trips, 'trip')}.",
                    hint="Remove the trips first, or deactivate the vendor.",
                )
            rows = Removals(work.session).take(Vendor, [found])
            work.audit("vendor.remove", "vendor", vendor_id, name=found.name)
            told(work, "vendor", vendor_id, Change.REMOVED)
            work.commit()
        return Removed(found.name, tuple(rows))

    def trip(self, actor: Actor, trip_id: UUID) -> Removed:
        """Remove a trip with its prices, seasons, pictures, series and departures. Raises `InUse` where any was ever
        sold, held or waited for, saying how many; `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            found = work.trips.get(trip_id)
            rows = trip(work, found)
            work.audit("trip.remove", "trip", trip_id, title=found.title)
            work.commit()
        return Removed(found.title, tuple(rows))

    def departures(self, actor: Actor, ids: Sequence[UUID]) -> Removed:
        """Remove departures that nobody has ever bought, held or waited for: all of them, or none. Raises `InUse`,
        `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            timetable = TimetableRepository(work.session)
            found = timetable.departures(ids)
            refuse_touched(timetable.standing(ids, work.agency.this_desk().id))
            rows = departures(work, found, timetable.trips_of(found))
            _audit_departures(work, "departures.remove", found)
            work.commit()
        return Removed(counted(len(found), "departure"), tuple(rows))

    def series(self, actor: Actor, series_id: UUID) -> Removed:
        """Remove a series with all its departures. Raises `InUse` where any was ever sold, held or waited for;
        `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            timetable = TimetableRepository(work.session)
            found = timetable.series(series_id)
            made = timetable.departures_of_series(series_id)
            standing = timetable.standing([each.id for each in made], work.agency.this_desk().id)
            refuse_touched(standing)
            rows = departures(work, made, timetable.trips_of(made))
            rows += Removals(work.session).take(Series, [found])
            work.audit("series.remove", "series", series_id, departures=len(made))
            told(work, "series", series_id, Change.REMOVED)
            work.commit()
        return Removed(f"a series of {counted(len(made), 'departure')}", tuple(rows))

    def put_back(self, actor: Actor, removed: Removed) -> None:
        """Undo a removal: everything is as it was. Raises `ChangedMeanwhile` where its place was taken since, as by
        another trip of the same code."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            for row in reversed(removed.rows):
                if Removals(work.session).there(row) or _code_taken(work, row):
                    raise ChangedMeanwhile("Something else has taken its place.", hint="Make it anew.")
            _put_back(work, removed)
            work.commit()


# within a transaction


def refuse_touched(standing: Mapping[UUID, Standing]) -> None:
    """Raises `InUse` unless nobody has ever bought, held or waited for any of the departures."""
    touched = [each for each in standing.values() if not each.untouched]
    if not touched:
        return
    parts = [
        counted(count, one, many)
        for count, one, many in (
            (sum(each.bookings for each in touched), "booking", ""),
            (sum(each.holds for each in touched), "hold", ""),
            (
                sum(each.waiting for each in touched),
                "entry on the waiting list",
                "entries on the waiting list",
            ),
            (sum(each.allowances for each in touched), "overbooking", ""),
            (
                sum(each.elsewhere for each in touched),
                "seat granted to other desks",
                "seats granted to other desks",
            ),
        )
        if count
    ]
    raise InUse(
        f"This cannot be undone any more: {there(parts)} on {counted(len(touched), 'departure')}.",
        hint="Stop the sales, or cancel departures that have no bookings left.",
    )


def departures(work: UnitOfWork, found: Sequence[Departure], trips: Mapping[UUID, Trip]) -> list[RemovedRow]:
    """Remove departures with their grants; whether that may be was asked before."""
    ids = [departure.id for departure in found]
    grants, seats = TimetableRepository(work.session).grants(ids), work.seats.granted(ids)
    rows = Removals(work.session).take(SeatGrant, seats) + Removals(work.session).take(Grant, grants)
    rows += Removals(work.session).take(Departure, found)
    for departure in found:
        departure_told(work, departure, trips[departure.trip_id])
    return rows


def trip(work: UnitOfWork, found: Trip) -> list[RemovedRow]:
    """Remove a trip with all that belongs to it. Raises `InUse`."""
    refusal = in_use(use_of_trip(work.session, found.id, work.now), "trip")
    if refusal is not None:
        raise refusal
    timetable, removals = TimetableRepository(work.session), Removals(work.session)
    made = timetable.departures_of_trip(found.id)
    refuse_touched(timetable.standing([each.id for each in made], work.agency.this_desk().id))
    rows = departures(work, made, {found.id: found})
    rows += removals.take(Series, timetable.series_of(found.id))
    rows += removals.take_terms(found.id)
    rows += Removals(work.session).take(Trip, [found])
    told(work, "trip", found.id, Change.REMOVED)
    return rows


def _put_back(work: UnitOfWork, removed: Removed) -> None:
    Removals(work.session).put_back(removed.rows)
    words: dict[type[object], str] = {Trip: "trip", Vendor: "vendor", Series: "series"}
    for row in reversed(removed.rows):
        word = words.get(row.model)
        if word is not None:
            work.audit(f"{word}.put_back", word, row.id)
            told(work, word, row.id, Change.CREATED)
    timetable = TimetableRepository(work.session)
    back = timetable.departures([row.id for row in removed.rows if row.model is Departure])
    trips = timetable.trips_of(back)
    for departure in back:
        departure_told(work, departure, trips[departure.trip_id])
    if {row.model for row in removed.rows} <= {Departure, Grant, SeatGrant}:
        _audit_departures(work, "departures.put_back", back)


def _audit_departures(work: UnitOfWork, action: str, found: Sequence[Departure]) -> None:
    for trip_id, count in Counter(departure.trip_id for departure in found).items():
        work.audit(action, "trip", trip_id, count=count)


def _code_taken(work: UnitOfWork, row: RemovedRow) -> bool:
    code = row.values.get("code", "")
    if row.model is Trip:
        return work.trips.find_by_code(code) is not None
    return row.model is Vendor and work.vendors.find_by_code(code) is not None
