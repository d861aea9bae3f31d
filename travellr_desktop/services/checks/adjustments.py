"""What vendors got or gave up by agreement stands in the books, each once."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def adjustments_are_posted(proofs: Proofs) -> Iterator[Problem]:
    """Each adjustment has one entry of its amount, and no such entry is without one."""
    for wrong in proofs.adjusted.wrong():
        if wrong.adjusted is None:
            says = f"nobody adjusted a vendor by the {wrong.posted} of this entry"
            yield Problem("ledger.entry", wrong.table, wrong.id, says)
        else:
            says = f"it is {wrong.adjusted}, its entry says {'nothing' if wrong.posted is None else wrong.posted}"
            yield Problem("ledger.missing", wrong.table, wrong.id, says)
