"""A month of card payments with refunds, another currency and a till: nothing differs, and what is planted is found
alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from helpers.clock import HandClock
from helpers.desk import CARD, Desk, desk_again, desk_at
from helpers.tampering import by_hand, without_triggers
from helpers.tilling import close_till, open_till
from travellr_desktop.domain.matching import DifferenceKind
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.matching.service import Matched
from travellr_desktop.services.matching.till_days import TillDay
from travellr_desktop.services.sales import PayChoice

PENDING = PayChoice(Way.CARD, "pm_card_pendingRefund")
EVERY_REFUND, EVERY_FX = 20, 25


def month_of_sales(folder: Path, payments: int) -> date:
    """Sales by card over thirty days, every so many given back or in pounds, one refund on its way, a till with a
    shortage that has its reason. Returns the last day."""
    clock = HandClock()
    with desk_at(folder, clock) as desk:
        with desk.sandbox() as sandbox:
            sandbox.set_exchange("GBP", "EUR", Decimal("1.17"))
        trip = desk.add_trip("Thames by night", adult=5000, currency="GBP", zone="Europe/London")
        later = date(2026, 9, 1)
        euros = desk.add_departure(day=later, capacity=payments)
        pounds = desk.add_departure(trip, day=later, capacity=payments)
        pending = desk.sold(desk.add_departure(day=later), pay=PENDING, adult=1)
        desk.cancel(pending.bookings[0].id, reason="Ill")
        traveller, step = desk.traveller(), timedelta(days=29) / payments
        for number in range(1, payments):
            departure = pounds if number % EVERY_FX == 0 else euros
            sold = desk.sell(desk.hold(departure, adult=1), pay=CARD, traveller=traveller)
            if number % EVERY_REFUND == 0:
                desk.cancel(sold.bookings[0].id, reason="Ill")
            clock.forward(step)
        open_till(desk)
        close_till(desk, 19_800, reason="Change given twice")
        clock.forward(timedelta(minutes=5))
        desk.services.matching.fetch()
        return clock.now().date()


def matched(desk: Desk) -> tuple[Matched, tuple[TillDay, ...]]:
    """The whole month, and the days around it."""
    last = desk.clock.now().date()
    first = last - timedelta(days=32)
    service = desk.services.matching
    return service.match(desk.admin, first, last), service.till(desk.admin, first, last)


def assert_clean(desk: Desk, payments: int) -> None:
    found, tills = matched(desk)
    refunds = 1 + (payments - 1) // EVERY_REFUND
    assert found.differences == ()
    assert found.movements == payments + refunds
    assert all(day.agrees and day.here == day.there for day in found.days)
    assert len({day.day for day in found.days}) >= 29
    assert [till.is_open for till in tills] == [False]


PAYMENTS = 200


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, date]:
    folder = tmp_path_factory.mktemp("month") / "profile"
    return folder, month_of_sales(folder, PAYMENTS)


@pytest.fixture
def desk(month: tuple[Path, date], tmp_path: Path) -> Iterator[Desk]:
    """A copy of the month, a few minutes after it."""
    folder, last = month
    copytree(folder, tmp_path / "profile")
    clock = HandClock()
    clock.at(clock.now() + timedelta(days=(last - clock.now().date()).days, hours=2))
    with desk_again(tmp_path / "profile", clock) as desk:
        yield desk


def test_a_month_of_payments_agrees(desk: Desk) -> None:
    assert_clean(desk, PAYMENTS)


@pytest.mark.soak
@pytest.mark.slow
def test_a_month_of_ten_thousand_payments_agrees(tmp_path: Path) -> None:
    month_of_sales(tmp_path, 10_000)
    clock = HandClock()
    clock.at(clock.now() + timedelta(days=29, hours=2))
    with desk_again(tmp_path, clock) as desk:
        assert_clean(desk, 10_000)


def ours(desk: Desk, statement: str) -> None:
    with by_hand(desk.database.path) as file, without_triggers(file, "ledger"):
        file.execute(statement)


def theirs(desk: Desk, *statements: str) -> None:
    with by_hand(desk.profile.sandbox) as file:
        for statement in statements:
            file.execute(statement)


# one that was not given back
SOME = "(SELECT payment_id FROM ledger WHERE event = 'payment' AND currency = 'EUR' ORDER BY seq LIMIT 1 OFFSET 70)"
CHARGE = "type = 'charge' AND seq = (SELECT seq FROM balance_transactions WHERE type = 'charge' AND source_currency = 'eur' ORDER BY seq LIMIT 1 OFFSET 70)"  # noqa: E501
POUNDS = (
    "seq = (SELECT seq FROM balance_transactions WHERE type = 'charge' AND source_currency = 'gbp' LIMIT 1)"
)
OF_PAYMENT = f"event = 'payment' AND payment_id = {SOME}"


def once_more(desk: Desk) -> None:
    with by_hand(desk.profile.sandbox) as file:
        row = file.execute(f"SELECT * FROM balance_transactions WHERE {CHARGE}").fetchone()
        names = [name for name in row.keys() if name != "seq"]  # noqa: SIM118 - a row's own
        values = ["txn_once_more" if name == "id" else row[name] for name in names]
        marks = ", ".join("?" * len(names))
        file.execute(f"INSERT INTO balance_transactions ({', '.join(names)}) VALUES ({marks})", values)


def forgotten(desk: Desk) -> None:
    """A payment that was taken outside this program: nothing here knows of it."""
    with (
        by_hand(desk.database.path) as file,
        without_triggers(file, "ledger"),
        without_triggers(file, "payments"),
        without_triggers(file, "provider_moves"),
    ):
        (payment, ref) = file.execute(f"SELECT id, provider_ref FROM payments WHERE id = {SOME}").fetchone()
        file.execute("DELETE FROM provider_moves WHERE payment_ref = ?", (ref,))
        file.execute("DELETE FROM ledger WHERE payment_id = ?", (payment,))
        file.execute("UPDATE payments SET provider_ref = NULL WHERE id = ?", (payment,))


def failed_late(desk: Desk) -> None:
    with by_hand(desk.database.path) as file:
        (ref,) = file.execute("SELECT provider_ref FROM refunds WHERE state = 'pending'").fetchone()
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(ref, failure="lost_or_stolen_card")
    assert isinstance(desk.clock, HandClock)
    desk.clock.forward(timedelta(minutes=5))


_K = DifferenceKind
PLANTED: dict[str, tuple[Callable[[Desk], None], set[DifferenceKind]]] = {
    "missing in the books": (
        lambda desk: ours(desk, f"DELETE FROM ledger WHERE {OF_PAYMENT}"),
        {_K.NOT_HERE},
    ),
    "missing at the provider": (
        lambda desk: theirs(desk, f"DELETE FROM balance_transactions WHERE {CHARGE}"),
        {_K.NOT_THERE},
    ),
    "doubled in the books": (
        lambda desk: ours(desk, f"UPDATE ledger SET amount = 2 * amount WHERE {OF_PAYMENT}"),
        {_K.TWICE_HERE},
    ),
    "doubled at the provider": (once_more, {_K.TWICE_THERE}),
    "another amount in the books": (
        lambda desk: ours(desk, f"UPDATE ledger SET amount = amount - 1 WHERE {OF_PAYMENT}"),
        {_K.AMOUNT},
    ),
    "another amount at the provider": (
        lambda desk: theirs(desk, f"UPDATE balance_transactions SET amount = amount - 100 WHERE {CHARGE}"),
        {_K.AMOUNT},
    ),
    "another currency": (
        lambda desk: ours(desk, f"UPDATE ledger SET currency = 'USD' WHERE {OF_PAYMENT}"),
        {_K.CURRENCY},
    ),
    "another fee": (
        lambda desk: theirs(desk, f"UPDATE balance_transactions SET fee = fee + 25 WHERE {CHARGE}"),
        {_K.FEE},
    ),
    "another rate": (
        lambda desk: theirs(desk, f"UPDATE balance_transactions SET amount = amount + 3 WHERE {POUNDS}"),
        {_K.RATE},
    ),
    "a refund that failed late": (failed_late, {_K.LATE_FAILURE}),
    "another day": (
        lambda desk: theirs(
            desk, f"UPDATE balance_transactions SET created = created - 2 * 86400 WHERE {CHARGE}"
        ),
        {_K.DAY},
    ),
    "a charge that nobody knows": (forgotten, {_K.UNKNOWN}),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found_and_nothing_else(desk: Desk, name: str) -> None:
    plant, kinds = PLANTED[name]
    plant(desk)
    found, tills = matched(desk)
    assert {row.kind for row in found.differences} == kinds
    assert len(found.differences) == 1
    assert sum(day.open for day in found.days) == 1
    assert not any(till.is_open for till in tills)


def test_a_till_that_is_short_without_a_reason_is_found_and_nothing_else(desk: Desk) -> None:
    with by_hand(desk.database.path) as file, without_triggers(file, "till_sessions", refusing=True):
        file.execute("UPDATE till_sessions SET closed_reason = ''")
    found, tills = matched(desk)
    assert found.differences == ()
    (till,) = tills
    assert (till.is_open, till.cause) == (True, "The till was counted short.")
