"""What this desk has heard of the provider's events, and which row of ours an event is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from travellr_desktop.domain.states import PaymentState, RefundState, open_states
from travellr_desktop.domain.ways import Way
from travellr_desktop.storage.models import EventCursor, Payment, ProviderEventRow, Refund


class HeardRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def cursor(self) -> EventCursor | None:
        """How far the events were heard; None where nobody has listened yet."""
        return self.session.get(EventCursor, 1)

    def known(self, refs: Collection[str]) -> frozenset[str]:
        """Which of these events were seen before."""
        return frozenset(
            self.session.scalars(select(ProviderEventRow.ref).where(ProviderEventRow.ref.in_(refs)))
        )

    def to_do(self, now: datetime, limit: int) -> Sequence[ProviderEventRow]:
        """Events whose object is to be read again by `now`, in the order in which they happened."""
        return self.session.scalars(
            select(ProviderEventRow)
            .where(
                ProviderEventRow.done_at.is_(None),
                ProviderEventRow.next_try_at.is_(None) | (ProviderEventRow.next_try_at <= now),
            )
            .order_by(ProviderEventRow.created_at, ProviderEventRow.ref)
            .limit(limit)
        ).all()

    def waiting(self) -> int:
        """How many events are not done."""
        query = select(func.count()).select_from(ProviderEventRow).where(ProviderEventRow.done_at.is_(None))
        return self.session.scalar(query) or 0

    def find(self, refs: Collection[str]) -> Sequence[ProviderEventRow]:
        return self.session.scalars(select(ProviderEventRow).where(ProviderEventRow.ref.in_(refs))).all()

    def forget_before(self, moment: datetime, *, but: Collection[str]) -> int:
        """Forget the events that were done and seen before `moment`, except those named; how many."""
        query = delete(ProviderEventRow).where(
            ProviderEventRow.done_at.is_not(None),
            ProviderEventRow.seen_at < moment,
            ProviderEventRow.ref.not_in(but),
        )
        return self.session.execute(query).rowcount  # type: ignore[attr-defined, no-any-return]

    # what an event is about

    def payment(self, ref: str) -> Payment | None:
        """The payment of that id at the provider."""
        return self.session.scalar(select(Payment).where(Payment.provider_ref == ref))

    def payment_by_link(self, ref: str) -> Payment | None:
        """The payment of that link."""
        return self.session.scalar(select(Payment).where(Payment.link_ref == ref))

    def link_in_flight(self) -> bool:
        """Whether a payment by link is under way: what it was paid by is not known until then."""
        query = select(Payment.id).where(
            Payment.way == Way.LINK, Payment.state.in_(open_states(PaymentState))
        )
        return self.session.scalar(query.limit(1)) is not None

    def refund(self, ref: str) -> Refund | None:
        """The refund of that id at the provider."""
        return self.session.scalar(select(Refund).where(Refund.provider_ref == ref))

    def oldest_payment(self) -> datetime | None:
        """When the first payment was made that went to the provider."""
        return self.session.scalar(
            select(func.min(Payment.created_at)).where(Payment.provider_ref.is_not(None))
        )

    def arrived_since(self, moment: datetime) -> Sequence[UUID]:
        """Refunds through the provider that were said to have arrived after `moment`: they may have come back."""
        return self.session.scalars(
            select(Refund.id).where(
                Refund.state == RefundState.COMPLETED,
                Refund.provider_ref.is_not(None),
                Refund.ended_at > moment,
            )
        ).all()
