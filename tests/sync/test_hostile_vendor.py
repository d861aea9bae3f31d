"""A vendor's person with raw SQL on their own sign-in: whatever they try, nothing comes back that is not theirs.

What Postgres cannot keep from them is said in docs/security.md."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from helpers.spying import DENIED, Spy, spying, whole
from helpers.two_vendors import TwoVendors, two_vendors
from postgres import Postgres
from travellr_desktop.sync.central.administrator import Roles


@pytest.fixture(scope="module")
def hub(cluster: Postgres) -> Iterator[TwoVendors]:
    """Everything that is marked, beside somebody of the staff who is connected and works with it."""
    with two_vendors(cluster) as made, closing(made.central.connect()) as staff:
        staff.execute("SELECT lo_from_bytea(7001, 'SECRET in a large object')")
        staff.execute("SET application_name = 'travellr'")
        staff.execute("PREPARE theirs AS SELECT 'SECRET in a statement'")
        staff.execute("DECLARE theirs CURSOR WITH HOLD FOR SELECT * FROM agency.payments")
        staff.execute("BEGIN")
        staff.execute("SELECT 'SECRET in a query' FROM agency.payments FOR UPDATE")
        before = whole(made)
        yield made
        staff.execute("ROLLBACK")
        assert whole(made) == before  # nothing of what was tried has written anything


@pytest.fixture
def spy(hub: TwoVendors) -> Iterator[Spy]:
    with spying(hub) as found:
        yield found
        assert found.heard
        assert not found.marks()


def test_every_table_of_the_database_is_searched_and_nothing_is_found(spy: Spy) -> None:
    assert spy.look_everywhere() == {}
    assert any("ours bookings reference" in said for said in spy.heard)


def test_no_function_of_the_hubs_answers_but_those_that_are_theirs(spy: Spy) -> None:
    answered = spy.call_everything()
    assert answered.keys() == {"api.hello", "api.picture_mine", "api.pull_mine"}
    assert answered["api.picture_mine"] == "TR007"


def test_they_become_nobody_else(spy: Spy, hub: TwoVendors) -> None:
    roles = Roles.of(hub.admin)
    login = hub.sign_in.login
    for role in (roles.owner, roles.desk, roles.person, "postgres", "pg_read_all_data", "pg_monitor"):
        assert spy.attempt(f'SET ROLE "{role}"') == DENIED
        assert spy.attempt(f'SET SESSION AUTHORIZATION "{role}"') == DENIED
        assert spy.attempt(f'GRANT "{role}" TO CURRENT_USER') == DENIED
        assert spy.attempt("SELECT set_config('role', %s, false)", role) == DENIED
        assert spy.attempt(f'SET LOCAL ROLE "{role}"') == DENIED
        assert spy.attempt(f'DO $$ BEGIN SET ROLE "{role}"; END $$') == DENIED
    for right in ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION", "CREATEDB"):
        assert spy.attempt(f'ALTER ROLE "{login}" {right}') == DENIED
    assert spy.attempt("CREATE ROLE somebody LOGIN SUPERUSER") == DENIED
    assert spy.attempt("ALTER ROLE postgres PASSWORD 'x'") == DENIED
    assert spy.attempt(f'SET ROLE "{roles.vendor}"') == ""  # who they are stays who signed in
    spy.attempt(spy.view())
    assert "ours bookings" in spy.last
    with pytest.raises(psycopg.OperationalError), hub.looking(replication="database"):
        pass


def test_no_setting_shows_more(spy: Spy) -> None:
    """Each that they may set, on and off, to each of its words, or as short, long and wide as it goes."""
    view = spy.view()
    settings = spy.hub.admin.execute(
        "SELECT name, vartype, enumvals, min_val, max_val FROM pg_settings WHERE context IN ('user', 'superuser') "
        "AND name NOT IN ('log_min_messages')"
    ).fetchall()
    for name, kind, words, least, most in settings:
        values = {
            "bool": ["on", "off"],
            "enum": words,
            "string": ["", "public", "agency, hub, pg_temp, pg_catalog"],
        }
        for value in values.get(kind, [least, most]):
            if spy.attempt("SELECT set_config(%s, %s, false)", name, value) == "":
                spy.attempt(view)
            spy.attempt("ROLLBACK")
            spy.connection.execute("RESET ALL")
    for name in ("app.vendor_id", "hub.vendor", "travellr.vendor_id", "request.jwt.claims"):
        assert spy.attempt("SELECT set_config(%s, %s, false)", name, str(spy.hub.theirs["vendors"])[2:]) == ""
    spy.attempt(spy.view())
    assert "ours bookings" in spy.last
    assert spy.attempt("SET row_security = off") == ""
    for table in spy.hub.seen:
        assert spy.attempt(f"SELECT id FROM agency.{table}") == DENIED, table


def test_nothing_is_written_locked_or_changed(spy: Spy) -> None:
    tables = spy.hub.admin.execute(
        "SELECT format('%I.%I', relnamespace::regnamespace, relname), relname, (SELECT quote_ident(attname) "
        "FROM pg_attribute WHERE attrelid = c.oid AND attnum = 1) FROM pg_class c WHERE relkind = 'r' "
        "AND relnamespace IN ('agency'::regnamespace, 'hub'::regnamespace)"
    ).fetchall()
    merges = spy.hub.admin.info.server_version >= 150_000
    spy.attempt("SET lock_timeout = '50ms'")
    for table, name, column in tables:
        for verb in (
            f"INSERT INTO {table} DEFAULT VALUES",
            f"INSERT INTO {table} ({column}) VALUES (NULL) ON CONFLICT DO NOTHING",
            f"INSERT INTO {table} ({column}) VALUES (NULL) ON CONFLICT DO NOTHING RETURNING {column}",
            f"INSERT INTO {table} ({column}) VALUES (NULL) ON CONFLICT ({column}) DO UPDATE SET {column} = NULL",
            f"INSERT INTO {table} ({column}) SELECT {column} FROM {table}",
            f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
            f"MERGE INTO {table} t USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
            f"UPDATE {table} SET {column} = {column}",
            f"UPDATE {table} SET {column} = {column} RETURNING *",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
            f"SELECT {column} FROM {table} FOR UPDATE",
            f"SELECT {column} FROM {table} FOR KEY SHARE SKIP LOCKED",
            f"DO $$ BEGIN LOCK TABLE {table} IN ACCESS SHARE MODE NOWAIT; END $$",
            f"DO $$ BEGIN LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT; END $$",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
            f"CREATE POLICY mine ON {table} USING (true)",
            f"CREATE TRIGGER mine AFTER INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            f"CREATE RULE mine AS ON SELECT TO {table} DO INSTEAD SELECT 1",
            f"CREATE INDEX ON {table} ({column})",
            f"CREATE STATISTICS agency.mine ON (length({column}::text)) FROM {table}",
            f"DROP TABLE {table}",
        ):
            state = spy.attempt(verb)
            if verb.startswith("MERGE") and not merges:
                assert state == "42601", (verb, state)
                continue
            # 55P03: some ask for a lock before they look who asks, and here somebody works with payments
            assert state == DENIED or (state == "55P03" and name == "payments"), (verb, state)
        assert spy.copy(f"COPY {table} FROM STDIN") in (DENIED, "0A000")
        spy.attempt(f"ANALYZE {table}")
        spy.attempt(f"VACUUM {table}")


def test_nothing_is_made_and_nothing_of_the_machine_is_reached(spy: Spy) -> None:
    body = "LANGUAGE sql AS 'SELECT true'"
    for statement in (
        "CREATE TEMP TABLE members (login text)",
        "CREATE TEMP VIEW bookings AS SELECT id FROM agency.bookings",
        "SELECT 1 INTO TEMP mine",
        "CREATE TABLE public.mine (x int)",
        "CREATE VIEW public.mine AS SELECT id FROM agency.bookings",
        "CREATE MATERIALIZED VIEW agency.mine AS SELECT id FROM agency.bookings",
        "CREATE TABLE agency.mine AS SELECT id FROM agency.bookings",
        "CREATE SCHEMA mine",
        *(
            f"CREATE FUNCTION {schema}.mine(text) RETURNS boolean {body}"
            for schema in ("api", "agency", "public", "pg_temp")
        ),
        "CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_ne)",
        "CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT",
        "CREATE FUNCTION pg_catalog.mine() RETURNS text LANGUAGE c AS 'libc', 'system'",
        "CREATE EXTENSION dblink SCHEMA agency",
        "CREATE EXTENSION postgres_fdw SCHEMA agency",
        "CREATE EXTENSION pgcrypto SCHEMA agency",
        "CREATE EXTENSION plpython3u SCHEMA agency",
        "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION pg_sleep()",
        "CREATE SERVER mine FOREIGN DATA WRAPPER postgres_fdw",
        "CREATE PUBLICATION mine FOR ALL TABLES",
        "CREATE SUBSCRIPTION mine CONNECTION 'dbname=x' PUBLICATION y WITH (connect = false)",
        "ALTER DATABASE postgres SET row_security = off",
        "ALTER SYSTEM SET log_statement = 'all'",
        "COPY (SELECT 1) TO '/tmp/mine'",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_ls_dir('base')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_get(7001)",
        "SELECT lo_export(7001, '/tmp/mine')",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres' AND datname IS NOT NULL",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "SELECT * FROM pg_get_wal_stats('0/0', '0/1')",
        "SELECT pg_create_logical_replication_slot('mine', 'test_decoding')",
        "SELECT loread(lo_open(7001, 262144), 100)",
    ):
        state = spy.attempt(statement)
        assert state in (DENIED, "0A000", "58P01", "42704", "42883"), (statement, state)


def test_what_errors_plans_and_evaluation_say_is_theirs(spy: Spy) -> None:
    count = "SELECT count(*) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    seen = spy.hub.seen
    whole_rows = {name for name in seen if len(seen[name]) == spy.hub.one(count, f"agency.{name}")}
    for table, columns in seen.items():
        for column in columns:
            source = f"FROM agency.{table} WHERE "
            for condition in (
                f'"{column}"::text::integer > 0',  # an error that quotes a value
                f'1 / (length("{column}"::text) - length("{column}"::text)) > 0',
                f"('{{' || \"{column}\" || '}}')::jsonb IS NULL",
                f"pg_sleep(0) IS NULL OR \"{column}\"::text LIKE 'SEC%'",
                f"\"{column}\"::text ~ ('^' || \"{column}\"::text || '(')",
                f"set_config('mine.value', \"{column}\"::text, false) IS NULL",
                f"set_config('mine.value', current_setting('mine.value', true) || \"{column}\"::text, false) = 'x'",
            ):
                spy.attempt(f"SELECT count(*) {source} {condition}")
                spy.attempt("SELECT current_setting('mine.value', true)")
                spy.attempt(f"EXPLAIN (VERBOSE) SELECT id {source} {condition}")
            spy.attempt(f'EXPLAIN (ANALYZE, VERBOSE, BUFFERS) SELECT "{column}" FROM agency.{table}')
            spy.attempt(f'SELECT min("{column}"::text), max("{column}"::text), count(*) FROM agency.{table}')
        for hidden in ("ctid", "xmin", "tableoid"):
            assert spy.attempt(f"SELECT {hidden} FROM agency.{table}") == DENIED, (table, hidden)
        for row in (f"{table}.*::text", f"row_to_json({table})", f"{table}::text"):
            state = spy.attempt(f"SELECT {row} FROM agency.{table}")
            assert (state == "") == (table in whole_rows), (table, row)
    assert any("invalid input syntax for type integer" in said and "ours" in said for said in spy.heard)


def test_ways_round_a_statement_show_no_more(spy: Spy) -> None:
    hub = spy.hub
    sums = "SELECT (SELECT api.pull_mine(0, 2000))::text, (SELECT api.hello())::text"
    for statement in (
        "BEGIN; DECLARE mine CURSOR WITH HOLD FOR SELECT id, reference FROM agency.bookings; COMMIT; FETCH ALL mine",
        "PREPARE mine AS SELECT id, reference FROM agency.bookings",
        "EXECUTE mine",
        "EXECUTE theirs",
        "FETCH ALL theirs",
        f'SET ROLE "{Roles.of(hub.admin).vendor}"; EXECUTE mine; RESET ROLE; EXECUTE mine',
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT id, reference FROM agency.bookings LOOP RAISE NOTICE '%', r; "
        "END LOOP; END $$",
        "WITH RECURSIVE a AS (SELECT id FROM agency.bookings UNION SELECT b.id FROM agency.bookings b, a) TABLE a",
        "SELECT b.id FROM agency.bookings b RIGHT JOIN agency.sales s ON s.id = b.sale_id",
        "SELECT id FROM agency.bookings TABLESAMPLE SYSTEM (100)",
        "SELECT query_to_xml('SELECT id, reference FROM agency.bookings', true, false, '')",
        "SELECT table_to_xml('agency.payments', true, false, '')",
        "SELECT schema_to_xml('agency', true, false, '')",
        "SELECT database_to_xml(true, false, '')",
        "SELECT cursor_to_xml('mine', 100, true, false, '')",
        "SELECT ts_stat.word FROM ts_stat('SELECT to_tsvector(reason) FROM agency.refunds')",
        "SELECT * FROM pg_stat_get_activity(NULL)",
        "SELECT * FROM pg_lock_status()",
        "SELECT * FROM pg_prepared_statement()",
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'api'::regnamespace",
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy",
        "SELECT pg_sequence_last_value(oid) FROM pg_class WHERE relkind = 'S'",
        "SELECT lo_from_bytea(0, 'mine'); SELECT loid, data FROM pg_largeobject",
        "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT pg_export_snapshot(); SELECT id FROM agency.bookings; COMMIT",
        "SELECT pg_try_advisory_lock(1), pg_advisory_unlock_all()",
        "LISTEN travellr; NOTIFY travellr, 'x'",
        "SET statement_timeout = 1; SELECT api.pull_mine(0, 2000)",
        "RESET statement_timeout",
        "SELECT api.pull_mine(-9223372036854775808, 9223372036854775807)",
        "SELECT api.pull_mine(NULL, NULL)",
        "SELECT api.pull_mine(0, -1)",
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT api.picture_mine(); COMMIT",
        sums,
    ):
        spy.attempt(statement)
        spy.attempt("ROLLBACK")
    hub.admin.execute("SELECT pg_notify('travellr', '')")
    spy.attempt("SELECT 1")
    assert "ours bookings reference" in "".join(spy.heard)
    hub.admin.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid <> 7001")


def test_where_others_have_loosened_the_database_their_own_functions_are_told_nothing(
    hub: TwoVendors,
) -> None:
    """A database that was copied or restored lets everybody make temporary tables, and older ones functions in public:
    a function that tells what it is given, as cheap as can be, operators and tables with the names of others."""
    loosen = f"ON DATABASE {hub.central.name}", "ON SCHEMA public"
    hub.admin.execute(f"GRANT TEMPORARY {loosen[0]} TO PUBLIC; GRANT ALL {loosen[1]} TO PUBLIC")
    tell = "BEGIN RAISE NOTICE 'told: %', $1; RETURN true; END"
    try:
        with spying(hub) as spy:
            for kind in ("text", "bigint", "uuid", "timestamptz", "date", "boolean"):
                made = f"FUNCTION public.tell({kind}) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
                assert spy.attempt(f"CREATE {made} AS $$ {tell} $$") == ""
                assert spy.attempt(f"CREATE OR REPLACE {made} LEAKPROOF AS $$ {tell} $$") == DENIED
                two = f"public.same({kind}, {kind}) RETURNS boolean LANGUAGE plpgsql COST 0.0000001"
                assert spy.attempt(f"CREATE FUNCTION {two} AS $$ {tell.replace('$1', '$1 || $2')} $$") == ""
                assert (
                    spy.attempt(
                        f"CREATE OPERATOR public.= (LEFTARG = {kind}, RIGHTARG = {kind}, FUNCTION = public.same)"
                    )
                    == ""
                )
            for table in (
                "members",
                "users",
                "vendor_tables",
                "bookings",
                "pg_class",
                "pg_proc",
                "ops",
                "changes",
            ):
                assert (
                    spy.attempt(f"CREATE TEMP TABLE {table} (login text, kind text, vendor_id uuid, id uuid)")
                    == ""
                )
                spy.attempt(f"GRANT ALL ON pg_temp.{table} TO PUBLIC")
            assert (
                spy.attempt(
                    "CREATE FUNCTION pg_temp.my_vendor() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'"
                )
                == ""
            )
            assert spy.attempt("CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT") == DENIED
            assert spy.attempt("CREATE VIEW public.mine AS SELECT id, reference FROM agency.bookings") == ""
            spy.attempt("SELECT * FROM public.mine")
            for path in (
                "public, pg_catalog",
                "pg_temp, public, pg_catalog",
                "public, agency, hub, pg_catalog",
            ):
                spy.connection.execute(f"SET search_path = {path}")
                for call in ("hello()", "pull_mine(0, 2000)", "picture_mine()"):
                    spy.attempt("BEGIN ISOLATION LEVEL REPEATABLE READ")
                    spy.attempt(f"SELECT api.{call}")
                    spy.attempt("ROLLBACK")
                for name, columns in hub.seen.items():
                    for column in columns:
                        source = f'FROM agency.{name} WHERE public.tell("{column}")'
                        spy.attempt(f"SELECT id {source}")
                        spy.attempt(f'SELECT id FROM agency.{name} WHERE "{column}" = "{column}"')
                        spy.attempt(f"SELECT x.id {source.replace('WHERE', 'x JOIN agency.vendors y ON')}")
            assert "told: ours bookings reference" in "".join(spy.heard)
            assert not spy.marks()
    finally:
        login = hub.sign_in.login
        hub.admin.execute(f'DROP OWNED BY "{login}" CASCADE')
        hub.admin.execute(f'GRANT "{Roles.of(hub.admin).vendor}" TO "{login}"')
        hub.admin.execute(f"REVOKE TEMPORARY {loosen[0]} FROM PUBLIC; REVOKE ALL {loosen[1]} FROM PUBLIC")


def test_nothing_of_the_hubs_waits_for_a_lock_that_they_can_have(spy: Spy, hub: TwoVendors) -> None:
    locking = (
        "SELECT p.proname FROM pg_proc p WHERE p.pronamespace IN ('api'::regnamespace, 'hub'::regnamespace) "
        "AND p.prosrc LIKE '%advisory%'"
    )
    assert hub.admin.execute(locking).fetchall() == []
    assert spy.attempt("SELECT pg_advisory_lock(1)") == ""  # it cannot be taken from them
    spy.attempt("SELECT pg_advisory_unlock_all()")
