"""Both sides of some days: what the books posted on the provider's account, and what the provider's own list says.

The provider is asked anew for these days, outside any view of the file: what was fetched before may have been of a
movement that is not there any more. A movement whose other half is on a day outside is completed from there, so that
what lies on an edge is no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.matching import SAME_MOMENT, Moved, OurMove, TheirMove
from travellr_desktop.domain.money import Money
from travellr_desktop.payments.gateway import BalanceMove
from travellr_desktop.services.matching.fetching import MOVED
from travellr_desktop.storage.models import ProviderMove
from travellr_desktop.storage.repositories import StripeRow
from travellr_desktop.storage.uow import Reading

_OWN = frozenset({Moved.FEE, Moved.BANK, Moved.BANK_FAILED, Moved.OTHER})
"""What is of no payment, refund, dispute or payout: such a movement is its own object."""

_OF_PAYMENT = frozenset({Moved.PAYMENT, Moved.DISPUTE, Moved.DISPUTE_WON})


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared. `known` are the refs of payments, refunds, payouts and their reversals of ours."""

    ours: tuple[OurMove, ...]
    theirs: tuple[TheirMove, ...]
    known: frozenset[str]


@dataclass(slots=True)
class _Gathered:
    """What was posted for one object, in minor units by currency. `exchanged` is what came of exchanges, and is below
    zero in the currency that was given."""

    row_id: UUID | None
    at: datetime
    amount: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    exchanged: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    fee: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))


def object_of(kind: Moved, ref: str, source_ref: str | None, payment_ref: str | None) -> str:
    """By which ref a movement and the books name the same object: a payment, and a dispute of it, by the payment; a
    refund by its own; all else by the source, or the movement where it has none."""
    if kind in _OF_PAYMENT and payment_ref is not None:
        return payment_ref
    return ref if kind in _OWN or source_ref is None else source_ref


def their_move(move: BalanceMove | ProviderMove) -> TheirMove:
    """A movement as it is compared. Where the balance is in the sale's currency, what moved on it is the amount."""
    if isinstance(move, ProviderMove):
        kind, settled, fee = move.kind, Money(move.amount, move.currency), Money(move.fee, move.currency)
        about: Money | None = Money(abs(move.source_amount), move.source_currency)
    else:
        kind, settled, fee, about = MOVED[move.kind], move.amount, move.fee, move.source_amount
    amount = settled
    if about is not None and about.currency != settled.currency:
        amount = -about if settled.minor < 0 else about
    ref = object_of(kind, move.ref, move.source_ref, move.payment_ref)
    return TheirMove(kind, ref, move.ref, amount, settled, fee, move.created_at)


def sides(view: Reading, moves: Iterable[BalanceMove], since: datetime, until: datetime) -> Sides:
    """Both sides from `since` to before `until`. `moves` is what the provider lists for these days."""
    theirs = {move.ref: their_move(move) for move in moves}
    repo = view.matching
    rows = {row.id: row for row in repo.posted_between(since - SAME_MOMENT, until + SAME_MOMENT)}
    # the other half of each, whenever it was
    refs = {move.ref for move in theirs.values()} | {row.ref for row in rows.values() if row.ref is not None}
    payments, refunds = repo.payments_by_ref(refs), repo.refunds_by_ref(refs)
    rows |= {row.id: row for row in repo.posted_for(payments=payments.values(), refunds=refunds.values())}
    payouts, take_backs = repo.payouts_by_ref(refs), repo.take_backs_by_ref(refs)
    vendors = repo.posted_for_vendors(payouts=payouts.values(), take_backs=take_backs.values())
    rows |= {row.id: row for row in vendors}
    kept = repo.about(refs, payments)
    owned = _owned([*repo.fetched(theirs).values(), *kept])
    rows |= {row.id: row for row in repo.posted_as(owned)}
    outside = {row.ref: their_move(row) for row in kept if not since <= row.created_at < until}
    ours = _ours(rows.values(), owned)
    inside = _touching(ours, theirs.values(), since, until)
    return Sides(
        tuple(move for move in ours if (move.kind, move.ref) in inside),
        tuple(move for move in (outside | theirs).values() if (move.kind, move.ref) in inside),
        frozenset((*payments, *refunds, *payouts, *take_backs)),
    )


