"""Whose word is needed where something is scarce: a port. Seats that this desk was not granted, money that goes out,
numbers, and what one desk does for all of them.

A desk alone says yes to itself (`DeskAlone`). In an agency with a central database that one is asked. Every method may
go over the network, so none is called inside a transaction; none raises because nobody answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Protocol, TypeVar
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.errors import AnotherDeskHasIt, NotPermitted, SeatsGone, WaitsForCentral

T = TypeVar("T")

WAITS = "It waits for the central database."
"""What is said of what cannot go on while there is no connection."""


class ClaimKind(StrEnum):
    """What money goes out by."""

    REFUND = "refund"
    PAYOUT = "payout"
    TAKE_BACK = "take_back"


class ApprovalKind(StrEnum):
    """What needs the person's own login, and what the id is of."""

    PAYOUT_BATCH = "payout_batch"
    REFUND_ORDER = "refund_order"
    USER = "user"


class Word(Enum):
    """What is answered."""

    YES = auto()
    NO = auto()  # for good: another desk has it, or the person may not
    WAITS = auto()  # nobody answers, or nothing is given at present


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim. `why` is a sentence wherever it is not a yes; `held_by` the name of the desk that has it.

    `taken_over`: another desk had it, which was written off since, and may have sent it; look before sending."""

    word: Word
    why: str = ""
    held_by: str = ""
    taken_over: bool = False

    @property
    def granted(self) -> bool:
        return self.word is Word.YES

    @classmethod
    def held(cls, desk: str) -> Claim:
        """Another desk sends it."""
        return cls(Word.NO, f"Desk {desk} has it.", held_by=desk)

    @classmethod
    def waits(cls, why: str = WAITS) -> Claim:
        return cls(Word.WAITS, why)


@dataclass(frozen=True, slots=True)
class Approval:
    """Whether a person's decision is written down where it counts. `why` is a sentence wherever it is not."""

    word: Word
    why: str = ""

    @property
    def granted(self) -> bool:
        return self.word is Word.YES


YES = Claim(Word.YES)
APPROVED = Approval(Word.YES)


def refuse_unclaimed(claim: Claim) -> None:
    """Raises `AnotherDeskHasIt` or `WaitsForCentral` where it is not a yes."""
    if claim.word is Word.WAITS:
        raise WaitsForCentral(claim.why)
    if not claim.granted:
        raise AnotherDeskHasIt(claim.why)


def refuse_unapproved(approval: Approval) -> None:
    """Raises `NotPermitted` or `WaitsForCentral` where it is not a yes."""
    if approval.word is Word.WAITS:
        raise WaitsForCentral(approval.why)
    if not approval.granted:
        raise NotPermitted(
            approval.why, hint="Sign in there with your own login: Settings, Central database."
        )


class Authority(Protocol):
    def reached(self) -> bool:
        """Whether more seats than the desk was granted could be asked for now. Goes nowhere to find out."""
        ...

    def more_seats(self, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> bool:
        """Ask for what this desk's grant lacks to have `seats` free of a departure, where they are numbered those with
        `labels` first; True if the grant was raised, and the file has it."""
        ...

    def allotment(self, capacity: int) -> int:
        """How many seats of a departure that this desk has wholly are its share; all of them while nobody answers."""
        ...

    def claim(self, kind: ClaimKind, thing: UUID, amount: Money) -> Claim:
        """Take what sends money out for this desk, before the provider is called. What it has it is given again."""
        ...

    def numbers(self, kind: str, year: int) -> bool:
        """Ask for the next block of a number series; True if one was given, and the file has it."""
        ...

    def chores(self) -> bool:
        """Whether this desk does what runs by itself for the whole agency, for some minutes from now."""
        ...

    def approve(self, kind: ApprovalKind, thing: UUID, person: UUID) -> Approval:
        """Write down by the person's own login that they decide on it, before the decision is committed here."""
        ...


class DeskAlone:
    """There is nobody else: the desk's grant is all there is, and what it does is done once."""

    def reached(self) -> bool:
        return False

    def more_seats(self, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> bool:
        return False

    def allotment(self, capacity: int) -> int:
        return capacity

    def claim(self, kind: ClaimKind, thing: UUID, amount: Money) -> Claim:
        return YES

    def numbers(self, kind: str, year: int) -> bool:
        return False

    def chores(self) -> bool:
        return True

    def approve(self, kind: ApprovalKind, thing: UUID, person: UUID) -> Approval:
        return APPROVED


def with_more_seats(
    authority: Authority, departure_id: UUID, seats: int, act: Callable[[], T], labels: Sequence[str] = ()
) -> T:
    """What `act` gives. Where it raises `SeatsGone` the desk asks once for what it lacks to have `seats` free, with
    these labels where they are numbered, and it is tried again if something came."""
    try:
        return act()
    except SeatsGone:
        if not authority.more_seats(departure_id, seats, labels):
            raise
        return act()
