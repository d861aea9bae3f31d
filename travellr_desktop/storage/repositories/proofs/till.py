"""The till as it is kept: sessions, counts and moves beside the entries of the ledger that they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from travellr_desktop.storage.repositories.proofs.reading import Reader


@dataclass(frozen=True, slots=True)
class SessionAsKept:
    id: str
    desk_id: str
    number: int
    state: str
    from_seq: int
    opened_seq: int
    counted_seq: int | None
    closed_seq: int | None


@dataclass(frozen=True, slots=True)
class CountAsKept:
    id: str
    session_id: str
    kind: str
    currency: str
    expected: int
    counted: int
    stays: int


@dataclass(frozen=True, slots=True)
class MoveAsKept:
    """A move, and what its entry is: None where there is no such entry."""

    id: str
    says: str
    entry: str | None


@dataclass(frozen=True, slots=True)
class ReadAsKept:
    """An X that was kept: whether its number is not its place among those of its session, and whether it was read at a
    moment at which that was not open."""

    id: str
    misnumbered: bool
    outside: bool


@dataclass(frozen=True, slots=True)
class TillEntryAsKept:
    """What an entry brings into a till of a desk, below zero what it takes out."""

    seq: int
    currency: str
    minor: int


_SESSIONS = """
SELECT id, desk_id, number, state, from_seq, opened_seq, counted_seq, closed_seq FROM till_sessions
ORDER BY desk_id, number
"""

_COUNTS = "SELECT id, session_id, kind, currency, expected, counted, stays FROM till_counts ORDER BY id"

_ENTRIES = """
SELECT seq, currency, CASE WHEN debit = 'till' THEN amount ELSE -amount END FROM ledger
WHERE desk_id = ? AND 'till' IN (debit, credit) ORDER BY seq
"""

_SIDE = "CASE WHEN {0} IN ('pay_in', 'pickup') THEN '+' ELSE '-' END"

_MOVES = f"""
SELECT m.id, {_SIDE.format("m.kind")} || m.amount || ' ' || m.currency || ' ' || m.account,
  CASE WHEN l.debit = 'till' THEN '+' || l.amount || ' ' || l.currency || ' ' || l.credit
       WHEN l.credit = 'till' THEN '-' || l.amount || ' ' || l.currency || ' ' || l.debit END
FROM till_moves m JOIN till_sessions s ON s.id = m.session_id
LEFT JOIN ledger l ON l.desk_id = s.desk_id AND l.seq = m.seq AND l.seq > s.opened_seq
  AND (s.counted_seq IS NULL OR l.seq <= s.counted_seq)
ORDER BY m.id
"""

_UNTOLD = """
SELECT l.id FROM ledger l JOIN till_sessions s ON s.desk_id = l.desk_id AND l.seq > s.opened_seq
  AND (s.counted_seq IS NULL OR l.seq <= s.counted_seq)
WHERE l.event IN ('paid_in', 'paid_out', 'dropped') AND 'till' IN (l.debit, l.credit)
  AND NOT EXISTS (SELECT 1 FROM till_moves m WHERE m.session_id = s.id AND m.seq = l.seq)
ORDER BY l.id
"""


_READS = """
SELECT r.id, r.number <> row_number() OVER (PARTITION BY r.session_id ORDER BY r.seq, r.number),
  r.seq < s.opened_seq OR (s.counted_seq IS NOT NULL AND r.seq > s.counted_seq)
    OR NOT EXISTS (SELECT 1 FROM ledger l WHERE l.desk_id = s.desk_id AND l.seq = r.seq)
FROM till_reads r JOIN till_sessions s ON s.id = r.session_id ORDER BY r.id
"""


class TillProofs(Reader):
    def sessions(self) -> Iterator[SessionAsKept]:
        """By desk, in the order of their numbers."""
        return self._each(SessionAsKept, _SESSIONS)

    def counts(self) -> Iterator[CountAsKept]:
        return self._each(CountAsKept, _COUNTS)

    def entries(self, desk_id: str) -> Iterator[TillEntryAsKept]:
        """The entries of a desk's till in the order of its chain."""
        return self._each(TillEntryAsKept, _ENTRIES, desk_id)

    def moves(self) -> Iterator[MoveAsKept]:
        return self._each(MoveAsKept, _MOVES)

    def reads(self) -> Iterator[ReadAsKept]:
        return self._each(ReadAsKept, _READS)

    def untold(self) -> Iterator[str]:
        """Entries that somebody made by hand while a till was open, and that no move tells of."""
        return (row[0] for row in self._rows(_UNTOLD))
