"""The demonstration has travellers who have not decided: options, a waiting list, an oversold departure."""

from __future__ import annotations

from datetime import timedelta

from helpers.demo import just_now
from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import open_desk
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import HoldKind, WaitingState
from travellr_desktop.paths import Profile
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.paged import ListQuery

CLOCK = ShiftedClock(timedelta(0))
NOW = just_now()


def test_one_option_is_due_and_others_are_not(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk:
        due = [each for each in desk.services.options.due(SYSTEM) if each.kind is HoldKind.OPTION]
        rows = desk.services.lists.options(SYSTEM, ListQuery(filters={"status": ("option",)}))
        options = rows.first(50)
        rows.close()
    assert len(due) == 1
    assert due[0].until - NOW > timedelta(hours=12)
    assert len(options) >= 4


def test_somebody_has_an_offer_and_others_wait_behind_them(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk:
        (offer,) = [each for each in desk.services.options.due(SYSTEM) if each.kind is HoldKind.OFFER]
        entries = desk.services.waiting_list.of_departure(SYSTEM, offer.departure_id)
    assert [entry.state for entry in entries] == [
        WaitingState.OFFERED,
        WaitingState.WAITING,
        WaitingState.WAITING,
    ]
    assert [entry.place for entry in entries] == [0, 1, 2]


def test_a_departure_is_oversold(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk:
        found = desk.services.departures.search(SYSTEM, DepartureQuery(NOW.date(), 30), limit=500)
        (row,) = [row for row in found.rows if row.over]
        assert row.over == 2
        assert "skipper" in desk.services.overbooking.read(SYSTEM, row.id).rows[0].reason
