"""What is told of statements: who issued them and for whom, their figures, every line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.statement import StatementState, state_of
from travellr_desktop.domain.payouts.words import LeftOut, LineKind
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.states import PayoutState


class Outcome(StrEnum):
    """What became of the money of a statement."""

    PAID = "paid"
    FAILED = "failed"  # and no other try has paid it


@dataclass(frozen=True, slots=True)
class Issuer:
    """The agency as it was when it issued. `address` has lines; `sandbox`: the profile pays into the sandbox, and the
    statement is about no real money."""

    name: str
    desk: str
    legal: str
    address: str
    country: str
    tax_number: str
    registration: str
    contact: str
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """The vendor as it was then. `address` has lines; `account` is where the money goes, "" where nothing is paid.

    `commission_bps` is the rate where all bookings on the statement had the same. `carried_before` is what the
    statement before this one carried out, in minor units: where `carried_in` differs, some of it waits for a dispute,
    or waited until now."""

    name: str
    legal: str
    address: str
    country: str
    tax_number: str
    account: str
    batch: str
    commission_bps: int | None = None
    carried_before: int = 0


@dataclass(frozen=True, slots=True)
class StatementRef:
    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class StatementLineView:
    """`net` = `retail` + `commission`, each with the sign with which it counts."""

    kind: LineKind
    booking_id: UUID | None
    reference: str
    title: str
    departs_at: datetime | None
    zone: str
    pax: int
    retail: Money
    commission: Money
    net: Money


@dataclass(frozen=True, slots=True)
class StatementDetail:
    """A statement whole. All of it is as it was issued, but for three things: `outcome` (None until it is known) with
    `outcome_at`, and `payout`, the state of its money now, None where nothing is paid."""

    id: UUID
    number: str
    batch_id: UUID
    vendor_id: UUID
    currency: str
    first: date
    last: date
    zone: str
    issued_at: datetime
    locale: str
    charges: Money
    refunds: Money
    adjustments: Money
    commission: Money
    carried_in: Money
    total: Money
    carried_out: Money
    carried_from: str
    left_out: LeftOut | None
    minimum: Money | None
    bookings: int
    seller: Issuer
    recipient: Recipient
    outcome: Outcome | None
    outcome_at: datetime | None
    payout: PayoutState | None
    lines: tuple[StatementLineView, ...]

    @property
    def state(self) -> StatementState:
        return state_of(self.payout)

    @property
    def is_paid_out(self) -> bool:
        """Whether a payout was made of it: otherwise all of it is carried forward."""
        return self.payout is not None

    @property
    def issued_on(self) -> date:
        return self.issued_at.astimezone(zone_of(self.zone)).date()
