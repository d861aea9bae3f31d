"""The proof of disputes: each fault that is planted in the file or at the provider is found, and none where they
agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helpers.desk import Desk, desk_at
from helpers.disputed import closed as decide
from helpers.disputed import opened, sold
from helpers.raw import raw
from helpers.tampering import without_triggers
from travellr_desktop.domain import ledger
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services import posting
from travellr_desktop.storage.commits import Commit


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A dispute that is open, one that was lost, one that was won, and an inquiry."""
    with desk_at(tmp_path) as desk:
        opened(desk, sold(desk))
        for won in (False, True):
            ref = opened(desk, sold(desk))
            decide(desk, ref, won=won)
        opened(desk, sold(desk), inquiry=True)
        desk.services.listening.poll()
        yield desk


def kinds(desk: Desk) -> set[str]:
    return {problem.kind for problem in desk.services.check.run().problems}


def here(desk: Desk, table: str, sql: str) -> None:
    with raw(desk.profile.database) as file:
        file.row_factory = sqlite3.Row
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("PRAGMA ignore_check_constraints = ON")
        with without_triggers(file, table):
            assert file.execute(sql).rowcount >= 1


def test_disputes_that_agree_are_no_problem(desk: Desk) -> None:
    assert kinds(desk) == set()


HERE = {
    "its parts": ("dispute_parts", "UPDATE dispute_parts SET amount = amount - 1", "dispute.parts"),
    "its currency": (
        "disputes",
        "UPDATE disputes SET currency = 'USD' WHERE state = 'open'",
        "dispute.currency",
    ),
    "its state": ("disputes", "UPDATE disputes SET state = 'sold' WHERE state = 'open'", "dispute.state"),
    "an end that is not one": (
        "disputes",
        "UPDATE disputes SET ended_at = opened_at WHERE state = 'open'",
        "dispute.state",
    ),
    "a loss taken for a win": (
        "disputes",
        "UPDATE disputes SET state = 'won' WHERE state = 'lost'",
        "ledger.dispute",
    ),
    "money that was not taken": (
        "disputes",
        "UPDATE disputes SET taken_at = opened_at WHERE state = 'inquiry'",
        "ledger.dispute",
    ),
    "money that was": (
        "disputes",
        "UPDATE disputes SET taken_at = NULL WHERE state = 'open'",
        "ledger.dispute",
    ),
    "its fee": ("disputes", "UPDATE disputes SET fee = 1 WHERE state = 'open'", "ledger.dispute"),
    "an entry that is gone": ("ledger", "DELETE FROM ledger WHERE event = 'dispute_won'", "ledger.dispute"),
    "an entry of another account": (
        "ledger",
        "UPDATE ledger SET debit = 'bank' WHERE event = 'dispute_lost'",
        "ledger.dispute",
    ),
    "the wrong vendor": (
        "ledger",
        "UPDATE ledger SET vendor_id = (SELECT id FROM vendors) WHERE event = 'dispute_lost'",
        "ledger.dispute",
    ),
    "a dispute that is gone": ("disputes", "DELETE FROM disputes WHERE state = 'lost'", "provider.dispute"),
}


@pytest.mark.parametrize("what", HERE)
def test_what_was_changed_in_the_file_is_found(what: str, desk: Desk) -> None:
    table, sql, kind = HERE[what]
    here(desk, table, sql)
    assert kind in kinds(desk)


THERE = {
    "decided otherwise": "UPDATE disputes SET status = 'lost' WHERE status = 'won'",
    "another amount": "UPDATE disputes SET amount = amount - 1 WHERE status = 'needs_response'",
    "forgotten": "DELETE FROM disputes WHERE status = 'needs_response'",
}


@pytest.mark.parametrize("what", THERE)
def test_what_is_otherwise_at_the_provider_is_found(what: str, desk: Desk) -> None:
    with closing(sqlite3.connect(desk.profile.sandbox)) as there:
        there.execute("PRAGMA foreign_keys = OFF")
        assert there.execute(THERE[what]).rowcount == 1
        there.commit()
    assert "provider.dispute" in kinds(desk)


def test_a_dispute_that_nobody_has_heard_of_is_found(desk: Desk) -> None:
    opened(desk, sold(desk))
    assert kinds(desk) == {"provider.dispute"}
    desk.services.listening.poll()
    assert kinds(desk) == set()


def test_a_naive_reading_that_posts_each_time_takes_the_money_twice_and_is_seen(desk: Desk) -> None:
    """The control of `services.disputing`, which writes the difference to what is written already."""
    with desk.database.write(Commit.DISPUTE_RECORD, SYSTEM) as work:
        row = next(each for each in work.disputes.undecided() if each.taken_at is not None)
        whole = work.disputes.get_full(row.id)
        parts = {part.booking_id: Money(part.amount, row.currency) for part in whole.parts}
        posting.post(work, ledger.dispute_opened_entries(parts), payment_id=row.payment_id)
        work.commit()
    assert kinds(desk) == {"ledger.dispute"}
