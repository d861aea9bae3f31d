"""The commands `travellr payouts …` about batches before they run: made, looked at, approved, discarded, overdue."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from travellr_desktop.cli_parts import answer, json_option, profile_of, profile_option

_DAY = click.DateTime(["%Y-%m-%d"])


def add_to(group: click.Group) -> None:
    """Put the commands of this module into a group."""
    for command in (list_all, prepare, preview, approve, discard, overdue):
        group.add_command(command)


@click.command("list")
@profile_option
@json_option
@click.pass_context
def list_all(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """List batches, the newest first: days, state, what they pay."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.batches_report import list_batches

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, list_batches), as_json)


@click.command()
@click.argument("kind", type=click.Choice(["weekly", "monthly", "extra"]))
@click.option(
    "--from",
    "first",
    type=_DAY,
    metavar="DATE",
    help="A day of the week or month; of an extra one the first.",
)
@click.option("--to", "last", type=_DAY, metavar="DATE", help="The last day of an extra one.")
@profile_option
@json_option
@click.pass_context
def prepare(
    context: click.Context,
    kind: str,
    first: datetime | None,
    last: datetime | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Make a draft of the last week or month that is over, or of other days, and say what approving it would do."""
    from travellr_desktop.app import with_services
    from travellr_desktop.domain.payouts.words import BatchKind
    from travellr_desktop.services.payouts.batches_report import prepare_batch

    days = [None if day is None else day.date() for day in (first, last)]
    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: prepare_batch(services, BatchKind(kind), *days)),
        as_json,
    )


@click.command()
@click.argument("reference", default="")
@profile_option
@json_option
@click.pass_context
def preview(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """Say what approving the draft with this REFERENCE would do, or the oldest draft: who is paid how much, who is left
    out and why. Changes nothing."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.batches_report import preview_batch

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: preview_batch(services, reference)), as_json
    )


@click.command()
@click.argument("reference")
@click.option(
    "--seen", required=True, metavar="MARK", help="What the preview ends with: nothing else is approved."
)
@click.option("--as", "email", required=True, metavar="EMAIL", help="Who approves; not who prepared it.")
@profile_option
@json_option
@click.pass_context
def approve(
    context: click.Context, reference: str, seen: str, email: str, folder: Path | None, as_json: bool
) -> int:
    """Approve the draft with this REFERENCE as a person, whose password is read from standard input, or asked for at a
    terminal. Sends nothing."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.batches_report import ApprovedTold, approve_batch
    from travellr_desktop.services.registry import Services

    def do(services: Services) -> ApprovedTold:
        who = services.users.sign_in(email, _password())
        return approve_batch(services, who, reference, seen)

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, do), as_json)


@click.command()
@click.argument("reference")
@profile_option
@json_option
@click.pass_context
def discard(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """Give the draft with this REFERENCE up; what was in it stays owed, and the next batch has it."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.batches_report import discard_batch

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: discard_batch(services, reference)), as_json
    )


@click.command()
@profile_option
@json_option
@click.pass_context
def overdue(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Say what should have been paid by now, and since when. Ends with 1 where anything is."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.batches_report import tell_overdue

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, tell_overdue), as_json)


def _password() -> str:
    """A line that nobody sees: a command line stands in the list of programs, and in the shell's history."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
