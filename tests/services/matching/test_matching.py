"""The books beside the provider's list: what is planted on either side is found, and put right where that can be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, VISA, Desk, desk_at
from helpers.movements import twice_there
from helpers.raw import value
from helpers.tampering import by_hand, without_triggers
from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.matching import DifferenceKind, Moved
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import DatabaseDamaged, InvalidInput, NotPermitted, WrongState
from travellr_desktop.payments.gateway import PaymentRequest, RefundRequest
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services import posting
from travellr_desktop.services.adjusting import AdjustmentDraft
from travellr_desktop.services.matching.causes import Correction
from travellr_desktop.services.matching.kept import ONCE_IN, Reconciled, last_kept
from travellr_desktop.services.matching.service import DifferenceRow, Matched
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.commits import Commit


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock) -> Iterator[Desk]:
    with desk_at(tmp_path, clock) as desk:
        yield desk


def today(desk: Desk) -> date:
    return desk.clock.now().date()


def matched(desk: Desk, first: date | None = None, last: date | None = None) -> Matched:
    """What moved is old enough to be matched."""
    day = today(desk)
    desk.clock.forward(timedelta(minutes=5))  # type: ignore[attr-defined]
    return desk.services.matching.match(desk.admin, first or day, last or day)


def only(desk: Desk) -> DifferenceRow:
    (row,) = matched(desk).differences
    return row


def put_right(desk: Desk, row: DifferenceRow) -> None:
    assert row.correction is not None
    desk.services.matching.correct(desk.admin, row, row.correction, "Seen on the list")
    assert matched(desk).differences == ()


def stripe(desk: Desk, currency: str = "EUR") -> int:
    """What the books say is with the provider, in minor units."""
    with desk.database.read() as view:
        return view.ledger.balance(Account.STRIPE, currency)


def at_provider(desk: Desk) -> dict[str, int]:
    with desk.sandbox() as sandbox:
        return {currency.upper(): minor for currency, minor in sandbox.balances().items()}


def sale(desk: Desk) -> SaleOutcome:
    return desk.sold(desk.add_departure(capacity=8), adult=2)


# what agrees


def test_a_day_with_sales_refunds_and_cash_agrees_to_the_cent(desk: Desk) -> None:
    sold = [sale(desk) for _ in range(3)]
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    desk.cancel(sold[0].bookings[0].id, reason="Ill")
    found = matched(desk)
    assert found.differences == ()
    assert [(row.currency, row.here == row.there, row.agrees) for row in found.days] == [("EUR", True, True)]
    assert found.movements == 4
    assert stripe(desk) == at_provider(desk)["EUR"]


def test_fees_are_posted_on_each_booking_once_however_often_they_are_fetched(desk: Desk) -> None:
    sale(desk)
    assert desk.services.matching.fetch() == 1
    before = stripe(desk)
    assert desk.services.matching.fetch() == 0
    matched(desk)
    assert stripe(desk) == before == at_provider(desk)["EUR"]


def test_what_settles_in_another_currency_stands_in_both(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.set_exchange("GBP", "EUR", Decimal("1.17"))
    trip = desk.add_trip("Thames by night", adult=5000, currency="GBP", zone="Europe/London")
    sold = desk.sold(desk.add_departure(trip), adult=2)
    desk.cancel(sold.bookings[0].id, reason="Ill")
    assert matched(desk).differences == ()
    assert stripe(desk, "GBP") == 0
    assert stripe(desk) == at_provider(desk)["EUR"]


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_that_settles_in_another_currency_stands_in_both(desk: Desk, *, won: bool) -> None:
    with desk.sandbox() as sandbox:
        sandbox.set_exchange("GBP", "EUR", Decimal("1.17"))
    trip = desk.add_trip("Thames by night", adult=5000, currency="GBP", zone="Europe/London")
    sold = desk.sold(desk.add_departure(trip), adult=2)
    with desk.database.read() as view:
        assert sold.payment_id is not None
        ref = view.payments.get(sold.payment_id).provider_ref
    assert ref is not None
    with desk.sandbox() as sandbox:
        dispute = sandbox.open_dispute(ref)
    desk.services.listening.poll()
    assert matched(desk).differences == ()
    with desk.sandbox() as sandbox:
        sandbox.close_dispute(dispute, won=won)
    desk.services.listening.poll()
    assert matched(desk).differences == ()
    assert stripe(desk, "GBP") == 0
    assert stripe(desk) == at_provider(desk)["EUR"]


def test_nothing_is_fetched_before_anything_was_paid_there(desk: Desk) -> None:
    assert desk.services.matching.fetch() == 0


def test_a_fee_waits_until_its_payment_is_known_here(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
    unknown = sale(desk)
    desk.services.matching.fetch()
    assert stripe(desk) == 0
    (row,) = matched(desk).differences
    assert (row.kind, row.correction) == (DifferenceKind.NOT_HERE, Correction.READ_PAYMENT)
    put_right(desk, row)
    assert desk.services.sales.outcome(desk.agent, unknown.sale_id).paid == unknown.total
    assert stripe(desk) == at_provider(desk)["EUR"]


def test_what_goes_to_the_agencys_bank_leaves_the_balance_and_arrives(desk: Desk, clock: HandClock) -> None:
    sale(desk)
    desk.services.matching.fetch()
    with desk.sandbox() as sandbox:
        ref = sandbox.pay_out("EUR")
    desk.services.matching.fetch()
    with desk.database.read() as view:
        assert view.ledger.balance(Account.STRIPE_IN_TRANSIT, "EUR") > 0
    clock.forward(timedelta(days=2))
    with desk.sandbox() as sandbox:
        sandbox.settle_payout(ref)
    desk.services.matching.fetch()
    with desk.database.read() as view:
        assert view.ledger.balance(Account.STRIPE_IN_TRANSIT, "EUR") == 0
        assert view.ledger.balance(Account.BANK, "EUR") > 0
    assert matched(desk, today(desk) - timedelta(days=3)).differences == ()


# planted on our side


def test_a_posting_that_is_gone_is_found_and_posted(desk: Desk) -> None:
    sold = sale(desk)
    matched(desk)
    with by_hand(desk.database.path) as file, without_triggers(file, "ledger"):
        file.execute("DELETE FROM ledger WHERE event = 'payment'")
    row = only(desk)
    assert (row.kind, row.there, row.payment_id) == (DifferenceKind.NOT_HERE, sold.total, sold.payment_id)
    assert row.correction is Correction.POST_AGAIN


@pytest.mark.parametrize(("factor", "kind"), [(2, DifferenceKind.TWICE_HERE), (3, DifferenceKind.TWICE_HERE)])
def test_a_posting_that_is_there_more_than_once_is_found(
    desk: Desk, factor: int, kind: DifferenceKind
) -> None:
    sale(desk)
    matched(desk)
    with by_hand(desk.database.path) as file, without_triggers(file, "ledger"):
        file.execute("UPDATE ledger SET amount = amount * ? WHERE event = 'payment'", (factor,))
    row = only(desk)
    assert (row.kind, row.correction) == (kind, Correction.POST_AGAIN)


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("amount", "amount - 1", DifferenceKind.AMOUNT),
        ("currency", "'USD'", DifferenceKind.CURRENCY),
        ("at", "'2026-06-11T08:00:00.000000Z'", DifferenceKind.DAY),
    ],
)
def test_a_posting_that_says_something_else_is_found(
    desk: Desk, column: str, value: str, kind: DifferenceKind
) -> None:
    sale(desk)
    matched(desk)
    with by_hand(desk.database.path) as file, without_triggers(file, "ledger"):
        file.execute(f"UPDATE ledger SET {column} = {value} WHERE event = 'payment'")
    assert only(desk).kind is kind


def test_another_fee_in_the_books_is_found_and_put_right(desk: Desk) -> None:
    sale(desk)
    desk.services.matching.fetch()
    with by_hand(desk.database.path) as file, without_triggers(file, "ledger"):
        file.execute("UPDATE ledger SET amount = amount + 7 WHERE event = 'processor_fee'")
    row = only(desk)
    assert (row.kind, row.correction) == (DifferenceKind.FEE, Correction.POST_FEE)


# planted on the provider's side


def theirs(desk: Desk, statement: str, *values: object) -> None:
    with by_hand(desk.profile.sandbox) as file:
        file.execute(statement, values)


def test_a_movement_that_the_provider_does_not_list_is_found(desk: Desk) -> None:
    sold = sale(desk)
    matched(desk)
    theirs(desk, "DELETE FROM balance_transactions")
    row = only(desk)
    assert (row.kind, row.here, row.there, row.correction) == (
        DifferenceKind.NOT_THERE,
        sold.total,
        None,
        None,
    )


def test_a_movement_that_the_provider_lists_twice_is_found(desk: Desk) -> None:
    sale(desk)
    matched(desk)
    twice_there(desk)
    assert only(desk).kind is DifferenceKind.TWICE_THERE


@pytest.mark.parametrize(
    ("change", "kind", "correction"),
    [
        ("amount = amount - 100", DifferenceKind.AMOUNT, None),
        ("created = created - 2 * 86400", DifferenceKind.DAY, None),
        ("fee = fee + 25", DifferenceKind.FEE, Correction.POST_FEE),
        ("fee = fee - 1", DifferenceKind.FEE, Correction.POST_FEE),
    ],
)
def test_a_movement_that_says_something_else_is_found(
    desk: Desk, change: str, kind: DifferenceKind, correction: Correction | None
) -> None:
    sale(desk)
    matched(desk)
    theirs(desk, f"UPDATE balance_transactions SET {change}")
    first = today(desk) - timedelta(days=3)
    kinds = {row.kind: row for row in matched(desk, first, today(desk)).differences}
    assert kind in kinds
    assert kinds[kind].correction is correction


def test_another_currency_is_found(desk: Desk) -> None:
    sale(desk)
    matched(desk)
    theirs(desk, "UPDATE charges SET currency = 'usd'")
    theirs(desk, "UPDATE balance_transactions SET currency = 'usd'")
    found = {row.kind: row for row in matched(desk).differences}
    assert set(found) == {DifferenceKind.CURRENCY, DifferenceKind.FEE}
    assert found[DifferenceKind.CURRENCY].correction is None


def test_another_rate_is_found(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.set_exchange("GBP", "EUR", Decimal("1.17"))
    trip = desk.add_trip("Thames by night", adult=5000, currency="GBP", zone="Europe/London")
    desk.sold(desk.add_departure(trip), adult=2)
    matched(desk)
    theirs(desk, "UPDATE balance_transactions SET amount = amount + 3")
    row = only(desk)
    assert (row.kind, row.there) == (DifferenceKind.RATE, Money(11_703, "EUR"))


def test_a_payment_that_nobody_here_knows_is_found_and_taken_over(desk: Desk) -> None:
    sold = sale(desk)
    matched(desk)
    forget(desk, sold.payment_id)
    row = only(desk)
    assert (row.kind, row.moved, row.correction) == (
        DifferenceKind.UNKNOWN,
        Moved.PAYMENT,
        Correction.TAKE_OVER,
    )


def forget(desk: Desk, payment_id: UUID | None) -> None:
    """As if the payment had been taken outside this program."""
    assert payment_id is not None
    with by_hand(desk.database.path) as file:
        for table in ("ledger", "provider_moves", "payments"):
            with without_triggers(file, table):
                where = {
                    "ledger": "DELETE FROM ledger",
                    "provider_moves": "DELETE FROM provider_moves",
                    "payments": "UPDATE payments SET provider_ref = NULL",
                }[table]
                file.execute(where)


# putting right


def test_a_correction_is_made_once_although_two_ask_for_it(desk: Desk) -> None:
    sale(desk)
    matched(desk)
    theirs(desk, "UPDATE balance_transactions SET fee = fee + 25")
    row = only(desk)
    desk.services.matching.correct(desk.admin, row, Correction.POST_FEE, "Seen")
    with pytest.raises(WrongState, match="not there any more"):
        desk.services.matching.correct(desk.admin, row, Correction.POST_FEE, "Seen")
    assert matched(desk).differences == ()


def test_a_correction_that_does_not_belong_to_it_is_refused(desk: Desk) -> None:
    sale(desk)
    matched(desk)
    theirs(desk, "UPDATE balance_transactions SET fee = fee + 25")
    row = only(desk)
    with pytest.raises(WrongState, match="does not put it right"):
        desk.services.matching.correct(desk.admin, row, Correction.POST_AGAIN, "Seen")
    with pytest.raises(InvalidInput) as refused:
        desk.services.matching.correct(desk.admin, row, Correction.POST_FEE, "  ")
    assert refused.value.field == "reason"
    assert only(desk).key == row.key


def test_when_the_books_were_matched_and_what_was_open_is_kept_once_an_hour(
    desk: Desk, clock: HandClock
) -> None:
    with desk.database.read() as view:
        assert last_kept(view) is None
    matched(desk)  # nothing was ever paid by card: there is nothing to match
    with desk.database.read() as view:
        assert last_kept(view) is None
    sale(desk)
    day, kept = today(desk), "SELECT count(*) FROM audit WHERE action = 'match.done'"
    matched(desk, day - timedelta(days=6), day)
    first = clock.now()
    matched(desk, day - timedelta(days=6), day)
    assert value(desk.database.path, kept) == 1
    with desk.database.read() as view:
        assert last_kept(view) == Reconciled(first, day - timedelta(days=6), day, 0)
    twice_there(desk)
    matched(desk)
    with desk.database.read() as view:
        found = last_kept(view)
        assert found is not None and (found.first, found.last, found.open > 0) == (day, day, True)
    clock.forward(ONCE_IN)
    matched(desk, day, day)
    assert value(desk.database.path, kept) == 3


def test_a_file_that_takes_nothing_is_matched_all_the_same(desk: Desk) -> None:
    """Somebody has written to it behind the program's back: it is looked at, and nothing is kept."""
    sale(desk)
    desk.services.matching.fetch()
    with by_hand(desk.database.path) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        with without_triggers(file, "travellers", refusing=True):
            file.execute("UPDATE travellers SET version = version + 1")
    with pytest.raises(DatabaseDamaged):
        desk.services.adjustments.adjust(
            desk.admin, AdjustmentDraft(desk.vendor_id, Money(100, "EUR"), "Fuel"), key=uuid4()
        )
    assert matched(desk).movements == 1
    with desk.database.read() as view:
        assert last_kept(view) is None


