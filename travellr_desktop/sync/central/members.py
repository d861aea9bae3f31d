"""Who may come to a hub: a sign-in for each desk and for each person who decides on money.

A sign-in is a login role of the server and a row of the hub that says whom it is. Its password is made here, and handed
out once: the server is sent a SCRAM verifier, which the password cannot be read from.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from travellr_desktop.domain.text import fold
from travellr_desktop.errors import InvalidInput
from travellr_desktop.sync.central.administrator import Administrator

VENDOR_CONNECTIONS = 5
"""Of one vendor's person at a time."""

_LOGIN = re.compile(r"[a-z][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A new sign-in. The password is nowhere else. `desk_id` is None for a hub's first desk, which brings its file."""

    login: str
    password: str
    name: str
    desk_id: UUID | None = None
    user_id: UUID | None = None
    vendor_id: UUID | None = None


def add_desk(
    admin: Administrator, name: str, *, login: str | None = None, desk_id: UUID | None = None
) -> SignIn:
    """A new desk with its sign-in; with `desk_id` a new sign-in for one that has none.

    Raises `InvalidInput` for a name that cannot be one, `HubDeclines` where the hub has no such desk, or waits for
    its first one."""
    if not name.strip() or len(name) > 120:
        raise InvalidInput("A desk's name has 1 to 120 letters.", field="name")
    chosen = _chosen(admin, login, "desk", name)
    with admin.acting() as connection:
        with admin.as_owner():
            said = _said(connection, "hub.add_desk(%s, %s, %s)", chosen, name.strip(), desk_id)
        password = _make_role(connection, chosen, admin.roles.desk)
    return SignIn(chosen, password, said["name"] or name.strip(), desk_id=_id(said["desk_id"]))


def add_user(admin: Administrator, email: str, *, login: str | None = None) -> SignIn:
    """A sign-in for a person of the agency, or of a vendor, by the email of their account.

    Raises `HubDeclines` where there is no such active account, or it has a sign-in already."""
    folded = email.strip().casefold()
    chosen = _chosen(admin, login, "user", folded.partition("@")[0])
    with admin.acting() as connection:
        with admin.as_owner():
            said = _said(connection, "hub.add_person(%s, %s)", chosen, folded)
        vendor = _id(said["vendor_id"])
        group = admin.roles.person if vendor is None else admin.roles.vendor
        password = _make_role(connection, chosen, group)
        if vendor is not None:  # whoever is no staff cannot use up the server's connections
            connection.execute(
                sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(
                    sql.Identifier(chosen), sql.Literal(VENDOR_CONNECTIONS)
                )
            )
    return SignIn(chosen, password, said["name"], user_id=_id(said["user_id"]), vendor_id=vendor)


def remove_user(admin: Administrator, login: str) -> str:
    """Take a sign-in away, a desk's or a person's; returns which, `desk`, `person` or `vendor`. Who is connected can do
    nothing any more. What a desk has told stays its. Raises `HubDeclines` where there is no such sign-in."""
    with admin.acting() as connection:
        with admin.as_owner():
            kind = str(_said(connection, "to_jsonb(hub.remove_member(%s))", login))
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(login)))
    return kind


def _said(connection: psycopg.Connection[Any], function: str, *values: Any) -> Any:
    found = connection.execute(f"SELECT {function}", values).fetchone()
    assert found is not None
    return found[0]


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _chosen(admin: Administrator, login: str | None, kind: str, name: str) -> str:
    """The login that was asked for, or one after the name: the server's roles are not this hub's alone."""
    if login is None:
        words = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:20]
        login = f"{admin.roles.prefix.lower()[:30]}_{kind}_{words}".rstrip("_")
    if not _LOGIN.fullmatch(login):
        raise InvalidInput(
            "A sign-in has up to 63 small letters, digits, - and _, and begins with a letter.",
            hint="Name one with --login.",
            field="login",
        )
    taken = admin.connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone()
    if taken is not None:
        raise InvalidInput(
            f"There is a role {login} on the server already.",
            hint="Name another one with --login. One of this hub goes with travellr central remove-user.",
            field="login",
        )
    return login


def _make_role(connection: psycopg.Connection[Any], login: str, group: str) -> str:
    password = secrets.token_urlsafe(24)
    verifier = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}").format(
            sql.Identifier(login), sql.Literal(verifier.decode()), sql.Identifier(group)
        )
    )
    # whose machine was switched off in the middle of a transaction does not keep others waiting
    connection.execute(
        sql.SQL("ALTER ROLE {} SET idle_in_transaction_session_timeout = '2min'").format(
            sql.Identifier(login)
        )
    )
    return password
