"""Eight programs that sell the same seats at once: `python -m helpers.oversell sell|naive FOLDER`.

They are forked from one process that has imported what they need. What each sold is written as one line of JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import sys
from contextlib import closing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import uuid4

from helpers.desk import CASH, desk_again
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import SeatsGone
from travellr_desktop.services.sales import Sell, SellLine

PROGRAMS = 8
TRIES = 100
"""How many seats each of them tries to sell, one at a time: all of them."""

FREE = "SELECT seats - taken FROM grants"
TAKE = (
    "INSERT INTO holds (id, version, departure_id, grant_id, seats, party, state, expires_at, created_at) "
    "SELECT ?, 1, departure_id, id, 1, '{}', 'active', '', '' FROM grants"
)
COUNT = "UPDATE grants SET taken = (SELECT count(*) FROM holds)"


def sell(folder: Path, together: Barrier) -> tuple[int, int]:
    """As people do: hold a seat, sell it for cash. Gives how many were sold, and how often there was none."""
    sold = gone = 0
    with desk_again(folder) as desk:
        with desk.database.read() as view:
            departure = view.departures.find_all()[0][0].id
            buyer = view.travellers.find_all()[0][0].id
        together.wait()
        for _ in range(TRIES):
            try:
                hold = desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=uuid4())
            except SeatsGone:
                gone += 1
                continue
            order = Sell((SellLine(hold.id),), buyer, CASH)
            desk.services.sales.sell(desk.agent, order, key=uuid4())
            sold += 1
    return sold, gone


def naive(folder: Path, together: Barrier) -> tuple[int, int]:
    """As it is often written: look whether a seat is free, then take it. The looking of all is made to come before
    the taking of any, as it now and then does by itself."""
    sold = gone = 0
    with closing(sqlite3.connect(folder / "travellr.db", timeout=60, isolation_level=None)) as connection:
        for _ in range(TRIES):
            together.wait()
            free = connection.execute(FREE).fetchone()[0]
            together.wait()
            if free < 1:
                gone += 1
                continue
            connection.execute(TAKE, (uuid4().hex,))
            connection.execute(COUNT)
            sold += 1
    return sold, gone


def _program(kind: str, folder: Path, together: Barrier, found: Queue[tuple[int, int]]) -> None:
    found.put({"sell": sell, "naive": naive}[kind](folder, together))


def main(kind: str, folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    together: Barrier = context.Barrier(PROGRAMS, timeout=60)
    found: Queue[tuple[int, int]] = context.Queue()
    programs = [
        context.Process(target=_program, args=(kind, folder, together, found)) for _ in range(PROGRAMS)
    ]
    for program in programs:
        program.start()
    results = [found.get(timeout=120) for _ in programs]
    for program in programs:
        program.join()
    print(json.dumps([{"sold": sold, "gone": gone} for sold, gone in results]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