def test_who_corrected_and_why_is_in_the_audit(desk: Desk) -> None:
    sale(desk)
    matched(desk)
    theirs(desk, "UPDATE balance_transactions SET fee = fee + 25")
    put_right(desk, only(desk))
    said = value(desk.database.path, "SELECT detail FROM audit WHERE action = 'match.correct'")
    assert json.loads(said)["reason"] == "Seen on the list"


def post_once_more(desk: Desk, sold: SaleOutcome, *, less: int = 0) -> None:
    """What a fault of the program would write: a payment's entry a second time, or of another amount."""
    booking = sold.bookings[0]
    with desk.database.write(Commit.MATCH_CORRECT, SYSTEM) as work:
        part = {booking.id: sold.total - Money(less, sold.total.currency)}
        entries = ledger.payment_entries(part, into=Account.STRIPE)
        posting.post(work, entries, payment_id=sold.payment_id)
        work.commit()


@pytest.mark.parametrize("less", [0, 100])
def test_what_was_posted_once_too_often_is_reversed_and_the_proof_agrees(desk: Desk, less: int) -> None:
    sold = sale(desk)
    matched(desk)
    assert desk.services.check.run().problems == ()
    post_once_more(desk, sold, less=less)
    assert desk.services.check.run().problems != ()
    row = only(desk)
    assert row.kind is (DifferenceKind.AMOUNT if less else DifferenceKind.TWICE_HERE)
    put_right(desk, row)
    assert desk.services.check.run().problems == ()
    assert stripe(desk) == at_provider(desk)["EUR"]


