"""Keys of the provider: what one can do, and whether that is right for a profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.errors import OtherPaymentsKind
from travellr_desktop.payments.port.refusals import GatewayRefused


class Power(StrEnum):
    """What a key may be good for."""

    PAYMENTS = "payments"
    LINKS = "links"
    CUSTOMERS = "customers"
    READERS = "readers"
    REFUNDS = "refunds"
    TRANSFERS = "transfers"
    BALANCE = "balance"


_DESK = frozenset({Power.PAYMENTS, Power.LINKS, Power.CUSTOMERS, Power.READERS, Power.REFUNDS})
_OFFICE = _DESK | {Power.TRANSFERS, Power.BALANCE}

NEEDED: dict[ProfileKind, frozenset[Power]] = {
    ProfileKind.DESK: _DESK,
    ProfileKind.OFFICE: _OFFICE,
    ProfileKind.STANDALONE: _OFFICE,
}
"""What a key of that kind of profile must be able to do; nothing else of these may it."""


@dataclass(frozen=True, slots=True)
class KeyProbe:
    """What a key said when it was tried. `is_restricted` is False for a secret key that may do everything, whatever
    `powers` says."""

    kind: PaymentsKind
    is_restricted: bool
    powers: frozenset[Power]


@dataclass(frozen=True, slots=True)
class KeyFitness:
    """A key against a profile. `excess` is what it can do and must not, `missing` what it cannot and has to;
    `does_everything` is set for a secret key, which is never right; `other_kind` where live and test would be mixed."""

    excess: frozenset[Power]
    missing: frozenset[Power]
    does_everything: bool
    other_kind: bool

    @property
    def fits(self) -> bool:
        """Whether the key may be used; one that cannot do all may."""
        return not (self.excess or self.does_everything or self.other_kind)


class KeyTooStrong(GatewayRefused):
    """The key can do more than the profile's kind has use for: it is not kept."""

    hint = "Make a restricted key at the provider with just the rights that are named, and enter that one."


def fitness(probe: KeyProbe, profile: ProfileKind, keeps_to: PaymentsKind | None) -> KeyFitness:
    """How a key fits. `keeps_to` is the kind of payments that the profile has taken, None before its first."""
    needed = NEEDED[profile]
    return KeyFitness(
        excess=probe.powers - needed,
        missing=needed - probe.powers,
        does_everything=not probe.is_restricted,
        other_kind=keeps_to is not None and keeps_to is not probe.kind,
    )


def refuse_unfit(probe: KeyProbe, profile: ProfileKind, keeps_to: PaymentsKind | None) -> KeyFitness:
    """Raises `OtherPaymentsKind` or `KeyTooStrong` for a key that must not be used; says what one that may lacks."""
    found = fitness(probe, profile, keeps_to)
    if found.other_kind:
        raise OtherPaymentsKind(
            f"The key is for {_MONEY[probe.kind]}, and this profile has taken {_MONEY[keeps_to or probe.kind]}.",
            field="stripe_api_key",
        )
    if found.does_everything:
        raise KeyTooStrong(
            f"This is a secret key, which may do everything. A profile of the kind {profile.value} needs a restricted"
            f" key for {told(NEEDED[profile])}.",
            field="stripe_api_key",
        )
    if found.excess:
        raise KeyTooStrong(
            f"The key may also do {told(found.excess)}, which a profile of the kind {profile.value} has no use for.",
            field="stripe_api_key",
        )
    return found


def told(powers: Iterable[Power]) -> str:
    """The powers in words, always in the same order: "payments, links and refunds"."""
    *most, last = [power.value for power in Power if power in set(powers)] or [""]
    return f"{', '.join(most)} and {last}" if most else last


_MONEY = {
    PaymentsKind.SANDBOX: "payments of the sandbox",
    PaymentsKind.TEST: "payments of test mode",
    PaymentsKind.LIVE: "real money",
}


class KeyCalls(Protocol):
    """See `payments.gateway.PaymentGateway` for what every call may raise."""

    def probe_key(self) -> KeyProbe:
        """Try what the key can do, by calls that change nothing: reads, and writes that cannot be taken as they are.
        Raises `GatewayRefused` for a key that the provider does not know at all."""
        ...
