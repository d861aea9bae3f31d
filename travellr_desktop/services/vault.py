"""A file of secrets that opens with a passphrase, for a system that has no keyring.

The file is JSON. What is in it is sealed with AES-256-GCM under a key that Argon2id makes of the passphrase; all that
stands beside it in the open (format, cost, salt, labels) is sealed along with it, so that a file that was changed in
any place is refused. A label says of a secret what must be known before the passphrase is: never the secret.

The key is kept in memory until `close`; the passphrase is not. The file is written whole under another name and moved
into place, so it is the old one or the new one whenever the machine stops. Several programs may use one file.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from threading import RLock
from typing import Any

from filelock import FileLock

from travellr_desktop.errors import CannotWrite, InvalidInput, Refusal, StorageRefusal

FORMAT = 1
_SALT, _NONCE, _KEY, _PROOF = 16, 12, 32, 32  # bytes
_FILE_AT_MOST = 200_000  # bytes; a few keys are well below one thousand


class VaultState(StrEnum):
    NONE = "none"
    LOCKED = "locked"
    OPEN = "open"
    DAMAGED = "damaged"


class VaultShut(Refusal):
    """The passphrase is wrong, or has not been entered yet."""

    hint = "Enter the passphrase of the vault."


class VaultDamaged(StorageRefusal):
    """The file is not as it was written: nothing is taken out of it."""

    hint = "Put the file back from a copy, or throw the vault away in Settings and enter the keys again."


@dataclass(frozen=True, slots=True)
class Cost:
    """What a try of a passphrase costs: memory in KiB, passes over it, lanes."""

    memory: int = 65_536
    passes: int = 3
    lanes: int = 1

    @property
    def is_sane(self) -> bool:
        """Whether a file that asks for it is followed: another's file must not take the machine down."""
        return 8 * self.lanes <= self.memory <= 1 << 20 and 1 <= self.passes <= 64 and 1 <= self.lanes <= 16


@dataclass(frozen=True, slots=True)
class _Keys:
    """What a passphrase and a salt come to. `proof` tells a wrong passphrase from a changed file."""

    salt: bytes
    cost: Cost
    seal: bytes
    proof: str


@dataclass(frozen=True, slots=True)
class _File:
    head: Mapping[str, Any]
    sealed: bytes

    @property
    def salt(self) -> bytes:
        return _unpacked(self.head["salt"])

    @property
    def cost(self) -> Cost:
        return Cost(**self.head["cost"])


def can_seal() -> bool:
    """Whether this installation has what a vault is sealed with: it ships where a system may lack a keyring."""
    from importlib.util import find_spec

    return find_spec("cryptography") is not None


