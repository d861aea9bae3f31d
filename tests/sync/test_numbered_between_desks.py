"""Numbered seats of several desks at a real hub: each is one desk's, and goes where it is sold."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from helpers.central_hub import Enrolled, HubPlace, hub_place
from helpers.desk import CASH
from helpers.postgres import Central
from helpers.seated import add_numbered


def seats(at: Enrolled, departure: UUID) -> dict[str, set[str]]:
    """The labels of each desk, as a file has them."""
    query = (
        "SELECT d.name, s.label FROM seat_grants s JOIN desks d ON d.id = s.desk_id WHERE s.departure_id = ?"
    )
    found: dict[str, set[str]] = {}
    for name, label in at.lies(query, departure.hex):
        found.setdefault(name, set()).add(label)
    return found


def same_everywhere(place: HubPlace) -> None:
    place.quiet()
    dumps = [each.dump() for each in place.desks]
    assert all(dump == place.dump() for dump in dumps)
    for each in place.desks:
        assert each.desk.services.check.run().problems == ()


def test_numbered_seats_of_a_desk_that_joined_go_to_others_one_by_one(
    central: Central, tmp_path: Path
) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "one") as alone:
        departure = add_numbered(alone)
        alone.sold(departure, pay=CASH, adult=2)
        first = place.first(alone)
        second = place.another(tmp_path / "two", "Budva")
        place.quiet()
        assert len(set().union(*seats(first, departure).values())) == 11
        sold = second.desk.hold(departure, adult=3)
        assert set(sold.labels) <= seats(second, departure)["Budva"]
        second.desk.sell(sold, pay=CASH)
        first.desk.sold(departure, pay=CASH, adult=2)
        same_everywhere(place)
        labels = seats(first, departure)
        assert not labels["Budva"] & set().union(*(own for name, own in labels.items() if name != "Budva"))


def test_the_last_numbered_seats_are_sold_once(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "one") as alone:
        first = place.first(alone)
        departure = add_numbered(alone)  # made among several: all its own
        second = place.another(tmp_path / "two", "Budva")
        place.quiet()
        for each in (first, second) * 5:
            each.desk.sold(departure, pay=CASH, adult=1)
        first.desk.sold(departure, pay=CASH, adult=1)
        same_everywhere(place)
        taken = first.lies(
            "SELECT count(DISTINCT label), count(*) FROM seats WHERE departure_id = ?", departure.hex
        )
        assert taken == [(11, 11)]
