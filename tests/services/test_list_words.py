"""Words are found in the lists that keep no folded text: in any case, with the accents and strokes of the Balkans or
without."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpers.catalogue import the_trip
from helpers.desk import Desk
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.paged import ListQuery, PagedRows
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.services.users import NewUser

NAME = "Željko Đurović"


def count(rows: PagedRows[Any]) -> int:
    with closing(rows) as found:
        return found.index()


@pytest.fixture
def named(desk: Desk) -> Desk:
    """Something of that name in each list."""
    desk.services.users.register(
        desk.admin, NewUser(NAME, "boat@travellr.example", "harbour lights", Role.AGENT)
    )
    departure = desk.add_departure(note=f"Skipper: {NAME}")
    desk.services.timetable.stop(desk.admin, [departure], f"{NAME} is ill")
    code = PromoDraft("TEN", DiscountKind.PERCENT, date(2026, 6, 1), date(2026, 8, 31), NAME, bps=1_000)
    desk.services.promos.save(desk.admin, code)
    return desk


@pytest.mark.parametrize("text", ["Željko", "željko", "ŽELJKO", "zeljko", "ĐUROVIĆ zel", "durovic"])
@pytest.mark.parametrize("name", ["users", "departures", "promos", "audit"])
def test_a_name_is_found_however_it_is_typed(named: Desk, name: str, text: str) -> None:
    read = getattr(named.services.lists, name)
    assert count(read(named.admin, ListQuery(text))) >= 1
    assert count(read(named.admin, ListQuery(f"{text} nobody"))) == 0


def test_the_trail_is_searched_in_what_it_is_about_and_in_its_detail(named: Desk) -> None:
    """The reason of a stop stands in the detail alone, in which the file writes letters as numbers."""
    lists = named.services.lists
    about = ListQuery("durovic", {"action": ("user.register",)})
    detail = ListQuery("durovic ill", {"action": ("departure.stop",)})
    assert (count(lists.audit(named.admin, about)), count(lists.audit(named.admin, detail))) == (1, 1)


def test_what_has_another_name_is_not_found(named: Desk) -> None:
    trip = the_trip(named)
    draft = named.services.trips.detail(named.admin, trip).draft
    named.services.trips.update(named.admin, trip, replace(draft, title="Zelena"))
    assert count(named.services.lists.users(named.admin, ListQuery("zelena"))) == 0
