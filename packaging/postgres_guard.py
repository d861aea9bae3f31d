"""Ends a server with the process that wanted it, however that process ended, and removes the server's folder.

Started by `postgres.py` with the folder as its argument and a pipe as its standard input. Nothing is ever sent through
the pipe. Its other end is closed by the one who is done with the server, or by the system when that process is gone:
SIGKILL leaves nobody time to tidy up, but it does close files. (Linux could signal a child when its parent ends, but it
does so already when the thread that started it ends, and forgets it where the child changes its user.) A process forked
off without exec holds the pipe open too, so the server lasts as long as the last of them.

Everything started for the server, `initdb` included, is in the process group of this process. A server's own children
are not; they go with it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE_S = 15.0
"""An immediate stop takes milliseconds; after five seconds a server kills what is left of its children."""
LOOK_EVERY_S = 0.01
IPC_RMID = 0


def main(folder: Path) -> None:
    for harmless in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(harmless, signal.SIG_IGN)
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGQUIT)  # to a server: stop at once
    os.killpg(0, signal.SIGCONT)  # where a test had it stand still
    noted = folder / "data" / "postmaster.pid"
    end = time.monotonic() + PATIENCE_S
    while _runs(noted) and time.monotonic() < end:
        time.sleep(LOOK_EVERY_S)
    stuck = _runs(noted)
    _forget_memory(noted)
    while folder.exists() and time.monotonic() < end + PATIENCE_S:
        shutil.rmtree(folder, ignore_errors=True)  # until nobody puts anything in any more
    if stuck:
        os.killpg(0, signal.SIGKILL)


def _runs(noted: Path) -> bool:
    """Whether the server does. One that was killed leaves its note behind."""
    try:
        return os.getpgid(int(noted.read_text(encoding="utf-8").split("\n")[0])) == os.getpgrp()
    except (OSError, ValueError):
        return False


def _forget_memory(noted: Path) -> None:
    """A killed server leaves a few bytes of shared memory, by which its successor would have known of it."""
    try:
        key_and_id = noted.read_text(encoding="utf-8").split("\n")[6].split()
        ctypes.CDLL(None).shmctl(int(key_and_id[1]), IPC_RMID, None)
    except (OSError, ValueError, IndexError):
        pass  # it stopped as it should, and did so itself


if __name__ == "__main__":
    main(Path(sys.argv[1]))
