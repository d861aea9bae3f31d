"""The screen of activity in a test, and a morning with something of everything."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt

from helpers.clock import HandClock
from helpers.desk import PASSWORD, Desk
from helpers.office import Office
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.ui.activity.journal import JournalPage
from travellr_desktop.ui.activity.screen import ActivityScreen
from travellr_desktop.ui.formats import Formats

Key = Qt.Key
FORMATS = Formats("en_GB", "Europe/Podgorica")


def busy_morning(desk: Desk) -> None:
    """A paid sale, one that is cancelled, one declined, one unknown, and a hold that will lapse."""
    departure = desk.add_departure(capacity=40)
    desk.sold(departure, adult=2)
    gone = desk.sold(departure, adult=1)
    desk.cancel(gone.bookings[0].id, reason="Ill")
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.INSUFFICIENT_FUNDS)
    desk.sold(departure, adult=1)
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    desk.sold(departure, adult=3)
    desk.hold(departure, adult=1)
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=10))
    desk.services.users.sign_in("manager@travellr.example", PASSWORD)


def activity(office: Office) -> ActivityScreen:
    screen = office.go("activity")
    assert isinstance(screen, ActivityScreen)
    return screen


def shows(screen: ActivityScreen, view: str) -> bool:
    return screen.view == view


def moved_from(screen: ActivityScreen, view: str) -> bool:
    return screen.view != view


def journal(office: Office, screen: ActivityScreen, key: str) -> JournalPage:
    """Go to a view by the arrow keys on the segments, and wait until it is read."""
    for _ in range(4):
        if screen.view == key:
            break
        before = screen.view
        office.key(Key.Key_Right)
        office.until(partial(moved_from, screen, before))
    page = screen.journals[key]
    office.until(lambda: page.list.model.count_known)
    office.quiet()
    return page


def said(page: JournalPage, column: str) -> list[str]:
    """What a column says, from the top."""
    model = page.list.model
    number = [each.key for each in model.columns].index(column)
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]
