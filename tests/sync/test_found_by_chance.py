"""What playing in any order came upon, each told plainly."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from helpers.hub_proofs import same_rows
from helpers.three_towns import DAY, ThreeTowns, Town
from travellr_desktop.services.letting_go import let_go


def new_departure(here: ThreeTowns, capacity: int) -> UUID:
    """One that Kotor made and all know of."""
    one = here.towns[0]
    trip = UUID(one.lies("SELECT id FROM trips")[0][0])
    departure = one.desk.add_departure(trip, day=DAY + timedelta(days=1), capacity=capacity)
    turns(here)
    return departure


def turns(here: ThreeTowns) -> None:
    for town in here.towns * 2:
        town.turn()


def granted(town: Town, departure: UUID) -> int:
    found = town.lies("SELECT coalesce(sum(seats), 0) FROM grants WHERE departure_id = ?", departure.hex)
    return int(found[0][0])


def test_a_desk_whose_cut_was_refused_lets_seats_go_still(here: ThreeTowns) -> None:
    """More is granted than there is at all, as far as its file knows."""
    one, other, _ = here.towns
    departure = new_departure(here, 9)
    one.desk.services.sharing.share_new()
    turns(here)
    one.online = False
    cut = granted(one, departure)
    assert cut < 9
    one.desk.services.timetable.set_capacity(one.desk.admin, departure, cut)
    other.desk.hold(departure, adult=9 - cut)
    one.online = True
    one.turn()
    assert here.place.one("SELECT count(*) FROM hub.conflicts WHERE kind = 'refused'") == 1
    assert granted(one, departure) > cut
    free = one.lies(
        "SELECT seats - taken FROM grants, this_desk d WHERE departure_id = ? AND grants.desk_id = d.desk_id",
        departure.hex,
    )
    assert let_go(one.desk.database, departure, free[0][0]) == free[0][0] > 0
    one.turn()
    (op,) = one.hub.waiting(one.id)
    one.hub.drop(one.id, op, one.desk.admin.user_id, "There are nine")
    turns(here)
    same_rows(here.place, *here.towns)
