"""The till of this desk: opened with a counted float, moved by hand, read at any time, closed by a count.

A session is a stretch of the desk's ledger (`storage.models.till`). Sales and refunds know nothing of it: where they
stand in the ledger says which session they are of, so one at the moment of the close is in exactly one, and two windows
of a desk share the same.

The till's balance in the ledger is what is expected in the drawer, whether the till is open or not. What comes in while
it is closed belongs to the session that is opened next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.cash_count import CashCount, DayClose
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, allowed, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.domain.till import (
    CountKind,
    MoveKind,
    TillState,
    count_to_json,
    left_in,
    less,
    move_entry,
)
from travellr_desktop.errors import (
    ChangedMeanwhile,
    InvalidInput,
    KeyReused,
    TillBeyondLimit,
    WrongState,
)
from travellr_desktop.events import SettingsChanged, TillChanged
from travellr_desktop.services.posting import post
from travellr_desktop.services.till_figures import TillReport, read_report
from travellr_desktop.services.till_forms import (
    CloseCount,
    ClosedTill,
    ClosePreview,
    CurrencyClose,
    FloatCount,
    MoveOrder,
    TillRules,
    TillStatus,
)
from travellr_desktop.services.till_reading import (
    NeverOpened,
    TillStanding,
    closed_line,
    read_drawers,
    read_rules,
)
from travellr_desktop.services.x_reads import XReads
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import TillCount, TillMove, TillSession
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

LONGEST_REASON = 200
MOST_HISTORY = 200
HIGHEST_LIMIT = 100_000_000

_OFFICE = (Account.BANK, Account.OWN_FUNDS)
"""Only a manager moves money there, or from there."""


_C = TypeVar("_C", FloatCount, CloseCount)


class TillService(XReads):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._never_opened = NeverOpened()

    def standing(self) -> TillStanding:
        """How the till stands, for the frame of the window: nobody is asked."""
        with self._db.read() as view:
            agency = view.agency.find()
            if agency is None:
                return TillStanding(False, None, "UTC")
            session = view.till.find_open(view.agency.this_desk().id)
            since = None if session is None else session.opened_at
            return TillStanding(agency.cash_needs_till, since, agency.zone)

    def status(self, actor: Actor) -> TillStatus:
        """The till of this desk now."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            desk = view.agency.this_desk()
            session = view.till.find_open(desk.id)
            last = view.till.before(desk.id)
            report = read_report(view, session) if session is not None else None
            return TillStatus(
                number=session.number if session is not None else (last.number if last else 0) + 1,
                open=report,
                drawers=read_drawers(view, desk.id, last, self._never_opened) if session is None else (),
                first=last is None,
                rules=read_rules(view),
                beyond=allowed(actor.role, Permission.TILL_BEYOND),
                desk_name=desk.name,
            )

    def report(self, actor: Actor, session_id: UUID) -> TillReport:
        """A session, open or closed. Raises `NotFound`."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            return read_report(view, view.till.get(session_id))

    def history(self, actor: Actor, *, most: int = 60, below: int | None = None) -> tuple[ClosedTill, ...]:
        """The closes of this desk, newest first; with `below`, those of smaller numbers."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            currency = view.agency.get().currency
            rows = view.till.closed(view.agency.this_desk().id, min(most, MOST_HISTORY), below)
            counts = [c for c in view.till.counts([row.id for row in rows]) if c.kind is CountKind.CLOSE]
            names = view.till.names([row.closed_by for row in rows])
            return tuple(
                closed_line(
                    row, [c for c in counts if c.session_id == row.id], names[row.closed_by], currency
                )
                for row in rows
            )

    def open(
        self, actor: Actor, counts: tuple[FloatCount, ...], reason: str = "", *, key: UUID
    ) -> TillReport:
        """Open the till with what was counted in it. Every currency that the books have in it is counted, and the
        agency's own. `key` becomes the session's id: the same again opens nothing more.

        Raises `WrongState` where it is open already, `InvalidInput` for a currency that is missing or there twice, or
        where what was counted is not what the books say and no reason is given."""
        require(actor, Permission.TILL_KEEP)
        reason = _line(reason)
        given = _by_currency(counts)
        with self._db.write(Commit.TILL_OPEN, actor) as work:
            earlier = work.till.find(key)
            if earlier is not None:
                return read_report(work, earlier)
            report = read_report(work, self._open(work, key, given, reason))
            work.commit()
        return report

    def _open(
        self, work: UnitOfWork, key: UUID, counts: Mapping[str, FloatCount], reason: str
    ) -> TillSession:
        if work.till.find_open(work.desk_id) is not None:
            raise WrongState("The till is open already.", hint="Another window of this desk opened it.")
        last = work.till.before(work.desk_id)
        drawers = {
            each.stayed.currency: each for each in read_drawers(work, work.desk_id, last, self._never_opened)
        }
        _all_counted(drawers, counts)
        from_seq = last.closed_seq if last is not None and last.closed_seq is not None else work.chain.end
        rows = []
        for currency, given in counts.items():
            before = drawers[currency].expected if currency in drawers else Money.zero(currency)
            expected, counted = before + given.from_safe, given.count.total
            if counted != expected and not reason:
                raise InvalidInput(
                    "What was counted is not what the books say.", hint="Say why.", field="reason"
                )
            if given.from_safe:
                move = ledger.float_entry if given.from_safe > Money.zero(currency) else ledger.drop_entry
                post(work, (move(abs(given.from_safe)),))
            post(work, ledger.count_entries(expected, counted))
            rows.append(_count_row(key, CountKind.FLOAT, given.count, given.count, expected, given.from_safe))
        session = TillSession(
            id=key,
            desk_id=work.desk_id,
            number=(last.number if last is not None else 0) + 1,
            state=TillState.OPEN,
            from_seq=from_seq,
            opened_seq=work.chain.end,
            opened_at=work.now,
            opened_by=work.actor.user_id,
            opened_reason=reason,
        )
        work.till.add(session, *rows)
        work.audit("till.open", "till_session", key, number=session.number)
        _tell(work, session, "opened")
        return session

    def move(self, actor: Actor, session_id: UUID, order: MoveOrder, *, key: UUID) -> TillReport:
        """Put cash in or take it out by hand. `key` becomes the move's id: the same again moves nothing more.

        Raises `NotFound`, `WrongState` where the session was closed, `InvalidInput` (also for more than is in the
        till), `TillBeyondLimit` for what only a manager may do, `KeyReused`."""
        require(actor, Permission.TILL_KEEP)
        reason = clean_line(order.reason, "reason", LONGEST_REASON)
        entry = move_entry(order.kind, order.amount, order.account)
        with self._db.write(Commit.TILL_MOVE, actor) as work:
            session = work.till.get(session_id)
            earlier = work.till.find_move(key)
            if earlier is not None:
                same = (earlier.session_id, earlier.kind, earlier.amount, earlier.currency) == (
                    session_id, order.kind, order.amount.minor, order.amount.currency
                )  # fmt: skip
                if not same:
                    raise KeyReused("This form was sent before with other content.")
                return read_report(work, session)
            if session.state is not TillState.OPEN:
                raise WrongState("The till was closed meanwhile.", hint="Open it again first.")
            _may(work, order)
            _is_there(work, session, order)
            post(work, (entry,))
            work.till.add(
                TillMove(
                    id=key,
                    session_id=session_id,
                    seq=work.chain.end,
                    kind=order.kind,
                    account=order.account,
                    amount=order.amount.minor,
                    currency=order.amount.currency,
                    reason=reason,
                    at=work.now,
                    by=work.actor.user_id,
                )
            )
            work.audit(
                f"till.{order.kind.value}",
                "till_session",
                session_id,
                amount=order.amount.minor,
                currency=order.amount.currency,
                account=order.account.value,
                reason=reason,
            )
            _tell(work, session, "moved")
            report = read_report(work, session)
            work.commit()
        return report

    def preview(self, actor: Actor, session_id: UUID, counts: tuple[CloseCount, ...]) -> ClosePreview:
        """What a close with these counts would write. Currencies that were not counted are left out.

        Raises `NotFound`, `WrongState` where it was closed, `InvalidInput` where more is to stay than was counted."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            return _preview(view, view.till.get(session_id), counts)

    def close(
        self,
        actor: Actor,
        session_id: UUID,
        counts: tuple[CloseCount, ...],
        reason: str,
        shown: tuple[Money, ...],
    ) -> TillReport:
        """Close the till for good: the Z. `shown` is what the preview said was expected.

        Raises `NotFound`, `WrongState` where somebody else closed it, `ChangedMeanwhile` where cash came in or went out
        since the preview, `InvalidInput` for a currency that was not counted or a difference without a reason."""
        require(actor, Permission.TILL_KEEP)
        reason = _line(reason)
        with self._db.write(Commit.TILL_CLOSE, actor) as work:
            session = work.till.get(session_id)
            preview = _preview(work, session, counts)
            _all_counted(preview.report.in_use, [each.count.currency for each in counts])
            if preview.expected != shown:
                raise ChangedMeanwhile(
                    "Cash came in or went out since you looked.",
                    hint="Look at the figures again, then close.",
                )
            if preview.needs_reason and not reason:
                raise InvalidInput("A difference needs a reason.", hint="Say why.", field="reason")
            counted_seq = work.chain.end
            for each, given in zip(preview.closes, counts, strict=True):
                found = each.close
                post(work, ledger.count_entries(found.expected, found.counted))
                if found.to_safe:
                    post(work, (ledger.drop_entry(found.to_safe),))
                kind, safe = CountKind.CLOSE, -found.to_safe
                work.till.add(_count_row(session.id, kind, given.count, each.stays, found.expected, safe))
            session.state = TillState.CLOSED
            session.counted_seq, session.closed_seq = counted_seq, work.chain.end
            session.closed_at, session.closed_by = work.now, work.actor.user_id
            session.closed_reason = reason
            work.flush()
            work.audit("till.close", "till_session", session.id, number=session.number)
            _tell(work, session, "closed")
            report = read_report(work, session)
            work.commit()
        return report

    def rules(self, actor: Actor) -> TillRules:
        """What the agency asks of whoever keeps a till."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            return read_rules(view)

    def save_rules(self, actor: Actor, rules: TillRules) -> None:
        """Raises `InvalidInput` naming the field."""
        require(actor, Permission.SETTINGS_WRITE)
        if not 0 <= rules.pay_out_limit.minor <= HIGHEST_LIMIT:
            raise InvalidInput("A limit is an amount from nothing to a million.", field="pay_out_limit")
        fresh = {"cash_needs_till": rules.cash_needs_till, "pay_out_limit": rules.pay_out_limit.minor}
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            agency = work.agency.get()
            changed = tuple(name for name, value in fresh.items() if getattr(agency, name) != value)
            for name in changed:
                setattr(agency, name, fresh[name])
            if changed:
                work.audit("settings.save", "agency", agency.id, names=list(changed))
                work.publish(SettingsChanged(aggregate_id=agency.id, timestamp=work.now, names=changed))
            work.commit()


