"""A real Postgres in a temporary folder, for tests and for trying things: nothing of it is there afterwards.

    python packaging/postgres.py [--port N] [--tls] [--durable]

prints the address of its superuser and serves until Ctrl+C. `postgres_binaries` says which Postgres it is. It listens
on 127.0.0.1 alone and has no Unix socket; passwords go by SCRAM. Started by root it runs as `postgres` or `nobody`,
since no server runs as root. It ends with the process that started it, even one that is killed: see `postgres_guard`.

It is made for speed: `fsync` and `full_page_writes` are off, so a power cut may ruin it. Killing processes cannot: what
was committed is with the system by then (`synchronous_commit` stays on; beside no fsync it costs nothing). `durable`
turns both on.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import quote, urlencode

from postgres_binaries import PostgresMissing, find_binaries
from postgres_system import (
    LOCAL,
    PostgresFailed,
    can_reach,
    children,
    free_port,
    lives,
    place_for,
    server_user,
)

if TYPE_CHECKING:
    import psycopg

    from postgres_tls import Authority, Kind

SUPERUSER = "postgres"
PATIENCE_S = 60.0
LOOK_EVERY_S = 0.01
GUARD = Path(__file__).with_name("postgres_guard.py")

How = Literal["smart", "fast", "immediate"]
SIGNALS: Mapping[How, signal.Signals] = {
    "smart": signal.SIGTERM,
    "fast": signal.SIGINT,
    "immediate": signal.SIGQUIT,
}
"""What `pg_ctl stop -m` sends."""

SETTINGS = {
    "listen_addresses": LOCAL,
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",  # lies in the folder, and goes with it
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
FAST = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """One server with its own cluster. Use it as a context manager, or `open` and `close` it.

    `settings` are lines of postgresql.conf over those of this module. Not to be shared between threads.
    """

    def __init__(
        self, *, port: int | None = None, durable: bool = False, settings: Mapping[str, str] | None = None
    ) -> None:
        self.binaries = find_binaries()
        self.password = secrets.token_urlsafe(16)
        self._durable = durable
        self._settings = {**SETTINGS, **({} if durable else FAST), **(settings or {})}
        self._wanted_port = port
        self._port: int | None = None
        self._identity = server_user()
        if not can_reach(self._identity, self.binaries):
            raise PostgresMissing(f"The server's user cannot reach {self.binaries}.")
        self._folder: Path | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._authority: Authority | None = None

    # --- coming and going ---

    def open(self) -> Self:
        """Make the cluster and start it. Raises `PostgresFailed`."""
        place = place_for(self._identity, in_memory=not self._durable)
        self._folder = folder = Path(tempfile.mkdtemp(prefix="travellr-postgres-", dir=place))
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        try:
            folder.chmod(0o755)  # clients read the authority's certificate; the data is the server's alone
            self._give(folder)
            self._init()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stop it at once and remove all of it. Does nothing the second time."""
        server, guard, self._server, self._guard, self._folder = self._server, self._guard, None, None, None
        if server is not None:
            server.poll()  # one that was killed from elsewhere is seen to be gone
        if guard is not None:
            assert guard.stdin is not None
            guard.stdin.close()
            guard.wait(PATIENCE_S)
        if server is not None:
            server.wait(PATIENCE_S)

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # --- starting and stopping ---

    @property
    def running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    @property
    def pid(self) -> int:
        """Of the process that the others are children of."""
        assert self._server is not None, "it does not run"
        return self._server.pid

    def start(self) -> None:
        """Start it (again), on the port it had; it answers when this returns. Raises `PostgresFailed`."""
        assert not self.running, "it runs already"
        for _ in range(5):
            port = self._port or self._wanted_port or free_port()
            written = self._log.stat().st_size
            self._server = self._popen("postgres", "-D", str(self._data), "-p", str(port))
            if self._answers(self._server):
                self._port = port
                return
            self._server.wait(PATIENCE_S)
            said = self._said(written)
            if "could not bind" not in said or self._port or self._wanted_port:
                break
        raise PostgresFailed(f"The server did not start.\n{said}")

    def wait(self) -> None:
        """Until it ends by itself."""
        assert self._server is not None, "it does not run"
        self._server.wait()

    def stop(self, how: How = "fast") -> None:
        """Stop it as `pg_ctl stop -m` does: `smart` waits for clients to leave, `fast` ends them, `immediate` leaves
        the files as a crash would."""
        if self._server is not None:
            self._server.send_signal(SIGNALS[how])
            self._server.wait(PATIENCE_S)
            self._server = None

    def restart(self, how: How = "fast") -> None:
        self.stop(how)
        self.start()

    def kill(self) -> None:
        """SIGKILL every process of it at once (on Linux): nothing is tidied up. `start` recovers what was committed."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGSTOP)  # so that no child is added while they are counted
        family = children(self._server.pid)
        self._server.kill()
        for child in family:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._server.wait(PATIENCE_S)
        end = time.monotonic() + PATIENCE_S
        while any(lives(child) for child in family) and time.monotonic() < end:
            time.sleep(LOOK_EVERY_S)  # its successor starts only when the memory they share is free
        self._server = None

    # --- databases ---

    @property
    def port(self) -> int:
        assert self._port is not None, "it was never started"
        return self._port

    def url(
        self,
        database: str = "postgres",
        user: str = SUPERUSER,
        password: str | None = None,
        *,
        host: str = LOCAL,
        **parameters: str,
    ) -> str:
        """The address for libpq, by default of the superuser. `parameters` are libpq's: `sslmode="verify-full"`."""
        secret = self.password if password is None else password
        where = (
            f"{quote(user, safe='')}:{quote(secret, safe='')}@{host}:{self.port}/{quote(database, safe='')}"
        )
        return f"postgresql://{where}{'?' if parameters else ''}{urlencode(parameters, quote_via=quote)}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """The superuser's connection, each statement a transaction of its own."""
        import psycopg

        return psycopg.connect(self.url(database, sslmode="disable"), autocommit=True)

    def create_database(self, name: str, template: str = "template1") -> None:
        """A database as another one is; nobody may be connected to that one meanwhile."""
        from psycopg import sql

        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self.connect() as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Gone, with whoever is still connected."""
        from psycopg import sql

        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    # --- TLS ---

    @property
    def authority(self) -> Path:
        """The certificate to trust (`sslrootcert`), once `offer_tls` was called."""
        return self.folder / "root.crt"

    def offer_tls(self, kind: Kind | None = None) -> None:
        """Offer TLS from now on, with a good certificate or one of another kind. Plain connections stay possible: it
        is the client that must insist. Raises `PostgresFailed` where this build has no TLS (Debian's has)."""
        from postgres_tls import Authority, Kind

        if self._authority is None:
            self._authority = Authority()
            self._write(self.authority, self._authority.certificate, 0o644)
        issued = self._authority.issue(kind or Kind.GOOD)
        self._write(self._data / "server.crt", issued.certificate, 0o644)
        self._write(self._data / "server.key", issued.key, 0o600)
        self._set_tls(on=True)

    def stop_tls(self) -> None:
        """Offer TLS no longer."""
        self._set_tls(on=False)

    def _set_tls(self, *, on: bool) -> None:
        self._write(self._data / "tls.conf", f"ssl = {'on' if on else 'off'}\n".encode(), 0o600)
        before, _ = self._loaded()
        os.kill(self.pid, signal.SIGHUP)
        end = time.monotonic() + PATIENCE_S
        while (loaded := self._loaded())[0] == before:
            if time.monotonic() > end:
                raise PostgresFailed(f"The server did not read its settings.\n{self._said()}")
            time.sleep(LOOK_EVERY_S)
        if loaded[1] != on:
            self._write(self._data / "tls.conf", b"ssl = off\n", 0o600)
            raise PostgresFailed(f"{self.binaries} has no TLS; Debian's package has.\n{self._said()}")

    def _loaded(self) -> tuple[object, bool]:
        """When a new connection's settings were read, and whether TLS is offered by them."""
        with self.connect() as connection:
            row = connection.execute("SELECT pg_conf_load_time(), current_setting('ssl')::bool").fetchone()
        assert row is not None
        return row[0], row[1]

    # --- within ---

    @property
    def folder(self) -> Path:
        """Where all of it lies, until it is closed."""
        assert self._folder is not None, "it is not open"
        return self._folder

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _said(self, since: int = 0) -> str:
        """The end of the log."""
        return self._log.read_bytes()[since:].decode(errors="replace")[-4000:]

    def _init(self) -> None:
        word = self.folder / "password"
        self._write(word, self.password.encode(), 0o600)
        options = ["--no-sync", "--no-instructions", "--locale=C", "--encoding=UTF8", "--auth=scram-sha-256"]
        made = self._popen("initdb", "-D", str(self._data), "-U", SUPERUSER, f"--pwfile={word}", *options)
        if made.wait(PATIENCE_S) != 0:
            raise PostgresFailed(f"The cluster could not be made.\n{self._said()}")
        word.unlink()
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            for name, value in self._settings.items():
                conf.write(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n")
            conf.write("include 'tls.conf'\n")
        self._write(self._data / "tls.conf", b"ssl = off\n", 0o600)
        rule = f"host all all {LOCAL}/32 scram-sha-256\nhost replication all {LOCAL}/32 scram-sha-256\n"
        (self._data / "pg_hba.conf").write_text(rule, encoding="utf-8")

    def _popen(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program of the server's as its user, in the group that the guard watches."""
        assert self._guard is not None
        user, group = self._identity or (None, None)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [self.binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**clean, "LC_ALL": "C"},
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                process_group=self._guard.pid,
            )

    def _answers(self, server: subprocess.Popen[bytes]) -> bool:
        """Wait until it takes connections; false if it ended."""
        noted = self._data / "postmaster.pid"
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError):
                lines = noted.read_text(encoding="utf-8").split("\n")
                if lines[0] == str(server.pid) and len(lines) > 7 and lines[7].strip() == "ready":
                    return True
            with suppress(subprocess.TimeoutExpired):
                server.wait(LOOK_EVERY_S)
                return False
        server.send_signal(SIGNALS["immediate"])
        return False

    def _write(self, path: Path, content: bytes, mode: int) -> None:
        """A file of the server's own."""
        path.unlink(missing_ok=True)
        path.touch(mode)
        path.chmod(mode)
        path.write_bytes(content)
        self._give(path)

    def _give(self, path: Path) -> None:
        if self._identity is not None:
            os.chown(path, *self._identity)


def main() -> None:
    parser = argparse.ArgumentParser(description="A Postgres of one's own, until Ctrl+C.")
    parser.add_argument("--port", type=int, help="by default a free one")
    parser.add_argument("--tls", action="store_true", help="offer TLS, with a certificate for localhost")
    parser.add_argument("--durable", action="store_true", help="with fsync, on disk: as slow as a real one")
    asked = parser.parse_args()
    for asked_to_end in (
        signal.SIGTERM,
        signal.SIGINT,
    ):  # a shell's background programs are made deaf to the latter
        signal.signal(asked_to_end, lambda *_: sys.exit())
    try:
        with Postgres(port=asked.port, durable=asked.durable) as server:
            url = server.url()
            if asked.tls:
                server.offer_tls()
                url = server.url(host="localhost", sslmode="verify-full", sslrootcert=str(server.authority))
            print(url, flush=True)
            server.wait()
    except (PostgresMissing, PostgresFailed) as failed:
        sys.exit(str(failed))


if __name__ == "__main__":
    main()