class Vault:
    """May be used from several threads."""

    def __init__(self, path: Path, *, lock: Path, cost: Cost | None = None) -> None:
        """Nothing is read or made yet. `lock` is a file that programs take turns by."""
        self._path = path
        self._turn = FileLock(lock, timeout=10)
        self._cost = cost or Cost()
        self._keys: _Keys | None = None
        self._lock = RLock()

    # how it stands

    @property
    def state(self) -> VaultState:
        """As far as can be told without the passphrase; a file that was changed under its seal is found on opening."""
        with self._lock:
            try:
                if not self._path.exists():
                    return VaultState.NONE
                found = self._read()
                if self._keys is None or self._keys.salt != found.salt:
                    return VaultState.LOCKED
                self._unsealed(found, self._keys)
            except VaultDamaged:
                return VaultState.DAMAGED
            return VaultState.OPEN

    def labels(self) -> Mapping[str, str]:
        """The names of what is in it, each with its label. Needs no passphrase. Raises `VaultDamaged`."""
        with self._lock:
            return dict(self._read().head["labels"]) if self._path.exists() else {}

    # opening

    def create(self, passphrase: str) -> None:
        """Makes an empty one, open. Raises `CannotWrite`, and `InvalidInput` where there is one already."""
        with self._lock, self._my_turn():
            if self._path.exists():
                raise InvalidInput("This profile has a vault already.", field="passphrase")
            keys = _keys(passphrase, secrets.token_bytes(_SALT), self._cost)
            self._write({}, {}, keys)
            self._keys = keys

    def open(self, passphrase: str) -> None:
        """Raises `VaultShut` for a wrong passphrase and `VaultDamaged` for a file that was changed."""
        with self._lock:
            self._keys = self._opened(passphrase)

    def change(self, passphrase: str, fresh: str) -> None:
        """From now on it opens with `fresh`. Raises as `open`, and `CannotWrite`: then it opens as before."""
        with self._lock, self._my_turn():
            found, keys = self._read(), self._opened(passphrase)
            changed = _keys(fresh, secrets.token_bytes(_SALT), self._cost)
            self._write(self._unsealed(found, keys), found.head["labels"], changed)
            self._keys = changed

    def close(self) -> None:
        """Forget the key: the passphrase is asked for again."""
        with self._lock:
            self._keys = None

    def discard(self) -> None:
        """Throw it away with all that is in it. Raises `CannotWrite`."""
        with self._lock, self._my_turn():
            try:
                self._path.unlink(missing_ok=True)
            except OSError as problem:
                raise _unwritten(self._path, problem) from problem
            self._keys = None

    # what is in it

    def get(self, name: str) -> str | None:
        """Raises `VaultShut` while it is locked, and `VaultDamaged`."""
        with self._lock:
            found = self._read()
            return self._unsealed(found, self._held(found)).get(name)

    def put(self, name: str, value: str, label: str = "") -> None:
        """Raises as `get`, and `CannotWrite`: then all is as it was."""
        with self._lock, self._my_turn():
            found = self._read()
            keys = self._held(found)
            kept = {**self._unsealed(found, keys), name: value}
            self._write(kept, {**found.head["labels"], name: label}, keys)

    def remove(self, name: str) -> None:
        """Nothing happens where it is not there. Raises as `put`."""
        with self._lock, self._my_turn():
            found = self._read()
            keys = self._held(found)
            kept, labels = dict(self._unsealed(found, keys)), dict(found.head["labels"])
            if kept.pop(name, None) is not None:
                labels.pop(name, None)
                self._write(kept, labels, keys)

    # the keys

    def _opened(self, passphrase: str) -> _Keys:
        if not self._path.exists():
            raise VaultShut("This profile has no vault.", field="passphrase")
        found = self._read()
        keys = _keys(passphrase, found.salt, found.cost)
        if not compare_digest(keys.proof, str(found.head["proof"])):
            raise VaultShut("This is not the passphrase of the vault.", field="passphrase")
        self._unsealed(found, keys)
        return keys

    def _held(self, found: _File) -> _Keys:
        if self._keys is None:
            raise VaultShut("The vault is locked.", field="passphrase")
        if self._keys.salt != found.salt:
            self._keys = None
            raise VaultShut("The passphrase of the vault was changed in another window.", field="passphrase")
        return self._keys

    # the file

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        from filelock import Timeout

        try:
            with self._turn:
                yield
        except Timeout as busy:
            raise CannotWrite("Another window is at the vault.", hint="Try again.") from busy

    def _read(self) -> _File:
        try:
            raw = self._path.read_bytes()[: _FILE_AT_MOST + 1]
        except FileNotFoundError:
            raise VaultShut("This profile has no vault.", field="passphrase") from None
        except OSError as problem:
            raise VaultDamaged(f"The vault cannot be read: {problem.strerror or problem}") from problem
        try:
            head: Any = json.loads(raw) if len(raw) <= _FILE_AT_MOST else None
            found = _File({name: head[name] for name in _HEAD}, _unpacked(head["sealed"]))
            whole = set(head) == {*_HEAD, "sealed"} and head["format"] == FORMAT
            texts = all(
                isinstance(each, str) for each in (head["proof"], *head["labels"], *head["labels"].values())
            )
            lengths = len(found.salt) == _SALT and len(_unpacked(head["nonce"])) == _NONCE
            if not (whole and texts and lengths and found.cost.is_sane):
                raise ValueError
        except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
            raise VaultDamaged("The vault is not as this program wrote it.") from None
        return found

    @staticmethod
    def _unsealed(found: _File, keys: _Keys) -> Mapping[str, str]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            plain = AESGCM(keys.seal).decrypt(
                _unpacked(found.head["nonce"]), found.sealed, _canonical(found.head)
            )
        except InvalidTag:
            raise VaultDamaged("The vault was changed since this program wrote it.") from None
        kept: Mapping[str, str] = json.loads(plain)
        return kept

    def _write(self, kept: Mapping[str, str], labels: Mapping[str, str], keys: _Keys) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)  # a new one for each writing: a nonce serves a key once
        cost = {"memory": keys.cost.memory, "passes": keys.cost.passes, "lanes": keys.cost.lanes}
        head = {
            "format": FORMAT,
            "cost": cost,
            "salt": _packed(keys.salt),
            "proof": keys.proof,
            "labels": dict(labels),
            "nonce": _packed(nonce),
        }
        sealed = AESGCM(keys.seal).encrypt(nonce, json.dumps(dict(kept)).encode(), _canonical(head))
        _replace(self._path, json.dumps({**head, "sealed": _packed(sealed)}, indent=1).encode())


_HEAD = ("format", "cost", "salt", "proof", "labels", "nonce")


def _keys(passphrase: str, salt: bytes, cost: Cost) -> _Keys:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    made = Argon2id(
        salt=salt, length=_KEY + _PROOF, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    ).derive(unicodedata.normalize("NFC", passphrase).encode())
    return _Keys(salt, cost, made[:_KEY], sha256(made[_KEY:]).hexdigest())


def _canonical(head: Mapping[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode()


def _packed(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _unpacked(text: Any) -> bytes:
    return base64.b64decode(text, validate=True)


def _replace(path: Path, content: bytes) -> None:
    """The whole file or none of it, on the disk before this returns; readable by its owner alone."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        for left in path.parent.glob(f"{path.name}.*.new"):  # of a program that was stopped here
            left.unlink(missing_ok=True)
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as problem:
        raise _unwritten(path, problem) from problem


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritten(path: Path, problem: OSError) -> CannotWrite:
    return CannotWrite(
        f"The vault cannot be written: {path} ({problem.strerror or problem})",
        hint="Make room, or give yourself the right to write to the profile folder, then try again.",
    )
