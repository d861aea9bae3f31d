"""One batch as it is now: with its dry run while it is a draft, else with how far it has come. Never all of its rows.

Everything here is called in the background.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.errors import WrongState
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.paged import PAGE_ROWS, ListQuery
from travellr_desktop.services.payouts.asking import Told
from travellr_desktop.services.payouts.batch_rows import row_id
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import BatchRow, CurrencyRun, DryRun
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.payouts.rows import (
    LeftLine,
    PaidRow,
    of_left_out,
    of_left_row,
    of_pay_row,
    of_payout,
)
from travellr_desktop.ui.payouts.shown import Shown, of_batch, of_draft
from travellr_desktop.ui.records.words import Words

Row = PaidRow | LeftLine


@dataclass(frozen=True, slots=True)
class Asked:
    """Which batch is to be read; with `fresh` the provider is asked about a draft anew. `watched` is a vendor of whom
    more is shown than their row."""

    batch_id: UUID
    fresh: bool = False
    watched: Row | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One of `run` and `figures` is there. `watched` is the vendor who was `asked` for, as they are now, or None."""

    asked: Asked
    batch: BatchRow
    run: DryRun | None
    figures: RunFigures | None
    currencies: tuple[Shown, ...]
    agency: AgencyView | None
    watched: Row | None


def read_batch(services: Services, actor: Actor, words: Words, asked: Asked, told: Told) -> Read:
    """`told` hears of how many accounts the provider has answered. Raises `NotFound`, and what `told` raises."""
    agency, batch_id = services.agency.view(), asked.batch_id
    sums = services.batch_rows.sums(actor, batch_id)
    if sums.batch.state is BatchState.DRAFT:
        try:
            run = services.payouts.dry_run(actor, batch_id, fresh=asked.fresh, told=told)
        except WrongState:  # approved or discarded between the two
            sums = services.batch_rows.sums(actor, batch_id)
        else:
            watched = _in_draft(run, words, asked)
            return Read(asked, run.batch, run, None, of_draft(run), agency, watched)
    watched = _in_batch(services, actor, words, asked)
    return Read(asked, sums.batch, None, sums.figures, of_batch(sums), agency, watched)


def unknown_of(services: Services, actor: Actor, batch_id: UUID) -> list[UUID]:
    """The payouts of a batch of which nobody knows."""
    query = ListQuery(filters={"state": PayoutState.UNKNOWN})
    with closing(services.batch_rows.payouts(actor, batch_id, query)) as rows:
        count = rows.index()
        pages = [rows.page(first) for first in range(0, count, PAGE_ROWS)]
    return [row.payout_id for page in pages for row in page if row is not None]


def _in_draft(run: DryRun, words: Words, asked: Asked) -> Row | None:
    if asked.watched is None:
        return None
    for each in run.currencies:
        if each.currency == asked.watched.amount.currency:
            return _in_run(each, words, asked.watched.id)
    return None


def _in_run(run: CurrencyRun, words: Words, wanted: str) -> Row | None:
    for paid in run.rows:
        if row_id(paid.vendor_id, paid.currency) == wanted:
            return of_pay_row(paid)
    for left in run.left:
        if row_id(left.vendor_id, left.currency) == wanted:
            return of_left_row(left, words)
    return None


def _in_batch(services: Services, actor: Actor, words: Words, asked: Asked) -> Row | None:
    if asked.watched is None:
        return None
    row = asked.watched
    query = ListQuery(filters={"vendor": row.vendor_id, "currency": row.amount.currency})
    with closing(services.batch_rows.payouts(actor, asked.batch_id, query)) as payouts:
        for paid in payouts.first(1):
            return of_payout(paid)
    with closing(services.batch_rows.left_out(actor, asked.batch_id, query)) as rows:
        for left in rows.first(1):
            return of_left_out(left, words)
    return None
