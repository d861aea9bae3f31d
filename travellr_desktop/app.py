"""The one place that wires everything together. Nothing is made at import.

profile → settings, log → database → gateway → services → jobs → window
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from travellr_desktop import unset
from travellr_desktop.errors import Cancelled, DatabaseReadOnly, NotFound, Refusal
from travellr_desktop.paths import Profile

if TYPE_CHECKING:  # heavy: imported where they are used
    from travellr_desktop.config import Settings
    from travellr_desktop.demo.mark import DemoSignIn
    from travellr_desktop.domain.clock import Clock
    from travellr_desktop.events import EventBus
    from travellr_desktop.jobs.runner import JobRun, Runner
    from travellr_desktop.logs import Journal
    from travellr_desktop.payments.door import GatewayDoor
    from travellr_desktop.payments.gateway import PaymentGateway
    from travellr_desktop.services.authority import Authority
    from travellr_desktop.services.central.door import CentralDoor
    from travellr_desktop.services.checks.report import CheckReport
    from travellr_desktop.services.importing.report import ImportReport
    from travellr_desktop.services.importing.service import ImportOrder
    from travellr_desktop.services.key_report import KeyReport
    from travellr_desktop.services.provider import ProviderView
    from travellr_desktop.services.registry import Services
    from travellr_desktop.services.secrets import SecretStore
    from travellr_desktop.storage.uow import Database
    from travellr_desktop.sync.late import LateCentral
    from travellr_desktop.ui.background import Task
    from travellr_desktop.ui.station import Station

T = TypeVar("T")


@dataclass(frozen=True)
class Program:
    """One open profile. `close()` ends the jobs, then the gateway, then the database."""

    profile: Profile
    settings: Settings
    database: Database
    gateway: GatewayDoor
    services: Services
    runner: Runner
    secrets: SecretStore
    central: LateCentral | None = None

    def start(self) -> None:
        """Run what runs by itself: the jobs, and what keeps the file and its hub together."""
        self.runner.start()
        if self.central is not None:
            self.central.start()

    def close(self) -> None:
        from travellr_desktop.domain.permissions import SYSTEM

        self.runner.stop()
        if self.central is not None:
            self.central.stop()
        self.gateway.close()
        try:
            with suppress(Refusal):  # what was told and not noted is told again at the next start
                self.database.flush_published(SYSTEM)
        finally:
            self.database.close()


def open_program(
    profile: Profile,
    *,
    settings: Settings | None = None,
    bus: EventBus | None = None,
    clock: Clock | None = None,
    ask_keyring: bool = False,
    secrets: SecretStore | None = None,
    journal: Journal | None = None,
    sleep: Callable[[float], None] | None = None,
    gateways: Callable[[str | None], PaymentGateway] | None = None,
    authority: Callable[[Database], Authority] | None = None,
    central: Callable[[Database], CentralDoor] | None = None,
) -> Program:
    """Open a profile: its folders are made, its database is created or migrated, nothing is run yet.

    `ask_keyring` asks the system keyring for secrets, unless `secrets` are those of an earlier opening. `gateways`
    opens the one that goes with a key, in place of Stripe's; `authority` gives whom a desk asks that is not alone,
    `central` its way there. Raises `StorageRefusal` and its children, `SettingsInvalid`, and `OtherPaymentsKind` where
    the key is of another kind than the card payments that the profile has taken."""
    from travellr_desktop.config import load_settings
    from travellr_desktop.demo.mark import read_mark
    from travellr_desktop.domain.clock import SystemClock
    from travellr_desktop.events import EventBus
    from travellr_desktop.jobs.runner import Runner
    from travellr_desktop.payments.door import GatewayDoor
    from travellr_desktop.services.provider import KeyChange, first_gateway
    from travellr_desktop.services.registry import make_services
    from travellr_desktop.services.secrets import open_secrets, system_keyring
    from travellr_desktop.storage import startup
    from travellr_desktop.storage.uow import Database
    from travellr_desktop.sync.late import LateCentral

    profile.make()
    settings = settings or load_settings(profile)
    demo = read_mark(profile) is not None
    path = _file(profile, settings)
    startup.prepare(path, profile.backups)
    if secrets is None:
        secrets = open_secrets(profile, settings, keyring=system_keyring() if ask_keyring else None)
    try:
        database = Database(path, clock=clock or SystemClock(), bus=bus or EventBus(), locks=profile.locks)
    except OSError as error:
        raise DatabaseReadOnly(f"The profile folder cannot be written to: {profile.folder}") from error
    opened = gateways or partial(_gateway, profile, sleep, clock)
    try:
        door = GatewayDoor(first_gateway(database, None if demo else secrets, opened))
    except BaseException:
        database.close()
        raise
    late = None if demo else LateCentral(database, secrets, startup.arrival(path))
    services = make_services(
        database,
        door,
        secrets=secrets,
        documents=profile.documents,
        sandbox_file=profile.sandbox,
        locale=settings.locale,
        hold_lasts=timedelta(minutes=settings.hold_minutes),
        errors=journal.recent_errors if journal is not None else tuple,
        key_change=None if demo else KeyChange(door, opened),
        authority=late if authority is None else authority(database),
        central=late if central is None else central(database),
    )
    return Program(profile, settings, database, door, services, Runner(services), secrets, late)


def _file(profile: Profile, settings: Settings) -> Path:
    """The database of a profile. A demonstration's is its own, whatever the environment says of the person's."""
    from travellr_desktop.demo.mark import read_mark

    return (None if read_mark(profile) else settings.database) or profile.database


def _open_existing(profile: Profile) -> Program:
    """Open what is there. Raises `NotFound` for a folder without a database: a slip in its name must not be
    answered with an empty agency that is in order."""
    from travellr_desktop.config import load_settings

    settings = load_settings(profile)
    path = _file(profile, settings)
    if not path.exists():
        raise NotFound(f"There is no database at {path}.", hint="Name another folder with --profile DIR.")
    return open_program(profile, settings=settings, ask_keyring=True)


def _gateway(
    profile: Profile, sleep: Callable[[float], None] | None, clock: Clock | None, key: str | None
) -> PaymentGateway:
    from travellr_desktop.payments.factory import open_gateway

    if sleep is None:
        return open_gateway(key, profile.sandbox, clock=clock)
    return open_gateway(key, profile.sandbox, sleep=sleep, clock=clock)


class LateServices:
    """The services, opened when something of them is first asked for: the window is painted before that.

    Whoever asks is on a background thread. What opening raises, each who asks is told, until it succeeds."""

    def __init__(self, profile: Profile, settings: Settings | None, journal: Journal) -> None:
        """Without settings they are read when the services are opened."""
        from travellr_desktop.events import EventBus

        self.bus = EventBus()
        self._profile = profile
        self._settings = settings
        self._journal = journal
        self._lock = threading.Lock()
        self._program: Program | None = None
        self._secrets: SecretStore | None = None
        self._over = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.program().services, name)

    def program(self) -> Program:
        """The open program, its jobs running. Raises `Cancelled` once it was closed for good."""
        with self._lock:
            if self._over:
                raise Cancelled
            if self._program is None:
                self._program = open_program(
                    self._profile,
                    settings=self._settings,
                    bus=self.bus,
                    ask_keyring=True,
                    secrets=self._secrets,
                    journal=self._journal,
                )
                self._program.start()
            return self._program

    def job_runs(self) -> tuple[JobRun, ...]:
        """The last run of each job, for the Activity screen."""
        return self.program().runner.runs()

    def run_job(self, name: str) -> JobRun:
        """Run one job of the schedule now, on the caller's thread, and give its run."""
        return self.program().runner.run_now(name)

    def station(self) -> Station:
        program = self.program()
        return station(program.services, program.profile)

    def move_to(self, profile: Profile) -> None:
        """From now on another profile: this one's program is closed, the other's is opened when it is asked for."""
        with self._lock:
            if self._program is not None:
                self._program.close()
                self._program = None
            self._profile, self._secrets = profile, None

    def reopen(self) -> None:
        """Close the program and open it again, on the file that lies there by now. What was entered for this session,
        and an open vault, stay. Raises as `open_program`; who asks for something then has it tried again."""
        with self._lock:
            if self._program is not None:
                self._secrets = self._program.secrets
                self._program.close()
                self._program = None
        self.program()

    def close(self) -> None:
        """For good: whoever asks for something afterwards does not open it again."""
        with self._lock:
            self._over = True
            if self._program is not None:
                self._program.close()
                self._program = None


