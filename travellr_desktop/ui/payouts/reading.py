"""One batch as it is now: with its dry run while it is a draft, else with how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import BatchState
from travellr_desktop.errors import WrongState
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.payouts.run_views import RunFigures
from travellr_desktop.services.payouts.views import BatchDetail, DryRun
from travellr_desktop.services.registry import Services


@dataclass(frozen=True, slots=True)
class Read:
    """One of `run` and `figures` is there."""

    detail: BatchDetail
    run: DryRun | None
    figures: RunFigures | None
    agency: AgencyView | None


def read_batch(services: Services, actor: Actor, batch_id: UUID, *, fresh: bool) -> Read:
    """Called in the background. With `fresh` the provider is asked about a draft anew. Raises `NotFound`."""
    agency = services.agency.view()
    detail = services.payouts.detail(actor, batch_id)
    if detail.batch.state is BatchState.DRAFT:
        try:
            return Read(detail, services.payouts.dry_run(actor, batch_id, fresh=fresh), None, agency)
        except WrongState:  # approved or discarded between the two
            detail = services.payouts.detail(actor, batch_id)
    return Read(detail, None, services.payout_runs.figures(actor, batch_id), agency)
