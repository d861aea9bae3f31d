"""Hearing what happens at the provider, in turns: nothing can be sent to a desk.

    events(after=…)      what came since the cursor, and some minutes before it once more
    commit               those that are new, and the cursor
    read again           the payment, link, refund, dispute or transfer that each is about
    commit               that they are done

An event is only a reason to read its object, so hearing one twice, late or out of order changes nothing. The new ones
are in the file before the cursor moves: whoever dies in between hears them again, whoever dies afterwards finds them
there. What cannot be read now is read later, and keeps nobody waiting.

The provider forgets events after thirty days. Whoever comes after that, and who listens for the first time, reads
everything that may have moved instead.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import is_open
from travellr_desktop.errors import NotFound, Refusal, StorageRefusal
from travellr_desktop.payments.gateway import (
    EventSubject,
    GatewayRefused,
    GatewayUnreachable,
    PaymentGateway,
    ProviderEvent,
    turn_from,
)
from travellr_desktop.services import pinning, waiting
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.disputing import Disputing, Noted
from travellr_desktop.services.payouts.paying import Paying
from travellr_desktop.services.payouts.taking_back import TakingBack
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import EventCursor, Payment, ProviderEventRow
from travellr_desktop.storage.uow import Database, Reading

log = logging.getLogger(__name__)

SUBJECTS = frozenset(
    {
        EventSubject.PAYMENT,
        EventSubject.LINK,
        EventSubject.REFUND,
        EventSubject.DISPUTE,
        EventSubject.TRANSFER,
    }
)
REMEMBERED = timedelta(hours=24)
"""How long an event is known that was done."""

KEPT_THERE = timedelta(days=29)
"""After how long without an answer events are not relied on: the provider keeps them a day longer."""

COMES_BACK = timedelta(days=30)
"""How long after it arrived a refund may be sent back by the bank."""

FIRST = timedelta(hours=1)
"""How far back the first turn goes: the provider's clock may be behind ours."""

TAKEN_BACK = timedelta(days=90)
"""How long after it arrived a transfer to a vendor is looked at for what was taken back of it at the provider."""

LOOK_AGAIN = timedelta(hours=6)
"""How often disputes that are not decided are read without an event."""

BATCH = 50

_LISTENS = "events"
"""What only one program does on a file."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a turn came to: events that were new, objects read again, events whose object is still to be read.
    `in_full`: everything was read instead of events. `elsewhere`: another window listens for this file."""

    new: int = 0
    read: int = 0
    left: int = 0
    in_full: bool = False
    elsewhere: bool = False


