"""Which desk this is, as the frame and the sign-in screen show it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.permissions import Permission, Role, allowed


@dataclass(frozen=True, slots=True)
class CentralLine:
    """How the desk stands to the central database, in the status bar: icon and tone, words ("Offline since 14:05"),
    what waits ("3 waiting"), and all of it for who points at it."""

    icon: str
    tone: str
    words: str
    second: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """`agency` is empty before the first start. `sandbox`: no real money moves on this profile; with `test` because
    Stripe's test mode is what cards go to, not the program's own sandbox. `till` says how the till stands ("Till open
    since 08:00"), empty where there is nothing to say; `till_waits`: it has to be opened before cash is taken. `hint`
    stands on the sign-in screen: with what a demonstration is entered. `zone` is the agency's, in which the clock of
    the frame runs; empty takes the machine's. `key` is what is wrong with the provider's key, if anything is.
    `central` is None at a desk that works by itself. `copy`: the file is a vendor's, with which nothing is paid."""

    agency: str = ""
    desk: str = ""
    sandbox: bool = True
    till: str = ""
    hint: str = ""
    zone: str = ""
    test: bool = False
    key: KeyTrouble | None = None
    till_waits: bool = False
    central: CentralLine | None = None
    copy: bool = False

    def seen_by(self, role: Role) -> Station:
        """What of it concerns who signed in: of the till those who keep it."""
        return self if allowed(role, Permission.TILL_KEEP) else replace(self, till="", till_waits=False)

    def words(self) -> str:
        return " · ".join(part for part in (self.agency, self.desk) if part)
