"""Customers, the cards kept for them, and charging those with nobody at the desk."""

from __future__ import annotations

import pytest
import stripe

from helpers.stripe_side import ASKS, NO_FUNDS, VISA, kinds_of_events, paid, refusal
from travellr_desktop.payments.sandbox.control import SandboxControl


@pytest.fixture
def customer(api: stripe.V1Services) -> str:
    return api.customers.create({"name": "Mara Ilić", "email": "mara@example.org"}).id


@pytest.fixture
def saved(api: stripe.V1Services, customer: str) -> str:
    return api.payment_methods.attach(VISA, {"customer": customer}).id


# customers


def test_a_customer_is_made_read_and_listed(api: stripe.V1Services) -> None:
    made = api.customers.create(
        {"name": "Mara Ilić", "phone": "+38269555812", "metadata": {"traveller_id": "t1"}}
    )
    read = api.customers.retrieve(made.id)
    assert (read.object, read.name, read.phone, read.email) == (
        "customer",
        "Mara Ilić",
        "+38269555812",
        None,
    )
    assert read.metadata is not None and read.metadata["traveller_id"] == "t1"
    other = api.customers.create({"email": "other@example.org"})
    assert [one.id for one in api.customers.list().data] == [other.id, made.id]
    assert [one.id for one in api.customers.list({"email": "other@example.org"}).data] == [other.id]


def test_a_change_leaves_what_it_does_not_name_and_an_empty_text_takes_away(api: stripe.V1Services) -> None:
    made = api.customers.create({"name": "Mara", "phone": "1", "metadata": {"a": "1", "b": "2"}})
    changed = api.customers.update(made.id, {"phone": "", "metadata": {"a": "", "c": "3"}})
    assert (changed.name, changed.phone) == ("Mara", None)
    assert changed.metadata is not None and changed.metadata.to_dict() == {"b": "2", "c": "3"}
    cleared = api.customers.update(made.id, {"metadata": ""})
    assert cleared.metadata is not None and cleared.metadata.to_dict() == {}
    assert kinds_of_events(api) == ["customer.created", "customer.updated", "customer.updated"]


def test_what_is_no_customer_is_refused(api: stripe.V1Services) -> None:
    assert refusal(lambda: api.customers.create({"email": "nobody"})) == (400, "email_invalid", "email")
    assert refusal(lambda: api.customers.create({"name": "x" * 257})) == (400, None, "name")
    assert refusal(lambda: api.customers.create({"balance": 5})) == (400, None, "balance")
    assert refusal(lambda: api.customers.update("cus_none", {"name": "x"}))[:2] == (404, "resource_missing")
    assert refusal(lambda: api.payment_methods.list({"customer": "cus_none", "limit": 0}))[2] == "limit"


# cards that are kept


def test_a_card_is_kept_for_a_customer_and_taken_away(api: stripe.V1Services, customer: str) -> None:
    kept = api.payment_methods.attach(VISA, {"customer": customer})
    assert kept.id.startswith("pm_") and kept.id != VISA and kept.customer == customer
    assert kept.card is not None and (kept.card.brand, kept.card.last4) == ("visa", "4242")
    for listed in (
        api.payment_methods.list({"customer": customer, "type": "card"}),
        api.customers.payment_methods.list(customer),
    ):
        assert [one.id for one in listed.data] == [kept.id]
    assert api.payment_methods.list({"customer": customer, "type": "sepa_debit"}).data == []
    assert api.payment_methods.retrieve(kept.id).customer == customer
    assert api.payment_methods.detach(kept.id).customer is None
    assert api.customers.payment_methods.list(customer).data == []
    assert kinds_of_events(api)[-2:] == ["payment_method.attached", "payment_method.detached"]


def test_a_card_belongs_to_one_customer_and_once_taken_away_to_none(
    api: stripe.V1Services, customer: str, saved: str
) -> None:
    other = api.customers.create({"name": "Other"}).id
    assert api.payment_methods.attach(saved, {"customer": customer}).id == saved
    assert refusal(lambda: api.payment_methods.attach(saved, {"customer": other}))[0] == 400
    api.payment_methods.detach(saved)
    assert refusal(lambda: api.payment_methods.attach(saved, {"customer": customer}))[0] == 400
    assert refusal(lambda: api.payment_methods.detach(saved))[0] == 400
    assert refusal(lambda: paid(api, customer=customer, payment_method=saved))[2] == "payment_method"


