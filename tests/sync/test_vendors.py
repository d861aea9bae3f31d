"""What a vendor's person sees of the hub: rows of their vendor, and of each what the program would show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from helpers.two_vendors import TwoVendors, marked, two_vendors
from postgres import Postgres
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.members import VENDOR_CONNECTIONS


@pytest.fixture(scope="module")
def hub(cluster: Postgres) -> Iterator[TwoVendors]:
    with two_vendors(cluster) as made:
        yield made


def _columns(hub: TwoVendors, table: str) -> str:
    return ", ".join(f'"{column}"' for column in hub.seen[table])


def test_their_rows_are_seen_in_every_table_and_nobody_elses(hub: TwoVendors) -> None:
    with hub.looking() as looking:
        for table in hub.seen:
            rows = looking.execute(f"SELECT id, {_columns(hub, table)} FROM agency.{table}").fetchall()
            assert [row[0] for row in rows] == [hub.ours[table]], table
            assert not marked(rows), table


def test_a_row_is_found_by_the_key_of_its_own_alone(hub: TwoVendors) -> None:
    with hub.looking() as looking:
        for table in hub.seen:
            query = f"SELECT count(*) FROM agency.{table} WHERE id = %s"
            assert looking.execute(query, (hub.ours[table],)).fetchone() == (1,), table
            assert looking.execute(query, (hub.theirs[table],)).fetchone() == (0,), table


def test_no_column_is_granted_that_is_not_named(hub: TwoVendors) -> None:
    granted = (
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace IN ('agency'::regnamespace, 'hub'::regnamespace, 'adopting'::regnamespace) "
        "AND has_column_privilege(%s, c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES') GROUP BY 1"
    )
    found = dict(hub.admin.execute(granted, (hub.sign_in.login,)).fetchall())
    assert found == {table: sorted(columns) for table, columns in hub.seen.items()}
    called = (
        "SELECT array_agg(p.proname::text ORDER BY p.proname) FROM pg_proc p "
        "WHERE p.pronamespace IN ('api'::regnamespace, 'hub'::regnamespace) "
        "AND has_function_privilege(%s, p.oid, 'EXECUTE')"
    )
    may = ["hello", "my_person", "my_vendor", "picture_mine", "pull_mine"]
    assert hub.one(called, hub.sign_in.login) == may


def test_rows_are_found_by_an_index_and_no_foreign_row_is_looked_at(hub: TwoVendors) -> None:
    whole = {"agencies", "seat_plans"}  # one row, and plans of everybody beside their own
    with hub.looking() as looking:
        looking.execute("SET enable_seqscan = off")
        for table in hub.seen.keys() - whole:
            plan = "\n".join(
                row[0]
                for row in looking.execute(f"EXPLAIN (ANALYZE, COSTS OFF) SELECT id FROM agency.{table}")
            )
            assert "Seq Scan" not in plan, plan
            assert "Index Cond: (" in plan, plan
            # in tables of two rows any index will do
            assert "Rows Removed" not in plan or table in {"seats", "disputes"}, plan


def test_of_columns_that_are_seen_the_server_keeps_no_figures(hub: TwoVendors) -> None:
    """Or a plan's estimates would tell how the values of all rows lie."""
    kept = (
        "SELECT array_agg(s.tablename || '.' || s.attname ORDER BY s.attname) FROM pg_stats s "
        "JOIN hub.vendor_tables v ON v.name = s.tablename AND s.attname = ANY (v.columns) "
        "WHERE s.schemaname = 'agency' AND s.tablename <> 'departures'"
    )
    assert hub.one(kept) is None
    with hub.looking() as looking:
        assert looking.execute("SELECT count(*) FROM pg_stats WHERE schemaname = 'agency'").fetchone() == (0,)


def test_who_is_deactivated_sees_nothing_on_a_connection_that_is_open(hub: TwoVendors) -> None:
    with hub.looking() as looking:
        seen = looking.execute("SELECT count(*) FROM agency.bookings").fetchone()
        hub.admin.execute("UPDATE agency.users SET active = false WHERE id = %s", (hub.ours["users"],))
        try:
            assert seen == (1,)
            for table in hub.seen:
                assert looking.execute(f"SELECT id FROM agency.{table}").fetchall() == [], table
            for call in ("hello()", "pull_mine(0, 9)", "picture_mine()"):
                with pytest.raises(psycopg.Error, match="nobody's"):
                    looking.execute(f"SELECT api.{call}")
        finally:
            hub.admin.execute("UPDATE agency.users SET active = true WHERE id = %s", (hub.ours["users"],))


def test_a_vendors_person_has_some_connections_and_no_more(hub: TwoVendors) -> None:
    roles = Roles.of(hub.admin)
    assert Administrator(hub.admin, roles).roles.vendor == roles.vendor
    limit = "SELECT rolconnlimit FROM pg_roles WHERE rolname = %s"
    assert hub.one(limit, hub.sign_in.login) == VENDOR_CONNECTIONS
    url = hub.central.url(hub.sign_in.login, hub.sign_in.password)
    some = [psycopg.connect(url) for _ in range(VENDOR_CONNECTIONS)]
    try:
        with pytest.raises(psycopg.OperationalError, match="too many connections"):
            psycopg.connect(url)
    finally:
        for one in some:
            with closing(one):
                pass


def test_a_picture_counts_what_can_be_read(hub: TwoVendors) -> None:
    with hub.looking() as looking, looking.transaction():
        looking.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = looking.execute("SELECT api.picture_mine()").fetchone()
        assert found is not None
        picture = found[0]
        assert picture["columns"] == hub.seen
        assert picture["counts"] == dict.fromkeys(hub.seen, 1)
        assert not marked(picture)


def test_a_pull_tells_their_rows_in_the_columns_that_they_see(hub: TwoVendors) -> None:
    with hub.looking() as looking:
        found = looking.execute("SELECT api.pull_mine(0, 100)").fetchone()
    assert found is not None
    page = found[0]
    assert page["up_to"] == 1 and page.keys() == {"rows", "up_to"}
    assert {row["t"]: (row["id"], sorted(row["f"])) for row in page["rows"]} == {
        table: (hub.ours[table].hex, sorted(columns)) for table, columns in hub.seen.items()
    }
    assert len(page["rows"]) == len(hub.seen)
    assert not marked(page)
