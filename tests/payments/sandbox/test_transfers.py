"""Money for vendors: accounts, transfers, and taking back what was transferred."""

from __future__ import annotations

import pytest
import stripe

from helpers.stripe_side import kinds_of_events, paid, refusal
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.payments.sandbox.accounts import OWN
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation


@pytest.fixture
def vendor(outside: SandboxControl) -> str:
    return outside.open_account("Bokeška Plovidba")


def transfer(
    api: stripe.V1Services, to: str, amount: int = 1_000, group: str = "payout-1"
) -> stripe.Transfer:
    return api.transfers.create(
        {
            "amount": amount,
            "currency": "eur",
            "destination": to,
            "transfer_group": group,
            "metadata": {"payout_id": group},
        }
    )


# accounts


def test_an_account_says_whether_it_is_ready(api: stripe.V1Services, outside: SandboxControl) -> None:
    ref = outside.open_account(
        "Perast Boats", transfers="pending", past_due=("individual.verification.document",)
    )
    told = api.accounts.retrieve(ref)
    assert told.capabilities is not None and told.requirements is not None
    assert (told.capabilities.transfers, told.payouts_enabled) == ("pending", False)
    assert told.requirements.past_due == ["individual.verification.document"]
    assert told.requirements.disabled_reason == "requirements.past_due"
    outside.change_account(ref, transfers="active", past_due=())
    ready = api.accounts.retrieve(ref)
    assert ready.capabilities is not None and ready.requirements is not None
    assert (ready.capabilities.transfers, ready.requirements.past_due) == ("active", [])
    outside.change_account(ref)
    assert kinds_of_events(api) == ["account.updated"] * 3


def test_accounts_that_are_none_are_refused(api: stripe.V1Services, outside: SandboxControl) -> None:
    assert refusal(lambda: api.accounts.retrieve("acct_none"))[:2] == (404, "resource_missing")
    with pytest.raises(NotFound):
        outside.change_account("acct_none", transfers="active")
    with pytest.raises(InvalidInput):
        outside.open_account("x", transfers="maybe")
    with pytest.raises(InvalidInput):
        outside.change_account("acct_none", transfers="maybe")


def test_the_agencys_own_account_can_be_read(api: stripe.V1Services) -> None:
    assert api.accounts.retrieve_current().id == OWN


# transfers


