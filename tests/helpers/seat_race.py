"""Eight programs that want the same numbered seats at once: `python -m helpers.seat_race FOLDER`.

Each goes along the plan and asks for every seat by its name. What each got is written as one line of JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from uuid import uuid4

from helpers.desk import desk_again
from helpers.seated import small
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import SeatsGone

PROGRAMS = 8


def _program(folder: Path, together: Barrier, found: Queue[tuple[list[str], int]]) -> None:
    got: list[str] = []
    lost = 0
    with desk_again(folder) as desk:
        with desk.database.read() as view:
            departure = view.departures.find_all()[0][0].id
        together.wait()
        for seat in small().seats:
            if seat.blocked:
                continue
            try:
                hold = desk.services.holds.hold(
                    desk.agent, departure, Party(adult=1), key=uuid4(), labels=(seat.label,)
                )
                got += hold.labels
            except SeatsGone:
                lost += 1
    found.put((got, lost))


def main(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    together: Barrier = context.Barrier(PROGRAMS, timeout=60)
    found: Queue[tuple[list[str], int]] = context.Queue()
    programs = [context.Process(target=_program, args=(folder, together, found)) for _ in range(PROGRAMS)]
    for program in programs:
        program.start()
    results = [found.get(timeout=120) for _ in programs]
    for program in programs:
        program.join()
    print(json.dumps([{"got": got, "lost": lost} for got, lost in results]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
