from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Bearer,
    Entry,
    KeptOnCancelling,
    LedgerEvent,
    RefundedSoFar,
    booking_amounts,
    credit_given_entry,
    credit_spent_entries,
    dispute_lost_entries,
    dispute_opened_entries,
    dispute_won_entries,
    done_entries,
    exchange_entries,
    goodwill_entries,
    kept_entries,
    overpaid_entry,
    overpayment_back_entry,
    payment_entries,
    processor_fee_entry,
    promised_back_entries,
    receivable_collected_entry,
    refund_accepted_entry,
    refund_after_trip_entries,
    refund_failed_entry,
    reversal,
    written_off_entry,
)
from travellr_desktop.domain.money import CurrencyMismatch, Money
from travellr_desktop.domain.states import BookingState

BOOKING, OTHER, VENDOR = new_id(), new_id(), new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)
OPEN, DONE, CANCELLED = BookingState.CONFIRMED, BookingState.COMPLETED, BookingState.CANCELLED


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def says(entries: Iterable[Entry], price: int, state: BookingState = OPEN, **other: Any) -> dict[str, int]:
    """The amounts that are not nothing."""
    found = booking_amounts(entries, booking_id=BOOKING, price=eur(price), state=state, **other)
    return {name: getattr(found, name).minor for name in found.__dataclass_fields__ if getattr(found, name)}


def paid(minor: int, into: Account = Account.STRIPE) -> list[Entry]:
    return list(payment_entries({BOOKING: eur(minor)}, into=into))


def done(price: int, of_it: int) -> tuple[Entry, ...]:
    return done_entries(
        LedgerEvent.TRIP_DONE,
        price=eur(price),
        paid=eur(of_it),
        commission_bps=2_000,
        booking_id=BOOKING,
        vendor_id=VENDOR,
        available_at=AVAILABLE,
    )


def kept(net: int, commission: int) -> tuple[Entry, ...]:
    return kept_entries(
        Split(commission, net), currency="EUR", booking_id=BOOKING, vendor_id=VENDOR, available_at=AVAILABLE
    )


def promised(minor: int) -> tuple[Entry, ...]:
    return promised_back_entries(eur(minor), booking_id=BOOKING)


def sent(minor: int) -> Entry:
    return refund_accepted_entry(eur(minor), out_of=Account.STRIPE, booking_id=BOOKING)


def test_before_anything_was_paid_all_is_due() -> None:
    assert says([], 10_000) == {"due": 10_000, "to_ask": 10_000}
    assert says([], 10_000, BookingState.PENDING) == {"due": 10_000, "to_ask": 10_000}
    assert says([], 10_000, CANCELLED) == {}


def test_a_deposit_leaves_the_balance_due() -> None:
    assert says(paid(3_000), 10_000) == {
        "paid": 3_000,
        "funds": 3_000,
        "due": 7_000,
        "to_ask": 7_000,
        "refundable": 3_000,
    }


def test_what_is_under_way_is_due_and_not_asked_for_again() -> None:
    found = says(paid(3_000), 10_000, under_way=eur(5_000))
    assert (found["due"], found["to_ask"]) == (7_000, 2_000)
    assert "to_ask" not in says(paid(3_000), 10_000, under_way=eur(9_000))


def test_several_ways_and_credit_pay_one_booking() -> None:
    entries = [*paid(3_000), *paid(2_000, Account.TILL), *credit_spent_entries({BOOKING: eur(5_000)})]
    assert says(entries, 10_000) == {"paid": 10_000, "funds": 10_000, "refundable": 10_000}


def test_more_than_the_price_is_overpaid() -> None:
    found = says(paid(10_000), 9_000)
    assert (found["overpaid"], found["refundable"]) == (1_000, 10_000)