def test_a_transfer_takes_from_the_balance_and_is_found_by_its_group(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    paid(api, 10_000)
    made = transfer(api, vendor, 6_000)
    assert (made.amount, made.destination, made.reversed, made.amount_reversed) == (6_000, vendor, False, 0)
    transfer(api, vendor, 1_000, "payout-2")
    assert [one.id for one in api.transfers.list({"transfer_group": "payout-1"}).data] == [made.id]
    assert len(api.transfers.list({"destination": vendor}).data) == 2
    read = api.transfers.retrieve(made.id, {"expand": ["balance_transaction", "destination"]})
    assert isinstance(read.balance_transaction, stripe.BalanceTransaction)
    assert (read.balance_transaction.type, read.balance_transaction.amount) == ("transfer", -6_000)
    assert isinstance(read.destination, stripe.Account)
    assert outside.balances() == {"eur": 9_825 - 7_000}
    assert outside.counted("transfer", "payout_id") == {"payout-1": 1, "payout-2": 1}
    assert outside.counts().transferred == {"eur": 7_000}
    assert kinds_of_events(api)[-1] == "transfer.created"


def test_no_more_is_transferred_than_is_available(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    paid(api, 1_000)
    assert refusal(lambda: transfer(api, vendor, 961))[:2] == (400, "balance_insufficient")
    assert transfer(api, vendor, 960).amount == 960
    assert refusal(lambda: transfer(api, vendor, 1))[1] == "balance_insufficient"
    outside.set_settling(2)
    paid(api, 1_000)  # pending does not count
    assert refusal(lambda: transfer(api, vendor, 1))[1] == "balance_insufficient"


def test_too_little_balance_can_be_armed(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    paid(api, 10_000)
    outside.arm(Operation.TRANSFER_CREATE, FaultKind.BALANCE_INSUFFICIENT)
    assert refusal(lambda: transfer(api, vendor))[1] == "balance_insufficient"
    assert transfer(api, vendor).amount == 1_000


def test_nothing_goes_to_an_account_that_may_not_have_it(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    paid(api, 10_000)
    outside.change_account(vendor, transfers="inactive")
    assert refusal(lambda: transfer(api, vendor))[1] == "insufficient_capabilities_for_transfer"
    assert refusal(lambda: transfer(api, "acct_none"))[1:] == ("resource_missing", "destination")
    assert refusal(lambda: transfer(api, vendor, 0))[2] == "amount"
    source = {"currency": "eur", "destination": vendor, "amount": 1, "source_transaction": "ch_1"}
    assert refusal(lambda: api.transfers.create(source))[2] == "source_transaction"  # type: ignore[arg-type]
    assert refusal(lambda: api.transfers.create({"currency": "eur", "destination": vendor}))[2] == "amount"
    assert api.transfers.list().data == []


# reversals


def test_a_transfer_is_taken_back_in_parts_and_never_beyond_it(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    paid(api, 10_000)
    made = transfer(api, vendor, 6_000)
    first = api.transfers.reversals.create(made.id, {"amount": 2_500, "metadata": {"line": "1"}})
    assert (first.object, first.amount, first.transfer) == ("transfer_reversal", 2_500, made.id)
    assert refusal(lambda: api.transfers.reversals.create(made.id, {"amount": 3_501}))[2] == "amount"
    rest = api.transfers.reversals.create(made.id, {"expand": ["balance_transaction"]})
    assert isinstance(rest.balance_transaction, stripe.BalanceTransaction)
    assert (rest.amount, rest.balance_transaction.reporting_category) == (3_500, "transfer_reversal")
    back = api.transfers.retrieve(made.id)
    assert (back.reversed, back.amount_reversed) == (True, 6_000)
    assert [one.id for one in back.reversals.data] == [rest.id, first.id]
    assert [one.id for one in api.transfers.reversals.list(made.id).data] == [rest.id, first.id]
    assert refusal(lambda: api.transfers.reversals.create(made.id))[0] == 400
    assert outside.balances() == {"eur": 9_825}
    assert kinds_of_events(api)[-2:] == ["transfer.reversed", "transfer.reversed"]


def test_a_vendors_account_without_the_money_gives_nothing_back(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    paid(api)
    made = transfer(api, vendor, 6_000)
    outside.arm(Operation.REVERSAL_CREATE, FaultKind.BALANCE_INSUFFICIENT)
    assert refusal(lambda: api.transfers.reversals.create(made.id))[1] == "balance_insufficient"
    assert api.transfers.retrieve(made.id).amount_reversed == 0
    assert api.transfers.reversals.create(made.id).amount == 6_000


def test_only_transfers_are_taken_back(api: stripe.V1Services, outside: SandboxControl, vendor: str) -> None:
    assert refusal(lambda: api.transfers.reversals.create("tr_none"))[:2] == (404, "resource_missing")
    assert refusal(lambda: api.transfers.reversals.list("tr_none"))[:2] == (404, "resource_missing")
    paid(api, 10_000)
    made = transfer(api, vendor)
    assert refusal(lambda: api.transfers.reversals.create(made.id, {"amount": 0}))[2] == "amount"


def test_a_refund_does_not_take_the_transfer_back(
    api: stripe.V1Services, outside: SandboxControl, vendor: str
) -> None:
    intent = paid(api, 10_000)
    made = transfer(api, vendor, 8_000)
    api.refunds.create({"payment_intent": intent.id})
    assert api.transfers.retrieve(made.id).amount_reversed == 0
    assert outside.balances() == {"eur": 10_000 - 175 - 8_000 - 10_000}
