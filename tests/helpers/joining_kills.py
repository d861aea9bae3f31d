"""A desk that joins others in a process of its own, which is really killed at one of the boundaries: every call to the
hub, before it is made and after the hub has committed; the rows' own transaction there; each commit here."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from helpers.clock import HandClock
from helpers.desk import Desk, desk_again
from helpers.hub_kills import Watch, WatchedHub, passed_in_child
from travellr_desktop.services.authority import DeskAlone
from travellr_desktop.storage import commits
from travellr_desktop.storage.startup import arrival
from travellr_desktop.sync.adoption import Adoption
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.joining import join_beside, make_ready


class JoiningHub(WatchedHub):
    """Says of the rows' transaction too when it is about to commit, and when it has."""

    @contextmanager
    def adoption(self, *, trying: bool = False) -> Iterator[Adoption]:
        with super().adoption(trying=trying) as adoption:
            yield adoption
            self.watch.pass_by("before the hub commits")
        self.watch.pass_by("after the hub has committed")


def join_now(desk: Desk, hub: Hub) -> None:
    """As the program's door does it."""
    make_ready(desk.database)
    desk.database.freeze()
    join_beside(desk.database, hub, arrival(desk.database.path), copies={})


def joining(folder: Path, clock: HandClock, url: str, at: str | None = None) -> list[str]:
    """Join in a child process. Returns what it passed; nothing where it was killed at `at`."""
    return passed_in_child(lambda: _joining(folder, clock, url, at), at)


def _joining(folder: Path, clock: HandClock, url: str, at: str | None) -> list[str]:
    gc.freeze()  # what the parent has is left alone: its connections are its own
    watch = Watch(at)
    commits.set_failpoint(watch.commit)
    with (
        desk_again(folder, clock, authority=DeskAlone()) as desk,
        closing(JoiningHub(connect(url, insecure_loopback=True))) as hub,
    ):
        hub.watch = watch
        join_now(desk, hub)
    watch.pass_by("the new file is there")
    return watch.passed


def copied(folder: Path, to: Path) -> Path:
    """A profile that nobody has open, once more."""
    shutil.copytree(folder, to)
    return to
