"""Who reaches what at the hub by plain SQL, on a login of their own."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from helpers.told_hub import ToldHub, insert, key, made, told, told_template, who
from travellr_desktop.sync.central.administrator import Administrator, Roles
from travellr_desktop.sync.central.members import add_user, remove_user

__all__ = ["told", "told_template"]

DENIED = psycopg.errors.InsufficientPrivilege


def tables(told: ToldHub, schema: str) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY relname"
    return [row[0] for row in told.admin.execute(query, (schema,))]


def test_staff_read_the_agencys_rows_and_write_none(told: ToldHub) -> None:
    desk = told.tellers[0].connection
    for table in tables(told, "agency"):
        desk.execute(f"SELECT * FROM agency.{table} LIMIT 1")
        for verb in (f"INSERT INTO agency.{table} DEFAULT VALUES", f"UPDATE agency.{table} SET id = id"):
            with pytest.raises(DENIED):
                desk.execute(verb)
        for verb in (f"DELETE FROM agency.{table}", f"TRUNCATE agency.{table} CASCADE"):
            with pytest.raises(DENIED):
                desk.execute(verb)
    assert desk.execute("SELECT count(*) FROM agency.departures").fetchone() == (1,)


def test_a_desk_reaches_nothing_of_the_hubs_own(told: ToldHub) -> None:
    desk = told.tellers[0].connection
    for table in tables(told, "hub"):
        with pytest.raises(DENIED):
            desk.execute(f"SELECT * FROM hub.{table}")
    for call in (
        "hub.publish()",
        "hub.new_epoch()",
        "hub.remove_member('x')",
        "hub.insert_row('users', '{}')",
    ):
        with pytest.raises(DENIED):
            desk.execute(f"SELECT {call}")


def test_a_desk_becomes_nobody_else(told: ToldHub) -> None:
    one, other = told.tellers
    roles = Roles.of(told.admin)
    for statement in (
        f'SET ROLE "{roles.owner}"',
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        f'SET SESSION AUTHORIZATION "{told.sign_ins[1].login}"',
        f'GRANT "{roles.owner}" TO CURRENT_USER',
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (x int)",
    ):
        with pytest.raises(DENIED):
            one.connection.execute(statement)
    one.connection.execute(f'SET ROLE "{roles.desk}"')
    assert one.call("hello()")["desk_id"].replace("-", "") == one.desk
    one.connection.execute("RESET ROLE")
    for name, value in (
        ("search_path", "pg_temp, public"),
        ("app.desk_id", other.desk),
        ("role", roles.desk),
    ):
        one.connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    with pytest.raises(DENIED):
        one.connection.execute("SELECT set_config('session_replication_role', 'replica', false)")
    one.connection.execute("RESET ROLE")
    # a copy of a database has not its own's rights: here temporary tables can be made
    one.connection.execute("CREATE TEMP TABLE members (login text, kind text, desk_id uuid)")
    one.connection.execute("CREATE TEMP TABLE ops (desk_id uuid, op_no bigint)")
    assert one.call("hello()")["desk_id"].replace("-", "") == one.desk != other.desk
    assert one.tell(made("travellers", key(), **who("Petar")))["outcome"] == "applied"


def test_every_table_is_under_forced_row_level_security_and_public_has_nothing(told: ToldHub) -> None:
    open_tables = (
        "SELECT count(*) FROM pg_class WHERE relnamespace IN ('agency'::regnamespace, 'hub'::regnamespace) "
        "AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert told.one(open_tables) == 0
    public = (
        "SELECT count(*) FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a "
        "WHERE p.pronamespace IN ('agency'::regnamespace, 'hub'::regnamespace, 'api'::regnamespace) AND a.grantee = 0"
    )
    assert told.one(public) == 0
    loose = (
        "SELECT array_agg(p.proname::text) FROM pg_proc p WHERE p.pronamespace = 'api'::regnamespace "
        "AND NOT (p.prosecdef AND 'search_path=pg_catalog, pg_temp' = ANY (p.proconfig))"
    )
    assert told.one(loose) is None
    owner = "SELECT rolsuper OR rolcanlogin OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s"
    assert told.one(owner, Roles.of(told.admin).owner) is False


def test_a_persons_login_tells_of_no_ops(told: ToldHub) -> None:
    admin = Administrator(told.admin, Roles.of(told.admin))
    sign_in = add_user(admin, "Mira@Travellr.example", login=f"{told.central.name}_mira")
    with closing(
        psycopg.connect(told.central.url(sign_in.login, sign_in.password), autocommit=True)
    ) as person:
        found = person.execute("SELECT api.hello() ->> 'kind'").fetchone()
        assert found == ("person",)
        for call in ("push('[]')", "pull(0, 1)", f"enroll('{key()}')"):
            with pytest.raises(DENIED):
                person.execute(f"SELECT api.{call}")


READS = "SELECT id FROM agency.travellers"


def test_who_was_deactivated_reads_nothing_any_more(told: ToldHub) -> None:
    admin = Administrator(told.admin, Roles.of(told.admin))
    sign_in = add_user(admin, "Mira@Travellr.example", login=f"{told.central.name}_mira")
    url = told.central.url(sign_in.login, sign_in.password)
    with closing(psycopg.connect(url, autocommit=True)) as person:
        assert person.execute(READS).fetchall()
        told.admin.execute("UPDATE agency.users SET active = false WHERE id = %s", (told.boss,))
        assert not person.execute(READS).fetchall()


def test_a_desk_that_has_left_reads_nothing_any_more(told: ToldHub) -> None:
    one, other = told.tellers
    one.call("left()")
    assert not one.connection.execute(READS).fetchall()
    assert other.connection.execute(READS).fetchall()


def test_who_was_removed_can_do_nothing_any_more(told: ToldHub) -> None:
    one, _ = told.tellers
    admin = Administrator(told.admin, Roles.of(told.admin))
    assert remove_user(admin, told.sign_ins[0].login) == "desk"
    with pytest.raises(psycopg.Error):
        one.call("hello()")
    with pytest.raises(psycopg.Error):
        one.connection.execute("SELECT * FROM agency.users")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(told.url(0))


def test_a_vendors_person_reads_no_whole_row_and_asks_nothing_of_a_desks(told: ToldHub) -> None:
    person = {
        "password_hash": "x",
        "must_change": 0,
        "active": 1,
        "created_at": "2026-06-18T08:42:00.000000Z",
    }
    insert(
        told.admin, "users", email="v@boka.example", name="V", role="vendor", vendor_id=told.vendor, **person
    )
    admin = Administrator(told.admin, Roles.of(told.admin))
    sign_in = add_user(admin, "v@boka.example", login=f"{told.central.name}_v")
    assert sign_in.vendor_id is not None and sign_in.vendor_id.hex == told.vendor
    foreign = ("travellers", "bookings", "payments", "ledger", "audit", "holds")
    with closing(
        psycopg.connect(told.central.url(sign_in.login, sign_in.password), autocommit=True)
    ) as vendor:
        for table in (
            *(f"agency.{name}" for name in foreign),
            *(f"hub.{name}" for name in tables(told, "hub")),
        ):
            with pytest.raises(DENIED):
                vendor.execute(f"SELECT * FROM {table}")
        for call in ("push('[]')", "publish()", "rows('[]')", "conflicts()", "status()", "settle(1)"):
            with pytest.raises(DENIED):
                vendor.execute(f"SELECT api.{call}")


def test_every_desk_is_known_by_the_version_that_greeted_last(told: ToldHub) -> None:
    one, other = told.tellers
    one.call("hello('9.9.1')")
    other.call("hello()")
    one.call("hello('9.9.2')")
    said = {desk["login"]: desk["program"] for desk in one.call("status()")["desks"]}
    assert sorted(str(program) for program in said.values()) == ["9.9.2", "None"]
    one.call(f"hello('{'x' * 90}')")
    assert {desk["program"] for desk in one.call("status()")["desks"]} == {"x" * 40, None}
