"""The sandbox: requests in, replies out, everything it knows in one SQLite file.

`Sandbox.handle` takes a request as it would come over a socket and never waits, so that it serves in process and behind
a port alike. What becomes of the reply on its way (delay, loss) is written on it; whoever carries it sees to that.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from travellr_desktop.domain.clock import Clock, SystemClock
from travellr_desktop.errors import ResourceMissing
from travellr_desktop.paths import resource
from travellr_desktop.payments.sandbox import access, expanding, faults, idempotency, passing, settings
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.form import read_form
from travellr_desktop.payments.sandbox.handlers import HANDLERS
from travellr_desktop.payments.sandbox.operations import ROUTES, Operation, find_route
from travellr_desktop.payments.sandbox.parameters import ParameterCheck
from travellr_desktop.payments.sandbox.schema import RESOURCE
from travellr_desktop.payments.sandbox.store import Store
from travellr_desktop.payments.sandbox.wire import (
    ApiError,
    Delivery,
    Reply,
    Response,
    key_in_use,
    server_error,
    too_many_requests,
)

_NO_REPLY = {
    FaultKind.UNREACHABLE: Delivery.UNREACHED,
    FaultKind.REPLY_LOST_BEFORE: Delivery.LOST,
}


class Sandbox:
    """One sandbox over one file; several may share the file. Raises `StorageRefusal` where it cannot be used."""

    def __init__(
        self, path: Path, *, clock: Clock | None = None, check: ParameterCheck | None = None
    ) -> None:
        self._store = Store(path)
        self._clock = clock or SystemClock()
        self._check = check or library_check()

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: str) -> Response:
        """The reply to one request. `path` carries the query; `body` is the form of a POST."""
        request_id = new_ref("req", 14)
        sent = {name.lower(): value for name, value in headers.items()}
        delivery, cut, delay = Delivery.WHOLE, False, 0.0
        try:
            operation, ref = _operation(method, path)
            access.authorise(operation, sent.get("authorization", ""))
            now, delay = self._begin()
            arriving = self._take(operation, faults.ON_ARRIVAL)
            if arriving in _NO_REPLY:
                return Response(0, {}, b"", delay, _NO_REPLY[arriving])
            if arriving is not None:
                raise _refused_on_arrival(arriving, sent.get("idempotency-key", ""))
            reply = self._answer(operation, ref, path, body, now, sent.get("idempotency-key"), request_id)
            delivery, cut = _on_return(self._take(operation, faults.ON_RETURN))
        except ApiError as error:
            reply = error.reply()
        encoded = reply.encoded()
        if cut:
            encoded = encoded[: len(encoded) // 2]
        return Response(reply.status, _headers(reply, sent, request_id), encoded, delay, delivery, cut)

    def _begin(self) -> tuple[float, float]:
        """The sandbox's time, by which what is due has happened, and the seconds that the reply takes."""
        with self._store.read() as connection:
            now = self._clock.now().timestamp() + settings.clock_shift(connection)
            delay = settings.latency_ms(connection) / 1000
            due = passing.is_due(connection, int(now))
        if due:
            with self._store.write() as connection:
                passing.let_pass(connection, int(now))
        return now, delay

    def _take(self, operation: Operation, among: frozenset[FaultKind]) -> FaultKind | None:
        with self._store.read() as connection:
            if not any(f.operation is operation and f.kind in among for f in faults.armed(connection)):
                return None
        with self._store.write(durable=False) as connection:
            return faults.take(connection, operation, among)

    def _answer(
        self,
        operation: Operation,
        ref: str | None,
        path: str,
        body: str,
        now: float,
        key: str | None,
        request_id: str,
    ) -> Reply:
        address = urlsplit(path)
        params = self._check.check(operation, read_form(body if operation.writes else address.query))
        route = ROUTES[operation]
        paths = expanding.checked(route.kind, params.get("expand", ()), listed=route.listed)

        def call(connection: Any) -> Call:
            return Call(connection, params, int(now), request_id, ref or "", key)

        if not operation.writes:
            with self._store.read() as connection:
                return Reply(200, expanding.expand(connection, HANDLERS[operation](call(connection)), paths))
        if key is None:
            with self._store.write() as connection:
                return self._effect(operation, call(connection), paths)
        owner = uuid.uuid4().hex
        with self._store.write(durable=False) as connection:
            kept = idempotency.claim(
                connection, key, idempotency.fingerprint(address.path, params), owner, now
            )
        if kept is not None:
            return kept
        try:
            with self._store.write() as connection:
                if not idempotency.still_held(connection, key, owner):
                    raise key_in_use(key)
                reply = self._effect(operation, call(connection), paths)
                idempotency.keep(connection, key, reply)
                return reply
        except BaseException:
            with self._store.write(durable=False) as connection:
                idempotency.drop(connection, key, owner)
            raise

    @staticmethod
    def _effect(operation: Operation, call: Call, paths: tuple[str, ...]) -> Reply:
        """Run the handler; an error it answers with is a reply like any other, and what it wrote stays."""
        try:
            reply = Reply(200, expanding.expand(call.connection, HANDLERS[operation](call), paths))
        except ApiError as error:
            reply = error.reply()
        after = faults.take(call.connection, operation, frozenset({FaultKind.SERVER_ERROR_AFTER}))
        return reply if after is None else server_error(should_retry=False).reply()


@functools.cache
def library_check() -> ParameterCheck:
    """The check by the installed library's types, made once in a process."""
    try:
        prepared = resource(*RESOURCE.split("/"))
    except ResourceMissing:
        prepared = None
    return ParameterCheck.of_library(prepared)


def _operation(method: str, path: str) -> tuple[Operation, str | None]:
    address = urlsplit(path).path
    found = find_route(method, address)
    if found is None:
        raise ApiError(
            404, "invalid_request_error", f"Unrecognized request URL ({method.upper()}: {address})."
        )
    return found


def _refused_on_arrival(kind: FaultKind, key: str) -> ApiError:
    match kind:
        case FaultKind.KEY_IN_USE:
            return key_in_use(key)
        case FaultKind.TOO_MANY_REQUESTS:
            return too_many_requests()
    return server_error()


def _on_return(kind: FaultKind | None) -> tuple[Delivery, bool]:
    match kind:
        case FaultKind.REPLY_LOST_AFTER:
            return Delivery.LOST, False
        case FaultKind.LATE:
            return Delivery.LATE, False
        case FaultKind.TRUNCATED:
            return Delivery.WHOLE, True
    return Delivery.WHOLE, False


def _headers(reply: Reply, sent: Mapping[str, str], request_id: str) -> dict[str, str]:
    headers = {"content-type": "application/json", "request-id": request_id}
    if "stripe-version" in sent:
        headers["stripe-version"] = sent["stripe-version"]
    if "idempotency-key" in sent:
        headers["idempotency-key"] = sent["idempotency-key"]
    if reply.replayed:
        headers["idempotent-replayed"] = "true"
    if reply.should_retry is not None:
        headers["stripe-should-retry"] = str(reply.should_retry).lower()
    return headers
