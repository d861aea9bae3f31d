"""Short ways to change bookings in tests."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from helpers.desk import CASH, Desk
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.changes import ChangeOutcome
from travellr_desktop.services.planning import (
    AddTravellers,
    CancelTravellers,
    Change,
    ChangeTraveller,
    Rebook,
)
from travellr_desktop.services.sales import NamedTraveller, PayChoice

ADULT, CHILD, INFANT = TravellerType


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def joining(*kinds: TravellerType) -> AddTravellers:
    """Travellers without a name."""
    return AddTravellers(tuple(NamedTraveller("", kind) for kind in kinds))


def line_ids(desk: Desk, booking_id: UUID, *positions: int) -> tuple[UUID, ...]:
    """The lines at these positions; all that stand where none is given."""
    with desk.database.read() as view:
        lines = view.bookings.get_full(booking_id).lines
        wanted = positions or [line.position for line in lines if line.ended_at is None]
        return tuple(line.id for line in lines if line.position in wanted)


def leaving(desk: Desk, booking_id: UUID, *positions: int, waive: bool = False) -> CancelTravellers:
    return CancelTravellers(
        line_ids(desk, booking_id, *positions), waive, "The bus was late" if waive else ""
    )


def becoming(
    desk: Desk, booking_id: UUID, position: int, kind: TravellerType, name: str = "", age: int | None = None
) -> ChangeTraveller:
    (line_id,) = line_ids(desk, booking_id, position)
    return ChangeTraveller(line_id, NamedTraveller(name, kind, age))


def to(departure_id: UUID) -> Rebook:
    return Rebook(departure_id)


def change(
    desk: Desk,
    booking_id: UUID,
    wanted: Change,
    pay: PayChoice | None = CASH,
    *,
    actor: Actor | None = None,
    key: UUID | None = None,
) -> ChangeOutcome:
    """Preview, then do it, paying the difference in cash where nothing else is said."""
    who = actor or desk.agent
    shown = desk.services.changes.preview(who, booking_id, wanted)
    pay = pay if shown.difference.minor > 0 else None
    return desk.services.changes.apply(who, booking_id, wanted, shown.difference, pay, key=key or uuid4())


def lines(desk: Desk, booking_id: UUID) -> Sequence[tuple[int, str, int, int, bool]]:
    """Position, type, price, what was kept, and whether the line takes a seat; those who left among them."""
    with desk.database.read() as view:
        return [
            (line.position, line.traveller_type.value, line.price, line.kept, line.occupies)
            for line in view.bookings.get_full(booking_id).lines
        ]


def price(desk: Desk, booking_id: UUID) -> int:
    with desk.database.read() as view:
        return view.bookings.get(booking_id).price
