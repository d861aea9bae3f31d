"""Vendors who are owed money, and approved batches that pay them, made of bookings that were sold and completed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from helpers.clock import HandClock
from helpers.desk import CARD, Desk
from helpers.raw import rows
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.payouts.words import BatchKind, PayoutWay
from travellr_desktop.domain.states import BatchState, PayoutState
from travellr_desktop.payments.gateway import TransferRequest
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.payouts import standing
from travellr_desktop.services.payouts.paying import group_of
from travellr_desktop.services.payouts.preparing import SERIES
from travellr_desktop.services.payouts.running import PayoutRunService
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.statements import making
from travellr_desktop.services.statements.making import ToTell
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import (
    Payout,
    PayoutBatch,
    PayoutLine,
    VendorLine,
)
from travellr_desktop.storage.uow import UnitOfWork

PLENTY = date(2027, 5, 1)
SHARE = 7650
"""What the vendor has of two adults at 45.00 each, less the commission of 15 %."""


@dataclass(frozen=True)
class Owed:
    """A vendor with one booking that was completed, and their account with the provider."""

    vendor_id: UUID
    account: str
    booking_id: UUID


def owed(desk: Desk, *names: str, pay: PayChoice = CARD, travelled: bool = True) -> list[Owed]:
    """Vendors of these names, each with a booking of 90.00 that was taken; the clock goes on until all is free to be
    paid. Without `travelled` nothing is completed, and the clock stays."""
    made, departures = [], []
    for name in names:
        vendor_id = desk.services.vendors.create(desk.admin, VendorDraft(name, commission_bps=1500))
        with desk.sandbox() as sandbox:
            account = sandbox.open_account(name)
        paid_to(desk, vendor_id, account)
        day = (desk.clock.now() + timedelta(days=16)).date()
        departure = desk.add_departure(desk.add_trip(f"By {name}", vendor_id=vendor_id), day=day)
        departures.append(departure)
        made.append(Owed(vendor_id, account, desk.sold(departure, adult=2, pay=pay).bookings[0].id))
    if travelled:
        clock = desk.clock
        assert isinstance(clock, HandClock)
        clock.forward(timedelta(days=30))
        for departure in departures:
            desk.services.bookings.complete(desk.admin, departure)
    return made


def plenty(desk: Desk, times: int = 1) -> None:
    """More is with the provider than any vendor is owed, by so many sales of 4,500.00: what is sent twice is not
    stopped for want of money."""
    for number in range(times):
        day = PLENTY + timedelta(days=number)
        desk.sold(desk.add_departure(capacity=100, day=day), adult=100, pay=CARD)


def paid_to(desk: Desk, vendor_id: UUID, account: str | None) -> None:
    """From now on a vendor is paid to that account with the provider."""
    with desk.database.write(Commit.VENDOR_TERMS_SAVE, desk.admin) as work:
        vendor = work.vendors.get(vendor_id)
        vendor.account_ref, vendor.payout_way = account, None if account is None else PayoutWay.TRANSFER
        work.vendors.update(vendor)
        work.commit()


def approved(desk: Desk, vendors: Sequence[UUID] | None = None) -> UUID:
    """A batch of all that is open and free, of those vendors or of all, approved by a second person."""
    with desk.database.write(Commit.BATCH_APPROVE, desk.admin) as work:
        batch = _batch(work, desk)
        lines: dict[tuple[UUID, str], list[VendorLine]] = defaultdict(list)
        query = select(VendorLine).where(VendorLine.payout_id.is_(None), VendorLine.free_at <= work.now)
        for line in work.session.scalars(query.order_by(VendorLine.ledger_id)):
            lines[line.vendor_id, line.currency].append(line)
        wanted = []
        for (vendor_id, currency), found in lines.items():
            amount = sum(line.amount for line in found)
            if amount > 0 and (vendors is None or vendor_id in vendors):
                wanted.append(_payout(work, batch, vendor_id, currency, amount, found))
        making.issue(work, batch, wanted, locale="en_GB", sandbox=True)
        work.commit()
        return batch.id


def _batch(work: UnitOfWork, desk: Desk) -> PayoutBatch:
    day = work.now.date()
    batch = PayoutBatch(
        reference=work.selling.take_numbers(work.desk_id, day.year, {SERIES: 1})[SERIES][0],
        kind=BatchKind.EXTRA,
        zone="Europe/Podgorica",
        first=day,
        last=day,
        cutoff_at=work.now,
        created_at=work.now,
        created_by=desk.agent.user_id,
        prepared_by=desk.agent.user_id,
    )
    work.session.add(batch)
    work.flush()
    batch.state, batch.approved_at, batch.approved_by = BatchState.APPROVED, work.now, desk.admin.user_id
    work.flush()
    return batch


def _payout(
    work: UnitOfWork,
    batch: PayoutBatch,
    vendor_id: UUID,
    currency: str,
    amount: int,
    lines: Sequence[VendorLine],
) -> ToTell:
    """What its statement has to tell."""
    vendor, payout_id = work.vendors.get(vendor_id), new_id()
    work.session.add(
        Payout(
            id=payout_id,
            batch_id=batch.id,
            vendor_id=vendor_id,
            currency=currency,
            amount=amount,
            way=vendor.payout_way or PayoutWay.TRANSFER,
            label=vendor.name,
            account_ref=vendor.account_ref,
            iban=vendor.iban or None,
            bic=vendor.bic or None,
            holder=vendor.holder or None,
            root_id=payout_id,
            created_at=work.now,
        )
    )
    work.flush()
    ids = tuple(line.ledger_id for line in lines)
    work.session.add_all(PayoutLine(payout_id=payout_id, ledger_id=each) for each in ids)
    work.flush()
    return ToTell(vendor_id, currency, ids, payout_id, vendor.name)


# how it stands


def runs(desk: Desk) -> PayoutRunService:
    return desk.services.payout_runs


def payouts(desk: Desk, batch_id: UUID | None = None) -> list[Payout]:
    """In the order in which they were made."""
    with desk.database.read() as view:
        query = select(Payout).order_by(Payout.id)
        return [row for row in view.session.scalars(query) if batch_id in (None, row.batch_id)]


def payout_of(desk: Desk, vendor_id: UUID) -> Payout:
    """The newest of a vendor."""
    return [row for row in payouts(desk) if row.vendor_id == vendor_id][-1]


def states(desk: Desk, batch_id: UUID | None = None) -> Counter[PayoutState]:
    return Counter(row.state for row in payouts(desk, batch_id))


def batch_state(desk: Desk, batch_id: UUID) -> BatchState:
    with desk.database.read() as view:
        return view.payouts.batch(batch_id).state


def open_lines(desk: Desk, vendor_id: UUID) -> int:
    """What of a vendor's lines no payout pays, in minor units."""
    with desk.database.read() as view:
        query = select(VendorLine).where(VendorLine.vendor_id == vendor_id, VendorLine.payout_id.is_(None))
        return sum(line.amount for line in view.session.scalars(query))