def test_a_wrong_exchange_is_reversed_and_the_right_one_posted(desk: Desk) -> None:
    with desk.sandbox() as sandbox:
        sandbox.set_exchange("GBP", "EUR", Decimal("1.17"))
    trip = desk.add_trip("Thames by night", adult=5000, currency="GBP", zone="Europe/London")
    sold = desk.sold(desk.add_departure(trip), adult=2)
    matched(desk)
    with desk.database.write(Commit.MATCH_CORRECT, SYSTEM) as work:
        wrong = ledger.exchange_entries(Money(100, "GBP"), Money(90, "EUR"), at=Account.STRIPE)
        posting.post(work, wrong, payment_id=sold.payment_id)
        work.commit()
    row = only(desk)
    assert row.kind is DifferenceKind.RATE
    put_right(desk, row)
    assert (stripe(desk, "GBP"), stripe(desk)) == (0, at_provider(desk)["EUR"])


def test_what_was_taken_outside_is_taken_over_and_so_is_its_way_back(desk: Desk) -> None:
    sale(desk)
    gateway, foreign = desk.program.gateway, uuid4()
    asked = PaymentRequest(foreign, Money(7_700, "EUR"), "Taken at the provider", {})
    ref = gateway.prepare_payment(asked, key="elsewhere-1").ref
    gateway.process_payment(ref, payment_method=VISA, key="elsewhere-2")
    row = only(desk)
    assert (row.kind, row.moved, row.there) == (DifferenceKind.UNKNOWN, Moved.PAYMENT, Money(7_700, "EUR"))
    put_right(desk, row)
    with desk.database.read() as view:
        assert view.ledger.balance(Account.OVERPAYMENT, "EUR") == -7_700
    assert stripe(desk) == at_provider(desk)["EUR"]
    gateway.refund_payment(RefundRequest(uuid4(), ref, Money(7_700, "EUR")), key="elsewhere-3")
    put_right(desk, only(desk))
    with desk.database.read() as view:
        assert view.ledger.balance(Account.OVERPAYMENT, "EUR") == 0
    assert stripe(desk) == at_provider(desk)["EUR"]
    assert desk.services.check.run().problems == ()


