"""Statements that were issued, in the words of `views`; read within the caller's view."""

from __future__ import annotations

from datetime import datetime

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import LeftOut
from travellr_desktop.domain.permissions import Actor, vendor_scope
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.errors import NotFound
from travellr_desktop.services import keys
from travellr_desktop.services.statements.views import (
    Issuer,
    Outcome,
    Recipient,
    StatementDetail,
    StatementLineView,
)
from travellr_desktop.storage.models import Payout, Statement, StatementLine
from travellr_desktop.storage.uow import Reading


def own(actor: Actor, row: Statement | None) -> Statement:
    """The statement, where the actor may read it. Raises the same `NotFound` for another vendor's as for none."""
    scope = vendor_scope(actor)
    if row is None or scope not in (None, row.vendor_id):
        raise NotFound("There is no such statement.")
    return row


def detail_of(view: Reading, row: Statement) -> StatementDetail:
    """A statement that was read whole."""

    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    last = None if row.payout_id is None else view.statements.last_payout(row)
    outcome, outcome_at = _outcome(row, last)
    return StatementDetail(
        id=row.id,
        number=row.number,
        batch_id=row.batch_id,
        vendor_id=row.vendor_id,
        currency=row.currency,
        first=row.first,
        last=row.last,
        zone=row.zone,
        issued_at=row.issued_at,
        locale=row.locale,
        charges=money(row.charges),
        refunds=money(row.refunds),
        adjustments=money(row.adjustments),
        commission=money(row.commission),
        carried_in=money(row.carried_in),
        total=money(row.total),
        carried_out=money(row.carried_out),
        carried_from=row.carried_from,
        left_out=LeftOut(row.left_out) if row.left_out else None,
        minimum=None if row.minimum is None else money(row.minimum),
        bookings=row.bookings,
        seller=keys.from_json(Issuer, row.seller),
        recipient=keys.from_json(Recipient, row.vendor_data),
        outcome=outcome,
        outcome_at=outcome_at,
        payout=None if last is None else last.state,
        lines=tuple(_line(line, row.currency) for line in row.lines),
    )


def _outcome(row: Statement, last: Payout | None) -> tuple[Outcome | None, datetime | None]:
    """What became of its money: as it was written when its payout ended, but for one that failed and was tried again.
    That money came back later takes nothing of it away."""
    if last is None or not row.outcome:
        return None, None
    if last.retry_of is None or row.outcome == Outcome.PAID:
        return Outcome(row.outcome), row.outcome_at
    if last.state is PayoutState.FAILED:
        return Outcome.FAILED, row.outcome_at
    came = last.state in (PayoutState.PAID, PayoutState.REVERSED, PayoutState.RETURNED)
    return (Outcome.PAID, last.ended_at) if came else (None, None)


def _line(line: StatementLine, currency: str) -> StatementLineView:
    return StatementLineView(
        kind=line.kind,
        booking_id=line.booking_id,
        reference=line.reference,
        title=line.title,
        departs_at=line.departs_at,
        zone=line.zone,
        pax=line.pax,
        retail=Money(line.retail, currency),
        commission=Money(line.commission, currency),
        net=Money(line.net, currency),
    )
