"""A batch of very many vendors, paid from the window by transfers over HTTP.

    python tests/benchmarks/bench_batch.py [VENDORS]

The sandbox is a program of its own behind a port of this machine. The window shows the batch while it is sent, as a
person sees it: with how far it is, and every payout as it stands. Measured are how long a payout takes, and how long
the window does not answer: at the longest, and at the longest but for one turn of its loop in a hundred.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from travellr_desktop.storage.bulk import BulkFile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).resolve().parent), str(ROOT / "tests"), str(ROOT)]

VENDORS = 2_000
GOAL_MS = 33.0
"""Two frames."""
LOOKS = 4
"""Milliseconds: how often it is looked whether the window answers."""
PATIENCE = 1_200.0
DAY = timedelta(days=1)


def run(vendors: int = VENDORS) -> dict[str, Any]:
    """Rows of {name, ours, peer, ratio, goal}, in milliseconds."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "profile"
        batch_id = approved(folder, vendors)
        with server(folder) as address:
            bare = asked_bare(address)
            told = sent(folder, batch_id, address)
    if told.paid != vendors:
        raise SystemExit(f"{told.paid:,} of {vendors:,} payouts are paid.")
    each, name = 1_000 * told.seconds / vendors, f"a batch of {vendors:,} vendors over HTTP"
    own = "of it computed by the window's own thread"
    return {
        "rows": [
            {"name": f"{name}: each payout", "ours": each, "peer": bare, "ratio": each / bare, "goal": None},
            {
                "name": f"{name}: longest freeze",
                "ours": told.longest,
                "peer": None,
                "ratio": None,
                "goal": GOAL_MS,
            },
            {"name": own, "ours": told.busy, "peer": None, "ratio": None},
            {"name": f"{name}: 99 of 100 turns", "ours": told.turns[0], "peer": None, "ratio": None},
            {"name": own, "ours": told.turns[1], "peer": None, "ratio": None},
        ]
    }


# the batch


