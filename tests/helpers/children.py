"""A function called in a forked child: with fewer rights, or with less room."""

from __future__ import annotations

import os
import resource
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

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


class Beside:
    """The child, as the test sees it."""

    def __init__(self, pid: int, said: TextIO) -> None:
        self._pid: int | None = pid
        self._said = said

    def until(self, line: str) -> None:
        """Wait for it to say that. Fails where it ends before."""
        heard = []
        for each in self._said:
            heard.append(each)
            if each.strip() == line:
                return
        raise AssertionError(f"it never said {line!r}: {''.join(heard)}")

    def kill(self) -> None:
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = None


@contextmanager
def beside(work: Callable[[Callable[[str], object]], object]) -> Iterator[Beside]:
    """A child process that does `work` while the block lasts, and is killed then. `work` is given a way to say a
    line."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda line: os.write(writer, f"{line}\n".encode()))
        except BaseException:
            os.write(writer, traceback.format_exc().encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        found = Beside(child, said)
        try:
            yield found
        finally:
            found.kill()
