"""One payment: what was taken for which bookings, every attempt, what went back; and recovery of those that were
interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import PaymentState, RefundState, travellr_status
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import disputed
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.disputed import DisputeMark
from travellr_desktop.services.outcomes import LinkView, link_of
from travellr_desktop.services.payouts.paying import Paying
from travellr_desktop.services.payouts.taking_back import TakingBack
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What was taken for one booking."""

    booking_id: UUID
    reference: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One call to the provider. `action` is prepare, charge, link, ask, read, cancel or refund."""

    at: datetime
    action: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class PaymentRefund:
    id: UUID
    booking_reference: str
    at: datetime
    amount: Money
    state: RefundState
    failure: str | None
    to: RefundTo = RefundTo.PAYMENT


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """One payment. `status` is the older name: pending, completed, failed or refunded. Of the amount, once it has come
    in, `owed` paid what was owed after a trip, and `excess` was more than all that was due."""

    id: UUID
    sale_id: UUID
    sale_reference: str
    traveller_name: str
    way: Way
    label: str
    amount: Money
    refunded: Money
    owed: Money
    excess: Money
    state: PaymentState
    status: str
    code: str | None
    message: str | None
    provider_ref: str | None
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    next_read_at: datetime | None
    shares: tuple[ShareRow, ...]
    attempts: tuple[AttemptRow, ...]
    refunds: tuple[PaymentRefund, ...]
    can_read: bool
    link: LinkView | None
    dispute: DisputeMark | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """What recovery found: payments that had been paid, refunds that were settled, payouts to vendors (and what was
    taken back of them) that were settled, and what is still not known. A refund on its way, which the provider has
    taken, is not in doubt."""

    payments: int
    refunds: int
    payouts: int
    still_unknown: int


class PaymentService:
    def __init__(
        self,
        database: Database,
        charging: Charging,
        refunding: Refunding,
        paying: Paying,
        taking_back: TakingBack,
    ) -> None:
        self._db = database
        self._charging = charging
        self._refunding = refunding
        self._paying = paying
        self._taking_back = taking_back

    def detail(self, actor: Actor, payment_id: UUID) -> PaymentDetail:
        """Raises `NotFound`."""
        require(actor, Permission.PAYMENT_READ)
        with self._db.read() as view:
            payment = view.payments.get_full(payment_id)
            refunds = view.refunds.find_by_payment_id(payment_id)
            bookings = {b.id: b for b in view.bookings.find_many([s.booking_id for s in payment.shares])}
            names = view.users.names((payment.created_by,))
            attempts = list(view.payments.attempts(payment_id=payment_id))
            for refund in refunds:
                attempts += view.payments.attempts(refund_id=refund.id)
            gone = sum(refund.amount for refund in refunds if refund.state is not RefundState.FAILED)

            def money(minor: int) -> Money:
                return Money(minor, payment.currency)

            return PaymentDetail(
                id=payment.id,
                sale_id=payment.sale_id,
                sale_reference=payment.sale.reference,
                traveller_name=payment.sale.traveller.name,
                way=payment.way,
                label=payment.label,
                amount=money(payment.amount),
                refunded=money(gone),
                owed=money(sum(share.owed for share in payment.shares)),
                excess=money(sum(share.excess for share in payment.shares)),
                state=payment.state,
                status=travellr_status(payment.state, gone == payment.amount),
                code=payment.decline_code,
                message=payment.decline_message,
                provider_ref=payment.provider_ref,
                created_at=payment.created_at,
                created_by=names[payment.created_by],
                ended_at=payment.ended_at,
                next_read_at=payment.next_read_at,
                shares=tuple(
                    ShareRow(
                        share.booking_id,
                        bookings[share.booking_id].reference,
                        bookings[share.booking_id].trip.title,
                        money(share.amount),
                    )
                    for share in payment.shares
                ),
                attempts=tuple(
                    AttemptRow(each.at, each.action, each.outcome, each.detail)
                    for each in sorted(attempts, key=lambda each: each.id)
                ),
                refunds=tuple(
                    PaymentRefund(
                        refund.id,
                        refund.booking.reference,
                        refund.ended_at or refund.created_at,
                        money(refund.amount),
                        refund.state,
                        refund.failure,
                        refund.destination,
                    )
                    for refund in refunds
                ),
                can_read=(payment.provider_ref or payment.link_ref) is not None
                and not view.payments.elsewhere(payment_id)
                and payment.state
                in (PaymentState.UNKNOWN, PaymentState.PROCESSING, PaymentState.REQUIRES_ACTION),
                link=link_of(payment),
                dispute=disputed.mark_of_payment(view, payment_id),
            )

    def read_now(self, actor: Actor, payment_id: UUID) -> PaymentDetail:
        """Ask the provider, without waiting for the schedule. Never charges."""
        require(actor, Permission.PAYMENT_READ)
        self._charging.read(actor, payment_id)
        return self.detail(actor, payment_id)

    def sum_by_status(self, actor: Actor) -> dict[PaymentState, dict[str, int]]:
        """What payments in each state add up to, minor units by currency."""
        require(actor, Permission.ADMIN_BOOKINGS)
        with self._db.read() as view:
            return view.payments.sum_by_status()

    def recover(self, *, start_up: bool = False) -> Recovered:
        """Find out what became of what was interrupted. The program's own doing: nobody is asked."""
        payments = self._charging.recover(start_up=start_up)
        refunds = self._refunding.recover(start_up=start_up)
        payouts = self._paying.recover(start_up=start_up) + self._taking_back.recover(start_up=start_up)
        with self._db.read() as view:
            left = len(view.payments.in_flight()) + len(view.refunds.in_doubt())
            left += view.payouts.count_on_their_way(at_this_desk=True) + len(view.take_backs.in_flight())
        return Recovered(payments, refunds, payouts, left)
