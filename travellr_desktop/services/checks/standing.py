"""Which entries of a booking are looked at one by one: those that still stand, and that one of its events asks for.

An entry that a later one took back is nothing any more, and neither is the one that took it back. What the provider
took as its fee, and what an exchange came to, follows from its movements: `matching` proves those.
"""

from __future__ import annotations

from collections.abc import Sequence

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.storage.repositories.proofs.rows import EntryAsKept

FROM_MOVEMENTS = frozenset({LedgerEvent.PROCESSOR_FEE, LedgerEvent.EXCHANGED})
"""The events of what is posted from the provider's movements."""


def standing(entries: Sequence[EntryAsKept]) -> list[EntryAsKept]:
    """In their order, without what was taken back and what took it back. A reversal that nothing was there for
    stands."""
    left = list(entries)
    for back in [entry for entry in entries if entry.event == LedgerEvent.REVERSAL]:
        undone = next((entry for entry in left if _undoes(back, entry)), None)
        if undone is not None:
            left.remove(undone)
            left.remove(back)
    return [entry for entry in left if entry.event not in FROM_MOVEMENTS]


def _undoes(back: EntryAsKept, entry: EntryAsKept) -> bool:
    mirrored = (entry.credit, entry.debit, entry.amount, entry.currency, entry.payment_id, entry.refund_id)
    says = (back.debit, back.credit, back.amount, back.currency, back.payment_id, back.refund_id)
    return says == mirrored and entry.event != LedgerEvent.REVERSAL
