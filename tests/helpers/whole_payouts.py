"""A row in every table of payouts, statements and vendors' terms, written as the program would write them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from helpers.desk import Desk
from travellr_desktop.domain import ledger
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind, LeftOut, LineKind, PayoutWay, VendorPaper
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BatchState, PayoutState, TakeBackState, advance
from travellr_desktop.services import posting
from travellr_desktop.storage import models as m
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import UnitOfWork

AMOUNT = Money(5_000, "EUR")
FIRST, LAST = date(2026, 6, 8), date(2026, 6, 14)


def add_payouts(desk: Desk) -> None:
    """One batch of one vendor: adjusted, paid by a transfer, a part of it taken back; a file that nobody sent."""
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        vendor = work.vendors.names()[0].id
        approver = next(iter(work.users.find_all()[0])).id
        line = _adjusted(work, vendor)
        batch = _batch(work, vendor, approver)
        payout = _payout(work, batch, vendor, line)
        _statement(work, batch, payout, vendor, line)
        _terms(work, vendor)
        _sent(work, payout)
        _add(work, _taken_back(work, payout))
        work.commit()


def _add(work: UnitOfWork, *rows: object) -> None:
    for row in rows:
        work.session.add(row)
        work.session.flush()


def _adjusted(work: UnitOfWork, vendor: UUID) -> UUID:
    entry = Entry(
        LedgerEvent.VENDOR_ADJUSTED,
        Account.VENDOR_ADJUSTMENTS,
        Account.VENDOR_PAYABLE,
        AMOUNT,
        vendor_id=vendor,
        available_at=work.now,
    )
    (line,) = posting.post(work, (entry,))
    _add(
        work,
        m.VendorAdjustment(
            vendor_id=vendor,
            ledger_id=line,
            currency=AMOUNT.currency,
            amount=AMOUNT.minor,
            reason="Fuel of the regatta",
            at=work.now,
        ),
    )
    return line


def _batch(work: UnitOfWork, vendor: UUID, approver: UUID) -> m.PayoutBatch:
    batch = m.PayoutBatch(
        reference="PB-2026-000001",
        kind=BatchKind.WEEKLY,
        zone="Europe/Podgorica",
        first=FIRST,
        last=LAST,
        cutoff_at=work.now,
        created_at=work.now,
    )
    _add(work, batch)
    _add(
        work,
        m.BatchExclusion(batch_id=batch.id, vendor_id=vendor, reason="Asked", at=work.now, ended_at=work.now),
    )
    batch.state = advance(batch.state, BatchState.APPROVED)
    batch.approved_at, batch.approved_by = work.now, approver
    _add(
        work,
        m.BatchLeftOut(
            batch_id=batch.id, vendor_id=vendor, currency="USD", amount=-1, reason=LeftOut.NEGATIVE
        ),
        m.BankFile(
            batch_id=batch.id,
            message_id="PB-2026-000001-EUR",
            form="csv",
            currency="EUR",
            total=1,
            count=1,
            execute_on=LAST,
            content="",
            made_at=work.now,
        ),
    )
    return batch


def _payout(work: UnitOfWork, batch: m.PayoutBatch, vendor: UUID, line: UUID) -> m.Payout:
    key = new_id()
    payout = m.Payout(
        id=key,
        batch_id=batch.id,
        vendor_id=vendor,
        currency=AMOUNT.currency,
        amount=AMOUNT.minor,
        way=PayoutWay.TRANSFER,
        label="NLB ••8812",
        account_ref="acct_whole",
        root_id=key,
        created_at=work.now,
    )
    _add(work, payout)
    _add(work, m.PayoutLine(payout_id=payout.id, ledger_id=line))
    return payout


def _sent(work: UnitOfWork, payout: m.Payout) -> None:
    sending = ledger.payout_sending_entry(AMOUNT, vendor_id=payout.vendor_id)
    sent = ledger.payout_sent_entry(AMOUNT, out_of=Account.STRIPE, vendor_id=payout.vendor_id)
    for entry, state in ((sending, PayoutState.SENDING), (sent, PayoutState.PAID)):
        payout.state = advance(payout.state, state)
        (row,) = posting.post(work, (entry,))
        _add(work, m.PayoutEntry(payout_id=payout.id, ledger_id=row))
    payout.provider_ref, payout.ended_at = "tr_whole", work.now
    attempt = m.PayoutAttempt(
        payout_id=payout.id, action="send", key=f"payout-{payout.id}-1", at=work.now, outcome="paid"
    )
    _add(work, attempt)


def _taken_back(work: UnitOfWork, payout: m.Payout) -> m.TakeBack:
    return m.TakeBack(
        payout_id=payout.id,
        amount=1,
        currency=payout.currency,
        state=TakeBackState.FAILED,
        reason="Twice",
        created_at=work.now,
    )


def _statement(work: UnitOfWork, batch: m.PayoutBatch, payout: m.Payout, vendor: UUID, line: UUID) -> None:
    statement = m.Statement(
        number="ST-2026-000001",
        batch_id=batch.id,
        vendor_id=vendor,
        payout_id=payout.id,
        currency=AMOUNT.currency,
        first=FIRST,
        last=LAST,
        cutoff_at=work.now,
        zone=batch.zone,
        issued_at=work.now,
        locale="en_GB",
        **dict.fromkeys(("charges", "refunds", "commission", "carried_in", "carried_out", "bookings"), 0),
        adjustments=AMOUNT.minor,
        total=AMOUNT.minor,
        seller={},
        vendor_data={},
    )
    _add(work, statement)
    _add(
        work,
        m.StatementLine(
            statement_id=statement.id,
            position=1,
            kind=LineKind.ADJUSTMENT,
            reference="",
            title="Fuel of the regatta",
            retail=AMOUNT.minor,
            commission=0,
            net=AMOUNT.minor,
        ),
        m.StatementEntry(statement_id=statement.id, ledger_id=line),
    )


def _terms(work: UnitOfWork, vendor: UUID) -> None:
    _add(
        work,
        m.CommissionRate(vendor_id=vendor, bps=1_500, from_day=FIRST, created_at=work.now),
        m.VendorDocument(vendor_id=vendor, kind=VendorPaper.LICENCE, received_on=FIRST, created_at=work.now),
    )
