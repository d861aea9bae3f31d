"""The way to a hub: what an address must be, and what can be in the way, in words for a person.

A connection is encrypted, the server shows by its certificate that it is the one that was meant (`verify-full`), and
the password goes by SCRAM, tied to that encryption (channel binding). Nothing in the environment makes it weaker. Only
to this very machine, and only where that is asked for, may a connection be plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import certifi
import psycopg
from psycopg import errors, pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from travellr_desktop.errors import NotPermitted, Refusal, WaitsForCentral
from travellr_desktop.sync.handshake import Flaw, flaw_of
from travellr_desktop.sync.refusals import GOES_ON, FileCloned, HubConfused, HubTooOld, SyncRefusal

_KNOWN = {
    *("host", "hostaddr", "port", "dbname", "user", "password", "connect_timeout", "application_name"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding"),
}
"""What an address may say. Others could make a connection weaker, or read it from elsewhere."""

_SILENT = ("08", "57", "40", "55")
"""Classes of SQLSTATE after which the same may be tried again: no connection, the server goes, another was before."""


_NO_ROOM = ("out of shared memory", "out of memory", "No space left on device")
"""What a server says that has not even room to let somebody in."""


class HubSilent(SyncRefusal, WaitsForCentral):
    """Nobody answers, or the answer did not come: what was asked may have been done. Tried again by itself."""

    hint = f"{GOES_ON} It is tried again by itself."
    at = "address"


class HubFull(HubSilent):
    """The server has no room for it: its disk, its memory, its connections."""

    hint = f"{GOES_ON} Tell whoever looks after the central database; it is tried again by itself."


class AddressWeak(SyncRefusal):
    """The address would let somebody in between listen, or answer in the hub's place."""

    hint = "Take sslmode=verify-full, or leave it out."
    at = "address"


class AddressWrong(SyncRefusal):
    """The address is none."""

    hint = "It looks like this: postgresql://name@host:5432/database."
    at = "address"


class HubSignInRefused(SyncRefusal):
    """The server does not know the name, or the password is another one."""

    hint = f"{GOES_ON} Enter the name and the password that were handed out for this desk."
    at = "password"


class NotTheHost(SyncRefusal):
    """The server's certificate is that of another host."""

    hint = f"{GOES_ON} Look at the host in the address; nothing was sent to it."
    at = "address"


class CertificateExpired(SyncRefusal):
    """The server's certificate is over, or not valid yet."""

    at = "certificate"
    hint = (
        f"{GOES_ON} Look at this machine's clock; else whoever looks after the server renews the certificate."
    )


class CertificateUnknown(SyncRefusal):
    """Nobody known here vouches for the server's certificate."""

    hint = f"{GOES_ON} Name the file of the authority that signed it as the certificate."
    at = "certificate"


class NotEncrypted(SyncRefusal):
    """The server offers no encryption, or not the kind that is asked for."""

    hint = f"{GOES_ON} Whoever looks after the server switches TLS on."
    at = "address"


class NotAHub(SyncRefusal):
    """It is a Postgres, but no hub, or not for this sign-in."""

    hint = "Look at the database in the address; an empty one becomes a hub with travellr central install."
    at = "address"


class NobodyHere(SyncRefusal):
    """The hub knows nobody by this sign-in, or not any more."""

    hint = f"{GOES_ON} Ask whoever looks after the central database for a new sign-in."
    at = "login"


class HubDeclines(Refusal):
    """The hub cannot do what was asked as things are; it says why."""

    hint = "Look how it stands now, and decide again."


def conninfo(url: str, password: str | None = None, *, insecure_loopback: bool = False) -> str:
    """What libpq needs to go to an address, `postgresql://name@host:port/database`.

    `password` goes before one in the address. Raises `AddressWrong` where it is none, or says what it may not, and
    `AddressWeak` where it asks for less than is meant here."""
    try:
        said = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise AddressWrong("This is no address of a database.") from error
    if not url.startswith(("postgresql://", "postgres://")):
        raise AddressWrong("This is no address of a database.")
    for name in ("host", "dbname", "user"):
        if not said.get(name):
            raise AddressWrong(f"The address has no {name}.")
    if strange := sorted(said.keys() - _KNOWN):
        raise AddressWrong(f"The address may not say {strange[0]}.")
    if password is not None:
        said["password"] = password
    said.setdefault("hostaddr", "")  # PGHOSTADDR would lead elsewhere
    said.setdefault("port", "5432")
    said.setdefault("connect_timeout", "10")
    said.setdefault("application_name", "travellr")
    said |= {
        "gssencmode": "disable",
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "tcp_user_timeout": "30000",
    }
    return make_conninfo("", **said | (_plain(said) if insecure_loopback else _encrypted(said)))


