"""A sale whose program is killed between the charge and its record, as by a power cut.

A process of its own opens the profile, sells by card, and dies without a word while the payment is at the provider and
nothing of it is in the books yet. What becomes of the sale is then up to recovery.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.data import load_demo_data
from travellr_desktop.demo.desk import open_desk
from travellr_desktop.demo.mark import AGENT, PASSWORD
from travellr_desktop.demo.plan import VISA
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import NotFound
from travellr_desktop.events import BookingCreated
from travellr_desktop.paths import Profile
from travellr_desktop.services.departure_views import DepartureQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.storage.commits import Commit, Moment, set_failpoint

COMMAND = "demo-killed-sale"
"""The hidden command of the child."""

LONGEST_SECONDS = 120
_PARTY = Party(2)
_DAYS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class KilledSale:
    """The sale that was cut off, as far as it is known from outside."""

    sale_id: UUID
    payment_id: UUID
    reference: str


class ChildFailed(RuntimeError):
    """The child did not die where it should: a fault of the program."""


def kill_a_sale(profile: Profile, shift: timedelta = timedelta(0)) -> KilledSale:
    """Start the child and wait for its end. `shift` is how far its clock is from the machine's."""
    frozen = hasattr(sys, "_MEIPASS")
    command = [sys.executable] if frozen else [sys.executable, "-m", "travellr_desktop"]
    command += [COMMAND, "--profile", str(profile.folder), "--shift", str(shift.total_seconds())]
    ended = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=LONGEST_SECONDS, check=False
    )
    said = ended.stdout.strip().splitlines()
    if ended.returncode == 0 or not said:
        raise ChildFailed(
            f"The child ended with {ended.returncode} instead of being killed: {ended.stderr[-2000:]}"
        )
    told = json.loads(said[-1])
    return KilledSale(UUID(told["sale_id"]), UUID(told["payment_id"]), told["reference"])


def sell_and_die(profile: Profile, shift: timedelta) -> None:
    """What the child does. Does not return: it tells its sale on standard output, then kills itself."""
    with open_desk(profile, clock=ShiftedClock(shift)) as desk:
        services = desk.services
        seller = _seller(services)
        placed: list[UUID] = []

        def note(event: BookingCreated) -> None:
            placed.append(event.sale_id)

        subscription = services.bus.subscribe(BookingCreated, note)

        def failpoint(commit: Commit, moment: Moment) -> None:
            if commit is Commit.PAYMENT_COMPLETE and moment is Moment.BEFORE:
                _die(services, seller, placed[0])

        held = services.holds.hold(seller, _departure(services, seller), _PARTY, key=uuid4())
        traveller = services.travellers.search(seller, load_demo_data().travellers[0].name, 1)[0]
        set_failpoint(failpoint)
        order = Sell((SellLine(held.id),), traveller.id, PayChoice(Way.CARD, VISA))
        try:
            services.sales.sell(seller, order, key=uuid4())
        finally:
            set_failpoint(None)
            subscription.cancel()


def _die(services: Services, seller: Actor, sale_id: UUID) -> None:
    sale = services.sales.outcome(seller, sale_id)
    told = {"sale_id": str(sale_id), "payment_id": str(sale.payment_id), "reference": sale.reference}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def _seller(services: Services) -> Actor:
    return services.users.sign_in(AGENT, PASSWORD).actor


def _departure(services: Services, seller: Actor) -> UUID:
    """The first one in some days with enough seats, in the agency's own currency where there is one. Raises
    `NotFound` where everything is sold."""
    day = (services.clock.now() + timedelta(days=_DAYS_AHEAD)).date()
    found = services.departures.search(seller, DepartureQuery(day=day, days=7, party=_PARTY, free_only=True))
    agency = services.agency.view()
    currency = agency.currency if agency is not None else ""
    open_rows = [row for row in found.rows if row.why_not is None and row.free >= _PARTY.adult]
    if not open_rows:
        raise NotFound("Everything is sold.")
    near = (row for row in open_rows if any(price.currency == currency for price in row.prices.values()))
    return next(near, open_rows[0]).id
