"""Movements on the provider's balance, fetched and kept, each with what follows from it (`following`).

A movement is kept once, by its ref, and carries the ids of what was posted from it: fetched twice, or by two programs,
it is posted once. One that belongs to a payment of ours waits until that payment is complete here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.matching import Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.payments.gateway import BalanceMove, BankPayoutState, MoveKind, PaymentGateway
from travellr_desktop.services.matching.following import note, post_from, ready
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import ProviderMove
from travellr_desktop.storage.uow import Database

OVERLAP = timedelta(days=1)
"""So far before the newest movement that is known the next fetching begins: their clock, and what came late."""

SPAN = timedelta(days=31)
"""How much of what is new is listed before it is written: so much is held in memory, however long nothing was."""

AT_ONCE = 200
"""How many movements are written in one transaction."""

OPEN_AT_MOST = 5_000
"""How many that still wait are looked at in one run."""

MOVED = {
    MoveKind.CHARGE: Moved.PAYMENT,
    MoveKind.REFUND: Moved.REFUND,
    MoveKind.REFUND_FAILED: Moved.REFUND_FAILED,
    MoveKind.DISPUTE: Moved.DISPUTE,
    MoveKind.DISPUTE_REVERSED: Moved.DISPUTE_WON,
    MoveKind.TRANSFER: Moved.TRANSFER,
    MoveKind.TRANSFER_REVERSED: Moved.TRANSFER_REVERSED,
    MoveKind.PAYOUT: Moved.BANK,
    MoveKind.PAYOUT_REVERSED: Moved.BANK_FAILED,
    MoveKind.FEE: Moved.FEE,
    MoveKind.OTHER: Moved.OTHER,
}


class Fetching:
    """Fetches through the gateway, and writes. Every call may raise what the gateway's calls do."""

    def __init__(self, database: Database, gateway: PaymentGateway) -> None:
        self._db = database
        self._gateway = gateway

    def fetch(self, actor: Actor) -> int:
        """Fetch what is new, post what follows from it and from what waited. Returns how many movements are new.

        It begins with the newest that is known, in a new file with the first payment. Who is stopped on the way goes on
        there: the oldest are written first."""
        with self._db.read() as view:
            known = view.matching.newest_fetched() or view.matching.first_taken()
            now = view.clock.now()
        if known is None:
            return 0
        fresh, since = 0, known - OVERLAP
        while since + SPAN < now:
            fresh += self.keep(actor, list(self.moves(since, since + SPAN)))
            since += SPAN
        fresh += self.keep(actor, list(self.moves(since, None)))
        self._arrivals(actor)
        self.catch_up(actor)
        return fresh

    def moves(
        self,
        since: datetime | None,
        until: datetime | None,
        seen: Callable[[int], object] | None = None,
    ) -> Iterator[BalanceMove]:
        """The provider's own, from `since` to before `until`, newest first. `seen` is told after every page how many
        there were so far."""
        after: str | None = None
        count = 0
        while True:
            page = self._gateway.balance_transactions(since=since, until=until, after=after)
            count += len(page.items)
            if seen is not None:
                seen(count)
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def keep(self, actor: Actor, moves: Sequence[BalanceMove]) -> int:
        """Write those that are not here yet, oldest first, with what follows from each. Returns how many."""
        fresh = 0
        in_order = sorted(moves, key=lambda move: (move.created_at, move.ref))
        for at in range(0, len(in_order), AT_ONCE):
            some = in_order[at : at + AT_ONCE]
            with self._db.read() as view:
                if len(view.matching.known_moves(move.ref for move in some)) == len(some):
                    continue
            with self._db.write(Commit.MOVES_FETCH, actor) as work:
                here = work.matching.known_moves(move.ref for move in some)
                rows = [_row(move) for move in some if move.ref not in here]
                post_from(work, rows)
                work.matching.add(*rows)
                work.commit()
            fresh += len(rows)
        return fresh

    def catch_up(self, actor: Actor) -> None:
        """Post what waited for a payment or refund of ours to be complete."""
        with self._db.read() as view:
            waiting = [row.id for row in ready(view, view.matching.open_moves(OPEN_AT_MOST))]
        for at in range(0, len(waiting), AT_ONCE):
            with self._db.write(Commit.MOVES_FETCH, actor) as work:
                post_from(work, work.matching.some(waiting[at : at + AT_ONCE]))
                work.commit()

    def _arrivals(self, actor: Actor) -> None:
        """What was on its way to the bank is there, or came back."""
        with self._db.read() as view:
            on_the_way = [
                (row.id, row.source_ref)
                for row in view.matching.open_moves(OPEN_AT_MOST)
                if row.kind is Moved.BANK and row.posted and row.source_ref is not None
            ]
        for row_id, ref in on_the_way:
            payout = self._gateway.get_bank_payout(ref)
            if payout.state is BankPayoutState.ON_THE_WAY:
                continue
            with self._db.write(Commit.MOVES_FETCH, actor) as work:
                row = work.matching.get(row_id)
                if row.is_open:
                    if payout.state is BankPayoutState.ARRIVED:
                        note(
                            work,
                            row,
                            [ledger.provider_payout_arrived_entry(Money(-row.amount, row.currency))],
                        )
                    row.is_open = False
                    work.commit()


def _row(move: BalanceMove) -> ProviderMove:
    about = move.source_amount or (move.amount if move.amount.minor >= 0 else -move.amount)
    sign = -1 if move.amount.minor < 0 else 1
    return ProviderMove(
        id=new_id(),
        ref=move.ref,
        kind=MOVED[move.kind],
        amount=move.amount.minor,
        fee=move.fee.minor,
        currency=move.amount.currency,
        source_ref=move.source_ref,
        source_amount=sign * about.minor,
        source_currency=about.currency,
        payment_ref=move.payment_ref,
        our_id=move.our_id,
        created_at=move.created_at,
        available_at=move.available_at,
        posted=[],
        is_open=True,
    )
