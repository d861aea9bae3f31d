"""Disputes as people see them: one with its bookings, its books and what happened when; how many want an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.services.disputing import Disputing
from travellr_desktop.storage.models import Dispute
from travellr_desktop.storage.uow import Database, Reading

OF_DISPUTES = frozenset(
    {
        LedgerEvent.DISPUTE_OPENED,
        LedgerEvent.DISPUTE_FEE,
        LedgerEvent.DISPUTE_WON,
        LedgerEvent.DISPUTE_FEE_BACK,
        LedgerEvent.DISPUTE_LOST,
    }
)
"""What disputes write into the books."""


@dataclass(frozen=True, slots=True)
class DisputedBooking:
    """A booking that the money was for, and what of the dispute is about it."""

    id: UUID
    reference: str
    title: str
    state: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DisputeEntry:
    """An entry that the dispute wrote, added up over its bookings."""

    at: datetime
    event: LedgerEvent
    debit: Account
    credit: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class DisputeDetail:
    """One dispute. `reason` is the provider's word. `held` is what is in disputed funds for it now; `fee` what it has
    cost. `is_late`: its evidence was due and may not be there. `page` is where the provider shows it, "" where it has
    none, as in the sandbox."""

    id: UUID
    ref: str
    state: DisputeState
    amount: Money
    fee: Money
    held: Money
    reason: str
    due_by: datetime | None
    is_late: bool
    opened_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    payment_id: UUID
    payment_label: str
    payment_ref: str
    page: str
    paid: Money
    paid_at: datetime
    sale_id: UUID
    sale_reference: str
    traveller_name: str
    bookings: tuple[DisputedBooking, ...]
    entries: tuple[DisputeEntry, ...]


@dataclass(frozen=True, slots=True)
class DisputeCount:
    """How many disputes and inquiries a bank has not decided on, and of how many evidence is overdue. `next_due` is
    the next moment by which one wants an answer."""

    undecided: int
    late: int
    next_due: datetime | None


class DisputeService:
    def __init__(self, database: Database, disputing: Disputing) -> None:
        self._db = database
        self._disputing = disputing

    def detail(self, actor: Actor, dispute_id: UUID) -> DisputeDetail:
        """Raises `NotFound`."""
        require(actor, Permission.DISPUTE_READ)
        with self._db.read() as view:
            return _detail(view, view.disputes.get_full(dispute_id))

    def read_now(self, actor: Actor, dispute_id: UUID) -> DisputeDetail:
        """Ask the provider how it stands. Raises `NotFound`, and what the provider's silence raises."""
        require(actor, Permission.DISPUTE_READ)
        with self._db.read() as view:
            ref = view.disputes.get(dispute_id).ref
        self._disputing.read(actor, ref)
        return self.detail(actor, dispute_id)

    def count(self, actor: Actor) -> DisputeCount:
        """What wants an answer."""
        require(actor, Permission.DISPUTE_READ)
        with self._db.read() as view:
            now = view.clock.now()
            rows = view.disputes.undecided()
            due = [row.due_by for row in rows if row.due_by is not None]
            return DisputeCount(
                len(rows), sum(at <= now for at in due), min((at for at in due if at > now), default=None)
            )


def _detail(view: Reading, row: Dispute) -> DisputeDetail:
    payment, now = row.payment, view.clock.now()

    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    entries = _entries(view, row)
    into = sum(each.amount.minor for each in entries if each.debit is Account.DISPUTED_FUNDS)
    out = sum(each.amount.minor for each in entries if each.credit is Account.DISPUTED_FUNDS)
    return DisputeDetail(
        id=row.id,
        ref=row.ref,
        state=row.state,
        amount=money(row.amount),
        fee=Money(row.fee, row.fee_currency),
        held=money(into - out),
        reason=row.reason,
        due_by=row.due_by,
        is_late=row.ended_at is None and row.due_by is not None and row.due_by <= now,
        opened_at=row.opened_at,
        taken_at=row.taken_at,
        ended_at=row.ended_at,
        payment_id=payment.id,
        payment_label=payment.label,
        payment_ref=payment.provider_ref or "",
        page=page_of(view.agency.payments_kind(), payment.provider_ref),
        paid=money(payment.amount),
        paid_at=payment.ended_at or payment.created_at,
        sale_id=payment.sale_id,
        sale_reference=payment.sale.reference,
        traveller_name=payment.sale.traveller.name,
        bookings=tuple(
            DisputedBooking(
                part.booking_id,
                part.booking.reference,
                part.booking.trip.title,
                part.booking.state.value,
                money(part.amount),
            )
            for part in row.parts
            if part.amount
        ),
        entries=entries,
    )


_PAGES = {
    PaymentsKind.TEST: "https://dashboard.stripe.com/test/payments/",
    PaymentsKind.LIVE: "https://dashboard.stripe.com/payments/",
}


def page_of(kind: PaymentsKind | None, payment_ref: str | None) -> str:
    """The provider's page of a payment, where a dispute of it is answered."""
    base = "" if kind is None else _PAGES.get(kind, "")
    return f"{base}{payment_ref}" if base and payment_ref else ""


def _entries(view: Reading, row: Dispute) -> tuple[DisputeEntry, ...]:
    """What this dispute wrote, in its order; what is alike in one moment is added up. A payment that was disputed again
    has the entries of both: each is told those from its own beginning to that of the next."""
    found: dict[tuple[datetime, LedgerEvent, Account, Account, str], int] = {}
    all_of_it = list(view.disputes.find_by_payment_id(row.payment_id))
    place = [each.id for each in all_of_it].index(row.id)
    since = row.opened_at if place else None
    until = all_of_it[place + 1].opened_at if place + 1 < len(all_of_it) else None
    for entry in view.disputes.entries(row.payment_id):
        if entry.event not in OF_DISPUTES:
            continue
        if (since is not None and entry.at < since) or (until is not None and entry.at >= until):
            continue
        key = (entry.at, entry.event, entry.debit, entry.credit, entry.currency)
        found[key] = found.get(key, 0) + entry.amount
    return tuple(
        DisputeEntry(at, event, debit, credit, Money(amount, currency))
        for (at, event, debit, credit, currency), amount in found.items()
    )
