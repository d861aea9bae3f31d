"""Each payment against its sale and its shares; refunds against what came in."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import AT_HAND, THROUGH_PROVIDER, Way
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs
from travellr_desktop.storage.repositories.proofs.rows import PaymentAsKept

_FINAL = frozenset({PaymentState.COMPLETED, PaymentState.FAILED, PaymentState.ABANDONED})


def payments_agree(proofs: Proofs) -> Iterator[Problem]:
    """Shares add up to their payment, its currency is the sale's, and its state is one that it can be in."""
    for payment in proofs.books.payments():
        for kind, says in _wrong(payment):
            yield Problem(kind, "payments", payment.id, says, payment.sale_reference)


def _wrong(payment: PaymentAsKept) -> Iterator[tuple[str, str]]:
    if payment.shared != payment.amount:
        yield (
            "payment.shares",
            f"it is {payment.amount}, its shares {payment.shares} add up to {payment.shared}",
        )
    if payment.currency != payment.sale_currency:
        yield "payment.currency", f"it is in {payment.currency}, its sale in {payment.sale_currency}"
    if payment.state not in set(PaymentState):
        yield "payment.state", f"{payment.state!r} is no state of a payment"
    if (payment.state in _FINAL) != (payment.ended_at is not None):
        yield "payment.state", f"it is {payment.state}, and it ended: {payment.ended_at}"
    if payment.way not in set(Way):
        yield "payment.way", f"{payment.way!r} is no way to pay"
    yield from _wrong_way(payment)


def _wrong_way(payment: PaymentAsKept) -> Iterator[tuple[str, str]]:
    """What does not go with the way it was paid."""
    paid = payment.state == PaymentState.COMPLETED
    if payment.way in THROUGH_PROVIDER and paid and payment.provider_ref is None:
        yield (
            "payment.provider",
            f"it was paid by {payment.way}, and no payment at the provider belongs to it",
        )
    if payment.way == Way.LINK and paid and payment.link_ref is None:
        yield "payment.link", "it was paid by link, and no link belongs to it"
    if payment.way != Way.LINK and payment.link_ref is not None:
        yield "payment.link", f"it was paid by {payment.way}, and has a link"
    if (payment.way == Way.READER) != (payment.reader_ref is not None):
        yield "payment.reader", f"it was paid by {payment.way}, and its card reader is {payment.reader_ref}"
    if (payment.way == Way.SAVED) != (payment.card_ref is not None):
        yield "payment.card", f"it was paid by {payment.way}, and its kept card is {payment.card_ref}"
    if payment.way in AT_HAND and payment.provider_ref is not None:
        yield "payment.provider", f"it was paid by {payment.way}, and has a payment at the provider"
    if payment.way in AT_HAND and payment.state not in (PaymentState.CREATED, PaymentState.COMPLETED):
        yield "payment.state", f"it was paid by {payment.way}, and is {payment.state}"


def nothing_beyond_what_was_paid(proofs: Proofs) -> Iterator[Problem]:
    """What goes back to a payment for a booking is no more than came in by it."""
    for back in proofs.books.given_back():
        if back.back > back.paid:
            says = f"{back.back} goes back of {back.paid} that came in"
            yield Problem("refund.beyond", "refunds", back.refund_id, says, back.reference)
        if back.payment_state != PaymentState.COMPLETED:
            says = f"it goes back to a payment that is {back.payment_state}"
            yield Problem("refund.payment", "refunds", back.refund_id, says, back.reference)