def test_what_cannot_be_kept_is_refused(api: stripe.V1Services, customer: str) -> None:
    assert refusal(lambda: api.payment_methods.attach(NO_FUNDS, {"customer": customer})) == (
        402,
        "card_declined",
        None,
    )
    assert refusal(lambda: api.payment_methods.attach(VISA, {"customer": "cus_none"})) == (
        400,
        "resource_missing",
        "customer",
    )
    assert refusal(lambda: api.payment_methods.attach(VISA))[1:] == ("parameter_missing", "customer")
    assert refusal(lambda: api.payment_methods.detach(VISA))[0] == 400
    assert refusal(lambda: api.payment_methods.retrieve("pm_none"))[:2] == (404, "resource_missing")
    assert refusal(lambda: api.customers.payment_methods.list("cus_none"))[:2] == (404, "resource_missing")


def test_a_payment_can_leave_its_card_with_the_customer(api: stripe.V1Services, customer: str) -> None:
    first = paid(api, customer=customer, setup_future_usage="off_session", expand=["payment_method"])
    assert isinstance(first.payment_method, stripe.PaymentMethod)
    assert first.payment_method.customer == customer
    kept = api.customers.payment_methods.list(customer).data
    assert [one.id for one in kept] == [first.payment_method.id]
    again = paid(api, customer=customer, payment_method=kept[0].id, off_session=True)
    assert (again.status, again.payment_method) == ("succeeded", kept[0].id)


# charging with nobody at the desk


def test_a_kept_card_is_charged_off_session(
    api: stripe.V1Services, customer: str, saved: str, outside: SandboxControl
) -> None:
    made = api.payment_intents.create({"amount": 500, "currency": "eur", "customer": customer})
    done = api.payment_intents.confirm(
        made.id, {"payment_method": saved, "off_session": True, "expand": ["latest_charge", "customer"]}
    )
    assert done.status == "succeeded"
    assert isinstance(done.latest_charge, stripe.Charge) and done.latest_charge.payment_method == saved
    assert isinstance(done.customer, stripe.Customer) and done.customer.id == customer
    assert [one.id for one in api.payment_intents.list({"customer": customer}).data] == [made.id]
    assert [one.id for one in api.charges.list({"customer": customer}).data] == [done.latest_charge.id]


def test_a_card_that_asks_is_declined_off_session_and_asks_otherwise(
    api: stripe.V1Services, customer: str, outside: SandboxControl
) -> None:
    asks = api.payment_methods.attach(ASKS, {"customer": customer}).id
    made = api.payment_intents.create({"amount": 500, "currency": "eur", "customer": customer})
    assert refusal(
        lambda: api.payment_intents.confirm(made.id, {"payment_method": asks, "off_session": True})
    ) == (402, "authentication_required", None)
    left = api.payment_intents.retrieve(made.id)
    assert left.status == "requires_payment_method" and left.last_payment_error is not None
    assert left.last_payment_error.payment_method is not None
    assert left.last_payment_error.payment_method.id == asks
    assert api.payment_intents.confirm(made.id, {"payment_method": asks}).status == "requires_action"


def test_a_card_may_be_kept_and_still_be_declined(
    api: stripe.V1Services, customer: str, outside: SandboxControl
) -> None:
    broke = api.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer}).id
    assert (
        refusal(lambda: paid(api, customer=customer, payment_method=broke, off_session=True))[1]
        == "card_declined"
    )
    assert outside.counts().charges == 0


def test_anothers_card_is_not_charged(api: stripe.V1Services, saved: str) -> None:
    other = api.customers.create({"name": "Other"}).id
    for whose in ({}, {"customer": other}):
        assert refusal(lambda whose=whose: paid(api, payment_method=saved, **whose))[2] == "payment_method"  # type: ignore[misc]
    assert refusal(lambda: paid(api, customer="cus_none"))[1:] == ("resource_missing", "customer")


def test_how_a_card_is_charged_is_said_when_it_is(api: stripe.V1Services) -> None:
    assert (
        refusal(lambda: api.payment_intents.create({"amount": 5, "currency": "eur", "off_session": True}))[2]
        == "off_session"
    )
