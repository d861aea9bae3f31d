"""The services' `Authority`, answered by the hub.

What is given comes into the file by the page that has it, as everywhere; so whoever asked waits for a turn. Where there
is no connection the answer is that it waits, never an error.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from time import monotonic
from typing import Protocol
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.errors import Refusal
from travellr_desktop.services.authority import (
    APPROVED,
    YES,
    Approval,
    ApprovalKind,
    Claim,
    ClaimKind,
    Word,
)
from travellr_desktop.storage.scarce import desks_here, own_grant, spare_elsewhere
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.connecting import HubDeclines
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.refusals import SyncRefusal

log = logging.getLogger(__name__)

ASK_AGAIN_S = (0.2, 0.4, 0.8, 1.6)
"""How long others are given to let go of seats that they do not need, before they are asked for once more."""

RENEW_BEFORE_S = 60.0
"""The lease of the chores is renewed so long before it ends."""

NO_LOGIN = "This needs the person's own sign-in at the central database."


class Line(Protocol):
    """The one connection of a desk."""

    def reached(self) -> bool:
        """Whether there is one, as far as is known without asking."""
        ...

    def borrowed(self) -> AbstractContextManager[Hub]:
        """For a call that somebody waits for. Raises a `SyncRefusal` where there is none."""
        ...

    def catch_up(self, hub: Hub) -> None:
        """Have in the file what was done at the hub until now, with the connection borrowed."""
        ...


class HubAuthority:
    """`as_person` opens a connection by a person's own sign-in, or gives None where they have none here. `pause` waits
    so many seconds."""

    def __init__(
        self,
        database: Database,
        line: Line,
        *,
        as_person: Callable[[UUID], AbstractContextManager[Hub] | None] = lambda _person: None,
        pause: Callable[[float], object] = lambda seconds: threading.Event().wait(seconds),
    ) -> None:
        self._db = database
        self._line = line
        self._as_person = as_person
        self._pause = pause
        self._leads_until = 0.0

    def reached(self) -> bool:
        return self._line.reached()

    def more_seats(self, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> bool:
        wanted, others = self._lacking(departure_id, seats, labels)
        if wanted <= 0:
            return True  # they came meanwhile
        try:
            missing = wanted - self._ask(departure_id, wanted, others)
            for pause in ASK_AGAIN_S:
                if missing <= 0 or not self._spare(departure_id):
                    break
                self._pause(pause)
                missing -= self._ask(departure_id, missing, others)
        except SyncRefusal as silence:
            log.info("no seats are asked for: %s", silence)
            return False
        return missing < wanted

    def _lacking(self, departure_id: UUID, seats: int, labels: Sequence[str]) -> tuple[int, list[str]]:
        """How many seats there are too few here, and which of the labels are not this desk's."""
        with self._db.read() as view:
            grant = own_grant(view.connection, departure_id)
            ours = view.seats.ours(departure_id) or frozenset()
        free = 0 if grant is None else grant[1] - grant[2]
        others = [label for label in labels if label not in ours]
        return max(seats - free, len(others)), others

    def _ask(self, departure_id: UUID, seats: int, labels: Sequence[str]) -> int:
        with self._line.borrowed() as hub:
            given = hub.ask_seats(departure_id, seats, labels)
            self._line.catch_up(hub)
        return given

    def _spare(self, departure_id: UUID) -> int:
        with self._db.read() as view:
            return spare_elsewhere(view.connection, departure_id)

    def allotment(self, capacity: int) -> int:
        with self._db.read() as view:
            desks = desks_here(view.connection)
        try:
            with self._line.borrowed():
                return -(-capacity // max(desks, 1))
        except SyncRefusal:
            return capacity  # nobody else knows of the departure yet

    def claim(self, kind: ClaimKind, thing: UUID, amount: Money) -> Claim:
        try:
            with self._line.borrowed() as hub:
                said = hub.claim(kind.value, thing, amount.minor, amount.currency)
        except SyncRefusal:
            return Claim.waits()
        except HubDeclines as declined:
            return Claim(Word.NO, str(declined))
        if said["word"] == "waits":
            return Claim.waits(said["why"])
        if said["word"] == "no":
            return Claim.held(said["held_by"])
        return Claim(Word.YES, taken_over=True) if said["taken_over"] else YES

    def numbers(self, kind: str, year: int) -> bool:
        try:
            with self._line.borrowed() as hub:
                hub.numbers(kind, year)
                self._line.catch_up(hub)
        except SyncRefusal:
            return False
        return True

    def chores(self) -> bool:
        now = monotonic()
        if now < self._leads_until - RENEW_BEFORE_S:
            return True
        try:
            with self._line.borrowed() as hub:
                lasts = hub.lease()
        except SyncRefusal:
            return now < self._leads_until
        self._leads_until = now + lasts if lasts > 0 else 0.0
        return lasts > 0

    def approve(self, kind: ApprovalKind, thing: UUID, person: UUID) -> Approval:
        try:
            own = self._as_person(person)
            if own is None:
                return Approval(Word.NO, NO_LOGIN)
            with own as hub:
                hub.approve(kind.value, thing)
        except SyncRefusal as silence:
            return Approval(Word.WAITS, str(silence))
        except Refusal as refusal:
            return Approval(Word.NO, str(refusal))
        return APPROVED
