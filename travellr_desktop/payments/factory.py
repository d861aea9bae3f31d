"""Opens the gateway that a profile asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import SettingsInvalid
from travellr_desktop.payments.gateway import PaymentGateway, TestCard

SANDBOX_KEY = "sk_test_sandbox"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """`sandbox_file` is for the sandbox, `api_key` for Stripe."""

    kind: PaymentsKind
    sandbox_file: Path | None = None
    api_key: str | None = None

    def __repr__(self) -> str:  # a key must not come into a log
        return (
            f"GatewaySettings({self.kind}, {self.sandbox_file}, key {'set' if self.api_key else 'not set'})"
        )


def open_gateway(settings: GatewaySettings, *, sleep: Callable[[float], None] = time.sleep) -> PaymentGateway:
    """The gateway; close it at the end.

    Raises `SettingsInvalid` for a key that is not there or not of this kind, `StorageRefusal` for a sandbox file that
    cannot be used. Nothing is sent.
    """
    if settings.kind is PaymentsKind.SANDBOX:
        if settings.sandbox_file is None:
            raise SettingsInvalid("The payment sandbox has no file.", field="sandbox_file")
        return open_sandbox(settings.sandbox_file, sleep=sleep)
    from travellr_desktop.payments.sandbox.cards import stripe_test_cards
    from travellr_desktop.payments.stripe_gateway import StripeGateway

    key = checked_key(settings.kind, settings.api_key)
    cards: tuple[TestCard, ...] = stripe_test_cards() if settings.kind is PaymentsKind.TEST else ()
    return StripeGateway(key, kind=settings.kind, cards=cards, sleep=sleep)


def open_sandbox(path: Path, *, sleep: Callable[[float], None] = time.sleep) -> PaymentGateway:
    """The gateway over a sandbox in this process, with its file at `path`."""
    from travellr_desktop.payments.sandbox.cards import sandbox_cards
    from travellr_desktop.payments.sandbox.server import Sandbox
    from travellr_desktop.payments.sandbox.transport import Transport
    from travellr_desktop.payments.stripe_gateway import StripeGateway
    from travellr_desktop.payments.stripe_gateway_http import SandboxClient

    client = SandboxClient(Transport(Sandbox(path), wait=sleep))
    return StripeGateway(
        SANDBOX_KEY, kind=PaymentsKind.SANDBOX, cards=sandbox_cards(), http_client=client, sleep=sleep
    )


def kind_of(key: str | None) -> PaymentsKind:
    """Where payments go with that key: without one to the sandbox. A key that is none of Stripe's is looked at by
    `checked_key`."""
    if key is None:
        return PaymentsKind.SANDBOX
    _, _, rest = key.strip().partition("_")
    return PaymentsKind.LIVE if rest.startswith("live_") else PaymentsKind.TEST


def checked_key(kind: PaymentsKind, key: str | None) -> str:
    """The key, if it is a secret one of that kind. Raises `SettingsInvalid`, without telling the key."""
    text = (key or "").strip()
    if not text:
        raise SettingsInvalid(
            "No payment key is set.", hint="Enter the Stripe key in Settings.", field="stripe_api_key"
        )
    if text.startswith("pk_"):
        raise SettingsInvalid(
            "This is Stripe's publishable key; payments need the secret or a restricted one.",
            hint="Enter a key that starts with rk_ or sk_.",
            field="stripe_api_key",
        )
    prefix, _, rest = text.partition("_")
    mode, _, secret = rest.partition("_")
    if prefix not in {"sk", "rk"} or mode not in {"test", "live"} or not secret or not text.isascii():
        raise SettingsInvalid(
            "This is not a Stripe key.",
            hint="Enter a key that starts with rk_ or sk_.",
            field="stripe_api_key",
        )
    if mode != kind.value:
        real = "real money" if mode == "live" else "Stripe's test mode"
        raise SettingsInvalid(
            f"This key is for {real}, but the profile is set to {kind.value}.",
            hint="Enter the other key, or change the profile's kind.",
            field="stripe_api_key",
        )
    return text
