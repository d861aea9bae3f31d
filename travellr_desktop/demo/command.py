"""`travellr demo`: makes the agency, plays the tour, has a sale killed and healed, and tells what came of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import DemoDesk, demo_settings, open_desk
from travellr_desktop.demo.killed import KilledSale, kill_a_sale
from travellr_desktop.demo.mark import HINT, DemoSignIn
from travellr_desktop.demo.place import ensure_demo
from travellr_desktop.demo.plan import Size
from travellr_desktop.logs import start_logging
from travellr_desktop.paths import Profile
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.services.checks.report import CheckReport

Line = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, by state where there are states."""

    vendors: int
    trips: int
    departures: int
    travellers: int
    sales: int
    bookings: Mapping[str, int]
    payments: Mapping[str, int]
    refunds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demonstration did. `recovered` is how many payments recovery found to be paid; `charged` how often
    the provider charged the sale that was killed; `pictures` are relative to the profile."""

    profile: Path
    seed: int
    made: bool
    recovery: bool
    counts: Counts
    killed: KilledSale
    charged: int
    recovered: int
    check: CheckReport
    pictures: tuple[str, ...]
    seconds: float
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        """Charged once, and the books agree; without recovery they do not, and that is how it should be."""
        return self.charged == 1 and self.check.ok is self.recovery and bool(self.pictures)

    def as_json(self) -> Mapping[str, Any]:
        counts = self.counts
        return {
            "ok": self.ok,
            "profile": str(self.profile),
            "seed": self.seed,
            "made": self.made,
            "counts": {
                "vendors": counts.vendors,
                "trips": counts.trips,
                "departures": counts.departures,
                "travellers": counts.travellers,
                "sales": counts.sales,
                "bookings": dict(counts.bookings),
                "payments": dict(counts.payments),
                "refunds": dict(counts.refunds),
            },
            "ledger": {
                "entries": self.check.ledger.entries,
                "out_of_balance": self.check.ledger.out_of_balance,
            },
            "recovery": self.recovery,
            "recovered_payments": self.recovered,
            "killed_sale": {
                "sale": self.killed.reference,
                "sale_id": str(self.killed.sale_id),
                "payment_id": str(self.killed.payment_id),
                "succeeded_intents": self.charged,
            },
            "problems": [problem.as_json() for problem in self.check.problems],
            "pictures": list(self.pictures),
            "seconds": round(self.seconds, 1),
        }

    def as_text(self) -> str:
        counts = self.counts

        def states(found: Mapping[str, int]) -> str:
            return ", ".join(
                f"{count:,} {state.replace('_', '-')}" for state, count in found.items() if count
            )

        lines = [
            *self.lines,
            "",
            f"Bookings: {states(counts.bookings)}.",
            f"Payments: {states(counts.payments)}.",
            f"Refunds:  {states(counts.refunds)}.",
            f"Ledger:   {self.check.ledger.entries:,} entries, {self.check.ledger.out_of_balance} out of balance.",
            f"The sandbox charged {self.killed.reference} {_times(self.charged)}.",
            *(f"Not as it should be: {problem}" for problem in self.check.problems),
            f"{len(self.pictures)} pictures are in {self.profile / 'pictures'}.",
            f"Open it with: travellr --profile {self.profile}",
            HINT,
        ]
        return "\n".join(lines)


def run_demo(
    profile: Profile,
    *,
    seed: int,
    recovery: bool,
    now: datetime | None = None,
    size: Size | None = None,
    progress: Line | None = None,
) -> DemoReport:
    """Make the agency where it is not there, and play the tour through it. `now` is another moment to begin at.

    `progress` hears how far the making is, on standard error by default: it takes about a minute. Raises `NotADemo`
    and other refusals; `TourStuck` is a fault."""
    begun = monotonic()
    said: list[str] = []
    clock = ShiftedClock(timedelta(0)) if now is None else ShiftedClock.showing(now)
    made = _make(profile, seed, clock, size, progress or _to_stderr)
    said.append(
        f"The demonstration agency of seed {seed} is {'made' if made else 'used again'}: {profile.folder}"
    )
    _without_a_display()
    journal = start_logging(profile, demo_settings(profile).log_level)
    try:
        with open_desk(profile, clock=clock, journal=journal) as desk:
            played, pictures = _play(desk, clock, recovery=recovery, say=said.append)
            return DemoReport(
                profile=profile.folder,
                seed=seed,
                made=made,
                recovery=recovery,
                counts=count(desk),
                killed=played.killed,
                charged=_charged(profile, played.killed),
                recovered=played.recovered,
                check=desk.services.check.run(),
                pictures=tuple(path.relative_to(profile.folder).as_posix() for path in pictures),
                seconds=monotonic() - begun,
                lines=tuple(said),
            )
    finally:
        journal.close()


def _make(profile: Profile, seed: int, clock: ShiftedClock, size: Size | None, say: Line) -> bool:
    tenths: set[int] = set()

    def progress(done: int, total: int, words: str) -> None:
        tenth = 10 * done // total
        if tenth not in tenths:
            tenths.add(tenth)
            say(f"Making the agency: {done:,} of {total:,} {words}.")

    return ensure_demo(profile, seed=seed, now=clock.now(), size=size, said=progress)


def _play(desk: DemoDesk, clock: ShiftedClock, *, recovery: bool, say: Line) -> tuple[Any, list[Path]]:
    from travellr_desktop.demo.tour import Errand, play  # the window's modules, and Qt's, take their time

    services, profile = desk.services, desk.profile

    def recover() -> int:
        services.upkeep.tell_again()
        return services.payments.recover(start_up=True).payments

    with SandboxControl(profile.sandbox) as sandbox:
        sandbox.disarm()  # of a tour that was broken off
    for old in (profile.folder / "pictures").glob("*.png"):
        old.unlink()
    played, player = play(
        desk,
        profile,
        DemoSignIn(),
        Errand(lambda: kill_a_sale(profile, clock.shift), recover if recovery else None),
        clock=clock,
        said=say,
    )
    return played, player.pictures


def count(desk: DemoDesk) -> Counts:
    """What is in the profile now."""
    with desk.database.read() as view:
        refunds: dict[str, int] = {}
        page = 1
        while rows := view.refunds.find_all(page, 500)[0]:
            for row in rows:
                refunds[row.state.value] = refunds.get(row.state.value, 0) + 1
            page += 1
        return Counts(
            vendors=view.vendors.find_all(1, 1)[1],
            trips=view.trips.find_all(1, 1)[1],
            departures=view.departures.find_all(1, 1)[1],
            travellers=view.travellers.find_all(1, 1)[1],
            sales=view.sales.find_all(1, 1)[1],
            bookings={state.value: n for state, n in view.bookings.count_by_status().items()},
            payments={state.value: n for state, n in view.payments.count_by_status().items()},
            refunds=refunds,
        )


def _charged(profile: Profile, killed: KilledSale) -> int:
    """What the sandbox's own file says, not ours."""
    with SandboxControl(profile.sandbox) as sandbox:
        return sandbox.succeeded_intents(killed.payment_id)


def _without_a_display() -> None:
    """Where there is no display the window is painted into memory."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _times(number: int) -> str:
    return {0: "not at all", 1: "once"}.get(number, f"{number} times")


def _to_stderr(words: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC):%H:%M:%S} {words}\n")
    sys.stderr.flush()
