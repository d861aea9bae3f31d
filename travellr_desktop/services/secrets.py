"""Keys and passwords: in the system keyring where there is one, else in a vault that opens with a passphrase, or for
this session only; never in a file that could be read as it lies there.

The order of reading: what was entered here (this session's, the vault's, the keyring's), then the environment. What is
in a vault that is locked is not there, and nothing else is taken in its place. The back end is chosen by name for each
system and never by the keyring library's own search, which may come up with one that stores plain text or asks on the
terminal.

A call may wait for the person to unlock their keyring: never on the thread of the window.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING

from travellr_desktop.config import Settings, check_stripe_key
from travellr_desktop.errors import InvalidInput, Refusal, WeakPassword, WrongState
from travellr_desktop.logs import hide
from travellr_desktop.paths import APP_NAME, Profile
from travellr_desktop.services.vault import Vault, VaultDamaged, VaultState, can_seal

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

# with the text of an error, never the error: its frames hold the secret
log = logging.getLogger(__name__)

MAX_LENGTH = 1_000


class SecretName(StrEnum):
    """Each is the name of the same secret in the environment."""

    STRIPE_API_KEY = "STRIPE_API_KEY"
    MAIL_PASSWORD = "MAIL_PASSWORD"
    REDIS_PASSWORD = "REDIS_PASSWORD"
    HUB_PASSWORD = "HUB_PASSWORD"


class Place(StrEnum):
    """Where a secret that is entered may be kept."""

    KEYRING = "keyring"
    VAULT = "vault"
    SESSION = "session"


_SESSION = "kept for this session only"
_VAULT = "in the vault of this profile"


class SecretStore:
    """The secrets of one profile. May be used from several threads."""

    def __init__(
        self,
        owner: str,
        environment: Mapping[SecretName, str],
        keyring: KeyringBackend | None,
        vault: Vault | None = None,
    ) -> None:
        """`owner` tells profiles apart within one keyring. `keyring` is None where the system has none, `vault` where
        nothing could seal it."""
        self._owner = owner
        self._environment = dict(environment)
        self._keyring = keyring
        self._vault = vault
        self._session: dict[SecretName, str] = {}
        self._lock = Lock()
        for secret in self._environment.values():
            hide(secret)

    # reading

    def read(self, name: SecretName) -> str | None:
        """The secret, or None where none was entered and none is in the environment, or where it is in a vault that
        is locked."""
        with self._lock:
            if self._shut(name):
                return None
            return self._entered(name) or self._environment.get(name)

    def locked(self, name: SecretName) -> bool:
        """Whether it was entered, and is in a vault that has to be opened first."""
        with self._lock:
            return self._shut(name)

    def label(self, name: SecretName) -> str:
        """What the vault says of a secret in the open; empty where it is not in one, or the vault is damaged."""
        try:
            return "" if self._vault is None else self._vault.labels().get(name, "")
        except VaultDamaged:
            return ""

    def where(self, name: SecretName) -> str:
        """Where the secret that `read` answers comes from, for the Settings screen."""
        with self._lock:
            if name in self._session:
                return _SESSION
            if self._shut(name):
                return f"{_VAULT}, which is locked"
            if self._in_vault(name):
                return _VAULT
            if self._in_keyring(name):
                return f"in the system keyring ({_title(self._keyring)})"
            if name in self._environment:
                return f"from the environment ({name})"
            return "not set"

    def entered(self, name: SecretName) -> bool:
        """Whether there is one that was entered, and can be forgotten."""
        with self._lock:
            return not self._shut(name) and self._entered(name) is not None

    def lasting(self, name: SecretName) -> bool:
        """Whether the next start will read the same one, as far as can be said now."""
        with self._lock:
            return name not in self._session or self._session[name] == self._environment.get(name)

    def given(self, name: SecretName) -> str | None:
        """The environment's, which is read when nothing was entered."""
        return self._environment.get(name)

    # keeping

    def write(
        self,
        name: SecretName,
        value: str,
        place: Place | None = None,
        *,
        passphrase: str = "",
        label: str = "",
    ) -> str:
        """Keeps a secret in `place`, or in the best there is, and nowhere else; says where, in the words of `where`.
        `passphrase` is that of a vault which is yet to be made, `label` what the vault says of it in the open.

        Where keyring or vault refuse (dismissed, gone, no room), it is kept for this session only. Raises as
        `refuse_place`, and `InvalidInput` or `SettingsInvalid` for a value that cannot be right; neither shows it."""
        secret = checked_secret(name, value)
        wanted = self.refuse_place(place, passphrase)
        hide(secret)
        with self._lock:
            kept = self._keep(wanted, name, secret, passphrase, label)
            if kept is Place.SESSION:
                self._session[name] = secret
            self._drop_others(name, kept)
        return self.where(name)

    def refuse_place(self, place: Place | None = None, passphrase: str = "") -> Place:
        """Where a secret would be kept that is entered for `place`, or for none in particular.

        Raises `InvalidInput` for a place that this system does not have or a passphrase that is too weak to make a
        vault with, and `WrongState` for a vault that is locked or damaged."""
        wanted = place or self.best()
        if wanted is Place.KEYRING and self._keyring is None:
            raise InvalidInput("This system has no keyring.", field="place")
        if wanted is Place.VAULT:
            state = self.vault_state()
            if self._vault is None:
                raise InvalidInput("Nothing on this system could seal a vault.", field="place")
            if state is VaultState.NONE:
                checked_passphrase(passphrase)
            elif state is not VaultState.OPEN:
                raise WrongState("The vault is not open.", hint="Enter its passphrase first.")
        return wanted

    def forget(self, name: SecretName) -> None:
        """Removes what was entered; what the environment says stays. Nothing happens where there is none."""
        with self._lock:
            self._session.pop(name, None)
            self._drop_others(name, None)

    def best(self) -> Place:
        """Where a secret is kept when nobody says otherwise: where the vault is in use, there."""
        if self.vault_state() is VaultState.OPEN:
            return Place.VAULT
        return Place.SESSION if self._keyring is None else Place.KEYRING

    @property
    def places(self) -> tuple[Place, ...]:
        """Where a secret could be kept on this system, the safest first."""
        there = {Place.KEYRING: self._keyring, Place.VAULT: self._vault, Place.SESSION: self}
        return tuple(place for place, behind in there.items() if behind is not None)

    @property
    def lasts(self) -> bool:
        """Whether what is entered next, and for no place in particular, would still be there at the next start."""
        return self.best() is not Place.SESSION

    def place(self) -> str:
        """Where the next secret will be kept, before one is entered."""
        match self.best():
            case Place.VAULT:
                return _VAULT
            case Place.KEYRING:
                return f"in the system keyring ({_title(self._keyring)})"
        return f"{_SESSION}: this system has no keyring"

    # the vault

    def vault_state(self) -> VaultState:
        return VaultState.NONE if self._vault is None else self._vault.state

    def unlock(self, passphrase: str) -> None:
        """Raises `VaultShut` for a wrong passphrase or where there is no vault, `VaultDamaged` for a changed file."""
        self._made().open(passphrase)
        hide(passphrase)

    def change_passphrase(self, passphrase: str, fresh: str) -> None:
        """Raises as `unlock`, `InvalidInput` for one that is too weak, and `CannotWrite`: then the old one stays."""
        self._made().change(passphrase, checked_passphrase(fresh, "fresh"))
        hide(fresh)

    def discard_vault(self) -> None:
        """Throw the vault away with what is in it, locked or not. Raises `CannotWrite`."""
        self._made().discard()

    def _made(self) -> Vault:
        if self._vault is None:
            raise WrongState("This profile has no vault.", hint="Enter a key first.")
        return self._vault

    # by place; the lock is held

    def _entered(self, name: SecretName) -> str | None:
        return self._session.get(name) or self._in_vault(name) or self._in_keyring(name)

    def _shut(self, name: SecretName) -> bool:
        """A vault that cannot be read may hold anything."""
        if self._vault is None or name in self._session:
            return False
        state = self._vault.state
        return state is VaultState.DAMAGED or (state is VaultState.LOCKED and name in self._vault.labels())

    def _in_vault(self, name: SecretName) -> str | None:
        if self._vault is None or self._vault.state is not VaultState.OPEN:
            return None
        try:
            return self._noted(self._vault.get(name))
        except Refusal as problem:
            log.warning("The vault did not answer for %s: %s", name, str(problem))
            return None

    def _in_keyring(self, name: SecretName) -> str | None:
        if self._keyring is None:
            return None
        try:
            return self._noted(self._keyring.get_password(APP_NAME, self._user(name)) or None)
        except Exception as problem:  # noqa: BLE001  a back end lets errors of its own and of the bus through
            log.warning("The system keyring did not answer for %s: %s", name, str(problem))
            return None

    @staticmethod
    def _noted(secret: str | None) -> str | None:
        if secret is not None:
            hide(secret)
        return secret

    def _keep(self, place: Place, name: SecretName, secret: str, passphrase: str, label: str) -> Place:
        """Where it is kept indeed."""
        if place is Place.VAULT and self._put_in_vault(name, secret, passphrase, label):
            return Place.VAULT
        if place is Place.KEYRING and self._put_in_keyring(name, secret):
            return Place.KEYRING
        return Place.SESSION

    def _put_in_vault(self, name: SecretName, secret: str, passphrase: str, label: str) -> bool:
        vault = self._made()
        try:
            if vault.state is VaultState.NONE:
                hide(passphrase)
                vault.create(passphrase)
            vault.put(name, secret, label)
        except Refusal as problem:
            log.warning("The vault did not take %s: %s", name, str(problem))
            return False
        return True

    def _put_in_keyring(self, name: SecretName, secret: str) -> bool:
        if self._keyring is None:
            return False
        try:
            self._keyring.set_password(APP_NAME, self._user(name), secret)
        except Exception as problem:  # noqa: BLE001  as above
            log.warning("The system keyring did not take %s: %s", name, str(problem))
            return False
        return True

    def _drop_others(self, name: SecretName, kept: Place | None) -> None:
        """An older one must not lie on in another place."""
        if kept is not Place.SESSION:
            self._session.pop(name, None)
        if kept is not Place.VAULT and self._vault is not None and self._vault.state is VaultState.OPEN:
            try:
                self._vault.remove(name)
            except Refusal as problem:
                log.warning("The vault did not remove %s: %s", name, str(problem))
        if kept is not Place.KEYRING and self._keyring is not None:
            from keyring.errors import PasswordDeleteError

            try:
                self._keyring.delete_password(APP_NAME, self._user(name))
            except PasswordDeleteError:
                return  # there was none
            except Exception as problem:  # noqa: BLE001  as above
                log.warning("The system keyring did not remove %s: %s", name, str(problem))

    def _user(self, name: SecretName) -> str:
        return f"{name} {self._owner}"


