"""Keys: the same request again, another one under the same key, one that is still running, a day later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.clock import HandClock
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox import idempotency
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.store import Store
from travellr_desktop.payments.sandbox.wire import Json, Response

Post = Callable[..., Response]
FORM = "amount=100&currency=eur"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def post(sandbox_file: Path, clock: HandClock) -> Iterator[Post]:
    sandbox = Sandbox(sandbox_file, clock=clock)

    def post(body: str = FORM, *, key: str | None = "key", path: str = "/v1/payment_intents") -> Response:
        headers = {"Authorization": f"Bearer {SANDBOX_KEY}"} | (
            {} if key is None else {"Idempotency-Key": key}
        )
        return sandbox.handle("POST", path, headers, body)

    yield post
    sandbox.close()


def told(response: Response) -> Json:
    body: Json = json.loads(response.body)
    return body


def intents(control: SandboxControl) -> int:
    return sum(control.counts().intents.values())


def test_the_same_again_gets_the_same_reply_and_says_so(post: Post, control: SandboxControl) -> None:
    first, again = post(), post()
    assert told(again) == told(first)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["idempotency-key"] == "key"
    assert intents(control) == 1


def test_the_order_of_the_parameters_does_not_matter(post: Post, control: SandboxControl) -> None:
    assert told(post("currency=eur&amount=100")) == told(post("amount=100&currency=eur"))
    assert intents(control) == 1


def test_without_a_key_or_with_another_it_happens_again(post: Post, control: SandboxControl) -> None:
    post(key=None)
    post(key=None)
    post(key="a")
    post(key="b")
    assert intents(control) == 4


def test_a_key_with_other_content_is_refused(post: Post, control: SandboxControl) -> None:
    ref = told(post())["id"]
    for body, path in (
        ("amount=101&currency=eur", "/v1/payment_intents"),
        ("", f"/v1/payment_intents/{ref}/cancel"),
    ):
        refused = post(body, path=path)
        assert (refused.status, told(refused)["error"]["type"]) == (400, "idempotency_error")
    assert control.counts().intents == {"requires_payment_method": 1}


def test_a_decline_is_kept_and_so_is_a_wrong_state(post: Post) -> None:
    ref = told(post())["id"]
    confirm = f"/v1/payment_intents/{ref}/confirm"
    declined = "payment_method=pm_card_visa_chargeDeclined"
    assert post(declined, key="c", path=confirm).status == 402
    replayed = post(declined, key="c", path=confirm)
    assert (replayed.status, replayed.headers["idempotent-replayed"]) == (402, "true")


def test_wrong_parameters_leave_the_key_free(post: Post) -> None:
    assert post("amount=x&currency=eur").status == 400
    assert post(FORM).status == 200


def test_a_key_is_forgotten_after_a_day(post: Post, clock: HandClock, control: SandboxControl) -> None:
    first = told(post())
    clock.forward(timedelta(hours=23, minutes=59))
    assert told(post()) == first
    clock.forward(timedelta(minutes=1))
    assert told(post()) != first
    assert intents(control) == 2


def test_a_key_in_use_is_refused_until_whoever_used_it_is_given_up(
    post: Post, clock: HandClock, sandbox_file: Path, control: SandboxControl
) -> None:
    store = Store(sandbox_file)
    print_ = idempotency.fingerprint("/v1/payment_intents", {"amount": 100, "currency": "eur"})
    with store.write() as connection:  # as a process leaves it that died in the middle
        idempotency.claim(connection, "key", print_, "another", clock.now().timestamp())
    refused = post()
    assert (refused.status, told(refused)["error"]["code"]) == (409, "idempotency_key_in_use")
    clock.forward(timedelta(seconds=idempotency.CLAIM_SECONDS + 1))
    assert post().status == 200
    with store.write() as connection:
        assert not idempotency.still_held(connection, "key", "another")
    store.close()
    assert intents(control) == 1


def test_a_server_error_after_the_effect_is_kept_and_not_to_be_tried_again(
    post: Post, control: SandboxControl
) -> None:
    control.arm(Operation.INTENT_CREATE, FaultKind.SERVER_ERROR_AFTER)
    first, again = post(), post()
    assert (first.status, again.status) == (500, 500)
    assert first.headers["stripe-should-retry"] == again.headers["stripe-should-retry"] == "false"
    assert intents(control) == 1
