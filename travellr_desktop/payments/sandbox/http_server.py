"""The sandbox behind a port of this machine: Stripe's wire over a real socket, and the pages of its payment links.

What the sandbox says of a reply's way to the caller is done to the connection: a reply that is lost is never sent, one
that is late is sent when nobody waits any more, one that is cut ends in the middle. It listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import selectors
import socket
import sqlite3
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import InvalidInput, NotFound, WrongState
from travellr_desktop.payments.sandbox.checkout import PAGE
from travellr_desktop.payments.sandbox.checkout_page import HEADERS, link_page, plain_page
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.server import Sandbox
from travellr_desktop.payments.sandbox.wire import Delivery, Response

HOST = "127.0.0.1"
LATE_SECONDS = 30.0
"""When a late reply is sent: the library has stopped waiting by then."""

_LONGEST_BODY = 1 << 20
_IDLE_SECONDS = 10.0


class HttpSandbox:
    """Serves the file at `path` on `port` (0 picks one) from `start` until `close`.

    Raises `StorageRefusal` for a file that cannot be used and `InvalidInput` for a port that is taken."""

    def __init__(
        self, path: Path, port: int = 0, *, clock: Clock | None = None, late_seconds: float = LATE_SECONDS
    ) -> None:
        self._sandbox = Sandbox(path, clock=clock)
        self._control = SandboxControl(path, clock=clock)
        try:
            self._server = _Server(port, self._sandbox, self._control, late_seconds)
        except (OSError, OverflowError) as error:
            self._close_files()
            raise InvalidInput(
                f"The port {port} cannot be used: {error}",
                field="port",
                hint="Take another port, or 0 for any.",
            ) from error
        self._thread = threading.Thread(target=self._server.serve, name="sandbox")

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """From here on it answers, and links that are made have their pages here."""
        self._control.set_address(self.address)
        self._thread.start()

    def close(self) -> None:
        """Ends waits and idle connections, lets what is being answered be answered, and closes the file."""
        self._server.stopping.set()
        if self._thread.is_alive():
            self._server.end()
            self._thread.join()
            self._control.forget_address(self.address)
        self._server.end_idle()
        self._server.server_close()
        self._close_files()

    def _close_files(self) -> None:
        self._sandbox.close()
        self._control.close()

    def __enter__(self) -> HttpSandbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for those that still answer
    request_queue_size = 64
    timeout = 0.0  # a caller who is gone before they are answered is not waited for

    def __init__(self, port: int, sandbox: Sandbox, control: SandboxControl, late_seconds: float) -> None:
        self.sandbox, self.control, self.late_seconds = sandbox, control, late_seconds
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._bell, self._cord = socket.socketpair()
        super().__init__((HOST, port), _Handler)

    def serve(self) -> None:
        """Until `end`: waits for callers and for that at once, where the library's own loop looks now and then."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self, selectors.EVENT_READ)
            waiting.register(self._bell, selectors.EVENT_READ)
            while all(key.fileobj is not self._bell for key, _ in waiting.select()):
                self.handle_request()

    def end(self) -> None:
        self._cord.close()

    def server_close(self) -> None:
        super().server_close()
        self._bell.close()
        self._cord.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def end_idle(self) -> None:
        """Whoever has sent nothing yet is not waited for."""
        with self._lock:
            waiting = list(self._open)
        for each in waiting:
            try:
                each.shutdown(socket.SHUT_RD)
            except OSError:  # it has gone by itself
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who goes away is nobody's fault; anything else is told as usual."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "TravellrSandbox"
    sys_version = ""
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        if self._is_for_us():
            if urlsplit(self.path).path.startswith(PAGE):
                self._show_link()
            else:
                self._answer("")

    def do_POST(self) -> None:
        body = self._body() if self._is_for_us() else None
        if body is not None:
            if urlsplit(self.path).path.startswith(PAGE):
                self._pay_link(body)
            else:
                self._answer(body)

    def do_DELETE(self) -> None:
        self.do_GET()

    # Stripe's wire

    def _answer(self, body: str) -> None:
        try:
            response = self.server.sandbox.handle(self.command, self.path, dict(self.headers), body)
        except sqlite3.Error:
            self.close_connection = True  # as in process: a broken connection
            return
        if response.delay > 0:
            self.server.stopping.wait(response.delay)
        match response.delivery:
            case Delivery.LOST | Delivery.UNREACHED:
                self.close_connection = True
                return
            case Delivery.LATE:
                self.server.stopping.wait(self.server.late_seconds)
        self._reply(response)

    def _reply(self, response: Response) -> None:
        # a cut reply has no length: it ends where the connection does
        length = {} if response.is_cut else {"Content-Length": str(len(response.body))}
        self._send(response.status, {**response.headers, **length}, response.body)

    # the pages

    def _show_link(self) -> None:
        asked = urlsplit(self.path)
        declined = parse_qs(asked.query).get("declined", [""])[0]
        try:
            link = self.server.control.link(asked.path.removeprefix(PAGE))
        except NotFound:
            self._page(404, plain_page("There is no such link."))
            return
        self._page(200, link_page(link, self.server.control.cards(), declined))

    def _pay_link(self, body: str) -> None:
        ref = urlsplit(self.path).path.removeprefix(PAGE)
        query = ""
        try:
            tried = self.server.control.pay_link(ref, parse_qs(body).get("card", [""])[0])
            if tried.decline_code is not None:
                query = "?declined=" + quote(tried.decline_code)
        except InvalidInput:
            self._page(400, plain_page("There is no such card."))
            return
        except NotFound:
            self._page(404, plain_page("There is no such link."))
            return
        except WrongState:
            pass  # paid or run out meanwhile: the page says so
        self._send(303, {"Location": PAGE + ref + query, "Content-Length": "0"}, b"")

    def _page(self, status: int, html: str) -> None:
        encoded = html.encode()
        self._send(status, {**HEADERS, "Content-Length": str(len(encoded))}, encoded)

    # the socket

    def _is_for_us(self) -> bool:
        """A page of some other place that a browser was led here from has another name in `Host`."""
        if (self.headers.get("Host") or "").partition(":")[0] in (HOST, "localhost"):
            return True
        self._send(421, {"Content-Length": "0"}, b"")
        return False

    def _body(self) -> str | None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > _LONGEST_BODY:
            self._send(413, {"Content-Length": "0"}, b"")
            return None
        return self.rfile.read(int(length)).decode(errors="replace")

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: addresses carry ids."""