def open_secrets(profile: Profile, settings: Settings, *, keyring: KeyringBackend | None) -> SecretStore:
    """The store of a profile. `keyring` is `system_keyring()` in the program, None where nothing may be asked."""
    given = {
        SecretName.STRIPE_API_KEY: settings.stripe_api_key,
        SecretName.MAIL_PASSWORD: settings.mail_password,
        SecretName.REDIS_PASSWORD: settings.redis_password,
        SecretName.HUB_PASSWORD: settings.hub_password,
    }
    environment = {name: value.get_secret_value() for name, value in given.items() if value is not None}
    vault = Vault(profile.vault, lock=profile.locks / "vault.lock") if can_seal() else None
    return SecretStore(str(profile.folder), environment, keyring, vault)


def system_keyring(platform: str = sys.platform) -> KeyringBackend | None:
    """The system's own keyring, or None where it has none that works.

    Secret Service on Linux, the Keychain on macOS, the Credential Locker on Windows; no other is ever taken.
    """

    back_end: type[KeyringBackend]
    if platform == "darwin":
        from keyring.backends import macOS

        back_end = macOS.Keyring
    elif platform == "win32":
        from keyring.backends import Windows

        back_end = Windows.WinVaultKeyring
    else:
        from keyring.backends import SecretService

        back_end = SecretService.Keyring
    return back_end() if back_end.viable else None


def checked_secret(name: SecretName, value: str) -> str:
    """The secret as it is kept, spaces around it taken off. Raises `InvalidInput` or `SettingsInvalid` for a value that
    cannot be right; neither shows it."""
    secret = value.strip()
    if not secret:
        raise InvalidInput("Nothing was entered.", field=name)
    if len(secret) > MAX_LENGTH:
        raise InvalidInput(f"That is longer than any key ({MAX_LENGTH} characters at most).", field=name)
    return check_stripe_key(secret) if name is SecretName.STRIPE_API_KEY else secret


def checked_passphrase(passphrase: str, field: str = "passphrase") -> str:
    """One that a vault may be made with. Raises `InvalidInput` for one that would be guessed."""
    from travellr_desktop.services.passwords import check_password

    try:
        check_password(passphrase, email="", name="")
    except WeakPassword as weak:
        words = str(weak).replace("password", "passphrase")
        raise InvalidInput(words, hint=weak.hint, field=field) from None
    return passphrase


_TITLES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.macOS": "Keychain",
    "keyring.backends.Windows": "Credential Locker",
}


def _title(keyring: KeyringBackend | None) -> str:
    return _TITLES.get(type(keyring).__module__, str(type(keyring).__name__))