def _touching(
    ours: Iterable[OurMove], theirs: Iterable[TheirMove], since: datetime, until: datetime
) -> set[tuple[Moved, str]]:
    """The objects that moved within these days on either side."""
    return {(move.kind, move.ref) for move in theirs} | {
        (move.kind, move.ref) for move in ours if since <= move.at < until
    }


def _owned(moves: Iterable[ProviderMove]) -> dict[UUID, tuple[Moved, str]]:
    """The ledger's rows that were posted from a movement that is its own object, and of which."""
    return {
        UUID(row_id): (move.kind, object_of(move.kind, move.ref, move.source_ref, move.payment_ref))
        for move in moves
        for row_id in move.posted
    }


def _ours(rows: Iterable[StripeRow], owned: dict[UUID, tuple[Moved, str]]) -> list[OurMove]:
    found: dict[tuple[Moved, str], _Gathered] = {}
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        key = _object(row, owned)
        if key is None:
            continue
        gathered = found.setdefault(key, _Gathered(row.refund_id or row.payment_id, row.at))
        if row.against is Account.EXCHANGE:
            gathered.exchanged[row.currency] += row.amount
        elif row.against is Account.PROCESSOR_FEES and key[0] is not Moved.FEE:
            gathered.fee[row.currency] -= row.amount
        else:
            gathered.amount[row.currency] += row.amount
    moves = (_move(key, gathered) for key, gathered in found.items())
    return [move for move in moves if move is not None]


def _object(row: StripeRow, owned: dict[UUID, tuple[Moved, str]]) -> tuple[Moved, str] | None:
    """What an entry is part of, None where it is of nothing that the provider lists."""
    if row.id in owned:
        return owned[row.id]
    if row.ref is None:
        return None
    if row.event == LedgerEvent.PAYOUT_SENT:
        return Moved.TRANSFER, row.ref
    if row.event == LedgerEvent.TRANSFER_REVERSED:
        return Moved.TRANSFER_REVERSED, row.ref
    if row.refund_id is not None:
        came_back = row.event == LedgerEvent.REFUND_FAILED_LATE
        return (Moved.REFUND_FAILED if came_back else Moved.REFUND), row.ref
    if row.event in (LedgerEvent.DISPUTE_OPENED, LedgerEvent.DISPUTE_FEE):
        return Moved.DISPUTE, row.ref
    if row.event in (LedgerEvent.DISPUTE_WON, LedgerEvent.DISPUTE_FEE_BACK):
        return Moved.DISPUTE_WON, row.ref
    return Moved.PAYMENT, row.ref


def _move(key: tuple[Moved, str], gathered: _Gathered) -> OurMove | None:
    """What was posted for an object; None where all of it was taken back."""
    amounts = {currency: minor for currency, minor in gathered.amount.items() if minor}
    if not amounts:
        return None
    currency, minor = next(iter(amounts.items()))
    fees = [Money(fee, of) for of, fee in gathered.fee.items() if fee]
    return OurMove(
        key[0],
        key[1],
        gathered.row_id,
        Money(minor, currency),
        _settled(Money(minor, currency), gathered.exchanged),
        fees[0] if fees else None,
        gathered.at,
    )


def _settled(amount: Money, exchanged: dict[str, int]) -> Money | None:
    """What it came to in another currency, None where nothing was exchanged, or not all of it."""
    if exchanged.get(amount.currency, 0) != -amount.minor:
        return None
    others = [Money(minor, currency) for currency, minor in exchanged.items() if currency != amount.currency]
    return others[0] if len(others) == 1 else None
