"""What is put back from a back-up, hub or file, once or again: nothing that was told is told twice, nothing is lost."""

from __future__ import annotations

from uuid import UUID

import pytest

from helpers.desk import CASH
from helpers.hub_proofs import same_rows
from helpers.three_towns import DAY, ThreeTowns, Town
from travellr_desktop.errors import SeatsGone
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.sync.refusals import FileCloned, HubRestored


def turns(here: ThreeTowns) -> None:
    for town in here.towns * 2:
        town.turn()


def inbox(here: ThreeTowns) -> list[tuple[str, str]]:
    return here.place.connection.execute(
        "SELECT kind, reason FROM hub.conflicts WHERE settled_at IS NULL"
    ).fetchall()


def test_an_op_that_waits_is_in_the_new_file_once_it_is_taken(here: ThreeTowns) -> None:
    """Its desk took everything anew meanwhile, and has nothing of it any more."""
    one = here.towns[0]
    right = "UPDATE hub.tables SET makes = %s WHERE name = 'travellers'"
    here.place.connection.execute(right, ("admin",))
    one.desk.traveller("Jonas Ek")
    one.desk.traveller("Petra Novak")
    one.turn()
    assert len(inbox(here)) == 2
    here.anew(one)
    here.place.connection.execute(right, ("agent",))
    for entry in here.place.connection.execute("SELECT op_no FROM hub.conflicts ORDER BY 1").fetchall():
        one.hub.retry(one.id, entry[0], [], one.desk.admin.user_id)
    turns(here)
    assert inbox(here) == []
    same_rows(here.place, *here.towns)


def test_a_back_up_of_a_file_with_ops_that_were_told_later_tells_them_once(here: ThreeTowns) -> None:
    one = here.towns[0]
    one.desk.sold(one.departure(), pay=CASH, adult=1)
    assert one.lies("SELECT count(*) FROM bookings, this_desk WHERE next_op - 1 > acked") == [(1,)]
    saved = one.copied(here.folder / "saved")
    one.turn()
    for name in ("Jonas Ek", "Olga Petrova"):
        one.desk.traveller(name)
    one.turn()
    here.put_back(one, saved)
    one.desk.traveller("Petra Novak")
    with pytest.raises(FileCloned):
        one.turn()
    here.anew(one)
    turns(here)
    assert inbox(here) == []
    same_rows(here.place, *here.towns)
    assert here.place.one("SELECT count(*) FROM agency.bookings") == 1
    names = {row[0] for row in here.place.connection.execute("SELECT name FROM agency.travellers")}
    assert {"Jonas Ek", "Petra Novak"} <= names


def test_a_hub_that_is_restored_twice_is_told_twice(here: ThreeTowns) -> None:
    """From the same back-up: what its desks were given in between is known to them alone, again."""
    one, other, _ = here.towns
    trip = UUID(one.lies("SELECT id FROM trips")[0][0])
    departure = one.desk.add_departure(trip, day=DAY, capacity=9)
    turns(here)
    here.save("saved_twice")
    here.stack.callback(here.made.server.drop_database, "saved_twice")
    sold = 0
    for _ in range(2):
        here.restore("saved_twice")
        for town in here.towns:
            with pytest.raises(HubRestored):
                town.turn()
            here.anew(town)
        turns(here)
        sold += sell_out(other, departure)
        turns(here)
    assert sold == 9
    assert inbox(here) == []
    same_rows(here.place, *here.towns)


def sell_out(town: Town, departure: UUID) -> int:
    for sold in range(20):
        try:
            town.desk.sold(departure, pay=CASH, adult=1)
        except SeatsGone:
            return sold
    raise AssertionError("it never ends")


def test_who_took_everything_anew_has_the_word_of_whom_was_before_them(here: ThreeTowns) -> None:
    """Two desks gave one traveller a name; the second one's file began anew before it told of its own."""
    one, other, _ = here.towns
    (traveller,) = one.lies("SELECT id FROM travellers")[0]
    for town, name in ((one, "Nora Berg"), (other, "Nora Ek")):
        town.desk.services.travellers.update(town.desk.agent, UUID(traveller), TravellerDraft(name))
    one.turn()
    assert here.anew(other) == 1
    turns(here)
    assert {entry[0] for entry in inbox(here)} == {"field"}
    assert [row[0] for row in other.lies("SELECT name FROM travellers")] == ["Nora Berg"]
    same_rows(here.place, *here.towns)


def test_a_change_of_a_row_that_nobody_has_any_more_waits_and_can_be_dropped(here: ThreeTowns) -> None:
    """A hub is restored to before the traveller; the file of the desk that knew them is restored too."""
    one, other, _ = here.towns
    saved = one.copied(here.folder / "saved")
    here.save("saved_rowless")
    here.stack.callback(here.made.server.drop_database, "saved_rowless")
    traveller = one.desk.traveller("Jonas Ek").id
    turns(here)
    for name in ("Jonas Berg", "Jonas Lind"):
        other.desk.services.travellers.update(other.desk.agent, traveller, TravellerDraft(name))
    here.restore("saved_rowless")
    here.put_back(one, saved)
    for town in here.towns:
        here.anew(town)
    turns(here)
    assert other.desk.services.check.run().problems == ()
    for _ in range(2):
        other.hub.drop(other.id, other.hub.waiting(other.id)[-1], other.desk.admin.user_id, "Nobody has them")
    turns(here)
    same_rows(here.place, *here.towns)
    assert other.desk.services.check.run().problems == ()


def test_what_was_sold_of_a_departure_that_is_not_told_again_yet_waits_for_it(here: ThreeTowns) -> None:
    """A hub is restored to before the departure; who sold there comes back before who made it."""
    maker, seller, _ = here.towns
    here.save("saved_before")
    here.stack.callback(here.made.server.drop_database, "saved_before")
    trip = UUID(maker.lies("SELECT id FROM trips")[0][0])
    departure = maker.desk.add_departure(trip, day=DAY, capacity=9)
    maker.desk.services.sharing.share_new()
    turns(here)
    seller.desk.sold(departure, pay=CASH, adult=2)
    turns(here)
    here.restore("saved_before")
    for town in (seller, maker, here.towns[2]):
        here.anew(town)
        town.turn()
    turns(here)
    for _ in range(10):
        waiting = seller.hub.waiting(seller.id)
        if not waiting:
            break
        seller.hub.retry(seller.id, waiting[0], [], seller.desk.admin.user_id)
    turns(here)
    assert inbox(here) == []
    assert here.place.one("SELECT count(*) FROM agency.bookings") == 1
    same_rows(here.place, *here.towns)
    assert seller.desk.services.check.run().problems == ()
