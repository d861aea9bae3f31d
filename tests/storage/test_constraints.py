"""What the models say that the database refuses stands in the file. Alembic compares columns and indexes, no CHECKs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import CheckConstraint
from sqlalchemy.dialects import sqlite

import travellr_desktop.storage.models  # noqa: F401 - fills the metadata
from helpers.desk import desk_at
from helpers.raw import rows
from travellr_desktop.domain.ledger import Account
from travellr_desktop.storage.base import Base


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as the migrations make it."""
    folder = tmp_path_factory.mktemp("made")
    with desk_at(folder):
        pass
    return folder / "travellr.db"


def in_models() -> dict[tuple[str, str], str]:
    """Condition by table and name, of what stands in a desk's file."""
    return {
        (table.name, str(check.name)): _plain(
            str(check.sqltext.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        )
        for table in Base.metadata.tables.values()
        if table.info.get("where") != "hub"
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }


def in_file(file: Path) -> dict[tuple[str, str], str]:
    found = {}
    for table, sql in rows(file, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        for made in re.finditer(r"CONSTRAINT (ck_\w+) CHECK \(", sql or ""):
            found[table, made[1]] = _plain(_to_its_end(sql[made.end() :]))
    return found


def _to_its_end(text: str) -> str:
    depth = 1
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            return text[:at]
    raise AssertionError(text)


def _plain(condition: str) -> str:
    """Without what no database looks at; values of a list in one order."""
    short = re.sub(r"\s+", "", condition).casefold()
    return re.sub(r"in\(([^()]*)\)", lambda made: f"in({sorted(made[1].split(','))})", short)


def different(
    models: Mapping[tuple[str, str], str], made: Mapping[tuple[str, str], str]
) -> dict[str, object]:
    return {
        f"{table}.{name}": (models.get((table, name)), made.get((table, name)))
        for table, name in models.keys() | made.keys()
        if models.get((table, name)) != made.get((table, name))
    }


def test_the_file_refuses_what_the_models_say(file: Path) -> None:
    models = in_models()
    assert len(models) > 60
    assert different(models, in_file(file)) == {}


def test_a_condition_that_was_left_behind_is_found(file: Path) -> None:
    """The negative control: a value more in the models than in the file."""
    models = in_models()
    wider = models["ledger", "ck_ledger_debit_known"].replace("'till'", "'till','strongbox'")
    assert different({**models, ("ledger", "ck_ledger_debit_known"): wider}, in_file(file)).keys() == {
        "ledger.ck_ledger_debit_known"
    }


def test_the_ledger_takes_each_account_and_no_other(file: Path) -> None:
    (made,) = rows(file, "SELECT sql FROM sqlite_schema WHERE name = 'ledger'")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(made[0])
        columns = [column[1] for column in connection.execute("PRAGMA table_info(ledger)")]

        def add(debit: str) -> None:
            other = Account.TILL if debit != Account.TILL else Account.SAFE
            values = {**{column: uuid4().hex for column in columns}, "amount": 1}
            values |= {"debit": debit, "credit": other.value}
            marks = ", ".join("?" * len(values))
            connection.execute(
                f"INSERT INTO ledger ({', '.join(values)}) VALUES ({marks})", list(values.values())
            )

        for account in Account:
            add(account.value)
        with pytest.raises(sqlite3.IntegrityError, match="ck_ledger_debit_known"):
            add("strongbox")
