"""The commands of `travellr` about money: disputes, events, invoices, the ledger, and the books beside the provider."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from travellr_desktop.cli_parts import answer, json_option, profile_of, profile_option

_DAY = click.DateTime(["%Y-%m-%d"])


def add_to(group: click.Group) -> None:
    """Put the commands of this module into a group."""
    for command in (disputes, events, invoices, ledger, reconcile, refunds, till):
        group.add_command(command)


@click.command()
@click.argument("told", metavar="list", type=click.Choice(("list",)))
@click.option("--text", default="", help="Only those with these words.")
@profile_option
@json_option
@click.pass_context
def disputes(context: click.Context, told: str, text: str, folder: Path | None, as_json: bool) -> int:  # noqa: ARG001
    """List what banks ask back: state, amount, reason, and by when an answer is due."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.disputes_report import list_disputes

    profile = profile_of(context, folder)
    return answer(lambda: with_services(profile, lambda services: list_disputes(services, text)), as_json)


@click.command()
@click.argument("told", metavar="poll", type=click.Choice(("poll",)))
@profile_option
@json_option
@click.pass_context
def events(context: click.Context, told: str, folder: Path | None, as_json: bool) -> int:  # noqa: ARG001
    """Hear what happened at the payment provider since the last time, and read again what it is about."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.disputes_report import HeardReport

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: HeardReport(services.listening.poll())), as_json
    )


@click.command()
@click.argument("told", metavar="list|pdf", type=click.Choice(("list", "pdf")))
@click.argument("number", default="")
@click.option("--text", default="", help="List only those with these words.")
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Write the PDF to this file."
)
@profile_option
@json_option
@click.pass_context
def invoices(
    context: click.Context,
    told: str,
    number: str,
    text: str,
    path: Path | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """List invoices and credit notes, or print the one with this NUMBER as it was issued."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.invoices_report import list_invoices, save_invoice

    if (told == "pdf") is not bool(number):
        raise click.UsageError("Say the number with pdf, and with nothing else.")
    profile = profile_of(context, folder)
    if told == "list":
        return answer(lambda: with_services(profile, lambda services: list_invoices(services, text)), as_json)
    return answer(
        lambda: with_services(profile, lambda services: save_invoice(services, number, path)), as_json
    )


@click.command()
@click.argument("told", metavar="balances|trial", type=click.Choice(("balances", "trial")))
@click.option(
    "--at",
    "day",
    type=_DAY,
    metavar="DATE",
    help="When this day was over, in the agency's zone; without it as they are now.",
)
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the trial balance and all entries until then to this Excel file.",
)
@profile_option
@json_option
@click.pass_context
def ledger(
    context: click.Context,
    told: str,
    day: datetime | None,
    path: Path | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Say what stands on each account: its balance, or all that was debited and credited (the trial balance)."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.books_report import Told, report_books

    profile, at = profile_of(context, folder), day.date() if day else None
    return answer(
        lambda: with_services(profile, lambda services: report_books(services, Told(told), at, path)), as_json
    )


@click.command()
@click.option(
    "--from",
    "first",
    type=_DAY,
    metavar="DATE",
    help="The first day, in the agency's zone; without it the Monday of the last day's week.",
)
@click.option("--to", "last", type=_DAY, metavar="DATE", help="The last day; without it today.")
@profile_option
@json_option
@click.pass_context
def reconcile(
    context: click.Context,
    first: datetime | None,
    last: datetime | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Match the books with the provider's list and with the tills, day by day. Corrects nothing; what the provider
    took as fees is posted. Ends with 1 while a difference is neither put right nor explained."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.matching.report import reconcile as matched

    profile = profile_of(context, folder)
    since, until = first.date() if first else None, last.date() if last else None
    return answer(lambda: with_services(profile, lambda services: matched(services, since, until)), as_json)


@click.command()
@click.argument("told", metavar="list|preview", type=click.Choice(("list", "preview")))
@click.argument("booking", default="")
@click.option(
    "--state", help="List only what is in this state: requested, pending, completed, failed and others."
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    metavar="MOMENT",
    help="Preview by the policy as of then, on the agency's clock; a day is its beginning. Without it now.",
)
@click.option(
    "--traveller",
    "travellers",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="NUMBER",
    help="Preview this traveller of the booking alone, by the number that the preview shows; can be repeated.",
)
@profile_option
@json_option
@click.pass_context
def refunds(
    context: click.Context,
    told: str,
    booking: str,
    state: str | None,
    at: datetime | None,
    travellers: tuple[int, ...],
    folder: Path | None,
    as_json: bool,
) -> int:
    """List what was given back, is on its way or waits for a second person; or show what giving back the BOOKING with
    this reference would do. Moves nothing."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.refunds_report import list_refunds, preview_refund

    if (told == "preview") is not bool(booking):
        raise click.UsageError("Say the booking with preview, and with nothing else.")
    if (told == "list" and (at or travellers)) or (told == "preview" and state is not None):
        raise click.UsageError("--state goes with list, --at and --traveller with preview.")
    profile = profile_of(context, folder)
    if told == "list":
        return answer(lambda: with_services(profile, lambda services: list_refunds(services, state)), as_json)
    return answer(
        lambda: with_services(profile, lambda services: preview_refund(services, booking, at, travellers)),
        as_json,
    )


@click.command()
@click.argument("what", type=click.Choice(("status", "x")))
@profile_option
@json_option
@click.pass_context
def till(context: click.Context, what: str, folder: Path | None, as_json: bool) -> int:
    """Tell how the till of this desk stands, or read the open session: an X. Changes nothing."""
    from travellr_desktop.app import with_services
    from travellr_desktop.services.till_told import tell_till

    profile = profile_of(context, folder)
    return answer(
        lambda: with_services(profile, lambda services: tell_till(services.till, whole=what == "x")), as_json
    )
