"""Money was taken offline for seats that were somebody else's by then. The sale stands, nobody loses a seat that they
have, the inbox says who sits where, and no desk is held up by it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from helpers.desk import CASH
from helpers.hub_proofs import same_rows
from helpers.three_towns import DAY, ThreeTowns, Town
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import SeatsGone
from travellr_desktop.services.holds import HoldView
from travellr_desktop.storage.incoming import RowInTheWay

NOBODY_STANDS = """
SELECT count(*) FROM agency.booking_lines l JOIN agency.bookings b ON b.id = l.booking_id
JOIN agency.departures d ON d.id = b.departure_id
WHERE d.plan_id IS NOT NULL AND l.occupies AND NOT EXISTS (SELECT FROM agency.seats s WHERE s.line_id = l.id)
"""


def turns(here: ThreeTowns) -> None:
    for town in here.towns * 2:
        if town.online:
            town.turn()


def sell(town: Town, departure: UUID, seats: int = 1) -> UUID:
    return town.desk.sold(departure, pay=CASH, adult=seats).bookings[0].id


def held(town: Town, departure: UUID, labels: Sequence[str]) -> HoldView:
    """Just these seats."""
    return town.desk.services.holds.hold(
        town.desk.agent, departure, Party(len(labels)), key=uuid4(), labels=tuple(labels)
    )


def inbox(town: Town) -> list[tuple[str, str]]:
    """Kind and reason of what waits."""
    town.look()
    return [
        (str(each.kind), each.reason or each.field)
        for each in town.desk.services.central.inbox(town.desk.admin)
    ]


def of_one_mind(here: ThreeTowns) -> None:
    turns(here)
    same_rows(here.place, *here.towns)
    assert here.place.one("SELECT count(*) FROM hub.blocked") == 0
    for town in here.towns:
        assert town.desk.services.check.run().problems == ()


def seats(town: Town, booking: UUID) -> list[str]:
    query = "SELECT s.label FROM seats s JOIN booking_lines l ON l.id = s.line_id WHERE l.booking_id = ? ORDER BY 1"
    return [label for (label,) in town.lies(query, booking.hex)]


class Numbered:
    """Kotor has sold numbered seats offline, and was written off meanwhile. `mine` is that booking."""

    def __init__(self, here: ThreeTowns) -> None:
        self.here = here
        self.one, self.two, self.three = here.towns
        self.departure = UUID(self.one.lies("SELECT id FROM departures WHERE plan_id IS NOT NULL")[0][0])
        hold = self.one.desk.hold(self.departure, adult=4)
        self.one.desk.services.holds.release(self.one.desk.agent, hold.id)
        turns(here)
        self.one.online = False
        self.mine = sell(self.one, self.departure, 2)
        self.labels = seats(self.one, self.mine)
        self.three.hub.write_off(self.one.id, self.three.desk.admin.user_id)
        self.three.turn()

    def take(self, town: Town, labels: Sequence[str]) -> UUID:
        """Another desk sells just these."""
        hold = held(town, self.departure, labels)
        return town.desk.sell(hold, pay=CASH).bookings[0].id

    def sell_out(self, town: Town) -> None:
        with suppress(SeatsGone):
            for _ in range(20):
                sell(town, self.departure)

    def back(self) -> None:
        self.one.online = True
        turns(self.here)


def test_a_numbered_seat_that_was_sold_twice_becomes_another_one(here: ThreeTowns) -> None:
    story = Numbered(here)
    theirs = story.take(story.three, story.labels)
    story.three.turn()
    story.back()
    of_one_mind(here)
    for town in here.towns:
        assert seats(town, theirs) == story.labels
        assert len(seats(town, story.mine)) == 2
        assert not set(seats(town, story.mine)) & set(story.labels)
    found = inbox(story.two)
    assert len(found) == 1, found
    ((kind, reason),) = found
    assert kind == "oversale"
    for label in (*story.labels, *seats(story.two, story.mine)):
        assert label in reason


def test_a_numbered_seat_that_was_granted_meanwhile_stays_with_whom_it_was_granted(here: ThreeTowns) -> None:
    story = Numbered(here)
    hold = held(story.three, story.departure, story.labels)
    story.three.desk.services.holds.release(story.three.desk.agent, hold.id)
    story.three.online = False  # it may be selling them
    story.back()
    assert not set(seats(story.one, story.mine)) & set(story.labels)
    theirs = story.take(story.three, story.labels)
    story.three.online = True
    of_one_mind(here)
    assert seats(story.one, theirs) == story.labels


def test_where_no_seat_is_left_they_get_the_next_one_that_is_given_back(here: ThreeTowns) -> None:
    story = Numbered(here)
    story.sell_out(story.three)
    story.three.turn()
    story.back()
    of_one_mind(here)
    assert here.place.one(NOBODY_STANDS) == 2
    assert [kind for kind, _reason in inbox(story.two)] == ["oversale"]
    for _ in range(2):
        (booking,) = story.three.lies(
            "SELECT b.id FROM bookings b JOIN sales s ON s.id = b.sale_id "
            "WHERE b.departure_id = ? AND b.state = 'confirmed' AND s.desk_id = ? ORDER BY b.reference LIMIT 1",
            story.departure.hex,
            story.three.id.hex,
        )
        story.three.desk.cancel(UUID(booking[0]))
        turns(here)
    of_one_mind(here)
    assert here.place.one(NOBODY_STANDS) == 0
    assert len(seats(story.one, story.mine)) == 2


def test_a_hold_that_nobody_paid_for_takes_no_seat_from_anybody(here: ThreeTowns) -> None:
    story = Numbered(here)
    labels = [
        label
        for (label,) in story.one.lies(
            "SELECT g.label FROM seat_grants g JOIN this_desk t ON t.desk_id = g.desk_id WHERE g.departure_id = ? "
            "AND g.label NOT IN (SELECT label FROM seats WHERE departure_id = g.departure_id) LIMIT 1",
            story.departure.hex,
        )
    ]
    held(story.one, story.departure, labels)
    story.take(story.three, labels)
    story.three.turn()
    story.back()
    assert [kind for kind, _reason in inbox(story.two)] == ["refused"]
    (op,) = story.one.hub.waiting(story.one.id)
    story.two.hub.drop(story.one.id, op, story.two.desk.admin.user_id, "It was never paid")
    of_one_mind(here)


@pytest.mark.parametrize("resold", [False, True], ids=["free still", "sold again"])
def test_numbered_seats_of_a_hold_that_another_desk_let_go_while_they_were_sold(
    here: ThreeTowns, resold: bool
) -> None:
    one, two, _three = here.towns
    departure = UUID(one.lies("SELECT id FROM departures WHERE plan_id IS NOT NULL")[0][0])
    hold = one.desk.hold(departure, adult=2)
    turns(here)
    one.online = False
    mine = one.desk.sell(hold, pay=CASH).bookings[0].id
    two.desk.services.holds.release(two.desk.agent, hold.id)
    two.turn()
    theirs = None
    if resold:
        two.hub.write_off(one.id, two.desk.admin.user_id)
        two.turn()
        theirs = two.desk.sell(held(two, departure, hold.labels), pay=CASH).bookings[0].id
        two.turn()
    one.online = True
    of_one_mind(here)
    assert len(seats(two, mine)) == 2
    if theirs is not None:
        assert seats(one, theirs) == list(hold.labels)
    else:
        assert seats(two, mine) == list(hold.labels)


def test_what_was_sold_twice_may_have_been_cancelled_before_that_was_known(here: ThreeTowns) -> None:
    story = Numbered(here)
    story.take(story.three, story.labels)
    story.three.turn()
    story.one.desk.cancel(story.mine)
    story.back()
    of_one_mind(here)


class Raised:
    """Budva makes room for more offline and sells it all, where Kotor has another capacity in mind."""

    def __init__(self, here: ThreeTowns, *, known: bool) -> None:
        self.here = here
        self.one, self.two, self.three = here.towns
        trip = UUID(self.one.lies("SELECT id FROM trips")[0][0])
        self.departure = self.one.desk.add_departure(trip, day=DAY + timedelta(days=3), capacity=4)
        for town in (self.one, self.two, self.two, self.one):
            town.turn()
        if known:
            hold = self.two.desk.hold(self.departure, adult=2)
            self.two.desk.services.holds.release(self.two.desk.agent, hold.id)
            turns(here)
        self.two.online = False
        self.two.desk.services.timetable.set_capacity(self.two.desk.admin, self.departure, 9)
        self.sold = [sell(self.two, self.departure) for _ in range(5)]
        self.one.desk.services.timetable.set_capacity(self.one.desk.admin, self.departure, 5)
        with suppress(SeatsGone):
            for _ in range(9):
                sell(self.one, self.departure)
        self.one.turn()
        self.two.online = True


@pytest.mark.parametrize("known", [True, False], ids=["with a grant", "without one"])
def test_what_was_sold_of_a_capacity_that_was_raised_offline_stands(here: ThreeTowns, known: bool) -> None:
    story = Raised(here, known=known)
    turns(here)
    assert {kind for kind, _reason in inbox(story.three)} == {"field", "oversale"}
    of_one_mind(here)
    assert here.place.one("SELECT capacity FROM agency.departures WHERE id = %s", story.departure) == 5
    assert inbox(story.two)
    entry = next(
        each
        for each in story.two.desk.services.central.inbox(story.two.desk.admin)
        if str(each.kind) == "oversale"
    )
    assert entry.oversold is not None
    story.two.desk.services.central.add_seats(
        story.two.desk.admin, entry.id, str(entry.oversold.beyond), "A larger boat"
    )
    turns(here)
    assert {kind for kind, _reason in inbox(story.three)} == {"field"}
    of_one_mind(here)


def without_it(here: ThreeTowns) -> None:
    """A hub that judges money as it judges everything."""
    text = here.place.one("SELECT pg_get_functiondef('hub.judge(uuid, jsonb, jsonb)'::regprocedure)")
    paid = "AND hub.wrote_ledger(op) THEN"
    assert paid in text
    here.place.connection.execute(text.replace(paid, "AND false THEN").encode())


def test_a_hub_that_makes_no_room_for_money_never_takes_it(here: ThreeTowns) -> None:
    """The negative control."""
    without_it(here)
    story = Numbered(here)
    story.take(story.three, story.labels)
    story.three.turn()
    story.back()
    with pytest.raises(AssertionError):
        of_one_mind(here)


def test_a_desk_where_nothing_makes_way_is_held_up(here: ThreeTowns, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the desk's side."""
    monkeypatch.setattr("travellr_desktop.sync.pulling.make_way", lambda *_: False)
    story = Numbered(here)
    story.take(story.three, story.labels)
    story.three.turn()
    with pytest.raises(RowInTheWay):
        story.back()


def test_a_desk_whose_money_waits_for_something_else_goes_on_once_that_is_settled(here: ThreeTowns) -> None:
    one, two, _three = here.towns
    one.online = False
    mine = one.desk.add_trip("Blue Cave", code="CAVE")
    departure = one.desk.add_departure(mine, day=DAY + timedelta(days=4), capacity=4)
    sell(one, departure)
    two.desk.add_trip("Bear Cave", code="CAVE")
    two.turn()
    one.online = True
    with pytest.raises(RowInTheWay):
        one.turn()
    op = one.hub.waiting(one.id)[0]
    patch = {"t": "trips", "id": mine.hex, "f": {"code": "CAVE2"}}
    two.hub.retry(one.id, op, [patch], two.desk.admin.user_id)
    of_one_mind(here)
