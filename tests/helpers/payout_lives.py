"""A batch of payouts run by managers whose programs are killed again and again, in processes of their own.

    python -m helpers.payout_lives FOLDER VENDORS MANAGERS careful|naive

Each life of a program starts up as it always does, goes on with the batch, and kills itself at the first boundary at
which its manager's programs have not died yet: before and after each commit, and at each reply of the provider, told
apart by how many vendors had been paid. In some lives the provider's reply to a transfer is lost. When a life has come
to its end with nothing left open, says as one JSON object what the provider has counted.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from helpers.clock import START, HandClock
from helpers.desk import Desk, desk_again, desk_at
from helpers.paying_out import approved, batch_state, not_once, owed, payouts, plenty, send_naively
from travellr_desktop.domain.states import BatchState, PayoutState, is_open
from travellr_desktop.errors import RequestInProgress, WrongState
from travellr_desktop.jobs.runner import start_up
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.storage import commits
from travellr_desktop.storage.commits import Commit, Moment

LATER = START + timedelta(days=31)
LOSES_REPLIES = 7
"""Every so many lives the reply to one transfer is lost."""

DONE, GOES_ON = 0, 3


class Fate:
    """Dies at the first boundary at which this manager's programs have not died; `died` is the file of those."""

    def __init__(self, died: Path) -> None:
        self._file = died
        self._died = set(died.read_text().splitlines()) if died.exists() else set()
        self.paid = 0
        self._replies = 0

    def failpoint(self, commit: Commit, moment: Moment) -> None:
        self._meet(f"{moment} {commit} {self.paid}")
        if (commit, moment) == (Commit.PAYOUT_RECORD, Moment.AFTER):
            self.paid += 1

    def reply(self, _seconds: float) -> None:
        self._replies += 1
        self._meet(f"reply {self._replies} {self.paid}")

    def _meet(self, here: str) -> None:
        if here in self._died:
            return
        with self._file.open("a") as file:
            file.write(f"{here}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def make(folder: Path, vendors: int) -> None:
    with desk_at(folder) as desk:
        plenty(desk, 1 + vendors // 10)
        owed(desk, *(f"Vendor {number:03}" for number in range(vendors)))
        approved(desk)
        with desk.sandbox() as sandbox:
            sandbox.set_latency(1)  # so that each reply is waited for, and can be died at


def live(folder: Path, died: Path, how: str, *, loses_a_reply: bool) -> int:
    """One life. Its exit code says whether anything is left to do."""
    fate = Fate(died)
    with desk_again(folder, HandClock(LATER), sleep=fate.reply) as desk:
        fate.paid = sum(row.state is PayoutState.PAID for row in payouts(desk))
        if loses_a_reply:
            with desk.sandbox() as sandbox:
                sandbox.disarm()
                sandbox.arm(Operation.TRANSFER_CREATE, FaultKind.REPLY_LOST_AFTER)
        commits.set_failpoint(fate.failpoint)
        (_naively if how == "naive" else _carefully)(desk)
        return GOES_ON if any(is_open(row.state) for row in payouts(desk)) else DONE


def _carefully(desk: Desk) -> None:
    start_up(desk.services)
    batch_id = payouts(desk)[0].batch_id
    runs, state = desk.services.payout_runs, batch_state(desk, batch_id)
    try:
        if state is BatchState.PAUSED:
            runs.resume(desk.admin, batch_id)
        elif state is not BatchState.DONE:
            runs.run(desk.admin, batch_id)
    except (WrongState, RequestInProgress):
        pass  # the other manager has paused it, or is at the last of it


def _naively(desk: Desk) -> None:
    for row in payouts(desk):
        if row.state is PayoutState.APPROVED:
            send_naively(desk, row.id)


def count(folder: Path) -> dict[str, Any]:
    with desk_again(folder, HandClock(LATER)) as desk:
        with desk.sandbox() as sandbox:
            sandbox.disarm()
            transfers = sandbox.counted("transfer", "payout_id")
        rows = payouts(desk)
        return {
            "not once": not_once(desk),
            "batch": batch_state(desk, rows[0].batch_id).value,
            "paid": sum(row.state is PayoutState.PAID for row in rows),
            "most": max(transfers.values()),
            "transfers": transfers.total(),
            "problems": [str(problem) for problem in desk.services.check.run().problems],
        }


def rehearse() -> None:
    """A batch is run here, once: what is imported and worked out now is there in every child."""
    with TemporaryDirectory() as place:
        make(Path(place), 1)
        with desk_again(Path(place), HandClock(LATER)) as desk:
            _carefully(desk)
        count(Path(place))
    gc.collect()
    gc.freeze()  # what is here stays shared with the children


def main(folder: Path, vendors: int, managers: int, how: str) -> None:
    profile = folder / "profile"
    rehearse()
    make(profile, vendors)
    left, lives, deaths = set(range(managers)), 0, 0
    at: dict[int, int] = {}
    while left:
        for manager in left - set(at.values()):
            lives += 1
            at[_life(profile, folder / f"died {manager}", how, lives)] = manager
        child, status = os.wait()
        manager = at.pop(child)
        if os.WIFSIGNALED(status):
            deaths += 1
        elif os.WEXITSTATUS(status) == DONE:
            left.discard(manager)
        elif os.WEXITSTATUS(status) != GOES_ON:
            raise SystemExit(f"a life of manager {manager} fell over")
    print(json.dumps({"deaths": deaths, "lives": lives, **_told(profile)}))


def _life(profile: Path, died: Path, how: str, number: int) -> int:
    lost = how == "careful" and number % LOSES_REPLIES == 0
    return _forked(lambda: live(profile, died, how, loses_a_reply=lost))


def _told(profile: Path) -> dict[str, Any]:
    reader, writer = os.pipe()

    def tell() -> None:
        with os.fdopen(writer, "w") as out:
            json.dump(count(profile), out)

    child = _forked(tell)
    os.close(writer)
    with os.fdopen(reader) as source:
        told: dict[str, Any] = json.load(source)
    _wait(child)
    return told


def _forked(work: Any) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work() or 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


def _wait(child: int) -> None:
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("it could not be made, or counted")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
