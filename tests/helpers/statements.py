"""Short ways to statements in tests: trips that were done, a batch of all that is free, what it tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from helpers.clock import HandClock
from helpers.desk import CASH, PASSWORD, Desk
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, PayoutWay
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.domain.states import BatchState
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.statements import making
from travellr_desktop.services.statements.making import ToTell
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.services.users import NewUser
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Payout, PayoutBatch, PayoutLine, VendorLine
from travellr_desktop.storage.uow import UnitOfWork

ACCOUNT = "NLB ••8812"
FIRST, LAST = date(2026, 7, 1), date(2026, 7, 31)


def done(desk: Desk, *departures: UUID) -> None:
    """The clock goes on until these have been and all of them is free to be paid, and they are completed."""
    clock = desk.clock
    assert isinstance(clock, HandClock)
    clock.forward(timedelta(days=30))
    for departure in departures:
        desk.services.bookings.complete(desk.admin, departure)


def travelled(
    desk: Desk, trip: str = "Blue Cave and Perast", *, pay: PayChoice = CASH, adult: int = 2, child: int = 0
) -> UUID:
    """A booking that was paid and travelled."""
    departure = desk.add_departure(desk.trips[trip], day=desk.clock.now().date() + timedelta(days=5))
    booking = desk.sold(departure, pay=pay, adult=adult, child=child).bookings[0].id
    done(desk, departure)
    return booking


def told(
    desk: Desk, *, pays: bool | Collection[UUID] = True, left_out: LeftOut = LeftOut.BELOW_MINIMUM
) -> list[StatementDetail]:
    """A batch of all that is open and free, approved by a second person: its statements, in the order of their
    numbers. Vendors that it does not pay, or that are owed nothing, are left out."""
    with desk.database.write(Commit.BATCH_APPROVE, desk.admin) as work:
        batch = _batch(work, desk)
        open_lines: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
        sums: dict[tuple[UUID, str], int] = defaultdict(int)
        query = select(VendorLine).where(VendorLine.payout_id.is_(None), VendorLine.free_at <= work.now)
        for line in work.session.scalars(query.order_by(VendorLine.ledger_id)):
            open_lines[line.vendor_id, line.currency].append(line.ledger_id)
            sums[line.vendor_id, line.currency] += line.amount
        wanted = []
        for key, ids in open_lines.items():
            paid = pays if isinstance(pays, bool) else key[0] in pays
            if paid and sums[key] > 0:
                payout = _payout(work, batch, key, sums[key], ids)
                wanted.append(ToTell(*key, tuple(ids), payout, ACCOUNT, minimum=5_000))
            else:
                why = LeftOut.NEGATIVE if sums[key] < 0 else left_out
                wanted.append(ToTell(*key, tuple(ids), left_out=why, minimum=5_000))
        issued = making.issue(work, batch, wanted, locale="en_GB", sandbox=True)
        work.commit()
    return [desk.services.statements.detail(desk.admin, ref.id) for ref in issued.values()]


def _batch(work: UnitOfWork, desk: Desk) -> PayoutBatch:
    number = work.selling.take_numbers(work.desk_id, 2026, {"PB": 1})["PB"][0]
    batch = PayoutBatch(
        reference=number,
        kind=BatchKind.EXTRA,
        zone="Europe/Podgorica",
        first=FIRST,
        last=LAST,
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
    work: UnitOfWork, batch: PayoutBatch, key: tuple[UUID, str], amount: int, ids: list[UUID]
) -> UUID:
    payout = Payout(
        id=new_id(),
        batch_id=batch.id,
        vendor_id=key[0],
        currency=key[1],
        amount=amount,
        way=PayoutWay.TRANSFER,
        label=ACCOUNT,
        created_at=work.now,
    )
    payout.root_id = payout.id
    work.session.add(payout)
    work.flush()
    work.session.add_all(PayoutLine(payout_id=payout.id, ledger_id=each) for each in ids)
    work.flush()
    return payout.id


def vendors_person(desk: Desk, vendor_id: UUID | None = None, name: str = "Nikola") -> Actor:
    """Somebody who signs in for a vendor."""
    draft = NewUser(
        name, f"{name.lower()}@travellr.example", PASSWORD, Role.VENDOR, vendor_id or desk.vendor_id
    )
    row = desk.services.users.register(desk.admin, draft)
    return Actor(row.id, row.name, row.role, row.vendor_id)


def another(desk: Desk, name: str = "Zanzibar Tours", trip: str = "Zanzibar by boat") -> UUID:
    """Another vendor, with a trip that was travelled."""
    vendor = desk.services.vendors.create(desk.admin, VendorDraft(name, commission_bps=1500))
    desk.add_trip(trip, vendor_id=vendor)
    travelled(desk, trip)
    return vendor