def test_others_entries_fees_and_exchanges_are_passed_over() -> None:
    entries = [
        *paid(10_000),
        *payment_entries({OTHER: eur(77)}, into=Account.TILL),
        processor_fee_entry(Money(500, "JPY"), booking_id=BOOKING),
        *exchange_entries(eur(10_000), Money(12_000, "USD"), at=Account.STRIPE, booking_id=BOOKING),
    ]
    assert says(entries, 10_000) == {"paid": 10_000, "funds": 10_000, "refundable": 10_000}
    with pytest.raises(CurrencyMismatch):
        says(payment_entries({BOOKING: Money(1, "USD")}, into=Account.TILL), 10_000)


def test_a_trip_that_was_done_has_earned_its_price() -> None:
    assert says([*paid(10_000), *done(10_000, 10_000)], 10_000, DONE) == {
        "paid": 10_000,
        "refundable": 10_000,
        "vendor": 8_000,
        "agency": 2_000,
    }


def test_what_was_not_paid_is_receivable_until_it_is_collected() -> None:
    owed = [*paid(3_000), *done(10_000, 3_000)]
    found = says(owed, 10_000, DONE)
    assert (found["receivable"], found["due"], found["vendor"]) == (7_000, 7_000, 8_000)
    collected = [*owed, receivable_collected_entry(eur(7_000), into=Account.TILL, booking_id=BOOKING)]
    assert says(collected, 10_000, DONE) == {
        "paid": 10_000,
        "refundable": 10_000,
        "vendor": 8_000,
        "agency": 2_000,
    }


def test_what_is_written_off_is_not_due_and_is_the_agencys_loss() -> None:
    owed = [*paid(3_000), *done(10_000, 3_000), written_off_entry(eur(6_000), booking_id=BOOKING)]
    found = says(owed, 10_000, DONE)
    assert (found["due"], found["receivable"], found["written_off"]) == (1_000, 1_000, 6_000)
    assert (found["vendor"], found["agency"]) == (8_000, 2_000 - 6_000)


def test_what_was_written_off_is_due_again_when_a_part_of_it_is_paid() -> None:
    lost = written_off_entry(eur(7_000), booking_id=BOOKING)
    entries = [*paid(3_000), *done(10_000, 3_000), lost, reversal(lost)]
    entries.append(receivable_collected_entry(eur(2_500), into=Account.TILL, booking_id=BOOKING))
    found = says(entries, 10_000, DONE)
    assert (found["paid"], found["due"], found["agency"]) == (5_500, 4_500, 2_000)
    assert "written_off" not in found


def test_what_was_paid_too_much_is_told_apart_until_it_goes_back() -> None:
    entries = [*paid(10_000), overpaid_entry(eur(500), into=Account.BANK, booking_id=BOOKING)]
    found = says(entries, 10_000)
    assert found == {"paid": 10_500, "funds": 10_000, "overpaid": 500, "refundable": 10_500}
    entries.append(overpayment_back_entry(eur(500), booking_id=BOOKING))
    found = says(entries, 10_000)
    assert (found["owed_back"], found["refundable"]) == (500, 10_000)
    assert "overpaid" not in found


def test_a_cancellation_keeps_and_promises() -> None:
    entries = [*paid(11_700), *promised(5_350), *kept(4_680, 1_670)]
    assert says(entries, 11_700, CANCELLED) == {
        "paid": 11_700,
        "kept": 6_350,
        "promised": 5_350,
        "owed_back": 5_350,
        "refundable": 6_350,
        "vendor": 4_680,
        "agency": 1_670,
    }


def test_a_refund_is_owed_until_it_has_gone_and_again_when_it_comes_back() -> None:
    entries = [*paid(10_000), *promised(10_000)]
    assert says(entries, 10_000, CANCELLED)["owed_back"] == 10_000
    entries += [sent(4_000), credit_given_entry(eur(1_000), booking_id=BOOKING)]
    found = says(entries, 10_000, CANCELLED)
    assert (found["refunded"], found["owed_back"]) == (5_000, 5_000)
    entries.append(refund_failed_entry(eur(4_000), booking_id=BOOKING))
    found = says(entries, 10_000, CANCELLED)
    assert (found["promised"], found["refunded"], found["owed_back"]) == (10_000, 1_000, 9_000)
    assert "refundable" not in found


