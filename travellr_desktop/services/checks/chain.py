"""The ledger: its chain, its accounts."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.domain.ledger import CHAIN_START
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def chain_is_whole(proofs: Proofs) -> Iterator[Problem]:
    """On each desk the numbers are dense, each row carries the hash of the one before it, and its own."""
    desk, last, prev, before = "", 0, CHAIN_START, ""
    for link in proofs.chain.links():
        if link.desk_id != desk:
            desk, last, prev, before = link.desk_id, 0, CHAIN_START, ""
        if link.seq != last + 1:
            yield _problem(link.id, f"number {link.seq} of its desk follows number {last}")
        if link.prev_hash != prev:
            where = f"of the row before it, {before}" if before else "that a chain begins with"
            yield _problem(link.id, f"it does not carry the hash {where}")
        if link.recomputed != link.hash:
            yield _problem(link.id, "its hash is not that of its values")
        last, prev, before = link.seq, link.hash, link.id


def accounts_sum_to_nothing(proofs: Proofs) -> Iterator[Problem]:
    """In each currency the balances of all accounts add up to nothing."""
    for currency, total in proofs.chain.sums():
        if total:
            yield Problem("ledger.sum", "ledger", currency, f"the accounts are {total} apart in {currency}")


def entries_have_a_booking(proofs: Proofs) -> Iterator[Problem]:
    """No entry about a booking is without one."""
    for entry in proofs.books.strays():
        yield Problem("ledger.stray", "ledger", entry.id, f"an entry of {entry.event} is of no booking")


def _problem(row: str, says: str) -> Problem:
    return Problem("ledger.chain", "ledger", row, says)
