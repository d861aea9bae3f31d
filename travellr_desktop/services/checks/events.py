"""Events: everything that came to its state of late was told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def events_are_there(proofs: Proofs, since: datetime) -> Iterator[Problem]:
    """Each booking, payment and refund that came to its state after `since` has the event of it."""
    for untold in proofs.events.untold(since):
        says = f"the event {untold.event_name} of its state is not there"
        yield Problem("events.missing", untold.table, untold.row, says, untold.reference)
