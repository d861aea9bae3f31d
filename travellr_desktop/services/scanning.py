"""What a scanner sends, or a person types at the quay: a voucher, its code, a booking's reference, or a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.text import fold
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.storage.models import Booking, BookingLine, Departure
from travellr_desktop.storage.repositories.manifests import ManifestRepository
from travellr_desktop.storage.uow import Reading

LONGEST = 200
"""Characters of what is scanned that are looked at."""

_REFERENCE = re.compile(r"BK-\d{4}-\d{6,}")
_CODE = re.compile(r"\b([2-9A-HJ-NP-Z]{4})[- ]?([2-9A-HJ-NP-Z]{4})\b")


@dataclass(frozen=True, slots=True)
class Scanned:
    """The travellers who are meant. `exact`: a code or reference, which means one booking with all of its travellers;
    a name may fit several."""

    exact: bool
    reference: str
    line_ids: tuple[UUID, ...]


def find(view: Reading, departure: Departure, code: str, actor: Actor) -> Scanned:
    """Raises `NotFound`, `WrongState` or `InvalidInput`: see `ManifestService.by_code`."""
    text = " ".join(code[:LONGEST].split())
    if not text:
        raise InvalidInput("Scan a voucher, or type a code or a name.", field="code")
    reading = ManifestRepository(view.session)
    booking = _by_code(reading, text.upper())
    if booking is not None and (actor.vendor_id in (None, booking.vendor_id)):
        _refuse(booking, departure)
        lines = [
            line.id for each in reading.bookings(departure.id) if each.id == booking.id for line in _on(each)
        ]
        return Scanned(True, booking.reference, tuple(lines))
    return _by_name(reading, departure, text)


def _by_code(reading: ManifestRepository, text: str) -> Booking | None:
    reference = _REFERENCE.search(text)
    if reference is not None:
        return reading.by_code(reference=reference.group())
    code = _CODE.search(text)
    return None if code is None else reading.by_code(voucher_code=f"{code.group(1)}-{code.group(2)}")


def _refuse(booking: Booking, departure: Departure) -> None:
    if booking.departure_id != departure.id:
        starts = booking.departure.starts_at.astimezone(zone_of(booking.departure.zone))
        raise WrongState(
            f"{booking.reference} is for {booking.trip.title}, {starts:%d %b %Y, %H:%M}.",
            hint="Look for it on that departure.",
        )
    if booking.state is BookingState.CANCELLED:
        raise WrongState(f"{booking.reference} was cancelled.", hint="Look at the booking.")


def _by_name(reading: ManifestRepository, departure: Departure, text: str) -> Scanned:
    words = fold(text).split()

    def fits(name: str) -> bool:
        folded = fold(name)
        return bool(words) and all(word in folded for word in words)

    found: list[UUID] = []
    references: list[str] = []
    for booking in reading.bookings(departure.id):
        lines = [line.id for line in _on(booking) if fits(line.name)]
        if not lines and fits(booking.traveller.name):
            lines = [line.id for line in _on(booking)]
        if lines:
            found += lines
            references.append(booking.reference)
    if not found:
        raise NotFound(f"Nobody on this departure fits “{text[:60]}”.", hint="Try a part of the name.")
    return Scanned(False, references[0] if len(references) == 1 else "", tuple(found))


def _on(booking: Booking) -> list[BookingLine]:
    return [line for line in booking.lines if line.ended_at is None]
