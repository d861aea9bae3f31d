"""What a key may do, what can be expanded in a reply, and how events are followed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe

from helpers.stripe_side import link, paid, refusal
from travellr_desktop.payments.sandbox.access import DESK_KEY, OFFICE_KEY, READ_ONLY_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl

Connect = Callable[..., stripe.V1Services]
FORBIDDEN = (403, "more_permissions_required_for_application", None)


def test_a_desks_key_sells_and_does_not_see_the_office(connect: Connect, outside: SandboxControl) -> None:
    api = connect(DESK_KEY)
    intent = paid(api)
    api.refunds.create({"payment_intent": intent.id})
    link(api)
    assert api.terminal.readers.list().data == []
    for call in (
        api.balance.retrieve,
        api.balance_transactions.list,
        api.transfers.list,
        api.payouts.list,
        api.disputes.list,
        lambda: api.transfers.create({"amount": 1, "currency": "eur", "destination": "acct_1"}),
    ):
        assert refusal(call) == FORBIDDEN


def test_an_offices_key_does_both(connect: Connect, outside: SandboxControl) -> None:
    api = connect(OFFICE_KEY)
    paid(api)
    vendor = outside.open_account("Perast Boats")
    assert api.transfers.create({"amount": 1, "currency": "eur", "destination": vendor}).amount == 1
    assert api.balance.retrieve().object == "balance"


def test_a_key_that_only_reads_changes_nothing(connect: Connect) -> None:
    api = connect(READ_ONLY_KEY)
    assert api.payment_intents.list().data == []
    assert refusal(lambda: paid(api)) == FORBIDDEN


@pytest.mark.parametrize("key", ["sk_live_123", "pk_test_123"])
def test_what_is_no_key_of_the_sandbox_is_refused(connect: Connect, key: str) -> None:
    assert refusal(connect(key).balance.retrieve)[0] == 401


# expanding


def test_what_is_expanded_can_be_four_deep_and_no_deeper(connect: Connect, outside: SandboxControl) -> None:
    api = connect()
    intent = paid(api)
    outside.open_dispute(intent.id)
    path = "payment_intent.latest_charge.balance_transaction.source"
    (dispute,) = api.disputes.list({"expand": [f"data.{path}"]}).data
    told = dispute.payment_intent
    assert isinstance(told, stripe.PaymentIntent) and isinstance(told.latest_charge, stripe.Charge)
    move = told.latest_charge.balance_transaction
    assert isinstance(move, stripe.BalanceTransaction) and isinstance(move.source, stripe.Charge)
    assert move.source.id == told.latest_charge.id
    for too_much in (f"data.{path}.payment_intent", path, "data.amount"):
        assert refusal(lambda wanted=too_much: api.disputes.list({"expand": [wanted]}))[2] == "expand"  # type: ignore[misc]


def test_what_is_not_there_stays_as_it_is(connect: Connect) -> None:
    api = connect()
    made = api.payment_intents.create(
        {"amount": 5, "currency": "eur", "expand": ["customer", "latest_charge.balance_transaction"]}
    )
    assert (made.customer, made.latest_charge) == (None, None)
    riva = api.terminal.readers.create(
        {
            "registration_code": "simulated-wpe",
            "expand": ["action.process_payment_intent.payment_intent", "location"],
        }
    )
    assert (riva.action, riva.location) == (None, None)
    paid_one = paid(api, expand=["payment_method"])
    assert isinstance(paid_one.payment_method, stripe.PaymentMethod)
    assert paid_one.payment_method.id == "pm_card_visa"


# events


def test_events_are_followed_from_the_last_one_seen(connect: Connect, outside: SandboxControl) -> None:
    api = connect()
    paid(api)
    last = api.events.list({"limit": 1}).data[0].id
    assert api.events.list({"ending_before": last}).data == []
    outside.open_dispute(paid(api).id)
    outside.pay_link(link(api).id, "pm_card_visa")
    wanted = ["charge.dispute.created", "checkout.session.completed", "payout.*"]
    fresh = api.events.list({"ending_before": last, "types": wanted, "limit": 100})
    assert [event.type for event in fresh.data] == ["checkout.session.completed", "charge.dispute.created"]
    page = api.events.list({"ending_before": last, "limit": 2})
    seen = [event.id for event in page.auto_paging_iter()]
    every = [event.id for event in api.events.list({"limit": 100}).data]
    assert seen == every[: every.index(last)][::-1]


def test_an_event_tells_the_object_as_it_was_and_who_asked(connect: Connect, outside: SandboxControl) -> None:
    api = connect()
    intent = paid(api)
    ref = outside.open_dispute(intent.id)
    outside.close_dispute(ref, won=False)
    created, *_ = api.events.list({"type": "charge.dispute.created"}).data
    assert created.data.object["status"] == "needs_response"
    assert created.request is not None and created.request.id is None  # nobody here asked for it
    (made,) = api.events.list({"type": "payment_intent.created"}).data
    assert made.request is not None and made.request.id is not None
