"""Payment links: open until paid, ended or out of time, and never two of these."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import stripe

from helpers.clock import START, HandClock
from helpers.stripe_side import ASKS, NO_FUNDS, VISA, kinds_of_events, link, refusal
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.sandbox.cards import RANDOM_METHOD, SLOW_METHOD
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation

NOW = int(START.timestamp())


def test_a_link_is_open_and_has_moved_nothing(api: stripe.V1Services) -> None:
    made = link(api, 4_200, metadata={"payment_id": "p1"}, client_reference_id="SA-1")
    assert made.id.startswith("cs_test_")
    assert (made.object, made.status, made.payment_status, made.payment_intent) == (
        "checkout.session",
        "open",
        "unpaid",
        None,
    )
    assert (made.amount_total, made.currency, made.expires_at) == (4_200, "eur", NOW + 24 * 3600)
    assert made.url.endswith(made.id) and made.client_reference_id == "SA-1"
    assert made.metadata.to_dict() == {"payment_id": "p1"}
    assert api.checkout.sessions.retrieve(made.id).status == "open"
    assert api.payment_intents.list().data == []


def test_paying_makes_the_payment_intent_and_completes_the_link(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    made = link(
        api, 4_200, payment_intent_data={"description": "Two seats", "metadata": {"payment_id": "p1"}}
    )
    tried = outside.pay_link(made.id, VISA)
    assert tried.is_paid
    done = api.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent.latest_charge"]})
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    intent = done.payment_intent
    assert isinstance(intent, stripe.PaymentIntent) and intent.id == tried.intent
    assert (intent.status, intent.amount_received, intent.description) == ("succeeded", 4_200, "Two seats")
    assert intent.metadata.to_dict() == {"payment_id": "p1"}
    assert isinstance(intent.latest_charge, stripe.Charge) and intent.latest_charge.amount == 4_200
    assert [one.id for one in api.checkout.sessions.list({"payment_intent": intent.id}).data] == [made.id]
    assert kinds_of_events(api) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_declined_card_leaves_the_link_open_for_another(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    made = link(api)
    first = outside.pay_link(made.id, NO_FUNDS)
    assert (first.is_paid, first.decline_code) == (False, "insufficient_funds")
    between = api.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
    assert (between.status, between.payment_status) == ("open", "unpaid")
    assert isinstance(between.payment_intent, stripe.PaymentIntent)
    assert between.payment_intent.status == "requires_payment_method"
    second = outside.pay_link(made.id, "pm_card_mastercard")
    assert second.is_paid and second.intent == first.intent
    assert outside.counts().charges == 1


def test_at_the_page_the_traveller_approves_what_the_bank_asks(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    assert outside.pay_link(link(api).id, ASKS).is_paid


def test_faults_of_the_desk_are_not_met_by_the_traveller(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    outside.arm(Operation.INTENT_CONFIRM, FaultKind.CARD_DECLINED)
    assert outside.pay_link(link(api).id, VISA).is_paid
    outside.set_success_rate(0)
    assert not outside.pay_link(link(api).id, RANDOM_METHOD).is_paid


def test_a_slow_card_completes_the_link_and_it_is_paid_later_or_not(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    for declined in (False, True):
        made = link(api, 4_200)
        tried = outside.pay_link(made.id, SLOW_METHOD)
        assert (tried.is_paid, tried.decline_code) == (False, None)
        waiting = api.checkout.sessions.retrieve(made.id, {"expand": ["payment_intent"]})
        assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
        assert isinstance(waiting.payment_intent, stripe.PaymentIntent)
        assert waiting.payment_intent.status == "processing"
        assert refusal(lambda ref=made.id: api.checkout.sessions.expire(ref))[0] == 400  # type: ignore[misc]
        outside.settle_payment(tried.intent, declined=declined)
        decided = api.checkout.sessions.retrieve(made.id)
        assert (decided.status, decided.payment_status) == ("complete", "unpaid" if declined else "paid")
        outcome = "failed" if declined else "succeeded"
        assert kinds_of_events(api)[-1] == f"checkout.session.async_payment_{outcome}"
        with pytest.raises(WrongState):
            outside.settle_payment(tried.intent)
    assert outside.counts().charges == 1


# ends


def test_a_paid_link_is_not_paid_again_and_not_ended(api: stripe.V1Services, outside: SandboxControl) -> None:
    made = link(api)
    outside.pay_link(made.id, VISA)
    with pytest.raises(WrongState, match="status of complete"):
        outside.pay_link(made.id, VISA)
    assert refusal(lambda: api.checkout.sessions.expire(made.id))[0] == 400
    assert outside.counts().links == {"complete": 1} and outside.counts().charges == 1


def test_an_ended_link_is_not_paid_and_not_ended_again(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    made = link(api)
    outside.pay_link(made.id, NO_FUNDS)
    ended = api.checkout.sessions.expire(made.id, {"expand": ["payment_intent"]})
    assert (ended.status, ended.payment_status, ended.url) == ("expired", "unpaid", None)
    assert isinstance(ended.payment_intent, stripe.PaymentIntent)
    assert ended.payment_intent.status == "canceled"
    with pytest.raises(WrongState, match="status of expired"):
        outside.pay_link(made.id, VISA)
    assert refusal(lambda: api.checkout.sessions.expire(made.id))[0] == 400
    assert kinds_of_events(api)[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_a_link_that_is_paid_while_it_is_ended_is_one_or_the_other(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    both = Barrier(2)
    for _ in range(8):
        made = link(api)
        came: list[str] = []

        def pay(ref: str = made.id, came: list[str] = came) -> None:
            both.wait()
            with suppress(WrongState):
                outside.pay_link(ref, VISA)
                came.append("complete")

        def end(ref: str = made.id, came: list[str] = came) -> None:
            both.wait()
            with suppress(stripe.InvalidRequestError):
                api.checkout.sessions.expire(ref)
                came.append("expired")

        threads = [Thread(target=pay), Thread(target=end)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert came == [api.checkout.sessions.retrieve(made.id).status]
    assert outside.counts().charges == outside.counts().links.get("complete", 0)


def test_a_link_ends_by_the_clock(api: stripe.V1Services, clock: HandClock, outside: SandboxControl) -> None:
    made = link(api, expires_at=NOW + 1_800)
    later = link(api)
    clock.forward(timedelta(seconds=1_799))
    assert api.checkout.sessions.retrieve(made.id).status == "open"
    clock.forward(timedelta(seconds=1))
    with pytest.raises(WrongState):
        outside.pay_link(made.id, VISA)
    assert api.checkout.sessions.retrieve(made.id).status == "expired"
    assert kinds_of_events(api) == ["checkout.session.expired"]
    assert [one.id for one in api.checkout.sessions.list({"status": "open"}).data] == [later.id]


def test_the_sandboxs_own_time_can_be_put_ahead(api: stripe.V1Services, outside: SandboxControl) -> None:
    made = link(api)
    outside.shift_clock(timedelta(hours=25))
    assert api.checkout.sessions.retrieve(made.id).status == "expired"
    assert link(api).created == NOW + 25 * 3600


def test_the_intent_of_a_link_is_moved_by_the_link_alone(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    intent = outside.pay_link(link(api).id, NO_FUNDS).intent
    for act in (
        lambda: api.payment_intents.cancel(intent),
        lambda: api.payment_intents.confirm(intent, {"payment_method": VISA}),
    ):
        assert refusal(act)[1] == "payment_intent_unexpected_state"
    assert outside.counts().charges == 0


# customers and lines


def test_a_link_keeps_the_card_of_its_customer(api: stripe.V1Services, outside: SandboxControl) -> None:
    customer = api.customers.create({"name": "Mara"}).id
    made = link(api, customer=customer, payment_intent_data={"setup_future_usage": "off_session"})
    outside.pay_link(made.id, VISA)
    assert len(api.customers.payment_methods.list(customer).data) == 1
    assert [one.id for one in api.checkout.sessions.list({"customer": customer}).data] == [made.id]


def test_a_link_makes_a_customer_where_that_is_asked_for(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    made = link(api, customer_creation="always", customer_email="mara@example.org")
    outside.pay_link(made.id, VISA)
    done = api.checkout.sessions.retrieve(made.id, {"expand": ["customer"]})
    assert isinstance(done.customer, stripe.Customer) and done.customer.email == "mara@example.org"


def test_lines_come_when_they_are_asked_for(api: stripe.V1Services) -> None:
    def line(name: str, each: int, many: int) -> dict[str, Any]:
        price = {"currency": "EUR", "unit_amount": each, "product_data": {"name": name}}
        return {"price_data": price, "quantity": many}

    made = link(api, line_items=[line("Adult", 4_000, 2), line("Child", 1_500, 1)])
    assert made.amount_total == 9_500
    assert not hasattr(api.checkout.sessions.retrieve(made.id), "line_items")
    asked = api.checkout.sessions.retrieve(made.id, {"expand": ["line_items"]})
    assert asked.line_items is not None
    told = [(one.description, one.quantity, one.amount_total) for one in asked.line_items.data]
    assert told == [("Adult", 2, 8_000), ("Child", 1, 1_500)]
    assert len(api.checkout.sessions.line_items.list(made.id).data) == 2


# what cannot be


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"mode": "subscription"}, "mode"),
        ({"ui_mode": "hosted"}, "ui_mode"),
        ({"line_items": []}, "line_items"),
        ({"expires_at": NOW + 1_799}, "expires_at"),
        ({"expires_at": NOW + 24 * 3600 + 1}, "expires_at"),
        ({"customer": "cus_none"}, "customer"),
        ({"customer": "cus_none", "customer_email": "a@example.org"}, "customer"),
        ({"allowed_payment_method_types": ["ideal"]}, "allowed_payment_method_types"),
        ({"payment_intent_data": {"capture_method": "manual"}}, "payment_intent_data[capture_method]"),
        ({"discounts": [{"coupon": "x"}]}, "discounts"),
        ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]"),
        (
            {"line_items": [{"price_data": {"currency": "eur", "unit_amount": 5}, "quantity": 1}]},
            "line_items[0][price_data][product_data]",
        ),
    ],
)
def test_what_a_link_cannot_be_is_refused(api: stripe.V1Services, more: dict[str, Any], param: str) -> None:
    assert refusal(lambda: link(api, **more))[::2] == (400, param)
    assert api.checkout.sessions.list().data == []


LINE = {"price_data": {"currency": "eur", "unit_amount": 5, "product_data": {"name": "x"}}, "quantity": 1}


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"quantity": 0}, "line_items[0][quantity]"),
        ({"price_data": LINE["price_data"] | {"unit_amount": -5}}, "line_items[0][price_data][unit_amount]"),  # type: ignore[operator]
        ({"price_data": LINE["price_data"] | {"unit_amount": 0}}, "line_items"),  # type: ignore[operator]
        (
            {"price_data": LINE["price_data"] | {"currency": "isk"}},  # type: ignore[operator]
            "line_items[0][price_data][unit_amount]",
        ),
    ],
)
def test_a_line_that_cannot_be_is_refused(api: stripe.V1Services, change: Any, param: str) -> None:
    assert refusal(lambda: link(api, line_items=[LINE | change]))[2] == param


def test_what_a_link_must_have_is_told(api: stripe.V1Services) -> None:
    create: Any = api.checkout.sessions.create
    without = {"price_data": LINE["price_data"]}
    for params, param in (
        ({"mode": "payment", "line_items": [LINE]}, "success_url"),
        ({"mode": "payment", "success_url": "https://a.example"}, "line_items"),
        (
            {"mode": "payment", "success_url": "https://a.example", "line_items": [without]},
            "line_items[0][quantity]",
        ),
        ({"success_url": "https://a.example", "line_items": [LINE]}, "mode"),
        (
            {"mode": "payment", "success_url": "https://a.example", "line_items": [LINE] * 101},
            "line_items",
        ),
    ):
        assert refusal(lambda params=params: create(params))[2] == param  # type: ignore[misc]


def test_all_lines_have_one_currency(api: stripe.V1Services) -> None:
    lines = [
        {
            "price_data": {"currency": currency, "unit_amount": 5, "product_data": {"name": "x"}},
            "quantity": 1,
        }
        for currency in ("eur", "usd")
    ]
    assert refusal(lambda: link(api, line_items=lines))[2] == "line_items"


def test_a_misspelt_name_within_a_line_is_told(api: stripe.V1Services) -> None:
    lines = [{"price_data": {"currency": "eur", "unit_amonut": 5}, "quantity": 1}]
    assert refusal(lambda: link(api, line_items=lines))[1:] == (
        "parameter_unknown",
        "line_items[0][price_data][unit_amonut]",
    )


def test_who_plays_the_traveller_names_things_that_are_there(
    api: stripe.V1Services, outside: SandboxControl
) -> None:
    with pytest.raises(NotFound):
        outside.pay_link("cs_test_none", VISA)
    with pytest.raises(NotFound):
        outside.link("cs_test_none")
    with pytest.raises(InvalidInput):
        outside.pay_link(link(api).id, "pm_card_none")
