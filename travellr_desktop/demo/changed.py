"""Prices made other, and bookings that changed after their sale: a discount now and then, two promo codes, a booking
that was rebooked, one traveller of three who stays at home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.planning import AddTravellers, CancelTravellers, Change, Rebook
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import NamedTraveller, PayChoice

CHANGED_BEFORE = timedelta(hours=19)
"""How long ago the bookings were changed."""
CODE = "SUMMER10"
_EVERY_DISCOUNT, _EVERY_CODE = 11, 17
_EARLY = timedelta(days=5)
"""So long before the departure the policies of the files keep nothing, or part, and there is room for a change."""


def add_codes(services: Services, manager: Actor, opened: date, today: date) -> None:
    """A code that is given all season, and one that was, and is not any more."""
    last = today + timedelta(days=120)
    tenth = PromoDraft(CODE, DiscountKind.PERCENT, opened, last, "For the newsletter", bps=1_000)
    services.promos.save(manager, tenth)
    early = PromoDraft(
        "EARLYBIRD", DiscountKind.PERCENT, opened, last, "Until the flyers were gone", bps=500, own=False
    )
    services.promos.deactivate(manager, services.promos.save(manager, early))


def taken_off(number: int) -> tuple[DiscountAsk | None, str]:
    """The discount and the code of a sale, by its number."""
    if number % _EVERY_CODE == 3:
        return None, CODE
    if number % _EVERY_DISCOUNT == 5:
        own = number % 2 == 1
        reason = "The boat before was late" if own else "They come each year"
        return DiscountAsk(DiscountKind.PERCENT, bps=500, own=own, reason=reason), ""
    return None, ""


class Changed:
    """Does it through the services, to some of the bookings that will be there at the end; `bookings` gives them in
    the order in which they were made."""

    def __init__(self, services: Services, agent: Actor, bookings: Callable[[], Sequence[UUID]]) -> None:
        self._services, self._agent, self._bookings = services, agent, bookings

    def change(self) -> None:
        """Each change goes to the first booking that it fits, and each booking is changed once."""
        left = [self._services.bookings.detail(self._agent, each) for each in self._bookings()]
        soonest = self._services.clock.now() + _EARLY
        left = [each for each in left if each.can_change and each.starts_at > soonest]
        for change in (self._one_leaves, self._goes_elsewhere, self._one_joins):
            done = next((each for each in left if change(each)), None)
            if done is not None:
                left.remove(done)

    def _one_leaves(self, booking: BookingDetail) -> bool:
        if len(booking.lines) != 3 or not all(
            line.type is booking.lines[0].type for line in booking.lines[:2]
        ):
            return False
        return self._apply(booking, CancelTravellers((booking.lines[1].id,), reason="Broke a leg"))

    def _goes_elsewhere(self, booking: BookingDetail) -> bool:
        day = booking.starts_at.date()
        found = self._services.changes.destinations(self._agent, booking.id, day, day + timedelta(days=14))
        for each in found:
            if not each.why_not and each.local_day > day and self._apply(booking, Rebook(each.departure_id)):
                words = "Wanted to stay two days longer; the hotel knows."
                self._services.notes.add(self._agent, words, booking_id=booking.id)
                return True
        return False

    def _one_joins(self, booking: BookingDetail) -> bool:
        kind = booking.lines[0].type
        return self._apply(booking, AddTravellers((NamedTraveller("Ivana Perović", kind),)))

    def _apply(self, booking: BookingDetail, change: Change) -> bool:
        changes, agent = self._services.changes, self._agent
        try:
            shown = changes.preview(agent, booking.id, change)
        except Refusal:  # no seat left: another booking
            return False
        pay = PayChoice(Way.CASH) if shown.to_pay.minor else None
        changes.apply(agent, booking.id, change, shown.difference, pay, key=uuid4())
        return True
