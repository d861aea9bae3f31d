"""What the file refuses of disputes, tried by raw SQL; and that one program at a time listens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.desk import CARD, desk_at
from helpers.raw import copied, raw
from helpers.refused import NEW, NOW
from helpers.whole import fill_the_rest
from travellr_desktop.domain.states import TRANSITIONS, DisputeState
from travellr_desktop.storage.workers import Workers

THAT = "(SELECT id FROM disputes)"
PAID = "(SELECT payment_id FROM disputes)"
DECLINED = "(SELECT id FROM payments WHERE state = 'failed')"


def dispute(payment: str = PAID, currency: str = "'EUR'", ref: str = "'du_2'", amount: str = "100") -> str:
    return (
        "INSERT INTO disputes (id, version, ref, payment_id, amount, currency, fee, fee_currency, reason, state, "
        f"opened_at) VALUES ({NEW}, 1, {ref}, {payment}, {amount}, {currency}, 0, 'EUR', 'general', 'open', {NOW})"
    )


def part(amount: str, booking: str) -> str:
    return (
        f"INSERT INTO dispute_parts (id, version, dispute_id, booking_id, amount) VALUES ({NEW}, 1, {THAT}, "
        f"{booking}, {amount})"
    )


OTHERS = "(SELECT id FROM bookings WHERE id NOT IN (SELECT booking_id FROM dispute_parts))"
TAKEN = f"UPDATE disputes SET taken_at = {NOW}, version = version + 1"

REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "a dispute of what was not paid": ((dispute(DECLINED),), "only what was paid"),
    "a dispute in another currency": ((dispute(currency="'USD'"),), "only what was paid"),
    "a dispute of nothing": ((dispute(amount="0"),), "amount_positive"),
    "a dispute twice": ((dispute(ref="(SELECT ref FROM disputes)"),), "disputes is there already"),
    "another payment": (
        (f"UPDATE disputes SET payment_id = {DECLINED}, version = version + 1",),
        "stays about",
    ),
    "another ref": (("UPDATE disputes SET ref = 'du_x', version = version + 1",), "stays about"),
    "another amount once it was taken": (
        (TAKEN, "UPDATE disputes SET amount = amount - 1, version = version + 1"),
        "stays about",
    ),
    "a part of another booking": ((part("0", OTHERS),), "what its payment was for"),
    "parts beyond the dispute": (
        ("UPDATE dispute_parts SET amount = amount + 1, version = version + 1",),
        "parts beyond",
    ),
    "another part once it was taken": (
        (TAKEN, "UPDATE dispute_parts SET amount = 1, version = version + 1"),
        "stays as it was disputed",
    ),
    "a part less than nothing": (
        ("UPDATE dispute_parts SET amount = -1, version = version + 1",),
        "amount_not_negative",
    ),
    "a dispute that is deleted": (("DELETE FROM disputes",), "never deleted"),
    "a part that is deleted": (("DELETE FROM dispute_parts",), "never deleted"),
    "a second cursor": (
        (f"INSERT INTO event_cursor (one, since, heard_at) VALUES (2, {NOW}, {NOW})",),
        "one_row",
    ),
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's file with an inquiry about one of two sales, and a payment that was declined."""
    folder = tmp_path_factory.mktemp("disputed")
    with desk_at(folder) as desk:
        departure = desk.add_departure(capacity=8)
        sale = desk.sold(departure, pay=CARD)
        fill_the_rest(desk, departure, sale.bookings[0].id)
        desk.sold(departure, pay=type(CARD)(CARD.way, "pm_card_visa_chargeDeclined"))
    return folder / "travellr.db"


@pytest.fixture
def file(books: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with raw(copied(books, tmp_path / "travellr.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # what is tried is what the triggers refuse
        yield connection


@pytest.mark.parametrize("what", REFUSED)
def test_the_file_refuses(what: str, file: sqlite3.Connection) -> None:
    (*before, last), words = REFUSED[what]
    for statement in before:
        file.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match=words):
        file.execute(last)


def test_the_file_takes_what_is_right(file: sqlite3.Connection) -> None:
    assert file.execute("UPDATE dispute_parts SET amount = 99, version = version + 1").rowcount == 1
    assert file.execute("UPDATE disputes SET amount = 99, version = version + 1").rowcount == 1
    assert file.execute(dispute()).rowcount == 1


@pytest.mark.parametrize("before", DisputeState)
@pytest.mark.parametrize("after", DisputeState)
def test_states_move_as_the_rules_say(
    before: DisputeState, after: DisputeState, file: sqlite3.Connection
) -> None:
    if before is after:
        return
    (body,) = file.execute("SELECT sql FROM sqlite_master WHERE name = 'disputes_1'").fetchone()
    file.execute("DROP TRIGGER disputes_1")
    file.execute("UPDATE disputes SET state = ?, version = version + 1", (before,))
    file.execute(body)
    step = "UPDATE disputes SET state = ?, version = version + 1"
    if after in TRANSITIONS[DisputeState][before]:
        assert file.execute(step, (after,)).rowcount == 1
    else:
        with pytest.raises(sqlite3.IntegrityError, match="no such step"):
            file.execute(step, (after,))


def test_one_program_does_what_only_one_may_until_it_ends(tmp_path: Path) -> None:
    first, second = Workers(tmp_path), Workers(tmp_path)
    try:
        assert first.only("events")
        assert first.only("events")
        assert not second.only("events")
        assert second.only("something else")
        first.leave("events")
        assert second.only("events")
        assert not first.only("events")
        second.leave("events")
        assert first.only("events")
        first.close()
        assert second.only("events")
    finally:
        second.close()
