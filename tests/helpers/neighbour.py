"""Another program on the same file, which does what it is told: `python -m helpers.neighbour FOLDER`.

It reads words from its input, a line each, and answers each with a line of JSON once it is done:
`sell`, `hold`, `lapse` (its clock goes on until every hold has lapsed, and it lets go of them), `quit`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]


class Neighbour:
    """The other program, seen from the test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, word: str) -> None:
        """Have it begin; the answer is waited for by `answer`."""
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def do(self, word: str) -> Any:
        self.tell(word)
        return self.answer()


@contextmanager
def neighbour(folder: Path) -> Iterator[Neighbour]:
    """Another program on the profile in `folder`, ready to be told; it has ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.neighbour", str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT)))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        other = Neighbour(process)
        assert other.answer() == "ready"
        try:
            yield other
        finally:
            other.tell("quit")


def main(folder: Path) -> None:
    from helpers.clock import HandClock
    from helpers.desk import CASH, desk_again
    from travellr_desktop.domain.party import Party
    from travellr_desktop.services.sales import Sell, SellLine

    clock = HandClock()
    with desk_again(folder, clock) as desk:
        with desk.database.read() as view:
            departure = view.departures.find_all()[0][0].id
            buyer = view.travellers.find_all()[0][0].id
        answer("ready")
        for line in sys.stdin:
            match line.strip():
                case "sell":
                    hold = desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=uuid4())
                    order = Sell((SellLine(hold.id),), buyer, CASH)
                    sold = desk.services.sales.sell(desk.agent, order, key=uuid4())
                    answer(sold.bookings[0].reference)
                case "hold":
                    hold = desk.services.holds.hold(desk.agent, departure, Party(adult=1), key=uuid4())
                    answer(str(hold.id))
                case "lapse":
                    clock.forward(timedelta(hours=3))
                    answer(desk.services.upkeep.expire_holds())
                case _:
                    return


def answer(said: object) -> None:
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
