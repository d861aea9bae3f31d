"""Matching some days: what differs, why, and putting it right one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import Entry
from travellr_desktop.domain.matching import Difference, DifferenceKind, Moved, OurMove, TheirMove, match
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import day_bounds
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.text import without_bidi
from travellr_desktop.errors import InvalidInput, WrongState
from travellr_desktop.payments.gateway import BalanceMove, KeyNotAllowed, PaymentGateway
from travellr_desktop.services import pinning
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.matching import kept
from travellr_desktop.services.matching.causes import Correction, Explained, about, cause, facts
from travellr_desktop.services.matching.correcting import correct, planned
from travellr_desktop.services.matching.fetching import Fetching
from travellr_desktop.services.matching.statement import Sides, sides
from travellr_desktop.services.matching.till_days import TillDay, till_days
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import MatchNote
from travellr_desktop.storage.uow import Database, Reading

LONGEST = timedelta(days=92)
"""No more days than this are matched at once: they are fetched anew, a hundred movements a call."""

STILL_MOVING = timedelta(minutes=2)
"""What moved within so short a time is left to whoever is at it."""

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Side:
    """A movement on one side: its amount, what it came to in the currency of the balance (None where that is the
    same), the fee (None for nothing), and when."""

    amount: Money
    settled: Money | None
    fee: Money | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference as it is shown. `here` and `there` are what is compared of the books and the provider; `ours` and
    `theirs` all of it, several where the provider lists it more than once. `payment_id` and `sale` are the payment to
    open, None and "" where there is none of ours. `correction` is the right one, None where a person has to look into
    it, and `entries` what it writes; `explained` what somebody said of it."""

    key: str
    day: date
    kind: DifferenceKind
    moved: Moved
    ref: str
    here: Money | None
    there: Money | None
    ours: Side | None
    theirs: tuple[Side, ...]
    cause: str
    correction: Correction | None
    entries: tuple[Entry, ...]
    payment_id: UUID | None
    sale: str
    explained: Explained | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day in one currency: what moved on the provider's account by the books and by the provider's list, and how many
    differences stand on it, those that were explained apart."""

    day: date
    currency: str
    here: Money
    there: Money
    open: int
    explained: int

    @property
    def agrees(self) -> bool:
        return not self.open and not self.explained


@dataclass(frozen=True, slots=True)
class Matched:
    """Some days, as they were matched `at`. Days on which nothing moved are left out. `begun`: a card payment was taken
    in this file at some time."""

    first: date
    last: date
    zone: str
    at: datetime
    movements: int
    days: tuple[DayRow, ...]
    differences: tuple[DifferenceRow, ...]
    begun: bool = True


class MatchingService:
    def __init__(
        self, database: Database, gateway: PaymentGateway, charging: Charging, refunding: Refunding
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging
        self._refunding = refunding
        self._fetching = Fetching(database, gateway)

    def fetch(self) -> int:
        """Fetch what is new on the provider's balance and post what follows from it. Returns how many movements. The
        program's own doing: nobody is asked. Nothing is fetched where no payment went through this provider yet, or
        with a desk's key, which may not read the balance: the office does it."""
        with self._db.read() as view:
            if view.agency.payments_kind() != self._gateway.kind:
                return 0
        try:
            return self._fetching.fetch(SYSTEM)
        except KeyNotAllowed:
            return 0

    def match(
        self, actor: Actor, first: date, last: date, *, seen: Callable[[int], object] | None = None
    ) -> Matched:
        """Match the days from `first` to `last`, both included, in the agency's zone. Fetches these days anew; `seen`
        is told after every hundred how many movements have come, and may raise to stop it there. That they were matched
        is kept, and how many differences are open.

        Raises `InvalidInput` for days that are no span, or too long a one, and what the gateway's calls raise."""
        require(actor, Permission.LEDGER_READ)
        since, until, zone = self._span(first, last)
        moves = self._asked(actor, since, until, seen)
        with self._db.read() as view:
            both = sides(view, moves, since, until)
            found = match(both.ours, both.theirs, known=both.known, zone=zone)
            rows = _rows(view, found)
            at, begun = view.clock.now(), view.agency.payments_kind() is not None
        days = _days(both, rows, since, until, zone)
        if begun:
            kept.keep(self._db, actor, first, last, differences=sum(row.explained is None for row in rows))
        return Matched(first, last, zone, at, len(moves), days, rows, begun)

    def till(self, actor: Actor, first: date, last: date) -> tuple[TillDay, ...]:
        """What was counted in the tills on these days, beside the books. Raises `InvalidInput` as `match`."""
        require(actor, Permission.LEDGER_READ)
        since, until, zone = self._whole(first, last)
        with self._db.read() as view:
            return till_days(view, since, until, zone)

    def correct(self, actor: Actor, row: DifferenceRow, how: Correction, reason: str) -> None:
        """Put one difference right: the entries that were wrong are reversed and the right ones posted, or what was not
        read is read. No money is moved. `reason` is kept in the audit.

        Raises `WrongState` where it is not as it was shown any more, or that does not put it right, `InvalidInput`
        (`reason`), and what the gateway's calls raise."""
        require(actor, Permission.LEDGER_CORRECT)
        words = _clean(reason)
        since, until, zone = self._span(row.day, row.day)
        moves = self._asked(actor, since, until)
        with self._db.write(Commit.MATCH_CORRECT, actor) as work:
            both = sides(work, moves, since, until)
            again = match(both.ours, both.theirs, known=both.known, zone=zone)
            found = next((one for one in again if one.key == row.key), None)
            if found is None:
                raise WrongState("This difference is not there any more.", hint="Match the day once more.")
            (known,) = facts(work, [found])
            if cause(found, known)[1] is not how:
                raise WrongState("That does not put it right.")
            work.audit("match.correct", "match", new_id(), difference=found.key, how=how.value, reason=words)
            if how not in (Correction.READ_PAYMENT, Correction.READ_REFUND):
                correct(work, found, known, how)
            payment, refund = known.payment, known.refund
            work.commit()
        if how is Correction.READ_PAYMENT and payment is not None:
            self._charging.read(actor, payment.id)
        elif how is Correction.READ_REFUND and refund is not None:
            self._refunding.send(actor, refund.id)

    def explain(self, actor: Actor, row: DifferenceRow | TillDay, reason: str) -> None:
        """Say why a difference is there, so that it counts as explained. It stays in the list, and comes back as a new
        one where it changes. Raises `InvalidInput` (`reason`), `WrongState` where somebody has said so already."""
        require(actor, Permission.LEDGER_CORRECT)
        words = _clean(reason)
        with self._db.write(Commit.MATCH_NOTE, actor) as work:
            if work.matching.notes([row.key]):
                raise WrongState("Somebody has explained this already.")
            note = MatchNote(id=new_id(), key=row.key, reason=words, at=work.now, by=actor.user_id)
            work.matching.say(note)
            work.audit("match.explain", "match", note.id, difference=row.key, reason=words)
            work.commit()

    def _span(self, first: date, last: date) -> tuple[datetime, datetime, str]:
        """These days, without what moves just now."""
        since, until, zone = self._whole(first, last)
        with self._db.read() as view:
            return since, min(until, view.clock.now() - STILL_MOVING), zone

    def _whole(self, first: date, last: date) -> tuple[datetime, datetime, str]:
        if last < first:
            raise InvalidInput("The last day is before the first.", field="last")
        if last - first > LONGEST:
            raise InvalidInput(
                f"More than {LONGEST.days} days are too many at once.", field="last", hint="Choose fewer."
            )
        with self._db.read() as view:
            zone = view.agency.get().zone
        return day_bounds(first, zone)[0], day_bounds(last, zone)[1], zone

    def _asked(
        self,
        actor: Actor,
        since: datetime,
        until: datetime,
        seen: Callable[[int], object] | None = None,
    ) -> Sequence[BalanceMove]:
        """The provider's list of these moments, kept, with what follows from it posted."""
        if until <= since:
            return ()
        with self._db.read() as view:
            pinning.refuse_other(view, self._gateway.kind)
        moves = list(self._fetching.moves(since, until, seen))
        self._fetching.keep(actor, moves)
        self._fetching.catch_up(actor)
        return moves


