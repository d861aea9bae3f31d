"""A vendor with something in every place of their earnings, for tests that look at it in a window."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.disputed import opened, sold
from helpers.paying_out import approved, paid_to, payouts
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.payouts.paying import Paying

NOW = datetime(2026, 6, 18, 8, 42, tzinfo=UTC)
BLUE = "Blue Cave and Perast"


def with_earnings(desk: Desk) -> None:
    """Paid for May; in June 117.00 and more available, a dispute, what waits and what is to come; yen beside it."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.at(datetime(2026, 5, 1, 8, tzinfo=UTC))
    trip = desk.trips[BLUE]
    with desk.sandbox() as sandbox:
        paid_to(desk, desk.vendor_id, sandbox.open_account("Bokeška"))
    may = desk.add_departure(trip, day=date(2026, 5, 15), capacity=50)
    desk.sold(may, adult=20)
    clock.at(datetime(2026, 5, 20, 8, tzinfo=UTC))
    desk.services.bookings.complete(desk.admin, may)
    approved(desk, [desk.vendor_id])
    for payout in payouts(desk):
        if payout.state is PayoutState.APPROVED:
            Paying(desk.database, desk.program.gateway).send(SYSTEM, payout.id)
    clock.at(datetime(2026, 6, 1, 8, tzinfo=UTC))
    been, disputed, waits, coming = (
        desk.add_departure(trip, day=date(2026, 6, day)) for day in (5, 6, 17, 25)
    )
    desk.sold(been, adult=2)
    taken = sold(desk, disputed, adult=4)
    desk.sold(waits, adult=3)
    desk.sold(coming, adult=5)
    yen = desk.add_trip("Naval museum", adult=3_000, currency="JPY")
    desk.sold(desk.add_departure(yen, day=date(2026, 7, 2)), adult=1)
    clock.at(NOW)
    for departure in (been, disputed, waits):
        desk.services.bookings.complete(desk.admin, departure)
    opened(desk, taken)
    desk.services.listening.poll()
    draft = AdjustmentDraft(desk.vendor_id, Money(1_200, "EUR"), "Cleaned the boat")
    desk.services.adjustments.adjust(desk.admin, draft, key=uuid4())


def crowded_earnings(desk: Desk) -> None:
    """The same, with a trip of a long name and amounts as large as they come."""
    with_earnings(desk)
    trip = desk.add_trip(
        "Eleven monasteries of the inner bay, with lunch, boat, guide and a concert by candlelight",
        adult=9_899_999,
    )
    been = desk.add_departure(trip, day=NOW.date() + timedelta(days=3))
    desk.sold(been, adult=10)
