"""What the command does about the provider's key, and how it says that it stands: in JSON for programs, in lines for
people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from travellr_desktop.domain.key_trouble import KeyTrouble
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services.provider import ProviderView
from travellr_desktop.services.registry import Services
from travellr_desktop.services.secrets import Place
from travellr_desktop.services.vault import VaultState

_TROUBLE = {
    KeyTrouble.MISSING: "The key is missing: no card is charged.",
    KeyTrouble.LOCKED: "The key is in the vault, which is locked: no card is charged.",
    KeyTrouble.REFUSED: "Stripe does not accept the key: no card is charged.",
    KeyTrouble.TOO_STRONG: "The key can do more than this profile has use for: no card is charged.",
}


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What `travellr key` says, never the key. It is not well where no card could be charged."""

    view: ProviderView

    @property
    def ok(self) -> bool:
        return self.view.trouble is None

    def as_json(self) -> Mapping[str, Any]:
        view = self.view
        return {
            "ok": self.ok,
            "payments": view.kind.value,
            "keeps_to": view.keeps_to.value if view.keeps_to is not None else None,
            "profile": view.profile.value,
            "where": view.where,
            "vault": view.vault.value,
            "trouble": view.trouble.value if view.trouble is not None else None,
            "can": [each.power for each in view.powers if each.has],
            "missing": list(view.missing),
        }

    def as_text(self) -> str:
        view = self.view
        lines = [
            f"Payments go to: {view.kind.value}",
            f"The profile is for: {view.profile.value}",
            f"The key is: {view.where}",
        ]
        if view.powers:
            lines.append(f"It can: {', '.join(each.power for each in view.powers if each.has) or 'nothing'}")
        if view.missing:
            lines.append(f"It cannot: {', '.join(view.missing)}")
        if view.trouble is not None:
            lines.append(view.said or _TROUBLE[view.trouble])
        return "\n".join(lines)


def look(services: Services, *, attempt: bool) -> ProviderView:
    """How the key stands; with `attempt` after it was tried, which needs the network. Raises as `try_key`."""
    if attempt:
        services.provider.try_key()
    return services.provider.view(SYSTEM)


def enter(services: Services, ask: Callable[[str], str], place: str | None) -> ProviderView:
    """Try a key, keep it in `place` (a `Place`, or the best there is), and use it. `ask` reads what is not to be seen,
    by the words it is given: the key, and the passphrase of a vault that is to be made or opened. Raises as
    `ProviderService.set_key` and `VaultService.unlock`."""
    wanted, key, passphrase = Place(place) if place else None, ask("Key"), ""
    if wanted is Place.VAULT:
        passphrase = ask("Passphrase of the vault")
        if services.vault.state(SYSTEM) is VaultState.LOCKED:
            services.vault.unlock(SYSTEM, passphrase)
    return services.provider.set_key(SYSTEM, key, wanted, passphrase)


def forget(services: Services) -> ProviderView:
    """Forget the key that was entered. Raises as `ProviderService.forget_key`."""
    return services.provider.forget_key(SYSTEM)
