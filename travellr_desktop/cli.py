"""The command `travellr`.

With `--json` there is nothing but one JSON document on standard output, whatever happens. Exit codes: 0 all is well,
1 the answer is no (books that do not add up, a self-test that failed), 2 it could not be done (a refusal, a wrong
option). Parts of the program are imported where they are used: the window must not wait for them.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from travellr_desktop import (
    __version__,
    cli_bank,
    cli_batches,
    cli_central,
    cli_money,
    cli_payouts,
    cli_sync,
)
from travellr_desktop.cli_parts import COULD_NOT, DONE, answer, json_option, profile_of, profile_option
from travellr_desktop.errors import Cancelled, InvalidInput, Refusal
from travellr_desktop.paths import Profile

LISTS = (
    "bookings",
    "payments",
    "ledger",
    "disputes",
    "invoices",
    "statements",
    "earnings",
    "travellers",
    "options",
    "waiting",
    "departures",
    "trips",
    "vendors",
    "promos",
    "users",
    "audit",
)
"""The lists that can be exported, as `services.lists` names them."""

KINDS = ("vendors", "trips", "departures", "travellers")
"""What can be brought in, as `services.importing` names it."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives its exit code. Never raises for what a person can act on."""
    as_json = "--json" in arguments
    try:
        return int(travellr.main(args=list(arguments), prog_name="travellr", standalone_mode=False) or DONE)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as wrong:
        _say_problem(as_json, type(wrong).__name__, wrong.format_message(), "Run travellr --help.")
    except Refusal as refusal:
        hint = "" if refusal.hint == InvalidInput.hint else refusal.hint  # no field is marked here
        _say_problem(as_json, refusal.code, str(refusal), hint, refusal.field)
    except (click.Abort, Cancelled):
        _say_problem(as_json, "Cancelled", "Stopped.", "")
    except Exception as fault:  # noqa: BLE001  the last one who can put it into the document
        from travellr_desktop.logs import redact

        click.echo(redact(traceback.format_exc()), err=True, nl=False)
        told = redact(f"The program failed: {type(fault).__name__}: {fault}")
        _say_problem(as_json, "Fault", told, "Report this.")
    return COULD_NOT


def _say_problem(as_json: bool, code: str, message: str, hint: str, field: str | None = None) -> None:
    if as_json:
        problem = {"code": code, "message": message, "hint": hint, "field": field}
        click.echo(json.dumps({"ok": False, "error": problem}, ensure_ascii=False))
    else:
        click.echo(" ".join(part for part in (message, hint) if part), err=True)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="travellr")
@profile_option
@json_option
@click.option("--self-test", is_flag=True, help="Check that this installation is whole, and leave.")
@click.pass_context
def travellr(context: click.Context, folder: Path | None, as_json: bool, self_test: bool) -> int | None:
    """Sell trips, give money back, pay vendors. Without a command the window opens."""
    context.obj = folder
    if context.invoked_subcommand is not None:
        return None
    if self_test:
        from travellr_desktop.selftest import run_self_test

        return answer(run_self_test, as_json)
    if as_json:
        raise click.UsageError("--json belongs to a command or to --self-test; the window prints nothing.")
    from travellr_desktop.app import open_window

    return open_window(profile_of(context, folder))


@travellr.command()
@profile_option
@json_option
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The same seed, the same agency."
)
@click.option("--no-recovery", is_flag=True, help="Leave the sale that was killed as it is.")
def demo(folder: Path | None, as_json: bool, seed: int, no_recovery: bool) -> int:
    """Build a demo agency and play a tour through it; a picture of each step is kept.

    Without --profile it has a folder of its own beside the person's, which it never touches.
    """
    from travellr_desktop.demo.command import run_demo
    from travellr_desktop.demo.mark import demo_profile

    own = Profile.default()
    profile = Profile.at(folder) if folder else demo_profile(own)
    return answer(lambda: run_demo(profile, seed=seed, recovery=not no_recovery), as_json)


@travellr.command()
@profile_option
@json_option
@click.option("--bookings", type=int, required=True, metavar="N", help="How many bookings.")
@click.option("--vendors", type=int, default=60, show_default=True, metavar="V", help="How many vendors.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The same seed, the same file."
)
@click.pass_context
def generate(
    context: click.Context, folder: Path | None, as_json: bool, bookings: int, vendors: int, seed: int
) -> int:
    """Make a large agency in an empty profile: years of sales, for trying out how the program copes."""
    from travellr_desktop.demo.large.make import Progress
    from travellr_desktop.demo.large.make import generate as make

    profile = profile_of(context, folder)
    return answer(
        lambda: make(profile, bookings=bookings, vendors=vendors, seed=seed, said=Progress(sys.stderr)),
        as_json,
    )


@travellr.command("demo-killed-sale", hidden=True)
@profile_option
@click.option("--shift", type=float, default=0.0, help="How far its clock is from the machine's, in seconds.")
def demo_killed_sale(folder: Path, shift: float) -> None:
    """The child of `demo`: it sells by card and kills itself between the charge and its record."""
    from travellr_desktop.demo.killed import sell_and_die

    sell_and_die(Profile.at(folder), timedelta(seconds=shift))


