"""Who is paid in a batch and who is not, and the mark by which an approver says what they saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from travellr_desktop.domain.payouts.figures import NONE_APART, Apart, Figures
from travellr_desktop.domain.payouts.minimums import in_steps, is_enough
from travellr_desktop.domain.payouts.words import LeftOut, PayoutWay, VendorPaper

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class PaidTo:
    """Where a vendor is paid: by the provider to `account_ref`, or by the agency's bank to `iban`. `label` is what
    people know it by."""

    way: PayoutWay
    label: str
    account_ref: str = ""
    iban: str = ""
    bic: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Why somebody is left out; `detail` is what the reason is about: a word of whoever left them out, the papers, what
    the provider asks for."""

    reason: LeftOut
    detail: str = ""


def kept_detail(left: Left, least: int | None) -> str:
    """What is kept with a reason, so that it says the same whatever is agreed later: of who is below the minimum, how
    much was asked for, in minor units."""
    return str(least) if left.reason is LeftOut.BELOW_MINIMUM and least is not None else left.detail


def kept_minimum(reason: LeftOut, detail: str) -> int | None:
    """How much was asked for, in minor units, of who was left out for being below it; None of others, and where it was
    not kept yet."""
    return int(detail) if reason is LeftOut.BELOW_MINIMUM and detail.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Case:
    """A vendor in one currency. `disputed_of` are references of bookings. `minimum` is in minor units, None where none
    is known. `step`: whoever pays them pays whole steps of so many minor units. `unreached` is why their bank cannot
    pay in the currency, "" where it can. `by_hand` is why somebody keeps them out, None where nobody does; `trouble`
    what the provider says against their account, None where it is ready or was not asked."""

    vendor_id: UUID
    name: str
    currency: str
    figures: Figures
    held: Apart = NONE_APART
    disputed: Apart = NONE_APART
    disputed_of: tuple[str, ...] = ()
    minimum: int | None = None
    paid_to: PaidTo | None = None
    step: int = 1
    active: bool = True
    unreached: str = ""
    other_schedule: bool = False
    by_hand: str | None = None
    papers: tuple[VendorPaper, ...] = ()
    trouble: str | None = None

    @property
    def key(self) -> tuple[UUID, str]:
        return self.vendor_id, self.currency

    @property
    def paying(self) -> Figures:
        """How what they are paid comes about, if they are."""
        return self.figures.in_steps(self.step)

    @property
    def rest(self) -> int:
        """What of their lines is less than a step, and goes to the next payout."""
        return self.figures.to_pay - self.paying.to_pay

    @property
    def least(self) -> int | None:
        """From how many minor units on they are paid; None where no minimum is known."""
        return in_steps(self.minimum, self.step)

    @property
    def would_be(self) -> int:
        """What is left out with them: of who has nothing but lines apart, those."""
        return self.figures.to_pay if self.figures.lines else self.held.amount + self.disputed.amount


def why_left_out(case: Case) -> Left | None:
    """The first reason that applies; None for who is paid as far as is known before the money is counted.

    Whoever is not active any more earns nothing more: that is told before any minimum."""
    due = case.figures.to_pay
    if case.other_schedule:
        return Left(LeftOut.OTHER_SCHEDULE)
    if case.by_hand is not None:
        return Left(LeftOut.BY_HAND, case.by_hand)
    if not case.figures.lines:
        if case.disputed.lines:
            return Left(LeftOut.DISPUTED, ", ".join(case.disputed_of))
        return Left(LeftOut.HOLDBACK)
    if due < 0:
        return Left(LeftOut.NEGATIVE)
    if not case.active:
        return Left(LeftOut.INACTIVE)
    if case.least is None:
        return Left(LeftOut.NO_MINIMUM)
    if not is_enough(due, case.least):
        return Left(LeftOut.BELOW_MINIMUM)
    if case.paid_to is None or case.unreached:
        return Left(LeftOut.NO_ACCOUNT, case.unreached)
    if case.papers:
        return Left(LeftOut.DOCUMENT_MISSING, ", ".join(case.papers))
    if case.trouble is not None:
        return Left(LeftOut.ACCOUNT_NOT_READY, case.trouble)
    return None


def within_funds(wanted: Sequence[tuple[K, int]], available: int) -> frozenset[K]:
    """Who can be paid out of what is there, in the order given: each for whom enough is left. None of them in part."""
    paid = set()
    for key, amount in wanted:
        if amount <= available:
            available -= amount
            paid.add(key)
    return frozenset(paid)


@dataclass(frozen=True, slots=True)
class Decided:
    """A case and what became of it."""

    case: Case
    left: Left | None

    @property
    def counts(self) -> bool:
        """Whether approving a batch does anything about it: pays them, or says why not."""
        return self.case.figures.lines > 0 and not self.case.other_schedule


def digest(batch_id: UUID, decided: Iterable[Decided]) -> str:
    """The mark of all that approving a batch would do: another vendor, figure, account or reason makes another. What is
    only shown beside, held and disputed money, is not of it, nor the order."""
    rows = sorted(_says(each) for each in decided if each.counts)
    return hashlib.sha256(json.dumps([batch_id.hex, *rows], ensure_ascii=False).encode()).hexdigest()


def differing(seen: Iterable[Decided], now: Iterable[Decided]) -> tuple[tuple[UUID, str], ...]:
    """Of which vendors and currencies approving would do something else by now, in the order of the newer ones; those
    that are gone come last."""
    before = {each.case.key: _says(each) for each in seen if each.counts}
    after = {each.case.key: _says(each) for each in now if each.counts}
    gone = (key for key in before if key not in after)
    return (*(key for key, says in after.items() if before.get(key) != says), *gone)


def _says(decided: Decided) -> list[str | int]:
    case, left = decided.case, decided.left
    of = case.figures
    account: list[str | int] = []
    if left is None and case.paid_to is not None:
        to = case.paid_to
        account = [to.way.value, to.label, to.account_ref, to.iban, to.bic, to.holder, case.rest]
    return [
        case.vendor_id.hex,
        case.currency,
        "" if left is None else left.reason.value,
        *(of.bookings, of.lines, of.gross, of.commission, of.refunds, of.adjustments, of.carried_in),
        *account,
    ]
