"""What a vendor's statement says: how its figure came about, and every line behind it.

Amounts are minor units of one currency, with the sign with which they count for the vendor. A booking's line is its
retail price, less the agency's commission; what was taken back of it is a line of its own, with both signs turned
round. Lines that stood on an earlier statement and were not paid since are carried in as one sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from travellr_desktop.domain.ledger import LedgerEvent
from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.domain.states import PayoutState

_CAME_BACK = frozenset(
    {LedgerEvent.PAYOUT_FAILED, LedgerEvent.TRANSFER_REVERSED, LedgerEvent.PAYOUT_RETURNED}
)
_OF_BOOKINGS = frozenset({LineKind.NORMAL, LineKind.REVERSED})


@dataclass(frozen=True, slots=True)
class Share:
    """A vendor's line of the ledger: `amount` is theirs, `commission` what the agency earned with it (below zero where
    it gave that up). `carried`: it stood on an earlier statement."""

    entry_id: UUID
    event: LedgerEvent
    booking_id: UUID | None
    amount: int
    commission: int = 0
    carried: bool = False

    @property
    def kind(self) -> LineKind:
        if self.booking_id is not None:
            return LineKind.NORMAL if self.amount > 0 else LineKind.REVERSED
        return LineKind.RETURNED if self.event in _CAME_BACK else LineKind.ADJUSTMENT


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a statement: `retail` with `commission` taken off it (so below zero as a rule) is `net`. `event` says
    why; `entry_ids` are the lines of the ledger behind it."""

    kind: LineKind
    event: LedgerEvent
    booking_id: UUID | None
    entry_ids: tuple[UUID, ...]
    retail: int
    commission: int

    @property
    def net(self) -> int:
        return self.retail + self.commission


@dataclass(frozen=True, slots=True)
class Figures:
    """The head of a statement. `bookings` is how many have earned something on it."""

    charges: int = 0
    refunds: int = 0
    adjustments: int = 0  # by hand, payouts that came back, what goes from one to the next
    commission: int = 0
    carried_in: int = 0
    bookings: int = 0

    @property
    def total(self) -> int:
        return self.charges + self.refunds + self.adjustments + self.commission + self.carried_in

    def carried_out(self, *, paid: bool) -> int:
        """What the next statement begins with, if all of it is still there then."""
        return 0 if paid else self.total


def items(shares: Iterable[Share]) -> tuple[Item, ...]:
    """The lines of a statement, in the order in which their first shares come: one for all that a booking got, or gave
    back, for the same reason; one each for what has no booking. What is carried in is none of them."""
    together: dict[tuple[object, ...], list[Share]] = {}
    for share in shares:
        if not share.carried:
            own = share.entry_id if share.booking_id is None else None
            together.setdefault((share.booking_id, share.kind, share.event, own), []).append(share)
    return tuple(map(_item, together.values()))


def figures(shares: Iterable[Share]) -> Figures:
    """What these come to: each of them counts in it once."""
    every = tuple(shares)
    lines = items(every)
    bookings = {line.booking_id for line in lines if line.kind is LineKind.NORMAL}
    return Figures(
        charges=sum(line.retail for line in lines if line.kind is LineKind.NORMAL),
        refunds=sum(line.retail for line in lines if line.kind is LineKind.REVERSED),
        adjustments=sum(line.retail for line in lines if line.kind not in _OF_BOOKINGS),
        commission=sum(line.commission for line in lines),
        carried_in=sum(share.amount for share in every if share.carried),
        bookings=len(bookings),
    )


def _item(shares: Sequence[Share]) -> Item:
    first = shares[0]
    commission = sum(share.commission for share in shares)
    return Item(
        kind=first.kind,
        event=first.event,
        booking_id=first.booking_id,
        entry_ids=tuple(share.entry_id for share in shares),
        retail=sum(share.amount for share in shares) + commission,
        commission=-commission,
    )


class StatementState(StrEnum):
    """Where the money of a statement is now. FAILED: it has come back, and stands on a later statement or is tried
    again. CARRIED: nothing was paid, the next statement begins with it."""

    APPROVED = "approved"
    SENDING = "sending"
    PAID = "paid"
    FAILED = "failed"
    CARRIED = "carried"


STATES: Mapping[PayoutState, StatementState] = MappingProxyType(
    {
        PayoutState.APPROVED: StatementState.APPROVED,
        PayoutState.SENDING: StatementState.SENDING,
        PayoutState.UNKNOWN: StatementState.SENDING,
        PayoutState.PAID: StatementState.PAID,
        PayoutState.FAILED: StatementState.FAILED,
        PayoutState.REVERSED: StatementState.FAILED,
        PayoutState.RETURNED: StatementState.FAILED,
    }
)
"""Of a statement by the state of its payout, as it was tried last."""


def state_of(payout: PayoutState | None) -> StatementState:
    """None: there is no payout."""
    return StatementState.CARRIED if payout is None else STATES[payout]
