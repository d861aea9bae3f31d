"""Keys and passwords: in the system keyring where there is one, never in a file of ours.

The order of reading: what was entered here (in the system keyring or, where there is none, in memory until the
program ends), then the environment. The back end is chosen by name for each system and never by the keyring library's
own search, which may come up with one that stores plain text or asks on the terminal.

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
from travellr_desktop.errors import InvalidInput
from travellr_desktop.paths import APP_NAME, Profile

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

log = logging.getLogger(__name__)

MAX_LENGTH = 1_000


class SecretName(StrEnum):
    """Each is the name of the same secret in the environment."""

    STRIPE_API_KEY = "STRIPE_API_KEY"
    MAIL_PASSWORD = "MAIL_PASSWORD"
    REDIS_PASSWORD = "REDIS_PASSWORD"


class SecretStore:
    """The secrets of one profile. May be used from several threads."""

    def __init__(
        self, owner: str, environment: Mapping[SecretName, str], keyring: KeyringBackend | None
    ) -> None:
        """`owner` tells profiles apart within one keyring. `keyring` is None where the system has none."""
        self._owner = owner
        self._environment = dict(environment)
        self._keyring = keyring
        self._session: dict[SecretName, str] = {}
        self._lock = Lock()

    def read(self, name: SecretName) -> str | None:
        """The secret, or None where none was entered and none is in the environment."""
        with self._lock:
            return self._entered(name) or self._environment.get(name)

    def write(self, name: SecretName, value: str) -> str:
        """Keeps a secret and says where, in the words of `where`.

        Where the keyring refuses (locked, dismissed, gone), it is kept for this session only. Raises `InvalidInput`
        or `SettingsInvalid` for a value that cannot be right; neither shows it.
        """
        secret = checked_secret(name, value)
        with self._lock:
            self._session.pop(name, None)
            if not self._keep(name, secret):
                self._session[name] = secret
        return self.where(name)

    def forget(self, name: SecretName) -> None:
        """Removes what was entered; what the environment says stays. Nothing happens where there is none."""
        with self._lock:
            self._session.pop(name, None)
            if self._keyring is None:
                return
            from keyring.errors import KeyringError, PasswordDeleteError

            try:
                self._keyring.delete_password(APP_NAME, self._user(name))
            except PasswordDeleteError:
                return  # there was none
            except KeyringError as problem:
                log.warning("The system keyring did not remove %s: %s", name, problem)

    def where(self, name: SecretName) -> str:
        """Where the secret that `read` answers comes from, for the Settings screen."""
        with self._lock:
            if name in self._session:
                return "kept for this session only"
            if self._entered(name):
                return f"in the system keyring ({_title(self._keyring)})"
            if name in self._environment:
                return f"from the environment ({name})"
            return "not set"

    def entered(self, name: SecretName) -> bool:
        """Whether there is one that was entered, and can be forgotten."""
        with self._lock:
            return self._entered(name) is not None

    def given(self, name: SecretName) -> str | None:
        """The environment's, which is read when nothing was entered."""
        return self._environment.get(name)

    @property
    def lasts(self) -> bool:
        """Whether what is entered next would still be there at the next start."""
        return self._keyring is not None

    def place(self) -> str:
        """Where the next secret will be kept, before one is entered."""
        if self._keyring is None:
            return "kept for this session only: this system has no keyring"
        return f"in the system keyring ({_title(self._keyring)})"

    def _entered(self, name: SecretName) -> str | None:
        if name in self._session:
            return self._session[name]
        if self._keyring is None:
            return None
        from keyring.errors import KeyringError

        try:
            return self._keyring.get_password(APP_NAME, self._user(name)) or None
        except KeyringError as problem:
            log.warning("The system keyring did not answer for %s: %s", name, problem)
            return None

    def _keep(self, name: SecretName, secret: str) -> bool:
        if self._keyring is None:
            return False
        from keyring.errors import KeyringError

        try:
            self._keyring.set_password(APP_NAME, self._user(name), secret)
        except KeyringError as problem:
            log.warning("The system keyring did not take %s: %s", name, problem)
            return False
        return True

    def _user(self, name: SecretName) -> str:
        return f"{name} {self._owner}"


def open_secrets(profile: Profile, settings: Settings, *, keyring: KeyringBackend | None) -> SecretStore:
    """The store of a profile. `keyring` is `system_keyring()` in the program, None where nothing may be asked."""
    given = {
        SecretName.STRIPE_API_KEY: settings.stripe_api_key,
        SecretName.MAIL_PASSWORD: settings.mail_password,
        SecretName.REDIS_PASSWORD: settings.redis_password,
    }
    environment = {name: value.get_secret_value() for name, value in given.items() if value is not None}
    return SecretStore(str(profile.folder), environment, keyring)


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


_TITLES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.macOS": "Keychain",
    "keyring.backends.Windows": "Credential Locker",
}


def _title(keyring: KeyringBackend | None) -> str:
    return _TITLES.get(type(keyring).__module__, str(type(keyring).__name__))
