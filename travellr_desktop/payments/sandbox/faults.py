"""Faults that can be switched on one by one, and the sandbox's few settings; both live in its file."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from travellr_desktop.errors import InvalidInput
from travellr_desktop.payments.retries import NETWORK_RETRIES, RATE_LIMIT_WAITS
from travellr_desktop.payments.sandbox import cards
from travellr_desktop.payments.sandbox.operations import Operation


class FaultKind(StrEnum):
    """What goes wrong. "Before" and "after" say whether the effect has happened by then."""

    INSUFFICIENT_FUNDS = "insufficient_funds"
    CARD_DECLINED = "card_declined"
    EXPIRED_CARD = "expired_card"
    AUTHENTICATION_REQUIRED = "authentication_required"
    UNREACHABLE = "unreachable"  # no connection: nothing is sent
    REPLY_LOST_BEFORE = "reply_lost_before"
    REPLY_LOST_AFTER = "reply_lost_after"
    LATE = "late"  # the effect happens, the reply comes after the caller's time-out
    TRUNCATED = "truncated"  # the effect happens, the reply is cut in the middle
    KEY_IN_USE = "409"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR_BEFORE = "500_before"
    SERVER_ERROR_AFTER = "500_after"  # kept under the key as its reply, as Stripe keeps it
    READER_OFFLINE = "reader_offline"
    READER_BUSY = "reader_busy"
    READER_TIMEOUT = "reader_timeout"  # the reader has it, but did not say so in time
    BALANCE_INSUFFICIENT = "balance_insufficient"

    @property
    def requests_until_felt(self) -> int:
        """How many requests in a row must meet it before the gateway's caller does: the rest is retried away."""
        match self:
            case (
                FaultKind.UNREACHABLE
                | FaultKind.REPLY_LOST_BEFORE
                | FaultKind.REPLY_LOST_AFTER
                | FaultKind.LATE
                | FaultKind.KEY_IN_USE
                | FaultKind.SERVER_ERROR_BEFORE
            ):
                return 1 + NETWORK_RETRIES
            case FaultKind.TOO_MANY_REQUESTS:
                return 1 + len(RATE_LIMIT_WAITS)
        return 1


DECLINES: dict[FaultKind, cards.Decline] = {
    FaultKind.INSUFFICIENT_FUNDS: cards.INSUFFICIENT_FUNDS,
    FaultKind.CARD_DECLINED: cards.GENERIC,
    FaultKind.EXPIRED_CARD: cards.EXPIRED,
    FaultKind.AUTHENTICATION_REQUIRED: cards.AUTHENTICATION,
}
READER_TROUBLES = frozenset({FaultKind.READER_OFFLINE, FaultKind.READER_BUSY, FaultKind.READER_TIMEOUT})
ON_ARRIVAL = frozenset(
    {
        FaultKind.UNREACHABLE,
        FaultKind.REPLY_LOST_BEFORE,
        FaultKind.KEY_IN_USE,
        FaultKind.TOO_MANY_REQUESTS,
        FaultKind.SERVER_ERROR_BEFORE,
    }
)
ON_RETURN = frozenset({FaultKind.REPLY_LOST_AFTER, FaultKind.LATE, FaultKind.TRUNCATED})


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is armed. `left` is how many more requests meet it, None: until it is disarmed."""

    id: int
    operation: Operation
    kind: FaultKind
    left: int | None


def possible(operation: Operation, kind: FaultKind) -> bool:
    """Whether the pair makes sense: only where a card is charged can it be declined, only a write has a key and an
    effect."""
    if kind in DECLINES:
        return operation in (Operation.INTENT_CONFIRM, Operation.READER_PRESENT)
    if kind in READER_TROUBLES:
        return operation in (Operation.READER_PROCESS, Operation.READER_CANCEL)
    if kind is FaultKind.BALANCE_INSUFFICIENT:
        return operation in (Operation.TRANSFER_CREATE, Operation.REVERSAL_CREATE)
    if kind in (FaultKind.KEY_IN_USE, FaultKind.SERVER_ERROR_AFTER):
        return operation.writes
    return True


def arm(connection: sqlite3.Connection, operation: Operation, kind: FaultKind, times: int | None) -> Fault:
    if not possible(operation, kind):
        raise InvalidInput(f"{operation} cannot meet the fault {kind}.", field="kind")
    if times is not None and times < 1:
        raise InvalidInput("A fault is armed for at least one request.", field="times")
    cursor = connection.execute(
        "INSERT INTO faults (operation, kind, left) VALUES (?, ?, ?)", (operation.value, kind.value, times)
    )
    return Fault(int(cursor.lastrowid or 0), operation, kind, times)


def armed(connection: sqlite3.Connection) -> tuple[Fault, ...]:
    rows = connection.execute("SELECT seq, operation, kind, left FROM faults ORDER BY seq")
    return tuple(
        Fault(seq, Operation(operation), FaultKind(kind), left) for seq, operation, kind, left in rows
    )


def take(
    connection: sqlite3.Connection, operation: Operation, among: frozenset[FaultKind]
) -> FaultKind | None:
    """The oldest armed fault of these kinds, counted down by one."""
    for fault in armed(connection):
        if fault.operation is operation and fault.kind in among:
            if fault.left == 1:
                connection.execute("DELETE FROM faults WHERE seq = ?", (fault.id,))
            elif fault.left is not None:
                connection.execute("UPDATE faults SET left = left - 1 WHERE seq = ?", (fault.id,))
            return fault.kind
    return None
