"""The port to the hub, as far as people work with it: a link to look at, an inbox to settle, coming and going."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from travellr_desktop.errors import Refusal
from travellr_desktop.services.central.joining import JoinPlan
from travellr_desktop.services.central.link import Link

Progress = Callable[[int, int], None]
"""Called with how many rows are there and how many there will be. It may raise `Cancelled`: then all is as it was."""


class NoCentral(Refusal):
    """This program has no way to a central database."""

    hint = "Open a profile of your own for it."


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hub is and as whom one calls there. Without a `certificate` those of the system are trusted."""

    host: str
    port: int
    database: str
    login: str
    certificate: Path | None = None

    def where(self) -> str:
        """`hub.kotor.example`, with port and database where they are not the usual ones."""
        port = "" if self.port == PORT else f":{self.port}"
        database = "" if self.database == DATABASE else f"/{self.database}"
        return f"{self.host}{port}{database}"


PORT, DATABASE = 5432, "travellr"


@dataclass(frozen=True, slots=True)
class SignIn:
    """An address, and the password for it, which is kept in the keyring alone. `insecure`: without TLS, which the
    door takes for this machine only."""

    address: Address
    password: str
    insecure: bool = False

    def __repr__(self) -> str:
        return f"SignIn({self.address!r})"


@dataclass(frozen=True, slots=True)
class Found:
    """Who answered: which desk the sign-in is, and whether the hub has an agency already. `of_vendor`: it is that of a
    vendor's person, who takes what is theirs to see."""

    desk: str
    has_agency: bool
    agency: str = ""
    encrypted: bool = True
    of_vendor: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many rows were moved. `again`: they are in another file, which the next start of the program opens.
    `forgets`: the password has no place on this system where it would last beyond this start."""

    rows: int
    again: bool = False
    forgets: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """How a desk left: so many ops that the hub was never told, and why it does not know that the desk has left; empty
    where it does."""

    untold: int = 0
    why: str = ""


class CentralDoor(Protocol):
    """Every method but `link` and `address` may go over the network, and is called by no transaction.

    What stands in the way is a `Refusal` in words for a person, whose `field` is `address`, `login`, `password` or
    `certificate` where one of those is at fault; where nobody answers, `WaitsForCentral` or a child of it."""

    def link(self) -> Link | None:
        """How it stands; None where this program does not keep in touch, or the file belongs to no hub."""
        ...

    def address(self) -> Address | None:
        """Where this desk is enrolled; None where it is not."""
        ...

    def wake(self) -> None:
        """Take a turn now, or try again now."""
        ...

    def settle(self, entry: str, actor: UUID | None) -> None:
        """An entry of the inbox is done with, as the hub has it now. Again for one that is: nothing."""
        ...

    def retry(self, entry: str, values: Mapping[str, Any], actor: UUID | None) -> str:
        """Try a refused op once more, with these values (as `storage.wire` writes them) for fields of the row that the
        entry is about. Returns why it is refused again, or nothing."""
        ...

    def drop(self, entry: str, reason: str, actor: UUID | None) -> None:
        """Give a refused op up: its rows become what the hub has."""
        ...

    def write_off(self, desk: UUID, actor: UUID | None) -> int:
        """What a silent desk has left of departures to come is nobody's again. Again for one that is: nothing. Returns
        of how many departures."""
        ...

    def try_address(self, sign_in: SignIn) -> Found:
        """Whether that works, changing nothing."""
        ...

    def enrol(self, sign_in: SignIn, progress: Progress) -> Arrived:
        """This desk is new: its file becomes everything the hub has; with the sign-in of a vendor's person, what they
        see of it."""
        ...

    def plan_join(self, sign_in: SignIn, progress: Progress) -> JoinPlan:
        """What `join` would do, changing nothing."""
        ...

    def join(self, sign_in: SignIn, progress: Progress) -> Arrived:
        """This desk gives the hub everything it has, beside what is there. Where something is there its file becomes
        another (`Arrived.again`)."""
        ...

    def sign_in(self, person: UUID, login: str, password: str) -> None:
        """From now on, until the program ends, the person decides by their own sign-in at the hub: on payouts, refunds
        and other people's accounts."""
        ...

    def signed_in(self, person: UUID) -> bool:
        """Whether they do."""
        ...

    def leave(self) -> Gone:
        """The file belongs to no hub any more, and keeps everything; the hub is told, where it is reached."""
        ...

    def differences(self) -> tuple[tuple[str, str], ...] | None:
        """Of a vendor's file: table and id of each row that is not as they see it at the hub. None where it has not
        taken in all yet, so that nobody can tell. Changes nothing."""
        ...
