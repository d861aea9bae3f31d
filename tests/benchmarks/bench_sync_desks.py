"""Desks as processes, each on its own file, over a hub on this machine: when others see a sale, and how much many tell.

A booking made at one desk is looked for on the screen of another: from the end of the one's commit to the moment at
which its row is shown. Then so many desks sell at once as fast as they can; what each of them told is counted at the
hub, and how long after a commit the hub had it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")

from helpers.central_hub import Either, HubPlace, hub_place
from helpers.desk import Desk, desk_again, desk_at
from helpers.enrolled_desk import online, starting
from helpers.neighbour import Neighbour
from helpers.postgres import Central
from postgres import Postgres
from travellr_desktop.domain.clock import SystemClock
from travellr_desktop.domain.ways import PaymentsKind, ProfileKind
from travellr_desktop.paths import Profile
from travellr_desktop.sync.central.members import SignIn
from travellr_desktop.sync.first_sync import first_sync
from travellr_desktop.sync.joining import join

SALES = 30
GOAL_MS = 150.0
PATIENCE = 20.0
DESKS = 20
SECONDS = 10.0

Row = dict[str, Any]


class Agency:
    """A hub and files that belong to it."""

    def __init__(self, server: Postgres, name: str, stack: ExitStack) -> None:
        server.create_database(name)
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.place: HubPlace = stack.enter_context(hub_place(Central(server, name)))
        self.first = self.folder / "desk0"
        sign_in = self.place.sign_in("Desk 0")
        with desk_at(self.first, SystemClock()) as desk:
            desk.add_departure(day=desk.clock.now().date() + timedelta(days=30), capacity=50)
            join(desk.database, self.place.reach(sign_in))
        self.url = self._url(sign_in)

    def another(self, number: int) -> tuple[Path, str]:
        """The folder and the hub's address of one more desk."""
        sign_in = self.place.sign_in(f"Desk {number}")
        profile = Profile.at(self.folder / f"desk{number}").make()
        first_sync(
            self.place.reach(sign_in),
            profile.database,
            profile_kind=ProfileKind.DESK,
            payments_kind=PaymentsKind.SANDBOX,
        )
        return profile.folder, self._url(sign_in)

    def _url(self, sign_in: SignIn) -> str:
        return self.place.central.url(sign_in.login, sign_in.password)


def windows(server: Postgres, sales: int = SALES) -> list[Row]:
    """Milliseconds from a commit at one desk to the other's screen."""
    with ExitStack() as stack:
        agency = Agency(server, "windows", stack)
        other = stack.enter_context(starting(*agency.another(1)))
        assert other.answer() == "ready"
        either = Either()
        desk = stack.enter_context(desk_again(agency.first, SystemClock(), authority=either))
        stack.enter_context(online(desk, agency.url, either))
        waits = _watched(desk, other, sales, stack)
    median, worst = statistics.median(waits), max(waits)
    return [
        _row("another desk's sale on this screen, ms: median", median, GOAL_MS),
        _row("another desk's sale on this screen, ms: worst", worst),
    ]


def _watched(desk: Desk, other: Neighbour, sales: int, stack: ExitStack) -> list[float]:
    from PySide6.QtWidgets import QApplication

    from travellr_desktop.events import BookingConfirmed
    from travellr_desktop.jobs.neighbours import NeighbourWatch
    from travellr_desktop.ui.bookings.columns import booking_columns
    from travellr_desktop.ui.bridge import Bridge
    from travellr_desktop.ui.records.words import Words
    from travellr_desktop.ui.tables import ListWords, PagedModel
    from travellr_desktop.ui.tables.list_screen import ListScreen
    from travellr_desktop.ui.theme import Mode, Theme

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    Theme(mode=Mode.LIGHT).apply(application)
    services, actor = desk.services, desk.agent
    model = PagedModel(
        booking_columns(Words("en_GB"), desk.clock), lambda query: services.lists.bookings(actor, query)
    )
    screen = ListScreen(model, name="bench", words=ListWords("Bookings", "bookings"))
    stack.callback(screen.close_down)
    bridge = Bridge(services.bus)
    stack.callback(bridge.close)
    bridge.happened.connect(lambda event: screen.refresh() if isinstance(event, BookingConfirmed) else None)
    screen.resize(1280, 720)
    screen.show()
    screen.start()
    watch = NeighbourWatch(services.neighbours)
    watch.start()
    stack.callback(watch.stop)
    waits = []
    for number in range(sales):
        time.sleep(0.037 * (number % 7))  # anywhere between two looks
        reference = other.do("sell")
        committed = time.perf_counter()
        while not any(
            row is not None and row.reference == reference
            for row in (model.row(at) for at in range(model.rowCount()))
        ):
            application.processEvents()
            if time.perf_counter() - committed > PATIENCE:
                raise SystemExit(f"{reference} is not on the screen after {PATIENCE:.0f} s.")
        waits.append((time.perf_counter() - committed) * 1000)
    return waits


def desks(server: Postgres, count: int = DESKS, seconds: float = SECONDS) -> list[Row]:
    """Desks that sell at once, and what the hub had of it."""
    with ExitStack() as stack:
        agency = Agency(server, "desks", stack)
        files = [(agency.first, agency.url), *(agency.another(number) for number in range(1, count))]
        others = [stack.enter_context(starting(*one)) for one in files]
        for other in others:
            assert other.answer() == "ready"
        before, place = _ops(agency.place), agency.place
        began = place.one("SELECT clock_timestamp()")
        for other in others:
            other.tell(f"rush {seconds}")
        told = [other.answer() for other in others]
        took = seconds + max(one["behind"] for one in told)
        ops = _ops(place) - before
        if ops < sum(one["ops"] for one in told) or place.one("SELECT count(*) FROM hub.conflicts"):
            raise SystemExit(f"{ops} ops at the hub, of {told}.")
        lags = (
            "SELECT {} FROM (SELECT extract(epoch FROM received_at - at::timestamptz) AS lag "
            "FROM hub.ops WHERE received_at > %s) AS x"
        )
        median = place.one(lags.format("percentile_cont(0.5) WITHIN GROUP (ORDER BY lag)"), began)
        worst = place.one(lags.format("max(lag)"), began)
        published = place.one("SELECT last_pub FROM hub.state")
        for other in others:
            other.tell(f"caught {published}")
        for other in others:
            other.answer()
        bookings = place.one("SELECT count(*) FROM agency.bookings")
        if bookings != sum(one["sales"] for one in told):
            raise SystemExit(f"{bookings} bookings at the hub, of {told}.")
    return [
        _row(
            f"{count} desks selling at once: sales/s, all together",
            sum(one["sales"] for one in told) / seconds,
        ),
        _row(f"{count} desks selling at once: ops/s at the hub", ops / took),
        _row(f"{count} desks: a commit until the hub has it, ms: median", float(median) * 1000),
        _row(f"{count} desks: a commit until the hub has it, ms: worst", float(worst) * 1000),
    ]


def _ops(place: HubPlace) -> int:
    return int(place.one("SELECT count(*) FROM hub.ops WHERE outcome = 'applied'"))


def _row(name: str, ours: float, most: float | None = None) -> Row:
    row: Row = {"name": name, "ours": ours, "peer": None, "ratio": None, "goal": most}
    return row if most is None else {**row, "words": f"≤ {most:g} ms", "met": ours <= most}
