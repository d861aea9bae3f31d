"""Sales made behind an open window, and the sandbox's faults, for tests of the lists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from helpers.desk import CARD, Desk, desk_at
from helpers.gui_thread import off_gui
from helpers.workplace import Workplace
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.control import Counts
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice

LATER = date(2026, 8, 20)
"""Far enough for the whole price to go back."""
SOON = date(2026, 6, 20)
"""So near that all of it is kept."""
DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds")
SLOW_REFUNDS = PayChoice(Way.CARD, "pm_card_pendingRefund")


@contextmanager
def desk_off_gui(folder: Path) -> Iterator[Desk]:
    """The agency is opened, and closed, off the thread of the window, as the program does."""
    manager = desk_at(folder)
    desk = off_gui(manager.__enter__)
    try:
        yield desk
    finally:
        off_gui(lambda: manager.__exit__(None, None, None))


def sell(place: Workplace, name: str, pay: PayChoice | None = CARD, *days: date) -> SaleOutcome:
    """A sale of two adults and a child, one booking a day (`LATER` if none is given)."""
    desk = place.desk

    def work() -> SaleOutcome:
        departures = [desk.add_departure(day=day) for day in days or (LATER,)]
        buyer = desk.traveller(name, phone="+382 67 555 214")
        holds = [desk.hold(departure, adult=2, child=1) for departure in departures]
        return desk.sell(*holds, pay=pay, traveller=buyer)

    return place.off(work)


def arm(place: Workplace, operation: Operation, kind: FaultKind = FaultKind.REPLY_LOST_AFTER) -> None:
    """Let the next call of that operation meet a fault."""

    def work() -> None:
        with place.desk.sandbox() as sandbox:
            sandbox.arm(operation, kind)

    place.off(work)


def disarm(place: Workplace) -> None:
    def work() -> None:
        with place.desk.sandbox() as sandbox:
            sandbox.disarm()

    place.off(work)


def counts(place: Workplace) -> Counts:
    """What the sandbox's own file holds."""

    def work() -> Counts:
        with place.desk.sandbox() as sandbox:
            return sandbox.counts()

    return place.off(work)
