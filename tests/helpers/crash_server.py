"""A process that has imported everything and forks a child for what is killed, or changes more than its files.

One JSON object a line comes in, one goes out. Started by `helpers.crash_runner`.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from sqlalchemy import event

from helpers import crash_sales as sales
from helpers.clock import START, HandClock
from helpers.crashes import STORIES, Boundary
from helpers.desk import ADMIN, CARD, PASSWORD, VISA, Desk, desk_again, desk_at, open_at
from helpers.raw import raw
from travellr_desktop.domain.money import Money
from travellr_desktop.jobs.runner import start_up
from travellr_desktop.payments.gateway import PaymentRequest, RefundRequest, TransferRequest
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.at_hand import AtHand
from travellr_desktop.services.users import FirstAdmin
from travellr_desktop.storage import commits
from travellr_desktop.storage.commits import Commit, Moment

HOUR = timedelta(hours=2)


def die() -> None:
    """As if the power had gone."""
    os.kill(os.getpid(), signal.SIGKILL)


class Watch:
    """Counts the boundaries that are reached; dies at the one that is asked for, or keeps what a death there would
    leave behind: the folder as it is, one copy a boundary."""

    def __init__(self, folder: Path, at: Boundary | None, keep: Path | None = None) -> None:
        self.folder = folder
        self.at = at
        self.keep = keep
        self.kept: list[Boundary] = []
        self.commits: list[str] = []
        self.replies = 0
        self.unnamed: list[str] = []
        self._named = False

    def failpoint(self, commit: Commit, moment: Moment) -> None:
        if moment is Moment.BEFORE:
            self.commits.append(commit.value)
            self._named = True
        else:
            self._named = False
        self._is_at(Boundary(len(self.commits) - 1, moment.value, commit.value))

    def reply(self, _seconds: float) -> None:
        """The provider has done it, and its reply is on the way."""
        self.replies += 1
        self._is_at(Boundary(self.replies - 1, "reply"))

    def committed(self, _connection: Any) -> None:
        if not self._named:
            self.unnamed.append("".join(traceback.format_stack(limit=12)))

    def _is_at(self, here: Boundary) -> None:
        if self.at is not None and (self.at.moment, self.at.number) == (here.moment, here.number):
            die()
        if self.keep is not None:
            # another process reads the files: one that closes a file gives up its own locks on it
            self.keep.mkdir(exist_ok=True)
            subprocess.run(["cp", "-R", self.folder, self.keep / str(len(self.kept))], check=True)
            self.kept.append(here)

    def told(self) -> dict[str, Any]:
        kept = [asdict(here) for here in self.kept]
        return {"commits": self.commits, "replies": self.replies, "unnamed": self.unnamed, "kept": kept}


def make(folder: Path, _job: dict[str, Any]) -> Any:
    """The agency that every story begins with."""
    with desk_at(folder) as desk, desk.sandbox() as sandbox:
        sandbox.set_latency(1)  # so that each reply is waited for, and can be died at


def before(folder: Path, job: dict[str, Any]) -> Any:
    story = STORIES[job["story"]]
    with desk_again(folder) as desk:
        if story.cut is None:
            _arm(desk, job["story"])
        story.before(desk)
        if story.cut is None:
            return
        other, at = story.cut
        commits.set_failpoint(partial(_cut, at))
        STORIES[other].act(desk)
    raise AssertionError(f"{other!r} was not cut off")


def _cut(at: Commit, commit: Commit, moment: Moment) -> None:
    if commit is at and moment is Moment.BEFORE:
        die()


def _arm(desk: Desk, name: str) -> None:
    with desk.sandbox() as sandbox:
        for operation, kind in STORIES[name].faults:
            sandbox.arm(operation, kind, until_disarmed=STORIES[name].for_good)


def act(folder: Path, job: dict[str, Any]) -> Any:
    story = STORIES[job["story"]]
    watch = Watch(
        folder, Boundary(**job["at"]) if job["at"] else None, Path(job["keep"]) if job["keep"] else None
    )
    commits.set_failpoint(watch.failpoint)
    with desk_again(folder, HandClock(START + story.later), sleep=watch.reply) as desk:
        event.listen(desk.database.engine, "commit", watch.committed)
        story.act(desk)
    return watch.told()


def after(folder: Path, job: dict[str, Any]) -> Any:
    """Restart as the program does, let people go on, prove the books, and say how everything stands."""
    story = STORIES[job["story"]]
    with desk_again(folder, HandClock(START + story.later)) as desk:
        if not story.for_good:
            with desk.sandbox() as sandbox:
                sandbox.disarm()
        start_up(desk.services)
        story.again(desk)
        clock = desk.clock
        assert isinstance(clock, HandClock)
        for _ in range(2):  # the schedule goes on, and finds nothing to do twice
            clock.forward(HOUR)
            desk.services.payments.recover()
        with desk.sandbox() as sandbox:
            sandbox.disarm()
        report = desk.services.check.run()
    return {"stands": stands(folder), "problems": [str(problem) for problem in report.problems]}


def left(folder: Path, _job: dict[str, Any]) -> Any:
    """How everything stands before the program is started again."""
    return {"stands": stands(folder), "problems": []}


def naive(folder: Path, job: dict[str, Any]) -> Any:
    """The negative control: after the restart whatever is not finished is charged or given back again, under a fresh
    key."""
    with desk_again(folder, HandClock(START)) as desk:
        gateway = desk.program.gateway
        with desk.database.read() as view:
            waiting = [(row.id, Money(row.amount, row.currency)) for row in view.payments.in_flight()]
        for payment_id, amount in waiting:
            request = PaymentRequest(payment_id, amount, "again")
            prepared = gateway.prepare_payment(request, key=f"again-{uuid4()}")
            gateway.process_payment(prepared.ref, payment_method=VISA, key=f"again-{uuid4()}")
        with desk.database.read() as view:
            refunds = [view.refunds.get_full(row.id) for row in view.refunds.in_flight(None)]
            owed = [(row.id, row.payment.provider_ref, Money(row.amount, row.currency)) for row in refunds]
        for refund_id, ref, amount in owed:
            assert ref is not None
            gateway.refund_payment(RefundRequest(refund_id, ref, amount), key=f"again-{uuid4()}")
        with desk.database.read() as view:
            to_pay = [
                TransferRequest(row.id, row.account_ref or "", Money(row.amount, row.currency), "again")
                for row in view.payouts.in_flight()
            ]
        for request_out in to_pay:
            gateway.create_transfer(request_out, key=f"again-{uuid4()}")
    return {"stands": stands(folder), "problems": []}


def cash_left_alone(folder: Path, job: dict[str, Any]) -> Any:
    """The negative control: the program starts again, and its recovery knows of what goes through a provider only."""
    AtHand.complete = lambda *_a, **_k: None  # type: ignore[method-assign]
    with desk_again(folder, HandClock(START)) as desk:
        start_up(desk.services)
    return {"stands": stands(folder), "problems": []}


def first_start(folder: Path, job: dict[str, Any]) -> Any:
    """The program opens a folder where nothing is yet, and its first admin is made."""
    watch = Watch(folder, Boundary(**job["at"]) if job["at"] else None)
    commits.set_failpoint(watch.failpoint)
    program = open_at(folder)
    form = FirstAdmin("Mira Kovač", ADMIN, PASSWORD, "Kotor Riva", "Europe/Podgorica", "EUR")
    try:
        if program.services.users.needs_first_admin():
            program.services.users.create_first_admin(form)
        report = program.services.check.run()
    finally:
        program.close()
    return {**watch.told(), "problems": [str(problem) for problem in report.problems]}


def stands(folder: Path) -> dict[str, Any]:
    """How the books and the provider stand, without ids, times and what was tried in vain."""
    queries = {
        "bookings": "SELECT state, price, count(*) FROM bookings GROUP BY 1, 2",
        "sales": "SELECT count(*) FROM sales",
        "holds": "SELECT state, kind, seats, count(*) FROM holds "
        "WHERE NOT (kind = 'change' AND state = 'released') GROUP BY 1, 2, 3",  # of a change not charged
        "changes": "SELECT kind, difference, count(*) FROM amendments WHERE state = 'done' GROUP BY 1, 2",
        "lines": "SELECT price, discount, kept, ended_at IS NULL, count(*) FROM booking_lines GROUP BY 1, 2, 3, 4",
        "notes": "SELECT text FROM notes ORDER BY 1",
        "waiting": "SELECT state, seats, count(*) FROM waiting_list GROUP BY 1, 2",
        "allowed": "SELECT seats, count(*) FROM allowances GROUP BY 1",
        "grants": "SELECT seats, taken FROM grants ORDER BY 1, 2",
        "sitting": "SELECT sum(occupies) FROM booking_lines",
        "paid": "SELECT way, amount, count(*) FROM payments WHERE state = 'completed' GROUP BY 1, 2",
        "open payments": "SELECT state FROM payments WHERE state NOT IN ('completed', 'failed', 'abandoned')",
        "refunds": "SELECT state, amount, count(*) FROM refunds GROUP BY 1, 2",
        "debits": "SELECT event, debit, sum(amount), count(*) FROM ledger GROUP BY 1, 2",
        "credits": "SELECT event, credit, sum(amount), count(*) FROM ledger GROUP BY 1, 2",
        "disputes": "SELECT state, amount, fee, count(*) FROM disputes GROUP BY 1, 2, 3",
        "requests": "SELECT state, amount, count(*) FROM refund_orders GROUP BY 1, 2",
        "credit": "SELECT amount, count(*) FROM credit_moves GROUP BY 1",
        "tills": "SELECT number, state FROM till_sessions ORDER BY 1",
        "counted": "SELECT kind, counted, difference, safe, stays, count(*) FROM till_counts GROUP BY 1, 2, 3, 4, 5",
        "moved": "SELECT kind, amount, count(*) FROM till_moves GROUP BY 1, 2",
        "read": "SELECT number, count(*) FROM till_reads GROUP BY 1",
        "people": "SELECT name FROM users ORDER BY 1",
        "agency": "SELECT name, legal FROM agencies",
        "invoices": "SELECT number, gross, tax FROM invoices ORDER BY 1",
        "travellers": "SELECT name FROM travellers ORDER BY 1",
        "trips": "SELECT title FROM trips ORDER BY 1",
        "departures": "SELECT local_day, state, count(*) FROM departures GROUP BY 1, 2",
        "payouts": "SELECT state, amount, number, count(*) FROM payouts GROUP BY 1, 2, 3",
        "batches": "SELECT kind, state, count(*) FROM payout_batches GROUP BY 1, 2",
        "taken back": "SELECT state, amount, count(*) FROM take_backs GROUP BY 1, 2",
        "open payouts": "SELECT state FROM payouts WHERE state IN ('sending', 'unknown') "
        "UNION ALL SELECT state FROM take_backs WHERE state IN ('sending', 'unknown')",
        "open lines": "SELECT coalesce(sum(amount), 0), count(*) FROM vendor_lines WHERE payout_id IS NULL",
        "untold": "SELECT count(*) FROM outbox_events WHERE published_at IS NULL",
    }
    with raw(folder / "travellr.db") as connection:
        found: dict[str, Any] = {
            name: [list(row) for row in connection.execute(query)] for name, query in queries.items()
        }
        ours = connection.execute(
            "SELECT id FROM payments WHERE state = 'completed' AND way IN ('card', 'link', 'reader', 'saved')"
        )
        cards = Counter(_dashed(row[0]) for row in ours)
        ours = connection.execute(
            "SELECT id FROM payouts WHERE state IN ('paid', 'reversed') AND way = 'transfer'"
        )
        paid_out = Counter(_dashed(row[0]) for row in ours)
    with closing(SandboxControl(folder / "sandbox.db")) as sandbox:
        counts = sandbox.counts()
        found["provider"] = [counts.charges, counts.charged, counts.refunds, counts.refunded]
        found["charged twice"] = [key for key, count in sandbox.succeeded_by_payment().items() if count > 1]
        found["charged and not ours"] = sorted((sandbox.succeeded_by_payment() - cards).elements())
        found["ours and not charged"] = sorted((cards - sandbox.succeeded_by_payment()).elements())
        transfers = sandbox.counted("transfer", "payout_id")
        found["transferred"] = counts.transferred
        found["paid out twice"] = [key for key, count in transfers.items() if count > 1]
        found["paid out and not ours"] = sorted((transfers - paid_out).elements())
        found["ours and not paid out"] = sorted((paid_out - transfers).elements())
        reversals = sandbox.counted("transfer_reversal", "reversal_id")
        found["taken back twice"] = [key for key, count in reversals.items() if count > 1]
        found["given back twice"] = [key for key, count in sandbox.refunds_by_id().items() if count > 1]
    return found


def _dashed(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


PARTS = {
    "make": make,
    "before": before,
    "act": act,
    "after": after,
    "left": left,
    "naive": naive,
    "cash left alone": cash_left_alone,
    "first start": first_start,
}


HERE = ("after", "left")


def forked(job: dict[str, Any]) -> dict[str, Any]:
    """Play a part in a child. `signal` is what killed it, or None."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            told = PARTS[job["part"]](Path(job["folder"]), job)
            with os.fdopen(writer, "w") as out:
                json.dump(told, out)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as source:
        text = source.read()
    _, status = os.waitpid(child, 0)
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    failed = killed is None and os.WEXITSTATUS(status) != 0
    return {"signal": killed, "failed": failed, "told": json.loads(text) if text else None}


def played_here(job: dict[str, Any]) -> dict[str, Any]:
    """Play a part that nothing is killed in: where the files are all that is gone on from, it takes no child."""
    told = None
    try:
        told = PARTS[job["part"]](Path(job["folder"]), job)
    except Exception:
        traceback.print_exc()
    gc.collect()
    return {"signal": None, "failed": told is None, "told": told}


def rehearse() -> None:
    """Play a sale and its way back here, once: what is imported and worked out now is there in every child."""
    with TemporaryDirectory() as folder:
        make(Path(folder), {})
        with desk_again(Path(folder)) as desk:
            sales.departures(desk)
            sales.sold(desk, CARD, 1)
            sales.cancel(4500)(desk)
            start_up(desk.services)
            desk.services.check.run()


def main() -> None:
    rehearse()
    gc.collect()
    gc.freeze()  # what is here stays shared with the children
    gc.disable()
    for line in sys.stdin:
        job = json.loads(line)
        print(json.dumps(played_here(job) if job["part"] in HERE else forked(job)), flush=True)


if __name__ == "__main__":
    main()
