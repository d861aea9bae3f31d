"""The program of the demonstration, wired up for one profile: always the sandbox, never a key, never another file.

What the environment says of keys and databases is the person's, and is not looked at here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from travellr_desktop.config import Settings, load_settings
from travellr_desktop.demo.mark import HINT
from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.errors import DatabaseReplaced
from travellr_desktop.events import EventBus
from travellr_desktop.jobs.runner import JobRun, Runner
from travellr_desktop.logs import Journal
from travellr_desktop.paths import Profile
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.factory import open_sandbox
from travellr_desktop.services.provider import KeyChange
from travellr_desktop.services.registry import Services, make_services
from travellr_desktop.services.secrets import SecretStore, open_secrets
from travellr_desktop.services.users import UserService
from travellr_desktop.storage import startup
from travellr_desktop.storage.uow import Database
from travellr_desktop.sync.late import LateCentral
from travellr_desktop.ui.central.words import line_of
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.station import Station
from travellr_desktop.ui.till.words import standing_words

MakeCentral = Callable[[Database, SecretStore, Path], LateCentral]


@dataclass(frozen=True)
class DemoDesk:
    """One open profile. Its schedule runs when somebody starts it."""

    profile: Profile
    settings: Settings
    database: Database
    services: Services
    runner: Runner
    to_hub: LateCentral | None = None
    """The way to a central database, where this desk is one of several."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.services, name)

    @property
    def users(self) -> UserService:
        return self.services.users

    @property
    def bus(self) -> EventBus:
        return self.services.bus

    def station(self) -> Station:
        """Which desk this is, for the window."""
        agency = self.services.agency.view()
        if agency is None:
            return Station(hint=HINT)
        standing = self.services.till.standing()
        till = standing_words(standing, Formats(self.services.locale), self.services.clock.now())
        formats = Formats(self.services.locale, agency.zone)
        line = line_of(self.services.central.standing(), formats, self.services.clock.now())
        hint = HINT if line is None else ""
        return Station(agency.name, agency.desk_name, True, till, hint, zone=agency.zone, central=line)

    def job_runs(self) -> tuple[JobRun, ...]:
        return self.runner.runs()

    def run_job(self, name: str) -> JobRun:
        return self.runner.run_now(name)


def demo_settings(profile: Profile) -> Settings:
    """What the person set for looks and language; no key and no file of their own."""
    return load_settings(profile).model_copy(update={"stripe_api_key": None, "database_url": None})


@contextmanager
def open_desk(
    profile: Profile,
    *,
    clock: Clock,
    settings: Settings | None = None,
    journal: Journal | None = None,
    sleep: Callable[[float], None] | None = None,
    takes_keys: bool = False,
    central: MakeCentral | None = None,
) -> Iterator[DemoDesk]:
    """Open the profile's files, made where there are none; everything is closed at the end. With `takes_keys` it can be
    seen where a key would be entered; whichever it is, the sandbox stays. `central` makes the way to a hub.

    `sleep` spends the waits between repetitions of a request. Raises `StorageRefusal`, `SettingsInvalid`."""
    profile.make()
    settings = settings or demo_settings(profile)
    startup.prepare(profile.database, profile.backups)
    if sleep is None:
        gateway = open_sandbox(profile.sandbox, clock=clock)
    else:
        gateway = open_sandbox(profile.sandbox, sleep=sleep, clock=clock)
    door = GatewayDoor(gateway)
    try:
        database = Database(profile.database, clock=clock, bus=EventBus(), locks=profile.locks)
        try:
            secrets = open_secrets(profile, settings, keyring=None)
            late = None if central is None else central(database, secrets, startup.arrival(profile.database))
            services = make_services(
                database,
                door,
                secrets=secrets,
                documents=profile.documents,
                sandbox_file=profile.sandbox,
                locale=settings.locale,
                hold_lasts=timedelta(minutes=settings.hold_minutes),
                errors=journal.recent_errors if journal is not None else tuple,
                key_change=KeyChange(door, lambda _key: gateway) if takes_keys else None,
                authority=late,
                central=late,
            )
            runner = Runner(services)
            try:
                yield DemoDesk(profile, settings, database, services, runner, late)
            finally:
                runner.stop()
                if late is not None:
                    late.stop()
                with suppress(DatabaseReplaced):  # what was told is told again when the file is opened
                    database.flush_published(SYSTEM)
        finally:
            database.close()
    finally:
        door.close()
