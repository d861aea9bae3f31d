"""Two agencies' desks that have sold by themselves, before they share a hub; and what must hold once they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from helpers.central_hub import Dump, Enrolled, HubPlace, hub_place
from helpers.clock import START, HandClock
from helpers.desk import CARD, CASH, Desk
from helpers.invoicing import issue, ready
from helpers.paying_out import plenty
from helpers.postgres import Central
from helpers.raw import raw
from helpers.season_paid import owe_vendors, pay_vendors
from helpers.tilling import close_till, open_till
from travellr_desktop.storage.wire import synced, travelling

LATER = timedelta(minutes=7)
"""A desk that was made at another moment is another one, with the same names, emails, codes and numbers."""

Rows = dict[str, dict[str, Any]]
Books = dict[tuple[str, str, str], int]

MARKED: Mapping[str, str] = {"bookings": "reference", "invoices": "number", "sales": "reference"}


def sold_for_a_while(desk: Desk, clock: HandClock) -> None:
    """Sales by card and cash, invoices, a refund, a till that was closed, vendors who were paid."""
    ready(desk)
    departure = desk.add_departure(capacity=20)
    open_till(desk)
    sold = [desk.sold(departure, pay=pay, adult=adult) for pay, adult in ((CASH, 2), (CARD, 1), (CARD, 3))]
    issue(desk, sold[0].bookings[0].id)
    issue(desk, sold[1].bookings[0].id)
    desk.cancel(sold[2].bookings[0].id)
    desk.hold(departure, adult=2)
    owe_vendors(desk)
    plenty(desk)
    close_till(desk)
    desk.services.matching.fetch()
    clock.forward(timedelta(days=4))
    pay_vendors(desk)


@contextmanager
def two_alone(
    central: Central, folder: Path, *, whole: bool = False
) -> Iterator[tuple[HubPlace, Enrolled, Desk]]:
    """A hub with one desk's history, and another desk that has its own; with a `whole` season each, or a sale."""
    clock = HandClock(START + LATER)
    with (
        hub_place(central) as place,
        place.alone(folder / "kotor") as first,
        place.alone(folder / "budva", clock) as second,
    ):
        for desk, its in ((first, place.clock), (second, clock)):
            if whole:
                sold_for_a_while(desk, its)
            else:
                desk.sold(desk.add_departure(capacity=20), pay=CASH, adult=2)
        yield place, place.first(first), second


def dump_of(desk: Desk) -> Dump:
    """As `Enrolled.dump`, of a desk that is at no hub."""
    with raw(desk.database.path) as file:
        return {
            table: sorted(file.execute(f"SELECT {', '.join(travelling(table))} FROM {table}"), key=repr)
            for table in synced()
        }


def rows_of(dump: Dump, table: str) -> Rows:
    names = list(travelling(table))
    rows = [dict(zip(names, row, strict=True)) for row in dump[table]]
    return {row["id"]: row for row in rows}


def books(*dumps: Dump) -> Books:
    """What was booked, by debit, credit and currency."""
    found = Books()
    for dump in dumps:
        for entry in rows_of(dump, "ledger").values():
            where = entry["debit"], entry["credit"], entry["currency"]
            found[where] = found.get(where, 0) + entry["amount"]
    return found


def came_whole(here: Dump, there: Dump, now: Dump, mark: str = "/2") -> None:
    """The hub has now what the file had and what it had itself, once each, and nobody is somebody else."""
    assert books(now) == books(here, there), "the ledgers' sums"
    assert rows_of(now, "ledger") == rows_of(here, "ledger") | rows_of(there, "ledger"), "the ledger's chains"
    people = {
        row["id"]: other["id"]
        for row in rows_of(here, "users").values()
        for other in rows_of(there, "users").values()
        if row["email"] == other["email"]
    }
    for table in synced():
        theirs, ours, all_now = (rows_of(dump, table) for dump in (here, there, now))
        if table in ("agencies", "desks", "users", "number_series"):
            continue
        assert all_now.keys() == theirs.keys() | ours.keys(), table
        for row_id, row in theirs.items():
            wanted: dict[str, Any] = {name: people.get(value, value) for name, value in row.items()}
            if table in MARKED:
                wanted[MARKED[table]] += mark
            kept = {"bank_files", "payout_batches", "statements", "vendors", "trips", "audit"}
            if table not in kept:
                assert all_now[row_id] == wanted, table
        assert all(all_now[row_id] == row for row_id, row in ours.items()), table
