"""`travellr generate`: whole or not at all, the same for the same seed, and right."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from helpers.clock import START, HandClock
from helpers.desk import open_at
from travellr_desktop.demo.large.make import Generated, NotEmpty, Progress, generate
from travellr_desktop.demo.mark import PASSWORD
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import Cancelled, InvalidInput
from travellr_desktop.paths import Profile
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.repositories.ledger import row_hash
from travellr_desktop.storage.seal import body_hash

BOOKINGS, VENDORS = 500, 5


def quiet(done: int, total: int, words: str) -> None:
    assert 0 <= done <= total
    assert words


def make(folder: Path, seed: int = 1, **more: Any) -> Generated:
    given = {"bookings": BOOKINGS, "vendors": VENDORS, "now": START, "said": quiet, **more}
    return generate(Profile.at(folder), seed=seed, **given)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return make(tmp_path_factory.mktemp("large"))


def rows(made: Generated, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(made.folder / "travellr.db")) as db:
        return db.execute(sql).fetchall()


WHAT = (
    "SELECT b.reference, b.voucher_code, b.price, b.state, b.created_at, t.name, t.email, r.title "
    "FROM bookings b JOIN travellers t ON t.id = b.traveller_id JOIN trips r ON r.id = b.trip_id ORDER BY 1"
)


def test_there_are_as_many_bookings_as_were_asked_for_and_the_books_are_right(made: Generated) -> None:
    assert made.bookings == BOOKINGS
    assert rows(made, "SELECT count(*) FROM bookings") == [(BOOKINGS,)]
    assert made.bytes == (made.folder / "travellr.db").stat().st_size
    program = open_at(made.folder, HandClock(START))
    try:
        assert program.services.check.run().problems == ()
        with program.database.read() as view:
            chain = list(view.ledger.chain(view.agency.this_desk().id))
        assert all(row.hash == row_hash(row) for row in chain)
        assert len(chain) > BOOKINGS
        who = program.services.users.sign_in("ana.vukovic@bokatrips.example", PASSWORD)
        assert who.actor.name == "Ana Vuković"
    finally:
        program.close()


def test_ops_are_sealed_over_the_changes_they_have(made: Generated) -> None:
    with closing(sqlite3.connect(made.folder / "travellr.db")) as db:
        db.row_factory = sqlite3.Row
        for op_no, sealed in db.execute(
            "SELECT op_no, body_hash FROM ops ORDER BY op_no DESC LIMIT 50"
        ).fetchall():
            changes = db.execute("SELECT * FROM changes WHERE op_no = ? ORDER BY id", (op_no,)).fetchall()
            assert body_hash([_Change(**row) for row in changes]) == sealed


class _Change:
    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)


def test_bookings_end_in_every_way_and_travellers_come_again(made: Generated) -> None:
    states = Counter(state for (state,) in rows(made, "SELECT state FROM bookings"))
    assert states.keys() >= {"completed", "confirmed", "cancelled", "no_show"}
    assert states["completed"] > BOOKINGS / 2
    again = "SELECT count(*) FROM (SELECT 1 FROM sales GROUP BY traveller_id HAVING count(*) > 1)"
    assert rows(made, again) > [(0,)]
    assert rows(made, "SELECT count(*) FROM refunds") > [(0,)]
    assert rows(made, "SELECT count(*) FROM departures WHERE starts_at > '2026-06-18'") > [(0,)]
    assert rows(
        made, "SELECT count(*) FROM outbox_events WHERE timestamp < '2026-05-18' AND worker = 'generate'"
    ) == [(0,)]
    assert rows(made, "SELECT count(*) FROM outbox_events WHERE published_at IS NULL") == [(0,)]


def test_nothing_happens_after_it_was_made(made: Generated) -> None:
    end = (START - timedelta(hours=1)).isoformat()
    by_hand = "name <> 'user.sign_in'"  # a test before has signed in
    for table, column, more in (
        ("ops", "at", by_hand),
        ("bookings", "created_at", "1"),
        ("ledger", "at", "1"),
    ):
        assert rows(made, f"SELECT count(*) FROM {table} WHERE {column} > '{end}' AND {more}") == [(0,)], (
            table
        )


def test_the_same_seed_gives_the_same_and_another_gives_another(made: Generated, tmp_path: Path) -> None:
    assert rows(make(tmp_path / "same"), WHAT) == rows(made, WHAT)
    assert rows(make(tmp_path / "other", seed=2), WHAT) != rows(made, WHAT)


def test_the_next_sale_goes_on_where_it_ends(tmp_path: Path) -> None:
    made = make(tmp_path, bookings=60)
    program = open_at(tmp_path, HandClock(START))
    try:
        with program.database.write(Commit.SALE_PLACE, SYSTEM) as work:
            (number,) = work.selling.take_numbers(work.desk_id, 2026, {"BK": 1})["BK"]
        assert (number,) not in rows(made, "SELECT reference FROM bookings")
    finally:
        program.close()


def test_a_profile_that_holds_something_is_left_untouched(made: Generated) -> None:
    before = (made.folder / "travellr.db").stat()
    with pytest.raises(NotEmpty):
        make(made.folder)
    after = (made.folder / "travellr.db").stat()
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)


def test_one_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int, words: str) -> None:
        if words == "Bookings" and done > 50:
            raise Cancelled

    with pytest.raises(Cancelled):
        make(tmp_path, said=stop)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert make(tmp_path, bookings=50).bookings == 50


@pytest.mark.parametrize(
    ("field", "wrong"), [("bookings", 0), ("bookings", 10**9), ("vendors", 0), ("vendors", 10**6)]
)
def test_counts_that_make_no_agency_are_refused(tmp_path: Path, field: str, wrong: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        make(tmp_path, **{field: wrong})
    assert refused.value.field == field
    assert not (tmp_path / "travellr.db").exists()


def test_the_command_prints_one_document(tmp_path: Path) -> None:
    options = ["--bookings", "40", "--vendors", "2", "--json", "--profile", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "travellr_desktop", "generate", *options],
        capture_output=True,
        check=False,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert (said["ok"], said["bookings"]) == (True, 40)
    assert said["bytes"] == (tmp_path / "travellr.db").stat().st_size
    assert "Bookings" in done.stderr


def test_progress_is_said_now_and_then_and_at_the_end() -> None:
    stream = StringIO()
    said = Progress(stream)
    for done in range(1001):
        said(done, 1000, "Bookings")
    assert stream.getvalue().splitlines() == ["Bookings: 0 of 1,000", "Bookings: 1,000 of 1,000"]
