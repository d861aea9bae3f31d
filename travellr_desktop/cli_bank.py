"""The commands `travellr payouts …` about the bank: the file for it, and what it did with one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from travellr_desktop.cli_parts import answer, json_option, profile_of, profile_option


def add_to(group: click.Group) -> None:
    """Put the commands of this module into a group."""
    for command in (file, files, arrived, refused, came_back):
        group.add_command(command)


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


_reason = click.option("--reason", required=True, help="What the bank said; it is kept with the payout.")


@click.command()
@click.argument("reference")
@profile_option
@json_option
@click.pass_context
def files(context: click.Context, reference: str, folder: Path | None, as_json: bool) -> int:
    """List the files for the bank that were made of the batch with this REFERENCE, what the bank did with each, and the
    ids of their payouts."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.bank_report import tell_files

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, lambda services: tell_files(services, reference)), as_json)


@click.command()
@click.argument("message")
@profile_option
@json_option
@click.pass_context
def arrived(context: click.Context, message: str, folder: Path | None, as_json: bool) -> int:
    """The bank has the file that it knows by this MESSAGE, the beginning of the file's name: its payouts are paid."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.bank_report import file_arrived

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, lambda services: file_arrived(services, message)), as_json)


@click.command()
@click.argument("message")
@_reason
@profile_option
@json_option
@click.pass_context
def refused(context: click.Context, message: str, reason: str, folder: Path | None, as_json: bool) -> int:
    """The bank refused the file that it knows by this MESSAGE whole: nothing left, and all of it is owed again. `file
    --again` makes another."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.bank_report import file_refused

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: file_refused(services, message, reason)), as_json
    )


@click.command("came-back")
@click.argument("payout", type=click.UUID)
@_reason
@profile_option
@json_option
@click.pass_context
def came_back(context: click.Context, payout: UUID, reason: str, folder: Path | None, as_json: bool) -> int:
    """One payment, the PAYOUT with this id, did not arrive: the bank left it out, or sent it back later. It is owed
    again."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.payouts.bank_report import payment_came_back

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: payment_came_back(services, payout, reason)), as_json
    )