def test_a_refund_that_nobody_here_knows_is_found_and_left_to_a_person(desk: Desk) -> None:
    sold = sale(desk)
    matched(desk)
    with desk.database.read() as view:
        assert sold.payment_id is not None
        ref = view.payments.get(sold.payment_id).provider_ref
    assert ref is not None
    desk.program.gateway.refund_payment(RefundRequest(uuid4(), ref, Money(500, "EUR")), key="elsewhere-1")
    row = only(desk)
    assert (row.kind, row.moved, row.correction) == (DifferenceKind.UNKNOWN, Moved.REFUND, None)


def test_a_refund_that_failed_late_is_found_and_read(desk: Desk) -> None:
    departure = desk.add_departure(capacity=8)
    sold = desk.sold(departure, pay=PayChoice(Way.CARD, "pm_card_pendingRefund"), adult=2)
    desk.cancel(sold.bookings[0].id, reason="Ill")
    assert matched(desk).differences == ()
    refund = value(desk.database.path, "SELECT provider_ref FROM refunds")
    with desk.sandbox() as sandbox:
        sandbox.settle_refund(refund, failure="lost_or_stolen_card")
    row = only(desk)
    assert (row.kind, row.correction) == (DifferenceKind.LATE_FAILURE, Correction.READ_REFUND)
    put_right(desk, row)
    assert stripe(desk) == at_provider(desk)["EUR"]


