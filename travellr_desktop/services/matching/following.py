"""What follows from a movement by itself, and is posted with it: nobody decides it, the provider has already done it.

    payment                                  the exchange, where the balance is in another currency; the fee
    refund, dispute, and their way back      the exchange; their fees are posted with them
    bill of the provider's own               a fee on no booking
    to the agency's bank                     out of the balance, later into the bank, or back
    to a vendor, or back from one            nothing

What a payment, a refund, a dispute or a payout itself comes to is posted by whoever made it, never from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account, Entry
from travellr_desktop.domain.matching import Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import DisputeState, PaymentState, RefundState
from travellr_desktop.services import posting
from travellr_desktop.storage.models import Dispute, Payment, ProviderMove, Refund
from travellr_desktop.storage.uow import Reading, UnitOfWork

_TAKEN_ON = (RefundState.PENDING, RefundState.COMPLETED, RefundState.FAILED)


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose entries what follows is: `entries` beside those of the movement's exchange."""

    payment_id: UUID | None = None
    refund_id: UUID | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is here of the objects of some movements, by the provider's refs, read at once. `came_in` are the payments
    that a movement has brought in already: each came in once, and its fee is posted once. `vendors` are the transfers
    to vendors, and their ways back, that are in the books: nothing is awaited of them."""

    payments: Mapping[str, Payment]
    refunds: Mapping[str, Refund]
    disputes: Mapping[str, Dispute]
    came_in: set[str]
    vendors: frozenset[str]


def ready(view: Reading, rows: Sequence[ProviderMove]) -> list[ProviderMove]:
    """Those of some movements from which what follows can be posted now: what they are of is complete here."""
    waiting = [row for row in rows if row.is_open and not row.posted]
    known = _known(view, waiting)
    return [row for row in waiting if _owner(known, row) is not None]


def post_from(work: UnitOfWork, rows: Sequence[ProviderMove]) -> None:
    """Post what follows from some movements, of each that is ready and was not posted before. One that something is
    still awaited of stays open. Asks for all of them at once: a few statements, however many they are."""
    waiting = [row for row in rows if row.is_open and not row.posted]
    known = _known(work, waiting)
    posted: list[tuple[ProviderMove, list[str]]] = []
    for row in waiting:
        owner = _owner(known, row)
        if owner is None:
            continue
        entries = [*_exchange(row), *owner.entries]
        ids = _post(work, entries, payment_id=owner.payment_id, refund_id=owner.refund_id)
        posted.append((row, ids))
        if row.kind is Moved.PAYMENT and row.payment_ref is not None:
            known.came_in.add(row.payment_ref)
    for row, ids in posted:  # the rows last: each posting has the file know of what was changed before it
        row.posted = [*row.posted, *ids]
        row.is_open = row.kind is Moved.BANK  # until it has arrived


def _known(view: Reading, rows: Sequence[ProviderMove]) -> _Known:
    repo = view.matching
    paid = _refs(row.payment_ref for row in rows if row.kind is Moved.PAYMENT)
    back = _refs(row.source_ref for row in rows if row.kind in (Moved.REFUND, Moved.REFUND_FAILED))
    disputed = _refs(row.source_ref for row in rows if row.kind in (Moved.DISPUTE, Moved.DISPUTE_WON))
    sent = _refs(row.source_ref for row in rows if row.kind in (Moved.TRANSFER, Moved.TRANSFER_REVERSED))
    return _Known(
        repo.payments_of(paid),
        repo.refunds_of(back),
        repo.disputes_of(disputed),
        repo.came_in(paid),
        frozenset({*repo.payouts_by_ref(sent), *repo.take_backs_by_ref(sent)}),
    )


def _refs(found: Iterable[str | None]) -> set[str]:
    return {ref for ref in found if ref is not None}


def _owner(known: _Known, row: ProviderMove) -> _Owner | None:
    """None where what the movement is of is not complete here, or not known."""
    amount = Money(abs(row.amount), row.currency)
    match row.kind:
        case Moved.PAYMENT:
            payment = _payment_of(known, row)
            return None if payment is None else _Owner(payment.id, entries=_fees(row, payment))
        case Moved.REFUND | Moved.REFUND_FAILED:
            refund_id = _refund_of(known, row)
            return None if refund_id is None else _Owner(refund_id=refund_id)
        case Moved.DISPUTE | Moved.DISPUTE_WON:
            payment_id = _disputed_payment(known, row)
            return None if payment_id is None else _Owner(payment_id)
        case Moved.TRANSFER | Moved.TRANSFER_REVERSED:
            return _Owner() if row.source_ref in known.vendors else None
        case Moved.FEE:
            return _Owner(entries=_bill(row))
        case Moved.BANK:
            return _Owner(entries=(ledger.provider_payout_entry(amount),))
        case Moved.BANK_FAILED:
            return _Owner(entries=(ledger.provider_payout_failed_entry(amount),))
    return None  # nothing follows from it by itself


def note(
    work: UnitOfWork,
    row: ProviderMove,
    entries: Sequence[Entry],
    *,
    payment_id: UUID | None = None,
    refund_id: UUID | None = None,
) -> None:
    """Post entries, and have the movement know of them."""
    row.posted = [*row.posted, *_post(work, entries, payment_id=payment_id, refund_id=refund_id)]


def _post(
    work: UnitOfWork, entries: Sequence[Entry], *, payment_id: UUID | None, refund_id: UUID | None
) -> list[str]:
    """Post entries, and give the ids by which a movement knows of them."""
    if not entries:
        return []
    return [row_id.hex for row_id in posting.post(work, entries, payment_id=payment_id, refund_id=refund_id)]


def exchanged(of: Money, came_to: Money) -> list[Entry]:
    """The exchange of a movement of one amount that came to another on the balance, both signed; nothing where it is
    one currency."""
    if of.currency == came_to.currency:
        return []
    if came_to.minor > 0:
        return list(ledger.exchange_entries(of, came_to, at=Account.STRIPE))
    return list(ledger.exchange_entries(-came_to, -of, at=Account.STRIPE))


def _exchange(row: ProviderMove) -> list[Entry]:
    return exchanged(Money(row.source_amount, row.source_currency), Money(row.amount, row.currency))


def _fees(row: ProviderMove, payment: Payment) -> tuple[Entry, ...]:
    parts = {share.booking_id: Money(share.amount, payment.currency) for share in payment.shares}
    return ledger.processor_fee_entries(Money(row.fee, row.currency), parts)


def _bill(row: ProviderMove) -> tuple[Entry, ...]:
    """A bill takes money out; one that was credited brings it back."""
    amount = Money(row.amount - row.fee, row.currency)
    if amount.minor < 0:
        return (ledger.processor_fee_entry(-amount),)
    return (ledger.reversal(ledger.processor_fee_entry(amount)),) if amount else ()


def _payment_of(known: _Known, row: ProviderMove) -> Payment | None:
    """The payment of ours that it brought in, once it is complete; none where another movement did."""
    if row.payment_ref is None or row.payment_ref in known.came_in:
        return None
    payment = known.payments.get(row.payment_ref)
    return payment if payment is not None and payment.state is PaymentState.COMPLETED else None


def _refund_of(known: _Known, row: ProviderMove) -> UUID | None:
    """The refund of ours that it is of, once the provider has taken it on; for one that came back, once that is known
    here."""
    refund = known.refunds.get(row.source_ref or "")
    if refund is None:
        return None
    there = refund.state in _TAKEN_ON if row.kind is Moved.REFUND else refund.state is RefundState.FAILED
    return refund.id if there else None


def _disputed_payment(known: _Known, row: ProviderMove) -> UUID | None:
    """The payment of a dispute that is in the books: that its money is gone, or back."""
    found = known.disputes.get(row.source_ref or "")
    if found is None or found.taken_at is None:
        return None
    return found.payment_id if row.kind is Moved.DISPUTE or found.state is DisputeState.WON else None
