"""Keyring back ends for tests, written against the library's own base class, and a real Secret Service."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """A keyring that works."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("No such password!")


class LockedKeyring(KeyringBackend):
    """A keyring whose owner dismisses every question."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("Failed to unlock the collection!")

    def delete_password(self, service: str, username: str) -> None:
        raise KeyringLocked("Failed to unlock the collection!")


_TOOLS = ("dbus-daemon", "gnome-keyring-daemon")

needs_secret_service = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in _TOOLS) and not os.environ.get("TRAVELLR_TESTS_WHOLE"),
    reason="NOT TESTED: the system keyring. Install dbus and gnome-keyring (make setup does, where it may).",
)
"""For a test of a real Secret Service. Where TRAVELLR_TESTS_WHOLE is set it is never left out: it fails instead."""


@contextmanager
def secret_service(folder: Path) -> Iterator[str]:
    """A real Secret Service with an unlocked keyring of its own, on a bus of its own; gives the bus's address."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    daemon = None
    try:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            env={
                **os.environ,
                "DBUS_SESSION_BUS_ADDRESS": address,
                "XDG_RUNTIME_DIR": str(folder),
                "XDG_DATA_HOME": str(folder / "data"),
                "HOME": str(folder),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert daemon.stdin is not None
        assert daemon.stdout is not None
        daemon.stdin.write(b"a passphrase of the test")
        daemon.stdin.close()
        daemon.stdout.readline()  # its address: the keyring is open by then
        yield address
    finally:
        for process in (daemon, bus):
            if process is not None:
                process.terminate()
                process.wait(10)
                if process.stdout is not None:
                    process.stdout.close()