def approved(folder: Path, vendors: int) -> UUID:
    """A batch that a second person has approved: each vendor has 60.00 by agreement, and an account."""
    from helpers.batches import approved_by, given, prepared
    from helpers.clock import HandClock
    from helpers.desk import desk_again, desk_at
    from helpers.paying_out import plenty
    from helpers.refunding import colleague
    from travellr_desktop.domain.payouts.words import BatchKind

    before = datetime.now(UTC) - 2 * DAY
    with desk_at(folder, HandClock(before)) as desk:
        plenty(desk, 1 + vendors // 60)
        with desk.sandbox() as sandbox:
            accounts = [sandbox.open_account(f"Vendor {number:05}") for number in range(vendors)]
        first = desk.vendor_id
    ids = add_vendors(folder, first, accounts, before)
    with desk_again(folder, HandClock(before)) as desk:
        for vendor_id in ids:
            given(desk, vendor_id, 6_000)
        petar = colleague(desk)
    with desk_again(folder, HandClock(before + 2 * DAY)) as desk:
        day = before.date() + DAY
        batch_id = prepared(desk, BatchKind.EXTRA, day, day, of=ids)
        approved_by(desk, petar, batch_id)
    return batch_id


def add_vendors(folder: Path, like: UUID, accounts: list[str], at: datetime) -> tuple[UUID, ...]:
    """Copies of a vendor and of its trip, each with an account of its own."""
    from travellr_desktop.storage.base import utc_text
    from travellr_desktop.storage.bulk import BulkFile
    from travellr_desktop.storage.commits import Commit

    ids = tuple(UUID(int=number + 1) for number in range(len(accounts)))
    file = BulkFile(folder / "travellr.db")
    try:
        vendors, trips = (
            _Copies(file, table, key, like) for table, key in (("vendors", "id"), ("trips", "vendor_id"))
        )
        for vendor_id, account in zip(ids, accounts, strict=True):
            name, trip_id = f"Vendor {vendor_id.int:05}", UUID(int=vendor_id.int << 32)
            vendors.add(id=vendor_id.hex, name=name, code="", account_ref=account, payout_way="transfer")
            trips.add(id=trip_id.hex, vendor_id=vendor_id.hex, title=f"By {name}", code="")
        file.seal(Commit.CATALOGUE_SAVE, None, utc_text(at))
        file.finish()
    finally:
        file.close()
    return ids


class _Copies:
    """Rows like the one that has this value in a column."""

    def __init__(self, file: BulkFile, table: str, key: str, like: UUID) -> None:
        self._file = file
        names = [name for (name,) in file.rows("SELECT name FROM pragma_table_info(?)", table)]
        row = file.rows(f"SELECT {', '.join(names)} FROM {table} WHERE {key} = ? LIMIT 1", like.hex)[0]
        self._like, self._sql = dict(zip(names, row, strict=True)), file.insert(table, names)

    def add(self, **other: str) -> None:
        own = {name: value for name, value in other.items() if name in self._like}
        self._file.execute(self._sql, tuple({**self._like, **own}.values()))


# over HTTP


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The profile's sandbox behind a port, in a program of its own; its address."""
    command = [
        sys.executable,
        "-m",
        "travellr_desktop",
        "sandbox",
        "--profile",
        str(folder),
        "--port",
        "0",
        "--json",
    ]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert child.stdout is not None
        yield str(json.loads(child.stdout.readline())["address"])
    finally:
        child.terminate()
        child.wait(30)


def gateway(address: str) -> Any:
    import stripe

    from travellr_desktop.domain.ways import PaymentsKind
    from travellr_desktop.payments.factory import SANDBOX_KEY
    from travellr_desktop.payments.sandbox.cards import sandbox_cards
    from travellr_desktop.payments.stripe_gateway import StripeGateway

    client = stripe.RequestsClient(timeout=(5.0, 20.0))
    return StripeGateway(
        SANDBOX_KEY, kind=PaymentsKind.SANDBOX, cards=sandbox_cards(), api_base=address, http_client=client
    )


def asked_bare(address: str, times: int = 50) -> float:
    """What two questions to the sandbox take by themselves: a payout asks about the account, and sends."""
    asked = gateway(address)
    asked.balance()
    began = time.perf_counter()
    for _ in range(2 * times):
        asked.balance()
    return 1_000 * (time.perf_counter() - began) / times


# the window


@dataclass(frozen=True, slots=True)
class Sent:
    """Seconds for the whole batch; the longest freeze meanwhile and the most that the window's thread computed in a
    turn, and both of 99 turns of a hundred, in milliseconds; how many are paid."""

    seconds: float
    longest: float
    busy: float
    turns: tuple[float, float]
    paid: int


def sent(folder: Path, batch_id: UUID, address: str) -> Sent:
    """Send a batch from the window."""
    from PySide6.QtCore import QEventLoop, QSettings
    from PySide6.QtWidgets import QApplication, QDialog

    from helpers.desk import desk_again
    from helpers.freezes import FreezeWatch
    from helpers.office import OpenServices
    from travellr_desktop.domain.clock import SystemClock
    from travellr_desktop.payments.door import GatewayDoor
    from travellr_desktop.services.users import SignedIn
    from travellr_desktop.ui.background import Background
    from travellr_desktop.ui.bridge import Bridge
    from travellr_desktop.ui.collector import Collector
    from travellr_desktop.ui.payouts.screen import PayoutsScreen
    from travellr_desktop.ui.screens import SCREENS, SEARCHES
    from travellr_desktop.ui.shell.window import Window
    from travellr_desktop.ui.shell.workspace import Program
    from travellr_desktop.ui.station import Station
    from travellr_desktop.ui.theme import Mode, Theme

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme = Theme(mode=Mode.LIGHT, reduced_motion=True)
    theme.apply(application)

    def until(holds: Callable[[], object]) -> None:
        last = time.monotonic() + PATIENCE
        while not holds():
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.monotonic() > last:
                raise SystemExit("The window does not come to an end.")

    with desk_again(folder, SystemClock()) as desk:
        door = desk.program.gateway
        assert isinstance(door, GatewayDoor)
        door.change(gateway(address))
        background, bridge, collector = Background(), Bridge(desk.services.bus), Collector()
        memory = QSettings(str(desk.profile.window), QSettings.Format.IniFormat)
        program = Program(
            OpenServices(desk), background, bridge, theme, memory, desk.clock, SCREENS, SEARCHES
        )
        window = Window(program, station=lambda: Station("Kotor Riva", "Desk 2", sandbox=True))
        window.resize(1440, 900)
        window.show()
        collector.start()
        window.door.signed_in.emit(SignedIn(desk.admin, "mira@travellr.example", None))
        watch = FreezeWatch(LOOKS)
        until(lambda: window.workspace is not None and not background.running)
        assert window.workspace is not None
        window.workspace.go("payouts")
        screen = window.workspace.current
        assert isinstance(screen, PayoutsScreen)
        screen.open_batch(batch_id)
        until(lambda: screen.page.figures is not None and not background.running)
        screen.page.sending.ask_run()
        until(lambda: application.activeModalWidget() is not None)
        question = application.activeModalWidget()
        assert isinstance(question, QDialog)
        watch.reset()
        began = time.perf_counter()
        question.accept()
        until(lambda: screen.page.sending.here == batch_id)
        until(lambda: screen.page.sending.here is None)
        seconds = time.perf_counter() - began
        until(lambda: not background.running)
        longest, busy, turns = watch.longest, watch.busy, watch.most(0.99)
        paid = desk.services.payout_runs.figures(desk.admin, batch_id).paid
        window.close()
        background.shutdown(5)
        bridge.close()
        collector.stop()
    return Sent(seconds, longest, busy, turns, paid)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else VENDORS)), flush=True)
