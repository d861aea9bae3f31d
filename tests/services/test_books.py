"""Balances, whose they are, and entries: read by sums in the database, and the same as added up entry by entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CARD, CASH, DAY, Desk
from helpers.raw import rows
from travellr_desktop.domain.ledger import (
    Account,
    Entry,
    LedgerEvent,
    Posted,
    as_at,
    standing,
    sums,
    trial_balance,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Role
from travellr_desktop.errors import InvalidInput, NotFound, NotPermitted
from travellr_desktop.services.lists import LedgerListRow
from travellr_desktop.services.paged import ListQuery, Totals
from travellr_desktop.storage.paging import query_plan, read_connection
from travellr_desktop.storage.repositories import lists_ledger

ZONE = "Europe/Podgorica"


@pytest.fixture
def busy(desk: Desk, clock: HandClock) -> Desk:
    """Sold in two currencies by two ways, cancelled, done; over several days."""
    departure = desk.add_departure()
    yen = desk.add_departure(desk.add_trip("Arashiyama", adult=9_700, currency="JPY"))
    desk.sold(departure, pay=CASH, adult=2)
    desk.sold(yen, pay=CASH, adult=1)
    clock.forward(timedelta(days=3))
    desk.cancel(desk.sold(departure, pay=CARD, adult=1).bookings[0].id)
    desk.sold(desk.add_departure(day=date(2026, 8, 1)), pay=CARD, adult=1, child=1)
    clock.at(datetime(2026, 7, 5, 9, tzinfo=UTC))
    assert desk.services.bookings.complete(desk.agent, departure) == 1
    return desk


def posted(desk: Desk) -> list[Posted]:
    """Every entry, read row by row."""
    with desk.database.read() as view:
        desk_id = view.agency.this_desk().id
        return [
            Posted(
                Entry(
                    row.event,
                    row.debit,
                    row.credit,
                    Money(row.amount, row.currency),
                    row.booking_id,
                    row.vendor_id,
                    row.available_at,
                ),
                row.at,
            )
            for row in view.ledger.chain(desk_id)
        ]


def days(desk: Desk) -> Iterator[date]:
    first = min(each.at for each in posted(desk)).date() - timedelta(days=1)
    return (first + timedelta(days=number) for number in range(20))


def test_balances_are_what_the_entries_come_to_on_every_day(busy: Desk) -> None:
    seen = set()
    for day in days(busy):
        view = busy.services.books.balances(busy.admin, day)
        entries = list(as_at(posted(busy), day, ZONE))
        assert view.trial == trial_balance(entries)
        assert (view.day, view.zone, view.entries) == (day, ZONE, len(entries))
        assert view.trial.agrees
        seen.add(view.entries)
    assert len(seen) > 3, "the days are to differ"


def test_without_a_day_it_is_today_in_the_agencys_zone(busy: Desk, clock: HandClock) -> None:
    clock.at(datetime(2026, 7, 5, 22, 30, tzinfo=UTC))  # half past midnight in Podgorica
    view = busy.services.books.balances(busy.admin)
    assert view.day == date(2026, 7, 6)
    assert view.trial == trial_balance(each.entry for each in posted(busy))


def test_a_day_ends_at_midnight_of_the_agency_and_not_of_utc(desk: Desk, clock: HandClock) -> None:
    departure = desk.add_departure()
    clock.at(datetime(2026, 6, 19, 21, 59, tzinfo=UTC))
    desk.sold(departure, pay=CASH, adult=1)
    clock.at(datetime(2026, 6, 19, 22, 1, tzinfo=UTC))
    desk.sold(departure, pay=CASH, adult=1)
    books = desk.services.books
    found = [books.balances(desk.admin, date(2026, 6, day)).entries for day in (18, 19, 20)]
    assert found == [0, 1, 2]


def test_nothing_was_ever_posted(desk: Desk) -> None:
    view = desk.services.books.balances(desk.admin)
    assert (view.entries, view.trial.rows, view.trial.agrees) == (0, (), True)


def test_what_vendors_are_owed_adds_up_to_their_account(busy: Desk) -> None:
    view = busy.services.books.balances(busy.admin)
    whole = next(row.standing for row in view.trial.rows if row.account is Account.VENDOR_PAYABLE)
    parts = busy.services.books.vendors(busy.admin, Account.VENDOR_PAYABLE, "EUR")
    assert [part.name for part in parts.rows] == ["Bokeška Plovidba"]
    assert parts.total == Money(whole, "EUR") == parts.rows[0].balance
    assert (parts.others, parts.rest) == (0, Money(0, "EUR"))
    assert whole > 0


def test_of_a_day_before_the_trip_no_vendor_is_owed_anything(busy: Desk) -> None:
    parts = busy.services.books.vendors(busy.admin, Account.VENDOR_PAYABLE, "EUR", DAY - timedelta(days=5))
    assert parts.rows == () and parts.total == Money(0, "EUR")


def test_traveller_funds_are_those_of_bookings_the_largest_first(busy: Desk) -> None:
    parts = busy.services.books.bookings(busy.admin, Account.TRAVELLER_FUNDS, "EUR")
    expected = {
        place.booking_id: standing(place.account, each.balance)
        for place, each in sums((each.entry for each in posted(busy)), by_booking=True).items()
        if place.account is Account.TRAVELLER_FUNDS and place.currency == "EUR" and each.balance
    }
    assert {part.id: part.balance.minor for part in parts.rows} == expected
    assert all(part.name.startswith("BK-2026-") for part in parts.rows)
    assert parts.total.minor == sum(expected.values()) > 0


def test_those_that_are_not_named_are_added_up(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from travellr_desktop.services import books

    departure = busy.add_departure(day=date(2026, 8, 1))
    for adults in (1, 2, 3):
        busy.sold(departure, pay=CASH, adult=adults)
    whole = busy.services.books.bookings(busy.admin, Account.TRAVELLER_FUNDS, "EUR")
    monkeypatch.setattr(books, "MOST_PARTS", 2)
    parts = busy.services.books.bookings(busy.admin, Account.TRAVELLER_FUNDS, "EUR")
    assert parts.rows == whole.rows[:2]
    assert parts.others == len(whole.rows) - 2 > 0
    assert parts.rest.minor == sum(part.balance.minor for part in whole.rows[2:])
    assert parts.total == whole.total


@pytest.mark.parametrize("account", [Account.TILL, Account.COMMISSION])
def test_what_is_nobodys_has_no_parts(desk: Desk, account: Account) -> None:
    with pytest.raises(InvalidInput):
        desk.services.books.vendors(desk.admin, account, "EUR")
    with pytest.raises(InvalidInput):
        desk.services.books.bookings(desk.admin, account, "EUR")


@pytest.mark.parametrize("role", [Role.VENDOR, Role.AGENT])
def test_the_ledger_is_for_managers(desk: Desk, role: Role) -> None:
    actor = Actor(uuid4(), "Somebody", role, desk.vendor_id if role is Role.VENDOR else None)
    with pytest.raises(NotPermitted, match="read the ledger"):
        desk.services.books.balances(actor)
    with pytest.raises(NotPermitted, match="read the ledger"):
        desk.services.lists.ledger(actor, ListQuery())
    manager = Actor(uuid4(), "Ivan", Role.MANAGER)
    assert desk.services.books.balances(manager).entries == 0


# the list


def listed(desk: Desk, text: str = "", **filters: object) -> tuple[list[LedgerListRow], Totals]:
    with closing(desk.services.lists.ledger(desk.admin, ListQuery(text, filters))) as found:
        rows = [row for row in found.page(0, 500) if row is not None]
        return rows, found.totals()


def test_the_newest_entry_is_first_and_all_are_there(busy: Desk) -> None:
    found, totals = listed(busy)
    assert [row.number for row in found] == list(range(len(posted(busy)), 0, -1))
    turnover = busy.services.books.balances(busy.admin).trial.turnover("EUR")
    assert totals.sums["amount"]["EUR"] == turnover.debits
    assert totals.whole == len(found)


@pytest.mark.parametrize("many", [1, 1_000_000], ids=["met on the way", "collected"])
def test_of_one_account_both_sides_are_summed(busy: Desk, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(lists_ledger, "MANY", many)
    found, totals = listed(busy, account=Account.TRAVELLER_FUNDS)
    assert {Account.TRAVELLER_FUNDS} <= {row.debit for row in found} & {row.credit for row in found}
    assert all(Account.TRAVELLER_FUNDS in (row.debit, row.credit) for row in found)
    own = [
        row
        for row in busy.services.books.balances(busy.admin).trial.rows
        if row.account is Account.TRAVELLER_FUNDS
    ]
    assert totals.sums["debit"] == {row.currency: row.debits for row in own if row.debits}
    assert totals.sums["credit"] == {row.currency: row.credits for row in own}
    assert listed(busy, account=Account.GOODWILL)[0] == []


def test_it_is_narrowed_by_event_currency_vendor_booking_and_days(busy: Desk) -> None:
    every, _ = listed(busy)
    found, _ = listed(busy, event=(LedgerEvent.TRIP_DONE, LedgerEvent.KEPT))
    assert {row.event for row in found} == {row.event for row in every} & {
        LedgerEvent.TRIP_DONE,
        LedgerEvent.KEPT,
    }
    found, _ = listed(busy, currency="JPY")
    assert [row.amount for row in found] == [Money(9_700, "JPY")]
    found, _ = listed(busy, vendor=busy.vendor_id)
    assert found and {row.vendor for row in found} == {"Bokeška Plovidba"}
    part = busy.services.books.bookings(busy.admin, Account.TRAVELLER_FUNDS, "EUR").rows[0]
    found, _ = listed(busy, booking=part.id)
    assert found and {row.booking for row in found} == {part.name}
    start = datetime(2026, 7, 5, tzinfo=UTC)
    found, _ = listed(busy, at=(start, None))
    assert found == [row for row in every if row.at >= start] != every


def test_a_booking_is_found_by_its_reference(busy: Desk) -> None:
    part = busy.services.books.bookings(busy.admin, Account.TRAVELLER_FUNDS, "EUR").rows[0]
    found, totals = listed(busy, part.name)
    assert found and {row.booking for row in found} == {part.name}
    assert sum(totals.sums["amount"].values()) == sum(row.amount.minor for row in found)
    assert listed(busy, "no such reference")[0] == []


# one entry


def test_an_entry_says_what_it_belongs_to_who_wrote_it_and_where_it_is_chained(busy: Desk) -> None:
    every, _ = listed(busy)
    row = next(row for row in every if row.event is LedgerEvent.TRIP_DONE)
    entry = busy.services.books.entry(busy.admin, row.id)
    shared = {field.name for field in fields(LedgerListRow)} - {"payment_ref", "refund_ref"}
    assert {name: getattr(entry, name) for name in shared} == {name: getattr(row, name) for name in shared}
    assert entry.by == "Ana Vuković"
    assert entry.traveller == "Henrik Söderberg"
    before = next(each for each in every if each.number == row.number - 1)
    assert entry.prev_hash == before.hash
    assert [line.number for line in entry.together] == sorted(line.number for line in entry.together)
    assert {line.event for line in entry.together} == {LedgerEvent.TRIP_DONE}
    assert sum(line.amount.minor for line in entry.together) == 9_000


def test_an_entry_of_a_card_payment_names_it_and_its_refund_names_the_refund(busy: Desk) -> None:
    every, _ = listed(busy)
    card = next(row for row in every if row.debit is Account.STRIPE)
    entry = busy.services.books.entry(busy.admin, card.id)
    assert (entry.has_payment, entry.has_refund, entry.way) == (True, False, "Visa ending 4242")
    assert entry.provider_ref == card.payment_ref and card.payment_ref.startswith("pi_")
    back = next(row for row in every if row.event is LedgerEvent.REFUND_ACCEPTED)
    entry = busy.services.books.entry(busy.admin, back.id)
    assert entry.has_refund and entry.provider_ref == back.refund_ref
    assert back.refund_ref.startswith("re_")


def test_there_is_no_such_entry(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.services.books.entry(desk.admin, uuid4())


# how it is read


def test_sums_are_read_from_the_indexes_and_no_row_is(busy: Desk) -> None:
    """What makes them quick in a ledger of millions."""
    said: list[str] = []
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    with busy.database.read() as view:
        file = view.connection.connection.driver_connection
        assert file is not None
        file.set_trace_callback(said.append)
        view.books.sums(moment)
        view.books.of_bookings(Account.TRAVELLER_FUNDS, "EUR", moment, 1)
        file.set_trace_callback(None)
    statements = [sql for sql in said if "FROM ledger" in sql]
    assert len(statements) == 4
    for sql in statements:
        plan = [line for *_, line in rows(busy.profile.database, f"EXPLAIN QUERY PLAN {sql}")]
        reads = [line for line in plan if "ledger" in line]
        assert reads and all("COVERING INDEX ix_ledger_" in line for line in reads), plan


def test_entries_of_an_account_come_in_order_or_from_its_indexes(busy: Desk) -> None:
    """What nearly every entry is about is met in the order of time; what is rare is not looked for in all of them."""
    query = ListQuery(filters={"account": Account.TILL})

    def plan(many: int, *, narrowed: bool = False) -> str:
        with pytest.MonkeyPatch.context() as patched, closing(read_connection(busy.profile.database)) as file:
            patched.setattr(lists_ledger, "MANY", many)
            spec = lists_ledger.of_account(file, Account.TILL, narrowed=narrowed)
            return " / ".join(query_plan(file, spec, query))

    assert "ix_ledger_at" in plan(1) and "TEMP B-TREE" not in plan(1)
    for collected in (plan(1_000), plan(1, narrowed=True)):
        assert "ix_ledger_debit" in collected and "ix_ledger_credit" in collected
