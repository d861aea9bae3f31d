"""What the desk says about departures, parties and holds: plain functions, no widgets."""

from __future__ import annotations

from collections.abc import Iterable

from travellr_desktop.domain.party import Party, TravellerType, seats
from travellr_desktop.services.departure_views import DepartureRow
from travellr_desktop.ui.parts.seatmeter import Seats

_NOUNS = {
    TravellerType.ADULT: ("adult", "adults"),
    TravellerType.CHILD: ("child", "children"),
    TravellerType.INFANT: ("infant", "infants"),
}
FEW = 4
"""Fewer free seats than this are told in amber, on a list where many rows are nearly full."""


def count(number: int, one: str, many: str) -> str:
    """`1 seat`, `3 seats`."""
    return f"{number:,} {one if number == 1 else many}"


def travellers(number: int, kind: TravellerType) -> str:
    """`2 adults`."""
    return count(number, *_NOUNS[kind])


def party(who: Party) -> str:
    """`2 adults, 1 child`."""
    return ", ".join(travellers(number, kind) for kind, number in who.counts().items()) or "nobody"


def seat_count(number: int) -> str:
    return count(number, "seat", "seats")


def meter(row: DepartureRow) -> Seats:
    """What there is to sit on, as the bar shows it; what was sold beyond it is oversold. What other desks have is set
    aside as what is held."""
    return Seats(row.capacity, row.sold, row.held + row.away, row.yours)


def free_of(row: DepartureRow) -> str:
    """`3 of 12`, `2 over 12` where more are taken than there are."""
    return f"{row.over} over {row.capacity}" if row.over else f"{row.free} of {row.capacity}"


def here_line(row: DepartureRow) -> str:
    """What this desk may sell by itself, and what else there is: `4 seats`, `4 seats, 6 to be asked for`."""
    others = row.free - row.own + row.away
    if not others:
        return seat_count(row.own)
    if row.asks:
        return f"{seat_count(row.own)}, {others} to be asked for"
    return f"{seat_count(row.own)}, {others} elsewhere"


def is_full(row: DepartureRow) -> bool:
    """Whether no seat of it can be had, whoever is asked."""
    return row.within_reach == 0


def closed(row: DepartureRow) -> bool:
    """Whether nothing of it can be sold now, for whatever reason."""
    return row.why_not is not None or is_full(row)


def seats_line(row: DepartureRow) -> str:
    """Below the bar: `5 free`, `3 yours · 5 free`, `6 at other desks`, `Full`, `2 over`, or why it is not sold."""
    if row.why_not is not None:
        return row.why_not.rstrip(".")
    full = f"{row.away} at other desks" if row.away else "Full"
    free = f"{row.free} free" if row.free else full
    if row.over:
        free = f"{row.over} over · {row.free} free" if row.free else f"{row.over} over"
    return f"{row.yours} yours · {free}" if row.yours else free


def seats_tone(row: DepartureRow) -> str:
    if row.why_not is not None:
        return "text_muted"
    if row.over:
        return "bad"
    if row.yours:
        return "accent_text"
    if row.free == 0:
        return "text_secondary"
    return "wait" if row.free < FEW else ""


def place_line(row: DepartureRow) -> str:
    """Who runs it and where it starts."""
    return " · ".join(part for part in (row.vendor_name, row.meeting_point) if part)


def instead(row: DepartureRow, rows: Iterable[DepartureRow], wanted: Party) -> DepartureRow | None:
    """For a full one: the next departure of the same trip on the list that has room for the party."""
    room = max(seats(wanted, row.takes_seat), 1)
    same = [
        other
        for other in rows
        if other.trip_id == row.trip_id
        and other.id != row.id
        and other.why_not is None
        and other.free >= room
    ]
    later = [other for other in same if other.starts_at > row.starts_at]
    return next(iter(later or same), None)