def _preview(view: Reading, session: TillSession, counts: Iterable[CloseCount]) -> ClosePreview:
    if session.state is not TillState.OPEN:
        raise WrongState("The till was closed already.", hint=f"Z {session.number:04} is in the history.")
    report = read_report(view, session)
    closes = []
    for currency, given in _by_currency(counts).items():
        figures = report.of(currency)
        expected = figures.expected if figures is not None else Money.zero(currency)
        if not Money.zero(currency) <= given.stays <= given.count.total:
            raise InvalidInput("No more can stay in the till than was counted.", field="stays")
        kept = left_in(given.count, given.stays)
        close = DayClose(expected, given.count.total, kept.total)
        closes.append(CurrencyClose(close, kept, less(given.count, kept)))
    return ClosePreview(report, tuple(closes))


def _by_currency(counts: Iterable[_C]) -> dict[str, _C]:
    found: dict[str, _C] = {}
    for each in counts:
        if each.count.currency in found:
            raise InvalidInput(f"{each.count.currency} was counted twice.", field="count")
        found[each.count.currency] = each
    return found


def _all_counted(asked: Iterable[str], counted: Iterable[str]) -> None:
    missing = [each for each in asked if each not in set(counted)]
    if missing:
        raise InvalidInput(
            f"{missing[0]} was not counted.", hint="Count it; nothing is a count, too.", field="count"
        )


