"""Somebody who tries, with SQL of their own, to read what is not theirs, and keeps everything that ever came back:
rows, names of columns, what errors and notices say, notifications. All of it is searched for the marks of
`helpers.two_vendors`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from helpers.two_vendors import TwoVendors, marked

DENIED = "42501"

RELATIONS = (
    "SELECT format('%I.%I', n.nspname, c.relname), (SELECT array_agg(quote_ident(a.attname)) FROM pg_attribute a "
    "WHERE a.attrelid = c.oid AND NOT a.attisdropped) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'v', 'm', 'S', 'f', 'p', 't') AND c.relname NOT IN ('element_types', "
    "'data_type_privileges', 'pg_timezone_names') ORDER BY 1"
)
"""Every relation of the database with its columns, those of the system too, but for three that say nothing of rows and
take longer than all others."""

FUNCTIONS = (
    "SELECT format('%I.%I', n.nspname, p.proname), ARRAY(SELECT format_type(t, NULL) "
    "FROM unnest(p.proargtypes) WITH ORDINALITY AS x (t, i) ORDER BY i), p.prorettype = 'trigger'::regtype "
    "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('api', 'hub') ORDER BY 1"
)


@dataclass
class Spy:
    """`heard` is everything that came back so far, each once; `last` what came last."""

    hub: TwoVendors
    connection: psycopg.Connection[Any]
    heard: dict[str, None] = field(default_factory=dict)
    last: str = ""

    def __post_init__(self) -> None:
        self.connection.add_notice_handler(self._told)
        self.connection.add_notify_handler(lambda notify: self.hear(repr(notify)))

    def hear(self, said: str) -> None:
        self.heard[said] = None
        self.last = said

    def attempt(self, query: str, *values: object) -> str:
        """Run it, whatever it is; the SQLSTATE of what went wrong, or empty."""
        try:
            cursor = self.connection.execute(query, values or None)
            while True:
                if cursor.description is not None:
                    self.hear(repr([column.name for column in cursor.description]))
                    self.hear(repr(cursor.fetchall()))
                if not cursor.nextset():
                    return ""
        except psycopg.Error as error:
            self._told(error.diag)
            return error.sqlstate or "?"

    def copy(self, query: str) -> str:
        """Have it copied out; the SQLSTATE as above."""
        try:
            with self.connection.cursor().copy(query) as copy:
                self.hear(repr(b"".join(bytes(block) for block in copy)))
        except psycopg.Error as error:
            self._told(error.diag)
            return error.sqlstate or "?"
        return ""

    def _told(self, diag: psycopg.errors.Diagnostic) -> None:
        parts = (
            "message_primary",
            "message_detail",
            "message_hint",
            "context",
            "internal_query",
            "column_name",
        )
        self.hear(repr([getattr(diag, part) for part in parts]))

    def marks(self) -> set[str]:
        """What was heard that is not theirs to hear."""
        return {mark for said in self.heard for mark in marked(said)}

    def look_everywhere(self, *, only_ours: bool = False) -> dict[str, set[str]]:
        """Read every relation, whole, by column and by COPY; the marks that were found, by relation. `only_ours`: not
        those that every database has."""
        found: dict[str, set[str]] = {}
        for name, columns in self.hub.admin.execute(RELATIONS).fetchall():
            systems = name.startswith(("pg_catalog.", "information_schema."))
            if only_ours and systems:
                continue
            before = len(self.heard)
            if self.attempt(f"SELECT * FROM {name}"):
                for column in columns:
                    self.attempt(f"SELECT {column} FROM {name}")
            if not systems:
                readable = ", ".join(self.hub.seen.get(name.removeprefix("agency."), columns))
                self.copy(f"COPY (SELECT {readable} FROM {name}) TO STDOUT")
                self.copy(f"COPY {name} TO STDOUT")
            if marks := {mark for said in [*self.heard][before:] for mark in marked(said)}:
                found[name] = marks
        return found

    def call_everything(self) -> dict[str, str]:
        """Call every function of the hub's with other people's ids; those that were not denied, with what they said."""
        answered = {}
        for name, kinds, is_trigger in self.hub.admin.execute(FUNCTIONS).fetchall():
            for guess in range(3):
                arguments = ", ".join(self._guess(kind, guess) for kind in kinds)
                state = self.attempt(f"SELECT * FROM {name}({arguments})")
                if state != DENIED and not is_trigger:
                    answered[name] = state
        return answered

    def _guess(self, kind: str, guess: int) -> str:
        row = str(self.hub.theirs[("bookings", "payments", "travellers")[guess]])
        tables = ("bookings", "payments", "travellers")
        match kind:
            case "uuid":
                return f"'{row}'"
            case "text":
                return f"'{tables[guess]}'"
            case "bigint":
                return str((0, 1, 2**40)[guess])
            case "jsonb":
                return ("'[]'", f"""'[{{"t": "{tables[guess]}", "id": "{row}"}}]'""", "'{}'")[guess]
        return f"NULL::{kind}"

    def view(self) -> str:
        """One query for every row and column that are theirs to read."""
        return " UNION ALL ".join(
            "SELECT '{0}', row({1})::text FROM agency.{0}".format(
                table, ", ".join(f'"{column}"' for column in columns)
            )
            for table, columns in self.hub.seen.items()
        )


@contextmanager
def spying(hub: TwoVendors) -> Iterator[Spy]:
    with hub.looking() as connection:
        yield Spy(hub, connection)


def whole(hub: TwoVendors) -> dict[str, Any]:
    """What is in every table of the hub, in short: it stays so whatever is tried."""
    return {
        name: hub.one(f"SELECT md5(coalesce(string_agg(x::text, '|' ORDER BY x::text), '')) FROM {name} x")
        for (name,) in hub.admin.execute(
            "SELECT format('%I.%I', relnamespace::regnamespace, relname) FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace IN ('agency'::regnamespace, 'hub'::regnamespace)"
        ).fetchall()
    }
