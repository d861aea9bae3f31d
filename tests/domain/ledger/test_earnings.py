from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Bearer,
    Earned,
    Entry,
    KeptOnCancelling,
    LedgerEvent,
    RefundedSoFar,
    dispute_lost_entries,
    done_entries,
    earnings,
    goodwill_entries,
    kept_entries,
    refund_after_trip_entries,
    reversal,
)
from travellr_desktop.domain.money import Money

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def read(entries: list[Entry], rate: int = 2_000) -> tuple[Earned, KeptOnCancelling]:
    return earnings(entries, booking_id=BOOKING, currency="EUR", commission_bps=rate)


def done(price: int, rate: int = 2_000) -> list[Entry]:
    made = done_entries(
        LedgerEvent.TRIP_DONE,
        price=eur(price),
        paid=eur(price),
        commission_bps=rate,
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=AVAILABLE,
    )
    return list(made)


def kept(net: int, commission: int) -> list[Entry]:
    made = kept_entries(
        Split(commission, net), currency="EUR", booking_id=BOOKING, vendor_id=VENDOR, available_at=AVAILABLE
    )
    return list(made)


def test_nothing_was_earned_of_a_booking_that_has_not_travelled() -> None:
    earned, of_kept = earnings([], booking_id=BOOKING, currency="EUR", commission_bps=1_500, own=70)
    assert earned == Earned(eur(0), 1_500, RefundedSoFar(), 70)
    assert of_kept == KeptOnCancelling(Split(0, 0))


def test_refunds_disputes_and_reversals_are_counted() -> None:
    """Of 100.00 earned, 50.00 and 30.00 were taken back; one refund was written by mistake and reversed."""
    entries = done(10_000)
    wrong = refund_after_trip_entries(
        eur(700),
        price=eur(10_000),
        before=RefundedSoFar(),
        commission_bps=2_000,
        booking_id=BOOKING,
        vendor_id=VENDOR,
    )
    entries += [*wrong, *map(reversal, wrong)]
    entries += refund_after_trip_entries(
        eur(5_000),
        price=eur(10_000),
        before=read(entries)[0].before,
        commission_bps=2_000,
        booking_id=BOOKING,
        vendor_id=VENDOR,
    )
    entries += dispute_lost_entries(eur(3_000), booking_id=BOOKING, vendor_id=VENDOR, earned=read(entries)[0])
    entries += goodwill_entries(eur(900), borne_by=Bearer.VENDOR, booking_id=BOOKING, vendor_id=VENDOR)
    entries.append(Entry(LedgerEvent.TRIP_DONE, Account.TRAVELLER_FUNDS, Account.COMMISSION, eur(5), OTHER))
    assert read(entries) == (
        Earned(eur(10_000), 2_000, RefundedSoFar(8_000, 1_600)),
        KeptOnCancelling(Split(0, 0)),
    )


@given(
    st.integers(0, 5_000),
    st.integers(0, 5_000),
    st.integers(0, 5_000),
    st.sampled_from([0, 1, 2_000, 3_333, 10_000]),
    st.lists(st.integers(1, 3_000), max_size=8),
)
def test_one_traveller_cancelled_and_one_who_went_are_told_apart(
    price: int, net: int, agency: int, rate: int, losses: list[int]
) -> None:
    """What is lost takes all that was earned first, then what was kept, then what the traveller owes."""
    entries = kept(net, agency) + done(price, rate)
    for loss in losses:
        earned, of_kept = read(entries, rate)
        entries += dispute_lost_entries(
            eur(loss), booking_id=BOOKING, vendor_id=VENDOR, earned=earned, kept=of_kept
        )
    earned, of_kept = read(entries, rate)
    gone = sum(losses)
    assert earned.before.refunded == min(gone, price)
    assert of_kept.kept == Split(agency, net)
    assert of_kept.lost.net + of_kept.lost.commission == min(max(gone - price, 0), net + agency)
    if gone >= price:
        assert earned.before.commission == sum(
            entry.amount.minor for entry in done(price, rate) if entry.credit is Account.COMMISSION
        )
