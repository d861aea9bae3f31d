"""What a manifest says: the departure, its bookings with their travellers, and what closing it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.states import BookingState, DepartureState
from travellr_desktop.services import owing
from travellr_desktop.services.board import Phase, phase
from travellr_desktop.storage.models import Booking, Departure
from travellr_desktop.storage.repositories.board import ON_BOARD, BoardRepository
from travellr_desktop.storage.repositories.manifests import ManifestRepository
from travellr_desktop.storage.uow import Reading

OPENS_BEFORE = timedelta(hours=24)
"""Nobody is checked in for a departure that is further away: it would be the wrong one."""


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """One traveller. `seat` is the label of a numbered seat, or empty."""

    id: UUID
    name: str
    type: TravellerType
    age: int | None
    seat: str
    checked_in_at: datetime | None
    absent: bool


@dataclass(frozen=True, slots=True)
class ManifestBooking:
    """A booking with the travellers who are on it still. `due` is what is owed. One that is pending is not on the
    manifest yet: nobody of it can be checked in before it is paid."""

    id: UUID
    reference: str
    state: BookingState
    traveller_name: str
    phone: str
    due: Money
    notes: int
    lines: tuple[ManifestLine, ...]

    @property
    def pending(self) -> bool:
        return self.state is BookingState.PENDING


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing does: how many bookings are completed and how many are a no-show; of the travellers how many came,
    how many did not, and of how many nothing was said, who count as travelled. `unpaid` bookings stay as they are."""

    completed: int
    no_show: int
    here: int
    absent: int
    unsaid: int
    unpaid: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who is on a departure, booking by booking. Counts are of travellers on it; `due` is what is owed, by currency.
    `why_not_check_in` and `why_not_close` say why that cannot be done now, or are None."""

    departure_id: UUID
    trip_id: UUID
    title: str
    vendor_name: str
    meeting_point: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    capacity: int
    plan_name: str
    phase: Phase
    reason: str
    note: str
    bookings: tuple[ManifestBooking, ...]
    pax: int
    here: int
    absent: int
    due: tuple[Money, ...]
    closing: Closing
    why_not_check_in: str | None
    why_not_close: str | None


def read_manifest(view: Reading, departure: Departure, *, staff: bool) -> Manifest:
    """The manifest as it stands; notes are the staff's own."""
    reading, trip, now = ManifestRepository(view.session), departure.trip, view.clock.now()
    found = reading.bookings(departure.id)
    seats = reading.seats(departure.id)
    notes = reading.notes(departure.id) if staff else {}
    rows = _rows(view, found, seats, notes, staff=staff)
    on_board = [row for row in rows if row.state in ON_BOARD]
    lines = [line for row in on_board for line in row.lines]
    here = sum(line.checked_in_at is not None for line in lines)
    absent = sum(line.absent for line in lines)
    unclosed = [booking for booking in found if booking.state is BookingState.CONFIRMED]
    owed: dict[str, int] = {}
    for row in rows:
        if row.due.minor:
            owed[row.due.currency] = owed.get(row.due.currency, 0) + row.due.minor
    return Manifest(
        departure_id=departure.id,
        trip_id=trip.id,
        title=trip.title,
        vendor_name=trip.vendor.name,
        meeting_point=trip.meeting_point,
        starts_at=departure.starts_at,
        ends_at=departure.ends_at,
        zone=departure.zone,
        capacity=departure.capacity,
        plan_name=BoardRepository(view.session).plan_name(departure.plan_id) if departure.plan_id else "",
        phase=phase(departure, trip, now, pax=len(lines), here=here, unclosed=len(unclosed)),
        reason=departure.stop_reason,
        note=departure.note,
        bookings=rows,
        pax=len(lines),
        here=here,
        absent=absent,
        due=tuple(Money(minor, currency) for currency, minor in sorted(owed.items())),
        closing=_closing(unclosed, rows),
        why_not_check_in=why_not_check_in(departure, now),
        why_not_close=_why_not_close(departure, now, unclosed),
    )


def _rows(
    view: Reading, found: Sequence[Booking], seats: dict[UUID, str], notes: dict[UUID, int], *, staff: bool
) -> tuple[ManifestBooking, ...]:
    amounts = owing.owing(view, found)
    return tuple(
        ManifestBooking(
            id=booking.id,
            reference=booking.reference,
            state=booking.state,
            traveller_name=booking.traveller.name,
            phone=booking.traveller.phone,
            due=Money(amounts[booking.id].due if staff else amounts[booking.id].unpaid, booking.currency),
            notes=notes.get(booking.id, 0),
            lines=tuple(
                ManifestLine(
                    line.id,
                    line.name,
                    line.traveller_type,
                    line.age,
                    seats.get(line.id, ""),
                    line.checked_in_at,
                    line.absent,
                )
                for line in booking.lines
                if line.ended_at is None
            ),
        )
        for booking in found
    )


def _closing(unclosed: Sequence[Booking], rows: Sequence[ManifestBooking]) -> Closing:
    ends = [end_of(booking) for booking in unclosed]
    lines = [line for booking in unclosed for line in booking.lines if line.ended_at is None]
    here = sum(line.checked_in_at is not None for line in lines)
    absent = sum(line.absent for line in lines)
    return Closing(
        completed=ends.count(BookingState.COMPLETED),
        no_show=ends.count(BookingState.NO_SHOW),
        here=here,
        absent=absent,
        unsaid=len(lines) - here - absent,
        unpaid=sum(row.pending for row in rows),
    )


def _why_not_close(departure: Departure, now: datetime, unclosed: Sequence[Booking]) -> str | None:
    if departure.state is DepartureState.CANCELLED:
        return "The departure is cancelled."
    if departure.starts_at > now:
        return "It has not left yet."
    if departure.state is DepartureState.DONE and not unclosed:
        return "The manifest is closed."
    return None


def end_of(booking: Booking) -> BookingState:
    """What closing makes of a confirmed booking: a no-show where all who travel on it are absent."""
    standing = [line for line in booking.lines if line.ended_at is None]
    gone = bool(standing) and all(line.absent for line in standing)
    return BookingState.NO_SHOW if gone else BookingState.COMPLETED


def why_not_check_in(departure: Departure, now: datetime) -> str | None:
    """Why nobody can be checked in now; None where they can be."""
    if departure.state is DepartureState.CANCELLED:
        return "The departure is cancelled."
    if departure.starts_at - OPENS_BEFORE > now:
        return "Check-in opens a day before the departure."
    return None