class ListeningService:
    def __init__(
        self,
        database: Database,
        gateway: PaymentGateway,
        charging: Charging,
        refunding: Refunding,
        disputing: Disputing,
        paying: Paying,
        taking_back: TakingBack,
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging
        self._refunding = refunding
        self._disputing = disputing
        self._paying = paying
        self._taking_back = taking_back
        self._turn = threading.Lock()
        self._looked_at: datetime | None = None

    def poll(self) -> Heard:
        """Take a turn, unless another program does it for this file. The program's own doing: nobody is asked.

        Raises what the provider's silence raises, and `OtherPaymentsKind`: then the next turn begins where this one
        did. Nothing is asked before the first card payment."""
        if not self._turn.acquire(blocking=False):
            return Heard(elsewhere=True)
        try:
            if not self._db.workers.only(_LISTENS):
                return Heard(elsewhere=True)
            with self._db.read() as view:
                if view.agency.payments_kind() is None:
                    return Heard()
                pinning.refuse_other(view, self._gateway.kind)
                cursor = view.heard.cursor()
            return self._take(cursor)
        except Refusal:  # another window may have the key, or the connection
            self._db.workers.leave(_LISTENS)
            raise
        finally:
            self._turn.release()

    def _take(self, cursor: EventCursor | None) -> Heard:
        in_full, new = True, 0
        if cursor is None or self._db.clock.now() - cursor.heard_at > KEPT_THERE:
            self._in_full(cursor)
        else:
            try:
                since = None if cursor.after is not None else cursor.since
                found = self._gateway.events(after=cursor.after, since=since, subjects=SUBJECTS)
            except NotFound:
                self._in_full(cursor)
            else:
                in_full, new = False, self._note(cursor, found)
        read = self._work_off() + self._look_again()
        with self._db.read() as view:
            return Heard(new, read, view.heard.waiting(), in_full)

    # hearing

    def _note(self, cursor: EventCursor, found: tuple[ProviderEvent, ...]) -> int:
        """Write down what is new, and how far was heard; nothing where nothing is."""
        refs = [event.ref for event in found]
        after = turn_from(found) or cursor.after
        with self._db.read() as view:
            known = view.heard.known(refs)
        new = [event for event in found if event.ref not in known]
        fresh = self._db.clock.now() - cursor.heard_at < FIRST
        if not new and after == cursor.after and fresh:
            return 0
        with self._db.write(Commit.EVENTS_HEAR, SYSTEM) as work:
            row = work.heard.cursor()
            assert row is not None  # nobody takes it away
            for event in new:
                work.session.add(
                    ProviderEventRow(
                        ref=event.ref,
                        subject=event.subject.value,
                        about=event.about,
                        created_at=event.created_at,
                        seen_at=work.now,
                    )
                )
            row.after, row.heard_at = after, work.now
            work.heard.forget_before(work.now - REMEMBERED, but=refs)
            work.commit()
        return len(new)

    def _in_full(self, cursor: EventCursor | None) -> None:
        """Read everything that may have moved while nobody listened, then listen from before that on."""
        since = self._db.clock.now() - FIRST
        with self._db.read() as view:
            last = cursor.heard_at if cursor is not None else view.heard.oldest_payment()
        self._charging.recover(start_up=True)
        self._refunding.recover(start_up=True)
        self._paying.recover(start_up=True)
        self._taking_back.recover(start_up=True)
        if last is not None:
            self._came_back(last - COMES_BACK)
            self._taking_back.read_all(SYSTEM, last - TAKEN_BACK)
            self._all_disputes(last - timedelta(days=1))
        with self._db.write(Commit.EVENTS_HEAR, SYSTEM) as work:
            row = work.heard.cursor() or EventCursor(one=1)
            row.after, row.since, row.heard_at = None, since, work.now
            work.session.add(row)
            work.commit()

    def _came_back(self, since: datetime) -> None:
        with self._db.read() as view:
            arrived = view.heard.arrived_since(since)
        for refund_id in arrived:
            self._refunding.read(SYSTEM, refund_id)

    def _all_disputes(self, since: datetime) -> None:
        try:
            found = self._gateway.disputes(since=since)
        except GatewayRefused as refusal:  # a key may do without: then somebody else looks after them
            log.warning("disputes cannot be listed: %s", refusal)
            return
        for status in found:
            self._disputing.record(SYSTEM, status)
        self._undecided()

    def _undecided(self) -> int:
        with self._db.read() as view:
            refs = [row.ref for row in view.disputes.undecided()]
        self._looked_at = self._db.clock.now()
        for ref in refs:
            self._disputing.read(SYSTEM, ref)
        return len(refs)

    def _look_again(self) -> int:
        """An event that never came is made up for: what is not decided is read now and then."""
        now = self._db.clock.now()
        if self._looked_at is not None and now - self._looked_at < LOOK_AGAIN:
            return 0
        try:
            return self._undecided()
        except StorageRefusal:
            raise
        except Refusal as refusal:
            log.warning("open disputes cannot be read: %s", refusal)
            return 0

    # reading again

    def _work_off(self) -> int:
        """Read what the events are about, each object once however many events speak of it. Returns how many objects
        were read."""
        read = 0
        while True:
            with self._db.read() as view:
                rows = view.heard.to_do(view.clock.now(), BATCH)
                by_object: dict[tuple[str, str], list[str]] = {}
                for row in rows:
                    by_object.setdefault((row.subject, row.about), []).append(row.ref)
            if not by_object:
                return read
            done, later, silent = self._read_each(by_object)
            self._mark(done, later)
            read += len(by_object) - len(later)
            if silent:
                return read

    def _read_each(self, by_object: Mapping[tuple[str, str], list[str]]) -> tuple[list[str], list[str], bool]:
        """The events that are done, those to be tried later, and whether the provider does not answer at all."""
        done: list[str] = []
        later: list[str] = []
        for (subject, about), refs in by_object.items():
            try:
                (done if self._read(EventSubject(subject), about) else later).extend(refs)
            except StorageRefusal:
                raise
            except GatewayUnreachable as silence:
                log.warning("nothing can be read again for now: %s", silence)
                return done, later, True
            except NotFound:
                done.extend(refs)  # the provider itself knows nothing of it
            except Refusal as refusal:
                log.warning("%s %s cannot be read for now: %s", subject, about, refusal)
                later.extend(refs)
            except Exception:  # one that cannot be understood must not keep the others waiting
                log.exception("%s %s could not be read", subject, about)
                later.extend(refs)
        return done, later, False

    def _mark(self, done: Iterable[str], later: Iterable[str]) -> None:
        with self._db.write(Commit.EVENTS_DONE, SYSTEM) as work:
            for row in work.heard.find(list(done)):
                row.done_at, row.next_try_at = work.now, None
            for row in work.heard.find(list(later)):
                row.next_try_at = work.now + waiting.after(row.tries)
                row.tries += 1
            work.commit()

    def _read(self, subject: EventSubject, about: str) -> bool:
        """Read one object again and record what it says; False where that is for later."""
        if subject is EventSubject.DISPUTE:
            return self._disputing.read(SYSTEM, about) is not Noted.NOT_YET
        if subject is EventSubject.REFUND:
            with self._db.read() as view:
                refund = view.heard.refund(about)
            if refund is not None:  # else its answer is still waited for, and looked for by recovery
                self._refunding.read(SYSTEM, refund.id)
        elif subject is EventSubject.PAYMENT:
            self._payment(lambda view: view.heard.payment(about))
        elif subject is EventSubject.LINK:
            self._payment(lambda view: view.heard.payment_by_link(about))
        elif subject is EventSubject.TRANSFER:
            return self._transfer(about)
        return True

    def _transfer(self, ref: str) -> bool:
        """Of one that is not known here the answer may still be waited for, which recovery looks up."""
        with self._db.read() as view:
            payout = view.payouts.by_ref(ref)
            if payout is None:
                return not view.payouts.count_on_their_way()
        return self._taking_back.read(SYSTEM, payout.id)

    def _payment(self, find: Callable[[Reading], Payment | None]) -> None:
        with self._db.read() as view:
            payment = find(view)
        if payment is not None and is_open(payment.state):
            self._charging.read(SYSTEM, payment.id)
