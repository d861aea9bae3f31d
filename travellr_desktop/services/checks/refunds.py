"""Refunds by traveller, who allowed them, and credit with the agency."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.domain.states import RefundOrderState
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def refunds_add_up_by_line(proofs: Proofs) -> Iterator[Problem]:
    """What of a refund is whose comes to the refund."""
    for refund in proofs.refunds.by_line():
        says = f"it is {refund.amount}, its lines add up to {refund.lines}"
        yield Problem("refund.lines", "refunds", refund.id, says, refund.reference)


def approvals_have_two_people(proofs: Proofs) -> Iterator[Problem]:
    """What is above the limit was approved by somebody else than who asked; what was not approved moved nothing, and
    what was is what goes back."""
    for order in proofs.refunds.orders():
        approved = order.state == RefundOrderState.APPROVED
        above = order.approval_above is not None and order.counted > order.approval_above
        if approved and above and order.decided_by in (None, order.requested_by):
            says = (
                f"{order.counted} is above the limit of {order.approval_above}, and nobody else approved it"
            )
            yield Problem("refund.alone", "refund_orders", order.id, says, order.reference)
        if order.state not in set(RefundOrderState):
            says = f"{order.state!r} is no state of a request"
            yield Problem("refund.order", "refund_orders", order.id, says, order.reference)
        due = order.amount if approved else 0
        if order.refunds != due:
            says = f"it is {order.state}; {order.refunds} goes back by it, and {due} should"
            yield Problem("refund.order", "refund_orders", order.id, says, order.reference)


def credit_is_its_moves(proofs: Proofs) -> Iterator[Problem]:
    """Each move is of a refund that became credit, or of a payment by credit, of its traveller; each of those has one;
    nobody has less than nothing; and all of them come to the account."""
    for move in proofs.refunds.credit():
        if (move.due, move.due_currency) != (move.amount, move.currency):
            says = f"it is {move.amount} {move.currency}; its refund or payment says {move.due}"
            yield Problem("credit.move", "credit_moves", move.id, says)
        if move.owner_id != move.traveller_id:
            says = f"it is the traveller {move.traveller_id}'s, and its booking {move.owner_id}'s"
            yield Problem("credit.owner", "credit_moves", move.id, says)
    for missing in proofs.refunds.credit_missing():
        says = f"{missing.amount} of credit, and no move of it"
        yield Problem("credit.missing", missing.table, missing.id, says, missing.reference)
    for below in proofs.refunds.credit_below():
        says = f"they have {below.moves} {below.currency} of credit"
        yield Problem("credit.below", "travellers", below.key, says)
    for sums in proofs.refunds.credit_sums():
        if sums.moves != sums.ledger:
            says = f"moves of {sums.currency} come to {sums.moves}, its account to {sums.ledger}"
            yield Problem("ledger.credit", "credit_moves", sums.key, says)