def station(services: Services, profile: Profile) -> Station:
    """What the frame says of where it is."""
    from travellr_desktop.demo.mark import HINT, read_mark
    from travellr_desktop.domain.ways import PaymentsKind
    from travellr_desktop.ui.central.words import line_of
    from travellr_desktop.ui.formats import Formats
    from travellr_desktop.ui.station import Station
    from travellr_desktop.ui.till.words import standing_words

    hint = HINT if read_mark(profile) is not None else ""
    agency, kind = services.agency.view(), services.provider.kind
    money = Station(
        sandbox=not kind.is_real and not services.of_vendor,
        copy=services.of_vendor,
        test=kind is PaymentsKind.TEST,
        hint=hint,
        key=services.provider.trouble(),
    )
    if agency is None:
        return money
    standing = services.till.standing()
    till = standing_words(standing, Formats(services.locale), services.clock.now())
    now, formats = services.clock.now(), Formats(services.locale, agency.zone)
    return replace(
        money,
        agency=agency.name,
        desk=agency.desk_name,
        zone=agency.zone,
        till=till,
        till_waits=standing.needed and standing.since is None,
        central=line_of(services.central.standing(), formats, now),
    )


def open_window(profile: Profile) -> int:
    """Open the window on a profile and stay until it is closed. Returns the exit code."""
    from travellr_desktop.logs import start_logging
    from travellr_desktop.ui.start import run

    profile.make()
    settings: Settings | None = None
    if unset.anything_set(profile, os.environ):
        from travellr_desktop.config import (
            load_settings,
        )  # what is wrong in them is said before a window is there

        settings = load_settings(profile)
    early = settings or unset.Unset()
    journal = start_logging(profile, early.log_level)
    opened: list[LateServices] = []

    def services() -> LateServices:
        opened.append(LateServices(profile, settings, journal))
        return opened[0]

    def open_demo(task: Task) -> DemoSignIn:
        """From the first start: the demonstration in a folder of its own, which the window moves to."""
        from travellr_desktop.demo.place import open_for_window

        return open_for_window(profile, task, opened[0].move_to)

    def reopen() -> None:
        opened[0].reopen()

    try:
        return run(services, early, profile, open_demo=open_demo, reopen=reopen)
    finally:
        for late in opened:
            late.close()
        journal.close()


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What `travellr recover` found."""

    payments: int
    refunds: int
    payouts: int
    still_unknown: int

    @property
    def ok(self) -> bool:
        return self.still_unknown == 0

    def as_json(self) -> Mapping[str, Any]:
        return {
            "ok": self.ok,
            "recovered_payments": self.payments,
            "recovered_refunds": self.refunds,
            "recovered_payouts": self.payouts,
            "still_unknown": self.still_unknown,
        }

    def as_text(self) -> str:
        return (
            f"{self.payments} payments, {self.refunds} refunds and {self.payouts} payouts were found out about; "
            f"{self.still_unknown} are still open."
        )


def recover_payments(profile: Profile) -> RecoveryReport:
    """Find out by reading what became of what was cut off."""
    program = _open_existing(profile)
    try:
        program.services.upkeep.tell_again()
        found = program.services.payments.recover(start_up=True)
        return RecoveryReport(found.payments, found.refunds, found.payouts, found.still_unknown)
    finally:
        program.close()


def check_books(profile: Profile) -> CheckReport:
    """Prove the books of a profile. Changes nothing in them."""
    program = _open_existing(profile)
    try:
        return program.services.check.run()
    finally:
        program.close()


def import_file(profile: Profile, order: ImportOrder, dry: bool, faulty: Path | None) -> ImportReport:
    """Bring a CSV file into a profile, or only try it. The rows that did not go in are written to `faulty`.
    Raises as `ImportService.run`."""
    from travellr_desktop.domain.permissions import SYSTEM

    program = _open_existing(profile)
    try:
        report = program.services.imports.run(SYSTEM, order, dry=dry)
        if faulty is not None and report.tally.faults:
            program.services.imports.save_faulty(SYSTEM, order, report, faulty)
        return report
    finally:
        program.close()


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What `travellr export` wrote."""

    path: Path
    rows: int
    ok: bool = True

    def as_json(self) -> Mapping[str, Any]:
        return {"ok": self.ok, "path": str(self.path), "rows": self.rows}

    def as_text(self) -> str:
        return f"{self.rows:,} rows are in {self.path}."


