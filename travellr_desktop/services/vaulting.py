"""The vault as people use it: opening it at the start, another passphrase, and throwing away one that nobody opens."""

from __future__ import annotations

from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.services.provider import ProviderService, ProviderView
from travellr_desktop.services.secrets import SecretName, SecretStore
from travellr_desktop.services.vault import VaultState
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

_KEY = SecretName.STRIPE_API_KEY


class VaultService:
    """A vault is made by the first key that is put into one: `ProviderService.set_key`."""

    def __init__(self, database: Database, secrets: SecretStore, provider: ProviderService) -> None:
        self._db = database
        self._secrets = secrets
        self._provider = provider

    def state(self, actor: Actor) -> VaultState:
        """How it stands; whoever takes payments may open it."""
        require(actor, Permission.PAYMENT_CREATE)
        return self._secrets.vault_state()

    def unlock(self, actor: Actor, passphrase: str) -> ProviderView:
        """Open it, and use the key that is in it. Takes a tenth of a second on purpose.

        Raises `VaultShut` for a wrong passphrase, `VaultDamaged` for a file that was changed, and
        `OtherPaymentsKind` where the key in it is of another kind than the profile's: the vault is open then."""
        require(actor, Permission.PAYMENT_CREATE)
        waited = self._secrets.locked(_KEY)
        self._secrets.unlock(passphrase)
        return self._provider.take_up(actor) if waited else self._provider.view(actor)

    def change_passphrase(self, actor: Actor, passphrase: str, fresh: str) -> None:
        """Raises `VaultShut` for a wrong passphrase, `InvalidInput` for a fresh one that would be guessed,
        `VaultDamaged` and `CannotWrite`: then it opens as before."""
        require(actor, Permission.SETTINGS_WRITE)
        self._secrets.change_passphrase(passphrase, fresh)
        self._note(actor, "vault.passphrase")

    def discard(self, actor: Actor) -> ProviderView:
        """Throw it away with the keys that are in it. They stay with the provider, where others can be made.

        Raises `CannotWrite`, and as `ProviderService.take_up`."""
        require(actor, Permission.SETTINGS_WRITE)
        self._secrets.discard_vault()
        self._note(actor, "vault.discard")
        return self._provider.take_up(actor)

    def _note(self, actor: Actor, action: str) -> None:
        with self._db.write(Commit.SETTINGS_SAVE, actor) as work:
            work.audit(action, "agency", work.agency.get().id)
            work.commit()
