"""An agency at a hub, for desks that are processes of their own: files that belong to it, and the ways there."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

from helpers.central_hub import HubPlace, hub_place
from helpers.desk import desk_at
from helpers.postgres import Central
from postgres import Postgres
from postgres_system import children
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.paths import Profile
from travellr_desktop.sync.central.members import SignIn
from travellr_desktop.sync.connecting import connect
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.hub import Hub
from travellr_desktop.sync.joining import join


class Agency:
    """A new database of the server, and the file that came there first, `first` at `url`; closed with the stack."""

    def __init__(self, server: Postgres, name: str, stack: ExitStack) -> None:
        server.create_database(name)
        self._server = server
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.place: HubPlace = stack.enter_context(hub_place(Central(server, name)))
        self.first = self._folder / "desk0"
        sign_in = self.place.sign_in("Desk 0")
        with desk_at(self.first, SystemClock()) as desk:
            desk.add_departure(day=desk.clock.now().date() + timedelta(days=30), capacity=50)
            with self._reach(sign_in) as hub:
                join(desk.database, hub)
        self.url = self._url(sign_in)

    def another(self, number: int) -> tuple[Path, str]:
        """The folder and the hub's address of one more desk."""
        sign_in = self.place.sign_in(f"Desk {number}")
        profile = Profile.at(self._folder / f"desk{number}").make()
        with self._reach(sign_in) as hub:
            first_sync(
                hub,
                profile.database,
                profile_kind=ProfileKind.DESK,
                payments_kind=PaymentsKind.SANDBOX,
            )
        return profile.folder, self._url(sign_in)

    def cpu(self) -> float:
        """Seconds of a core that the server's processes have used so far; 0 where the system does not say."""
        return server_cpu(self._server)

    def memory(self) -> int:
        """Bytes that the server's processes have, what they share counted once; 0 where the system does not say."""
        kilobytes = 0
        for pid in (self._server.pid, *children(self._server.pid)):
            said = Path(f"/proc/{pid}/smaps_rollup")
            if said.exists():
                found = next(line for line in said.read_text().splitlines() if line.startswith("Pss:"))
                kilobytes += int(found.split()[1])
        return kilobytes * 1024

    def _reach(self, sign_in: SignIn) -> closing[Hub]:
        """For a moment: so that only those who are there are connected."""
        return closing(Hub(connect(self._url(sign_in), insecure_loopback=True)))

    def _url(self, sign_in: SignIn) -> str:
        return self.place.central.url(sign_in.login, sign_in.password)


def server_cpu(server: Postgres) -> float:
    """Seconds of a core that a server's processes have used so far, those that have ended included; 0 where the system
    does not say."""
    ticks = 0
    for pid in (server.pid, *children(server.pid)):
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15] if pid == server.pid else fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
