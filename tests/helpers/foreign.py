"""What of a hub is not for one vendor's eyes: every value there is, but for those that they see; and where it lies all
the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import psycopg

from travellr_desktop.domain.text import search_text
from travellr_desktop.sync.hub import Hub

LEAST = 6
"""Shorter texts are words of the program as well: states, codes of currencies."""

MARK = "SECRET"


def mark_hidden(admin: psycopg.Connection[Any], seen: Mapping[str, Iterable[str]]) -> int:
    """Write a mark into every text that the vendor does not see of rows that they do, where a condition allows it.
    Returns into how many columns."""
    count = 0
    admin.execute("SET session_replication_role = replica")
    columns = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'agency' AND data_type = 'text' ORDER BY 1, 2"
    )
    for table, column in admin.execute(columns).fetchall():
        if column in seen.get(table, ()):
            continue
        try:
            with admin.transaction():
                value = f"{MARK} {table} {column} "
                found = admin.execute(
                    f"UPDATE agency.{table} SET {column} = %s || id::text WHERE {column} NOT LIKE '{{%%' "
                    f"AND {column} NOT LIKE '[%%'",
                    (value,),
                )
            count += found.rowcount > 0
        except psycopg.errors.CheckViolation:
            continue
    admin.execute("RESET session_replication_role")
    return count


def foreign(admin: psycopg.Connection[Any], hub: Hub) -> set[str]:
    """Ids and texts of the hub that the person of `hub` does not see. Ids as 32 digits. Which hub it is, they are told;
    and what a traveller is found by is made of what they see of them."""
    with hub.picture_mine() as picture:
        visible = {
            str(value)
            for table in picture.columns
            for row in picture.rows(table)
            for value in row
            if value is not None
        }
        found_by = [
            search_text(row[names.index("name")] or "", phone=row[names.index("phone")] or "")
            for names in (list(picture.columns["travellers"]),)
            for row in picture.rows("travellers")
        ]
    visible |= {hub.hello().hub_id.hex, *found_by}
    shown = "\n".join(visible)
    return {text for text in _everything(admin) if len(text) >= LEAST and text not in shown}


def _everything(admin: psycopg.Connection[Any]) -> Iterator[str]:
    tables = admin.execute(
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema IN ('agency', 'hub') AND table_type = 'BASE TABLE' "
        "AND table_name NOT IN ('migrations', 'tables', 'vendor_tables', 'vendor_paths', 'state')"
    ).fetchall()
    for schema, table in tables:
        for row in admin.execute(f"SELECT * FROM {schema}.{table}"):
            for value in row:
                match value:
                    case UUID():
                        yield value.hex
                    case str():
                        yield value


def lies_in(files: Mapping[str, bytes], values: Iterable[str], beside: bytes = b"") -> list[str]:
    """Which of these lie in the files, in any form in which they could be written; not those that also lie in
    `beside`, a file with nothing in it."""
    found = []
    for value in sorted(values):
        for form in _forms(value):
            if form in beside:
                continue
            found += [f"{name}: {value}" for name, content in files.items() if form in content]
    return found


def _forms(value: str) -> Iterator[bytes]:
    yield value.encode()
    if len(value) == 32 and all(digit in "0123456789abcdef" for digit in value):
        yield UUID(value).bytes
        yield str(UUID(value)).encode()
    elif not value.isascii():
        yield value.encode("utf-16-le")
