"""The commands of `travellr sync` by which a person decides: what waits is settled, a silent desk written off.

Each is done as somebody, whose password is a line of standard input, or is asked for: the central database takes no
decision from nobody. The profile's window may be open or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from travellr_desktop.cli_parts import Report, answer, json_option, profile_of, profile_option, unseen

if TYPE_CHECKING:
    from travellr_desktop.domain.permissions import Actor
    from travellr_desktop.services.central.service import CentralService

F = TypeVar("F", bound=Callable[..., Any])
as_option = click.option("--as", "email", required=True, metavar="EMAIL", help="Who decides: a manager.")


def add_to(group: click.Group) -> None:
    """Put the commands of this module into `travellr sync`."""
    for command in (settle, retry, drop, write_off):
        group.add_command(command)


def _options(command: F) -> F:
    """Who, where, and in which form it is told."""
    given: Any = command
    for option in (click.pass_context, json_option, profile_option, as_option):
        given = option(given)
    decorated: F = given
    return decorated


@click.command()
@click.argument("entry")
@click.option(
    "--take",
    type=click.Choice(["ours", "theirs"]),
    help="ours: what the central database has, and every desk. theirs: what the desk wrote that came second.",
)
@click.option("--value", metavar="VALUE", help="Write this instead of either value.")
@click.option("--along", is_flag=True, help="The other fields of the same change take the same side.")
@click.option("--seats", metavar="NUMBER", help="Of an oversale: give the departure so many more seats.")
@click.option("--reason", default="", metavar="TEXT", help="Why there is room for them.")
@_options
def settle(
    context: click.Context,
    entry: str,
    take: str | None,
    value: str | None,
    along: bool,
    seats: str | None,
    reason: str,
    email: str,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Decide on what waits under this number (see `travellr sync conflicts`). Of an oversale `--take ours` leaves all
    sales as they are."""
    from travellr_desktop.services.central import settled_told as told

    if seats is not None and (take or value is not None):
        raise click.UsageError("Give it seats, or leave it: not both.")

    def do(central: CentralService, actor: Actor) -> Report:
        if seats is not None:
            return told.add_seats(central, actor, entry, seats, reason)
        side = told.Take(take) if take else None
        return told.settle(central, actor, entry, take=side, value=value, along=along)

    return _decide(context, folder, email, as_json, do)


@click.command()
@click.argument("entry")
@click.option("--value", metavar="VALUE", help="With this value for the field that the hub named.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="The same, of several.")
@_options
def retry(
    context: click.Context,
    entry: str,
    value: str | None,
    values: tuple[str, ...],
    email: str,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Try what was refused under this number once more. Ends with 1 where it is refused again."""
    from travellr_desktop.services.central import settled_told as told

    return _decide(
        context,
        folder,
        email,
        as_json,
        lambda central, actor: told.retry(central, actor, entry, value, values),
    )


@click.command()
@click.argument("entry")
@click.option("--reason", required=True, metavar="TEXT", help="Kept beside it.")
@_options
def drop(
    context: click.Context, entry: str, reason: str, email: str, folder: Path | None, as_json: bool
) -> int:
    """Give up what was refused under this number, for good. What wrote to the ledger is never dropped."""
    from travellr_desktop.services.central import settled_told as told

    return _decide(
        context, folder, email, as_json, lambda central, actor: told.drop(central, actor, entry, reason)
    )


@click.command("write-off")
@click.argument("desk")
@click.option("--yes", is_flag=True, help="Do it without being asked for the desk's name.")
@_options
def write_off(
    context: click.Context, desk: str, yes: bool, email: str, folder: Path | None, as_json: bool
) -> int:
    """Write the seats off that a silent DESK, by its name or number, may still sell: others can sell them then. What it
    has sold meanwhile stands, also where that is too many."""
    from travellr_desktop.services.central import settled_told as told

    def do(central: CentralService, actor: Actor) -> Report:
        found = told.desk_called(central, actor, desk)
        name = found.name
        if not yes:
            question = f"{found.name} may still sell {found.left:,} seats. Type its name to write them off"
            name = str(click.prompt(question, err=True))
        return told.write_off(central, actor, found, name)

    return _decide(context, folder, email, as_json, do)


def _decide(
    context: click.Context,
    folder: Path | None,
    email: str,
    as_json: bool,
    do: Callable[[CentralService, Actor], Report],
) -> int:
    from travellr_desktop.app import with_program
    from travellr_desktop.headless import decide

    profile, password = profile_of(context, folder), unseen(f"Password of {email}")
    return answer(
        lambda: with_program(profile, lambda program: decide(program, email, password, do)), as_json
    )
