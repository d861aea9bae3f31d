"""In which order a search gives departures: as the column of times shows them."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

from helpers.desk import DAY, desk_at
from travellr_desktop.services.departure_views import DepartureQuery


def test_departures_of_several_zones_are_sorted_by_the_clocks_on_their_quays(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        for zone, at in (
            ("Pacific/Auckland", time(14, 0)),  # the first of all to leave
            ("America/Lima", time(9, 0)),  # the last
            ("Europe/Lisbon", time(10, 30)),
        ):
            trip = desk.add_trip(f"A walk in {zone}", zone=zone)
            desk.add_departure(trip, at=at)
            desk.add_departure(trip, day=DAY + timedelta(days=1), at=time(7, 0))
        found = desk.services.departures.search(desk.agent, DepartureQuery(DAY, days=2))
        zones = [row.zone.partition("/")[2] for row in found.rows]
        assert zones[:3] == ["Lima", "Lisbon", "Auckland"]
        # the next day all leave at seven on their own clocks: then the moment decides
        assert zones[3:] == ["Auckland", "Lisbon", "Lima"]
