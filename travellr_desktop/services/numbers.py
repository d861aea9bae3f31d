"""Numbers of bookings, sales, invoices, batches and statements: a desk gives them out of its own blocks. A desk alone
has one block a year; where several sell, the next one is asked for when half is used, so that no sale waits for it."""

from __future__ import annotations

from datetime import timedelta

from travellr_desktop.domain.invoicing import SERIES as INVOICES
from travellr_desktop.services.authority import Authority
from travellr_desktop.services.payouts.preparing import SERIES as BATCHES
from travellr_desktop.services.statements.making import SERIES as STATEMENTS
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

KINDS = ("SA", "BK", *sorted(INVOICES.values()), BATCHES, STATEMENTS)
"""Every series that is numbered."""

BLOCK = 1000
"""How many numbers a desk is given at once."""

AHEAD = timedelta(days=14)
"""How long before a year begins its first block is asked for."""


class NumberService:
    def __init__(self, database: Database, authority: Authority) -> None:
        self._db = database
        self._authority = authority

    def top_up(self) -> int:
        """Ask for the next block of every series of which half is used. Returns how many were given. The program's own
        doing; nothing where the desk is alone."""
        with self._db.read() as view:
            wanted = _wanted(view)
        return sum(self._authority.numbers(kind, year) for kind, year in wanted)


def share(work: UnitOfWork) -> None:
    """A desk that was alone leaves all numbers but the next block of each series to others, within the caller's
    transaction: before it joins a hub."""
    for row in work.agency.numbers(work.desk_id):
        row.last = min(row.last, row.next + BLOCK - 1)
    work.session.flush()


def _wanted(view: Reading) -> list[tuple[str, int]]:
    if not view.agency.has_hub():
        return []
    now = view.clock.now()
    blocks = view.agency.numbers(view.agency.this_desk().id)
    wanted = []
    for year in sorted({now.year, (now + AHEAD).year}):
        for kind in KINDS:
            mine = [row for row in blocks if (row.kind, row.year) == (kind, year)]
            left = sum(row.last + 1 - row.next for row in mine)
            newest = max((row.last + 1 - row.first for row in mine), default=BLOCK)
            if left * 2 <= min(newest, BLOCK):
                wanted.append((kind, year))
    return wanted
