"""What a traveller's bank does about a payment, read at the provider and written down.

    inquiry     the bank asks: a row, and nothing in the books
    open        it has taken the money: into disputed funds, and the provider's fee
    won         the money is back
    lost        whoever has the money gives it: see `domain.ledger.disputes`
    closed      an inquiry that came to nothing

The books follow the money as the provider has moved it by now, not the order in which anybody heard of it: reading a
dispute twice, late, or with steps left out ends in the same entries. Nothing is sent but questions.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.fees import spread_over
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import (
    DisputeState,
    PaymentState,
    RefundState,
    advance,
    can_advance,
    is_open,
)
from travellr_desktop.events import DisputeChanged
from travellr_desktop.payments.gateway import DisputeStatus, PaymentGateway, ProviderDisputeState
from travellr_desktop.services import giving_back, posting
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, Dispute, DisputePart, Payment
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

log = logging.getLogger(__name__)

_NOT_SETTLED = frozenset({RefundState.APPROVED, RefundState.UNKNOWN})


class Noted(Enum):
    """What became of a reading."""

    CHANGED = auto()
    AS_IT_WAS = auto()
    NOT_YET = auto()  # something else of the payment is to be found out first
    NOT_OURS = auto()  # no payment of this file


@dataclass(frozen=True, slots=True)
class _Of:
    """The payment that a dispute is about, and what of it is not settled yet."""

    payment_id: UUID
    in_flight: bool
    refunds: tuple[UUID, ...]


class Disputing:
    """Reads disputes and records what they say."""

    def __init__(
        self, database: Database, gateway: PaymentGateway, charging: Charging, refunding: Refunding
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging
        self._refunding = refunding

    def read(self, actor: Actor, ref: str) -> Noted:
        """Read a dispute and record it. Raises what the provider's silence raises, and `NotFound`."""
        return self.record(actor, self._gateway.get_dispute(ref))

    def record(self, actor: Actor, status: DisputeStatus) -> Noted:
        """Write down what a dispute says, where it says anything new."""
        of = self._of(status)
        if of is None:
            return self._nobodys(status)
        if of.in_flight:  # the charge was not recorded yet, and only what was paid is disputed
            self._charging.read(actor, of.payment_id)
        if (
            status.state is ProviderDisputeState.LOST
        ):  # what is promised back is the first that the bank has given
            for refund_id in of.refunds:
                self._refunding.send(actor, refund_id)
        with self._db.read() as view:
            row = view.disputes.find_by_ref(status.ref)
            if row is not None and not _news(row, status):
                return Noted.AS_IT_WAS
        with self._db.write(Commit.DISPUTE_RECORD, actor) as work:
            payment = work.payments.get_full(of.payment_id)
            lost = status.state is ProviderDisputeState.LOST
            if payment.state is not PaymentState.COMPLETED or (lost and _unsettled(work, payment)):
                return Noted.NOT_YET
            row = work.disputes.find_by_ref(status.ref)
            if row is not None and not _news(row, status):
                return Noted.AS_IT_WAS  # somebody else was faster
            row = row or _begin(work, payment, status)
            _follow(work, row, payment, status)
            work.commit()
        return Noted.CHANGED

    def _of(self, status: DisputeStatus) -> _Of | None:
        with self._db.read() as view:
            payment = view.heard.payment(status.payment_ref)
            if payment is None:
                return None
            return _Of(payment.id, is_open(payment.state), tuple(_unsettled(view, payment)))

    def _nobodys(self, status: DisputeStatus) -> Noted:
        """A dispute of a payment that is not in the file: of something else, or paid by a link that is still read."""
        with self._db.read() as view:
            if view.heard.link_in_flight():
                return Noted.NOT_YET
        log.info("dispute %s is of no payment here (%s)", status.ref, status.payment_ref)
        return Noted.NOT_OURS


def state_of(status: DisputeStatus, known: DisputeState | None) -> DisputeState:
    """The state that the provider's word and its movements come to. A dispute that is won stays open until the money
    is back; where the table has no way there, it stays as it is `known`."""
    if status.state is ProviderDisputeState.INQUIRY:
        to = DisputeState.INQUIRY
    elif status.state is ProviderDisputeState.INQUIRY_CLOSED:
        to = DisputeState.CLOSED
    elif status.state is ProviderDisputeState.LOST:
        to = DisputeState.LOST
    elif status.state is ProviderDisputeState.WON and not status.taken:
        to = DisputeState.WON
    else:
        to = DisputeState.OPEN
    return to if known is None or can_advance(known, to) else known


def _news(row: Dispute, status: DisputeStatus) -> bool:
    """Whether a dispute says anything that is not written down."""
    moved = status.taken is not None and row.taken_at is None
    fee = 0 if status.fee is None else status.fee.minor
    amount = row.taken_at is None and row.amount != status.amount.minor
    return (
        moved
        or amount
        or (row.state, row.fee, row.due_by, row.reason)
        != (state_of(status, row.state), fee, status.respond_by, status.reason)
    )


