"""The timetable: departures one by one and in series, what is not sold for now, how many seats there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import DepartureState, WaitingState, advance
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput
from travellr_desktop.services import series_making, waitlist
from travellr_desktop.services.catalogue import InUse, capital, counted, departure_told, difference, there
from travellr_desktop.services.departure_making import (
    Plans,
    change_seats,
    check_cutoff,
    check_release,
    make_departure,
    refuse_over,
    times,
)
from travellr_desktop.services.seat_granting import grant_plan
from travellr_desktop.services.timetable_drafts import (
    DepartureDetail,
    DepartureDraft,
    DepartureEdit,
    SeriesDraft,
    SeriesOutcome,
    SeriesPreview,
    SeriesView,
    departure_detail,
    edit_of,
)
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Departure
from travellr_desktop.storage.repositories.timetable import Standing, TimetableRepository
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

__all__ = [
    "DepartureDetail",
    "DepartureDraft",
    "DepartureEdit",
    "SeriesDraft",
    "SeriesOutcome",
    "SeriesPreview",
    "SeriesView",
    "Standing",
    "TimetableService",
]


class TimetableService:
    def __init__(self, database: Database) -> None:
        self._db = database

    # departures

    def departure(self, actor: Actor, departure_id: UUID) -> DepartureDetail:
        """Raises `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            return _detail(view, view.departures.get(departure_id))

    def add_departures(
        self, actor: Actor, trip_id: UUID, drafts: Sequence[DepartureDraft]
    ) -> tuple[UUID, ...]:
        """Make departures, each with this desk's grant of all its seats: all of them, or none.

        Raises `InvalidInput` for a time that daylight saving skips, a day that is past, a capacity outside 1 to
        10,000 or above that of the plan; `NotFound` for the trip or the plan."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            trip = work.trips.get(trip_id)
            desk_id, plans = work.agency.this_desk().id, _plans(work, trip.vendor_id)
            made = tuple(make_departure(work, trip, desk_id, draft, plans).id for draft in drafts)
            work.session.flush()
            work.audit("departures.create", "trip", trip.id, count=len(made))
            work.commit()
        return made

    def update(
        self, actor: Actor, departure_id: UUID, edit: DepartureEdit, *, before: DepartureEdit | None = None
    ) -> DepartureDetail:
        """Change time, cut-off, note, plan and release date of one departure. The time and the plan stay once somebody
        has bought or holds seats: what is on their voucher must stay true.

        `before` is what the form began with: `ChangedMeanwhile` where it is not so any more. Raises `InvalidInput`
        naming the field, `InUse`, `WrongState` for one that has left or is cancelled, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        check_cutoff(edit.cutoff)
        check_release(edit.release_days)
        note = clean_line(edit.note, "note", 500, required=False)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            departure = _changeable(work, departure_id)
            earlier = edit_of(departure)
            if before is not None and earlier != before:
                raise ChangedMeanwhile("Somebody else changed this departure in the meantime.")
            standing = _standing(work, departure)
            if edit.at != earlier.at:
                self._move(work, departure, edit, standing)
            if edit.plan_id != earlier.plan_id:
                _refuse_taken(standing, "The seat plan")
                trip = work.trips.get(departure.trip_id)
                _plans(work, trip.vendor_id).check(edit.plan_id, departure.capacity)
                departure.plan_id = edit.plan_id
                grant_plan(work, departure)
            departure.cutoff_at = departure.starts_at - edit.cutoff
            departure.note = note
            departure.release_days = edit.release_days
            work.departures.update(departure)
            changes = difference(_fields(earlier), _fields(edit_of(departure)))
            work.audit("departure.update", "departure", departure.id, **changes)
            departure_told(work, departure, work.trips.get(departure.trip_id))
            detail = _detail(work, departure)
            work.commit()
        return detail

    @staticmethod
    def _move(work: UnitOfWork, departure: Departure, edit: DepartureEdit, standing: Standing) -> None:
        _refuse_taken(standing, "The time")
        draft = DepartureDraft(departure.local_day, edit.at, departure.capacity)
        starts_at, ends_at = times(draft, departure.zone, departure.ends_at - departure.starts_at)
        if starts_at <= work.now:
            raise InvalidInput(f"{edit.at:%H:%M} is past.", field="at", hint="Choose a time to come.")
        departure.starts_at, departure.ends_at = starts_at, ends_at
        departure.local_time = f"{edit.at:%H:%M}"

    def stop(self, actor: Actor, ids: Sequence[UUID], reason: str) -> None:
        """Sell no more seats of departures for now; what is sold stays. Raises `InvalidInput` without a reason,
        `WrongState` for one that has left or is cancelled, `NotFound`: then none is stopped."""
        require(actor, Permission.CATALOGUE_WRITE)
        words = clean_line(reason, "reason", 300)
        self._sell_or_not(actor, ids, DepartureState.STOPPED, words)

    def reopen(self, actor: Actor, ids: Sequence[UUID]) -> None:
        """Sell seats of departures again, those who wait first. Raises as `stop`."""
        require(actor, Permission.CATALOGUE_WRITE)
        self._sell_or_not(actor, ids, DepartureState.OPEN, "")

    def _sell_or_not(self, actor: Actor, ids: Sequence[UUID], state: DepartureState, words: str) -> None:
        if not ids:
            raise InvalidInput("No departure was chosen.", hint="Choose some.", field="departures")
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            timetable = TimetableRepository(work.session)
            departures = [_changeable(work, departure.id) for departure in timetable.departures(ids)]
            trips = timetable.trips_of(departures)
            for departure in departures:
                if departure.state is state and departure.stop_reason == words:
                    continue
                if departure.state is not state:
                    departure.state = advance(departure.state, state)
                departure.stop_reason = words
                work.departures.update(departure)
                action = "departure.stop" if state is DepartureState.STOPPED else "departure.reopen"
                work.audit(action, "departure", departure.id, reason=words)
                departure_told(work, departure, trips[departure.trip_id])
                if state is DepartureState.OPEN:
                    waitlist.freed(work, departure.id)
            work.commit()

    def set_capacity(self, actor: Actor, departure_id: UUID, seats: int) -> DepartureDetail:
        """Give a departure more or fewer seats; this desk's unspent grant grows and shrinks with it. New seats are
        offered to those who wait.

        Raises `InUse` below what is sold, held or granted to other desks, naming the figures; `InvalidInput` above
        what the seat plan has; `WrongState` for one that has left or is cancelled; `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            departure = _changeable(work, departure_id)
            standing, had = _standing(work, departure), departure.capacity
            trip = work.trips.get(departure.trip_id)
            _plans(work, trip.vendor_id).check(departure.plan_id, seats)
            change_seats(work, departure, work.agency.this_desk().id, seats, standing)
            if seats != had:
                changes = difference({"capacity": had}, {"capacity": seats})
                work.audit("departure.capacity", "departure", departure.id, **changes)
                departure_told(work, departure, trip)
            if seats > had:
                waitlist.freed(work, departure.id)
            detail = _detail(work, departure)
            work.commit()
        return detail

    def cancel(self, actor: Actor, departure_id: UUID, reason: str) -> None:
        """Call a departure off of which nothing is sold; who waits for it waits no longer.

        Raises `InUse` while seats are sold or held: their bookings are cancelled or rebooked first, one by one, for
        each is somebody's money. Raises `InvalidInput` without a reason, `WrongState`, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        words = clean_line(reason, "reason", 300)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            departure = _changeable(work, departure_id)
            standing = _standing(work, departure)
            if standing.live or standing.held:
                raise InUse(
                    f"{capital(there(_stands(standing)))} of this departure.",
                    hint="Stop its sales, rebook or cancel each booking, let go of the holds, then cancel it.",
                )
            for entry in work.waiting.waiting(departure.id):
                waitlist.end(work, entry, WaitingState.LAPSED)
            departure.state = advance(departure.state, DepartureState.CANCELLED)
            departure.stop_reason = words
            work.departures.update(departure)
            work.audit("departure.cancel", "departure", departure.id, reason=words, waited=standing.waits)
            departure_told(work, departure, work.trips.get(departure.trip_id))
            work.commit()

    # series

    def series(self, actor: Actor, trip_id: UUID) -> tuple[SeriesView, ...]:
        """The series of a trip, in the order in which they begin."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            now, timetable = view.clock.now(), TimetableRepository(view.session)
            desk_id = view.agency.this_desk().id
            return tuple(
                series_making.view_of(timetable, series, desk_id, now)
                for series in timetable.series_of(trip_id)
            )

    def preview_series(
        self, actor: Actor, trip_id: UUID, draft: SeriesDraft, *, series_id: UUID | None = None
    ) -> SeriesPreview:
        """What `add_series` would make, or with `series_id` what `change_series` would do, day by day. Nothing is
        written. Raises `InvalidInput` naming the field, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.read() as view:
            trip = view.trips.get(trip_id)
            return series_making.plan(view, trip, draft, series_id).preview

    def add_series(self, actor: Actor, trip_id: UUID, draft: SeriesDraft) -> SeriesOutcome:
        """Make a series and its departures. Days that the clocks skip, that are left out or past, or on which the
        trip leaves at that time already, have none: the preview names them.

        Raises `InvalidInput` naming the field, also where no departure would be made at all; `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            outcome = series_making.add(work, work.trips.get(trip_id), draft)
            work.commit()
        return outcome

    def change_series(
        self, actor: Actor, series_id: UUID, draft: SeriesDraft, *, before: SeriesDraft | None = None
    ) -> SeriesOutcome:
        """Change a series for its departures to come that nobody has bought, held or waited for; the others stay as
        they are and are named. `before` as in `update`. Raises `InvalidInput` naming the field, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            outcome = series_making.change(work, series_id, draft, before)
            work.commit()
        return outcome

    def except_days(
        self, actor: Actor, series_id: UUID, *, leave_out: Sequence[date] = (), take_back: Sequence[date] = ()
    ) -> SeriesOutcome:
        """Leave days out of a series, or take them back into it. A day that is sold stays, and is named. Raises
        `InvalidInput`, `NotFound`."""
        require(actor, Permission.CATALOGUE_WRITE)
        with self._db.write(Commit.CATALOGUE_SAVE, actor) as work:
            outcome = series_making.except_days(work, series_id, frozenset(leave_out), frozenset(take_back))
            work.commit()
        return outcome


def _plans(work: UnitOfWork, vendor_id: UUID) -> Plans:
    return Plans(TimetableRepository(work.session), vendor_id)


def _changeable(work: UnitOfWork, departure_id: UUID) -> Departure:
    departure = work.departures.get(departure_id)
    refuse_over(departure, work.now)
    return departure


def _standing(view: Reading, departure: Departure) -> Standing:
    desk_id = view.agency.this_desk().id
    return TimetableRepository(view.session).standing([departure.id], desk_id)[departure.id]


def _detail(view: Reading, departure: Departure) -> DepartureDetail:
    plan = None
    if departure.plan_id is not None:
        plan = TimetableRepository(view.session).plan(departure.plan_id)
    trip = view.trips.get(departure.trip_id)
    return departure_detail(departure, trip, plan, _standing(view, departure))


def _stands(standing: Standing) -> list[str]:
    parts = []
    if standing.live:
        parts.append(f"{counted(standing.live, 'booking')} with {counted(standing.travellers, 'traveller')}")
    if standing.held:
        parts.append(f"{counted(standing.held, 'seat')} held")
    return parts


def _refuse_taken(standing: Standing, what: str) -> None:
    if standing.live or standing.held:
        raise InUse(
            f"{what} stays as it is: {there(_stands(standing))} of this departure.",
            hint="Make another departure and rebook them to it, or let go of the holds.",
        )


def _fields(edit: DepartureEdit) -> dict[str, object]:
    return {
        "at": f"{edit.at:%H:%M}",
        "cutoff": edit.cutoff // timedelta(minutes=1),
        "note": edit.note,
        "plan": edit.plan_id,
        "release_days": edit.release_days,
    }
