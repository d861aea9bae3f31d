"""Making a database a hub, by somebody who is no superuser; the commands for it; and what is in the way to one."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest

from helpers.postgres import Central
from helpers.told_hub import insert
from postgres_tls import Kind
from travellr_desktop.cli import run
from travellr_desktop.cli_parts import COULD_NOT, DONE
from travellr_desktop.paths import migrations
from travellr_desktop.services.central.address import invited
from travellr_desktop.sync.central.administrator import MayNotAdminister, administrator
from travellr_desktop.sync.central.installing import Installed, install
from travellr_desktop.sync.central.members import add_desk, remove_user
from travellr_desktop.sync.central.state import new_epoch, publish, status
from travellr_desktop.sync.connecting import (
    AddressWeak,
    AddressWrong,
    CertificateExpired,
    CertificateUnknown,
    HubDeclines,
    HubSignInRefused,
    HubSilent,
    NobodyHere,
    NotAHub,
    NotEncrypted,
    NotTheHost,
    connect,
    conninfo,
    refusals,
)
from travellr_desktop.sync.refusals import HubTooNew, SyncRefusal

WORD = "a quiet harbour"


def keeper(central: Central) -> str:
    """Somebody with CREATEROLE and CREATE on the database, and no more: their address."""
    login = f"{central.name}_keeper"
    with closing(central.connect()) as admin:
        admin.execute(f"CREATE ROLE {login} LOGIN CREATEROLE PASSWORD '{WORD}'")
        admin.execute(f"GRANT CREATE ON DATABASE {central.name} TO {login}")
    return central.url(login, WORD)


def everything(central: Central) -> list[tuple[object, ...]]:
    with closing(central.connect()) as admin:
        return admin.execute(
            "SELECT 'class', oid::text, relacl::text, xmin::text FROM pg_class WHERE relnamespace >= 16384 "
            "UNION ALL SELECT 'proc', oid::text, proacl::text, xmin::text FROM pg_proc WHERE pronamespace >= 16384 "
            "UNION ALL SELECT 'role', rolname::text, '', '' FROM pg_roles "
            "UNION ALL SELECT 'database', datname::text, datacl::text, xmin::text FROM pg_database "
            "UNION ALL SELECT 'state', hub_id::text, epoch::text, xmin::text FROM hub.state ORDER BY 1, 2"
        ).fetchall()


def test_who_may_make_roles_and_schemas_installs_and_a_second_time_changes_nothing(central: Central) -> None:
    url = keeper(central)
    with administrator(url, insecure_loopback=True) as admin:
        first = install(admin)
        assert first.new == tuple(path.stem for path in sorted((migrations() / "central").glob("*.sql")))
        assert any("REVOKE ALL ON DATABASE" in line for line in first.advice)
        before = everything(central)
        second = install(admin)
    assert (second.hub_id, second.new) == (first.hub_id, ())
    assert everything(central) == before
    with administrator(central.url(), insecure_loopback=True) as owner:
        assert install(owner).advice == ()  # the database's owner closes it to others
        assert install(owner).advice == ()
    with closing(central.connect()) as admin_connection:
        everybody = (
            "SELECT count(*) FROM pg_database, aclexplode(datacl) a "
            "WHERE datname = current_database() AND a.grantee = 0"
        )
        assert admin_connection.execute(everybody).fetchone() == (0,)


def test_two_who_install_at_once_make_one_hub(central: Central) -> None:
    def one() -> Installed:
        with administrator(central.url(), insecure_loopback=True) as admin:
            return install(admin)

    with ThreadPoolExecutor() as both:
        first, second = both.map(lambda _: one(), range(2))
    assert first.hub_id == second.hub_id
    assert sorted([first.new == (), second.new == ()]) == [False, True]


def test_nobody_else_can_keep_an_installation_waiting(central: Central) -> None:
    """Whoever is let in may take any advisory lock, and share locks of what they may read."""
    with administrator(central.url(), insecure_loopback=True) as admin:
        install(admin)
        insert_agency(admin.connection)
        desk = add_desk(admin, "Kotor")
        with closing(psycopg.connect(central.url(desk.login, desk.password), autocommit=True)) as other:
            every = "SELECT pg_advisory_lock(objid) FROM unnest(ARRAY[0, 1, 7246011]) AS objid"
            other.execute(every)
            for mode in ("ACCESS SHARE", "ROW SHARE", "SHARE ROW EXCLUSIVE"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    other.execute(f"BEGIN; LOCK TABLE hub.migrations IN {mode} MODE")
                other.execute("ROLLBACK")
            admin.connection.execute("SET lock_timeout = '20s'")
            assert install(admin).new == ()
            # what it was kept waiting by before
            admin.connection.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                admin.connection.execute("SELECT pg_advisory_lock(7246011)")


def insert_agency(connection: psycopg.Connection[Any]) -> None:
    words = dict.fromkeys(
        ("legal", "tax_number", "contact", "address", "country", "registration", "bank"), ""
    )
    numbers = {"discount_limit_bps": 0, "offer_hours": 1, "cash_needs_till": 0, "pay_out_limit": 0}
    insert(
        connection, "agencies", name="A", zone="UTC", currency="EUR", invoice_footer="", **words, **numbers
    )


def test_a_desk_comes_with_the_password_that_was_handed_out(central: Central) -> None:
    with administrator(keeper(central), insecure_loopback=True) as admin:
        install(admin)
        sign_in = add_desk(admin, "Kotor")
        assert sign_in.desk_id is None  # the first brings its file
        with pytest.raises(HubDeclines, match="first desk"):
            add_desk(admin, "Budva")
        with closing(connect(central.url(sign_in.login, sign_in.password), insecure_loopback=True)) as desk:
            found = desk.execute("SELECT api.hello()").fetchone()
            assert found is not None and found[0]["has_agency"] is False and found[0]["desk_id"] is None
        with closing(central.connect()) as server:
            kept = server.execute(
                "SELECT rolpassword FROM pg_authid WHERE rolname = %s", (sign_in.login,)
            ).fetchone()
        assert kept is not None and kept[0].startswith("SCRAM-SHA-256$")
        with pytest.raises(HubSignInRefused):
            connect(central.url(sign_in.login, "another"), insecure_loopback=True)
        assert remove_user(admin, sign_in.login) == "desk"
        assert status(admin)["desks"] == []
        assert publish(admin) == 0 and new_epoch(admin) < new_epoch(admin)


def test_a_second_desk_is_told_to_the_first(central: Central) -> None:
    with administrator(central.url(), insecure_loopback=True) as admin:
        install(admin)
        insert_agency(admin.connection)
        desks = [add_desk(admin, name) for name in ("Kotor", "Budva")]
        told = status(admin)
        assert [(desk["number"], desk["name"], desk["enrolled"]) for desk in told["desks"]] == [
            *((1, "Kotor", False), (2, "Budva", False)),
        ]
        assert told["unpublished"] == 2 and publish(admin) == 2
        remove_user(admin, desks[0].login)
        again = add_desk(admin, "Kotor", login=f"{central.name}_again", desk_id=desks[0].desk_id)
        assert again.desk_id == desks[0].desk_id


def test_who_may_not_is_told_what_it_takes(central: Central) -> None:
    login = f"{central.name}_nobody"
    with closing(central.connect()) as admin:
        admin.execute(f"CREATE ROLE {login} LOGIN PASSWORD '{WORD}'")
    with administrator(central.url(login, WORD), insecure_loopback=True) as nobody:
        with pytest.raises(MayNotAdminister):
            install(nobody)
        with pytest.raises(NotAHub):
            status(nobody)


def test_an_older_program_leaves_a_newer_hub_alone(central: Central) -> None:
    with administrator(central.url(), insecure_loopback=True) as admin:
        install(admin)
        admin.connection.execute("INSERT INTO hub.migrations (name) VALUES ('9999_of_tomorrow')")
        with pytest.raises(HubTooNew, match="9999_of_tomorrow"):
            install(admin)


def test_the_commands_hand_a_password_out_once_and_take_none_as_an_argument(
    central: Central, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(*arguments: str) -> tuple[int, dict[str, object]]:
        code = run(["central", *arguments, "--insecure-loopback", "--json"])
        return code, json.loads(capsys.readouterr().out)

    with_password = central.url()
    bare = with_password.replace(f":{central.server.password}@", "@")
    code, answer = said("install", "--url", with_password)
    assert code == COULD_NOT and "password" in str(answer).lower()
    monkeypatch.setenv("TRAVELLR_CENTRAL_PASSWORD", central.server.password)
    code, answer = said("install", "--url", bare)
    assert code == DONE and answer["ok"] and answer["new"]
    assert said("install", "--url", bare)[1]["new"] == []
    code, desk = said("add-desk", "Kotor", "--url", bare)
    assert code == DONE
    invitation = invited(f"Sent to Kotor: {desk['invitation']}")
    assert invitation is not None and invitation.insecure
    assert (invitation.address.login, invitation.password) == (desk["login"], desk["password"])
    assert invitation.address.where().endswith(f"/{central.name}")
    with closing(connect(central.url(str(desk["login"]), str(desk["password"])), insecure_loopback=True)):
        pass
    code, answer = said("status", "--url", bare)
    assert code == DONE and str(desk["password"]) not in json.dumps(answer)
    assert said("publish", "--url", bare)[1]["last"] == 0
    assert said("new-epoch", "--url", bare)[1]["epoch"] != 1
    assert said("remove-user", str(desk["login"]), "--url", bare)[1]["kind"] == "desk"
    code, answer = said("add-user", "nobody@travellr.example", "--url", bare)
    assert code == COULD_NOT


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("postgresql://d@h/x?sslmode=require", AddressWeak),
        ("postgresql://d@h/x?sslmode=disable", AddressWeak),
        ("postgresql://d@h/x?channel_binding=disable", AddressWeak),
        ("postgresql://d@h/x?service=other", AddressWrong),
        ("postgresql://d@h/x?options=-crole=x", AddressWrong),
        ("postgresql://d@/x", AddressWrong),
        ("host=h dbname=x user=d", AddressWrong),
        ("nonsense", AddressWrong),
    ],
)
def test_an_address_that_asks_for_less_is_refused(url: str, refusal: type[SyncRefusal]) -> None:
    with pytest.raises(refusal):
        conninfo(url)


def test_plain_is_for_this_very_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert "sslmode=verify-full" in conninfo("postgresql://d@hub.example/x")
    assert "sslmode=verify-full" in conninfo("postgresql://d@127.0.0.1/x")
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert "sslmode=disable" in conninfo(f"postgresql://d@{host}/x", insecure_loopback=True)
    for host in ("hub.example", "10.0.0.1", "127.0.0.1,hub.example"):
        with pytest.raises(AddressWeak):
            conninfo(f"postgresql://d@{host}/x", insecure_loopback=True)
    with pytest.raises(AddressWeak):
        conninfo("postgresql://d@localhost/x?hostaddr=10.0.0.1", insecure_loopback=True)


def test_a_certificate_is_looked_at_and_what_is_wrong_with_it_is_said(
    central: Central, tls: Callable[..., None]
) -> None:
    url = central.url(host="localhost", sslrootcert=str(central.server.authority))
    with closing(connect(url)) as connection:
        found = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
        assert found == (True,)
    for kind, refusal in (
        (Kind.OTHER_HOST, NotTheHost),
        (Kind.EXPIRED, CertificateExpired),
        (Kind.NOT_YET, CertificateExpired),
        (Kind.STRANGER, CertificateUnknown),
    ):
        tls(kind)
        with pytest.raises(refusal):
            connect(url)


def test_a_server_without_encryption_is_not_talked_to(central: Central) -> None:
    with pytest.raises(NotEncrypted):
        connect(central.url(host="localhost"))


def test_what_is_no_hub_or_does_not_answer_is_said(central: Central) -> None:
    with (
        closing(connect(central.url(), insecure_loopback=True)) as connection,
        pytest.raises(NotAHub),
        refusals(),
    ):
        connection.execute("SELECT api.hello()")
    with pytest.raises(NotAHub):
        connect(central.url().replace(central.name, "nowhere"), insecure_loopback=True)
    with pytest.raises(HubSilent):
        connect("postgresql://d:x@127.0.0.1:1/x", insecure_loopback=True)
    with administrator(central.url(), insecure_loopback=True) as admin:
        install(admin)
        with pytest.raises(NobodyHere), refusals():
            admin.connection.execute("SELECT api.hello()")
    with (
        closing(connect(central.url(), insecure_loopback=True)) as connection,
        closing(central.connect()) as other,
    ):
        other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        with pytest.raises(HubSilent), refusals():
            connection.execute("SELECT 1")


def test_no_password_is_in_what_is_said(central: Central) -> None:
    with pytest.raises(SyncRefusal) as refused:
        connect(central.url(password="hunter22"), insecure_loopback=True)
    assert "hunter22" not in str(refused.value) + refused.value.hint
    assert not isinstance(refused.value.__cause__, psycopg.Error) or "hunter22" not in str(
        refused.value.__cause__
    )
