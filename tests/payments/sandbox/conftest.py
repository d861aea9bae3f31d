"""The stripe library on the sandbox, in this process and over a socket, and the hand that plays the world outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import stripe

from helpers.clock import HandClock
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.http_server import HttpSandbox
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway_http import SandboxClient

Connect = Callable[..., stripe.V1Services]


@pytest.fixture(autouse=True)
def _library_keeps_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.0)
    monkeypatch.setattr(stripe, "enable_telemetry", False)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def connect(sandbox_file: Path, clock: HandClock) -> Iterator[Connect]:
    """A client of the library in this process, for a key."""
    with ExitStack() as open_clients:

        def connect(key: str = SANDBOX_KEY, *, retries: int = 0) -> stripe.V1Services:
            client = SandboxClient(Transport(Sandbox(sandbox_file, clock=clock)))
            open_clients.callback(client.close)
            return stripe.StripeClient(key, http_client=client, max_network_retries=retries).v1

        yield connect


@pytest.fixture
def served(sandbox_file: Path, clock: HandClock) -> Iterator[HttpSandbox]:
    with HttpSandbox(sandbox_file, clock=clock, late_seconds=1.0) as server:
        yield server


@pytest.fixture
def over_http(served: HttpSandbox) -> Iterator[Connect]:
    """The same over a real socket."""
    with ExitStack() as open_clients:

        def connect(key: str = SANDBOX_KEY, *, retries: int = 0, timeout: float = 10.0) -> stripe.V1Services:
            wire = stripe.RequestsClient(timeout=timeout)
            open_clients.callback(wire.close)
            return stripe.StripeClient(
                key,
                http_client=wire,
                base_addresses={"api": served.address},
                max_network_retries=retries,
            ).v1

        yield connect


@pytest.fixture(params=["connect", "over_http"], ids=["in process", "over http"])
def api(request: pytest.FixtureRequest) -> stripe.V1Services:
    """Everything is asked both ways."""
    made: Connect = request.getfixturevalue(request.param)
    return made()


@pytest.fixture
def outside(sandbox_file: Path, clock: HandClock) -> Iterator[SandboxControl]:
    """Whatever happens, the sandbox's own file adds up in the end."""
    with SandboxControl(sandbox_file, clock=clock) as control:
        yield control
        assert control.problems() == ()
