"""What a till session comes to: read from its stretch of the ledger, its counts and its moves. Nothing is kept beside
these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.cash_count import CashCount, TillDay
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import CountKind, TillState, count_from_json
from travellr_desktop.domain.ways import Way
from travellr_desktop.storage.models import TillCount, TillMove, TillRead, TillSession
from travellr_desktop.storage.repositories.till import TillEntry
from travellr_desktop.storage.uow import Reading

_OPENING = frozenset({LedgerEvent.TILL_FLOAT, LedgerEvent.COUNT_DIFFERS})
_SALES = frozenset({LedgerEvent.PAYMENT, LedgerEvent.OVERPAID, LedgerEvent.RECEIVABLE_COLLECTED})


@dataclass(frozen=True, slots=True)
class TillFigures:
    """A session in one currency. `day` is what happened in it, `opened_with` being its float: what had stayed since the
    close before and what came from the safe. `differed` is what the count at the opening was over (below zero: short).
    `receipts` and `refunds` count payments and refunds."""

    day: TillDay
    differed: Money
    receipts: int
    refunds: int

    @property
    def currency(self) -> str:
        return self.day.opened_with.currency

    @property
    def expected(self) -> Money:
        """What should be in the drawer: always the ledger's till balance."""
        return self.day.expected + self.differed


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it was written down: at the opening, or at the close. `safe` came from the safe with it, below zero
    it went there."""

    kind: CountKind
    count: CashCount
    stays: CashCount
    expected: Money
    difference: Money
    safe: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """Cash in or out. `amount` is below zero for what went out; `about` a reference or a reason; `other` the account
    of the other side."""

    at: datetime
    event: LedgerEvent
    other: Account
    amount: Money
    about: str
    who: str


@dataclass(frozen=True, slots=True)
class WayFigures:
    """What was taken and given back by one way to pay in a session."""

    way: Way
    payments: int
    taken: Money
    refunds: int
    refunded: Money

    @property
    def net(self) -> Money:
        return self.taken - self.refunded


@dataclass(frozen=True, slots=True)
class TillReport:
    """A session as it stands, or as it was closed. The closing fields are None or empty while it is open, and of an X
    that was kept (`read_id`, the so many-th of its session): that says how it stood when it was read."""

    session_id: UUID
    number: int
    state: TillState
    desk_name: str
    opened_at: datetime
    opened_by: str
    opened_reason: str
    closed_at: datetime | None
    closed_by: str
    closed_reason: str
    figures: tuple[TillFigures, ...]
    counts: tuple[Counted, ...]
    movements: tuple[Movement, ...]
    ways: tuple[WayFigures, ...]
    read_at: datetime
    read_by: str = ""
    read_id: UUID | None = None
    x_number: int = 0

    @property
    def name(self) -> str:
        """`Z 0004`, `X 0005`; of an X that was kept `X 0005-2`."""
        letter, which = ("X", f"-{self.x_number}" if self.x_number else "") if self.is_open else ("Z", "")
        return f"{letter} {self.number:04}{which}"

    @property
    def is_open(self) -> bool:
        return self.state is TillState.OPEN

    @property
    def in_use(self) -> tuple[str, ...]:
        """The currencies that have to be counted at a close: the agency's own, and what was in the till."""
        return tuple(
            each.currency
            for each in self.figures
            if each is self.figures[0] or each.expected or self.counted(CountKind.FLOAT, each.currency)
        )

    def counted(self, kind: CountKind, currency: str) -> Counted | None:
        """What was counted of a currency at the opening, or at the close."""
        return next((c for c in self.counts if c.kind is kind and c.count.currency == currency), None)

    def of(self, currency: str) -> TillFigures | None:
        return next((each for each in self.figures if each.currency == currency), None)


