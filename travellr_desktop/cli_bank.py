"""The command `travellr payouts file`: what goes by the bank."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from travellr_desktop.cli_parts import answer, json_option, profile_of, profile_option


def add_to(group: click.Group) -> None:
    """Put the command of this module into a group."""
    group.add_command(file)


@click.command()
@click.argument("reference")
@click.option(
    "--out",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Write it to this file.",
)
@click.option(
    "--currency", default="", metavar="CODE", help="Which, where the batch pays several by the bank."
)
@click.option("--csv", "as_csv", is_flag=True, help="As CSV instead of ISO 20022 (pain.001.001.09).")
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="When the bank carries it out; without it the first bank day from today on.",
)
@click.option("--again", is_flag=True, help="Another file for what the bank refused.")
@profile_option
@json_option
@click.pass_context
def file(
    context: click.Context,
    reference: str,
    path: Path,
    currency: str,
    as_csv: bool,
    day: datetime | None,
    again: bool,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Make the file by which the bank pays what the approved batch with this REFERENCE has for it; once made, it is
    written again as it was. Ends with 1 where somebody could not be paid any more as was approved."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.bank_report import make_file
    from travellr_desktop.services.payouts.bank_views import FileForm

    profile, form = profile_of(context, folder), FileForm.CSV if as_csv else FileForm.XML
    return answer(
        lambda: with_services(
            profile,
            lambda services: make_file(
                services,
                reference,
                path,
                currency=currency,
                form=form,
                execute_on=day.date() if day else None,
                again=again,
            ),
        ),
        as_json,
    )
