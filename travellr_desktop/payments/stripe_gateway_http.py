"""The two ways to Stripe's wire, the network and a sandbox in this process, and the watch that is kept on either."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import stripe

from travellr_desktop.payments.sandbox.wire import Unreached

if TYPE_CHECKING:
    from travellr_desktop.payments.sandbox.transport import Transport

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
CALL_SECONDS = 30.0
"""A request is sent again only while it can end within this time of the first."""

Headers = Mapping[str, str]


class Watched(stripe.HTTPClient):
    """Passes requests on, and remembers for the gateway how those of one call fared, in each thread apart.

    The library tells its caller of the last try alone. Whether money may have moved depends on all of them: a try that
    went unanswered, followed by one that met a rate limit, is not a plain no.
    """

    name = "watched"

    def __init__(self, wire: stripe.HTTPClient, *, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._wire = wire
        self._now = now
        self._call = threading.local()

    def begin_call(self) -> None:
        """What comes from here on belongs to one call of the gateway."""
        self._call.began = self._now()
        self._call.unanswered = False

    @property
    def unanswered(self) -> bool:
        """Whether a request of this call may have arrived and got no answer that can be relied on."""
        return bool(getattr(self._call, "unanswered", False))

    def request(
        self, method: str, url: str, headers: Headers | None, post_data: Any = None, **_: Any
    ) -> tuple[Any, int, Headers]:
        if self._now() - getattr(self._call, "began", self._now()) > CALL_SECONDS - READ_SECONDS:
            raise broken("no time is left to try again", should_retry=False)
        try:
            body, status, replied = self._wire.request(method, url, headers, post_data)
        except stripe.APIConnectionError as error:
            if not never_sent(error):
                self._call.unanswered = True
            raise
        if status >= 500:
            self._call.unanswered = True
        return body, status, replied

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return self._wire._sleep_time_seconds(num_retries)

    def close(self) -> None:
        self._wire.close()  # type: ignore[no-untyped-call]


class SandboxClient(stripe.HTTPClient):
    """To a sandbox in this process; the library's own repetitions follow each other at once."""

    name = "sandbox"

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def request(
        self, method: str, url: str, headers: Headers | None, post_data: Any = None, **_: Any
    ) -> tuple[Any, int, Headers]:
        try:
            return self._transport.send(method, url, headers or {}, post_data)
        except (ConnectionError, TimeoutError) as error:
            raise broken(f"{type(error).__name__}: {error}", should_retry=True) from error

    def _sleep_time_seconds(self, num_retries: int) -> float:  # noqa: ARG002 - the library's signature
        return 0.0

    def close(self) -> None:
        self._transport.close()


def network_client() -> stripe.HTTPClient:
    return stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS))


def never_sent(error: stripe.APIConnectionError) -> bool:
    """Whether there was no connection at all, so that nothing can have arrived."""
    import requests
    from urllib3.exceptions import NewConnectionError

    cause = error.__cause__
    if isinstance(cause, Unreached | requests.exceptions.ConnectTimeout):
        return True
    if isinstance(cause, requests.exceptions.ConnectionError) and cause.args:
        return isinstance(getattr(cause.args[0], "reason", None), NewConnectionError)
    return False


def broken(message: str, *, should_retry: bool) -> stripe.APIConnectionError:
    """The library's own error for a connection that failed."""
    error: stripe.APIConnectionError = stripe.APIConnectionError(  # type: ignore[no-untyped-call]
        message, should_retry=should_retry
    )
    return error