def _count_row(
    session_id: UUID, kind: CountKind, count: CashCount, kept: CashCount, expected: Money, safe: Money
) -> TillCount:
    return TillCount(
        session_id=session_id,
        kind=kind,
        currency=count.currency,
        expected=expected.minor,
        counted=count.total.minor,
        difference=(count.total - expected).minor,
        safe=safe.minor,
        stays=kept.total.minor,
        pieces=count_to_json(count),
        stays_pieces=count_to_json(kept),
    )


def _may(work: UnitOfWork, order: MoveOrder) -> None:
    """Raises `TillBeyondLimit` unless whoever acts may move as much there."""
    if allowed(work.actor.role, Permission.TILL_BEYOND):
        return
    if order.account in _OFFICE:
        raise TillBeyondLimit("Only a manager moves cash between the till and bank or own funds.")
    limit = read_rules(work).pay_out_limit
    if order.kind is MoveKind.PAY_OUT:
        if order.amount.currency != limit.currency:
            raise TillBeyondLimit(f"Only a manager pays out {order.amount.currency}.")
        if order.amount > limit:
            raise TillBeyondLimit("That is more than may be paid out at once.", field="amount")


def _is_there(work: UnitOfWork, session: TillSession, order: MoveOrder) -> None:
    """Raises `InvalidInput` where more is to go out than should be in the till."""
    if order.kind in (MoveKind.PAY_OUT, MoveKind.DROP):
        figures = read_report(work, session).of(order.amount.currency)
        if figures is None or order.amount > figures.expected:
            raise InvalidInput(
                "So much is not in the till.", hint="Look at what is expected.", field="amount"
            )


def _line(reason: str) -> str:
    return clean_line(reason, "reason", LONGEST_REASON, required=False)


def _tell(work: UnitOfWork, session: TillSession, what: str) -> None:
    work.publish(TillChanged(aggregate_id=session.id, timestamp=work.now, number=session.number, what=what))
