"""Payouts: every line is paid once at most, every payout is what its lines come to, and what was posted about it is
what its state says."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs
from travellr_desktop.storage.repositories.proofs.batches import PayoutAsKept


def vendor_lines_are_kept(proofs: Proofs) -> Iterator[Problem]:
    """Vendors' lines say what the ledger, payouts and statements do: nothing is open that was paid, nothing missing."""
    for line in proofs.vendor_lines.not_as_the_ledger():
        if line.wants is None:
            says = f"there is a vendor's line of {line.has}, and no such entry"
        else:
            says = f"its vendor's line is {line.has or 'not there'}, it should be {line.wants}"
        yield Problem("ledger.line", "vendor_lines", line.id, says)
    for line in proofs.vendor_lines.other_commission():
        says = f"{line.has} of commission go with it, the ledger has {line.wants}"
        yield Problem("ledger.line", "vendor_lines", line.id, says)
    for line in proofs.vendor_lines.not_one_first():
        says = f"{line.has} lines of its booking are the first"
        yield Problem("ledger.line", "vendor_lines", line.id, says)
    for line in proofs.vendor_lines.not_as_paid():
        says = f"it says payout {line.has}, and {line.wants} pays it"
        yield Problem("ledger.line", "vendor_lines", line.id, says)
    for line in proofs.vendor_lines.not_as_told():
        says = f"it says statement {line.has}, and stands on {line.wants}"
        yield Problem("ledger.line", "vendor_lines", line.id, says)


def payouts_are_their_lines(proofs: Proofs) -> Iterator[Problem]:
    """A payout is what its lines come to, all of its vendor and currency, and posted as its state says."""
    for row in proofs.batches.payouts():
        if row.lines != row.amount:
            yield _about(row, "payout.lines", f"it is {row.amount}, its lines come to {row.lines}")
        if row.strange:
            yield _about(row, "payout.owner", f"{row.strange} of its lines are not its vendor's")
        if row.others:
            yield _about(row, "payout.owner", f"{row.others} of its entries are not about such a payout")
        wanted = _wanted(row)
        posted = (row.sending, row.sent, row.failed, row.reversed, row.returned)
        if posted != wanted:
            says = f"it is {row.state}: {_said(wanted)} should be posted, {_said(posted)} are"
            yield _about(row, "ledger.payout", says)
        if row.rounded != row.carried:
            says = f"{row.rounded} was taken off it, and {row.carried} went to the next payout"
            yield _about(row, "payout.rounded", says)
        if row.state == PayoutState.PAID and row.taken >= row.amount:
            yield _about(row, "payout.state", "all of it was taken back, and it is paid")
    for line in proofs.batches.paid_twice():
        yield Problem("payout.twice", "ledger", line, "more than one payout pays it")
    for entry in proofs.batches.untold():
        yield Problem("ledger.payout", "ledger", entry, "it is about a payout, and no payout knows of it")


def batches_were_approved(proofs: Proofs) -> Iterator[Problem]:
    """Two people stand behind a batch, or it says that one did; each vendor is in it once, paid or left out."""
    for row in proofs.batches.wrong():
        yield Problem("payout.batch", "payout_batches", row.id, row.says, row.reference)


def transit_is_on_its_way(proofs: Proofs) -> Iterator[Problem]:
    """What the ledger has on its way to a vendor is what payouts that are under way come to."""
    for row in proofs.batches.in_transit():
        says = f"the ledger has {row.difference} {row.currency} more on its way than payouts say"
        yield Problem("ledger.in_transit", "vendors", row.vendor_id or "-", says)


_SENT = frozenset({PayoutState.PAID, PayoutState.REVERSED, PayoutState.RETURNED})


def _wanted(row: PayoutAsKept) -> tuple[int, int, int, int, int]:
    """What its state says was posted: sending, sent, failed, reversed, returned."""
    begun = row.state != PayoutState.APPROVED
    return (
        row.amount * begun,
        row.amount * (row.state in _SENT),
        row.amount * (row.state == PayoutState.FAILED),
        row.amount if row.state == PayoutState.REVERSED else row.taken,
        row.amount * (row.state == PayoutState.RETURNED),
    )


def _said(amounts: tuple[int, ...]) -> str:
    words = ("sending", "sent", "failed", "reversed", "returned")
    found = [f"{amount} {word}" for word, amount in zip(words, amounts, strict=True) if amount]
    return " and ".join(found) or "nothing"


def _about(row: PayoutAsKept, kind: str, says: str) -> Problem:
    return Problem(kind, "payouts", row.id, says, row.reference)
