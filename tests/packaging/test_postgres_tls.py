"""TLS of the tests' server, as a client that insists on knowing whom it speaks to sees it. Debian's build has it."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from helpers.postgres import Central
from postgres_tls import Authority, Kind

Change = Callable[[Kind], None]
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""The first message of a client that wants TLS."""


def address(central: Central, host: str = "localhost", trust: Path | None = None) -> str:
    return central.url(
        host=host,
        sslmode="verify-full",
        sslrootcert=str(trust or central.server.authority),
        channel_binding="require",
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_good_certificate_is_accepted_by_name_and_by_number(
    central: Central, tls: Change, host: str
) -> None:
    with psycopg.connect(address(central, host)) as connection:
        query = "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert connection.execute(query).fetchone() == (True, "TLSv1.3")


def why_not(central: Central) -> str:
    """What OpenSSL has against the server: libpq says no more than that the check failed."""
    context = ssl.create_default_context(cafile=str(central.server.authority))
    with socket.create_connection(("localhost", central.server.port)) as plain:
        plain.sendall(SSL_REQUEST)
        assert plain.recv(1) == b"S"
        with pytest.raises(ssl.SSLCertVerificationError) as refused:
            context.wrap_socket(plain, server_hostname="localhost")
    return refused.value.verify_message


@pytest.mark.parametrize(
    ("kind", "said", "because"),
    [
        (Kind.OTHER_HOST, "does not match host name", "Hostname mismatch"),
        (Kind.EXPIRED, "certificate verify failed", "certificate has expired"),
        (Kind.NOT_YET, "certificate verify failed", "certificate is not yet valid"),
        (Kind.STRANGER, "certificate verify failed", "unable to get local issuer certificate"),
    ],
)
def test_a_bad_certificate_is_refused_until_there_is_a_good_one(
    central: Central, tls: Change, kind: Kind, said: str, because: str
) -> None:
    tls(kind)
    with pytest.raises(psycopg.OperationalError, match=said):
        psycopg.connect(address(central))
    assert because in why_not(central)
    with psycopg.connect(
        central.url(sslmode="require")
    ) as connection:  # who does not look sees no difference
        assert connection.execute("SELECT 1").fetchone() == (1,)
    tls(Kind.GOOD)
    psycopg.connect(address(central)).close()


def test_the_wrong_authority_is_refused(central: Central, tls: Change, tmp_path: Path) -> None:
    other = tmp_path / "other.crt"
    other.write_bytes(Authority().certificate)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        psycopg.connect(address(central, trust=other))


def test_without_tls_who_insists_on_it_is_not_let_in_plainly(central: Central, tls: Change) -> None:
    central.server.stop_tls()
    with pytest.raises(psycopg.OperationalError, match="does not support SSL"):
        psycopg.connect(address(central))
    with psycopg.connect(central.url(sslmode="disable")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_keeps_its_certificate_over_a_restart(central: Central, tls: Change) -> None:
    central.server.restart()
    psycopg.connect(address(central)).close()
