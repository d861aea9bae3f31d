"""A month of card payments with refunds, another currency and a till: nothing differs, and what is planted is found
alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copytree, rmtree
from time import process_time
from uuid import UUID

import pytest

from helpers.clock import HandClock
from helpers.desk import CARD, Desk, desk_again, desk_at
from helpers.grown import Grower, sales_since
from helpers.tampering import by_hand, without_triggers
from helpers.tilling import close_till, open_till
from travellr_desktop.domain.matching import DifferenceKind
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.matching.service import Matched
from travellr_desktop.services.matching.till_days import TillDay
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.travellers import TravellerRow

PENDING = PayChoice(Way.CARD, "pm_card_pendingRefund")
EVERY_REFUND, EVERY_FX = 20, 25
MADE, TIMES = 100, 100
LATER, MONTH, SECOND = date(2026, 9, 1), timedelta(days=29), timedelta(seconds=1)


def one_that_waits(desk: Desk) -> TravellerRow:
    """What a month begins with: a second currency, and a refund that is on its way. Gives who buys."""
    with desk.sandbox() as sandbox:
        sandbox.set_exchange("GBP", "EUR", Decimal("1.17"))
    desk.add_trip("Thames by night", adult=5000, currency="GBP", zone="Europe/London")
    pending = desk.sold(desk.add_departure(day=LATER), pay=PENDING, adult=1)
    desk.cancel(pending.bookings[0].id, reason="Ill")
    return desk.traveller()


def sold(desk: Desk, number: int, departure: UUID, traveller: TravellerRow) -> None:
    """The so many-th sale by card; every so many is given back."""
    outcome = desk.sell(desk.hold(departure, adult=1), pay=CARD, traveller=traveller)
    if number % EVERY_REFUND == 0:
        desk.cancel(outcome.bookings[0].id, reason="Ill")


def trip_of(desk: Desk, number: int) -> UUID:
    """Every so many sales are in pounds."""
    return list(desk.trips.values())[number % EVERY_FX == 0]


def till_short(desk: Desk) -> None:
    """A till with a shortage that has its reason."""
    open_till(desk)
    close_till(desk, 19_800, reason="Change given twice")


def month_of_sales(folder: Path, payments: int) -> date:
    """Sales by card over thirty days, every so many given back or in pounds, one refund on its way, and a till. Returns
    the last day."""
    clock = HandClock()
    with desk_at(folder, clock) as desk:
        traveller, step = one_that_waits(desk), MONTH / payments
        departures = {
            trip: desk.add_departure(trip, day=LATER, capacity=payments) for trip in desk.trips.values()
        }
        for number in range(1, payments):
            sold(desk, number, departures[trip_of(desk, number)], traveller)
            clock.forward(step)
        till_short(desk)
        clock.forward(timedelta(minutes=5))
        desk.services.matching.fetch()
        return clock.now().date()


def large_month(folder: Path, clock: HandClock) -> None:
    """The same with very many: a hundred sales are made, each is written again as often. Nothing was fetched yet."""
    before = folder.with_name("before")
    with desk_at(before, clock) as desk:
        traveller = one_that_waits(desk)
        departures = [
            desk.add_departure(trip_of(desk, number), day=LATER + timedelta(days=number), capacity=TIMES)
            for number in range(1, MADE + 1)
        ]
    copytree(before, folder)
    step = timedelta(minutes=MONTH // timedelta(minutes=1) // MADE)
    with desk_again(folder, clock) as desk:
        for number, departure in enumerate(departures, 1):
            clock.forward(step)
            sold(desk, number, departure, traveller)
    sales = sales_since(folder, before)
    assert len(sales) == MADE
    rmtree(folder)
    copytree(before, folder)
    grower = Grower(folder)
    for sale in sales:
        for again in range(TIMES):
            grower.write(sale, sale.at + again * step // TIMES // SECOND * SECOND)
    grower.finish()
    clock.forward(step)
    with desk_again(folder, clock) as desk:
        till_short(desk)


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
    """Nothing of it was matched before: all of it is fetched, posted and compared at once. All else that can be proved
    of the file is, too, payment by payment with the provider."""
    clock = HandClock()
    large_month(tmp_path / "profile", clock)
    clock.forward(timedelta(hours=2))
    with desk_again(tmp_path / "profile", clock) as desk:
        begun = process_time()
        assert_clean(desk, MADE * TIMES + 1)
        assert process_time() - begun < 60
        assert desk.services.check.run().problems == ()


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
