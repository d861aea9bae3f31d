"""Issuing statements, within the transaction that approves a batch.

What a statement says is written down whole: the words of its lines, the agency and the vendor as they are then. So it
says the same whatever is renamed, moved or refunded later, and nothing but the end of its payout is ever added to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.statement import Item, figures, items
from travellr_desktop.domain.payouts.words import LeftOut, LineKind
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.services import keys
from travellr_desktop.services.paper_words import PaperWords
from travellr_desktop.services.statements.views import Issuer, Recipient, StatementRef
from travellr_desktop.services.typeset import template_words
from travellr_desktop.storage.models import PayoutBatch, Vendor
from travellr_desktop.storage.repositories.statements import (
    NewStatement,
    NewStatementEntry,
    NewStatementLine,
    SharedLine,
)
from travellr_desktop.storage.uow import UnitOfWork

SERIES = "ST"
"""Of their numbers: `ST-2026-000107`."""

_ORDER = (LineKind.NORMAL, LineKind.REVERSED, LineKind.RETURNED, LineKind.ADJUSTMENT)
_WHY = {
    LedgerEvent.NO_SHOW: "no_show",
    LedgerEvent.KEPT: "kept",
    LedgerEvent.REFUND_APPROVED_AFTER_TRIP: "refunded",
    LedgerEvent.GOODWILL: "goodwill",
    LedgerEvent.DISPUTE_LOST: "dispute_lost",
    LedgerEvent.REVERSAL: "corrected",
}
"""The words for what a booking's line is about, where it is not simply the trip."""
_BACK = {
    LedgerEvent.PAYOUT_FAILED: "payout_failed",
    LedgerEvent.TRANSFER_REVERSED: "transfer_reversed",
    LedgerEvent.PAYOUT_RETURNED: "payout_returned",
}

_CARRIED_ON, _CARRIED_OVER = "carried_on", "carried_over"
"""Of what is less than the provider pays: on the statement that it leaves, and on the next."""

_Key = tuple[UUID, str]  # a vendor, a currency


@dataclass(frozen=True, slots=True)
class ToTell:
    """A vendor and currency in a batch that is being approved. `ledger_ids` are the open lines that the batch takes in,
    those that stood on an earlier statement too. With `payout_id`, all of them are paid by it to `account`; without,
    all are carried forward, because of `left_out`. `minimum` is what was asked for to be paid, in minor units."""

    vendor_id: UUID
    currency: str
    ledger_ids: tuple[UUID, ...]
    payout_id: UUID | None = None
    account: str = ""
    left_out: LeftOut | None = None
    minimum: int | None = None

    @property
    def key(self) -> _Key:
        return self.vendor_id, self.currency


def issue(
    work: UnitOfWork, batch: PayoutBatch, wanted: Sequence[ToTell], *, locale: str, sandbox: bool
) -> Mapping[_Key, StatementRef]:
    """Issue the statements of a batch, in the order of `wanted`: each takes the next number of this desk and of the
    agency's year. The payouts are written before. Whoever has nothing new and is not paid gets none."""
    work.flush()
    shared: dict[_Key, list[SharedLine]] = defaultdict(list)
    for line in work.statements.shared(each for told in wanted for each in told.ledger_ids):
        shared[line.vendor_id, line.currency].append(line)
    telling = [
        told
        for told in wanted
        if told.payout_id is not None or any(not line.share.carried for line in shared[told.key])
    ]
    if not telling:
        return {}
    press = _Press(work, batch, telling, locale=locale, sandbox=sandbox)
    for told in telling:
        press.write(told, shared[told.key])
    work.statements.add(press.statements, press.lines, press.entries)
    return {(row.vendor_id, row.currency): StatementRef(row.id, row.number) for row in press.statements}


