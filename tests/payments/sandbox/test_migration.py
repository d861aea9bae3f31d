"""A sandbox's file of the first version is brought up to this one where it lies."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import stripe

from helpers.stripe_side import paid
from travellr_desktop.errors import StorageRefusal
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.store import Store
from travellr_desktop.payments.sandbox.store_tables import STEPS, VERSION

INTENT = "INSERT INTO intents (id, created, status, amount, currency, metadata, method_types, latest_charge) VALUES"
CHARGE = "INSERT INTO charges (id, intent, created, status, amount, refunded, currency, card) VALUES"
REFUND = "INSERT INTO refunds (id, intent, charge, created, status, amount, currency, metadata) VALUES"


@pytest.fixture
def old_file(sandbox_file: Path) -> Path:
    """Two payments, one of them declined at first; a refund that went through and one that failed later."""
    with closing(sqlite3.connect(sandbox_file)) as connection:
        for statement in STEPS[0].split(";\n"):
            connection.execute(statement)
        connection.executescript(
            f"""{INTENT} ('pi_1', 10, 'succeeded', 1000, 'eur', '{{"payment_id": "p1"}}', '["card"]', 'ch_2');
            {INTENT} ('pi_2', 11, 'requires_payment_method', 500, 'eur', '{{}}', '["card"]', NULL);
            {CHARGE} ('ch_1', 'pi_1', 10, 'failed', 1000, 0, 'eur', 'pm_card_visa_chargeDeclined');
            {CHARGE} ('ch_2', 'pi_1', 12, 'succeeded', 1000, 300, 'eur', 'pm_card_visa');
            {REFUND} ('re_1', 'pi_1', 'ch_2', 13, 'succeeded', 300, 'eur', '{{}}');
            {REFUND} ('re_2', 'pi_1', 'ch_2', 14, 'failed', 200, 'eur', '{{}}');
            INSERT INTO settings VALUES ('success_rate', '0.5');
            INSERT INTO faults (operation, kind, left) VALUES ('refunds.create', 'late', 1);
            PRAGMA user_version = 1;"""
        )
    return sandbox_file


def test_what_was_there_stays_and_gets_its_movements(
    old_file: Path, connect: Callable[..., stripe.V1Services], outside: SandboxControl
) -> None:
    api = connect()
    assert outside.settings().success_rate == 0.5 and len(outside.faults()) == 1
    intent = api.payment_intents.retrieve("pi_1", {"expand": ["latest_charge.balance_transaction"]})
    assert (intent.status, intent.customer, intent.metadata.to_dict()) == (
        "succeeded",
        None,
        {"payment_id": "p1"},
    )
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge) and charge.payment_method == "pm_card_visa"
    moved = [(one.type, one.amount, one.fee, one.created) for one in api.balance_transactions.list().data]
    assert moved[::-1] == [
        ("charge", 1_000, 0, 12),
        ("refund", -300, 0, 13),
        ("refund", -200, 0, 14),
        ("refund_failure", 200, 0, 14),
    ]
    assert outside.balances() == {"eur": 700} and outside.problems() == ()


def test_it_goes_on_from_there(
    old_file: Path, connect: Callable[..., stripe.V1Services], outside: SandboxControl
) -> None:
    api = connect()
    outside.disarm()
    api.refunds.create({"payment_intent": "pi_1", "amount": 700})
    assert api.payment_intents.confirm("pi_2", {"payment_method": "pm_card_visa"}).status == "succeeded"
    paid(api, 2_000)
    assert outside.counts().charges == 3


def test_both_ways_to_a_file_of_this_version_have_the_same_tables(old_file: Path, tmp_path: Path) -> None:
    def tables(path: Path) -> str:
        Store(path).close()
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone()[0] == VERSION
            rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        return json.dumps(rows)

    assert tables(old_file) == tables(tmp_path / "new.db")


def test_a_file_that_cannot_be_brought_up_is_left_as_it_was(old_file: Path) -> None:
    with closing(sqlite3.connect(old_file)) as connection:
        connection.execute("CREATE TABLE payouts (in_the_way)")
    with pytest.raises(StorageRefusal):
        Store(old_file)
    with closing(sqlite3.connect(old_file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert "customers" not in names
