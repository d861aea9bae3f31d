"""What holds for every call of the port, whoever stands behind it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from helpers.canned import canned, stripe_error
from helpers.gateway_calls import CALLS, names_of_the_port
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.gateway import (
    GatewayBusy,
    GatewayRefused,
    GatewayUnreachable,
    KeyAwaited,
    KeyRefused,
    OutcomeUnknown,
    PaymentGateway,
)
from travellr_desktop.payments.keyless import KeylessGateway, KeyMissing
from travellr_desktop.payments.stripe_gateway import StripeGateway


@pytest.fixture(scope="module")
def nobodys_port() -> Iterator[int]:
    """Taken, so that nobody else listens there."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


EVERY_CALL = pytest.mark.parametrize("name", sorted(CALLS))
BEGINNING = {
    "prepare_payment",
    "prepare_reader_payment",
    "create_link",
    "create_customer",
    "attach_card",
    "add_simulated_reader",
    "probe_key",
}
"""What begins something: without a key it is refused, so that nothing waits for it."""


def test_every_call_of_the_port_is_tried_here() -> None:
    assert set(CALLS) == names_of_the_port()


@EVERY_CALL
def test_the_door_passes_a_call_on_with_its_answer_and_its_refusals(name: str) -> None:
    door = GatewayDoor(canned(401, {"error": {"type": "invalid_request_error", "message": "No."}}))
    with closing(door), pytest.raises((KeyRefused, KeyAwaited), match="does not accept the payment key"):
        CALLS[name](door)
    assert not door.key_taken


@EVERY_CALL
def test_a_closed_door_sends_nothing(name: str) -> None:
    door = GatewayDoor(canned(200, {}))
    door.close()
    with pytest.raises(GatewayUnreachable):
        CALLS[name](door)


@EVERY_CALL
def test_where_nobody_listens_nothing_was_sent(name: str, nobodys_port: int) -> None:
    gateway = StripeGateway(
        "rk_test_a", kind=PaymentsKind.TEST, api_base=f"http://127.0.0.1:{nobodys_port}", sleep=lambda _: None
    )
    with closing(gateway), pytest.raises(GatewayUnreachable, match="Nothing was sent"):
        CALLS[name](gateway)


@EVERY_CALL
def test_without_a_key_what_is_under_way_waits_and_nothing_begins(name: str) -> None:
    keyless: PaymentGateway = KeylessGateway(PaymentsKind.LIVE)
    with closing(keyless), pytest.raises(GatewayRefused if name in BEGINNING else KeyMissing) as caught:
        CALLS[name](keyless)
    assert "Nothing was sent" in str(caught.value) and "Settings" in caught.value.hint


REPLIES = [
    (status, stripe_error(code, kind=kind, **more))
    for status in (400, 401, 402, 403, 404, 409, 424, 429, 500, 503)
    for code, kind, more in (
        (None, "invalid_request_error", {}),
        ("resource_missing", "invalid_request_error", {"param": "payment_intent"}),
        ("parameter_unknown", "invalid_request_error", {"param": "amout"}),
        ("amount_too_large", "invalid_request_error", {"param": "amount"}),
        ("card_declined", "card_error", {"decline_code": "generic_decline"}),
        ("idempotency_key_in_use", "idempotency_error", {}),
        ("made_up_later", "made_up_later_error", {"param": "made_up"}),
    )
]
ODD = [
    (200, "<html>Sign in</html>"),
    (204, ""),
    (302, ""),
    (400, ""),
    (500, "{"),
    (429, "slow down"),
    (403, "<p>No"),
]


@EVERY_CALL
def test_whatever_stripe_answers_a_refusal_of_the_port_is_raised(name: str) -> None:
    for status, body in (*REPLIES, *ODD):
        if name == "probe_key" and status in (400, 403, 404):
            continue  # that is the answer
        with closing(canned(status, body)) as gateway, pytest.raises(Refusal) as caught:
            CALLS[name](gateway)
        if status >= 500 or status < 300:
            assert type(caught.value) is OutcomeUnknown, (status, body)
        if status == 429 and (status, body) in REPLIES:
            assert type(caught.value) is GatewayBusy, (status, body)
        assert caught.value.hint and str(caught.value).endswith("."), (status, body)
        assert "No." not in str(caught.value)


# of a probe the kind of answer is all that is looked at, and a movement that is not there is none
@pytest.mark.parametrize("name", sorted(set(CALLS) - {"probe_key"}))
@pytest.mark.parametrize("body", [{}, {"object": "list", "data": [{}], "has_more": False}])
def test_an_answer_that_lacks_what_it_must_have_is_unknown(name: str, body: object) -> None:
    with closing(canned(200, body)) as gateway, pytest.raises(OutcomeUnknown):
        CALLS[name](gateway)


def test_an_answer_in_an_amount_that_there_is_not_is_unknown() -> None:
    """It came after the charge: it is no refusal of it."""
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 150,
        "amount_received": 150,
        "created": 1,
        "currency": "isk",
        "last_payment_error": None,
        "latest_charge": None,
        "status": "succeeded",
    }
    for currency in ("isk", "xxx"):
        with closing(canned(200, intent | {"currency": currency})) as gateway, pytest.raises(OutcomeUnknown):
            CALLS["process_payment"](gateway)