def at(desk: Desk, account: Account, vendor_id: UUID | None = None, currency: str = "EUR") -> int:
    """What stands on an account, debits above zero."""
    with desk.database.read() as view:
        of = {} if vendor_id is None else {"vendor_id": vendor_id}
        return view.ledger.balance(account, currency, **of)


# the invariant


def not_once(desk: Desk) -> list[str]:
    """The invariant of sending: the provider has one transfer of what is paid here, of just its amount and to the
    account of its vendor, none of what failed, and nothing else; what is in transit is what is not settled. Says what
    does not hold."""
    query = "SELECT json_extract(metadata, '$.payout_id'), destination, amount FROM transfers"
    sent: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for payout, account, amount in rows(desk.profile.sandbox, query):  # the provider's own count
        sent[str(payout)].append((str(account), int(amount)))
    wrong, in_transit = [], 0
    for row in payouts(desk):
        found = sent.pop(str(row.id), [])
        if row.state in (PayoutState.PAID, PayoutState.REVERSED):
            wrong += [f"paid by {found}"] if found != [(row.account_ref, row.amount)] else []
        elif row.state in (PayoutState.APPROVED, PayoutState.FAILED):
            wrong += [f"{row.state}, and sent {found}"] if found else []
        else:
            in_transit += row.amount
            wrong += [f"{row.state}, and sent {found}"] if len(found) > 1 else []
    wrong += [f"not ours: {payout}" for payout in sent]
    there = -at(desk, Account.PAYOUTS_IN_TRANSIT)
    return wrong + ([f"{there} in transit, {in_transit} not settled"] if there != in_transit else [])


def arm(desk: Desk, operation: Operation, kind: FaultKind, *, for_good: bool = False) -> None:
    """The next call of it meets the fault; `for_good` all, until `disarm`."""
    with desk.sandbox() as sandbox:
        sandbox.arm(operation, kind, until_disarmed=for_good)


def disarm(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.disarm()


def send_naively(desk: Desk, payout_id: UUID) -> None:
    """The negative control: who sends first, under a key of its own each time, and writes down afterwards."""
    with desk.database.read() as view:
        row = view.payouts.get(payout_id)
    assert row.account_ref is not None
    request = TransferRequest(row.id, row.account_ref, standing.money_of(row), group_of(row.root_id))
    status = desk.program.gateway.create_transfer(request, key=str(new_id()))
    with desk.database.write(Commit.PAYOUT_RECORD, desk.admin) as work:
        row = work.payouts.get_full(payout_id)
        row.provider_ref, row.first_sent_at = status.ref, work.now
        standing.sending(work, row)
        standing.paid(work, row)
        work.commit()
