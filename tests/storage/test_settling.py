"""One field of one row, written once more by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.desk import Desk, desk_at
from helpers.raw import rows, value
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.settling import BY_HAND, Spot, by_hand, row_of, write_once_more
from travellr_desktop.storage.wire import synced, travelling


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_at(tmp_path) as desk:
        yield desk


def write(desk: Desk, spot: Spot, new: object, seen: object) -> bool:
    with desk.database.write(Commit.SYNC_SETTLED, desk.admin) as work:
        wrote = write_once_more(work, spot, new, seen=seen)
        work.commit()
    return wrote


def name(desk: Desk) -> Spot:
    return Spot("vendors", desk.vendor_id, "name")


def test_only_what_travels_and_describes_is_written_by_hand() -> None:
    for table, fields in BY_HAND.items():
        assert table in synced()
        assert fields <= set(travelling(table))
    for table in (
        "ledger",
        "bookings",
        "payments",
        "refunds",
        "payouts",
        "holds",
        "grants",
        "seats",
        "users",
    ):
        assert not any(by_hand(Spot(table, uuid4(), field)) for field in travelling(table))


def test_it_is_an_op_like_any_other(desk: Desk) -> None:
    ops = value(desk.database.path, "SELECT max(op_no) FROM ops")
    version = value(desk.database.path, "SELECT version FROM vendors")
    assert write(desk, name(desk), "Boka Lines", seen="Bokeška Plovidba")
    assert value(desk.database.path, "SELECT name FROM vendors") == "Boka Lines"
    assert value(desk.database.path, "SELECT version FROM vendors") == version + 1
    assert rows(desk.database.path, "SELECT name FROM ops WHERE op_no > ?", ops) == [("sync.settled",)]
    assert desk.services.check.run().problems == ()


def test_what_is_there_already_is_not_written_again(desk: Desk) -> None:
    assert not write(desk, name(desk), "Bokeška Plovidba", seen="anything")


def test_what_changed_since_it_was_seen_stays(desk: Desk) -> None:
    with pytest.raises(ChangedMeanwhile):
        write(desk, name(desk), "Boka Lines", seen="Another name")
    assert value(desk.database.path, "SELECT name FROM vendors") == "Bokeška Plovidba"


def test_a_row_that_is_gone_is_not_made(desk: Desk) -> None:
    with pytest.raises(NotFound):
        write(desk, Spot("vendors", uuid4(), "name"), "Boka Lines", seen="")


@pytest.mark.parametrize(
    ("table", "field"),
    [("departures", "capacity"), ("vendors", "version"), ("vendors", "no_such"), ("this_desk", "cursor")],
)
def test_what_more_follows_from_has_commands_of_its_own(desk: Desk, table: str, field: str) -> None:
    with pytest.raises(WrongState):
        write(desk, Spot(table, desk.vendor_id, field), 1, seen=2)


def test_the_database_has_the_last_word(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        write(desk, name(desk), "x" * 201, seen="Bokeška Plovidba")


def test_a_row_is_read_as_it_travels(desk: Desk) -> None:
    with desk.database.read() as view:
        found = row_of(view.connection, "vendors", desk.vendor_id)
        assert found is not None
        assert (found["name"], UUID(found["id"])) == ("Bokeška Plovidba", desk.vendor_id)
        assert "version" not in found
        assert row_of(view.connection, "vendors", uuid4()) is None
        with pytest.raises(InvalidInput):
            row_of(view.connection, "this_desk; --", desk.vendor_id)
