"""X reads that are kept: the open session as it stood, who read it and when. Nothing of the till is changed by one.

A read is a place in the desk's ledger (`storage.models.till.TillRead`): its figures follow from the entries up to it,
and are the same whenever they are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import TillNotOpen
from travellr_desktop.events import TillChanged
from travellr_desktop.services.till_figures import TillReport, read_report, stayed_before
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import TillRead, TillSession
from travellr_desktop.storage.uow import Database, Reading

MOST = 200


@dataclass(frozen=True, slots=True)
class KeptX:
    """An X that was kept, as a line: of session `number` the so many-th. `expected` is in the agency's currency,
    `others` whether there were more currencies."""

    read_id: UUID
    session_id: UUID
    number: int
    x_number: int
    read_at: datetime
    read_by: str
    expected: Money
    others: bool


class XReads:
    def __init__(self, database: Database) -> None:
        self._db = database

    def x_read(self, actor: Actor) -> TillReport:
        """The session that is open, as it stands; nothing is written. Raises `TillNotOpen`."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            return read_report(view, _open(view, view.agency.this_desk().id))

    def keep_x(self, actor: Actor, *, key: UUID) -> TillReport:
        """Read the session that is open, and keep that it was read. `key` becomes the read's id: the same again keeps
        nothing more. Raises `TillNotOpen`."""
        require(actor, Permission.TILL_KEEP)
        with self._db.write(Commit.TILL_READ, actor) as work:
            earlier = work.till.find_read(key)
            if earlier is not None:
                return read_report(work, work.till.get(earlier.session_id), earlier)
            session = _open(work, work.desk_id)
            before = work.till.reads(session.id)
            read = TillRead(
                id=key,
                session_id=session.id,
                number=len(before) + 1,
                seq=work.chain.end,
                at=work.now,
                by=work.actor.user_id,
            )
            work.till.add(read)
            work.audit("till.read", "till_session", session.id, number=session.number, x=read.number)
            work.publish(
                TillChanged(aggregate_id=session.id, timestamp=work.now, number=session.number, what="read")
            )
            report = read_report(work, session, read)
            work.commit()
        return report

    def kept_x(self, actor: Actor, read_id: UUID) -> TillReport:
        """An X that was kept, as it was read. Raises `NotFound`."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            read = view.till.get_read(read_id)
            return read_report(view, view.till.get(read.session_id), read)

    def x_reads(self, actor: Actor, *, most: int = 60) -> tuple[KeptX, ...]:
        """The X reads of this desk, newest first."""
        require(actor, Permission.TILL_KEEP)
        with self._db.read() as view:
            currency = view.agency.get().currency
            rows = view.till.newest_reads(view.agency.this_desk().id, min(most, MOST))
            names = view.till.names([read.by for read, _ in rows])
            stayed = {
                session.id: stayed_before(view, session, view.till.counts([session.id]))
                for _, session in rows
            }
            return tuple(
                _line(view, read, session, names[read.by], stayed[session.id], currency)
                for read, session in rows
            )


def _open(view: Reading, desk_id: UUID) -> TillSession:
    session = view.till.find_open(desk_id)
    if session is None:
        raise TillNotOpen("The till is not open.", hint="Open it with a counted float first.")
    return session


def _line(
    view: Reading, read: TillRead, session: TillSession, who: str, stayed: dict[str, int], currency: str
) -> KeptX:
    came = view.till.balances(session.desk_id, session.from_seq, read.seq)
    has = {each: stayed.get(each, 0) + came.get(each, 0) for each in {*stayed, *came}}
    return KeptX(
        read_id=read.id,
        session_id=session.id,
        number=session.number,
        x_number=read.number,
        read_at=read.at,
        read_by=who,
        expected=Money(has.get(currency, 0), currency),
        others=any(minor for each, minor in has.items() if each != currency),
    )
