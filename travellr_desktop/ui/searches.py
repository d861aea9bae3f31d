"""What the palette finds beside verbs and bookings: travellers and departures, each by its own service.

Every function here runs in the background; only what a found line runs is called on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import cast
from uuid import UUID

from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.services.departure_views import DepartureQuery, DepartureRow
from travellr_desktop.services.registry import Services
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.shell.palette_list import Found

MOST = 5
"""How many of each kind are offered."""
DAYS_AHEAD = 31
"""How far ahead departures are looked for."""

Search = Callable[[str], Sequence[Found]]


def travellers(context: Context) -> Search:
    """Travellers by name, email, phone or reference; choosing one shows their record."""
    services = cast(Services, context.services)

    def find(text: str) -> list[Found]:
        return [_traveller(context, row) for row in services.travellers.search(context.actor, text, MOST)]

    return find


def _traveller(context: Context, row: TravellerRow) -> Found:
    count = "1 booking" if row.bookings == 1 else f"{row.bookings} bookings"
    second = " · ".join(part for part in (count, row.email or row.phone) if part)
    return Found(row.name, "user", partial(_open_traveller, context, row.id, row.name), second=second)


def _open_traveller(context: Context, traveller_id: UUID, name: str) -> None:
    from travellr_desktop.ui.travellers.screen import TravellersScreen

    screen = context.go("travellers")
    if isinstance(screen, TravellersScreen):
        screen.open_traveller(traveller_id, name)


def departures(context: Context) -> Search:
    """Departures of the next weeks by trip, place or vendor; choosing one shows it at the desk."""
    services = cast(Services, context.services)

    def find(text: str) -> list[Found]:
        formats = Formats(services.locale)
        agency = services.agency.view()
        here = zone_of(agency.zone if agency is not None else "UTC")
        today = context.clock.now().astimezone(here).date()
        found = services.departures.search(context.actor, DepartureQuery(today, DAYS_AHEAD, text), MOST * 4)
        left = [row for row in found.rows if row.why_not is None]
        return [_departure(context, formats, row) for row in left[:MOST]]

    return find


def _departure(context: Context, formats: Formats, row: DepartureRow) -> Found:
    day = formats.local(row.starts_at, row.zone).date()
    free = "full" if not row.free else f"{row.free} free"
    return Found(
        row.title,
        "compass",
        partial(_open_departure, context, row.id, day),
        second=f"{formats.day(day)}, {formats.time(row.starts_at, row.zone)} · {free} · {row.place}",
    )


def _open_departure(context: Context, departure_id: UUID, day: date) -> None:
    from travellr_desktop.ui.desk.screen import DeskScreen

    screen = context.go("desk")
    if isinstance(screen, DeskScreen):
        screen.show_departure(departure_id, day)
