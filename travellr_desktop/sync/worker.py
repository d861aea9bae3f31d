"""The thread that keeps a desk and its hub together while a program is open.

It holds two connections: one to work with, one to be called on. It is woken by what is committed here, by what others
push, and by the clock; with no answer it tries again after one second, then two, four, up to a minute. Of several
programs on one file one does it, the others wait for their turn.
"""

from __future__ import annotations

import logging
import random
import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic

from travellr_desktop.errors import Refusal
from travellr_desktop.events import Event
from travellr_desktop.services.central.link import Link, LinkState
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.connecting import HubSilent
from travellr_desktop.sync.cycle import turn
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.steps import steps_of

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two turns in which nobody called."""

PATIENCE = 5.0
"""Seconds that somebody who waits for seats is kept waiting for the connection."""

LONGEST = 60.0
"""Seconds between two tries, at most."""

ONLY = "sync"
"""What one program of a file does, as `storage.workers` knows it."""


class Worker:
    """Runs from `start` to `stop`. `connect` makes a connection to the hub, and may raise a `Refusal`."""

    def __init__(
        self,
        database: Database,
        connect: Callable[[], Hub],
        *,
        told: Callable[[Link], None] = lambda _link: None,
        inbox_changed: Callable[[], None] = lambda: None,
        every: float = EVERY,
    ) -> None:
        self._db = database
        self._connect = connect
        self._clock = database.clock
        self._told = told
        self._steps = steps_of(database, inbox_changed)
        self._every = every
        self._link = Link(LinkState.CONNECTING, self._clock.now())
        self._hub: Hub | None = None
        self._at_hub = threading.Lock()  # one call at a time on the one connection
        self._stopped = threading.Event()
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self._heard = database.bus.subscribe("*", self._on_event)
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    @property
    def link(self) -> Link:
        return self._link

    def reached(self) -> bool:
        """As `authority.Line`."""
        return self._link.reached

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends after the step that is under way."""
        self._heard.cancel()
        self._stopped.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join()
        self._db.workers.leave(ONLY)
        self._bell.close()
        self._ear.close()

    @contextmanager
    def borrowed(self) -> Iterator[Hub]:
        """The connection, for a call that somebody waits for; the thread waits meanwhile. Where another program has the
        file's, one for this call. Raises `HubSilent` where there is none, or where it is at something that takes longer
        than anybody would wait."""
        if self._link.state is LinkState.ELSEWHERE:
            with closing(self._connect()) as hub:
                yield hub
            return
        if not self._at_hub.acquire(timeout=PATIENCE):
            raise HubSilent("The central database is busy with this desk.")
        try:
            if self._hub is None:
                raise HubSilent(self._link.why or "The central database is not reached.")
            yield self._hub
        finally:
            self._at_hub.release()

    def catch_up(self, hub: Hub) -> None:
        """Have in the file what was done at the hub until now. Called with `hub` borrowed. Raises as `turn`."""
        if self._hub is hub:
            turn(self._db, hub)
            return
        there, until = hub.publish(), monotonic() + PATIENCE
        while _cursor(self._db) < there and monotonic() < until:
            self._stopped.wait(0.02)

    def wake(self) -> None:
        """Take a turn now, or try again now."""
        try:
            self._bell.send(b"!")
        except OSError:
            return  # it rings already, or is over

    def _on_event(self, _event: Event) -> None:
        if threading.current_thread() is self._thread:
            return  # what it took in itself
        if self._link.state is LinkState.ONLINE:  # what is done offline is no reason to try again sooner
            self.wake()

    def _run(self) -> None:
        wait = 1.0
        while not self._stopped.is_set():
            if not self._db.workers.only(ONLY):
                self._say(LinkState.ELSEWHERE)
                self._pause(1.0)
                continue
            try:
                self._stay()
            except HubSilent as silence:
                was_online = self._link.state is LinkState.ONLINE
                self._say(LinkState.OFFLINE, silence)
                wait = 1.0 if was_online else min(wait * 2, LONGEST)
            except Refusal as refusal:
                log.warning("sync: %s", refusal)
                self._say(LinkState.REFUSED, refusal)
                self._db.workers.leave(
                    ONLY
                )  # another program on the file may have the password that this one lacks
                wait = LONGEST
            except Exception as error:
                log.exception("sync failed")
                self._say(LinkState.REFUSED, Refusal(f"{type(error).__name__}: {error}"))
                wait = LONGEST
            if not self._stopped.is_set():
                self._pause(
                    wait * random.uniform(0.75, 1.0)
                )  # desks that lost the hub together do not come together

    def _stay(self) -> None:
        """Be connected until stopped, or until something is raised."""
        with closing(self._connect()) as hub, closing(self._connect()) as ear, self._lending():
            ear.listen()
            self._steps.begin(hub)
            while not self._stopped.is_set():
                with self._at_hub:
                    self._steps.turn(hub)
                    self._hub = hub
                self._say(LinkState.ONLINE, last=self._clock.now())
                self._pause(self._every, ear)

    @contextmanager
    def _lending(self) -> Iterator[None]:
        """Whoever borrows has given back before the connection is closed."""
        try:
            yield
        finally:
            with self._at_hub:
                self._hub = None

    def _pause(self, seconds: float, ear: Hub | None = None) -> None:
        """Until rung, called, or so long."""
        with selectors.DefaultSelector() as ready:
            ready.register(self._ear, selectors.EVENT_READ)
            if ear is not None:
                ready.register(ear.socket, selectors.EVENT_READ)
            ready.select(seconds)
        if ear is not None:
            ear.called()
        try:
            while self._ear.recv(4096):
                pass
        except BlockingIOError:
            return

    def _say(self, state: LinkState, refusal: Refusal | None = None, *, last: datetime | None = None) -> None:
        was = self._link
        since = was.since if was.state is state else self._clock.now()
        why, hint = (str(refusal), refusal.hint) if refusal is not None else ("", "")
        self._link = Link(state, since, why, hint, last or was.last)
        if replace(self._link, last=None) != replace(was, last=None):
            self._told(self._link)


def _cursor(database: Database) -> int:
    with database.read() as view:
        return Outgoing(view.connection).standing().cursor
