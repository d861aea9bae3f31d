"""A hub that is shared by a module's tests: each tells it ops as a desk would, in a transaction that is undone. In that
transaction a guard may be taken away, to see that it is what refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import pytest
from psycopg import sql

from helpers.postgres import Central, fresh_database
from helpers.told_hub import Json, Teller, ToldHub, tellers
from postgres import Postgres


class SittingAt:
    """The superuser's connection, used as somebody else's."""

    def __init__(self, admin: psycopg.Connection[Any], login: str) -> None:
        self._admin, self._login = admin, login

    def execute(self, query: Any, values: Any = None) -> psycopg.Cursor[Any]:
        with self._admin.transaction():
            self._admin.execute(
                sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(sql.Identifier(self._login))
            )
            found = self._admin.execute(query, values)
            self._admin.execute("RESET SESSION AUTHORIZATION")
        return found

    def close(self) -> None:
        """It stays open: it is the superuser's."""


@dataclass
class Guarded:
    """`tellers` are the hub's desks, within the test's transaction."""

    hub: ToldHub
    tellers: list[Teller] = field(default_factory=list)

    def without(self, statement: str) -> None:
        """Take a guard away, by SQL, until the test ends."""
        self.hub.admin.execute(statement.encode())

    def functions_without(self, function: str, old: str, new: str = "true") -> None:
        """Have a function of the hub say something else in one place. Fails where it is not written so."""
        text: str = self.hub.one("SELECT pg_get_functiondef(%s::regproc)", function)
        assert text.count(old) == 1, f"{function} is not written so any more: {old}"
        self.hub.admin.execute(text.replace(old, new).encode())

    def fault(self, desk: int = 0) -> Json:
        """Why the last op of a desk was refused."""
        query = "SELECT fault FROM hub.ops WHERE desk_id = %s ORDER BY op_no DESC LIMIT 1"
        found: Json = self.hub.one(query, self.tellers[desk].desk)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def guarded_hub(cluster: Postgres, told_template: tuple[Central, dict[str, str]]) -> Iterator[ToldHub]:
    """Two desks, with 6 and 4 seats of the departure."""
    template, rows = told_template
    with fresh_database(cluster, template.name) as central, closing(central.connect()) as admin:
        hub = ToldHub(central, admin, [], [], grants=[], **rows)
        with tellers(hub, (6, 4)):
            yield hub


@pytest.fixture
def guarded(guarded_hub: ToldHub) -> Iterator[Guarded]:
    with undone(guarded_hub) as found:
        yield found


@contextmanager
def undone(hub: ToldHub) -> Iterator[Guarded]:
    with hub.admin.transaction(force_rollback=True):
        sitting: list[Any] = [SittingAt(hub.admin, one.login) for one in hub.sign_ins]
        pairs = zip(hub.tellers, sitting, strict=True)
        yield Guarded(hub, [replace(teller, connection=at) for teller, at in pairs])
