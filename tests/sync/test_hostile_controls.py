"""What a careless hand leaves open is found by the search that finds nothing in the hub as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.spying import spying
from helpers.two_vendors import TwoVendors, marked, two_vendors
from postgres import Postgres
from travellr_desktop.sync.central.administrator import Roles


@pytest.fixture(scope="module")
def hub(cluster: Postgres) -> Iterator[TwoVendors]:
    with two_vendors(cluster) as made:
        yield made


def test_a_table_without_a_policy_is_found(hub: TwoVendors) -> None:
    group = Roles.of(hub.admin).vendor
    hub.admin.execute("CREATE TABLE agency.loose AS SELECT id, reference FROM agency.bookings")
    hub.admin.execute(f'GRANT SELECT ON agency.loose TO "{group}"')
    try:
        with spying(hub) as spy:
            assert spy.look_everywhere(only_ours=True).keys() == {"agency.loose"}
    finally:
        hub.admin.execute("DROP TABLE agency.loose")


def test_a_view_of_one_who_sees_all_is_found(hub: TwoVendors) -> None:
    group = Roles.of(hub.admin).vendor
    hub.admin.execute("CREATE VIEW agency.loose AS SELECT reference FROM agency.bookings")
    hub.admin.execute(f'GRANT SELECT ON agency.loose TO "{group}"')
    try:
        with spying(hub) as spy:
            assert spy.look_everywhere(only_ours=True).keys() == {"agency.loose"}
    finally:
        hub.admin.execute("DROP VIEW agency.loose")


def test_a_function_that_hands_out_rows_is_found(hub: TwoVendors) -> None:
    group = Roles.of(hub.admin).vendor
    hub.admin.execute(
        "CREATE FUNCTION api.loose(booking uuid) RETURNS text LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT reference FROM agency.bookings WHERE id = booking'"
    )
    hub.admin.execute(f'GRANT EXECUTE ON FUNCTION api.loose TO "{group}"')
    try:
        with spying(hub) as spy:
            assert "api.loose" in spy.call_everything()
            assert spy.marks()
    finally:
        hub.admin.execute("DROP FUNCTION api.loose")


def test_a_view_that_is_no_barrier_tells_a_function_of_theirs_what_it_hides(hub: TwoVendors) -> None:
    group = Roles.of(hub.admin).vendor
    hub.admin.execute(
        "CREATE VIEW agency.loose AS SELECT reference FROM agency.bookings "
        f"WHERE vendor_id = '{hub.ours['vendors']}' AND length(reference) > 0"
    )
    hub.admin.execute(
        f'GRANT SELECT ON agency.loose TO "{group}"; GRANT CREATE ON SCHEMA public TO "{group}"'
    )
    hub.admin.execute(f'GRANT USAGE ON SCHEMA public TO "{group}"')
    try:
        with spying(hub) as spy:
            tell = "BEGIN RAISE NOTICE 'told: %', $1; RETURN true; END"
            made = "FUNCTION public.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
            assert spy.attempt(f"CREATE {made} AS $$ {tell} $$") == ""
            spy.attempt("SET enable_indexscan = off; SET enable_bitmapscan = off")
            spy.attempt("SELECT reference FROM agency.loose WHERE public.tell(reference)")
            assert spy.marks()
            spy.attempt("DROP FUNCTION public.tell")
    finally:
        hub.admin.execute("DROP VIEW agency.loose")
        hub.admin.execute(f'REVOKE ALL ON SCHEMA public FROM "{group}"')


def test_marks_are_found_where_they_are(hub: TwoVendors) -> None:
    rows = hub.admin.execute("SELECT * FROM agency.bookings").fetchall()
    for row in rows:
        assert marked(row)
    for table in hub.theirs:
        if table != "agencies":
            found = hub.admin.execute(
                f"SELECT * FROM agency.{table} WHERE id = %s", (hub.theirs[table],)
            ).fetchall()
            assert marked(found), table
