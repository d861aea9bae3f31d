"""A function called in a forked child: with fewer rights, or with less room."""

from __future__ import annotations

import os
import resource
import signal
import traceback
from collections.abc import Callable

NOBODY = 65534


def ordinary() -> None:
    """Give up root's rights, for which no permission is an obstacle."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def little_room(size: int) -> Callable[[], None]:
    """No file may grow beyond `size` bytes: what a full disk is like."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def in_child(work: Callable[[], object], first: Callable[[], None] | None = None) -> str:
    """What `work` gave or raised in a child process, as text: `DiskFull: The disk is full. | Make room …`."""
    return child_of(work, first)[0]


def child_of(work: Callable[[], object], first: Callable[[], None] | None = None) -> tuple[str, int | None]:
    """The same, and the signal that the child died of, None where it ended by itself."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            if first is not None:
                first()
            said = f"{work()}"
        except BaseException as error:
            said = f"{type(error).__name__}: {error} | {getattr(error, 'hint', traceback.format_exc())}"
        os.write(writer, said.encode()[:60_000])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as source:
        said = source.read()
    _, status = os.waitpid(child, 0)
    return said, os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
