"""What a Postgres in a temporary folder needs of the system: a user, a place, a port; and what became of processes."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import socket
import tempfile
from contextlib import suppress
from pathlib import Path

from postgres_binaries import PostgresMissing

LOCAL = "127.0.0.1"
PORTS = range(20_000, 32_000)
"""Below those that systems hand out by themselves: while the server is down, no client may get its port."""
ROOM = 1 << 30
"""What must be free in memory for a server's files to lie there, in bytes."""


class PostgresFailed(Exception):
    """The server did not do what was asked; the text ends with what it wrote into its log."""


def server_user() -> tuple[int, int] | None:
    """Whom root becomes for the server; None: it runs as who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            return found.pw_uid, found.pw_gid
    raise PostgresMissing("No server runs as root, and there is neither a user postgres nor nobody.")


def can_reach(identity: tuple[int, int] | None, path: Path) -> bool:
    """Whether the server's user may go to a folder. Root need not ask for itself."""
    return identity is None or all(
        folder.stat().st_mode & 0o001 or folder.stat().st_uid == identity[0]
        for folder in (path.resolve(), *path.resolve().parents)
    )


def place_for(identity: tuple[int, int] | None, *, in_memory: bool) -> Path:
    """The folder for the server's own: one that its user can reach, in memory where there is room and it may."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    memory = Path("/dev/shm")
    if in_memory and memory.is_dir() and shutil.disk_usage(memory).free > ROOM:
        places.insert(0, memory)
    for place in places:
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK) and can_reach(identity, place):
            return place
    raise PostgresFailed(f"The server's user can reach none of {', '.join(map(str, places))}.")


def free_port() -> int:
    """A port that nobody listens on now."""
    chosen = random.SystemRandom()  # tests seed the other
    for _ in range(200):
        port = chosen.choice(PORTS)
        with socket.socket() as tried, suppress(OSError):
            tried.bind((LOCAL, port))
            return port
    raise PostgresFailed(f"No port between {PORTS.start} and {PORTS.stop} is free.")


def _stat(pid: int) -> tuple[str, int] | None:
    """The state of a process and its parent, on Linux."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, parent, *_ = told.rpartition(") ")[2].split()
    return state, int(parent)


def children(pid: int) -> list[int]:
    """The processes that a process started and that still are, on Linux."""
    every = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [child for child in every if (found := _stat(child)) is not None and found[1] == pid]


def lives(pid: int) -> bool:
    """Whether a process runs, on Linux; one that only waits to be reaped does not."""
    found = _stat(pid)
    return found is not None and found[0] not in "ZX"
