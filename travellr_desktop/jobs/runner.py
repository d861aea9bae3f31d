"""The schedule of the open program: recovery of payments, lapsed holds, clean-up; first, once, what was left undone.

Each job is a plain function of the services. A job that fails is logged and runs again at its next time; what the
last run of each did can be asked for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from travellr_desktop.errors import OtherPaymentsKind, Refusal
from travellr_desktop.jobs.neighbours import NeighbourWatch
from travellr_desktop.payments.gateway import GatewayBusy, OutcomeUnknown
from travellr_desktop.services.registry import Services

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobRun:
    """The last run of a job: when it began, how long it took, what it said. `failed` is a sentence, or None."""

    name: str
    every: timedelta
    began: datetime | None = None
    took: timedelta | None = None
    said: str = ""
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """`for_all`: it is done for the whole agency, at the one desk that does its chores now. `of_file`: it looks after
    the file alone, so a vendor's has it too."""

    name: str
    every: timedelta
    work: Callable[[Services], str]
    for_all: bool = False
    of_file: bool = False


def recover_payments(services: Services) -> str:
    """Read what is due; charges nothing."""
    found = services.payments.recover()
    return (
        f"{found.payments} paid, {found.refunds} refunded, {found.payouts} paid out, "
        f"{found.still_unknown} still open"
    )


def read_links(services: Services) -> str:
    """Payment links that wait for their traveller."""
    return f"{services.links.poll()} read"


def hear_events(services: Services) -> str:
    """What happened at the provider: links paid, refunds that came back, disputes. A provider that does not answer, or
    is not the one of this profile now, is no failure of the job: the next turn begins where this one did."""
    try:
        heard = services.listening.poll()
    except (GatewayBusy, OutcomeUnknown, OtherPaymentsKind) as silence:
        return str(silence)
    if heard.elsewhere:
        return "another window listens"
    return f"{heard.new} new, {heard.read} read, {heard.left} to be read"


def read_readers(services: Services) -> str:
    """Payments that a card reader asks for."""
    return f"{services.readers.poll()} read"


def expire_holds(services: Services) -> str:
    return f"{services.upkeep.expire_holds()} lapsed"


def remind(services: Services) -> str:
    """Options whose reminder has come are told of, each once."""
    return f"{services.options.remind_due()} due"


def keep_waiting_list(services: Services) -> str:
    """Nobody waits for what is over, or for seats that are free."""
    return f"{services.waiting_list.keep_up()} departures"


def run_payouts(services: Services) -> str:
    """Approved batches, where the agency has switched on that they run by themselves."""
    return f"{services.payout_runs.run_due()} begun"


def fetch_moves(services: Services) -> str:
    """What moved on the provider's balance, with the fees that it took."""
    return f"{services.matching.fetch()} new"


def issue_invoices(services: Services) -> str:
    """Of what was confirmed, where the agency wishes it."""
    return f"{services.invoices.issue_due()} issued"


def prepare_payouts(services: Services) -> str:
    """Drafts of the week and the month that are over; nothing is paid by it."""
    return f"{services.payouts.prepare_due()} drafts"


def complete_departures(services: Services) -> str:
    """Those that have been over for as long as the agency wants to wait."""
    done = services.completing.complete_due()
    if done is None:
        return "by a person"
    return f"{done.departures} departures, {done.completed + done.no_show} bookings"


def note_told(services: Services) -> str:
    return f"{services.upkeep.note_told()} events"


def try_key(services: Services) -> str:
    """What the key in use can do may change at the provider, and one of the environment was never tried."""
    return services.provider.try_key()


def top_up_numbers(services: Services) -> str:
    """At a desk of several: of every series there is more than half a block."""
    return f"{services.numbers.top_up()} blocks"


def share_departures(services: Services) -> str:
    """At a desk of several: others can sell what was made here, and what is left on the release date."""
    shared, released = services.sharing.share_new(), services.sharing.release_due()
    return f"{shared} departures shared, {released} released"


def give_back_oversold(services: Services) -> str:
    """At a desk of several: what came free of a departure that was sold beyond what it has is not sold anew."""
    return f"{services.sharing.give_back()} departures"


def clean_up(services: Services) -> str:
    services.upkeep.clean_up()
    return "done"


ELSEWHERE = "another desk does it"
"""What a job for the whole agency says where this desk does not do its chores."""