def export_list(profile: Profile, name: str, path: Path, text: str = "") -> ExportReport:
    """Write a whole list, or the rows with these words, to a CSV file. Raises `CannotWrite`."""
    from travellr_desktop.domain.permissions import SYSTEM
    from travellr_desktop.services.paged import ListQuery

    program = _open_existing(profile)
    try:
        rows = getattr(program.services.lists, name)(SYSTEM, ListQuery(text))
        try:
            written = program.services.exports.to_csv(SYSTEM, name, rows, path)
        finally:
            rows.close()
        return ExportReport(written.path.resolve(), written.rows)
    finally:
        program.close()


def with_services(profile: Profile, ask: Callable[[Services], T]) -> T:
    """Open a profile that is there, ask its services, and close it. Raises `NotFound`, and what is raised by `ask`."""
    program = _open_existing(profile)
    try:
        return ask(program.services)
    finally:
        program.close()


def with_program(profile: Profile, use: Callable[[Program], T], *, make: bool = False) -> T:
    """Open a profile that is there, use its program, and close it; with `make` one that is not there yet is made.
    Nothing runs before `use` starts it. Raises `NotFound`, and what is raised by `use`."""
    program = open_program(profile, ask_keyring=True) if make else _open_existing(profile)
    try:
        return use(program)
    finally:
        program.close()


def about_key(profile: Profile, do: Callable[[Services], ProviderView]) -> KeyReport:
    """Do something about the provider's key (see `services.key_report`), and say how it stands then."""
    from travellr_desktop.services.key_report import KeyReport

    return with_services(profile, lambda services: KeyReport(do(services)))
