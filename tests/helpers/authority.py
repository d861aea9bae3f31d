"""Whom a desk asks that is not alone, with answers that a test sets: nobody answers, another desk has it, yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.services.authority import (
    APPROVED,
    WAITS,
    YES,
    Approval,
    ApprovalKind,
    Claim,
    ClaimKind,
    Word,
)


@dataclass
class Central:
    """Gives what is claimed to this desk, once each, unless it is silent or another desk has it."""

    connected: bool = True
    held: dict[UUID, str] = field(default_factory=dict)  # what other desks have, by their names
    over: set[UUID] = field(default_factory=set)  # what desks had that were written off since
    leads: bool = True
    approves: bool = True
    share: int | None = None
    claimed: list[tuple[ClaimKind, UUID, Money]] = field(default_factory=list)
    approved: list[tuple[ApprovalKind, UUID, UUID]] = field(default_factory=list)
    asked: list[tuple[object, ...]] = field(default_factory=list)
    give_seats: Callable[[UUID, int], bool] = lambda departure, seats: False
    give_numbers: Callable[[str, int], bool] = lambda kind, year: False

    def reached(self) -> bool:
        return self.connected

    def more_seats(self, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> bool:
        self.asked.append(("seats", departure_id, seats))
        return self.connected and self.give_seats(departure_id, seats)

    def allotment(self, capacity: int) -> int:
        return capacity if self.share is None else min(self.share, capacity)

    def claim(self, kind: ClaimKind, thing: UUID, amount: Money) -> Claim:
        if not self.connected:
            return Claim.waits()
        if thing in self.held:
            return Claim.held(self.held[thing])
        self.claimed.append((kind, thing, amount))
        return Claim(Word.YES, taken_over=True) if thing in self.over else YES

    def numbers(self, kind: str, year: int) -> bool:
        self.asked.append(("numbers", kind, year))
        return self.connected and self.give_numbers(kind, year)

    def chores(self) -> bool:
        return self.connected and self.leads

    def approve(self, kind: ApprovalKind, thing: UUID, person: UUID) -> Approval:
        if not self.connected:
            return Approval(Word.WAITS, WAITS)
        if not self.approves:
            return Approval(Word.NO, "This login may not approve it.")
        self.approved.append((kind, thing, person))
        return APPROVED
