"""The commands `travellr central …`: what an administrator does with the agency's central database.

The password is taken from TRAVELLR_CENTRAL_PASSWORD, asked for, or a line of standard input; it is never an argument,
where others of the machine can read it. That of a new sign-in is printed, once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from travellr_desktop.cli_parts import answer, json_option, unseen

if TYPE_CHECKING:
    from travellr_desktop.sync.central.administrator import Administrator
    from travellr_desktop.sync.central.members import SignIn

PASSWORD = "TRAVELLR_CENTRAL_PASSWORD"

url_option = click.option(
    "--url",
    required=True,
    envvar="TRAVELLR_CENTRAL_URL",
    metavar="URL",
    help="postgresql://administrator@host:5432/database; else TRAVELLR_CENTRAL_URL. A certificate that is not a public "
    "one is named by ?sslrootcert=FILE.",
)
loopback_option = click.option(
    "--insecure-loopback", is_flag=True, help="Do without encryption, to this very machine only."
)
login_option = click.option(
    "--login", metavar="NAME", help="How the sign-in is called; by default after the database and the name."
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a command has to say, as data and in lines."""

    said: Mapping[str, Any]
    lines: tuple[str, ...]
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": True, **self.said}

    def as_text(self) -> str:
        return "\n".join(self.lines)


def _do(url: str, insecure: bool, as_json: bool, make: Callable[[Administrator], _Said]) -> int:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    from travellr_desktop.sync.central.administrator import administrator

    try:
        known = conninfo_to_dict(url).get("password") is not None
    except ProgrammingError:
        known = False  # it is told below what is wrong with it
    given = click.get_current_context().get_parameter_source("url")
    if known and given is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError(f"A password has no place in an argument: leave it out, or set {PASSWORD}.")
    password = os.environ.get(PASSWORD) if known else unseen("Password", PASSWORD)

    def act() -> _Said:
        with administrator(url, password, insecure_loopback=insecure) as admin:
            return make(admin)

    return answer(act, as_json)


@click.group()
def central() -> None:
    """The central Postgres where an agency's desks meet, for who looks after it.

    The address says who signs in, and --url may come from TRAVELLR_CENTRAL_URL. The password is taken from
    TRAVELLR_CENTRAL_PASSWORD, asked for, or the first line that is sent in; it is never an argument.
    """


@central.command()
@url_option
@loopback_option
@json_option
def install(url: str, insecure_loopback: bool, as_json: bool) -> int:
    """Make an empty database the central one, or bring an older one up to date. Again, it changes nothing."""
    from travellr_desktop.sync.central.installing import install as run

    def make(admin: Administrator) -> _Said:
        done = run(admin)
        lines = [f"Installed: {', '.join(done.new)}." if done.new else "It is as it should be."]
        if done.advice:
            lines += [
                "Others of the server can still come in. Let the database's owner run:",
                *(f"  {line};" for line in done.advice),
            ]
        said = {"hub_id": str(done.hub_id), "new": list(done.new), "advice": list(done.advice)}
        return _Said(said, tuple(lines))

    return _do(url, insecure_loopback, as_json, make)


def _handed_out(admin: Administrator, sign_in: SignIn, insecure: bool) -> _Said:
    """What is sent on to whom it is for. Whose program is enrolled with it gets it as one line too; a person of the
    agency enters it at a desk that is enrolled already."""
    enrols = sign_in.user_id is None or sign_in.vendor_id is not None
    invitation = _invitation(admin, sign_in, insecure) if enrols else None
    said: dict[str, Any] = {
        "login": sign_in.login,
        "password": sign_in.password,
        "name": sign_in.name,
        **{
            name: None if one is None else str(one)
            for name, one in (
                ("desk_id", sign_in.desk_id),
                ("user_id", sign_in.user_id),
                ("vendor_id", sign_in.vendor_id),
            )
        },
        "invitation": invitation,
    }
    lines = [f"Sign-in of {sign_in.name}: {sign_in.login}", f"Password, shown this once: {sign_in.password}"]
    if invitation is None:
        lines.append("It is entered at any desk: Settings, Central database, Your own sign-in there.")
    else:
        whose = "at the desk" if sign_in.user_id is None else "in their own program"
        lines += [f"Or all of it as one line, to be pasted {whose}:", f"  {invitation}", *_to_add(admin)]
    return _Said(said, tuple(lines))


