"""The proof of the books of a desk among others: rows that came are proved too, and who wrote past is found."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.desk import CASH, Desk, desk_again
from helpers.raw import value
from helpers.tampering import by_hand, change, outbox_by_hand, take_away
from helpers.two_desks import SECOND, Between, two_desks


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second desk's profile: made of the hub's rows, sold at, and with what the first one sold since."""
    folder = tmp_path_factory.mktemp("met")
    with two_desks(folder) as (one, two, departure):
        between = Between()
        two.sold(departure, pay=CASH)
        one.sold(departure, pay=CASH)
        between.meet(one, two)
        one.cancel(one.sold(departure, pay=CASH, adult=1).bookings[0].id)
        between.meet(one, two)
    return folder / "two"


@pytest.fixture
def two(met: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(met, tmp_path / "two")
    with desk_again(tmp_path / "two") as desk:
        yield desk


def kinds(desk: Desk) -> set[str]:
    return {problem.kind for problem in desk.services.check.run().problems}


def an_id(desk: Desk, query: str) -> str:
    return str(value(desk.database.path, query, SECOND.hex))


THEIRS = "SELECT b.id FROM bookings b JOIN sales s ON s.id = b.sale_id WHERE s.desk_id <> ? LIMIT 1"
OURS = "SELECT b.id FROM bookings b JOIN sales s ON s.id = b.sale_id WHERE s.desk_id = ? LIMIT 1"
THEIR_ENTRY = "SELECT id FROM ledger WHERE desk_id <> ? ORDER BY seq LIMIT 1"


def test_the_books_of_both_are_proved(two: Desk) -> None:
    assert two.services.check.run().problems == ()
    assert value(two.database.path, "SELECT count(*) FROM changes WHERE kind = 'P'") > 20


@pytest.mark.parametrize("which", [THEIRS, OURS])
def test_a_row_that_was_written_over_is_found_wherever_it_came_from(which: str, two: Desk) -> None:
    with by_hand(two.database.path) as db:
        change(db, "bookings", an_id(two, which), "reference", "BK-2026-999999")
    assert "outbox.row" in kinds(two)


@pytest.mark.parametrize("which", [THEIRS, OURS])
def test_a_row_that_was_taken_away_is_found(which: str, two: Desk) -> None:
    with by_hand(two.database.path) as db:
        take_away(db, "bookings", an_id(two, which))
    assert "outbox.row" in kinds(two)


def test_a_chain_of_another_desk_is_proved(two: Desk) -> None:
    with by_hand(two.database.path) as db:
        take_away(db, "ledger", an_id(two, THEIR_ENTRY))
    assert {kind.partition(".")[0] for kind in kinds(two)} >= {"ledger", "outbox"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET op_no = NULL WHERE op_no = 1",
        "UPDATE changes SET op_no = 1 WHERE kind = 'P'",
        "DELETE FROM changes WHERE op_no = 1",
        "DELETE FROM ops WHERE op_no = 2",
        "UPDATE this_desk SET acked = 0, next_op = next_op + 1",
    ],
)
def test_an_outbox_that_was_changed_is_found(statement: str, two: Desk) -> None:
    with outbox_by_hand(two.database.path) as db:
        db.execute(statement)
    assert "outbox.op" in kinds(two)


def test_ops_that_neither_the_file_nor_the_hub_has_are_missed(two: Desk) -> None:
    """The file was made of the hub's rows, so its ops begin where the hub's knowledge ends, and not later."""
    with outbox_by_hand(two.database.path) as db:
        for statement in (
            "DELETE FROM changes WHERE op_no = 1",
            "DELETE FROM ops WHERE op_no = 1",
        ):
            db.execute(statement)
    assert "outbox.op" not in kinds(two)
    with outbox_by_hand(two.database.path) as db:
        db.execute("UPDATE this_desk SET acked = 0")
    assert "outbox.op" in kinds(two)


def test_a_file_with_a_history_of_its_own_has_a_record_of_every_row(two: Desk) -> None:
    """The negative control: what a first sync brought is taken at its word in a file that says that it had one."""
    with outbox_by_hand(two.database.path) as db:
        db.execute("UPDATE this_desk SET first_synced = 0")
    assert "outbox.row" in kinds(two)