def _encrypted(said: dict[str, str]) -> dict[str, str]:
    if said.get("sslmode", "verify-full") != "verify-full":
        raise AddressWeak(f"The address asks for sslmode={said['sslmode']}.")
    binding = said.get("channel_binding", "require")
    if binding not in ("require", "prefer"):  # a pooler in between may not be able to
        raise AddressWeak(
            f"The address asks for channel_binding={binding}.", hint="Leave it out, or take prefer."
        )
    kept = {"sslmode": "verify-full", "channel_binding": binding, "sslnegotiation": "postgres"}
    kept["sslrootcert"] = said.get("sslrootcert") or certifi.where()
    return _scram(kept)


def _plain(said: dict[str, str]) -> dict[str, str]:
    if not all(_loopback(one) for one in (said["host"], said["hostaddr"] or said["host"])):
        raise AddressWeak(
            f"{said['host']} is not this machine: a connection to it is always encrypted.",
            hint="Leave --insecure-loopback away.",
        )
    return _scram({"sslmode": "disable", "channel_binding": "disable"})


def _scram(kept: dict[str, str]) -> dict[str, str]:
    return kept | ({"require_auth": "scram-sha-256"} if pq.version() >= 160000 else {})


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def connect(
    url: str, password: str | None = None, *, insecure_loopback: bool = False
) -> psycopg.Connection[Any]:
    """A connection in autocommit. Raises as `conninfo` and `refusals`. The caller closes it."""
    info = conninfo(url, password, insecure_loopback=insecure_loopback)
    try:
        return psycopg.connect(info, autocommit=True)
    except psycopg.OperationalError as error:
        raise _unreached(str(error), info) from error


_NOT_LET_IN = (
    "password authentication failed",
    "SASL authentication failed",
    "no such user",
    "no password supplied",
    "28P01",
)


def _unreached(said: str, info: str) -> SyncRefusal:
    """libpq tells a failed connection by its words alone, which are English, whatever the server speaks."""
    where = conninfo_to_dict(info)
    host = where["host"]
    # also in the words of a pooler in between
    if any(words in said for words in _NOT_LET_IN):
        return HubSignInRefused(f"The central database does not take the sign-in {where['user']}.")
    if "pg_hba.conf" in said or "not permitted to log in" in said:
        return HubSignInRefused(f"The central database lets {where['user']} not in from here.")
    if "does not match host name" in said:
        return NotTheHost(f"Who answers at {host} shows the certificate of another host.")
    if "certificate" in said:
        flaw = flaw_of(str(host), int(str(where["port"])), str(where["sslrootcert"]))
        if flaw is Flaw.TIME:
            return CertificateExpired(f"The certificate of {host} is not valid now.")
        if flaw is Flaw.HOST:
            return NotTheHost(f"Who answers at {host} shows the certificate of another host.")
        return CertificateUnknown(f"Nobody known here vouches for the certificate of {host}.")
    if "SSL" in said or "channel binding" in said or "authentication method" in said:
        return NotEncrypted(f"{host} does not offer a connection that is encrypted as it must be.")
    if "does not exist" in said or "no such database" in said:
        return NotAHub(f"There is no database {where['dbname']} at {host}.")
    if any(
        words in said for words in ("too many", "remaining connection slots", "no more connections allowed")
    ):
        return HubFull(f"{host} takes no more connections.")
    if any(words in said for words in _NO_ROOM):
        return HubFull(f"{host} has no room left.")
    return HubSilent(f"{host} does not answer.")


@contextmanager
def refusals() -> Iterator[None]:
    """What a hub says no with, as a `Refusal`: `HubSilent` where nobody knows whether it was done. What is nobody's
    fault but the program's goes through as it is."""
    try:
        yield
    except psycopg.Error as error:
        refusal = _meant(error)
        if refusal is None:
            raise
        raise refusal from error


def _meant(error: psycopg.Error) -> Refusal | None:
    code = error.sqlstate or ""
    said = (error.diag.message_primary or str(error)) if code else ""
    if code in ("TR001", "TR003"):
        return FileCloned(said)
    if code == "TR002":
        return HubConfused(said)
    if code == "TR004":
        return NobodyHere(said)
    if code == "TR005":
        return HubTooOld(said)
    if code == "TR006":
        return NotPermitted(said)
    if code in ("TR008", "TR100"):
        return HubDeclines(said, hint=error.diag.message_hint)
    if code.startswith("53"):
        return HubFull("The central database has no room left.")
    if code.startswith(_SILENT) or (not code and isinstance(error, errors.OperationalError)):
        return HubSilent("The central database does not answer.")
    if isinstance(error, errors.InvalidSchemaName | errors.UndefinedFunction | errors.InsufficientPrivilege):
        return NotAHub("This database is no hub that this sign-in can use.")
    return None
