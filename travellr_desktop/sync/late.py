"""The way to a hub, made when it is needed: a desk by itself never loads what speaks to one.

`LateCentral` is the services' `CentralDoor` and their `Authority` in one. Where the file belongs to no hub the desk's
own word is enough, and the door is made when somebody wants to come in.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.events import CentralChanged
from travellr_desktop.services.authority import Approval, ApprovalKind, Authority, Claim, ClaimKind, DeskAlone
from travellr_desktop.services.central.door import Address, Arrived, Found, Gone, Progress, SignIn
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.services.secrets import SecretStore
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database

if TYPE_CHECKING:
    from travellr_desktop.sync.authority import HubAuthority
    from travellr_desktop.sync.door import HubDoor


class LateCentral:
    """May be called from several threads. `arrival` is where a new file is put for the next start to take."""

    def __init__(self, database: Database, secrets: SecretStore, arrival: Path) -> None:
        self._db = database
        self._secrets = secrets
        self._arrival = arrival
        self._alone: Authority = DeskAlone()
        self._lock = threading.Lock()
        self._made: tuple[HubDoor, HubAuthority] | None = None

    def start(self) -> None:
        """Keep in touch from now on, where the file belongs to a hub."""
        if self._belongs():
            self._door.start()

    def stop(self) -> None:
        if self._made is not None:
            self._made[0].stop()

    def _belongs(self) -> bool:
        with self._db.read() as view:
            return view.agency.find() is not None and Outgoing(view.connection).standing().hub_id is not None

    def _both(self) -> tuple[HubDoor, HubAuthority]:
        with self._lock:
            if self._made is None:
                from travellr_desktop.sync.authority import HubAuthority
                from travellr_desktop.sync.door import HubDoor

                door = HubDoor(
                    self._db,
                    self._secrets,
                    self._arrival,
                    lambda _link: self._tell("link"),
                    lambda: self._tell("inbox"),
                )
                self._made = door, HubAuthority(self._db, door, as_person=door.as_person)
            return self._made

    @property
    def _door(self) -> HubDoor:
        return self._both()[0]

    @property
    def _asked(self) -> Authority:
        asks = self._belongs() and not self._db.of_vendor  # who asks for nothing
        return self._both()[1] if asks else self._alone

    def _tell(self, what: str) -> None:
        with self._db.read() as view:
            desk = view.agency.this_desk().id
        self._db.bus.publish(CentralChanged(aggregate_id=desk, timestamp=self._db.clock.now(), what=what))

    # the door

    def link(self) -> Link | None:
        if not self._belongs():
            return None
        return self._door.link() or Link(LinkState.CONNECTING, self._db.clock.now())

    def address(self) -> Address | None:
        return self._door.address() if self._belongs() else None

    def wake(self) -> None:
        if self._made is not None:
            self._door.wake()

    def settle(self, entry: str, actor: UUID | None) -> None:
        self._door.settle(entry, actor)

    def retry(self, entry: str, values: Mapping[str, Any], actor: UUID | None) -> str:
        return self._door.retry(entry, values, actor)

    def drop(self, entry: str, reason: str, actor: UUID | None) -> None:
        self._door.drop(entry, reason, actor)

    def write_off(self, desk: UUID, actor: UUID | None) -> int:
        return self._door.write_off(desk, actor)

    def try_address(self, sign_in: SignIn) -> Found:
        return self._door.try_address(sign_in)

    def enrol(self, sign_in: SignIn, progress: Progress) -> Arrived:
        return self._door.enrol(sign_in, progress)

    def plan_join(self, sign_in: SignIn, progress: Progress) -> JoinPlan:
        return self._door.plan_join(sign_in, progress)

    def join(self, sign_in: SignIn, progress: Progress) -> Arrived:
        return self._door.join(sign_in, progress)

    def sign_in(self, person: UUID, login: str, password: str) -> None:
        self._door.sign_in(person, login, password)

    def signed_in(self, person: UUID) -> bool:
        return self._made is not None and self._door.signed_in(person)

    def leave(self) -> Gone:
        return self._door.leave()

    def differences(self) -> tuple[tuple[str, str], ...] | None:
        return self._door.differences()

    # the authority

    def reached(self) -> bool:
        return (
            self._made is not None and self._made[1].reached()
        )  # asked by every list: nothing is read for it

    def more_seats(self, departure_id: UUID, seats: int, labels: Sequence[str] = ()) -> bool:
        return self._asked.more_seats(departure_id, seats, labels)

    def allotment(self, capacity: int) -> int:
        return self._asked.allotment(capacity)

    def claim(self, kind: ClaimKind, thing: UUID, amount: Money) -> Claim:
        return self._asked.claim(kind, thing, amount)

    def numbers(self, kind: str, year: int) -> bool:
        return self._asked.numbers(kind, year)

    def chores(self) -> bool:
        return self._asked.chores()

    def approve(self, kind: ApprovalKind, thing: UUID, person: UUID) -> Approval:
        return self._asked.approve(kind, thing, person)
