"""The gateway over a real socket, behind which the sandbox answers as Stripe would."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import stripe

from helpers.provider import Provider
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.gateway import GatewayUnreachable, OutcomeUnknown, ProviderPaymentState
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.http_server import HttpSandbox
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import CALL_SECONDS, READ_SECONDS, Watched, network_client


@pytest.fixture
def address(sandbox_file: Path) -> Iterator[str]:
    with HttpSandbox(sandbox_file) as server:
        yield server.address


def over_network(address: str) -> StripeGateway:
    return StripeGateway(SANDBOX_KEY, kind=PaymentsKind.SANDBOX, api_base=address, sleep=lambda seconds: None)


def test_a_sale_over_a_socket_is_the_same_as_in_process(address: str, control: SandboxControl) -> None:
    with closing(over_network(address)) as gateway:
        provider = Provider(gateway)
        ref = provider.paid()
        status = gateway.get_payment_status(ref)
        provider.refund(ref, status.received)
    assert status.state is ProviderPaymentState.SUCCEEDED
    assert (control.counts().charges, control.counts().refunds) == (1, 1)


def test_a_connection_that_breaks_leaves_it_unknown_and_reading_settles_it(
    address: str, control: SandboxControl
) -> None:
    with closing(over_network(address)) as gateway:
        provider = Provider(gateway)
        ref = provider.prepare()
        control.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
        with pytest.raises(OutcomeUnknown):
            provider.pay(ref)
        assert gateway.get_payment_status(ref).state is ProviderPaymentState.SUCCEEDED
    assert control.counts().charges == 1


def test_where_nobody_listens_nothing_was_sent() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: a connection is refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with closing(over_network(address)) as gateway, pytest.raises(GatewayUnreachable):
            Provider(gateway).prepare()


class Broken(stripe.HTTPClient):
    """A wire on which every reply is lost after `seconds` of a hand-moved time."""

    name = "broken"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.time, self.tries, self._seconds = 0.0, 0, seconds

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, dict[str, str]]:
        self.tries += 1
        self.time += self._seconds
        raise stripe.APIConnectionError("lost", should_retry=True)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("seconds", "tries"), [(1.0, 3), (6.0, 2), (READ_SECONDS, 1)])
def test_a_call_is_not_sent_again_once_its_time_is_nearly_up(seconds: float, tries: int) -> None:
    wire = Broken(seconds)
    watched = Watched(wire, now=lambda: wire.time)
    client = stripe.StripeClient(SANDBOX_KEY, http_client=watched, max_network_retries=2)
    watched.begin_call()
    with pytest.raises(stripe.APIConnectionError):
        client.v1.balance.retrieve()
    assert wire.tries == tries
    assert wire.time <= CALL_SECONDS
    assert watched.unanswered


def test_the_network_has_a_time_out() -> None:
    wire = network_client()
    assert isinstance(wire, stripe.RequestsClient)
    assert wire._timeout == (5.0, 20.0)


def test_the_library_sends_nothing_about_itself() -> None:
    with closing(over_network("http://127.0.0.1:1")):
        assert stripe.enable_telemetry is False