@travellr.command()
@profile_option
@json_option
@click.pass_context
def check(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Prove the books: every amount, state and owner against every other. Changes nothing."""
    from travellr_desktop.app import check_books

    profile = profile_of(context, folder)
    return answer(lambda: check_books(profile), as_json)


@travellr.command()
@profile_option
@json_option
@click.pass_context
def recover(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Find out, by reading, what became of payments and refunds that were cut off. Charges nothing."""
    from travellr_desktop.app import recover_payments

    profile = profile_of(context, folder)
    return answer(lambda: recover_payments(profile), as_json)


@travellr.command()
@profile_option
@json_option
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The sandbox's file, instead of a profile's.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=4242,
    show_default=True,
    help="The port on this machine; 0 takes a free one.",
)
@click.pass_context
def sandbox(context: click.Context, folder: Path | None, as_json: bool, path: Path | None, port: int) -> int:
    """Serve the payment sandbox on Stripe's wire, with a page for each payment link, until Ctrl+C."""
    from travellr_desktop.payments.sandbox.serve import serve

    if path is not None and folder is not None:
        raise click.UsageError("Say --profile or --file, not both.")
    serve(path or profile_of(context, folder).sandbox, port, as_json=as_json, say=click.echo)
    return DONE


@travellr.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "named",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field; without a column the field is left out. The others are guessed.",
)
@click.option("--update", is_flag=True, help="Change what is there already, instead of leaving it as it is.")
@click.option(
    "--again", is_flag=True, help="Look at rows once more that an earlier run of the file brought in."
)
@click.option("--encoding", default="", metavar="NAME", help="utf-8-sig, utf-16, cp1252 or cp1250.")
@click.option("--dry-run", "dry", is_flag=True, help="Try every row and write nothing.")
@click.option(
    "--faulty",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the rows that did not go in to this CSV file, to be mended.",
)
@profile_option
@json_option
@click.pass_context
def import_rows(
    context: click.Context,
    kind: str,
    path: Path,
    named: tuple[str, ...],
    update: bool,
    again: bool,
    encoding: str,
    dry: bool,
    faulty: Path | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Bring a CSV file in: vendors, trips, departures or travellers. Rows that are right go in, the others are told."""
    from travellr_desktop.app import import_file
    from travellr_desktop.services.importing.columns import ImportKind
    from travellr_desktop.services.importing.service import ImportOrder

    pairs = {}
    for each in named:
        field, equals, column = each.partition("=")
        if not equals:
            raise click.BadParameter(f"{each} is not FIELD=COLUMN.", param_hint="--map")
        pairs[field.strip()] = column.strip()
    order = ImportOrder(ImportKind(kind), path, pairs, update, encoding, again)
    profile = profile_of(context, folder)
    return answer(lambda: import_file(profile, order, dry, faulty), as_json)


@travellr.command()
@click.argument("name", metavar="LIST", type=click.Choice(LISTS))
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The CSV file."
)
@click.option("--text", default="", help="Only rows with these words.")
@profile_option
@json_option
@click.pass_context
def export(
    context: click.Context, name: str, path: Path, text: str, folder: Path | None, as_json: bool
) -> int:
    """Write a list to a CSV file: all of it, or the rows with the given words."""
    from travellr_desktop.app import export_list

    profile = profile_of(context, folder)
    return answer(lambda: export_list(profile, name, path, text), as_json)


cli_money.add_to(travellr)
travellr.add_command(cli_payouts.payouts)
travellr.add_command(cli_central.central)
cli_sync.add_to(travellr)
cli_batches.add_to(cli_payouts.payouts)
cli_bank.add_to(cli_payouts.payouts)


@travellr.group()
def key() -> None:
    """The key of the payment provider: how it stands, another one, none."""


@key.command("status")
@click.option("--try", "attempt", is_flag=True, help="Ask the provider what the key can do.")
@profile_option
@json_option
@click.pass_context
def key_status(context: click.Context, attempt: bool, folder: Path | None, as_json: bool) -> int:
    """Say where payments go, where the key is kept, and what is wrong with it."""
    from travellr_desktop.app import about_key
    from travellr_desktop.services.key_report import look

    profile = profile_of(context, folder)
    return answer(lambda: about_key(profile, lambda services: look(services, attempt=attempt)), as_json)


@key.command("set")
@click.option(
    "--keep",
    "place",
    type=click.Choice(("keyring", "vault")),
    help="Where; without it in the vault that is open, or in the system keyring.",
)
@profile_option
@json_option
@click.pass_context
def key_set(context: click.Context, place: str | None, folder: Path | None, as_json: bool) -> int:
    """Try a key and keep it. It is read from standard input, a line, and never from the command line; with
    `--keep vault` the passphrase is the next line. At a terminal both are asked for, and not shown."""
    from travellr_desktop.app import about_key
    from travellr_desktop.services.key_report import enter

    profile = profile_of(context, folder)
    return answer(lambda: about_key(profile, lambda services: enter(services, _read_unseen, place)), as_json)


@key.command("forget")
@profile_option
@json_option
@click.pass_context
def key_forget(context: click.Context, folder: Path | None, as_json: bool) -> int:
    """Forget the key that was entered; one of the environment is used then, or the sandbox."""
    from travellr_desktop.app import about_key
    from travellr_desktop.services.key_report import forget

    profile = profile_of(context, folder)
    return answer(lambda: about_key(profile, forget), as_json)


def _read_unseen(words: str) -> str:
    """A line that nobody sees: a command line stands in the list of programs, and in the shell's history."""
    if sys.stdin.isatty():
        return str(click.prompt(words, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
