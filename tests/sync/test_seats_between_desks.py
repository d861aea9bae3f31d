"""Seats go where they are sold: a desk that is short is given what nobody has, then what others do not need."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.central_hub import Enrolled, two_desks
from helpers.desk import CASH
from helpers.postgres import Central
from travellr_desktop.errors import SeatsGone


def granted(at: Enrolled) -> list[tuple[int, int]]:
    """Seats and taken of each grant that the desk's file knows, by desk."""
    query = "SELECT g.seats, g.taken FROM grants g JOIN desks d ON d.id = g.desk_id ORDER BY d.number"
    return [(row[0], row[1]) for row in at.lies(query)]


def test_what_another_desk_does_not_need_is_sold_here(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.departure()
        first.desk.sold(departure, pay=CASH, adult=3)
        second.desk.sold(departure, pay=CASH, adult=4)
        place.quiet()
        assert granted(first) == granted(second)
        assert sum(seats for seats, _taken in granted(first)) <= 20
        assert [taken for _seats, taken in granted(first)] == [3, 4]
        assert first.dump() == second.dump() == place.dump()
        assert first.desk.services.check.run().ok
        assert second.desk.services.check.run().ok


def test_offline_the_grant_is_all_there_is(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(capacity=6)
        place.quiet()
        own = dict(enumerate(granted(second))).get(1)
        assert own is None or own[0] <= 6
        second.online = False
        with pytest.raises(SeatsGone):
            second.desk.hold(departure, adult=6)
        second.online = True
        second.desk.hold(departure, adult=6)
        place.quiet()
        assert first.dump() == second.dump() == place.dump()


def test_the_last_seats_are_sold_once(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(capacity=5)
        place.quiet()
        sold = 0
        for number in range(8):
            desk = (first, second)[number % 2].desk
            try:
                desk.sold(departure, pay=CASH, adult=1)
                sold += 1
            except SeatsGone:
                pass
        place.quiet()
        assert sold == 5
        assert first.dump() == second.dump() == place.dump()