def _begin(work: UnitOfWork, payment: Payment, status: DisputeStatus) -> Dispute:
    """The row of a dispute that is heard of for the first time, as an inquiry: `_follow` goes on from there."""
    row = Dispute(
        ref=status.ref,
        payment_id=payment.id,
        amount=status.amount.minor,
        currency=status.amount.currency,
        fee=0,
        fee_currency=status.amount.currency if status.fee is None else status.fee.currency,
        reason=status.reason,
        state=DisputeState.INQUIRY,
        due_by=status.respond_by,
        opened_at=status.created_at,
    )
    work.disputes.save(row)
    for booking_id, part in _spread(payment, status.amount).items():
        work.session.add(DisputePart(dispute_id=row.id, booking_id=booking_id, amount=part.minor))
    work.flush()
    return work.disputes.get_full(row.id)


def _follow(work: UnitOfWork, row: Dispute, payment: Payment, status: DisputeStatus) -> None:
    """Bring row and books to what the provider says by now."""
    before, to = row.state, state_of(status, row.state)
    row.reason, row.due_by = status.reason, status.respond_by
    if row.taken_at is None and row.amount != status.amount.minor:
        _about(work, row, payment, status.amount)
    parts = {part.booking_id: Money(part.amount, row.currency) for part in row.parts if part.amount}
    if status.taken is not None and row.taken_at is None:
        row.taken_at = work.now
        posting.post(work, ledger.dispute_opened_entries(parts), payment_id=payment.id)
    if status.fee is not None and status.fee.minor != row.fee:
        was = Money(row.fee, status.fee.currency)
        entries = ledger.dispute_fee_entries(parts, before=was, now=status.fee)
        posting.post(work, entries, payment_id=payment.id)
        row.fee, row.fee_currency = status.fee.minor, status.fee.currency
    if to is not before:
        row.state = advance(before, to)
        if row.taken_at is not None:
            _decided(work, row, payment, parts)
        row.ended_at = None if is_open(row.state) else work.now
    work.disputes.update(row)
    work.audit(
        "dispute.read",
        "dispute",
        row.id,
        dispute=row.ref,
        state=row.state.value,
        amount=row.amount,
        currency=row.currency,
    )
    work.publish(
        DisputeChanged(
            aggregate_id=row.id,
            timestamp=work.now,
            payment_id=payment.id,
            state=row.state,
            amount=Money(row.amount, row.currency),
        )
    )


def _about(work: UnitOfWork, row: Dispute, payment: Payment, amount: Money) -> None:
    """An inquiry is about another amount than before: of what is left of the payment."""
    parts = _spread(payment, amount)
    if amount.minor > row.amount:  # the whole first: parts are never beyond it
        row.amount = amount.minor
        work.flush()
    for part in sorted(row.parts, key=lambda each: parts[each.booking_id].minor - each.amount):
        part.amount = parts[part.booking_id].minor
        work.flush()
    row.amount = amount.minor


def _decided(work: UnitOfWork, row: Dispute, payment: Payment, parts: dict[UUID, Money]) -> None:
    """What the bank's decision writes into the books."""
    if row.state is DisputeState.WON:
        posting.post(work, ledger.dispute_won_entries(parts), payment_id=payment.id)
    elif row.state is DisputeState.LOST:
        for booking in work.bookings.find_many(list(parts)):
            entries = _lost(work, booking, parts[booking.id])
            posting.post(work, entries, payment_id=payment.id)


def _lost(work: UnitOfWork, booking: Booking, amount: Money) -> tuple[ledger.Entry, ...]:
    """Who gives what the bank keeps of one booking."""
    work.flush()

    def there(account: Account) -> int:
        return -work.ledger.balance(account, amount.currency, booking_id=booking.id)

    earned, kept = ledger.earnings(
        posting.entries_of(work, booking.id),
        booking_id=booking.id,
        currency=booking.currency,
        commission_bps=booking.commission_bps,
        own=giving_back.own_discount(booking),
    )
    # what will still go back another way is not there
    on_its_way = sum(
        refund.amount
        for refund in work.refunds.find_by_booking_id(booking.id)
        if refund.state in _NOT_SETTLED
    )
    promised = max(there(Account.REFUNDS_PAYABLE) - on_its_way, 0)
    return ledger.dispute_lost_entries(
        amount,
        booking_id=booking.id,
        vendor_id=booking.vendor_id,
        promised=Money(promised, amount.currency),
        overpaid=Money(max(there(Account.OVERPAYMENT), 0), amount.currency),
        funds=Money(max(there(Account.TRAVELLER_FUNDS), 0), amount.currency),
        earned=earned,
        kept=kept,
    )


def _spread(payment: Payment, amount: Money) -> dict[UUID, Money]:
    """What of an amount is about which booking of a payment."""
    shares = {share.booking_id: Money(share.amount, payment.currency) for share in payment.shares}
    return spread_over(amount, shares)


def _unsettled(view: Reading, payment: Payment) -> list[UUID]:
    """Refunds to a payment of which it is not known whether the provider took them on."""
    found = view.refunds.find_by_payment_id(payment.id)
    return [refund.id for refund in found if refund.state in _NOT_SETTLED]
