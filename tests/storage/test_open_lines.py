"""Open lines of vendors, as a dry run sums them: what it reads, and what it takes for what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.desk import Desk, desk_at
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.figures import Figures, PartSum, figures
from travellr_desktop.domain.payouts.words import LinePart
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.services import posting
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.repositories.open_lines import OPEN_SUMS

FREE, LATER = datetime(2026, 6, 10, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
CUTOFF = datetime(2026, 6, 14, 22, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Entries are written here without what they would be about, so the books are not proved."""
    with desk_at(tmp_path / "profile") as made:
        yield made


def post(desk: Desk, *entries: Entry) -> list[UUID]:
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        rows = posting.post(work, entries)
        work.commit()
    return rows


def entry(
    desk: Desk,
    event: LedgerEvent,
    minor: int,
    booking: UUID | None = None,
    *,
    free: datetime | None = FREE,
    currency: str = "EUR",
) -> Entry:
    """Of `minor` the vendor gets so much, or gives it up where it is below zero."""
    other = {LedgerEvent.TRIP_DONE: Account.TRAVELLER_FUNDS, LedgerEvent.KEPT: Account.TRAVELLER_FUNDS}.get(
        event, Account.REFUNDS_PAYABLE
    )
    sides = (other, Account.VENDOR_PAYABLE) if minor > 0 else (Account.VENDOR_PAYABLE, other)
    free = free if minor > 0 else None
    return Entry(event, *sides, Money(abs(minor), currency), booking, desk.vendor_id, free)


def earned(minor: int, booking: UUID) -> Entry:
    return Entry(
        LedgerEvent.TRIP_DONE, Account.TRAVELLER_FUNDS, Account.COMMISSION, Money(minor, "EUR"), booking
    )


def bookings(desk: Desk, count: int) -> list[UUID]:
    departure = desk.add_departure(capacity=count)
    return [desk.sold(departure, adult=1).bookings[0].id for _ in range(count)]


DONE, KEPT, BACK = LedgerEvent.TRIP_DONE, LedgerEvent.KEPT, LedgerEvent.REFUND_APPROVED_AFTER_TRIP


def test_the_sum_of_a_dry_run_reads_one_index_and_no_row(desk: Desk) -> None:
    with desk.database.read() as view:
        rows = view.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {OPEN_SUMS.format(of='')}", ("2026",)
        )
        assert [row[3] for row in rows] == ["SCAN v USING COVERING INDEX ix_vendor_lines_open"]


def test_each_line_counts_as_what_it_is(desk: Desk) -> None:
    one, other, third = bookings(desk, 3)
    post(desk, entry(desk, DONE, 3_600, one), earned(900, one))
    post(desk, entry(desk, DONE, 1_000, other), entry(desk, DONE, 500, other), earned(375, other))
    post(desk, entry(desk, BACK, -800, one))
    post(desk, entry(desk, LedgerEvent.VENDOR_ADJUSTED, -250, free=FREE))
    post(desk, entry(desk, LedgerEvent.PAYOUT_FAILED, 7_000))
    post(desk, entry(desk, DONE, 9_999, third, free=LATER))
    post(desk, entry(desk, LedgerEvent.VENDOR_ADJUSTED, 12_345, currency="JPY"))
    with desk.database.read() as view:
        sums = view.open_lines.open_sums(view.clock.now())
        held = view.open_lines.held_sums(view.clock.now())
        assert view.open_lines.open_sums(view.clock.now(), [uuid4()]) == {}
        assert view.open_lines.open_sums(view.clock.now(), [desk.vendor_id]) == sums
    assert set(sums) == {(desk.vendor_id, "EUR"), (desk.vendor_id, "JPY")}
    assert set(sums[desk.vendor_id, "EUR"]) == {
        PartSum(LinePart.CHARGE, 4_600, 1_275, 2),
        PartSum(LinePart.MORE, 500, 0, 1),
        PartSum(LinePart.REFUND, -800, 0, 1),
        PartSum(LinePart.ADJUSTMENT, -250, 0, 1),
        PartSum(LinePart.RETURNED, 7_000, 0, 1),
    }
    found = figures(sums[desk.vendor_id, "EUR"])
    assert found == Figures(2, 6, 6_375, -1_275, -800, 6_750, 0)
    assert found.to_pay == 3_600 + 1_500 - 800 - 250 + 7_000
    assert figures(sums[desk.vendor_id, "JPY"]).to_pay == 12_345
    apart = held[desk.vendor_id, "EUR"]
    assert (apart.amount, apart.lines, apart.free_at) == (9_999, 1, LATER)


def test_what_is_taken_back_is_free_when_the_booking_is(desk: Desk) -> None:
    (one,) = bookings(desk, 1)
    post(desk, entry(desk, DONE, 3_600, one, free=LATER))
    post(desk, entry(desk, BACK, -800, one))
    with desk.database.read() as view:
        assert view.open_lines.open_sums(view.clock.now()) == {}
        held = view.open_lines.held_sums(view.clock.now())[desk.vendor_id, "EUR"]
    assert (held.amount, held.lines) == (2_800, 2)


def test_a_booking_with_its_first_line_elsewhere_is_counted_by_the_others(desk: Desk) -> None:
    one, other = bookings(desk, 2)
    post(desk, entry(desk, KEPT, 700, one, free=LATER))  # a traveller of it left, and that is held longer
    post(desk, entry(desk, DONE, 3_600, one))
    post(desk, entry(desk, DONE, 100, other), entry(desk, DONE, 100, other), entry(desk, DONE, 100, other))
    with desk.database.read() as view:
        now = view.clock.now()
        sums = view.open_lines.open_sums(now)[desk.vendor_id, "EUR"]
        again = view.open_lines.again_bookings(now, [(desk.vendor_id, "EUR")])
        assert view.open_lines.again_bookings(now, [(uuid4(), "EUR")]) == {}
    assert again == {(desk.vendor_id, "EUR"): 1}
    assert figures(sums).bookings == 1
    assert figures(sums, again=1).bookings == 2


def test_lines_are_those_that_the_sums_are_of(desk: Desk) -> None:
    one, other = bookings(desk, 2)
    first = post(desk, entry(desk, DONE, 3_600, one), earned(900, one))[0]
    post(desk, entry(desk, DONE, 3_600, other, free=LATER))
    second = post(desk, entry(desk, BACK, -800, one))[0]
    with desk.database.read() as view:
        now = view.clock.now()
        assert view.open_lines.lines(now, [desk.vendor_id]) == {(desk.vendor_id, "EUR"): [first, second]}
        assert view.open_lines.lines(CUTOFF, [uuid4()]) == {}


def test_what_waits_since_when(desk: Desk) -> None:
    (one,) = bookings(desk, 1)
    post(desk, entry(desk, DONE, 3_600, one))
    with desk.database.read() as view:
        assert view.open_lines.free_since(FREE)[desk.vendor_id, "EUR"].free_at == FREE
        assert view.open_lines.free_since(datetime(2026, 6, 9, tzinfo=UTC)) == {}
