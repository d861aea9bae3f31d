"""A desk that leaves: it goes on by itself with everything, and the others have its seats and its claims."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from helpers.central_hub import Enrolled, HubPlace, two_desks
from helpers.desk import CASH, Desk
from helpers.hub_proofs import same_rows
from helpers.postgres import Central
from helpers.three_towns import DAY as LATER
from helpers.two_alone import books
from travellr_desktop.services.central.door import Gone
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint
from travellr_desktop.sync.central.members import add_desk, remove_user
from travellr_desktop.sync.connecting import HubSignInRefused, HubSilent, NobodyHere, connect
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.leaving import leave


def leaves(place: HubPlace, one: Enrolled) -> Gone:
    """As the program's door does it."""
    return leave(one.desk.database, lambda: Hub(connect(address(place, one), insecure_loopback=True)))


def address(place: HubPlace, one: Enrolled) -> str:
    return place.central.url(one.sign_in.login, one.sign_in.password)


def free(desk: Desk, departure: object) -> tuple[int, int]:
    with desk.database.read() as view:
        grant = view.departures.grant(departure, view.agency.this_desk().id)  # type: ignore[arg-type]
    return (0, 0) if grant is None else (grant.seats, grant.taken)


def test_a_desk_leaves_with_everything_and_the_others_have_its_seats(
    central: Central, tmp_path: Path
) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(day=LATER, capacity=8)
        first.turn()
        second.turn()
        second.hub.ask_seats(departure, 4)
        place.quiet()
        second.desk.sold(departure, pay=CASH, adult=2)
        before = second.dump()
        gone = leaves(place, second)
        assert gone == Gone()
        first.turn()
        assert place.one("SELECT count(*) FROM hub.ops WHERE outcome NOT IN ('applied')") == 0

        # it has all that it had, and what it may not sell any more
        assert {*before["sales"]} <= {*second.dump()["sales"]}
        assert books(second.dump()) == books(place.dump()) == books(first.dump())
        assert free(second.desk, departure) == (2, 2)
        assert second.desk.services.check.run().ok, second.desk.services.check.run().as_text()
        assert second.desk.services.central.standing().enrolled is False

        # the others have its seats, its claims and its sales
        first.hub.ask_seats(departure, 8)
        first.turn()
        assert free(first.desk, departure) == (6, 0)
        same_rows(place, first)

        # it goes on selling what is its own
        own = second.desk.add_departure(capacity=8)
        for _ in range(2):
            second.desk.sold(own, pay=CASH, adult=1)
        assert second.desk.services.check.run().ok, second.desk.services.check.run().as_text()

        # and is not let in again
        with pytest.raises(HubSignInRefused):
            connect(address(place, second), insecure_loopback=True)
        with pytest.raises(NobodyHere):
            second.hub.hello()
        second.hub.close()
        place.desks.remove(second)


def test_numbers_go_on_after_those_of_the_others(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, _first, second):
        leaves(place, second)
        with second.desk.database.write(Commit.SYNC_LOOKED, second.desk.admin) as work:
            for block in work.agency.numbers(work.desk_id):
                block.next = block.last + 1
            work.commit()
        sold = second.desk.sold(second.desk.add_departure(capacity=8), pay=CASH, adult=1)
        assert sold.bookings[0].reference == "BK-2026-002001"
        second.hub.close()
        place.desks.remove(second)


def test_a_claim_of_a_desk_that_left_is_taken_over(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        refund = place.one("SELECT gen_random_uuid()")
        assert second.hub.claim("refund", refund, 100, "EUR")["word"] == "yes"
        assert first.hub.claim("refund", refund, 100, "EUR")["word"] == "no"
        leaves(place, second)
        assert first.hub.claim("refund", refund, 100, "EUR") == {"word": "yes", "taken_over": True}
        second.hub.close()
        place.desks.remove(second)


def test_a_desk_that_reaches_nobody_leaves_and_says_so(central: Central, tmp_path: Path) -> None:
    def nobody() -> Hub:
        raise HubSilent("The central database does not answer.")

    with two_desks(central, tmp_path) as (place, _first, second):
        second.desk.traveller("Jonas Ek")
        gone = leave(second.desk.database, nobody)
        assert gone == Gone(untold=1, why="The central database does not answer.")
        assert second.lies("SELECT count(*) FROM travellers WHERE name = 'Jonas Ek'") == [(1,)]
        assert (
            place.one("SELECT count(*) FROM hub.members WHERE left_at IS NOT NULL OR written_off IS NOT NULL")
            == 0
        )


class Killed(BaseException):
    """The program is no more."""


def test_whoever_dies_on_the_way_out_leaves_again(central: Central, tmp_path: Path) -> None:
    def die(commit: Commit, moment: Moment) -> None:
        if (commit, moment) == (Commit.SYNC_LEFT, Moment.BEFORE):
            raise Killed

    with two_desks(central, tmp_path) as (place, _first, second):
        set_failpoint(die)
        try:
            with pytest.raises(Killed):
                leaves(place, second)
        finally:
            set_failpoint(None)
        assert place.one("SELECT count(*) FROM hub.members WHERE left_at IS NOT NULL") == 1
        assert second.desk.services.central.standing().enrolled is True
        assert leaves(place, second) == Gone()
        assert second.desk.services.central.standing().enrolled is False
        second.hub.close()
        place.desks.remove(second)


def test_a_desk_that_left_comes_back_by_a_new_sign_in(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        desk_id = second.sign_in.desk_id
        leaves(place, second)
        second.hub.close()
        place.desks.remove(second)
        assert remove_user(place.admin, second.sign_in.login) == "desk"
        again = add_desk(place.admin, "Budva", desk_id=desk_id)
        with closing(connect(place.central.url(again.login, again.password), insecure_loopback=True)) as line:
            assert Hub(line).hello().written_off is True
        first.turn()