def read_report(view: Reading, session: TillSession, read: TillRead | None = None) -> TillReport:
    """All of a session: up to now, or to its close; with `read` as it stood when that was read."""
    upto, closed = session.counted_seq, session.state is TillState.CLOSED and read is None
    counts = view.till.counts([session.id])
    if read is not None:
        upto, counts = read.seq, [each for each in counts if each.kind is CountKind.FLOAT]
    entries = view.till.entries(session.desk_id, session.from_seq, upto)
    moves = {move.seq: move for move in view.till.moves(session.id)}
    who = None if read is None else read.by
    names = view.till.names(
        [session.opened_by, session.closed_by, who, *(move.by for move in moves.values())]
    )
    stayed = stayed_before(view, session, counts)
    currencies = _currencies(view.agency.get().currency, entries, counts, stayed)
    return TillReport(
        session_id=session.id,
        number=session.number,
        state=TillState.CLOSED if closed else TillState.OPEN,
        desk_name=view.agency.this_desk().name,
        opened_at=session.opened_at,
        opened_by=names[session.opened_by],
        opened_reason=session.opened_reason,
        closed_at=session.closed_at if closed else None,
        closed_by=names[session.closed_by] if closed else "",
        closed_reason=session.closed_reason if closed else "",
        figures=tuple(figures_of(entries, Money(stayed.get(each, 0), each)) for each in currencies),
        counts=tuple(_counted(each) for each in counts),
        movements=tuple(_movement(each, moves.get(each.seq), names, session) for each in entries),
        ways=tuple(
            WayFigures(
                way=each.way,
                payments=each.payments,
                taken=Money(each.taken, each.currency),
                refunds=each.refunds,
                refunded=Money(each.refunded, each.currency),
            )
            for each in sorted(
                view.till.ways(session.desk_id, session.from_seq, upto),
                key=lambda found: (found.currency, list(Way).index(found.way)),
            )
        ),
        read_at=read.at if read is not None else session.closed_at or view.clock.now(),
        read_by="" if read is None else names[who],
        read_id=None if read is None else read.id,
        x_number=0 if read is None else read.number,
    )


def stayed_before(view: Reading, session: TillSession, counts: Sequence[TillCount]) -> dict[str, int]:
    """What was in the till where a session begins, by currency: what the close before it left. Before the first, what
    the books had."""
    last = view.till.before(session.desk_id, session.number)
    if last is not None:
        return {
            each.currency: each.stays for each in view.till.counts([last.id]) if each.kind is CountKind.CLOSE
        }
    return {each.currency: each.expected - each.safe for each in counts if each.kind is CountKind.FLOAT}


def figures_of(entries: Iterable[TillEntry], stayed: Money) -> TillFigures:
    """What entries of a till come to in the currency of what had stayed in it."""
    mine = [each for each in entries if each.entry.amount.currency == stayed.currency]
    opening = [each.entry for each in mine if each.entry.event in _OPENING]
    moved = [each.entry for each in mine if each.entry.event not in _OPENING]
    floats = [each for each in opening if each.event is LedgerEvent.TILL_FLOAT]
    differed = [each for each in opening if each.event is LedgerEvent.COUNT_DIFFERS]
    sold = {each.payment_id for each in mine if each.entry.event in _SALES}
    back = {each.refund_id for each in mine if each.entry.event is LedgerEvent.REFUND_ACCEPTED}
    opened_with = stayed + _came(floats, stayed.currency)
    nothing = Money.zero(stayed.currency)
    return TillFigures(  # books that stood below zero are a difference, not a float
        day=ledger.till_day(moved, opened_with=max(opened_with, nothing)),
        differed=_came(differed, stayed.currency) + min(opened_with, nothing),
        receipts=len(sold),
        refunds=len(back),
    )


def _came(entries: Iterable[Entry], currency: str) -> Money:
    """What came into the till by entries of one currency; below zero, what went out."""
    return Money(sum(_sign(each) * each.amount.minor for each in entries), currency)


def _sign(entry: Entry) -> int:
    return 1 if entry.debit is Account.TILL else -1


def _currencies(
    own: str, entries: Iterable[TillEntry], counts: Iterable[TillCount], stayed: dict[str, int]
) -> list[str]:
    """The agency's own first, then whatever else was in the till."""
    found = {each.entry.amount.currency for each in entries} | {each.currency for each in counts}
    found |= {currency for currency, minor in stayed.items() if minor}
    return [own, *sorted(found - {own})]


def _counted(row: TillCount) -> Counted:
    return Counted(
        kind=row.kind,
        count=count_from_json(row.currency, row.pieces),
        stays=count_from_json(row.currency, row.stays_pieces),
        expected=Money(row.expected, row.currency),
        difference=Money(row.difference, row.currency),
        safe=Money(row.safe, row.currency),
    )


def _movement(
    found: TillEntry, move: TillMove | None, names: dict[UUID | None, str], session: TillSession
) -> Movement:
    entry, who, about = found.entry, found.who, found.reference
    if move is not None:
        who, about = names[move.by], move.reason
    elif found.payment_id is None and found.refund_id is None:
        who, about = names[session.opened_by], session.opened_reason if entry.event in _OPENING else ""
    return Movement(
        at=found.at,
        event=entry.event,
        other=entry.credit if entry.debit is Account.TILL else entry.debit,
        amount=entry.amount if entry.debit is Account.TILL else -entry.amount,
        about=about,
        who=who,
    )
