"""What other desks did is written here as it was there, once, with the cursor; nothing of this desk is lost by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.clock import START
from helpers.desk import CASH, Desk
from helpers.raw import raw, rows, value
from helpers.two_desks import SECOND, Between, as_it_stands, shared, standing, take, two_desks
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import ChangedMeanwhile
from travellr_desktop.events import Event
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.incoming import (
    IncomingChange,
    OwnOpsPending,
    RowInTheWay,
    take_in,
)
from travellr_desktop.storage.models import Trip
from travellr_desktop.storage.neighbours import Neighbours
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.page_rows import RowMissing, UnknownHere

OTHER = UUID(int=3)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[tuple[Desk, Desk, UUID]]:
    with two_desks(tmp_path) as found:
        yield found


@pytest.fixture
def between() -> Between:
    return Between()


def a_trip(desk: Desk) -> UUID:
    return next(iter(desk.trips.values()))


def titled(desk: Desk, title: str, *, of: UUID | None = None, for_desk: UUID | None = None) -> IncomingChange:
    return IncomingChange("trips", (of or a_trip(desk)).hex, "U", {"title": title}, for_desk)


def title_of(desk: Desk) -> str:
    return str(value(desk.database.path, "SELECT title FROM trips WHERE id = ?", a_trip(desk).hex))


def read_trip(desk: Desk) -> Trip:
    with desk.database.read() as view:
        found = view.session.get(Trip, a_trip(desk))
    assert found is not None
    return found


def save(desk: Desk, row: Trip) -> None:
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        work.session.add(row)
        work.commit()


# as it was there


def test_after_both_have_met_every_row_is_the_same(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, departure = desks
    one.sold(departure, pay=CASH, adult=2)
    two.cancel(two.sold(departure, pay=CASH, adult=1, child=1).bookings[0].id)
    two.hold(departure, adult=1)
    between.meet(one, two)
    third = shared(one)
    between.meet(one, two)
    two.sold(third, pay=CASH)
    between.meet(two, one)
    assert as_it_stands(one) == as_it_stands(two)
    for desk in (one, two):
        assert desk.services.check.run().problems == ()


def test_seats_words_and_vendors_lines_are_kept_here_too(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, departure = desks
    sale = one.sold(departure, pay=CASH, adult=3)
    between.meet(one, two)
    file = two.database.path
    assert rows(file, "SELECT taken FROM grants WHERE desk_id <> ?", SECOND.hex) == [(3,)]
    assert [row.name for row in two.services.travellers.search(two.agent, "söderberg")] == [
        "Henrik Söderberg"
    ]
    reference = sale.bookings[0].reference
    assert (
        value(file, "SELECT count(*) FROM reference_words WHERE reference_words MATCH ?", f'"{reference}"')
        == 1
    )
    strict = one.add_trip("Half kept", policy="strict")
    soon = one.add_departure(strict, day=(START + timedelta(days=5)).date())
    one.cancel(one.sold(soon, pay=CASH).bookings[0].id)  # the vendor keeps a part
    between.meet(one, two)
    lines = [rows(desk.database.path, "SELECT * FROM vendor_lines") for desk in desks[:2]]
    assert lines[0] == lines[1] != []


def test_every_window_of_the_file_hears_what_happened(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, departure = desks
    one.sold(departure, pay=CASH)
    told = [event for op in between.tell(one) for event in op.events]
    heard: list[Event] = []
    with (
        closing(Neighbours(two.database.path, two.database.workers.id)) as own,
        closing(Neighbours(two.database.path, "another program")) as others,
        two.database.bus.subscribe("*", heard.append),
    ):
        between.take(two)
        assert [event.to_json() for event in heard] == list(others.news()) == told != []
        assert own.news() == ()  # heard already, by the bus
        two.sold(departure, pay=CASH)
        assert others.news()
        heard.clear()
        between.meet(two)
        assert heard == [] and others.news() == ()  # what was done here was heard when it was done
    two.services.upkeep.note_told()
    assert two.services.upkeep.tell_again() == 0


def test_nothing_that_came_goes_out_again(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, departure = desks
    one.sold(departure, pay=CASH)
    last = standing(two).last_op
    between.meet(one, two)
    assert standing(two).last_op == last
    assert between.tell(two) == []
    two.traveller("Somebody else")
    (op,) = between.tell(two)
    assert {change.table for change in op.changes} == {"travellers", "audit"}


def test_what_an_op_had_seen_goes_with_it(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, departure = desks
    one.sold(departure, pay=CASH)
    between.meet(one, two)
    two.traveller("Somebody else")
    assert value(two.database.path, "SELECT seen FROM ops ORDER BY op_no DESC LIMIT 1") == len(between.ops)


# what is passed by


def test_what_this_desk_did_itself_is_passed_by(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    _one, two, departure = desks
    two.sold(departure, pay=CASH)
    between.tell(two)
    before = as_it_stands(two), value(two.database.path, "SELECT count(*) FROM changes")
    assert between.take(two) == 0
    assert (as_it_stands(two), value(two.database.path, "SELECT count(*) FROM changes")) == before
    assert standing(two).cursor == len(between.ops)


def test_a_change_for_one_desk_is_written_there_alone(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    one, two, _departure = desks
    here = standing(two).desk_id
    between.add(here, 90, titled(two, "as the hub has it", for_desk=here))
    between.add(standing(one).desk_id, 90, titled(two, "not for here", for_desk=standing(one).desk_id))
    between.take(two)
    assert title_of(two) == "as the hub has it"
    assert title_of(one) != "as the hub has it"
    between.take(one)
    assert title_of(one) == "not for here"


def test_an_op_that_the_first_picture_had_is_passed_by_and_forgotten(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    _one, two, _departure = desks
    with raw(two.database.path) as db:
        db.execute("INSERT INTO already VALUES (?, 7), (?, 8)", (OTHER.hex, OTHER.hex))
    between.add(OTHER, 7, titled(two, "older than what is here"))
    assert between.take(two) == 0
    assert rows(two.database.path, "SELECT op_no FROM already") == [(8,)]
    between.add(OTHER, 7, titled(two, "another op of that number"))
    assert between.take(two) == 1


def test_a_page_that_comes_twice_is_written_once(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    _one, two, _departure = desks
    between.add(OTHER, 1, titled(two, "first"))
    between.take(two)
    between.add(OTHER, 2, titled(two, "second"))
    between.take(two)
    assert take(two, between.ops[:1], 1) == 0
    assert title_of(two) == "second"
    assert standing(two).cursor == 2


# what is written down


def test_a_row_leaves_one_change_however_often_it_was_changed(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    _one, two, _departure = desks
    before = value(two.database.path, "SELECT version FROM trips")
    for number in range(3):
        between.add(OTHER, number + 1, titled(two, f"no. {number}"))
    assert between.take(two) == 1
    ((kind, op_no, base, fields),) = rows(
        two.database.path, "SELECT kind, op_no, base_version, fields FROM changes"
    )
    assert (kind, op_no, base) == ("P", None, before + 2)
    assert json.loads(fields)["title"] == title_of(two) == "no. 2"
    assert two.services.check.run().problems == ()


def test_a_row_that_goes_and_one_that_comes_back(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    one, two, _departure = desks
    row = one.traveller("Short-lived").id.hex
    between.meet(one, two)
    gone = IncomingChange("travellers", row, "D", None)
    between.add(OTHER, 1, gone)
    between.take(two)
    assert rows(two.database.path, "SELECT kind FROM changes WHERE row_id = ? ORDER BY id", row) == [
        ("P",),
        ("X",),
    ]
    assert two.services.travellers.search(two.agent, "short-lived") == ()
    again = next(c for op in between.ops for c in op.changes if c.row_id == row and c.kind == "I")
    between.add(OTHER, 2, again)
    between.add(OTHER, 3, gone)
    between.add(OTHER, 4, again)
    between.add(OTHER, 5, again)
    between.take(two)
    assert value(two.database.path, "SELECT version FROM travellers WHERE id = ?", row) == 2
    between.add(OTHER, 6, gone)
    between.add(OTHER, 7, gone)
    assert between.take(two) == 1
    assert two.services.check.run().problems == ()


def test_who_read_a_row_before_does_not_write_over_what_came(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    _one, two, _departure = desks
    read = read_trip(two)
    between.add(OTHER, 1, titled(two, "theirs"))
    between.take(two)
    read.title = "mine"
    with pytest.raises(ChangedMeanwhile):
        save(two, read)
    assert title_of(two) == "theirs"


def test_columns_that_stay_at_home_stay_as_they_are(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    _one, two, departure = desks
    two.sold(departure, pay=CASH, adult=2)
    between.tell(two)
    grant = value(two.database.path, "SELECT id FROM grants WHERE desk_id = ?", SECOND.hex)
    between.add(OTHER, 1, IncomingChange("grants", grant, "U", {"seats": 4}))
    between.take(two)
    assert rows(two.database.path, "SELECT seats, taken FROM grants WHERE id = ?", grant) == [(4, 2)]
    between.add(OTHER, 2, IncomingChange("grants", grant, "U", {"taken": 0}))
    with pytest.raises(UnknownHere, match="taken"):
        between.take(two)


# what is refused


def test_a_page_waits_for_what_was_done_here_and_not_told(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    _one, two, _departure = desks
    mine = read_trip(two)
    mine.title = "mine"
    save(two, mine)
    between.add(OTHER, 1, titled(two, "theirs"))
    before = as_it_stands(two), standing(two)
    with pytest.raises(OwnOpsPending):
        between.take(two)
    assert (as_it_stands(two), standing(two)) == before
    between.tell(two)
    between.take(two)
    assert title_of(two) == "theirs"


def test_other_rows_do_not_wait(desks: tuple[Desk, Desk, UUID], between: Between) -> None:
    _one, two, _departure = desks
    two.traveller("Told later")
    between.add(OTHER, 1, titled(two, "theirs"))
    assert between.take(two) == 1
    assert standing(two).acked < standing(two).last_op


def test_a_grant_that_was_written_off_waits_for_what_was_sold_from_it(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    """Lower than what was sold and raised again: in between no condition of the file holds, afterwards all do."""
    _one, two, departure = desks
    grant = value(two.database.path, "SELECT id FROM grants WHERE desk_id = ?", SECOND.hex)
    two.sold(departure, pay=CASH, adult=3)
    between.add(OTHER, 1, IncomingChange("grants", grant, "U", {"seats": 0}))
    with pytest.raises(OwnOpsPending):
        between.take(two)
    between.tell(two)
    between.add(OTHER, 2, IncomingChange("grants", grant, "U", {"seats": 3}))
    between.take(two)
    assert rows(two.database.path, "SELECT seats, taken FROM grants WHERE id = ?", grant) == [(3, 3)]
    with two.database.read() as view:
        assert view.connection.exec_driver_sql("PRAGMA ignore_check_constraints").scalar_one() == 0
    assert two.services.check.run().problems == ()


def test_a_row_that_is_unlike_one_here_is_not_written_and_said(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    _one, two, _departure = desks
    file = two.database.path
    with raw(file) as db:
        names = [row[1] for row in db.execute("PRAGMA table_info(users)") if row[1] != "version"]
        first = db.execute(f"SELECT {', '.join(names)} FROM users LIMIT 1").fetchone()
    like = dict(zip(names, first, strict=True)) | {"id": uuid4().hex}
    between.add(OTHER, 1, titled(two, "theirs"), IncomingChange("users", like["id"], "I", like))
    two.traveller("Not told")
    with pytest.raises(OwnOpsPending):
        between.take(two)
    between.tell(two)
    before = as_it_stands(two)
    with pytest.raises(RowInTheWay, match=r"users\.email"):
        between.take(two)
    assert as_it_stands(two) == before


def noted(desk: Desk, traveller: UUID) -> None:
    desk.services.notes.add(desk.agent, "Prefers the bow", traveller_id=traveller)


def removed(desk: Desk, traveller: UUID) -> None:
    with desk.database.write(Commit.TRAVELLER_SAVE, SYSTEM) as work:
        work.connection.exec_driver_sql("DELETE FROM travellers WHERE id = ?", (traveller.hex,))
        work.commit()


@pytest.mark.parametrize(("here", "there"), [(noted, removed), (removed, noted)])
def test_a_row_and_what_points_at_it_do_not_part(
    here: Callable[[Desk, UUID], None],
    there: Callable[[Desk, UUID], None],
    desks: tuple[Desk, Desk, UUID],
    between: Between,
) -> None:
    """The hub takes one of both; the other desk's page then finds its own row in the way, and says so before the commit
    would."""
    one, two, _departure = desks
    traveller = one.traveller("Noted and removed").id
    between.meet(one, two)
    here(two, traveller)
    there(one, traveller)
    between.tell(one)
    before = as_it_stands(two)
    with pytest.raises(OwnOpsPending):
        between.take(two)
    acknowledged(two)
    with pytest.raises(RowInTheWay, match="points at"):
        between.take(two)
    assert as_it_stands(two) == before


def acknowledged(desk: Desk) -> None:
    """The hub has an answer to everything, and it was no."""
    with desk.database.write(Commit.SYNC_PUSHED, SYSTEM) as work:
        outgoing = Outgoing(work.connection)
        outgoing.acknowledge(outgoing.standing().last_op)
        work.commit()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (IncomingChange("wishes", "x", "I", {"id": "x"}), UnknownHere, "no table wishes"),
        (IncomingChange("commands", "x", "U", {"name": "x"}), UnknownHere, "no table commands"),
        (IncomingChange("trips", "x", "U", {"colour": "red"}), UnknownHere, "no colour"),
        (IncomingChange("trips", "x", "Z", {"title": "x"}), UnknownHere, "neither"),
        (IncomingChange("trips", "x", "U", {"title": "x"}), RowMissing, "trips"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is_written(
    change: IncomingChange,
    error: type[Exception],
    words: str,
    desks: tuple[Desk, Desk, UUID],
    between: Between,
) -> None:
    _one, two, _departure = desks
    between.add(OTHER, 1, titled(two, "theirs"), change)
    before = as_it_stands(two), standing(two)
    with pytest.raises(error, match=words):
        between.take(two)
    assert (as_it_stands(two), standing(two)) == before
    two.traveller("The file is worked with")


def test_a_page_that_is_not_committed_was_never_there(
    desks: tuple[Desk, Desk, UUID], between: Between
) -> None:
    _one, two, _departure = desks
    between.add(OTHER, 1, titled(two, "theirs"))
    before = as_it_stands(two), standing(two)
    with two.database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        take_in(work, between.ops, 1)
    assert (as_it_stands(two), standing(two)) == before