def test_goodwill_is_the_agencys_cost_or_the_vendors() -> None:
    base = [*paid(10_000), *done(10_000, 10_000)]
    for bearer, vendor, agency in ((Bearer.AGENCY, 8_000, 500), (Bearer.VENDOR, 6_500, 2_000)):
        entries = goodwill_entries(eur(1_500), borne_by=bearer, booking_id=BOOKING, vendor_id=VENDOR)
        found = says([*base, *entries], 10_000, DONE)
        assert (found["vendor"], found["agency"]) == (vendor, agency)
        assert (found["promised"], found["refundable"]) == (1_500, 8_500)


def test_a_refund_after_the_trip_is_borne_by_both() -> None:
    back = refund_after_trip_entries(
        eur(5_000),
        price=eur(10_000),
        before=RefundedSoFar(),
        commission_bps=2_000,
        booking_id=BOOKING,
        vendor_id=VENDOR,
    )
    found = says([*paid(10_000), *done(10_000, 10_000), *back], 10_000, DONE)
    assert (found["vendor"], found["agency"], found["refundable"]) == (4_000, 1_000, 5_000)


# disputes


def test_nothing_is_refundable_while_a_dispute_is_open() -> None:
    parts = {BOOKING: eur(10_000)}
    entries = [*paid(10_000), *dispute_opened_entries(parts, fee=eur(2_000))]
    assert says(entries, 10_000) == {"paid": 10_000, "funds": 10_000, "disputed": 10_000}
    won = [*entries, *dispute_won_entries(parts, fee_back=eur(2_000))]
    assert says(won, 10_000) == {"paid": 10_000, "funds": 10_000, "refundable": 10_000}


def lost(minor: int, **other: Any) -> tuple[Entry, ...]:
    return dispute_lost_entries(eur(minor), booking_id=BOOKING, vendor_id=VENDOR, **other)


def test_what_was_lost_before_the_trip_is_due_again() -> None:
    entries = [*paid(10_000), *dispute_opened_entries({BOOKING: eur(10_000)})]
    assert says([*entries, *lost(10_000, funds=eur(10_000))], 10_000) == {
        "paid": 10_000,
        "due": 10_000,
        "to_ask": 10_000,
        "lost": 10_000,
    }


def test_what_the_bank_gave_in_place_of_a_refund_is_owed_no_more() -> None:
    entries = [
        *paid(10_000),
        *promised(6_000),
        *kept(3_200, 800),
        *dispute_opened_entries({BOOKING: eur(8_000)}),
        *lost(8_000, promised=eur(6_000), kept=KeptOnCancelling(Split(800, 3_200))),
    ]
    assert says(entries, 10_000, CANCELLED) == {
        "paid": 10_000,
        "kept": 4_000,
        "promised": 6_000,
        "charged": 6_000,
        "lost": 8_000,
        "refundable": 2_000,
        "vendor": 1_600,
        "agency": 400,
    }


def test_what_the_traveller_has_twice_they_owe() -> None:
    entries = [*paid(10_000), *promised(6_000), sent(6_000), *dispute_opened_entries({BOOKING: eur(10_000)})]
    found = says([*entries, *lost(10_000, funds=eur(4_000))], 4_000)
    assert (found["receivable"], found["due"]) == (6_000, 10_000)
    assert "refundable" not in found


# reversals


def test_what_was_reversed_does_not_count() -> None:
    wrong = [*paid(5_000), *kept(800, 200), sent(100)]
    entries = [*paid(10_000), *wrong, *map(reversal, wrong)]
    assert says(entries, 10_000) == {"paid": 10_000, "funds": 10_000, "refundable": 10_000}
