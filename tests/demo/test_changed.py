"""The demonstration has discounts, promo codes, and bookings that changed after their sale."""

from __future__ import annotations

from datetime import timedelta

from travellr_desktop.demo.changed import CODE
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import open_desk
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.paths import Profile
from travellr_desktop.services.amendments import ChangeKind

CLOCK = ShiftedClock(timedelta(0))


def test_a_code_was_used_and_another_is_not_given_any_more(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk:
        codes = {each.code: each for each in desk.services.promos.list(SYSTEM)}
    assert codes[CODE].uses > 0
    assert codes[CODE].active
    assert not codes["EARLYBIRD"].active


def test_there_are_discounts_of_both_kinds(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk, desk.database.read() as view:
        given = [row for row in view.discounts.find_all(limit=500)[0] if row.promo_id is None]
    assert {row.own for row in given} == {True, False}


def test_bookings_were_rebooked_and_one_of_three_stays_at_home(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk, desk.database.read() as view:
        rows = view.amendments.find_all(limit=500)[0]
        assert {row.kind for row in rows} == {ChangeKind.ADD, ChangeKind.REBOOK, ChangeKind.REMOVE}
        left = next(row for row in rows if row.kind == ChangeKind.REMOVE)
        lines = view.bookings.get_full(left.booking_id).lines
        rebooked = next(row for row in rows if row.kind == ChangeKind.REBOOK)
        assert view.notes.of_booking(rebooked.booking_id)
    assert sum(line.ended_at is not None for line in lines) == 1
