"""A stretch of wire between a desk and its hub on which things go wrong.

It knows just so much of what Postgres speaks that it can tell one call from the next: what a desk sends up to its Sync,
and what comes back until the server is ready. What is to become of a call is said beforehand (`Wire.plan`). Plain
connections only.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

PATIENCE_S = 120.0
SASL = (10, 11)
"""What a server asks for while somebody signs in, and is answered."""


class Fate(StrEnum):
    """What becomes of a call. All but TWICE and HELD cut the desk's connection."""

    LOST = "it never arrives"
    CUT = "half of it arrives"
    UNHEARD = "it is done, and the answer is lost"
    HALF_HEARD = "it is done, and half of the answer arrives"
    TWICE = "it arrives twice; the first answer is heard"
    LATE = "it arrives when `arrive` is called, long after the desk has given up"
    HELD = "it is done, and the answer waits for `let_go`"


class Gone(Exception):
    """The other end has hung up."""


class Wire:
    """Made by `wire`. Desks connect to `port`."""

    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._planned: deque[tuple[bytes, Fate]] = deque()
        self._late: list[tuple[socket.socket, bytes]] = []
        self.answers: list[tuple[bytes, bytes]] = []  # of calls that arrived twice
        self.held = threading.Event()
        self._go = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, name="wire")]
        self._threads[0].start()

    def plan(self, call: str, fate: Fate) -> None:
        """The next call that names this function meets that fate; those planned earlier first."""
        self._planned.append((call.encode(), fate))

    @property
    def all_happened(self) -> bool:
        return not self._planned

    def arrive(self) -> list[bytes]:
        """Have the calls arrive that were kept back. Returns what the hub answered."""
        said = []
        for hub, request in self._late:
            hub.sendall(request)
            said.append(_until_ready(hub))
            hub.close()
        self._late.clear()
        return said

    def let_go(self) -> None:
        """Answers that are held go on, to whom is still there."""
        self._go.set()

    def close(self) -> None:
        self._go.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # whoever waits for somebody to come is told
        self._listening.close()
        for each in [*self._open, *(hub for hub, _request in self._late)]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE_S)
        for each in [*self._open, *(hub for hub, _request in self._late)]:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listening.accept()
            except OSError:
                return
            hub = socket.create_connection(("127.0.0.1", self._hub_port))
            self._open += [desk, hub]
            thread = threading.Thread(target=self._serve, args=(desk, hub), name="wire")
            self._threads.append(thread)
            thread.start()

    def _serve(self, desk: socket.socket, hub: socket.socket) -> None:
        keep = False
        with suppress(Gone, OSError):
            _sign_in(desk, hub)
            keep = self._calls(desk, hub)
        desk.close()
        if not keep:
            hub.close()

    def _calls(self, desk: socket.socket, hub: socket.socket) -> bool:
        """One after the other. Returns whether the hub's end is to be kept open."""
        named: dict[bytes, bytes] = {}
        while True:
            ready, _, _ = select.select([desk, hub], [], [])
            if hub in ready and desk not in ready:
                desk.sendall(_message(hub))  # somebody is called who listens
                continue
            request, text = _request(desk, named)
            fate = self._fate(text)
            if fate is Fate.LOST:
                return False
            if fate is Fate.LATE:
                self._late.append((hub, request))
                return True
            if fate is Fate.CUT:
                hub.sendall(request[: len(request) // 2])
                return False
            hub.sendall(request)
            answer = _until_ready(hub)
            if fate is Fate.UNHEARD:
                return False
            if fate is Fate.HALF_HEARD:
                desk.sendall(answer[: len(answer) // 2])
                return False
            if fate is Fate.TWICE:
                hub.sendall(request)
                self.answers.append((answer, _until_ready(hub)))
            if fate is Fate.HELD:
                self.held.set()
                self._go.wait(PATIENCE_S)
            desk.sendall(answer)

    def _fate(self, text: bytes) -> Fate | None:
        if self._planned and self._planned[0][0] in text:
            return self._planned.popleft()[1]
        return None


@contextmanager
def wire(hub_port: int) -> Iterator[Wire]:
    """A wire to a server that listens on this machine."""
    made = Wire(hub_port)
    try:
        yield made
    finally:
        made.close()


def _sign_in(desk: socket.socket, hub: socket.socket) -> None:
    """Until the server is ready for the first call."""
    head = _exactly(desk, 4)
    hub.sendall(head + _exactly(desk, struct.unpack("!I", head)[0] - 4))
    while True:
        said = _message(hub)
        desk.sendall(said)
        if said[:1] == b"Z":
            return
        if said[:1] == b"E":
            raise Gone
        if said[:1] == b"R" and struct.unpack("!I", said[5:9])[0] in SASL:
            hub.sendall(_message(desk))


def _request(desk: socket.socket, named: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """What a desk sends for one call, and the statements that it executes; `named` are those it has prepared."""
    sent, prepared, executed = b"", b"", b""
    while True:
        message = _message(desk)
        sent += message
        kind, body = message[:1], message[5:]
        if kind == b"X":
            raise Gone
        if kind == b"Q":
            return sent, body
        if kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            named[name] = text
        elif kind == b"B":
            prepared = named.get(body.split(b"\0", 2)[1], b"")
        elif kind == b"E":
            executed += prepared
        elif kind == b"S":
            return sent, executed


def _until_ready(hub: socket.socket) -> bytes:
    said = b""
    while True:
        message = _message(hub)
        said += message
        if message[:1] == b"Z":
            return said


def _message(source: socket.socket) -> bytes:
    head = _exactly(source, 5)
    return head + _exactly(source, struct.unpack("!I", head[1:])[0] - 4)


def _exactly(source: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        some = source.recv(count - len(found))
        if not some:
            raise Gone
        found += some
    return found
