"""Keys of the provider in tests: Stripe is answered by a sandbox's file, and a key can be rolled while it is in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from travellr_desktop.config import check_stripe_key
from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.factory import kind_of, open_sandbox
from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.payments.sandbox.cards import stripe_test_cards
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.transport import Transport
from travellr_desktop.payments.stripe_gateway import StripeGateway
from travellr_desktop.payments.stripe_gateway_http import Headers, SandboxClient

TEST_KEY, OTHER_TEST_KEY = "rk_test_51Morning", "rk_test_51Evening"
LIVE_KEY = "rk_live_51Harbour"
SECRET_KEY = "sk_test_51Everything"
"""The restricted ones may do all that an office's may; those of `sandbox.access` stand for weaker ones."""


rolled: set[str] = set()
"""Keys that the provider does not take any more, from the moment that they are added; a test takes them out again."""


class _Wire(SandboxClient):
    """Sends a live key as one of test mode, which is all that the sandbox knows, and a rolled one as none."""

    def __init__(self, key: str, transport: Transport) -> None:
        super().__init__(transport)
        self._key = key

    def request(
        self, method: str, url: str, headers: Headers | None, post_data: Any = None, **more: Any
    ) -> tuple[Any, int, Headers]:
        sent = "rk_gone" if self._key in rolled else self._key.replace("_live_", "_test_")
        return super().request(
            method, url, {**(headers or {}), "Authorization": f"Bearer {sent}"}, post_data, **more
        )


def answered(
    file: Path, *, sleep: Callable[[float], None], clock: Clock | None = None
) -> Callable[[str | None], PaymentGateway]:
    """What opens the gateway of a key, as the program does, over a sandbox in `file`."""

    def opened(key: str | None) -> PaymentGateway:
        if key is None:
            return open_sandbox(file, sleep=sleep, clock=clock)
        checked = check_stripe_key(key)
        kind = kind_of(checked)
        wire = _Wire(checked, Transport(Sandbox(file, clock=clock), wait=sleep))
        cards = stripe_test_cards() if kind is PaymentsKind.TEST else ()
        return StripeGateway(checked, kind=kind, cards=cards, http_client=wire, sleep=sleep)

    return opened
