"""The sandbox as the stripe library sees it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stripe

from helpers.clock import START
from helpers.provider import NO_FUNDS, VISA
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.server import Sandbox

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams


def make(api: stripe.V1Services, amount: int = 1_000, *, card: str | None = None) -> stripe.PaymentIntent:
    intent = api.payment_intents.create({"amount": amount, "currency": "EUR", "description": "A walk"})
    return intent if card is None else api.payment_intents.confirm(intent.id, {"payment_method": card})


def test_a_payment_intent_has_stripes_shape(api: stripe.V1Services) -> None:
    intent = make(api)
    assert (intent.object, intent.status, intent.currency) == (
        "payment_intent",
        "requires_payment_method",
        "eur",
    )
    assert (intent.amount, intent.amount_received, intent.livemode) == (1_000, 0, False)
    assert intent.created == int(START.timestamp())
    assert intent.latest_charge is None and intent.last_payment_error is None


def test_the_version_and_the_requests_number_come_back(api: stripe.V1Services) -> None:
    response = make(api).last_response
    assert response is not None
    assert response.headers["stripe-version"] == stripe.api_version
    assert response.request_id is not None and response.request_id.startswith("req_")


def test_a_charge_comes_whole_where_it_is_asked_for(api: stripe.V1Services) -> None:
    paid = make(api, card="pm_card_mastercard")
    assert isinstance(paid.latest_charge, str)
    whole = api.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]}).latest_charge
    assert isinstance(whole, stripe.Charge)
    assert (whole.id, whole.status, whole.paid, whole.payment_intent) == (
        paid.latest_charge,
        "succeeded",
        True,
        paid.id,
    )
    assert whole.payment_method_details is not None and whole.payment_method_details.card is not None
    assert (whole.payment_method_details.card.brand, whole.payment_method_details.card.last4) == (
        "mastercard",
        "4444",
    )
    back = api.charges.retrieve(whole.id, {"expand": ["payment_intent"]}).payment_intent
    assert isinstance(back, stripe.PaymentIntent)


def test_what_cannot_be_expanded_is_refused(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(invoice\)"):
        api.payment_intents.retrieve(make(api).id, {"expand": ["invoice"]})


def test_a_decline_tells_what_stripe_tells(api: stripe.V1Services) -> None:
    intent = make(api)
    with pytest.raises(stripe.CardError) as caught:
        api.payment_intents.confirm(intent.id, {"payment_method": NO_FUNDS})
    error = caught.value.error
    assert caught.value.http_status == 402 and error is not None
    assert (error.type, error.code, error.decline_code) == (
        "card_error",
        "card_declined",
        "insufficient_funds",
    )
    assert error.payment_intent is not None and error.payment_intent.id == intent.id
    now_so = api.payment_intents.retrieve(intent.id)
    assert now_so.status == "requires_payment_method" and now_so.payment_method is None
    assert now_so.last_payment_error is not None
    assert now_so.last_payment_error.decline_code == "insufficient_funds"
    assert api.charges.retrieve(str(now_so.latest_charge)).failure_code == "card_declined"


def test_a_card_that_needs_approval_waits_for_it_unless_told_to_fail(api: stripe.V1Services) -> None:
    assert make(api, card="pm_card_authenticationRequired").status == "requires_action"
    with pytest.raises(stripe.CardError):
        api.payment_intents.confirm(
            make(api).id,
            {"payment_method": "pm_card_authenticationRequired", "error_on_requires_action": True},
        )


@pytest.mark.parametrize("card", [VISA, None])
def test_the_rules_of_state_are_stripes(api: stripe.V1Services, card: str | None) -> None:
    intent = make(api, card=card)
    if card is None:
        api.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    for act in (
        partial(api.payment_intents.confirm, intent.id, {"payment_method": VISA}),
        partial(api.payment_intents.cancel, intent.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            act()
        assert caught.value.error is not None
        assert caught.value.error.code == "payment_intent_unexpected_state"
        assert caught.value.error.payment_intent is not None


def test_confirming_without_a_card_is_refused(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        api.payment_intents.confirm(make(api).id)
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        api.payment_intents.create({"amount": 100, "currency": "eur", "confirm": True})
    assert len(api.payment_intents.list().data) == 1


def test_a_card_given_when_it_was_made_is_charged_when_it_is_confirmed(api: stripe.V1Services) -> None:
    intent = api.payment_intents.create({"amount": 100, "currency": "eur", "payment_method": VISA})
    assert intent.status == "requires_confirmation"
    assert api.payment_intents.confirm(intent.id).status == "succeeded"


def test_missing_things_are_missing_as_at_stripe(api: stripe.V1Services) -> None:
    for call, param, status in (
        (lambda: api.payment_intents.retrieve("pi_none"), "intent", 404),
        (lambda: api.refunds.retrieve("re_none"), "id", 404),
        (lambda: api.charges.retrieve("ch_none"), "id", 404),
        (lambda: api.events.retrieve("evt_none"), "id", 404),
        (lambda: api.refunds.create({"payment_intent": "pi_none"}), "payment_intent", 400),
        (lambda: api.refunds.create({"charge": "ch_none"}), "charge", 400),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            call()
        assert (caught.value.code, caught.value.param) == ("resource_missing", param)
        assert caught.value.http_status == status


def test_an_address_that_is_not_known_is_refused(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        api.products.list()


def test_what_stripe_takes_but_the_sandbox_cannot_do_is_refused(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot do what capture_method asks for"):
        api.payment_intents.create({"amount": 100, "currency": "eur", "capture_method": "manual"})


# refunds


def test_a_refund_has_stripes_shape(api: stripe.V1Services) -> None:
    paid = make(api, card=VISA)
    refund = api.refunds.create(
        {"payment_intent": paid.id, "amount": 400, "reason": "requested_by_customer", "expand": ["charge"]}
    )
    assert (refund.object, refund.amount, refund.status, refund.payment_intent) == (
        "refund",
        400,
        "succeeded",
        paid.id,
    )
    assert isinstance(refund.charge, stripe.Charge)
    assert (refund.charge.amount_refunded, refund.charge.refunded) == (400, False)
    api.refunds.create({"charge": refund.charge.id})  # no amount: all that is left
    assert api.charges.retrieve(refund.charge.id).refunded is True


def test_a_refund_beyond_what_is_left_is_refused(api: stripe.V1Services) -> None:
    paid = make(api, card=VISA)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as caught:
        api.refunds.create({"payment_intent": paid.id, "amount": 1_001})
    assert caught.value.param == "amount"
    api.refunds.create({"payment_intent": paid.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.refunds.create({"payment_intent": paid.id, "amount": 1})
    assert caught.value.code == "charge_already_refunded"


def test_a_refund_names_what_it_is_of(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        api.refunds.create({"amount": 1})


# lists


def test_lists_are_newest_first_and_turn_both_ways(api: stripe.V1Services) -> None:
    made = [make(api, 100 + n).id for n in range(5)]
    newest = made[::-1]
    first = api.payment_intents.list({"limit": 2})
    assert [one.id for one in first.data] == newest[:2] and first.has_more
    rest = api.payment_intents.list({"limit": 3, "starting_after": newest[1]})
    assert [one.id for one in rest.data] == newest[2:] and not rest.has_more
    before = api.payment_intents.list({"limit": 2, "ending_before": newest[3]})
    assert [one.id for one in before.data] == newest[1:3] and before.has_more
    assert [one.id for one in api.payment_intents.list({"limit": 2}).auto_paging_iter()] == newest


def test_refunds_are_listed_by_their_payment(api: stripe.V1Services) -> None:
    mine, other = make(api, card=VISA), make(api, card=VISA)
    refund = api.refunds.create({"payment_intent": mine.id, "amount": 1})
    api.refunds.create({"payment_intent": other.id, "amount": 1})
    listed = api.refunds.list({"payment_intent": mine.id, "expand": ["data.charge"]})
    assert [one.id for one in listed.data] == [refund.id]
    assert isinstance(listed.data[0].charge, stripe.Charge)
    assert len(api.charges.list({"payment_intent": other.id}).data) == 1


def test_a_page_begins_at_something_that_is_there(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.refunds.list({"starting_after": "re_none"})
    assert (caught.value.code, caught.value.param) == ("resource_missing", "starting_after")


def test_nothing_is_listed_for_a_customer_there_are_none(api: stripe.V1Services) -> None:
    make(api)
    assert api.payment_intents.list({"customer": "cus_1"}).data == []


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_at_most_a_hundred(api: stripe.V1Services, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        api.refunds.list({"limit": limit})


def test_every_step_leaves_its_event(api: stripe.V1Services) -> None:
    intent = make(api)
    with pytest.raises(stripe.CardError):
        api.payment_intents.confirm(intent.id, {"payment_method": NO_FUNDS})
    api.payment_intents.confirm(intent.id, {"payment_method": VISA})
    api.refunds.create({"payment_intent": intent.id, "amount": 1})
    api.payment_intents.cancel(make(api).id)
    events = api.events.list({"limit": 100}).data
    assert [event.type for event in reversed(events)] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.refunded",
        "refund.created",
        "payment_intent.created",
        "payment_intent.canceled",
    ]
    told = api.events.retrieve(events[4].id)
    assert told.type == "payment_intent.succeeded"
    assert told.data.object["id"] == intent.id and told.data.object["status"] == "succeeded"
    assert told.request is not None and told.request.idempotency_key


def test_events_are_chosen_by_type_and_time(api: stripe.V1Services) -> None:
    make(api, card=VISA)
    moment = int(START.timestamp())
    assert len(api.events.list({"type": "payment_intent.*"}).data) == 2
    assert len(api.events.list({"types": ["charge.succeeded", "refund.created"]}).data) == 1
    assert len(api.events.list({"created": {"gte": moment, "lt": moment + 1}}).data) == 3
    assert api.events.list({"created": {"gt": moment}}).data == []
    assert len(api.events.list({"created": moment}).data) == 3
    assert api.events.list({"delivery_success": False}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        api.events.list({"type": "a", "types": ["b"]})
    with pytest.raises(stripe.InvalidRequestError, match="no more than 20"):
        api.events.list({"types": ["a"] * 21})


def test_the_balance_is_what_came_in_less_fees_and_what_went_back(api: stripe.V1Services) -> None:
    paid = make(api, 1_000, card=VISA)
    make(api, 500)
    api.refunds.create({"payment_intent": paid.id, "amount": 300})
    available = api.balance.retrieve().available
    assert [(part.amount, part.currency) for part in available] == [(1_000 - 15 - 25 - 300, "eur")]


# the bare wire


def test_the_wire_is_json_with_a_number_for_every_request(sandbox_file: Path) -> None:
    sandbox = Sandbox(sandbox_file)
    headers = {"Authorization": f"Bearer {SANDBOX_KEY}", "Stripe-Version": "2026-10-28.endive"}
    made = sandbox.handle(
        "post", "/v1/payment_intents", headers, "amount=100&currency=eur&expand[]=latest_charge"
    )
    listed = sandbox.handle("GET", "/v1/payment_intents?limit=1", headers, "")
    refused = sandbox.handle("GET", "/v1/payment_intents", {}, "")
    sandbox.close()
    assert (made.status, listed.status, refused.status) == (200, 200, 401)
    assert json.loads(listed.body)["data"][0]["id"] == json.loads(made.body)["id"]
    assert made.headers["stripe-version"] == "2026-10-28.endive"
    assert made.headers["request-id"] != listed.headers["request-id"]


# what cannot be


@pytest.mark.parametrize(
    ("amount", "currency", "param"),
    [
        (0, "eur", "amount"),
        (-5, "eur", "amount"),
        (100_000_000, "eur", "amount"),
        (150, "isk", "amount"),
        (15, "kwd", "amount"),
        (100, "euro", "currency"),
        (100, "e1r", "currency"),
    ],
)
def test_amounts_and_currencies_that_stripe_does_not_take_are_refused(
    api: stripe.V1Services, amount: int, currency: str, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.payment_intents.create({"amount": amount, "currency": currency})
    assert caught.value.param == param


@pytest.mark.parametrize("metadata", [{str(n): "x" for n in range(51)}, {"n" * 41: "x"}, {"name": "x" * 501}])
def test_metadata_has_its_bounds(api: stripe.V1Services, metadata: dict[str, str]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.payment_intents.create({"amount": 100, "currency": "eur", "metadata": metadata})


def test_metadata_comes_back_as_it_was(api: stripe.V1Services) -> None:
    metadata = {"sale": "SA-2026-000412", "naïve name": "日本 & co = [1]"}
    made = api.payment_intents.create({"amount": 100, "currency": "eur", "metadata": metadata})
    assert made.metadata.to_dict() == metadata


def test_ways_to_pay_other_than_cards_are_refused(api: stripe.V1Services) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cards only"):
        api.payment_intents.create(
            {"amount": 100, "currency": "eur", "allowed_payment_method_types": ["ideal"]}
        )


def test_a_refund_of_nothing_or_of_a_failed_charge_is_refused(api: stripe.V1Services) -> None:
    paid = make(api, card=VISA)
    with pytest.raises(stripe.InvalidRequestError, match="greater than or equal to 1"):
        api.refunds.create({"payment_intent": paid.id, "amount": 0})
    failed = make(api)
    with pytest.raises(stripe.CardError):
        api.payment_intents.confirm(failed.id, {"payment_method": NO_FUNDS})
    charge = str(api.payment_intents.retrieve(failed.id).latest_charge)
    with pytest.raises(stripe.InvalidRequestError, match="has failed"):
        api.refunds.create({"charge": charge})
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        api.refunds.create({"payment_intent": failed.id})


def test_a_trouble_of_the_file_is_a_broken_connection_and_leaves_the_key_free(
    sandbox_file: Path, api: stripe.V1Services
) -> None:
    params: PaymentIntentCreateParams = {"amount": 100, "currency": "eur"}
    with closing(sqlite3.connect(sandbox_file)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no room is left'); END"
        )
        with pytest.raises(stripe.APIConnectionError):
            api.payment_intents.create(params, {"idempotency_key": "key"})
        connection.execute("DROP TRIGGER full")
    assert api.payment_intents.list().data == []
    made = api.payment_intents.create(params, {"idempotency_key": "key"})
    assert [one.id for one in api.payment_intents.list().data] == [made.id]
