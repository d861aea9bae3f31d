"""What the generator writes is what the services write: every row of every table, but for ids, codes and hashes."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from helpers.clock import START, HandClock
from helpers.desk import CASH, Desk, desk_again, desk_at
from travellr_desktop.demo.large.books import Books
from travellr_desktop.demo.large.facts import Item, Slot, TripFacts
from travellr_desktop.demo.large.names import Person
from travellr_desktop.domain.cancellation import PRESETS
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.text import name_key, phone_key, search_text
from travellr_desktop.services.sales import NamedTraveller, Sell, SellLine
from travellr_desktop.services.timetable import DepartureDraft
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.bulk import BulkFile

DAY, CLOCK = date(2026, 6, 24), time(8, 30)
STARTS = datetime(2026, 6, 24, 6, 30, tzinfo=UTC)
NAME, EMAIL, PHONE = "Milica Đukić", "milica@example.com", "+382 67 555 214"
REASON = "Cancelled at the traveller's wish."
PARTIES = (Party(2, 1), Party(1, 0, 1), Party(3))
NAMED = (
    [(NAME, None), ("Ana Đukić", None), ("Luka Đukić", 7)],
    [(NAME, None), ("Mia Đukić", 1)],
    [(NAME, None), ("Vuk Đukić", None), ("Iva Đukić", None)],
)
STORIES = ("confirmed", "cancelled early", "cancelled late", "completed", "absent")


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


END = STARTS + timedelta(days=2)


def by_services(folder: Path, story: str) -> None:
    clock = HandClock()
    with desk_again(folder, clock) as desk:
        services = desk.services

        def now(minutes: int) -> None:
            clock.at(at(minutes))

        now(1)
        drafts = [DepartureDraft(DAY, CLOCK, 12), DepartureDraft(DAY, time(15, 0), 20)]
        first, second = services.timetable.add_departures(desk.admin, next(iter(desk.trips.values())), drafts)
        now(2)
        buyer = services.travellers.create(desk.agent, TravellerDraft(NAME, EMAIL, PHONE), key=uuid4())
        for number, which in enumerate((0, 1, 2)):
            wanted = [(first, which)] if which else [(first, 0), (second, 1)]
            holds = []
            for step, (departure, who) in enumerate(wanted):
                now(10 * number + 3 + step)
                holds.append((services.holds.hold(desk.agent, departure, PARTIES[who], key=uuid4()), who))
            now(10 * number + 6)
            lines = tuple(
                SellLine(
                    hold.id,
                    tuple(
                        NamedTraveller(name, kind, age)
                        for (name, age), kind in zip(NAMED[who], PARTIES[who], strict=True)
                    ),
                )
                for hold, who in holds
            )
            sold = services.sales.sell(desk.agent, Sell(lines, buyer.id, CASH), key=uuid4())
            if number == 0:
                booking = sold.bookings[0].id
        if story.startswith("cancelled"):
            clock.at(at(60) if story == "cancelled early" else STARTS - timedelta(hours=3))
            shown = services.cancellations.preview(desk.agent, [booking])
            services.cancellations.cancel(desk.agent, [booking], REASON, shown.back, key=uuid4())
        if story in ("absent", "completed"):
            clock.at(STARTS + timedelta(hours=1))
            if story == "absent":
                manifest = services.manifests.manifest(desk.agent, first)
                gone = [one.id for each in manifest.bookings if each.id == booking for one in each.lines]
                services.manifests.absent(desk.agent, gone, True)
            clock.at(STARTS + timedelta(hours=2))
            services.manifests.close(desk.agent, first, key=uuid4())
        clock.at(END)
        services.upkeep.clean_up()


def by_generator(folder: Path, story: str) -> None:
    with desk_again(folder) as desk:
        worker = desk.database.workers.id
        admin, agent = (actor.user_id.hex for actor in (desk.admin, desk.agent) if actor.user_id)
        trip = facts(desk)
    file = BulkFile(folder / "travellr.db")
    with closing(file):
        books = Books(file, Random(1), worker=worker, told_after=START - timedelta(days=30))
        slots = [
            _slot(trip, STARTS, "08:30", 12),
            _slot(trip, STARTS + timedelta(hours=6, minutes=30), "15:00", 20),
        ]
        books.departures(at(1), admin, trip, slots)
        person = Person(
            NAME, "", (), EMAIL, PHONE, search_text(NAME, EMAIL, PHONE), name_key(NAME), phone_key(PHONE)
        )
        buyer = books.traveller(at(2), agent, person)
        first: list[Any] = []
        going: list[Any] = []
        for number, which in enumerate((0, 1, 2)):
            wanted = [(slots[0], which)] if which else [(slots[0], 0), (slots[1], 1)]
            items = []
            for step, (slot, who) in enumerate(wanted):
                held_at = at(10 * number + 3 + step)
                seats = PARTIES[who].adult + PARTIES[who].child
                hold = books.hold(held_at, agent, slot, PARTIES[who], seats)
                items.append(Item(slot, PARTIES[who], seats, hold, held_at, NAMED[who]))
            sold = books.sell(at(10 * number + 6), agent, buyer, items)
            going += [booked for booked in sold if booked.slot is slots[0]]
            first = first or sold
        if story.startswith("cancelled"):
            moment = at(60) if story == "cancelled early" else STARTS - timedelta(hours=3)
            books.cancel(moment, agent, first[0], REASON)
        if story in ("absent", "completed"):
            if story == "absent":
                books.absent(STARTS + timedelta(hours=1), agent, first[0])
            slots[0].going = going
            absent = {first[0].id} if story == "absent" else set()
            books.close(STARTS + timedelta(hours=2), agent, slots[0], absent)
        file.finish()


def facts(desk: Desk) -> TripFacts:
    with desk.database.read() as view:
        trip = view.trips.get_full(next(iter(desk.trips.values())))
        return TripFacts(
            id=trip.id.hex,
            vendor_id=trip.vendor_id.hex,
            currency=trip.currency,
            zone=trip.zone,
            duration=timedelta(minutes=trip.duration_min),
            tax_bps=trip.tax_bps,
            deposit_bps=trip.deposit_bps,
            balance_days=trip.balance_days,
            commission_bps=trip.vendor.commission_bps,
            holdback_days=trip.vendor.holdback_days,
            policy_text=json.dumps(trip.policy),
            policy=PRESETS["moderate"],
            prices={price.traveller_type: price.amount for price in trip.prices},
            takes_seat={price.traveller_type: price.takes_seat for price in trip.prices},
        )


def _slot(trip: TripFacts, starts: datetime, clock: str, capacity: int) -> Slot:
    cutoff = starts - DepartureDraft(DAY, CLOCK, 1).cutoff
    return Slot(
        "", "", trip, starts, starts + trip.duration, cutoff, DAY.isoformat(), clock, capacity, capacity
    )


_KEY = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}")
_CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
_SECRET = re.compile(r"\$argon2[^\"]*")


def rows(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table in the order in which it was written. An id becomes the place at which it first
    appears, so what points at what is compared too; codes and hashes become the same everywhere."""
    seen: dict[str, str] = {}

    def key(found: re.Match[str]) -> str:
        text = found[0].replace("-", "")
        return "hash" if len(text) == 64 else seen.setdefault(text, f"id {len(seen)}")

    def plain(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return _CODE.sub("code", _KEY.sub(key, _SECRET.sub("secret", value)))

    with closing(sqlite3.connect(folder / "travellr.db")) as db:
        tables = [
            name
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith(("sqlite_", "traveller_words_", "reference_words_"))
        ]
        found = {}
        for table in tables:
            if table.endswith("_words"):
                # what is found by the word, for the rows there are: the table itself holds no text
                found[table] = db.execute(
                    f'SELECT rowid FROM {table} WHERE {table} MATCH \'"0000" OR "dju"\''
                ).fetchall()
                continue
            columns = sorted(row[1] for row in db.execute(f"PRAGMA table_info({table})"))
            picked = db.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid")
            noted = columns.index("published_at") if table == "outbox_events" else -1
            found[table] = [
                tuple(bool(value) if at == noted else plain(value) for at, value in enumerate(row))
                for row in picked
            ]
        found["changes"] = _series_in_order(found["changes"])
        return found


def _series_in_order(changes: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Both series of a sale go on in one statement, in the order of their ids, which is as chance had it: here by what
    was written. The places between the others, with their numbers, stay."""
    ordered = list(changes)
    for at, (one, other) in enumerate(pairwise(changes)):
        if one[-1] == other[-1] == "number_series" and one[4] == other[4] and other[1] < one[1]:
            ordered[at] = (*other[:2], one[2], *other[3:])
            ordered[at + 1] = (*one[:2], other[2], *one[3:])
    return ordered


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What both begin with: an agency that has sold something, so that its numbers are not the first."""
    folder = tmp_path_factory.mktemp("office") / "profile"
    clock = HandClock(START - timedelta(days=3))
    with desk_at(folder, clock) as desk:
        desk.sold(desk.add_departure(), pay=CASH, adult=1)
        clock.at(START)
        desk.services.upkeep.clean_up()
    return folder


@pytest.mark.parametrize("story", STORIES)
def test_the_generator_writes_what_the_services_write(office: Path, tmp_path: Path, story: str) -> None:
    writers: dict[str, Callable[[Path, str], None]] = {"services": by_services, "generator": by_generator}
    for name, write in writers.items():
        shutil.copytree(office, tmp_path / name)
        write(tmp_path / name, story)
    written, expected = rows(tmp_path / "generator"), rows(tmp_path / "services")
    assert written.keys() == expected.keys()
    for table in expected:
        assert written[table] == expected[table], table
    assert len(expected["bookings"]) == 5
    with desk_again(tmp_path / "generator", HandClock(END)) as desk:
        assert desk.services.check.run().problems == ()
