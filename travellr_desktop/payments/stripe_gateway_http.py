"""The two ways to Stripe's wire: the network, with a limit on the whole of a call, and a sandbox in this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import stripe

if TYPE_CHECKING:
    from travellr_desktop.payments.sandbox.transport import Transport

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
CALL_SECONDS = 30.0


class NetworkClient(stripe.RequestsClient):
    """Over the network. A repetition begins only while it can end within `CALL_SECONDS` of the first try."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(timeout=(CONNECT_SECONDS, READ_SECONDS))
        self._now = now
        self._began = threading.local()

    def request_with_retries(self, *args: Any, **kwargs: Any) -> Any:
        self._began.at = self._now()
        return super().request_with_retries(*args, **kwargs)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> Any:
        spent = self._now() - getattr(self._began, "at", self._now())
        if spent > CALL_SECONDS - READ_SECONDS:
            raise _broken("no time is left to try again", should_retry=False)
        return super().request(method, url, headers, post_data)


class SandboxClient(stripe.HTTPClient):
    """To a sandbox in this process; the library's own repetitions follow each other at once."""

    name = "sandbox"

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> Any:
        try:
            return self._transport.send(method, url, headers or {}, post_data)
        except (ConnectionError, TimeoutError) as error:
            raise _broken(f"{type(error).__name__}: {error}", should_retry=True) from error

    def _sleep_time_seconds(self, num_retries: int) -> float:  # noqa: ARG002 - the library's signature
        return 0.0

    def close(self) -> None:
        self._transport.close()


def _broken(message: str, *, should_retry: bool) -> stripe.APIConnectionError:
    error: stripe.APIConnectionError = stripe.APIConnectionError(  # type: ignore[no-untyped-call]
        message, should_retry=should_retry
    )
    return error
