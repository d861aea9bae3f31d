"""Carries requests to a sandbox in the same process, and breaks the connection where the reply says so."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.wire import Delivery, Unreached


class Transport:
    """`wait` is how the latency is spent; a reply later than `timeout` seconds is not waited for, it times out."""

    def __init__(
        self, sandbox: Sandbox, *, timeout: float = 20.0, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._sandbox = sandbox
        self._timeout = timeout
        self._wait = wait

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None
    ) -> tuple[bytes, int, dict[str, str]]:
        """Body, status and headers.

        Raises `ConnectionError` (`Unreached` where nothing was sent), or `TimeoutError` where the reply came too late.
        """
        address = urlsplit(url)
        path = f"{address.path}?{address.query}" if address.query else address.path
        try:
            response = self._sandbox.handle(method, path, headers, body or "")
        except sqlite3.Error as error:
            raise ConnectionError(f"the sandbox's file cannot be used: {error}") from error
        if response.delivery is Delivery.UNREACHED:
            raise Unreached("there is no way to the sandbox")
        if response.delivery is Delivery.LATE or response.delay > self._timeout:
            raise TimeoutError(f"no reply within {self._timeout:g} seconds")
        if response.delay > 0:
            self._wait(response.delay)
        if response.delivery is Delivery.LOST:
            raise ConnectionError("the connection was closed before the reply came")
        return response.body, response.status, response.headers

    def close(self) -> None:
        self._sandbox.close()
