"""The till's forms and answers: what is counted and moved, and how the till stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.cash_count import CashCount, DayClose
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.services.till_figures import TillReport


@dataclass(frozen=True, slots=True)
class Drawer:
    """What the books have in a till that is closed: what `stayed` in it at the last close, and what came `since`."""

    stayed: Money
    since: Money

    @property
    def expected(self) -> Money:
        return self.stayed + self.since


@dataclass(frozen=True, slots=True)
class TillRules:
    """`cash_needs_till`: no cash is taken while the till is closed. `pay_out_limit`: what may be paid out of it at once
    without a manager, in minor units of the agency's currency."""

    cash_needs_till: bool
    pay_out_limit: Money


@dataclass(frozen=True, slots=True)
class TillStatus:
    """The till now: the session that is `open`, or the drawers of a till that is closed, the agency's currency first.
    `number` is that of the open session, or of the next. `first`: no till was ever opened at this desk. `beyond`:
    whether who asks may go beyond the limit."""

    number: int
    open: TillReport | None
    drawers: tuple[Drawer, ...]
    first: bool
    rules: TillRules
    beyond: bool
    desk_name: str


@dataclass(frozen=True, slots=True)
class FloatCount:
    """A till as it is opened: what lies in it, and what of that was just fetched from the safe (below zero: what was
    put away there first)."""

    count: CashCount
    from_safe: Money


@dataclass(frozen=True, slots=True)
class CloseCount:
    """A till as it is closed: what lies in it, and how much of that is to stay for the next day."""

    count: CashCount
    stays: Money


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """Cash in or out by hand: `account` is where it comes from or goes to (`domain.till.SIDES`)."""

    kind: MoveKind
    amount: Money
    account: Account
    reason: str


@dataclass(frozen=True, slots=True)
class CurrencyClose:
    """One currency at the close: `stays` are the pieces that are left in the till, `safe` those that go away."""

    close: DayClose
    stays: CashCount
    safe: CashCount


@dataclass(frozen=True, slots=True)
class ClosePreview:
    """What a close would write. `report` is the session as it stands."""

    report: TillReport
    closes: tuple[CurrencyClose, ...]

    @property
    def needs_reason(self) -> bool:
        return any(each.close.needs_reason for each in self.closes)

    @property
    def expected(self) -> tuple[Money, ...]:
        """What is handed back in, so that the close does what was shown."""
        return tuple(each.close.expected for each in self.closes)


@dataclass(frozen=True, slots=True)
class ClosedTill:
    """A line of the history: amounts in the agency's currency, `others` whether there were more currencies."""

    session_id: UUID
    number: int
    opened_at: datetime
    closed_at: datetime
    closed_by: str
    expected: Money
    counted: Money
    difference: Money
    to_safe: Money
    others: bool
