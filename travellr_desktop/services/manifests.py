"""The manifest of a departure: who is on it, who has come, and closing it once it has left.

Checking in and saying that somebody did not come can be undone until the manifest is closed. Closing ends the bookings:
one of whose travellers at least one came, or about whom nothing was said, is completed; one of whom nobody came is a
no-show. Either way the vendor has earned it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.permissions import Actor, Permission, require, require_own
from travellr_desktop.domain.states import BookingState, DepartureState, advance
from travellr_desktop.errors import NotFound, WrongState
from travellr_desktop.events import BookingChanged, DepartureChanged
from travellr_desktop.services import bookings, giving_back, keys
from travellr_desktop.services.manifest_rows import Closing, Manifest, end_of, read_manifest, why_not_check_in
from travellr_desktop.services.scanning import Scanned, find
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, BookingLine, Departure
from travellr_desktop.storage.repositories.manifests import ManifestRepository
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing did."""

    completed: int
    no_show: int


class ManifestService:
    """A vendor's person reads the manifests of their own departures; only staff change them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def manifest(self, actor: Actor, departure_id: UUID) -> Manifest:
        """Raises `NotFound`, also for another vendor's departure."""
        require(actor, Permission.BOOKING_READ)
        with self._db.read() as view:
            departure = _departure(view, departure_id, actor)
            return read_manifest(view, departure, staff=actor.vendor_id is None)

    def preview(self, actor: Actor, departure_id: UUID) -> Closing:
        """What `close` would do now. Raises `NotFound`, `WrongState` where it cannot be closed."""
        require(actor, Permission.DEPARTURE_COMPLETE)
        with self._db.read() as view:
            found = read_manifest(view, _departure(view, departure_id, actor), staff=True)
            if found.why_not_close is not None:
                raise WrongState(found.why_not_close)
            return found.closing

    def by_code(self, actor: Actor, departure_id: UUID, code: str) -> Scanned:
        """Whom a scanned voucher, its code, a booking's reference or a name stands for on this departure.

        Raises `NotFound` where nobody fits, `WrongState` for a booking that is on another departure or does not
        travel, `InvalidInput` for nothing."""
        require(actor, Permission.DEPARTURE_CHECK_IN)
        with self._db.read() as view:
            return find(view, _departure(view, departure_id, actor), code, actor)

    def check_in(self, actor: Actor, line_ids: Sequence[UUID]) -> int:
        """These travellers have come. Who is here already stays so; returns how many came now.

        Raises `NotFound`, `WrongState` (not paid, closed, cancelled, too early); then nobody is checked in."""
        require(actor, Permission.DEPARTURE_CHECK_IN)
        return self._mark(actor, line_ids, "check_in")

    def undo_check_in(self, actor: Actor, line_ids: Sequence[UUID]) -> int:
        """They have not come after all. Raises as `check_in`."""
        require(actor, Permission.DEPARTURE_CHECK_IN)
        return self._mark(actor, line_ids, "undo_check_in")

    def absent(self, actor: Actor, line_ids: Sequence[UUID], on: bool) -> int:
        """They do not come (`on`), or it is open again whether they do. Raises as `check_in`."""
        require(actor, Permission.DEPARTURE_CHECK_IN)
        return self._mark(actor, line_ids, "absent" if on else "expected")

    def _mark(self, actor: Actor, line_ids: Sequence[UUID], what: str) -> int:
        wanted = set(line_ids)
        with self._db.write(Commit.CHECK_IN, actor) as work:
            lines = ManifestRepository(work.session).lines(tuple(wanted))
            if not wanted or len(lines) != len(wanted):
                raise NotFound("There is no such traveller.")
            for line in lines:
                require_own(actor, line.booking.vendor_id, "traveller")
                _refuse(line, work.now)
            changed = [line for line in lines if _set(line, what, work.now)]
            if not changed:
                return 0
            work.session.flush()
            _tell(work, changed, what)
            work.commit()
        return len(changed)

    def close(self, actor: Actor, departure_id: UUID, *, key: UUID) -> Closed:
        """The departure has left and everybody who is coming has come: bookings are completed or a no-show, and the
        departure is done. The same key has one effect.

        Raises `WrongState` before it has left, or where nothing is left to close; `NotFound`."""
        require(actor, Permission.DEPARTURE_COMPLETE)
        with self._db.write(Commit.MANIFEST_CLOSE, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "manifest.close", departure_id, departure_id)
            if earlier is not None and earlier.result is not None:
                return keys.from_json(Closed, earlier.result)
            departure = _departure(work, departure_id, actor)
            if departure.starts_at > work.now:
                raise WrongState("It has not left yet.", hint="Close the manifest after the departure.")
            confirmed = work.bookings.confirmed_on(departure_id)
            if departure.state is not DepartureState.DONE:
                departure.state = advance(departure.state, DepartureState.DONE)
            elif not confirmed:
                raise WrongState("The manifest is closed.", hint="Nothing is left to close.")
            closed = end_departure(work, departure, confirmed, "manifest.close")
            keys.finish(work, key, closed, departure_id)
            work.commit()
        return closed


