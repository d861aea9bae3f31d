"""The books beside the tills: what each count found, and whether the ledger still says what the count went by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.till import CountKind
from travellr_desktop.services.matching.causes import Explained
from travellr_desktop.storage.models import TillCount, TillSession
from travellr_desktop.storage.uow import Reading


@dataclass(frozen=True, slots=True)
class TillDay:
    """A count of one currency of a till: each close, and each opening at which something differed.

    `expected` and `counted` are as the count has them; `in_books` is what the ledger had then, `posted` what it has as
    over (above zero) or short. A difference is explained by the reason that was given with the count, or later."""

    session_id: UUID
    number: int
    kind: CountKind
    day: date
    at: datetime
    by: str
    expected: Money
    counted: Money
    in_books: Money
    posted: Money
    explained: Explained | None

    @property
    def key(self) -> str:
        """The same for the same difference however often it is looked for."""
        amounts = f"{self.expected.minor}:{self.counted.minor}:{self.in_books.minor}:{self.posted.minor}"
        return f"till:{self.session_id}:{self.kind}:{self.expected.currency}:{amounts}"

    @property
    def difference(self) -> Money:
        return self.counted - self.expected

    @property
    def is_changed(self) -> bool:
        """The count or the ledger is not what it was when the till was counted."""
        return self.expected != self.in_books or self.difference != self.posted

    @property
    def differs(self) -> bool:
        return self.is_changed or bool(self.difference)

    @property
    def is_open(self) -> bool:
        """It differs, and nobody has said why."""
        return self.differs and self.explained is None

    @property
    def cause(self) -> str:
        """A sentence for whoever reads it, "" where nothing differs."""
        if self.is_changed:
            return (
                "The count and the books do not say the same of that moment: one of them was changed since."
            )
        if not self.difference:
            return ""
        short = self.difference < Money.zero(self.difference.currency)
        return "The till was counted short." if short else "The till was counted over."


def till_days(view: Reading, since: datetime, until: datetime, zone: str) -> tuple[TillDay, ...]:
    """The counts of all tills of this file from `since` to before `until`, in their order."""
    sessions = view.till.moved_between(since, until)
    counts: defaultdict[UUID, list[TillCount]] = defaultdict(list)
    for count in view.till.counts([row.id for row in sessions]):
        counts[count.session_id].append(count)
    by_desk: defaultdict[UUID, list[TillSession]] = defaultdict(list)
    for row in sessions:
        by_desk[row.desk_id].append(row)
    names = view.till.names([who for row in sessions for who in (row.opened_by, row.closed_by)])
    found = [
        day
        for desk, rows in by_desk.items()
        for day in _of_desk(view, desk, rows, counts, names, zone)
        if since <= day.at < until and (day.kind is CountKind.CLOSE or day.differs)
    ]
    found = _with_notes(view, found)
    return tuple(sorted(found, key=lambda day: (day.at, day.number, day.expected.currency)))


def _of_desk(
    view: Reading,
    desk: UUID,
    sessions: Sequence[TillSession],
    counts: Mapping[UUID, list[TillCount]],
    names: Mapping[UUID | None, str],
    zone: str,
) -> Iterator[TillDay]:
    """The counts of one desk. Its balances are summed once, from one session to the next."""
    balances: defaultdict[str, int] = defaultdict(int)
    summed = 0
    for row in sorted(sessions, key=lambda row: row.number):
        for kind, before, upto in _stretches(row):
            posted = _over_short(view, desk, before, upto)
            moment = upto if kind is CountKind.FLOAT else before
            for currency, minor in view.till.balances(desk, summed, moment).items():
                balances[currency] += minor
            summed = moment
            at, by, reason = _said(row, kind, names)
            for count in counts[row.id]:
                if count.kind is not kind:
                    continue
                of = count.currency
                had = balances[of] - (posted[of] if kind is CountKind.FLOAT else 0)
                said = Explained(reason, by, at) if reason else None
                expected, counted = Money(count.expected, of), Money(count.counted, of)
                changed = had != count.expected or posted[of] != count.difference
                yield TillDay(
                    session_id=row.id,
                    number=row.number,
                    kind=kind,
                    day=at.astimezone(zone_of(zone)).date(),
                    at=at,
                    by=by,
                    expected=expected,
                    counted=counted,
                    in_books=Money(had, of),
                    posted=Money(posted[of], of),
                    explained=said if count.difference and not changed else None,
                )


def _stretches(row: TillSession) -> Iterator[tuple[CountKind, int, int]]:
    """The stretches of the ledger in which a session's counts were written."""
    yield CountKind.FLOAT, row.from_seq, row.opened_seq
    if row.counted_seq is not None and row.closed_seq is not None:
        yield CountKind.CLOSE, row.counted_seq, row.closed_seq


def _said(row: TillSession, kind: CountKind, names: Mapping[UUID | None, str]) -> tuple[datetime, str, str]:
    """When, by whom, and with which reason it was counted."""
    if kind is CountKind.FLOAT:
        return row.opened_at, names[row.opened_by], row.opened_reason
    assert row.closed_at is not None  # the file refuses a closed till without it
    return row.closed_at, names[row.closed_by], row.closed_reason


def _over_short(view: Reading, desk: UUID, after: int, upto: int) -> defaultdict[str, int]:
    """What was posted as over, by currency; below zero for short."""
    found: defaultdict[str, int] = defaultdict(int)
    for each in view.till.entries(desk, after, upto):
        entry = each.entry
        if entry.credit is Account.CASH_OVER_SHORT:
            found[entry.amount.currency] += entry.amount.minor
        elif entry.debit is Account.CASH_OVER_SHORT:
            found[entry.amount.currency] -= entry.amount.minor
    return found


def _with_notes(view: Reading, found: Sequence[TillDay]) -> list[TillDay]:
    """What was said afterwards stands before what was said with the count."""
    notes = view.matching.notes(day.key for day in found)
    names = view.users.names(tuple(note.by for note in notes.values()))
    return [
        day
        if (note := notes.get(day.key)) is None
        else replace(day, explained=Explained(note.reason, names[note.by], note.at))
        for day in found
    ]