def test_a_difference_that_is_explained_stays_and_counts_as_explained(desk: Desk) -> None:
    sale(desk)
    matched(desk)
    theirs(desk, "DELETE FROM balance_transactions")
    row = only(desk)
    desk.services.matching.explain(desk.admin, row, "Stripe support: a known gap")
    found = matched(desk)
    assert [(day.open, day.explained) for day in found.days] == [(0, 1)]
    (again,) = found.differences
    assert again.explained is not None
    assert (again.explained.reason, again.explained.by) == ("Stripe support: a known gap", "Mira Kovač")
    with pytest.raises(WrongState):
        desk.services.matching.explain(desk.admin, again, "Once more")


# who, and what


def test_only_who_may_read_the_ledger_matches_and_only_who_may_correct_corrects(desk: Desk) -> None:
    sale(desk)
    with pytest.raises(NotPermitted):
        desk.services.matching.match(desk.agent, today(desk), today(desk))
    matched(desk)
    theirs(desk, "UPDATE balance_transactions SET fee = fee + 25")
    row = only(desk)
    with pytest.raises(NotPermitted):
        desk.services.matching.correct(desk.agent, row, Correction.POST_FEE, "Seen")
    with pytest.raises(NotPermitted):
        desk.services.matching.explain(desk.agent, row, "Seen")


def test_days_that_are_no_span_are_refused(desk: Desk) -> None:
    day = today(desk)
    for first, last in ((day, day - timedelta(days=1)), (day - timedelta(days=200), day)):
        with pytest.raises(InvalidInput) as refused:
            desk.services.matching.match(desk.admin, first, last)
        assert refused.value.field == "last"


def test_days_to_come_have_nothing(desk: Desk) -> None:
    sale(desk)
    tomorrow = today(desk) + timedelta(days=1)
    assert matched(desk, tomorrow, tomorrow).days == ()
