"""An office with disputes of every kind, for the screens that show them."""

from __future__ import annotations

from datetime import timedelta

from helpers.clock import HandClock
from helpers.desk import Desk
from helpers.disputed import closed, opened, sold


def with_disputes(desk: Desk) -> None:
    """One lost, one won, one overdue, one that wants an answer, and an inquiry about two bookings."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    now = clock.now()
    clock.at(now - timedelta(days=9))
    with desk.sandbox() as sandbox:  # its clock is the desk's
        sandbox.set_success_rate(1.0)
    for won in (False, True):
        closed(desk, opened(desk, sold(desk)), won=won)
    opened(desk, sold(desk))
    clock.at(now - timedelta(days=1))
    opened(desk, sold(desk), amount=4500)
    second = desk.add_departure(desk.add_trip("Old town by night"))
    opened(desk, sold(desk, desk.add_departure(), second), inquiry=True)
    clock.at(now)
    desk.services.listening.poll()
