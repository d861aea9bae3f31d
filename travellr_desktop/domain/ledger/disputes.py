"""A traveller's bank takes a payment back, and it is decided who has the money.

An inquiry moves nothing and has no entry here. While a dispute is open the money is in disputed funds; whose it
was is written only when it is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.ledger.payments import fee_parts
from travellr_desktop.domain.ledger.refunds import RefundedSoFar, given_up
from travellr_desktop.domain.money import Money, round_ratio
from travellr_desktop.errors import InvalidInput


def dispute_opened_entries(
    parts: Mapping[UUID, Money], *, overpaid: Money | None = None, fee: Money | None = None
) -> tuple[Entry, ...]:
    """The bank has taken the money, and the provider its fee: for each booking its part of both, and what had been
    paid too much."""
    return (
        *_each(LedgerEvent.DISPUTE_OPENED, Account.DISPUTED_FUNDS, Account.STRIPE, _with(parts, overpaid)),
        *_each(LedgerEvent.DISPUTE_FEE, Account.PROCESSOR_FEES, Account.STRIPE, _fees(fee, parts)),
    )


def dispute_fee_entries(parts: Mapping[UUID, Money], *, before: Money, now: Money) -> tuple[Entry, ...]:
    """What a dispute has cost by now, where it had cost `before`: the difference, taken or given back, for each booking
    by its part of the dispute; none for nothing."""
    if now < before:
        return _each(
            LedgerEvent.DISPUTE_FEE_BACK, Account.STRIPE, Account.PROCESSOR_FEES, _fees(before - now, parts)
        )
    return _each(LedgerEvent.DISPUTE_FEE, Account.PROCESSOR_FEES, Account.STRIPE, _fees(now - before, parts))


def dispute_won_entries(
    parts: Mapping[UUID, Money], *, overpaid: Money | None = None, fee_back: Money | None = None
) -> tuple[Entry, ...]:
    """The money is back, and the fee where the provider gives it back."""
    return (
        *_each(LedgerEvent.DISPUTE_WON, Account.STRIPE, Account.DISPUTED_FUNDS, _with(parts, overpaid)),
        *_each(LedgerEvent.DISPUTE_FEE_BACK, Account.STRIPE, Account.PROCESSOR_FEES, _fees(fee_back, parts)),
    )


@dataclass(frozen=True, slots=True)
class Earned:
    """The price of a booking whose trip has been, and what was taken back of it earlier. `own` is the discount on
    it that the agency alone bears, in minor units."""

    price: Money
    commission_bps: int
    before: RefundedSoFar = field(default_factory=RefundedSoFar)
    own: int = 0


@dataclass(frozen=True, slots=True)
class KeptOnCancelling:
    """What was kept of a booking and how it was divided (the vendor's part is `net`), and what disputes have taken
    of it since."""

    kept: Split
    lost: Split = field(default_factory=lambda: Split(0, 0))


def dispute_lost_entries(
    amount: Money,
    *,
    booking_id: UUID | None,
    vendor_id: UUID | None,
    promised: Money | None = None,
    overpaid: Money | None = None,
    funds: Money | None = None,
    earned: Earned | None = None,
    kept: KeptOnCancelling | None = None,
) -> tuple[Entry, ...]:
    """The traveller keeps what the bank took: the booking's part of it leaves those that have the money. What had been
    paid too much has no booking, and no vendor.

    In this order, as far as there is: what was `promised` back and has not gone (the bank has given it instead);
    what was `overpaid`; the traveller's `funds`, before the trip; vendor and commission of what was `earned`,
    cumulatively with refunds; vendor and agency of what was `kept`. What is left was given back before, so the
    traveller has it twice and owes it. Raises `InvalidInput` for an amount that is not above zero.
    """
    if amount.minor <= 0:
        raise InvalidInput("A dispute is about more than nothing.", field="amount")
    nothing = Money.zero(amount.currency)
    moves: list[tuple[Account, Money]] = []
    left = amount
    for account, there in (
        (Account.REFUNDS_PAYABLE, promised),
        (Account.OVERPAYMENT, overpaid),
        (Account.TRAVELLER_FUNDS, funds),
    ):
        part = min(left, nothing if there is None else there)
        moves.append((account, part))
        left -= part
    if earned is not None:
        part = min(left, earned.price - Money(earned.before.refunded, amount.currency))
        moves += _borne(_of_earned(part, earned), Account.COMMISSION, amount.currency)
        left -= part
    if kept is not None:
        part = min(left, Money(_whole(kept.kept) - _whole(kept.lost), amount.currency))
        moves += _borne(_of_kept(part.minor, kept), Account.CANCELLATION_REVENUE, amount.currency)
        left -= part
    moves.append((Account.TRAVELLER_RECEIVABLE, left))
    return tuple(
        Entry(
            LedgerEvent.DISPUTE_LOST,
            account,
            Account.DISPUTED_FUNDS,
            part,
            booking_id,
            vendor_id if account is Account.VENDOR_PAYABLE else None,
        )
        for account, part in moves
        if part
    )


_Parts = list[tuple[UUID | None, Money]]


def _with(parts: Mapping[UUID, Money], overpaid: Money | None) -> _Parts:
    return [*parts.items(), *([] if overpaid is None else [(None, overpaid)])]


def _fees(fee: Money | None, parts: Mapping[UUID, Money]) -> _Parts:
    return [] if fee is None else fee_parts(fee, parts)


def _each(event: LedgerEvent, debit: Account, credit: Account, parts: _Parts) -> tuple[Entry, ...]:
    return tuple(Entry(event, debit, credit, part, booking_id) for booking_id, part in parts if part)


def _of_earned(part: Money, earned: Earned) -> Split:
    return given_up(
        part,
        price=earned.price,
        before=earned.before,
        commission_bps=earned.commission_bps,
        own=earned.own,
    )


def _of_kept(part: int, kept: KeptOnCancelling) -> Split:
    """As what was kept was divided, cumulatively: the last part takes what is left on both sides."""
    whole = _whole(kept.kept)
    if not part:
        return Split(0, 0)
    due = round_ratio(kept.kept.net * (_whole(kept.lost) + part), whole) - kept.lost.net
    net = min(max(due, part - (kept.kept.commission - kept.lost.commission), 0), part)
    return Split(part - net, net)


def _whole(parts: Split) -> int:
    return parts.commission + parts.net


def _borne(parts: Split, agencys: Account, currency: str) -> list[tuple[Account, Money]]:
    return [
        (Account.VENDOR_PAYABLE, Money(parts.net, currency)),
        (agencys, Money(parts.commission, currency)),
    ]
