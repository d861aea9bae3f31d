"""The commands `travellr payouts …`: what vendors are paid and told."""

from __future__ import annotations

from pathlib import Path

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
