"""The commands `travellr sync …` and `travellr worker`: this desk and the central database of its agency.

The password of a sign-in is taken from HUB_PASSWORD, asked for, or a line of standard input; it is never an argument,
where others of the machine can read it, nor told again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from travellr_desktop.cli_parts import DONE, Report, answer, json_option, profile_of, profile_option, unseen
from travellr_desktop.cli_settling import add_to as add_settling

PASSWORD = "HUB_PASSWORD"

F = TypeVar("F", bound=Callable[..., Any])


def add_to(group: click.Group) -> None:
    """Put the commands of this module into a group."""
    add_settling(sync)
    group.add_command(sync)
    group.add_command(worker)


@click.group()
def sync() -> None:
    """This desk and the central database: how it stands, what waits, joining, leaving."""


@sync.command()
@profile_option
@json_option
@click.pass_context
def status(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Say how this desk and the others stood when the central database was last asked. Asks nobody."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.central.told import tell_standing

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, lambda services: tell_standing(services.central)), as_json)


@sync.command()
@profile_option
@json_option
@click.pass_context
def now(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Take a turn with the central database now. Ends with 1 where it is not reached."""
    from travellr_desktop.app import with_program
    from travellr_desktop.headless import turn

    profile = profile_of(context, folder)
    return answer(lambda: with_program(profile, turn), as_json)


@sync.command()
@profile_option
@json_option
@click.pass_context
def conflicts(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """List what waits for a person. Ends with 1 while anything does."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.central.told import tell_inbox

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, lambda services: tell_inbox(services.central)), as_json)


def _where(command: F) -> F:
    """The options that say where a hub is and as whom."""
    given: Any = command
    for option in (
        click.argument("address"),
        click.option(
            "--login", required=True, metavar="NAME", help="The name that this desk was given there."
        ),
        click.option(
            "--certificate",
            default="",
            metavar="FILE",
            help="The certificate of whoever signed the server's, where that is not a public one.",
        ),
        click.option(
            "--insecure-loopback", is_flag=True, help="Do without encryption, to this very machine only."
        ),
        profile_option,
        json_option,
        click.pass_context,
    )[::-1]:
        given = option(given)
    decorated: F = given
    return decorated


@sync.command()
@_where
@click.option("--dry-run", is_flag=True, help="Say what would become of everything; change nothing.")
def join(
    context: click.Context,
    address: str,
    login: str,
    certificate: str,
    insecure_loopback: bool,
    folder: Path | None,
    as_json: bool,
    dry_run: bool,
) -> int:
    """Join the central database at ADDRESS (host[:port][/database]) with everything that this desk has: an empty one,
    or beside what others have there."""
    from travellr_desktop.services.central.told import come, plan_join

    go = plan_join if dry_run else partial(come, new=False)
    return _with(context, address, login, certificate, insecure_loopback, folder, as_json, go)


@sync.command()
@_where
def enrol(
    context: click.Context,
    address: str,
    login: str,
    certificate: str,
    insecure_loopback: bool,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Come to the central database at ADDRESS (host[:port][/database]) as a new desk: take everything from there.
    What this profile had goes to the back-ups."""
    from travellr_desktop.services.central.told import come

    go = partial(come, new=True)
    return _with(context, address, login, certificate, insecure_loopback, folder, as_json, go, make=True)


def _with(
    context: click.Context,
    where: str,
    login: str,
    certificate: str,
    insecure: bool,
    folder: Path | None,
    as_json: bool,
    go: Callable[..., Report],
    *,
    make: bool = False,
) -> int:
    from travellr_desktop.app import with_program
    from travellr_desktop.services.central.address import address_of
    from travellr_desktop.services.central.door import SignIn

    profile = profile_of(context, folder)
    to = address_of(where, login, certificate)
    sign_in = SignIn(to, unseen("Password", PASSWORD), insecure)
    return answer(
        lambda: with_program(profile, lambda program: go(program.services.central, sign_in), make=make),
        as_json,
    )


@sync.command()
@click.option("--yes", is_flag=True, help="Leave without being asked.")
@profile_option
@json_option
@click.pass_context
def leave(context: click.Context, yes: bool, folder: Path | None, as_json: bool) -> int:
    """Leave the central database: this desk keeps everything, and works by itself."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.central.told import leave as go

    profile = profile_of(context, folder)
    if not yes:
        click.confirm(
            "Leave the central database? To come back everything is taken anew.", abort=True, err=True
        )
    return answer(lambda: with_services(profile, lambda services: go(services.central)), as_json)


@click.command()
@profile_option
@json_option
@click.pass_context
def worker(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Be a desk without a window, until Ctrl+C: what runs by itself, and the sync. A line for each change of the
    link; with --json each is a document."""
    from travellr_desktop.app import with_program
    from travellr_desktop.headless import work
    from travellr_desktop.logs import start_logging

    profile = profile_of(context, folder)

    def be(program: Any) -> bool:
        journal = start_logging(profile)
        try:
            return work(program, click.echo, as_json=as_json)
        finally:
            journal.close()

    while with_program(profile, be):
        continue
    return DONE
