"""Opens the gateway that a profile asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from travellr_desktop.config import check_stripe_key
from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.gateway import PaymentGateway

SANDBOX_KEY = "sk_test_sandbox"


def open_gateway(
    key: str | None,
    sandbox_file: Path,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Clock | None = None,
) -> PaymentGateway:
    """Without a key the sandbox in `sandbox_file`; with one, Stripe in the mode that the key is of. Close it when done.

    Raises `SettingsInvalid` for what is no secret key of Stripe, without telling it, and `StorageRefusal` for a sandbox
    file that cannot be used. Nothing is sent. `clock` is the sandbox's; Stripe has its own."""
    if key is None:
        return open_sandbox(sandbox_file, sleep=sleep, clock=clock)
    from travellr_desktop.payments.sandbox.cards import stripe_test_cards
    from travellr_desktop.payments.stripe_gateway import StripeGateway

    checked = check_stripe_key(key)
    kind = kind_of(checked)
    cards = stripe_test_cards() if kind is PaymentsKind.TEST else ()
    return StripeGateway(checked, kind=kind, cards=cards, sleep=sleep)


def open_sandbox(
    path: Path, *, sleep: Callable[[float], None] = time.sleep, clock: Clock | None = None
) -> PaymentGateway:
    """The gateway over a sandbox in this process, with its file at `path`, that goes by `clock` (the machine's)."""
    from travellr_desktop.payments.sandbox.cards import sandbox_cards
    from travellr_desktop.payments.sandbox.server import Sandbox
    from travellr_desktop.payments.sandbox.transport import Transport
    from travellr_desktop.payments.stripe_gateway import StripeGateway
    from travellr_desktop.payments.stripe_gateway_http import SandboxClient

    client = SandboxClient(Transport(Sandbox(path, clock=clock), wait=sleep))
    return StripeGateway(
        SANDBOX_KEY, kind=PaymentsKind.SANDBOX, cards=sandbox_cards(), http_client=client, sleep=sleep
    )


def kind_of(key: str | None) -> PaymentsKind:
    """Where payments go with that key: without one to the sandbox. What is no key of Stripe's is
    refused by `open_gateway`."""
    if key is None:
        return PaymentsKind.SANDBOX
    _, _, rest = key.strip().partition("_")
    return PaymentsKind.LIVE if rest.startswith("live_") else PaymentsKind.TEST
