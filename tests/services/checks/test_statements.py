"""What is wrong with statements in a file that was changed by hand is found."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from helpers.desk import desk_again, desk_at
from helpers.raw import copied
from helpers.refunding import refunded
from helpers.statements import another, told, travelled
from helpers.tampering import by_hand, without_triggers

FILE = "travellr.db"
TABLES = ("statements", "statement_lines", "statement_entries", "payouts", "number_series")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of one vendor a statement that is carried, then one that is paid with it; of another one that is paid."""
    folder = tmp_path_factory.mktemp("books")
    with desk_at(folder) as desk:
        booking = travelled(desk)
        told(desk, pays=False)
        refunded(desk, booking, back=1_000)
        another(desk)
        travelled(desk)
        told(desk)
        assert desk.services.check.run().problems == ()
    return folder


@pytest.fixture
def folder(books: Path, tmp_path: Path) -> Path:
    for file in books.iterdir():
        if file.is_file():
            copied(file, tmp_path / file.name)
    return tmp_path


def kinds(folder: Path) -> set[str]:
    with desk_again(folder) as desk:
        return {problem.kind for problem in desk.services.check.run().problems}


PAID = "(SELECT max(id) FROM statements WHERE payout_id IS NOT NULL AND carried_in > 0)"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (f"UPDATE statements SET charges = charges + 1, total = total + 1 WHERE id = {PAID}", "sum"),
        (f"UPDATE statements SET total = total + 1 WHERE id = {PAID}", "sum"),
        (
            f"UPDATE statement_lines SET retail = retail + 1, net = net + 1 WHERE statement_id = {PAID}",
            "ledger",
        ),
        (f"DELETE FROM statement_entries WHERE statement_id = {PAID}", "ledger"),
        (f"UPDATE statements SET vendor_id = '{UUID(int=1).hex}' WHERE id = {PAID}", "owner"),
        (f"UPDATE statements SET currency = 'USD' WHERE id = {PAID}", "owner"),
        ("UPDATE payouts SET amount = amount + 1", "payout"),
        (f"UPDATE statements SET carried_in = 1 WHERE id = {PAID}", "carried"),
        (f"UPDATE statements SET payout_id = NULL WHERE id = {PAID}", "missing"),
        ("UPDATE number_series SET next = next + 1 WHERE kind = 'ST'", "gap"),
        (f"UPDATE statements SET number = 'ST-2026-000900' WHERE id = {PAID}", "number"),
    ],
)
def test_it_is_found(folder: Path, change: str, kind: str) -> None:
    with by_hand(folder / FILE) as connection, ExitStack() as out_of_the_way:
        for table in TABLES:
            out_of_the_way.enter_context(without_triggers(connection, table))
        assert connection.execute(change).rowcount > 0
    assert f"statement.{kind}" in kinds(folder)
