"""An administrator's connection to a hub: a role that may make roles, acting for the hub's owner.

No superuser is needed: the right to make roles (CREATEROLE) and to make schemas in the database (CREATE) are enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Self

import psycopg
from psycopg import sql

from travellr_desktop.errors import Refusal
from travellr_desktop.sync.connecting import (
    AddressWrong,
    CertificateUnknown,
    HubFull,
    HubSignInRefused,
    HubSilent,
    NotAHub,
    connect,
    refusals,
)
from travellr_desktop.sync.refusals import GOES_ON, SyncRefusal

OLDEST = 140000
"""Postgres 14, as servers number themselves."""

_OWNER = "_owner"
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,40}")


_TO_DO: dict[type[SyncRefusal], str] = {
    HubSilent: "Look at the address, and whether the server runs.",
    HubFull: "Make room at the server: its disk, its memory, max_connections.",
    HubSignInRefused: "Look at the name in the address, and at the password of that role.",
    CertificateUnknown: "Name the file of the authority that signed it in the address: sslrootcert=…",
}
"""For who looks after the server. What else a desk is told holds for them too, but for its own part."""


class MayNotAdminister(Refusal):
    """The sign-in has not the rights that it takes to look after a hub."""

    hint = "Sign in as a role with CREATEROLE that has CREATE on the database, or as a superuser."


@dataclass(frozen=True, slots=True)
class Roles:
    """The hub's own roles, none of which can log in. They are the whole server's, so they bear a database's name: that
    in which the hub was installed first, however it is called now."""

    prefix: str

    @property
    def owner(self) -> str:
        return self.prefix + _OWNER

    @property
    def desk(self) -> str:
        return f"{self.prefix}_desk"

    @property
    def person(self) -> str:
        return f"{self.prefix}_person"

    @property
    def vendor(self) -> str:
        return f"{self.prefix}_vendor"

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> Self:
        """Raises `AddressWrong` where roles cannot be called after the database."""
        found = connection.execute(
            "SELECT current_database(), (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'hub')"
        ).fetchone()
        assert found is not None
        owner = str(found[1] or "").strip('"')
        if owner.endswith(_OWNER):
            return cls(owner.removesuffix(_OWNER))
        if not _NAME.fullmatch(found[0]):
            raise AddressWrong(
                f"A hub cannot be in a database with the name {found[0]}.",
                hint="Take up to 40 letters, digits, - and _.",
            )
        return cls(found[0])

    def fill(self, text: str) -> str:
        """Put the roles into the SQL of a migration: `@owner@` as an identifier, `@owner_text@` as a text."""
        for name in ("owner", "desk", "person", "vendor"):
            role = getattr(self, name)
            text = text.replace(f"@{name}@", f'"{role}"').replace(f"@{name}_text@", f"'{role}'")
        return text


@dataclass(frozen=True, slots=True)
class Administrator:
    """A connection in autocommit, and the roles of the hub there."""

    connection: psycopg.Connection[Any]
    roles: Roles

    @contextmanager
    def acting(self) -> Iterator[psycopg.Connection[Any]]:
        """A transaction; `as_owner` within it. Raises as `connecting.refusals`, and `MayNotAdminister`."""
        try:
            with _to_do(), refusals(), self.connection.transaction():
                yield self.connection
        except NotAHub as refusal:
            cause = refusal.__cause__
            if isinstance(cause, psycopg.errors.InsufficientPrivilege):
                raise MayNotAdminister(
                    f"This sign-in may not do that: {cause.diag.message_primary}."
                ) from cause
            raise (cause or refusal) from None  # a migration that does not fit is a fault of the program

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Within a transaction: what is done meanwhile, the hub's owner does."""
        owner = sql.Identifier(self.roles.owner)
        kind = "SET" if self.connection.info.server_version >= 160000 else "MEMBER"
        found = self.connection.execute(
            "SELECT (SELECT pg_has_role(oid, %s) FROM pg_roles WHERE rolname = %s)", (kind, self.roles.owner)
        ).fetchone()
        if found is None or found[0] is None:
            raise NotAHub("This database is no hub yet.")
        if not found[0]:
            self.connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owner))
        self.connection.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
        yield
        self.connection.execute("RESET ROLE")

    def ask(self, function: str, *values: Any) -> Any:
        """Call a function of the hub's for its owner, in a transaction of its own: `ask("hub.publish()")`."""
        with self.acting() as connection, self.as_owner():
            found = connection.execute(f"SELECT {function}", values).fetchone()
        assert found is not None
        return found[0]


@contextmanager
def _to_do() -> Iterator[None]:
    """No desk is in the way here: what to do is said to an administrator."""
    try:
        yield
    except SyncRefusal as refusal:
        refusal.hint = _TO_DO.get(type(refusal)) or refusal.hint.removeprefix(GOES_ON).strip()
        raise


@contextmanager
def administrator(
    url: str, password: str | None = None, *, insecure_loopback: bool = False
) -> Iterator[Administrator]:
    """Sign in. Raises as `connecting.connect`, and `MayNotAdminister` for a server that is too old."""
    with _to_do():
        opened = connect(url, password, insecure_loopback=insecure_loopback)
    with closing(opened) as connection:
        if connection.info.server_version < OLDEST:
            raise MayNotAdminister("This Postgres is too old.", hint="A hub needs Postgres 14 or newer.")
        yield Administrator(connection, Roles.of(connection))
