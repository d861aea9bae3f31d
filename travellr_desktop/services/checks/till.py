"""The till: its sessions follow each other without a gap, and every count stands on what the ledger had then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from travellr_desktop.domain.till import CountKind, TillState
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs
from travellr_desktop.storage.repositories.proofs.till import CountAsKept, SessionAsKept


def tills_follow_each_other(proofs: Proofs) -> Iterator[Problem]:
    """A desk's sessions are numbered from one, each begins where the one before it ended, and none but the last is
    open."""
    for _desk, sessions in groupby(proofs.till.sessions(), key=lambda each: each.desk_id):
        before: SessionAsKept | None = None
        for session in sessions:
            for says in _out_of_order(before, session):
                yield Problem("till.order", "till_sessions", session.id, says, f"Z {session.number:04}")
            before = session


def _out_of_order(before: SessionAsKept | None, session: SessionAsKept) -> Iterator[str]:
    if session.number != (1 if before is None else before.number + 1):
        yield f"number {session.number} follows {'nothing' if before is None else f'number {before.number}'}"
    if before is not None and before.state != TillState.CLOSED:
        yield f"number {before.number} was not closed before it"
    if before is not None and session.from_seq != before.closed_seq:
        yield f"it begins after entry {session.from_seq}, the one before it ended with {before.closed_seq}"


def counts_stand_on_the_ledger(proofs: Proofs) -> Iterator[Problem]:
    """What a till was opened with, what its close expected and what it left are the ledger's balance of the till at
    that moment."""
    counts: dict[str, list[CountAsKept]] = defaultdict(list)
    for each in proofs.till.counts():
        counts[each.session_id].append(each)
    for desk, sessions in groupby(proofs.till.sessions(), key=lambda each: each.desk_id):
        marks = [mark for session in sessions for mark in _marks(session, counts[session.id])]
        yield from _against(proofs, desk, marks)


_Mark = tuple[int, str, int, str, str]
"""After which entry a currency is to have how much, of which count, and what that is."""


def _marks(session: SessionAsKept, counts: list[CountAsKept]) -> Iterator[_Mark]:
    for each in counts:
        if each.kind == CountKind.FLOAT:
            yield session.opened_seq, each.currency, each.counted, each.id, "was opened with"
        elif session.counted_seq is not None and session.closed_seq is not None:
            yield session.counted_seq, each.currency, each.expected, each.id, "was expected to have"
            yield session.closed_seq, each.currency, each.stays, each.id, "was left with"


def _against(proofs: Proofs, desk: str, marks: list[_Mark]) -> Iterator[Problem]:
    balances: dict[str, int] = defaultdict(int)
    entries = proofs.till.entries(desk)
    entry = next(entries, None)
    for seq, currency, minor, row, what in sorted(marks):
        while entry is not None and entry.seq <= seq:
            balances[entry.currency] += entry.minor
            entry = next(entries, None)
        if balances[currency] != minor:
            says = f"the till {what} {minor} {currency}, the ledger had {balances[currency]}"
            yield Problem("ledger.till", "till_counts", row, says)


def moves_have_their_entries(proofs: Proofs) -> Iterator[Problem]:
    """What was moved by hand stands in the ledger, and nothing else of the kind does."""
    for move in proofs.till.moves():
        if move.says != move.entry:
            yield Problem("till.move", "till_moves", move.id, f"it says {move.says}, its entry {move.entry}")
    for read in proofs.till.reads():
        if read.misnumbered:
            yield Problem("till.read", "till_reads", read.id, "it is not the X of its session that it says")
        if read.outside:
            yield Problem("till.read", "till_reads", read.id, "its session was not open at that moment")
    for row in proofs.till.untold():
        yield Problem("till.move", "ledger", row, "cash was moved in a till by hand, and no move tells of it")
