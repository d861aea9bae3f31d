"""The hub's tables are those of the models, column by column."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, UniqueConstraint, Uuid

from helpers.told_hub import ToldHub, told, told_template
from travellr_desktop.services.central.fields import DERIVED
from travellr_desktop.storage.base import Base, UtcDateTime
from travellr_desktop.storage.capture import LOCAL_COLUMNS
from travellr_desktop.storage.schema import SCHEMA_VERSION
from travellr_desktop.storage.wire import synced

__all__ = ["told", "told_template"]


def _kind(column: object) -> str:
    for type_, name in (
        (Uuid, "uuid"),
        (UtcDateTime, "timestamp with time zone"),
        (Boolean, "boolean"),
        (Date, "date"),
        (Integer, "bigint"),
    ):
        if isinstance(column, type_):
            return name
    return "text"


def test_columns_are_those_of_the_models(told: ToldHub) -> None:
    meant = {
        (table, column.name): (_kind(column.type), "YES" if column.nullable else "NO")
        for table in synced()
        for column in Base.metadata.tables[table].columns
        if column.name not in LOCAL_COLUMNS.get(table, frozenset()) | {"version"}
    }
    meant["grants", "taken"] = ("bigint", "NO")  # counted here
    query = (
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'agency'"
    )
    found = {(row[0], row[1]): (row[2], row[3]) for row in told.admin.execute(query)}
    assert found == meant


def test_keys_and_checks_are_those_of_the_models(told: ToldHub) -> None:
    query = (
        "SELECT r.relname, c.contype::text, c.conname, c.condeferred, array(SELECT a.attname::text FROM pg_attribute a "
        "WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) ORDER BY 1), f.relname "
        "FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid "
        "WHERE c.connamespace = 'agency'::regnamespace AND c.contype IN ('p', 'u', 'f', 'c')"
    )
    found = told.admin.execute(query).fetchall()
    keys = {(table, tuple(columns)) for table, kind, _, _, columns, _ in found if kind in "pu"}
    foreign = {(table, tuple(columns), to) for table, kind, _, _, columns, to in found if kind == "f"}
    checks = {name for _, kind, name, _, _, _ in found if kind == "c"}
    assert all(deferred for _, kind, _, deferred, _, _ in found if kind == "f")
    of = [Base.metadata.tables[name] for name in synced()]
    assert keys == {(table.name, ("id",)) for table in of} | {
        (table.name, tuple(sorted(column.name for column in one.columns)))
        for table in of
        for one in table.constraints
        if isinstance(one, UniqueConstraint)
    }
    assert foreign == {
        (table.name, (key.parent.name,), key.column.table.name) for table in of for key in table.foreign_keys
    }
    assert checks == {
        str(one.name) for table in of for one in table.constraints if isinstance(one, CheckConstraint)
    }


def test_partial_uniques_are_those_of_the_models(told: ToldHub) -> None:
    query = (
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE c.relnamespace = 'agency'::regnamespace AND i.indisunique "
        "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
    )
    found = {row[0] for row in told.admin.execute(query)}
    assert found == {
        str(index.name) for name in synced() for index in Base.metadata.tables[name].indexes if index.unique
    }


def test_every_table_has_its_rights_and_knows_its_columns(told: ToldHub) -> None:
    found = {row[0] for row in told.admin.execute("SELECT name FROM hub.tables WHERE columns <> '{}'")}
    assert found == set(synced())


def test_the_hub_speaks_the_programs_shape_of_changes(told: ToldHub) -> None:
    assert told.one("SELECT schema_max FROM hub.state") == int(SCHEMA_VERSION)


def test_what_follows_from_other_fields_is_known_at_both_ends(told: ToldHub) -> None:
    found = told.admin.execute("SELECT name, follows FROM hub.tables WHERE follows <> '{}'").fetchall()
    assert {table: frozenset(columns) for table, columns in found} == DERIVED
