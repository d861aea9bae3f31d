"""What follows from a movement by itself, and is posted with it: nobody decides it, the provider has already done it.

    payment                                  the exchange, where the balance is in another currency; the fee
    refund, dispute, and their way back      the exchange; their fees are posted with them
    bill of the provider's own               a fee on no booking
    to the agency's bank                     out of the balance, later into the bank, or back
    to a vendor, or back from one            nothing

What a payment, a refund, a dispute or a payout itself comes to is posted by whoever made it, never from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account, Entry
from travellr_desktop.domain.matching import Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import DisputeState, PaymentState, RefundState
from travellr_desktop.services import posting
from travellr_desktop.storage.models import Payment, ProviderMove
from travellr_desktop.storage.uow import Reading, UnitOfWork

_TAKEN_ON = (RefundState.PENDING, RefundState.COMPLETED, RefundState.FAILED)


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose entries what follows is: `entries` beside those of the movement's exchange."""

    payment_id: UUID | None = None
    refund_id: UUID | None = None
    entries: tuple[Entry, ...] = ()


def is_ready(view: Reading, row: ProviderMove) -> bool:
    """Whether what follows from a movement can be posted now: what it is of is complete here."""
    return row.is_open and not row.posted and _owner(view, row) is not None


def post_from(work: UnitOfWork, row: ProviderMove) -> None:
    """Post what follows from a movement, if it is ready and was not posted before. A movement that something is still
    awaited of stays open."""
    owner = _owner(work, row) if row.is_open and not row.posted else None
    if owner is None:
        return
    entries = [*_exchange(row), *owner.entries]
    note(work, row, entries, payment_id=owner.payment_id, refund_id=owner.refund_id)
    row.is_open = row.kind is Moved.BANK  # until it has arrived


def _owner(view: Reading, row: ProviderMove) -> _Owner | None:
    """None where what the movement is of is not complete here, or not known."""
    amount = Money(abs(row.amount), row.currency)
    match row.kind:
        case Moved.PAYMENT:
            payment = _payment_of(view, row)
            return None if payment is None else _Owner(payment.id, entries=_fees(row, payment))
        case Moved.REFUND | Moved.REFUND_FAILED:
            refund_id = _refund_of(view, row)
            return None if refund_id is None else _Owner(refund_id=refund_id)
        case Moved.DISPUTE | Moved.DISPUTE_WON:
            payment_id = _disputed_payment(view, row)
            return None if payment_id is None else _Owner(payment_id)
        case Moved.TRANSFER | Moved.TRANSFER_REVERSED:
            return _Owner() if _is_known(view, row) else None
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
    if entries:
        ids = posting.post(work, entries, payment_id=payment_id, refund_id=refund_id)
        row.posted = [*row.posted, *(row_id.hex for row_id in ids)]


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


def _payment_of(view: Reading, row: ProviderMove) -> Payment | None:
    """The payment of ours that it brought in, once it is complete."""
    if row.payment_ref is None or _has_another(view, row):
        return None
    payment_id = view.matching.payments_by_ref([row.payment_ref]).get(row.payment_ref)
    payment = None if payment_id is None else view.payments.get_full(payment_id)
    return payment if payment is not None and payment.state is PaymentState.COMPLETED else None


def _has_another(view: Reading, row: ProviderMove) -> bool:
    """Whether another movement brought the same payment in: it came in once, and its fee is posted once."""
    same = view.matching.about((), [row.payment_ref or ""])
    return any(each.kind is Moved.PAYMENT and not each.is_open and each.id != row.id for each in same)


def _is_known(view: Reading, row: ProviderMove) -> bool:
    """Whether a transfer to a vendor, or its way back, is in the books: then nothing is awaited of it."""
    refs = [] if row.source_ref is None else [row.source_ref]
    repo = view.matching
    return bool(repo.payouts_by_ref(refs) or repo.take_backs_by_ref(refs))


def _refund_of(view: Reading, row: ProviderMove) -> UUID | None:
    """The refund of ours that it is of, once the provider has taken it on; for one that came back, once that is known
    here."""
    if row.source_ref is None:
        return None
    refund_id = view.matching.refunds_by_ref([row.source_ref]).get(row.source_ref)
    if refund_id is None:
        return None
    state = view.refunds.get(refund_id).state
    there = state in _TAKEN_ON if row.kind is Moved.REFUND else state is RefundState.FAILED
    return refund_id if there else None


def _disputed_payment(view: Reading, row: ProviderMove) -> UUID | None:
    """The payment of a dispute that is in the books: that its money is gone, or back."""
    found = None if row.source_ref is None else view.disputes.find_by_ref(row.source_ref)
    if found is None or found.taken_at is None:
        return None
    return found.payment_id if row.kind is Moved.DISPUTE or found.state is DisputeState.WON else None
