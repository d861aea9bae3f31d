"""A file that is not what its hub has, and does not know it: found once nothing is left to be told, said, and put right
by taking everything anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from helpers.central_hub import Enrolled, HubPlace
from helpers.desk import CASH
from helpers.hub_proofs import same_rows
from helpers.tampering import by_hand, change, outbox_by_hand, take_away
from helpers.three_towns import ThreeTowns, Town
from travellr_desktop.sync.refusals import FileDiffers
from travellr_desktop.sync.verifying import verify

Done = Callable[[HubPlace, Enrolled, Enrolled], None]


def held_against(one: Enrolled) -> bool:
    return verify(one.desk.database, one.hub)


def cursor_raised(place: HubPlace, one: Enrolled, other: Enrolled) -> None:
    """To a number that the hub has published, and the desk has not taken in."""
    other.desk.traveller("Olga Petrova")
    other.turn()
    with outbox_by_hand(one.desk.database.path) as db:
        db.execute("UPDATE this_desk SET cursor = ?", (place.one("SELECT last_pub FROM hub.state"),))


def row_taken_out(_place: HubPlace, one: Enrolled, _other: Enrolled) -> None:
    (traveller,) = one.lies("SELECT id FROM travellers WHERE name = 'Nora Lindqvist'")[0]
    with by_hand(one.desk.database.path) as db:
        take_away(db, "travellers", traveller)


def booked_otherwise(_place: HubPlace, one: Enrolled, _other: Enrolled) -> None:
    with by_hand(one.desk.database.path) as db:
        row, amount = db.execute("SELECT id, amount FROM ledger LIMIT 1").fetchone()
        change(db, "ledger", row, "amount", amount + 100)


def granted_itself_more(_place: HubPlace, one: Enrolled, _other: Enrolled) -> None:
    with by_hand(one.desk.database.path) as db:
        row, seats = db.execute("SELECT id, seats FROM grants LIMIT 1").fetchone()
        change(db, "grants", row, "seats", seats + 1)


HANDS: dict[Done, str] = {
    cursor_raised: "rows of ",
    row_taken_out: "rows of travellers: ",
    booked_otherwise: "the ledger in EUR: ",
    granted_itself_more: "seats granted to desk ",
}


@pytest.mark.parametrize("done", HANDS, ids=lambda done: done.__name__)
def test_what_was_done_by_hand_is_found_and_taken_anew(here: ThreeTowns, done: Done) -> None:
    one, other, _ = here.towns
    one.desk.sold(one.departure(), pay=CASH, adult=1)
    here.place.quiet()
    assert held_against(one) and held_against(other)
    done(here.place, one, other)
    here.place.quiet()  # no page says anything
    assert held_against(other)
    with pytest.raises(FileDiffers, match=HANDS[done]) as refused:
        held_against(one)
    assert "anew" in refused.value.hint
    with pytest.raises(AssertionError, match="has other rows"):
        same_rows(here.place, one)
    one.desk.traveller("Jonas Ek")  # is not told yet
    assert here.anew(one) == 1
    here.place.quiet()
    assert held_against(one)
    same_rows(here.place, one, other)


# when nothing can be said


def waits_to_be_told(here: ThreeTowns) -> None:
    here.towns[0].desk.traveller("Jonas Ek")


def waits_to_be_taken_in(here: ThreeTowns) -> None:
    here.towns[1].desk.traveller("Jonas Ek")
    here.towns[1].turn()


@pytest.mark.parametrize("wait", [waits_to_be_told, waits_to_be_taken_in], ids=lambda wait: wait.__name__)
def test_while_anything_moves_nothing_is_said(here: ThreeTowns, wait: Callable[[ThreeTowns], None]) -> None:
    one: Town = here.towns[0]
    for town in here.towns * 2:
        town.turn()
    assert held_against(one)
    wait(here)
    assert not held_against(one)
    one.turn()
    assert held_against(one)


def test_an_op_that_waits_in_the_inbox_is_no_difference(here: ThreeTowns) -> None:
    one = here.towns[0]
    here.place.connection.execute("UPDATE hub.tables SET makes = 'admin' WHERE name = 'travellers'")
    one.desk.traveller("Jonas Ek")
    one.turn()
    assert here.place.one("SELECT outcome FROM hub.ops ORDER BY received_at DESC LIMIT 1") == "refused"
    assert one.dump() != here.place.dump()
    assert not held_against(one)
