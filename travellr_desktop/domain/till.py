"""Till sessions: their states, how cash moves in and out of a till by hand, and counts as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from travellr_desktop.domain.cash_count import PIECES, CashCount, Piece, stays
from travellr_desktop.domain.ledger import (
    PAID_IN_FROM,
    PAID_OUT_TO,
    Account,
    Entry,
    drop_entry,
    paid_in_entry,
    paid_out_entry,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput


class TillState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class CountKind(StrEnum):
    """When a till was counted."""

    FLOAT = "float"  # as it was opened
    CLOSE = "close"


class MoveKind(StrEnum):
    """What is done by hand. `PICKUP` is change that is fetched from the safe."""

    PAY_IN = "pay_in"
    PAY_OUT = "pay_out"
    DROP = "drop"
    PICKUP = "pickup"


SIDES: Mapping[MoveKind, tuple[Account, ...]] = MappingProxyType(
    {
        MoveKind.PAY_IN: tuple(each for each in Account if each in PAID_IN_FROM and each is not Account.SAFE),
        MoveKind.PAY_OUT: tuple(each for each in Account if each in PAID_OUT_TO),
        MoveKind.DROP: (Account.SAFE,),
        MoveKind.PICKUP: (Account.SAFE,),
    }
)
"""Where the money of each kind of move comes from, or goes to."""


def move_entry(kind: MoveKind, amount: Money, account: Account) -> Entry:
    """What a move writes into the ledger. Raises `InvalidInput` for an account that is none of its `SIDES`, and for an
    amount that is not above zero."""
    if account not in SIDES[kind]:
        raise InvalidInput(f"Money does not move to or from {account.value!r} like this.", field="account")
    if kind is MoveKind.PAY_OUT:
        return paid_out_entry(amount, to=account)
    if kind is MoveKind.DROP:
        return drop_entry(amount)
    return paid_in_entry(amount, source=account)


def left_in(count: CashCount, wanted: Money) -> CashCount:
    """What of a count stays in the till so that it comes to `wanted`: as `cash_count.stays`. Of a currency that is
    counted by its amount alone, that amount stays. Raises `CurrencyMismatch` for another currency."""
    if PIECES.get(count.currency):
        return stays(count, wanted)
    kept = min(wanted, count.total)
    return CashCount(count.currency, {}, loose=max(kept.minor, 0))


def less(count: CashCount, taken: CashCount) -> CashCount:
    """What is left of a count when a part of it is taken away."""
    pieces = {piece: number - taken.pieces.get(piece, 0) for piece, number in count.pieces.items()}
    return CashCount(count.currency, pieces, count.loose - taken.loose)


def count_to_json(count: CashCount) -> dict[str, Any]:
    """A count as it is kept: `{"n5000": 4, "c200": 3, "loose": 0}`, notes and coins by their minor units."""
    found = {f"{'c' if each.coin else 'n'}{each.minor}": n for each, n in count.pieces.items() if n}
    return {**found, "loose": count.loose}


def count_from_json(currency: str, kept: Mapping[str, Any]) -> CashCount:
    """The count that `count_to_json` wrote. Raises `InvalidInput` where it cannot be one."""
    pieces: dict[Piece, int] = {}
    for name, number in kept.items():
        if name != "loose":
            kind, minor = name[:1], name[1:]
            if kind not in ("n", "c") or not minor.isdigit():
                raise InvalidInput(f"{name!r} is no note or coin.", field="count")
            pieces[Piece(int(minor), coin=kind == "c")] = number
    return CashCount(currency, pieces, kept.get("loose", 0))