KEY_JOB = Job("Try the payment key", timedelta(hours=6), try_key)
"""At the start as well: a key of the environment was never tried."""

JOBS = (
    Job("Read open payments", timedelta(seconds=5), recover_payments),
    Job("Read payment links", timedelta(seconds=2), read_links),
    Job("Hear the provider's events", timedelta(seconds=10), hear_events, for_all=True),
    Job("Read card readers", timedelta(seconds=2), read_readers),
    Job("Let go of lapsed holds", timedelta(seconds=5), expire_holds),
    Job("Note which events were told", timedelta(seconds=5), note_told, of_file=True),
    Job("Remind of options", timedelta(seconds=30), remind),
    Job("Look after the waiting list", timedelta(seconds=30), keep_waiting_list),
    Job("Run approved payouts", timedelta(seconds=5), run_payouts, for_all=True),
    Job("Fetch what moved at the provider", timedelta(minutes=10), fetch_moves, for_all=True),
    KEY_JOB,
    Job("Issue invoices", timedelta(seconds=15), issue_invoices),
    Job("Complete departures", timedelta(minutes=5), complete_departures, for_all=True),
    Job("Prepare payouts", timedelta(minutes=5), prepare_payouts, for_all=True),
    Job("Top up numbers", timedelta(seconds=30), top_up_numbers),
    Job("Share departures with other desks", timedelta(seconds=30), share_departures),
    Job("Give back oversold seats", timedelta(seconds=5), give_back_oversold),
    Job("Forget old command keys", timedelta(hours=6), clean_up, of_file=True),
)
"""What runs again and again while the program is open."""


def start_up(services: Services) -> str:
    """Once, before anything else: what an earlier program left half done."""
    told = services.upkeep.tell_again()
    if services.of_vendor:
        return f"{told} events told"
    lapsed = services.upkeep.expire_holds()
    found = services.payments.recover(start_up=True)
    return f"{told} events told, {lapsed} holds lapsed, {found.payments} payments recovered"


class Runner:
    """Runs the jobs in the background until `stop`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._jobs = tuple(job for job in JOBS if job.of_file or not services.of_vendor)
        self._at = {job.name: threading.Lock() for job in self._jobs}
        self._runs = {job.name: JobRun(job.name, job.every) for job in self._jobs}
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        self._neighbours = NeighbourWatch(services.neighbours)

    def start(self) -> None:
        """Run what an earlier program left, then each job at its interval; listen to other windows of the file."""
        self._neighbours.start()
        self._scheduler.add_job(self._once, id="start-up", max_instances=1)
        for job in self._jobs:
            self._scheduler.add_job(
                self._run,
                "interval",
                (job,),
                seconds=job.every.total_seconds(),
                id=job.name,
                max_instances=1,
                coalesce=True,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for what runs, then end."""
        self._neighbours.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def runs(self) -> tuple[JobRun, ...]:
        """The last run of each job."""
        with self._lock:
            return tuple(self._runs.values())

    def run_now(self, name: str) -> JobRun:
        """Run one job on this thread, after the run of it that may be under way. Raises KeyError for a name there
        is not."""
        self._run({job.name: job for job in self._jobs}[name])
        with self._lock:
            return self._runs[name]

    def _once(self) -> None:
        try:
            log.info("start-up: %s", start_up(self._services))
        except Refusal as refusal:
            log.warning("start-up: %s", refusal)
        except Exception:
            log.exception("start-up failed")
        if KEY_JOB in self._jobs:
            self._run(KEY_JOB)

    def _run(self, job: Job) -> None:
        with self._at[job.name]:
            began = self._services.clock.now()
            said, failed = self._try(job)
            run = JobRun(job.name, job.every, began, self._services.clock.now() - began, said, failed)
        with self._lock:
            self._runs[job.name] = run

    def _try(self, job: Job) -> tuple[str, str | None]:
        """What the job said, or why it failed; a failure is logged and is not the end of the schedule."""
        try:
            if job.for_all and not self._services.authority.chores():
                return ELSEWHERE, None
            return job.work(self._services), None
        except Refusal as refusal:
            log.warning("%s: %s", job.name, refusal)
            return "", str(refusal)
        except Exception as error:
            log.exception("%s failed", job.name)
            return "", f"{type(error).__name__}: {error}"
