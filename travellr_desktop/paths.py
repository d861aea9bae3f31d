"""Where the program's own files are, and where a person's files go.

Two kinds of places. What ships with the program (`resource`, `migrations`) is read only and found alike from a
checkout, an installed wheel and a frozen build. What a person makes is one folder, the `Profile`. Asking for a place
makes nothing; only `Profile.make` writes.
"""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass
from pathlib import Path

from travellr_desktop.errors import DatabaseReadOnly, DiskFull, ResourceMissing, StorageRefusal

APP_NAME = "travellr-desktop"

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """A file or folder under `resources/`: `resource("icons", "ticket.svg")`; no part is the folder itself.

    Raises `ResourceMissing`, naming the full path, where it is not there.
    """
    return _shipped("resources", *parts)


def migrations() -> Path:
    """The Alembic folder. Raises `ResourceMissing` where it is not there."""
    return _shipped("migrations")


def data_root() -> Path:
    """The folder that holds `resources/` and `migrations/`; it is not checked to exist."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / _PACKAGE.name / "_data"
    installed = _PACKAGE / "_data"  # where the wheel puts them; a checkout has none
    return installed if installed.is_dir() else _PACKAGE.parent


def _shipped(*parts: str) -> Path:
    path = data_root().joinpath(*parts)
    if not path.exists():
        raise ResourceMissing(f"A file that belongs to the program is missing: {path}")
    return path


@dataclass(frozen=True, slots=True)
class Profile:
    """One folder with everything of one desk: its database, sandbox, documents and settings."""

    folder: Path

    @classmethod
    def default(cls) -> Profile:
        """The person's own profile, in the place their system keeps for such data."""
        from platformdirs import user_data_path  # not needed when the folder is given

        return cls(user_data_path(APP_NAME, appauthor=False))

    @classmethod
    def at(cls, folder: str | Path) -> Profile:
        """The profile in a named folder, which need not exist yet; `~` is the home folder."""
        return cls(Path(folder).expanduser().absolute())

    @property
    def database(self) -> Path:
        return self.folder / "travellr.db"

    @property
    def sandbox(self) -> Path:
        """The payment sandbox's own file: what "the provider" knows, never what we know."""
        return self.folder / "sandbox.db"

    @property
    def settings(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def vault(self) -> Path:
        """Keys and passwords, sealed with a passphrase, where the system has no keyring."""
        return self.folder / "keys.vault"

    @property
    def window(self) -> Path:
        """Sizes, columns, filters and splitters as they were left."""
        return self.folder / "window.ini"

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def locks(self) -> Path:
        return self.folder / "locks"

    def make(self) -> Profile:
        """Makes the folder and those within it, readable by their owner alone; harmless when they exist.

        Raises `DatabaseReadOnly`, `DiskFull` or `StorageRefusal`, each naming the folder.
        """
        try:
            for folder in (self.folder, self.documents, self.backups, self.logs, self.locks):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise _unusable(self.folder, problem) from problem
        return self


def _unusable(folder: Path, problem: OSError) -> StorageRefusal:
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return DatabaseReadOnly(f"The profile folder cannot be written to: {folder}")
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"No room is left for the profile folder: {folder}")
    reason = problem.strerror or str(problem)
    return StorageRefusal(
        f"The profile folder cannot be made: {folder} ({reason})",
        hint="Choose another folder with --profile.",
    )
