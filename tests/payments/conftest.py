"""A sandbox file, the gateway over it, and the hand on its faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from helpers.gateway_hand import Hand
from helpers.provider import Provider
from travellr_desktop.payments.factory import open_sandbox
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.payments.sandbox.control import SandboxControl


@pytest.fixture(autouse=True)
def _library_repeats_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.0)


@pytest.fixture
def sandbox_file(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.db"


@pytest.fixture
def waits() -> list[float]:
    """The seconds the gateway and the sandbox would have waited."""
    return []


@pytest.fixture
def gateway(sandbox_file: Path, waits: list[float]) -> Iterator[PaymentGateway]:
    gateway = open_sandbox(sandbox_file, sleep=waits.append)
    yield gateway
    gateway.close()


@pytest.fixture
def control(sandbox_file: Path) -> Iterator[SandboxControl]:
    with SandboxControl(sandbox_file) as control:
        yield control


@pytest.fixture
def provider(gateway: PaymentGateway) -> Provider:
    return Provider(gateway)


@pytest.fixture
def hand(gateway: PaymentGateway, control: SandboxControl) -> Iterator[Hand]:
    """Whatever happens, the sandbox's own file adds up in the end."""
    yield Hand(gateway, control)
    assert control.problems() == ()
