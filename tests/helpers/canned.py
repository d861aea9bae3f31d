"""A gateway on a wire on which every request gets the same reply: for what the sandbox does not say by itself."""

from __future__ import annotations

import json

import stripe

from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.payments.stripe_gateway import StripeGateway


class Canned(stripe.HTTPClient):
    name = "canned"

    def __init__(self, status: int, body: str) -> None:
        super().__init__()
        self._reply: tuple[str, int, dict[str, str]] = (body, status, {})

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, dict[str, str]]:
        return self._reply

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0

    def close(self) -> None:
        pass


def canned(
    status: int, body: object, *, key: str = "rk_test_a", kind: PaymentsKind = PaymentsKind.TEST
) -> StripeGateway:
    """`body` is a text, or what becomes JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return StripeGateway(key, kind=kind, http_client=Canned(status, text), sleep=lambda _: None)


def stripe_error(
    code: str | None = None, *, kind: str = "invalid_request_error", **more: str
) -> dict[str, object]:
    """The body of an error of Stripe's."""
    return {"error": {"type": kind, "message": "No.", **({} if code is None else {"code": code}), **more}}