def _clean(reason: str) -> str:
    words = without_bidi(reason).strip()
    if not words:
        raise InvalidInput("Say why.", field="reason")
    if len(words) > LONGEST_REASON:
        raise InvalidInput(f"A reason has {LONGEST_REASON} characters at the most.", field="reason")
    return words


def _rows(view: Reading, found: Sequence[Difference]) -> tuple[DifferenceRow, ...]:
    notes = view.matching.notes(one.key for one in found)
    names = view.users.names(tuple(note.by for note in notes.values()))
    rows = []
    of_each = [(one, known, about(known)) for one, known in zip(found, facts(view, found), strict=True)]
    sales = view.matching.sales_of(payment_id for _, _, payment_id in of_each if payment_id is not None)
    for one, known, payment_id in of_each:
        words, correction = cause(one, known)
        note = notes.get(one.key)
        rows.append(
            DifferenceRow(
                key=one.key,
                day=one.day,
                kind=one.kind,
                moved=one.moved,
                ref=one.ref,
                here=one.here,
                there=one.there,
                ours=None if one.ours is None else _our_side(one.ours),
                theirs=tuple(_their_side(each) for each in one.theirs),
                cause=words,
                correction=correction,
                entries=() if correction is None else planned(view, one, known, correction),
                payment_id=payment_id,
                sale="" if payment_id is None else sales[payment_id],
                explained=None if note is None else Explained(note.reason, names[note.by], note.at),
            )
        )
    return tuple(rows)


def _our_side(move: OurMove) -> Side:
    return Side(move.amount, move.settled, move.fee, move.at)


def _their_side(move: TheirMove) -> Side:
    settled = None if move.settled.currency == move.amount.currency else move.settled
    return Side(move.amount, settled, move.fee or None, move.at)


def _days(
    both: Sides, rows: Sequence[DifferenceRow], since: datetime, until: datetime, zone: str
) -> tuple[DayRow, ...]:
    """What came and went, of each day and currency of the sale, without fees."""
    place = zone_of(zone)
    here: defaultdict[tuple[date, str], int] = defaultdict(int)
    there: defaultdict[tuple[date, str], int] = defaultdict(int)
    for moves, sums in ((both.ours, here), (both.theirs, there)):
        for move in moves:
            if since <= move.at < until:
                sums[move.at.astimezone(place).date(), move.amount.currency] += move.amount.minor
    days = sorted({*here, *there, *((row.day, _currency(row)) for row in rows)})
    return tuple(
        DayRow(
            day,
            currency,
            Money(here[day, currency], currency),
            Money(there[day, currency], currency),
            sum(_on(row, day, currency) and row.explained is None for row in rows),
            sum(_on(row, day, currency) and row.explained is not None for row in rows),
        )
        for day, currency in days
    )


def _on(row: DifferenceRow, day: date, currency: str) -> bool:
    return row.day == day and _currency(row) == currency


def _currency(row: DifferenceRow) -> str:
    amount = row.there or row.here
    assert amount is not None  # one of the two is there
    return amount.currency
