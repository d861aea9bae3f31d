"""Every movement of money is a balance transaction, and the balance is their sum."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import stripe

from helpers.clock import START, HandClock
from helpers.provider import SLOW_REFUNDS
from helpers.stripe_side import VISA, kinds_of_events, paid, refusal
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.settings import FeeRule

NOW = int(START.timestamp())
DAY = 24 * 3600


def moved(api: stripe.V1Services) -> list[tuple[str, str, int, int, int]]:
    """Type, category, amount, fee and net of all movements, oldest first."""
    listed = list(api.balance_transactions.list({"limit": 100}).auto_paging_iter())
    return [(one.type, one.reporting_category, one.amount, one.fee, one.net) for one in reversed(listed)]


def balance(api: stripe.V1Services) -> dict[str, tuple[int, int]]:
    """Available and pending per currency."""
    now = api.balance.retrieve()
    pending = {part.currency: part.amount for part in now.pending}
    return {part.currency: (part.amount, pending[part.currency]) for part in now.available}


# charges, fees and refunds


@pytest.mark.parametrize(
    ("amount", "currency", "fee"),
    [
        (10_000, "eur", 175),  # 1.5 % and 25
        (101, "eur", 27),  # 1.515, rounded to 2
        (100, "eur", 27),  # exactly 1.5: up
        (10, "eur", 10),  # never more than the charge
        (12_345, "jpy", 210),
        (10_000, "kwd", 180),  # in tens: rounded up
        (10_000, "isk", 200),  # in hundreds: rounded up
    ],
)
def test_a_charge_brings_in_its_amount_less_the_fee(
    api: stripe.V1Services, outside: SandboxControl, amount: int, currency: str, fee: int
) -> None:
    intent = paid(api, amount, currency, expand=["latest_charge.balance_transaction"])
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    move = charge.balance_transaction
    assert isinstance(move, stripe.BalanceTransaction)
    assert (move.amount, move.fee, move.net, move.currency) == (amount, fee, amount - fee, currency)
    assert [(part.amount, part.type) for part in move.fee_details] == [(fee, "stripe_fee")]
    assert (move.type, move.source, move.status, move.available_on) == ("charge", charge.id, "available", NOW)
    assert balance(api) == {currency: (amount - fee, 0)}
    assert outside.balances() == {currency: amount - fee}


def test_the_rule_of_fees_can_be_another(api: stripe.V1Services, outside: SandboxControl) -> None:
    outside.set_fee_rule(FeeRule(basis_points=290, fixed=30, dispute=2_000))
    assert outside.fee_rule() == FeeRule(290, 30, 2_000)
    paid(api, 10_000)
    assert moved(api) == [("charge", "charge", 10_000, 320, 9_680)]
    for wrong in (FeeRule(-1), FeeRule(10_001), FeeRule(0, -1), FeeRule(0, 0, -1)):
        with pytest.raises(InvalidInput):
            outside.set_fee_rule(wrong)


def test_a_declined_card_moves_nothing(api: stripe.V1Services, outside: SandboxControl) -> None:
    assert refusal(lambda: paid(api, payment_method="pm_card_visa_chargeDeclined"))[0] == 402
    assert moved(api) == [] and balance(api) == {}


def test_a_refund_takes_its_amount_and_leaves_the_fee(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    intent = paid(api, 10_000)
    refund = api.refunds.create(
        {"payment_intent": intent.id, "amount": 3_000, "expand": ["balance_transaction"]}
    )
    move = refund.balance_transaction
    assert isinstance(move, stripe.BalanceTransaction)
    assert (move.amount, move.fee, move.net, move.source) == (-3_000, 0, -3_000, refund.id)
    assert balance(api) == {"eur": (10_000 - 175 - 3_000, 0)}


def test_a_refund_that_fails_late_brings_its_money_back(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    intent = paid(api, 10_000)
    refund = api.refunds.create({"payment_intent": intent.id})
    outside.settle_refund(refund.id, failure="expired_or_canceled_card")
    failed = api.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.amount == 10_000
    assert [move[0] for move in moved(api)] == ["charge", "refund", "refund_failure"]
    assert balance(api) == {"eur": (9_825, 0)}
    assert kinds_of_events(api)[-2:] == ["refund.failed", "refund.updated"]
    assert api.refunds.create({"payment_intent": intent.id}).amount == 10_000  # its amount is free again


def test_a_pending_refund_has_left_already(api: stripe.V1Services, outside: SandboxControl) -> None:
    intent = paid(api, 10_000, payment_method=SLOW_REFUNDS)
    refund = api.refunds.create({"payment_intent": intent.id, "amount": 500})
    assert refund.status == "pending" and balance(api) == {"eur": (9_325, 0)}
    outside.settle_refund(refund.id)
    assert api.refunds.retrieve(refund.id).status == "succeeded" and balance(api) == {"eur": (9_325, 0)}


# settling


def test_with_days_of_settling_a_charge_is_pending_first(
    api: stripe.V1Services, outside: SandboxControl, clock: HandClock
) -> None:
    outside.set_settling(2)
    intent = paid(api, 10_000)
    assert balance(api) == {"eur": (0, 9_825)}
    (move,) = api.balance_transactions.list().data
    assert (move.status, move.available_on) == ("pending", NOW + 2 * DAY)
    api.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    clock.forward(timedelta(days=2))
    assert balance(api) == {"eur": (8_825, 0)}
    assert kinds_of_events(api)[-1] == "balance.available"
    for days in (-1, 91):
        with pytest.raises(InvalidInput):
            outside.set_settling(days)


# exchange


@pytest.mark.parametrize(
    ("amount", "currency", "into", "rate", "worth", "fee"),
    [
        (10_000, "usd", "eur", "0.92", 9_200, 163),
        (12_345, "jpy", "eur", "0.0061", 7_530, 138),  # 75.3045: no decimals into two
        (10_010, "kwd", "eur", "2.9", 2_903, 69),  # 29.029: three decimals into two
        (10_000, "usd", "kwd", "0.30735", 30_740, 490),  # in tens
        (25, "usd", "eur", "0.5", 12, 12),  # 12.5: half to even
        (1, "usd", "eur", "0.01", 1, 1),  # never nothing
    ],
)
def test_a_currency_can_settle_in_another(
    api: stripe.V1Services,
    outside: SandboxControl,
    amount: int,
    currency: str,
    into: str,
    rate: str,
    worth: int,
    fee: int,
) -> None:
    outside.set_exchange(currency.upper(), into.upper(), Decimal(rate))
    intent = paid(api, amount, currency, expand=["latest_charge.balance_transaction"])
    assert (intent.amount_received, intent.currency) == (amount, currency)
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    move = charge.balance_transaction
    assert isinstance(move, stripe.BalanceTransaction)
    assert (move.amount, move.fee, move.currency) == (worth, fee, into)
    assert move.exchange_rate == float(rate)
    assert balance(api) == {into: (worth - fee, 0)}


def test_what_goes_back_is_exchanged_at_its_own_moment_and_comes_back_as_it_went(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    outside.set_exchange("usd", "eur", Decimal("0.90"))
    intent = paid(api, 10_000, "usd")
    outside.set_exchange("usd", "eur", Decimal("0.95"))
    refund = api.refunds.create({"payment_intent": intent.id, "amount": 2_000})
    outside.set_exchange("usd", "eur", Decimal("0.99"))
    outside.settle_refund(refund.id, failure="declined")
    ref = outside.open_dispute(intent.id)
    outside.set_exchange("usd", "eur", Decimal("0.50"))
    outside.close_dispute(ref, won=True)
    assert [(kind, amount) for _, kind, amount, _, _ in moved(api)] == [
        ("charge", 9_000),
        ("refund", -1_900),
        ("refund_failure", 1_900),
        ("dispute", -9_900),
        ("dispute_reversal", 9_900),
    ]
    assert api.disputes.retrieve(ref).currency == "usd"


def test_a_currency_can_settle_in_itself_again(api: stripe.V1Services, outside: SandboxControl) -> None:
    outside.set_exchange("usd", "eur", Decimal("0.9"))
    outside.set_exchange("usd", "USD", Decimal(1))
    paid(api, 10_000, "usd")
    assert balance(api) == {"usd": (9_825, 0)}
    for rate in (Decimal(0), Decimal(-1), Decimal("NaN")):
        with pytest.raises(InvalidInput):
            outside.set_exchange("usd", "eur", rate)


# lists


def test_movements_are_chosen_by_time_type_source_and_currency(
    api: stripe.V1Services, outside: SandboxControl, clock: HandClock
) -> None:
    first = paid(api, 10_000)
    clock.forward(timedelta(hours=1))
    second = paid(api, 5_000, "jpy")
    api.refunds.create({"payment_intent": first.id, "amount": 1})
    transactions = api.balance_transactions
    assert [one.amount for one in transactions.list({"created": {"gt": NOW}}).data] == [-1, 5_000]
    assert [one.amount for one in transactions.list({"created": {"lte": NOW}}).data] == [10_000]
    assert [one.amount for one in transactions.list({"type": "refund"}).data] == [-1]
    assert [one.amount for one in transactions.list({"currency": "jpy"}).data] == [5_000]
    source = str(second.latest_charge)
    (one,) = transactions.list({"source": source, "expand": ["data.source"]}).data
    assert isinstance(one.source, stripe.Charge) and one.source.id == source
    page = transactions.list({"limit": 1})
    assert page.has_more
    before = transactions.list({"ending_before": transactions.list().data[-1].id, "limit": 100})
    assert [one.amount for one in before.data] == [-1, 5_000]
    assert transactions.retrieve(page.data[0].id).amount == -1


# payouts to the bank


def test_a_payout_sends_what_is_available_and_names_what_it_is_made_of(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    intent = paid(api, 10_000)
    api.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    ref = outside.pay_out("EUR")
    payout = api.payouts.retrieve(ref, {"expand": ["balance_transaction"]})
    assert (payout.amount, payout.status, payout.automatic) == (8_825, "in_transit", True)
    assert payout.arrival_date == (NOW + 2 * DAY) // DAY * DAY
    assert isinstance(payout.balance_transaction, stripe.BalanceTransaction)
    assert payout.balance_transaction.amount == -8_825
    assert balance(api) == {"eur": (0, 0)}
    parts = api.balance_transactions.list({"payout": ref}).data
    assert [one.type for one in parts] == ["payout", "refund", "charge"]
    assert sum(one.net for one in parts) == 0
    outside.settle_payout(ref)
    assert [one.status for one in api.payouts.list({"status": "paid"}).data] == ["paid"]
    assert kinds_of_events(api)[-2:] == ["payout.created", "payout.paid"]
    paid(api, 2_000)
    again = outside.pay_out("eur")
    assert [one.type for one in api.balance_transactions.list({"payout": again}).data] == ["payout", "charge"]


def test_a_payout_that_fails_brings_the_money_back(api: stripe.V1Services, outside: SandboxControl) -> None:
    paid(api, 10_000)
    ref = outside.pay_out("eur", 4_000)
    assert api.payouts.retrieve(ref).automatic is False
    assert api.balance_transactions.list({"payout": ref}).data == []
    outside.settle_payout(ref)
    outside.settle_payout(ref, failure="account_closed")
    failed = api.payouts.retrieve(ref, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert isinstance(failed.failure_balance_transaction, stripe.BalanceTransaction)
    assert failed.failure_balance_transaction.reporting_category == "payout_reversal"
    assert balance(api) == {"eur": (9_825, 0)}


def test_a_payout_beyond_what_is_there_is_refused(api: stripe.V1Services, outside: SandboxControl) -> None:
    with pytest.raises(WrongState):
        outside.pay_out("eur")
    paid(api, 1_000)
    with pytest.raises(WrongState):
        outside.pay_out("eur", 961)
    with pytest.raises(NotFound):
        outside.settle_payout("po_none")
    ref = outside.pay_out("eur", 960)
    outside.settle_payout(ref)
    with pytest.raises(WrongState):
        outside.settle_payout(ref)
    assert refusal(lambda: api.payouts.retrieve("po_none"))[1] == "resource_missing"
    assert refusal(lambda: api.balance_transactions.retrieve("txn_none"))[1] == "resource_missing"


def test_payouts_are_chosen_by_when_they_arrive(api: stripe.V1Services, outside: SandboxControl) -> None:
    paid(api, 10_000, payment_method=VISA)
    ref = outside.pay_out("eur")
    assert [one.id for one in api.payouts.list({"arrival_date": {"gt": NOW}}).data] == [ref]
    assert api.payouts.list({"arrival_date": {"lt": NOW}}).data == []