def _invitation(admin: Administrator, sign_in: SignIn, insecure: bool) -> str:
    """The sign-in at the address that the administrator has come by."""
    from travellr_desktop.services.central import address, door

    info = admin.connection.info
    where = door.Address(info.host, info.port, info.dbname, sign_in.login)
    return address.invitation(door.SignIn(where, sign_in.password, insecure=insecure))


def _to_add(admin: Administrator) -> Iterator[str]:
    said = admin.connection.info.get_parameters()
    if admin.connection.info.host in ("localhost", "127.0.0.1", "::1"):
        yield "It says this machine's address: for elsewhere write the server's name in its place."
    if certificate := said.get("sslrootcert"):
        yield f"Send the certificate too, where it is not a public one: {certificate}"


@central.command("add-desk")
@click.argument("name")
@click.option("--desk", "desk_id", type=click.UUID, help="Give a new sign-in to this desk, which has none.")
@login_option
@url_option
@loopback_option
@json_option
def add_desk(
    name: str, desk_id: UUID | None, login: str | None, url: str, insecure_loopback: bool, as_json: bool
) -> int:
    """Add a desk with this NAME, and print its sign-in."""
    from travellr_desktop.sync.central.members import add_desk as add

    def make(admin: Administrator) -> _Said:
        return _handed_out(admin, add(admin, name, login=login, desk_id=desk_id), insecure_loopback)

    return _do(url, insecure_loopback, as_json, make)


@central.command("add-user")
@click.argument("email")
@login_option
@url_option
@loopback_option
@json_option
def add_user(email: str, login: str | None, url: str, insecure_loopback: bool, as_json: bool) -> int:
    """Give the person with this EMAIL, of the agency or of a vendor, a sign-in of their own, and print it."""
    from travellr_desktop.sync.central.members import add_user as add

    def make(admin: Administrator) -> _Said:
        return _handed_out(admin, add(admin, email, login=login), insecure_loopback)

    return _do(url, insecure_loopback, as_json, make)


@central.command("remove-user")
@click.argument("login")
@url_option
@loopback_option
@json_option
def remove_user(login: str, url: str, insecure_loopback: bool, as_json: bool) -> int:
    """Take a sign-in away, a person's or a desk's. What was told with it stays."""
    from travellr_desktop.sync.central.members import remove_user as remove

    def make(admin: Administrator) -> _Said:
        kind = remove(admin, login)
        return _Said({"login": login, "kind": kind}, (f"{login} ({kind}) can sign in no more.",))

    return _do(url, insecure_loopback, as_json, make)


@central.command()
@url_option
@loopback_option
@json_option
def status(url: str, insecure_loopback: bool, as_json: bool) -> int:
    """Say how it stands with the central database, its desks and its inbox."""
    from travellr_desktop.sync.central.state import status as read

    def make(admin: Administrator) -> _Said:
        said = read(admin)
        lines = [
            f"Epoch {said['epoch']}, publication {said['last_pub']}, {said['unpublished']} to be published, "
            f"{said['inbox']} in the inbox."
        ]
        for desk in said["desks"]:
            name = desk["name"] or desk["login"]
            state = "written off" if desk["written_off"] else f"seen {desk['seen_at'] or 'never'}"
            if desk["left"]:
                state = "has left"
            lines.append(
                f"{desk['number'] or '-'}  {name}: {state}, op {desk['last_op']}, {desk['behind']} behind, "
                f"{desk['waiting']} wait, {desk['taken']} of {desk['granted']} seats"
            )
        lines += [f"{person['name']}: {person['login']} ({person['kind']})" for person in said["people"]]
        return _Said(said, tuple(lines))

    return _do(url, insecure_loopback, as_json, make)


@central.command()
@url_option
@loopback_option
@json_option
def publish(url: str, insecure_loopback: bool, as_json: bool) -> int:
    """Number what desks have told, for those who read without publishing themselves."""
    from travellr_desktop.sync.central.state import publish as number

    def make(admin: Administrator) -> _Said:
        last = number(admin)
        return _Said({"last": last}, (f"Published up to {last}.",))

    return _do(url, insecure_loopback, as_json, make)


@central.command("new-epoch")
@url_option
@loopback_option
@json_option
def new_epoch(url: str, insecure_loopback: bool, as_json: bool) -> int:
    """Say that the database was restored from a back-up: each desk tells it again what it has lost."""
    from travellr_desktop.sync.central.state import new_epoch as begin

    def make(admin: Administrator) -> _Said:
        epoch = begin(admin)
        return _Said({"epoch": epoch}, (f"It is epoch {epoch}.",))

    return _do(url, insecure_loopback, as_json, make)
