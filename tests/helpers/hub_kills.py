"""A turn of a desk in a process of its own, which is really killed at one of the boundaries of the turn.

The boundaries are not written down: a turn that nobody disturbs lists what it passes. They are every commit of the
unit of work, every call to the hub (before it is made; after the hub has committed, while nothing was done with the
answer), and every statement that writes rows of a page.
"""

from __future__ import annotations

import gc
import json
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from helpers.central_hub import HubPlace
from helpers.children import child_of
from helpers.desk import Desk, desk_again
from helpers.three_towns import ThreeTowns, Town
from travellr_desktop.services.authority import DeskAlone
from travellr_desktop.storage import commits
from travellr_desktop.storage.commits import Commit, Moment
from travellr_desktop.storage.page_rows import PageRows, Shape
from travellr_desktop.sync import cycle
from travellr_desktop.sync.central.members import SignIn
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.hub import Hub

Work = Callable[[Desk, Hub], object]


@dataclass
class Watch:
    """Counts what is passed, and dies at the one that is asked for."""

    at: str | None
    passed: list[str] = field(default_factory=list)
    _count: Counter[str] = field(default_factory=Counter)

    def pass_by(self, what: str) -> None:
        self._count[what] += 1
        here = f"{what} #{self._count[what]}"
        self.passed.append(here)
        if here == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(self, commit: Commit, moment: Moment) -> None:
        self.pass_by(f"{moment} {commit}")


class WatchedHub(Hub):
    """Says of every call when it goes out, and when the hub has done it."""

    watch: Watch

    def _call(self, call: str, *values: Any) -> Any:
        name = call.partition("(")[0]
        self.watch.pass_by(f"before {name}")
        said = super()._call(call, *values)
        self.watch.pass_by(f"after {name}")
        return said


def a_turn(desk: Desk, hub: Hub) -> None:
    """As the program's own thread takes one."""
    cycle.greet(desk.database, hub)
    cycle.turn(desk.database, hub)
    if cycle.share(desk.database, hub):
        cycle.turn(desk.database, hub)
    cycle.look(desk.database, hub)


def play(here: ThreeTowns, town: Town, work: Work, at: str | None = None) -> list[str]:
    """Do `work` in a child process that opens the desk's file, which nobody has open here meanwhile. Returns what it
    passed; nothing where it was killed at `at`. Fails where it was not killed, or fell over."""
    return passed_in_child(lambda: _play(here.place, town, work, at), at)


def passed_in_child(work: Callable[[], list[str]], at: str | None) -> list[str]:
    """What `work` passed in a child process; nothing where it was killed at `at`. Fails where it was to be and was not,
    or fell over."""
    gc.collect()
    said, died = child_of(lambda: json.dumps(work()))
    if at is not None:
        assert died == signal.SIGKILL, f"it was not killed {at}: {said}"
        return []
    assert died is None and said.startswith("["), said
    passed: list[str] = json.loads(said)
    return passed


def _play(place: HubPlace, town: Town, work: Work, at: str | None) -> list[str]:
    gc.freeze()  # what the parent has is left alone: its connections are its own
    watch = Watch(at)
    commits.set_failpoint(watch.commit)
    apply = PageRows._apply

    def applied(page: PageRows, shape: Shape, rows: list[tuple[Any, ...]]) -> None:
        apply(page, shape, rows)
        watch.pass_by(f"in a page, after {shape[1]}")

    PageRows._apply = applied  # type: ignore[assignment, method-assign]
    with (
        desk_again(town.folder, town.clock, authority=DeskAlone()) as desk,
        closing(WatchedHub(connect(url_of(place, town.sign_in), insecure_loopback=True))) as hub,
    ):
        hub.watch = watch
        work(desk, hub)
    return watch.passed


def url_of(place: HubPlace, sign_in: SignIn, port: int | None = None) -> str:
    """The desk's way to the hub, or to what listens on `port` in between."""
    straight = place.central.url(sign_in.login, sign_in.password)
    return straight if port is None else straight.replace(f":{place.central.server.port}/", f":{port}/")
