"""What the demo agency has paid its vendors: batches of the weeks and months that are over, each prepared by a manager
and approved by the admin, and one of last week that waits.

It depends on the day at which the demonstration is made: the last week that is over is never paid yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4

from travellr_desktop.demo.vendor_terms import LICENCE_RAN_OUT, MINIMUM, NO_ACCOUNT, VendorsAsked
from travellr_desktop.domain.ledger.refunds import Bearer
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.earning import Whereabouts
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import PaymentState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import Refusal, WrongState
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.refund_asks import Beyond, RefundAsk
from travellr_desktop.services.registry import Services
from travellr_desktop.storage.repositories.lists_earnings import EarningListRow
from travellr_desktop.storage.uow import Database

Later = Callable[[datetime, Callable[[], None]], None]
WEEKS = 7
"""So many weeks that are over have a batch."""
_DISCARDED = 1
"""The batch of so many weeks before the last one was given up: the last one has what was in it."""

MOVED = "durmitor-high"
"""Whose account Stripe did not pay to for a day."""
NOT_READY = "camino-verde"
"""Whose account it does not pay to now."""
TAKEN_FROM = "herceg-sail"
"""Who bears what went back of a trip that was paid for."""
KEPT_OUT = "budva-divers"
WAITS = "Waits for the new papers of the compressor"
NOTE = "All licences compared with the originals"
COMPLAINT = "The engine ran all day, there was no sailing"

_AT = time(6, 30)  # UTC: a Monday morning
_ALL = 5_000
_OPEN = (Whereabouts.HOLDBACK, Whereabouts.AVAILABLE)
_WANTS = ("company.tax_id",)
_ADJUSTED = (
    ("plava-boka", 4_500, "Diesel for the school's regatta, agreed by phone"),
    ("durmitor-high", -3_000, "Two helmets of ours did not come back"),
    ("savoie-sommet", 8_600, "Shuttle for guests while the pass was closed"),
    ("shkodra-alps", 6_400, "Ferry tickets paid for our group"),
)


@dataclass
class PaidOut:
    """Does it through the services. `manager` prepares and sends, `second` approves."""

    services: Services
    database: Database
    sandbox: SandboxControl
    asked: VendorsAsked
    manager: Actor
    second: Actor

    def plan(self, opened: datetime, now: datetime, later: Later) -> None:
        """Have it done, up to `now`."""
        monday = datetime.combine(now.date() - timedelta(days=now.weekday()), _AT, tzinfo=now.tzinfo)
        if monday > now:
            monday -= timedelta(days=7)
        for before in range(min(WEEKS, (monday - opened).days // 7) - 1, 0, -1):
            act = (
                self._give_up
                if before == _DISCARDED
                else partial(self._pay, BatchKind.WEEKLY, later, before == _DISCARDED + 1)
            )
            later(monday - timedelta(weeks=before), act)
        for first in _months(opened.date(), now.date()):
            later(
                datetime.combine(first, _AT, tzinfo=now.tzinfo) + timedelta(hours=1),
                partial(self._pay, BatchKind.MONTHLY, later, False),
            )
        later(monday - timedelta(days=4), self._adjust)
        later(monday - timedelta(days=3), self._take_from_one)
        later(monday - timedelta(days=2), partial(self._account, NOT_READY, wants=_WANTS))
        # on a Tuesday; on a Monday right before now
        draft = min(monday + timedelta(hours=27), now - timedelta(minutes=30))
        later(draft - timedelta(hours=2), self._dispute)
        later(draft, self._draft)

    # a batch that is paid

    def _pay(self, kind: BatchKind, later: Later, one_fails: bool) -> None:
        payouts, now = self.services.payouts, self.services.clock.now()
        try:
            batch = payouts.prepare(self.manager, kind)
        except WrongState:  # nothing has become free
            return
        later(now + timedelta(hours=1), partial(self._approve, batch, later, one_fails))

    def _approve(self, batch: UUID, later: Later, one_fails: bool) -> None:
        payouts, now = self.services.payouts, self.services.clock.now()
        payouts.approve(self.second, batch, seen=payouts.dry_run(self.second, batch).digest)
        if one_fails:
            self._account(MOVED, wants=_WANTS)
        try:
            report = self.services.payout_runs.run(self.manager, batch)
        except WrongState:  # all of it goes by the bank
            failed: Sequence[UUID] = ()
        else:
            failed = [each.id for each in report.failures]
        if one_fails:
            later(now + timedelta(hours=26), partial(self._again, failed))
        files = self.services.bank_files
        for each in files.of_batch(self.manager, batch).to_make:
            made = files.make(self.manager, batch, each.total.currency).file
            if made is not None:
                later(now + timedelta(hours=20), partial(self._arrived, made.id))

    def _arrived(self, file: UUID) -> None:
        """The bank has it."""
        self.services.bank_files.arrived(self.manager, file)

    def _again(self, failed: Sequence[UUID]) -> None:
        """The vendor has told Stripe what it wanted."""
        self._account(MOVED)
        for payout in failed:
            self.services.payout_runs.retry(self.manager, payout)

    def _account(self, code: str, wants: tuple[str, ...] = ()) -> None:
        if code in self.asked.accounts:
            self.sandbox.change_account(self.asked.accounts[code], past_due=wants)

    # the one that waits

    def _adjust(self) -> None:
        for code, minor, reason in _ADJUSTED:
            if code in self.asked.ids:
                draft = AdjustmentDraft(self.asked.ids[code], Money(minor, "EUR"), reason)
                self.services.adjustments.adjust(self.manager, draft, key=uuid4())

    def _take_from_one(self) -> None:
        """Half of a trip that its vendor was paid for goes back at their cost: more than they have to come."""
        if TAKEN_FROM not in self.asked.ids:
            return
        name = self.asked.names[TAKEN_FROM]
        paid = (line for line in self._lines() if line.vendor == name and line.place is Whereabouts.PAID)
        for line, _ in self._by_card(paid):
            back = Beyond(Money(line.share.minor // 2, line.share.currency), Bearer.VENDOR)
            assert line.booking_id is not None
            ask = RefundAsk((line.booking_id,), beyond=back, reason=COMPLAINT)
            try:
                shown = self.services.refunds.preview(self.manager, ask)
                self.services.refunds.request(self.manager, ask, shown.back, key=uuid4())
            except Refusal:  # disputed, or given back already
                continue
            return

    def _dispute(self) -> None:
        """A bank takes back what was paid for the only booking that somebody would be paid for."""
        out = {self.asked.names.get(code) for code in (NO_ACCOUNT, LICENCE_RAN_OUT, NOT_READY, KEPT_OUT)}
        lines = [line for line in self._lines() if line.place in _OPEN and line.share.currency == "EUR"]
        count = Counter(line.vendor for line in lines)
        alone = (
            line
            for line in lines
            if count[line.vendor] == 1 and line.vendor not in out and line.share.minor >= MINIMUM
        )
        for _, ref in self._by_card(alone):
            self.sandbox.open_dispute(ref, inquiry=False, reason="product_unacceptable")
            self.services.listening.poll()
            return

    def _lines(self) -> list[EarningListRow]:
        """All there are, the first trips first."""
        with closing(self.services.lists.earnings(self.manager, ListQuery(sort="departs"))) as found:
            return list(found.first(_ALL))

    def _by_card(self, lines: Iterable[EarningListRow]) -> Iterator[tuple[EarningListRow, str]]:
        """Those of bookings that were paid by one card, whole; with the payment at the provider."""
        for line in lines:
            if line.booking_id is None or line.share.minor <= 0:
                continue
            with self.database.read() as view:
                payments = view.payments.find_by_booking_id(line.booking_id)
                ways = {(each.way, each.state) for each in payments}
                refs = [each.provider_ref for each in payments if each.provider_ref is not None]
            if ways == {(Way.CARD, PaymentState.COMPLETED)} and len(refs) == 1:
                yield line, refs[0]

    def _give_up(self) -> None:
        """Mira was away, and last week's batch has these days too."""
        with suppress(WrongState):
            self.services.payouts.discard(
                self.manager, self.services.payouts.prepare(self.manager, BatchKind.WEEKLY)
            )

    def _draft(self) -> None:
        payouts = self.services.payouts
        try:
            batch = payouts.prepare(self.manager, BatchKind.WEEKLY)
        except WrongState:
            return
        if KEPT_OUT in self.asked.ids:
            payouts.leave_out(self.manager, batch, self.asked.ids[KEPT_OUT], WAITS)
        payouts.give_in(self.manager, batch, NOTE)
        week = payouts.dry_run(self.manager, batch).batch
        self.services.matching.match(self.manager, week.first, week.last)


def _months(opened: date, today: date) -> Iterator[date]:
    """The first days of the months after the one of `opened`, up to today."""
    day = opened
    while (day := (day.replace(day=1) + timedelta(days=32)).replace(day=1)) <= today:
        yield day
