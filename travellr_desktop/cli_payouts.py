"""The commands `travellr payouts …`: what vendors are paid and told."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from travellr_desktop.cli_parts import answer, json_option, profile_of, profile_option


@click.group()
def payouts() -> None:
    """What vendors are paid, and what they are told of it."""


@payouts.command()
@click.argument("number")
@click.option("--pdf", "form", flag_value="pdf", help="Write it as PDF.")
@click.option("--csv", "form", flag_value="csv", help="Write its lines as CSV.")
@click.option("--xlsx", "form", flag_value="xlsx", help="Write it as an Excel file.")
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file; without it to the profile's folder of documents.",
)
@profile_option
@json_option
@click.pass_context
def statement(
    context: click.Context,
    number: str,
    form: str | None,
    path: Path | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Say what the statement with this NUMBER says, or write it as a file."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.statements.exporting import FileForm
    from travellr_desktop.services.statements.report import save_statement, tell_statement

    if path is not None and form is None:
        raise click.UsageError("Say what is written: --pdf, --csv or --xlsx.")
    profile = profile_of(context, folder)
    if form is None:
        return answer(
            lambda: with_services(profile, lambda services: tell_statement(services, number)), as_json
        )
    wanted = FileForm(form)
    return answer(
        lambda: with_services(profile, lambda services: save_statement(services, number, wanted, path)),
        as_json,
    )


@payouts.command()
@click.argument("year", type=int)
@click.option(
    "--csv",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the year to this CSV file.",
)
@profile_option
@json_option
@click.pass_context
def tax(context: click.Context, year: int, path: Path | None, folder: Path | None, as_json: bool) -> int:
    """Say what each vendor took in and was paid in a YEAR, and who is beyond a threshold known for it. For an
    adviser."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.statements.report import tell_tax_year

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: tell_tax_year(services, year, path)), as_json
    )


@payouts.command()
@click.argument("reference")
@profile_option
@json_option
@click.pass_context
def run(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """Send what the approved batch with this REFERENCE pays by transfer. Ends with 1 where not all of it is paid."""
    return _run(context, reference, folder, as_json, resume=False)


@payouts.command()
@click.argument("reference")
@profile_option
@json_option
@click.pass_context
def resume(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """Go on with a batch that was paused, or whose program ended in the middle."""
    return _run(context, reference, folder, as_json, resume=True)


def _run(context: click.Context, reference: str, folder: Path | None, as_json: bool, *, resume: bool) -> int:
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.run_report import run_batch

    def told(line: str) -> None:
        click.echo(line, err=True)

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: run_batch(services, reference, told, resume=resume)),
        as_json,
    )


@payouts.command()
@click.argument("reference")
@profile_option
@json_option
@click.pass_context
def pause(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """Have whoever runs a batch begin no other payout until somebody goes on."""
    return _pause(context, reference, folder, as_json, stop=False)


@payouts.command()
@click.argument("reference")
@profile_option
@json_option
@click.pass_context
def stop(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """End the run of a batch after the payout that is being sent."""
    return _pause(context, reference, folder, as_json, stop=True)


def _pause(context: click.Context, reference: str, folder: Path | None, as_json: bool, *, stop: bool) -> int:
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.run_report import pause_batch

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: pause_batch(services, reference, stop=stop)), as_json
    )


@payouts.command()
@click.argument("payout", type=click.UUID)
@profile_option
@json_option
@click.pass_context
def retry(context: click.Context, payout: UUID, folder: Path | None, as_json: bool) -> int:
    """Send what a failed PAYOUT, by its id, was to pay once more."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.run_report import retry_payout

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, lambda services: retry_payout(services, payout)), as_json)


@payouts.command("take-back")
@click.argument("payout", type=click.UUID)
@click.argument("amount")
@click.option("--reason", required=True, help="Why; it is kept with the payout.")
@profile_option
@json_option
@click.pass_context
def take_back(
    context: click.Context, payout: UUID, amount: str, reason: str, folder: Path | None, as_json: bool
) -> int:
    """Take an AMOUNT of a paid PAYOUT, by its id, back out of the vendor's account with the provider."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.run_report import take_back as taken_back

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: taken_back(services, payout, amount, reason)), as_json
    )
