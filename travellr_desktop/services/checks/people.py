"""Travellers: what was merged is with the record that was kept."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def merges_are_whole(proofs: Proofs) -> Iterator[Problem]:
    """Nothing hangs on a record that was merged into another, and each says the same as its merge."""
    for row in proofs.people.astray():
        says = f"it hangs on the traveller {row.traveller_id}, who was merged into another"
        yield Problem("travellers.astray", row.table, row.id, says)
    for found in proofs.people.merges():
        says = f"it was merged into {found.into or 'nobody'}, and the merge says {found.told or 'nothing'}"
        yield Problem("travellers.merge", "travellers", found.traveller_id, says)
