"""Departures that were sold beyond what they have: which sales were too many, and what makes it good."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from travellr_desktop.services.central.said import EntrySaid
from travellr_desktop.services.central.views import Ask, AskKind, BeyondSale, Choice, ChoiceKind, Oversold
from travellr_desktop.storage.repositories.central import CentralRepository
from travellr_desktop.storage.repositories.here import sold_elsewhere
from travellr_desktop.storage.repositories.oversold import OversoldRepository
from travellr_desktop.storage.uow import Reading

MOST_SALES = 12
"""Bookings that are shown at most."""

OVER = "It has left, or is cancelled."
NUMBERED = "Its seats are numbered: there is no seat to sit on."


def departure_of(view: Reading, one: EntrySaid) -> UUID | None:
    """The departure that an oversale is about; None where it is not here."""
    if one.row_id is None:
        return None
    return CentralRepository(view.connection).departure_of(one.table, one.row_id)


def beyond(view: Reading, one: EntrySaid) -> int:
    """Seats that are still too many, as this file knows; as the hub said where it knows of none."""
    departure_id = departure_of(view, one)
    if departure_id is None:
        return one.seats
    known = OversoldRepository(view.connection).known(departure_id)
    return one.seats if known is None else known


def look_at(view: Reading, entries: Sequence[EntrySaid]) -> Oversold | None:
    """What stands on the departure that these entries are about; None where it is not here."""
    departure_id = departure_of(view, entries[0])
    kept = OversoldRepository(view.connection)
    found = kept.departure(departure_id) if departure_id is not None else None
    if found is None:
        return None
    too_many = beyond(view, entries[0])
    sales: list[BeyondSale] = []
    left = too_many
    for desk_id in dict.fromkeys(each.desk_id for each in reversed(entries) if each.desk_id is not None):
        for sale in kept.last_sales(found.id, desk_id, MOST_SALES):
            if left <= 0 or len(sales) >= MOST_SALES:
                break
            left -= sale.seats
            elsewhere = sold_elsewhere(view.connection, sale.sale_id) or ""
            sales.append(
                BeyondSale(
                    sale.booking_id,
                    sale.reference,
                    sale.traveller,
                    sale.seats,
                    sale.who,
                    sale.at,
                    sale.desk,
                    elsewhere,
                )
            )
    return Oversold(
        departure_id=found.id,
        title=found.title,
        starts_at=found.starts_at,
        zone=found.zone,
        seats=found.capacity + found.allowed,
        taken=found.taken,
        beyond=too_many,
        numbered=found.numbered,
        open=found.lives,
        by=tuple((each.name, each.taken) for each in kept.desks(found.id)),
        sales=tuple(sales),
    )


def choices(view: Reading, found: Oversold | None, off: str) -> list[Choice]:
    """What may be done about it; `off` says why nothing can be told to the central database now."""
    seen = Choice(
        ChoiceKind.SEEN,
        "Leave all sales as they are",
        "All of them stand, and everybody may come; this is in no inbox any more.",
        off,
    )
    if found is None:
        return [seen]
    over = "" if found.open and found.starts_at > view.clock.now() else OVER
    seats = "1 more seat" if found.beyond == 1 else f"{found.beyond:,} more seats"
    return [
        Choice(
            ChoiceKind.MORE_SEATS,
            f"Give it {seats}",
            "For those who were sold too many: nobody else is sold them. Whether the boat takes them is yours to know.",
            over or (NUMBERED if found.numbered else "") or off,
            (
                Ask("seats", "Seats more", AskKind.NUMBER, str(found.beyond), needed=True),
                Ask("reason", "Why there is room for them", needed=True),
            ),
        ),
        _with_booking(
            ChoiceKind.MOVE,
            "Move a booking to another departure",
            "Its change is opened: what it costs, or gives back, is shown before anything is done.",
            found,
            over,
        ),
        _with_booking(
            ChoiceKind.CANCEL,
            "Cancel a booking",
            "Its cancellation is opened: what goes back is shown before anything is done.",
            found,
            over,
        ),
        seen,
    ]


def _with_booking(kind: ChoiceKind, words: str, follows: str, found: Oversold, off: str) -> Choice:
    here = [sale for sale in found.sales if not sale.elsewhere]
    if not off and not found.sales:
        off = "They are held, and not sold yet: they come free by themselves."
    if not off and not here:
        off = f"{found.sales[0].elsewhere} sold them: it is done there."
    options = tuple((sale.reference, _sale_words(sale)) for sale in here)
    asks = (Ask("booking", "Booking", AskKind.PICK, options[0][0], options, needed=True),) if options else ()
    return Choice(kind, words, follows, off, asks)


def _sale_words(sale: BeyondSale) -> str:
    seats = "1 seat" if sale.seats == 1 else f"{sale.seats} seats"
    return ", ".join(part for part in (sale.reference, sale.traveller, seats) if part)
