"""A desk in a process of its own that keeps in touch with its hub: `python -m helpers.enrolled_desk FOLDER URL`.

It reads words from its input, a line each, and answers each with a line of JSON once it is done: `sell` (what was
sold), `rush SECONDS EVERY` (a sale each so many seconds, for so long; then all of them, and how many seconds after the
last the hub had them), `caught PUB SALES` (once all published until then is in the file, and so many sales were heard
of; which, since it was asked last, and what that took), `count` (entries of its ledger), `quit`. Moments are
`time.time()`.
"""

from __future__ import annotations

import os
import random
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from helpers.central_hub import Either
from helpers.desk import CASH, Desk, desk_again
from helpers.neighbour import ROOT, Neighbour, answer
from helpers.raw import value
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.domain.party import Party
from travellr_desktop.events import BookingConfirmed
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.sales import Sell, SellLine
from travellr_desktop.storage.outgoing import Outgoing, OutgoingOp, Standing
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.hub import Answer, Hub
from travellr_desktop.sync.worker import Worker

LOOK_EVERY = 0.02
SEATS = 2_000
AHEAD = timedelta(days=40)
_TCP_INFO_BYTES = 120
"""Where Linux says how many bytes of a connection were acknowledged, and then how many came."""


@contextmanager
def starting(folder: Path, url: str) -> Iterator[Neighbour]:
    """The process; its first answer, "ready", is still to be read."""
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.enrolled_desk", str(folder), url],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT / "packaging"), str(ROOT))),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        other = Neighbour(process)
        try:
            yield other
        finally:
            other.tell("quit")


class Line:
    """What a desk's thread goes to its hub by, and what went over it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._hubs: list[Hub] = []
        self.told: dict[int, float] = {}
        """When the answer to an op was there, by its number."""

    def connect(self) -> Hub:
        hub = _Timed(self)
        self._hubs.append(hub)
        return hub

    def bytes(self) -> int:
        """Of all connections, both ways; 0 where the system does not say."""
        return sum(_bytes(hub.socket) for hub in self._hubs)

    def reach(self) -> Any:
        return connect(self._url, insecure_loopback=True)


class _Timed(Hub):
    def __init__(self, line: Line) -> None:
        super().__init__(line.reach())
        self._line = line

    def push(self, ops: Sequence[OutgoingOp]) -> tuple[Answer, ...]:
        answers = super().push(ops)
        now = time.time()
        self._line.told.update((one.op_no, now) for one in answers)
        return answers


def _bytes(descriptor: int) -> int:
    if not hasattr(socket, "TCP_INFO"):
        return 0
    with socket.socket(fileno=os.dup(descriptor)) as there:
        said = there.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    sent, came = struct.unpack_from("=QQ", said, _TCP_INFO_BYTES)
    return int(sent + came)


@contextmanager
def online(desk: Desk, line: Line, either: Either) -> Iterator[Worker]:
    """The desk's own thread, connected."""
    worker = Worker(desk.database, line.connect)
    either.real = HubAuthority(desk.database, worker)
    worker.start()
    try:
        while worker.link.state is not LinkState.ONLINE:
            if worker.link.state is LinkState.REFUSED:
                raise SystemExit(f"The hub refuses: {worker.link.why}")
            time.sleep(LOOK_EVERY)
        yield worker
    finally:
        worker.stop()


class Seller:
    """Sells on a departure of its own, and keeps what it hears of others' sales."""

    def __init__(self, desk: Desk, line: Line) -> None:
        self._desk = desk
        self._line = line
        desk.services.numbers.top_up()
        self._own = desk.add_departure(day=desk.clock.now().date() + AHEAD, capacity=SEATS)
        self._buyer = desk.traveller().id
        self._heard: list[tuple[str, float]] = []
        self._until_told()
        self._before = self._spent()

    def hear(self, event: BookingConfirmed) -> None:
        self._heard.append((str(event.aggregate_id), time.time()))

    def sell(self) -> dict[str, Any]:
        """`{id, reference, at, op}`: the booking, when it was committed, and by which op."""
        services, agent = self._desk.services, self._desk.agent
        hold = services.holds.hold(agent, self._own, Party(adult=1), key=uuid4())
        sold = services.sales.sell(agent, Sell((SellLine(hold.id),), self._buyer, CASH), key=uuid4())
        at, booking = time.time(), sold.bookings[0]
        return {
            "id": str(booking.id),
            "reference": booking.reference,
            "at": at,
            "op": self._standing().last_op,
        }

    def rush(self, seconds: float, every: float) -> dict[str, Any]:
        """`{sales, ops, behind}`; each of the sales as `sell` has it, and for how many seconds the hub had it not."""
        before, sales = self._standing().last_op, []
        end = time.monotonic() + seconds
        due = time.monotonic() + random.uniform(0, every)
        while max(due, time.monotonic()) < end:
            time.sleep(max(due - time.monotonic(), 0))
            sales.append(self.sell())
            due += every
        over, last = time.monotonic(), self._standing().last_op
        self._until_told()
        told = self._line.told
        return {
            "sales": [{**one, "told": told[one["op"]] - one["at"]} for one in sales],
            "ops": last - before,
            "behind": time.monotonic() - over,
        }

    def caught(self, pub: int, sales: int) -> dict[str, Any]:
        """`{heard, bytes, cpu}`: bookings as (id, moment), its own too; what went over the wire; seconds of a core."""
        while self._standing().cursor < pub or len(self._heard) < sales:
            time.sleep(LOOK_EVERY)
        heard, self._heard = self._heard, []
        (bytes_before, cpu_before), self._before = self._before, self._spent()
        return {"heard": heard, "bytes": self._before[0] - bytes_before, "cpu": self._before[1] - cpu_before}

    def _spent(self) -> tuple[int, float]:
        return self._line.bytes(), time.process_time()

    def _until_told(self) -> None:
        while (here := self._standing()).acked < here.last_op:
            time.sleep(LOOK_EVERY)

    def _standing(self) -> Standing:
        with self._desk.database.read() as view:
            return Outgoing(view.connection).standing()


def main(folder: Path, url: str) -> None:
    either, line = Either(), Line(url)
    with desk_again(folder, SystemClock(), authority=either) as desk, online(desk, line, either):
        seller = Seller(desk, line)
        with desk.database.bus.subscribe(BookingConfirmed, seller.hear):
            answer("ready")
            for words in sys.stdin:
                match words.split():
                    case ["sell"]:
                        answer(seller.sell())
                    case ["rush", seconds, every]:
                        answer(seller.rush(float(seconds), float(every)))
                    case ["caught", pub, sales]:
                        answer(seller.caught(int(pub), int(sales)))
                    case ["count"]:
                        answer(value(desk.database.path, "SELECT count(*) FROM ledger"))
                    case _:
                        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