class _Press:
    """Makes the rows of the statements of one batch."""

    def __init__(
        self,
        work: UnitOfWork,
        batch: PayoutBatch,
        telling: Sequence[ToTell],
        *,
        locale: str,
        sandbox: bool,
    ) -> None:
        agency, desk = work.agency.get(), work.agency.this_desk()
        self._now, self._batch, self._locale = work.now, batch, locale
        self._zone = agency.zone
        self._words = PaperWords(template_words(locale, "statement"), locale)
        self._issuer: dict[str, Any] = keys.to_json(
            Issuer(
                name=agency.name,
                desk=desk.name,
                legal=agency.legal,
                address=agency.address,
                country=agency.country,
                tax_number=agency.tax_number,
                registration=agency.registration,
                contact=agency.contact,
                sandbox=sandbox,
            )
        )
        ids = {told.vendor_id for told in telling}
        self._vendors = work.statements.vendors(ids)
        self._newest = work.statements.newest(ids)
        year = work.now.astimezone(zone_of(agency.zone)).year
        self._numbers = iter(work.selling.take_numbers(work.desk_id, year, {SERIES: len(telling)})[SERIES])
        self.statements: list[NewStatement] = []
        self.lines: list[NewStatementLine] = []
        self.entries: list[NewStatementEntry] = []

    def write(self, told: ToTell, shared: Sequence[SharedLine]) -> None:
        found = figures(line.share for line in shared)
        carried_from, carried_before = self._newest.get(told.key, ("", 0))
        statement = NewStatement(
            id=new_id(),
            number=next(self._numbers),
            batch_id=self._batch.id,
            vendor_id=told.vendor_id,
            payout_id=told.payout_id,
            currency=told.currency,
            first=self._batch.first,
            last=self._batch.last,
            cutoff_at=self._batch.cutoff_at,
            zone=self._batch.zone,
            issued_at=self._now,
            locale=self._locale,
            charges=found.charges,
            refunds=found.refunds,
            adjustments=found.adjustments,
            commission=found.commission,
            carried_in=found.carried_in,
            total=found.total,
            carried_out=found.carried_out(paid=told.payout_id is not None),
            carried_from=carried_from,
            left_out="" if told.left_out is None else told.left_out.value,
            minimum=told.minimum,
            bookings=found.bookings,
            seller=self._issuer,
            vendor_data=keys.to_json(
                _recipient(
                    self._vendors[told.vendor_id], told.account, self._batch.reference, shared, carried_before
                )
            ),
        )
        self.statements.append(statement)
        behind = {line.share.entry_id: line for line in shared}
        drafted = [(item, behind[item.entry_ids[0]]) for item in items(line.share for line in shared)]
        drafted.sort(key=_place)
        for position, (item, line) in enumerate(drafted, 1):
            self.lines.append(self._line(statement.id, position, item, line))
            self.entries += [NewStatementEntry(new_id(), statement.id, each) for each in item.entry_ids]

    def _line(self, statement_id: UUID, position: int, item: Item, line: SharedLine) -> NewStatementLine:
        of_booking = item.booking_id is not None
        return NewStatementLine(
            id=new_id(),
            statement_id=statement_id,
            position=position,
            kind=item.kind,
            booking_id=item.booking_id,
            reference=line.reference if of_booking else line.statement,
            title=self._title(item, line),
            departs_at=line.departs_at,
            zone=line.zone,
            pax=line.pax,
            retail=item.retail,
            commission=item.commission,
            net=item.net,
        )

    def _title(self, item: Item, line: SharedLine) -> str:
        """The trip, and why where that is not plain; what has no booking, with its day, which stands first so that
        words from right to left do not turn it round."""
        words = self._words
        if item.booking_id is not None:
            why = _WHY.get(item.event)
            return line.title if why is None else f"{line.title} · {words(why)}"
        day = words.date("short_date", line.at.astimezone(zone_of(self._zone)))
        return f"{day} · {line.reason or words(_about(item))}"


def _about(item: Item) -> str:
    """The words for a line that has neither booking nor reason."""
    if item.event is LedgerEvent.PAYOUT_ROUNDED:
        return _CARRIED_ON if item.retail < 0 else _CARRIED_OVER
    return _BACK.get(item.event, "adjusted")


def _recipient(
    vendor: Vendor, account: str, batch: str, shared: Iterable[SharedLine], carried_before: int
) -> Recipient:
    rates = {
        line.commission_bps for line in shared if line.share.booking_id is not None and not line.share.carried
    }
    return Recipient(
        name=vendor.name,
        legal=vendor.legal,
        address=vendor.address,
        country=vendor.country,
        tax_number=vendor.tax_number,
        account=account,
        batch=batch,
        commission_bps=rates.pop() if len(rates) == 1 else None,
        carried_before=carried_before,
    )


def _place(drafted: tuple[Item, SharedLine]) -> tuple[int, datetime, str, datetime, UUID]:
    """What was earned comes first, then what went back, what came back, what was written by hand; by departure."""
    item, line = drafted
    return (
        _ORDER.index(item.kind),
        line.departs_at or line.at,
        line.reference,
        line.at,
        line.share.entry_id,
    )
