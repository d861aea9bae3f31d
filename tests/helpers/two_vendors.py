"""A hub in which everything has something of another vendor's, or of the agency's: what a vendor must never read is
marked, in every column of every table, so that whatever comes back to them can be searched for it.

Rows come in two families, one row a table: `ours` is the vendor's who looks, `theirs` another one's. In a row of `ours`
the columns that a vendor does not see are marked too. Constraints of values are taken off before the rows are made: a
mark is none of the states that a booking may have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from helpers.postgres import Central, fresh_database
from postgres import Postgres
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.installing import install
from travellr_desktop.sync.central.members import SignIn, add_user

Connection = psycopg.Connection[Any]

MARKED = re.compile(r"SECRET|deadbeef|7777\d{5}|1907-\d\d")
"""What is not ours, as a text, an id, a number or a day."""

_OWN_TABLES = ("state", "migrations", "tables", "vendor_tables", "vendor_paths", "left_view")
"""Of the hub's own those that say nothing of anybody."""


@dataclass
class TwoVendors:
    """`admin` is the superuser's; `vendor` the sign-in of who looks."""

    central: Central
    admin: Connection
    sign_in: SignIn
    ours: Mapping[str, UUID]
    theirs: Mapping[str, UUID]
    seen: Mapping[str, list[str]]

    @contextmanager
    def looking(self, **parameters: str) -> Iterator[Connection]:
        """A connection of the vendor's person."""
        url = self.central.url(self.sign_in.login, self.sign_in.password, **parameters)
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            yield connection

    def one(self, query: str, *values: object) -> Any:
        found = self.admin.execute(query, values).fetchone()
        return None if found is None else found[0]


@contextmanager
def two_vendors(cluster: Postgres) -> Iterator[TwoVendors]:
    """A hub of its own, with nobody connected but its administrator."""
    with fresh_database(cluster) as central, closing(central.connect()) as admin:
        office = Administrator(admin, Roles.of(admin))
        install(office)
        made = _fill(admin)
        admin.execute("UPDATE agency.users SET role = 'vendor', active = true, must_change = false")
        admin.execute(
            "UPDATE agency.users SET email = 'ours@boka.example' WHERE id = %s", (made[0]["users"],)
        )
        sign_in = add_user(office, "ours@boka.example", login=f"{central.name}_ours")
        admin.execute("VACUUM ANALYZE")
        seen = dict(admin.execute("SELECT name, columns FROM hub.vendor_tables").fetchall())
        yield TwoVendors(central, admin, sign_in, *made, seen)


def marked(value: object) -> list[str]:
    """The marks in whatever came back."""
    return MARKED.findall(value if isinstance(value, str) else repr(value))


def _fill(admin: Connection) -> tuple[dict[str, UUID], dict[str, UUID]]:
    for table, check in admin.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint WHERE contype = 'c' "
        "AND connamespace IN ('agency'::regnamespace, 'hub'::regnamespace)"
    ).fetchall():
        admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
    tables = _columns(admin)
    points = {
        (schema, table, column): to
        for schema, table, column, to in admin.execute(
            "SELECT r.relnamespace::regnamespace::text, r.relname, a.attname, f.relname FROM pg_constraint c "
            "JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid "
            "JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'"
        )
    }
    seen = dict(admin.execute("SELECT name, columns FROM hub.vendor_tables").fetchall())
    agency = sorted(table for schema, table in tables if schema == "agency")
    ours = {
        name: UUID(f"{'00000000' if name in seen else 'deadbeef'}-0001-4000-8000-{number:012d}")
        for number, name in enumerate(agency, 1)
    }
    theirs = {name: UUID(f"deadbeef-0000-4000-8000-{number:012d}") for number, name in enumerate(agency, 1)}
    admin.execute("SET session_replication_role = replica")
    for number, ((schema, table), columns) in enumerate(tables.items()):
        if schema == "hub" and table in _OWN_TABLES:
            continue
        for family in (ours, theirs) if schema == "agency" else (theirs,):
            row: dict[str, object] = {}
            for place, (column, kind) in enumerate(columns):
                mine = family is ours and column in seen.get(table, ())
                to = points.get((schema, table, column))
                if kind == "uuid":
                    foreign = UUID(int=(0xDEADBEEF << 96) + number * 100 + place + (family is ours) * 50)
                    own = column == "id" and schema == "agency"
                    row[column] = family[table] if own else family.get(to or "", foreign)
                    if family is ours and not (mine or own):
                        row[column] = foreign
                else:
                    row[column] = _value(
                        kind, table, column, number * 100 + place + (family is ours) * 50, mine=mine
                    )
            if table == "bookings" and family is theirs:
                row["sale_id"] = ours["sales"]  # one basket, two vendors
            if table == "payouts" and family is ours:
                row["root_id"] = ours["payouts"]
            if table != "agencies" or family is ours:
                _insert(admin, schema, table, row)
    admin.execute("UPDATE agency.discounts SET own = (id = %s)", (theirs["discounts"],))
    admin.execute("UPDATE agency.ledger SET debit = 'vendor_payable' WHERE id = %s", (ours["ledger"],))
    _tell(admin, ours, theirs)
    admin.execute("RESET session_replication_role")
    return ours, theirs


def _columns(admin: Connection) -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, kind in admin.execute(
        "SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE n.nspname IN ('agency', 'hub') AND c.relkind = 'r' ORDER BY 1, 2, a.attnum"
    ):
        found.setdefault((schema, table), []).append((column, kind))
    return found


def _value(kind: str, table: str, column: str, number: int, *, mine: bool) -> object:
    match kind:
        case "text":
            return f"ours {table} {column}" if mine else f"SECRET {table} {column} {number}"
        case "text[]":
            return [f"SECRET {table} {column}"]
        case "bigint" | "integer":
            return 1 if mine else 777700000 + number
        case "boolean":
            return False
        case "date":
            return "2027-06-18" if mine else "1907-06-18"
        case "timestamp with time zone":
            return "2027-06-18T10:00:00Z" if mine else "1907-06-18T10:00:00Z"
        case "jsonb":
            return json.dumps({"v": f"SECRET {table} {column}"})
    raise AssertionError(f"{table}.{column} is of a kind that is not marked: {kind}")


def _insert(admin: Connection, schema: str, table: str, row: Mapping[str, object]) -> None:
    admin.execute(
        sql.SQL("INSERT INTO {}.{} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
            *map(sql.Identifier, (schema, table)),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        ),
        tuple(row.values()),
    )


def _tell(admin: Connection, ours: Mapping[str, UUID], theirs: Mapping[str, UUID]) -> None:
    """One published op that made all rows, of both, by a person of the agency."""
    admin.execute("TRUNCATE hub.changes")
    admin.execute("UPDATE hub.ops SET ord = 1, pub = 1, weight = 1, outcome = 'applied'")
    desk, op_no = admin.execute("SELECT desk_id, op_no FROM hub.ops").fetchall()[0]
    for family in (ours, theirs):
        for table, row in family.items():
            if (family, table) == (theirs, "agencies"):
                continue  # there is one
            admin.execute(
                "INSERT INTO hub.changes (desk_id, op_no, t, row_id, k, f) "
                "VALUES (%s, %s, %s, %s, 'I', hub.image(%s, %s))",
                (desk, op_no, table, row, table, row),
            )
    admin.execute("UPDATE hub.state SET last_pub = 1")