def end_departure(
    work: UnitOfWork, departure: Departure, confirmed: Sequence[Booking], action: str
) -> Closed:
    """End the confirmed bookings of a departure that is done, each as its travellers were noted, and tell of it;
    `action` is the audit's word. Within the caller's transaction."""
    paid = giving_back.left(work, confirmed)
    ends = {booking.id: end_of(booking) for booking in confirmed}
    for booking in confirmed:
        bookings.end(work, booking, paid[booking.id], ends[booking.id])
    work.departures.update(departure)
    no_show = sum(state is BookingState.NO_SHOW for state in ends.values())
    closed = Closed(completed=len(ends) - no_show, no_show=no_show)
    work.audit(action, "departure", departure.id, completed=closed.completed, no_show=no_show)
    work.publish(
        DepartureChanged(
            aggregate_id=departure.id,
            timestamp=work.now,
            trip_id=departure.trip_id,
            vendor_id=departure.trip.vendor_id,
            state=departure.state,
        )
    )
    return closed


def _departure(view: Reading, departure_id: UUID, actor: Actor) -> Departure:
    departure = ManifestRepository(view.session).departure(departure_id)
    if departure is None:
        raise NotFound("There is no such departure.")
    require_own(actor, departure.trip.vendor_id, "departure")
    return departure


def _refuse(line: BookingLine, now: datetime) -> None:
    """Why nothing can be said of a traveller any more, or yet."""
    booking, departure = line.booking, line.booking.departure
    if line.ended_at is not None or booking.state is BookingState.CANCELLED:
        raise WrongState(f"{line.name} does not travel any more.")
    if booking.state is BookingState.PENDING:
        raise WrongState(
            f"{booking.reference} is not paid yet.", hint="Take the payment first, then check in."
        )
    if booking.state is not BookingState.CONFIRMED:
        raise WrongState("The manifest is closed.", hint="What was written down cannot be changed any more.")
    why_not = why_not_check_in(departure, now)
    if why_not is not None:
        raise WrongState(why_not)


def _set(line: BookingLine, what: str, now: datetime) -> bool:
    """Change a line; False where it is so already."""
    before = (line.checked_in_at, line.absent)
    match what:
        case "check_in":
            line.checked_in_at, line.absent = line.checked_in_at or now, False
        case "undo_check_in":
            line.checked_in_at = None
        case "absent":
            line.checked_in_at, line.absent = None, True
        case _:
            line.absent = False
    return before != (line.checked_in_at, line.absent)


def _tell(work: UnitOfWork, changed: Sequence[BookingLine], what: str) -> None:
    """Audit and event, one a booking."""
    by_booking: dict[UUID, list[BookingLine]] = {}
    for line in changed:
        by_booking.setdefault(line.booking_id, []).append(line)
    for booking_id, lines in by_booking.items():
        booking = lines[0].booking
        work.audit(f"manifest.{what}", "booking", booking_id, travellers=[line.position for line in lines])
        work.publish(
            BookingChanged(
                aggregate_id=booking_id,
                timestamp=work.now,
                what="manifest",
                departure_id=booking.departure_id,
                vendor_id=booking.vendor_id,
            )
        )
