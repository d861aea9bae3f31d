"""A desk in a process of its own that keeps in touch with its hub: `python -m helpers.enrolled_desk FOLDER URL`.

It reads words from its input, a line each, and answers each with a line of JSON once it is done: `sell` (the booking's
reference, once it is committed), `rush SECONDS` (sales one after the other for so long; then how many, how many ops,
and how long after the last the hub had all of them), `caught PUB` (once all published until then is in the file),
`quit`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from helpers.central_hub import Either
from helpers.desk import CASH, Desk, desk_again
from helpers.neighbour import ROOT, Neighbour, answer
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.domain.party import Party
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.sales import Sell, SellLine
from travellr_desktop.storage.outgoing import Outgoing, Standing
from travellr_desktop.sync.authority import HubAuthority
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.worker import Worker

LOOK_EVERY = 0.005
SEATS = 2_000
AHEAD = timedelta(days=40)


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


@contextmanager
def online(desk: Desk, url: str, either: Either) -> Iterator[Worker]:
    """The desk's own thread, connected."""
    worker = Worker(desk.database, lambda: Hub(connect(url, insecure_loopback=True)))
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


def main(folder: Path, url: str) -> None:
    either = Either()
    with desk_again(folder, SystemClock(), authority=either) as desk, online(desk, url, either):
        desk.services.numbers.top_up()
        own = desk.add_departure(day=desk.clock.now().date() + AHEAD, capacity=SEATS)
        buyer = desk.traveller().id
        _until_told(desk)
        answer("ready")
        for line in sys.stdin:
            match line.split():
                case ["sell"]:
                    answer(_sell(desk, own, buyer))
                case ["rush", seconds]:
                    answer(_rush(desk, own, buyer, float(seconds)))
                case ["caught", pub]:
                    while _standing(desk).cursor < int(pub):
                        time.sleep(LOOK_EVERY)
                    answer(time.time())
                case _:
                    return


def _sell(desk: Desk, departure: UUID, buyer: UUID) -> str:
    hold = desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=uuid4())
    sold = desk.services.sales.sell(desk.agent, Sell((SellLine(hold.id),), buyer, CASH), key=uuid4())
    return sold.bookings[0].reference


def _rush(desk: Desk, departure: UUID, buyer: UUID, seconds: float) -> dict[str, float]:
    before, sales, end = _standing(desk).last_op, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        _sell(desk, departure, buyer)
        sales += 1
    over, last = time.monotonic(), _standing(desk).last_op
    _until_told(desk)
    return {"sales": sales, "ops": last - before, "behind": time.monotonic() - over}


def _until_told(desk: Desk) -> None:
    while (here := _standing(desk)).acked < here.last_op:
        time.sleep(LOOK_EVERY)


def _standing(desk: Desk) -> Standing:
    with desk.database.read() as view:
        return Outgoing(view.connection).standing()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
