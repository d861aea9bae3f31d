"""What vendors, trips and departures have in common when they are changed: limits, cleaning, who is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from travellr_desktop.domain.text import clean_line, without_bidi
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.events import CatalogueChanged, Change, DepartureChanged
from travellr_desktop.storage.models import Departure, Trip
from travellr_desktop.storage.repositories.catalogue import Use
from travellr_desktop.storage.uow import UnitOfWork

__all__ = [
    "DEAREST",
    "InUse",
    "Use",
    "capital",
    "clean_code",
    "counted",
    "departure_told",
    "difference",
    "in_use",
    "join",
    "paragraphs",
    "plain",
    "there",
    "told",
]

DEAREST = 10**12
"""No price is above this, in minor units: beyond it somebody's finger slipped."""


class InUse(Refusal):
    """Something is sold, held or named elsewhere, so it cannot go or shrink."""

    hint = "End what stands on it first, or leave it."


def clean_code(text: str) -> str:
    """The agency's own short name of a thing, or "": capitals, digits and marks, no spaces.

    Raises `InvalidInput(field="code")`."""
    code = clean_line(without_bidi(text), "code", 40, required=False).upper()
    if " " in code:
        raise InvalidInput("A code has no spaces.", hint="Write it like KOTOR-BOAT.", field="code")
    return code


def paragraphs(text: str, field: str = "description", longest: int = 4000) -> str:
    """Text of several lines, each cleaned. Raises `InvalidInput(field)` over `longest` characters."""
    lines = [clean_line(line, field, longest, required=False) for line in text.strip().splitlines()]
    cleaned = "\n".join(lines)
    if len(cleaned) > longest:
        raise InvalidInput(
            f"This is too long: {longest} characters at most.", hint="Shorten it.", field=field
        )
    return cleaned


def counted(count: int, one: str, many: str = "") -> str:
    """`1 booking`, `12 bookings`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def there(parts: list[str]) -> str:
    """`there is 1 booking`, `there are 2 bookings and 1 hold`."""
    return f"there {'is' if parts[0].startswith('1 ') else 'are'} {join(parts)}"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def join(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def in_use(use: Use, what: str) -> InUse | None:
    """Why a vendor or trip cannot be removed, or None where nothing has ever been sold of it."""
    parts = [
        counted(count, word)
        for count, word in (
            (use.bookings, "booking"),
            (use.holds, "hold"),
            (use.waiting, "entry on the waiting list"),
            (use.others, "account or promo code"),
        )
        if count
    ]
    if not parts:
        return None
    return InUse(
        f"This {what} cannot be removed any more: {there(parts)} of it, which stay on record.",
        hint=f"Deactivate the {what} instead: it is not offered any more, and what was sold stays.",
    )


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What changed, for the audit trail: `before` and `after` hold only the fields that differ, as plain JSON."""
    names = [name for name in after if before.get(name) != after[name]]
    return {
        "before": {name: plain(before.get(name)) for name in names},
        "after": {name: plain(after[name]) for name in names},
    }


def plain(value: object) -> Any:
    """As JSON keeps it."""
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return str(value) if isinstance(value, UUID) else value


def told(work: UnitOfWork, what: str, aggregate_id: UUID, change: Change) -> None:
    """Tell that a vendor, trip or series has changed; `what` is the event's word."""
    work.publish(CatalogueChanged(aggregate_id=aggregate_id, timestamp=work.now, what=what, change=change))


def departure_told(work: UnitOfWork, departure: Departure, trip: Trip) -> None:
    """Tell that a departure has changed."""
    work.publish(
        DepartureChanged(
            aggregate_id=departure.id,
            timestamp=work.now,
            trip_id=trip.id,
            vendor_id=trip.vendor_id,
            state=departure.state,
        )
    )
