"""What the books say moved at the provider, what the provider says, and what was said of differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.matching import Moved
from travellr_desktop.errors import NotFound
from travellr_desktop.storage.models import (
    AuditRow,
    Dispute,
    LedgerRow,
    MatchNote,
    Payment,
    Payout,
    PayoutEntry,
    ProviderMove,
    Refund,
    Sale,
    TakeBack,
)

_SENT = LedgerEvent.PAYOUT_SENT
_SOME = 400
"""How many keys are asked for at once: SQLite takes no more than so many values in a statement."""


@dataclass(frozen=True, slots=True)
class StripeRow:
    """An entry of the ledger that moved money at the provider. `amount` is above zero for money that came in;
    `against` is the other account. `ref` is the payment, refund, transfer or reversal at the provider, None where the
    entry has none."""

    id: UUID
    at: datetime
    event: str
    against: Account
    amount: int
    currency: str
    payment_id: UUID | None
    refund_id: UUID | None
    ref: str | None


class MatchingRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def last_said(self, entity: str, entity_id: UUID) -> AuditRow | None:
        """The newest row of the audit about a thing."""
        query = select(AuditRow).where(AuditRow.entity == entity, AuditRow.entity_id == entity_id)
        return self.session.scalar(query.order_by(AuditRow.id.desc()).limit(1))

    # ours

    def posted_between(self, since: datetime, until: datetime) -> Iterator[StripeRow]:
        """The entries that moved money at the provider from `since` to before `until`. Found by the two indexes of
        accounts and sides, or by time, whichever the file thinks shorter."""
        yield from self._rows(LedgerRow.at >= since, LedgerRow.at < until)

    def posted_for(
        self, *, payments: Collection[UUID] = (), refunds: Collection[UUID] = ()
    ) -> Iterator[StripeRow]:
        """All that was ever posted for these payments and refunds."""
        for some in _parts(payments):
            yield from self._rows(LedgerRow.payment_id.in_(some))
        for some in _parts(refunds):
            yield from self._rows(LedgerRow.refund_id.in_(some))

    def posted_for_vendors(
        self, *, payouts: Collection[UUID] = (), take_backs: Collection[UUID] = ()
    ) -> Iterator[StripeRow]:
        """What was posted as these payouts left, and as these came back."""
        for some in _parts(payouts):
            yield from self._rows(PayoutEntry.payout_id.in_(some))
        for some in _parts(take_backs):
            yield from self._rows(TakeBack.id.in_(some))

    def posted_as(self, ids: Collection[UUID]) -> Iterator[StripeRow]:
        """The entries of these ids."""
        for some in _parts(ids):
            yield from self._rows(LedgerRow.id.in_(some))

    def _rows(self, *where: object) -> Iterator[StripeRow]:
        stripe = Account.STRIPE
        columns = (LedgerRow.id, LedgerRow.at, LedgerRow.event, LedgerRow.debit, LedgerRow.credit)
        whose = (LedgerRow.payment_id, LedgerRow.refund_id, Payment.provider_ref, Refund.provider_ref)
        query = (
            select(
                *columns,
                LedgerRow.amount,
                LedgerRow.currency,
                *whose,
                func.coalesce(Payout.provider_ref, TakeBack.provider_ref),
            )
            .outerjoin(Payment, Payment.id == LedgerRow.payment_id)
            .outerjoin(Refund, Refund.id == LedgerRow.refund_id)
            .outerjoin(TakeBack, TakeBack.ledger_id == LedgerRow.id)
            .outerjoin(PayoutEntry, and_(PayoutEntry.ledger_id == LedgerRow.id, LedgerRow.event == _SENT))
            .outerjoin(Payout, Payout.id == PayoutEntry.payout_id)
            .where(or_(LedgerRow.debit == stripe, LedgerRow.credit == stripe), *where)  # type: ignore[arg-type]
            .order_by(LedgerRow.id)
        )
        for row in self.session.execute(query):
            row_id, at, event, debit, credit, amount, currency, payment_id, refund_id, *refs = row
            came_in = debit is stripe
            yield StripeRow(
                id=row_id,
                at=at,
                event=event.value,
                against=credit if came_in else debit,
                amount=amount if came_in else -amount,
                currency=currency,
                payment_id=payment_id,
                refund_id=refund_id,
                ref=refs[2] or (refs[1] if refund_id is not None else refs[0]),
            )

    def entries_of(self, *, payment_id: UUID | None, refund_id: UUID | None) -> Sequence[LedgerRow]:
        """The entries of a refund, or of a payment without those of its refunds, oldest first."""
        query = select(LedgerRow).where(LedgerRow.payment_id == payment_id, LedgerRow.refund_id == refund_id)
        return self.session.scalars(query.order_by(LedgerRow.id)).all()

    def payments_by_ref(self, refs: Iterable[str]) -> dict[str, UUID]:
        """The payments of ours that the provider knows under these refs."""
        return self._ids(Payment, refs)

    def refunds_by_ref(self, refs: Iterable[str]) -> dict[str, UUID]:
        """The same of refunds."""
        return self._ids(Refund, refs)

    def payouts_by_ref(self, refs: Iterable[str]) -> dict[str, UUID]:
        """The same of payouts, by their transfers."""
        return self._ids(Payout, refs)

    def take_backs_by_ref(self, refs: Iterable[str]) -> dict[str, UUID]:
        """The same of what was taken back of them, by the reversals."""
        return self._ids(TakeBack, refs)

    def payments_of(self, refs: Iterable[str]) -> dict[str, Payment]:
        """The same, the rows themselves with their shares."""
        return {
            payment.provider_ref or "": payment
            for some in _parts(set(refs))
            for payment in self.session.scalars(
                select(Payment).where(Payment.provider_ref.in_(some)).options(selectinload(Payment.shares))
            )
        }

    def refunds_of(self, refs: Iterable[str]) -> dict[str, Refund]:
        """The refunds of ours under these refs, as rows."""
        return {
            refund.provider_ref or "": refund
            for some in _parts(set(refs))
            for refund in self.session.scalars(select(Refund).where(Refund.provider_ref.in_(some)))
        }

    def disputes_of(self, refs: Iterable[str]) -> dict[str, Dispute]:
        """The disputes under these refs, as rows."""
        return {
            dispute.ref: dispute
            for some in _parts(set(refs))
            for dispute in self.session.scalars(select(Dispute).where(Dispute.ref.in_(some)))
        }

    def sales_of(self, payments: Iterable[UUID]) -> dict[UUID, str]:
        """The references of the sales that payments are for, by payment."""
        return {
            payment_id: reference
            for some in _parts(set(payments))
            for payment_id, reference in self.session.execute(
                select(Payment.id, Sale.reference)
                .join(Sale, Sale.id == Payment.sale_id)
                .where(Payment.id.in_(some))
            )
        }

    def first_taken(self) -> datetime | None:
        """When the first payment was created that the provider knows."""
        return self.session.scalar(
            select(func.min(Payment.created_at)).where(Payment.provider_ref.is_not(None))
        )

    def _ids(
        self, model: type[Payment] | type[Refund] | type[Payout] | type[TakeBack], refs: Iterable[str]
    ) -> dict[str, UUID]:
        found: dict[str, UUID] = {}
        for some in _parts(set(refs)):
            query = select(model.provider_ref, model.id).where(model.provider_ref.in_(some))
            found |= {ref: row_id for ref, row_id in self.session.execute(query) if ref is not None}
        return found

    # theirs

    def newest_fetched(self) -> datetime | None:
        """When the newest movement that was fetched was made."""
        return self.session.scalar(
            select(ProviderMove.created_at).order_by(ProviderMove.created_at.desc()).limit(1)
        )

    def fetched(self, refs: Iterable[str]) -> dict[str, ProviderMove]:
        """The movements that were fetched, by ref."""
        return {
            row.ref: row
            for some in _parts(set(refs))
            for row in self.session.scalars(select(ProviderMove).where(ProviderMove.ref.in_(some)))
        }

    def known_moves(self, refs: Iterable[str]) -> set[str]:
        """Those of these refs whose movements were fetched."""
        return {
            ref
            for some in _parts(set(refs))
            for ref in self.session.scalars(select(ProviderMove.ref).where(ProviderMove.ref.in_(some)))
        }

    def came_in(self, payment_refs: Iterable[str]) -> set[str]:
        """Those of these payments that a movement brought in from which all is posted that follows."""
        return {
            ref
            for some in _parts(set(payment_refs))
            for ref in self.session.scalars(
                select(ProviderMove.payment_ref).where(
                    ProviderMove.payment_ref.in_(some),
                    ProviderMove.kind == Moved.PAYMENT,
                    ProviderMove.is_open.is_(False),
                )
            )
            if ref is not None
        }

    def about(self, source_refs: Iterable[str], payment_refs: Iterable[str]) -> list[ProviderMove]:
        """The fetched movements of these objects, whenever they were."""
        found: dict[UUID, ProviderMove] = {}
        for column, refs in (
            (ProviderMove.source_ref, source_refs),
            (ProviderMove.payment_ref, payment_refs),
        ):
            for some in _parts(set(refs)):
                found |= {
                    row.id: row for row in self.session.scalars(select(ProviderMove).where(column.in_(some)))
                }
        return sorted(found.values(), key=lambda row: (row.created_at, row.ref))

    def open_moves(self, most: int) -> Sequence[ProviderMove]:
        """Fetched movements from which something is still to be posted, oldest first."""
        return self.session.scalars(
            select(ProviderMove)
            .where(ProviderMove.is_open.is_(True))
            .order_by(ProviderMove.created_at, ProviderMove.ref)
            .limit(most)
        ).all()

    def some(self, ids: Iterable[UUID]) -> list[ProviderMove]:
        """The movements of these ids, oldest first."""
        found = [
            row
            for some in _parts(set(ids))
            for row in self.session.scalars(select(ProviderMove).where(ProviderMove.id.in_(some)))
        ]
        return sorted(found, key=lambda row: (row.created_at, row.ref))

    def get(self, row_id: UUID) -> ProviderMove:
        """Raises `NotFound`."""
        row = self.session.get(ProviderMove, row_id)
        if row is None:
            raise NotFound("There is no such movement.")
        return row

    def add(self, *moves: ProviderMove) -> None:
        self.session.add_all(moves)

    # what was said

    def notes(self, keys: Iterable[str]) -> Mapping[str, MatchNote]:
        """What was said of differences, by their keys."""
        return {
            row.key: row
            for some in _parts(set(keys))
            for row in self.session.scalars(select(MatchNote).where(MatchNote.key.in_(some)))
        }

    def say(self, note: MatchNote) -> None:
        self.session.add(note)
        self.session.flush()


def _parts(keys: Collection[object]) -> Iterator[list[object]]:
    ordered = list(keys)
    for at in range(0, len(ordered), _SOME):
        yield ordered[at : at + _SOME]
