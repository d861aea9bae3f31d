"""A program that ends at a commit, without the process: what it was doing is never gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from travellr_desktop.storage import commits
from travellr_desktop.storage.commits import Commit, Moment


class CutOff(BaseException):
    """No code of the program catches it."""


@contextmanager
def watched(point: commits.Failpoint) -> Iterator[None]:
    """`point` is called around every commit."""
    commits.set_failpoint(point)
    try:
        yield
    finally:
        commits.set_failpoint(None)


@contextmanager
def cut_off(at: Commit, moment: Moment) -> Iterator[None]:
    """Whatever is done in the block ends at that commit. Fails where it is not reached."""

    def point(commit: Commit, now: Moment) -> None:
        if (commit, now) == (at, moment):
            raise CutOff

    with watched(point):
        try:
            yield
        except CutOff:
            return
    raise AssertionError(f"{at} was not reached")
