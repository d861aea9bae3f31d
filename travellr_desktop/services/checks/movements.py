"""What follows from the provider's movements: fees and exchanges stand in the ledger, each with its movement."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def movements_are_posted(proofs: Proofs) -> Iterator[Problem]:
    """No fee and no exchange without a movement; and of each payment that came in, all that the provider took."""
    for entry in proofs.moves.ownerless():
        says = f"no movement at the provider knows of this entry ({entry.event})"
        yield Problem("ledger.movement", "ledger", entry.id, says)
    for move in proofs.moves.wrong():
        says = f"the provider took {move.fee}, {move.posted} was posted"
        if move.gone:
            says += f"; {move.gone} of the entries are not there"
        yield Problem("moves.posted", "provider_moves", move.id, says, move.ref)
