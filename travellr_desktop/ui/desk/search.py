"""What the desk reads to find departures: the day's list, the calendar's figures, the offer under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from travellr_desktop.domain.party import Party
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.errors import Refusal
from travellr_desktop.services.departure_views import DayCount, DepartureQuery
from travellr_desktop.services.departures import LONGEST_SPAN
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import WayOffer
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.desk.narrow import Narrow, narrowing, widened
from travellr_desktop.ui.screen import Context

NEAR = 3
"""How many days with seats are named where a day has none."""


@dataclass(frozen=True, slots=True)
class Start:
    """What is read once when the desk opens. `day` is today, or the next day on which something can be sold."""

    zone: str
    currency: str
    today: date
    day: date
    places: tuple[str, ...]
    ways: tuple[WayOffer, ...]
    held: tuple[HoldView, ...]


@dataclass(frozen=True, slots=True)
class WaysOut:
    """Where a search of one day found nothing: the next days on which something fits, with their free seats, how many
    departures the day has `without` one of what narrows it, where that helps, most first, and without all of it."""

    near: tuple[tuple[date, int], ...]
    without: tuple[tuple[Narrow, int], ...]
    whole: int


class Search(QObject):
    """Each question is asked in the background; only the newest answer of each kind is told."""

    started = Signal(object)
    found = Signal(object, object)
    """`DepartureQuery`, `DepartureDay`."""
    failed = Signal(str, str)
    days_found = Signal(object)
    offer_found = Signal(object)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._services = cast(Services, context.services)

    def start(self) -> None:
        services, actor, now = self._services, self._context.actor, self._context.clock.now()

        def work(_task: object) -> Start:
            agency = services.agency.view()
            zone = agency.zone if agency is not None else "UTC"
            currency = agency.currency if agency is not None else "EUR"
            today = now.astimezone(zone_of(zone)).date()
            ahead = services.departures.calendar(actor, DepartureQuery(today, LONGEST_SPAN))
            return Start(
                zone=zone,
                currency=currency,
                today=today,
                day=first_day(ahead, today),
                places=services.departures.places(actor),
                ways=services.sales.ways(actor),
                held=services.holds.mine(actor),
            )

        self._context.background.run(
            self,
            work,
            key="desk.start",
            done=self.started.emit,
            refused=self._refused,
            failed=self._bug,
        )

    def read_day(self, query: DepartureQuery) -> None:
        services, actor = self._services, self._context.actor
        self._context.background.run(
            self,
            lambda _task: services.departures.search(actor, query),
            key="desk.search",
            newest=True,
            done=lambda day: self.found.emit(query, day),
            refused=self._refused,
            failed=self._bug,
        )

    def read_month(self, query: DepartureQuery) -> None:
        services, actor = self._services, self._context.actor
        self._context.background.run(
            self,
            lambda _task: services.departures.calendar(actor, query),
            key="desk.calendar",
            newest=True,
            done=self.days_found.emit,
            refused=_ignore,
        )

    def read_ways_out(self, query: DepartureQuery, done: Callable[[WaysOut], object]) -> None:
        """What there is instead where the day of a query has nothing that fits."""
        services, actor = self._services, self._context.actor
        later = replace(query, day=query.day + timedelta(days=1), days=LONGEST_SPAN)

        def number(without: Iterable[Narrow]) -> int:
            days = services.departures.calendar(actor, widened(query, without))
            return days[query.day].departures if query.day in days else 0

        def work(_task: object) -> WaysOut:
            days = services.departures.calendar(actor, later)
            near = sorted((day, count.free) for day, count in days.items() if count.free > 0)
            narrow = narrowing(query)
            numbers = [(each, number((each,))) for each in narrow]
            return WaysOut(
                near=tuple(near[:NEAR]),
                without=tuple(sorted((each for each in numbers if each[1]), key=lambda each: -each[1])),
                whole=number(narrow) if narrow else 0,
            )

        self._context.background.run(self, work, key="desk.ways_out", newest=True, done=done, refused=_ignore)

    def read_offer(self, departure_id: UUID, party: Party) -> None:
        services, actor = self._services, self._context.actor
        self._context.background.run(
            self,
            lambda _task: services.departures.offer(actor, departure_id, party),
            key="desk.offer",
            newest=True,
            done=self.offer_found.emit,
            refused=lambda _refusal: self.offer_found.emit(None),
        )

    def forget_offer(self) -> None:
        """No departure is chosen: an answer that is still on its way is not told."""
        running = self._context.background.find("desk.offer")
        if running is not None:
            running.drop()

    def _refused(self, refusal: Refusal) -> None:
        self.failed.emit(str(refusal), refusal.hint)

    def _bug(self, _report: BugReport) -> None:
        self.failed.emit(
            self.tr("The departures could not be read"), self.tr("The program made a mistake. Try again.")
        )


def first_day(days: dict[date, DayCount], today: date) -> date:
    """Today if something of it can still be sold, else the next such day; without any, the next with departures."""
    free = [day for day, count in days.items() if count.free > 0]
    return min(free or list(days), default=today)


def _ignore(_refusal: Refusal) -> None:
    """The list beside it says what is wrong."""
