"""The sandbox: requests in, replies out, everything it knows in one SQLite file.

`Sandbox.handle` takes a request as it would come over a socket and never waits, so that it serves in process and behind
a port alike. What becomes of the reply on its way (delay, loss) is written on it; whoever carries it sees to that.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from travellr_desktop.domain.clock import Clock, SystemClock
from travellr_desktop.errors import ResourceMissing
from travellr_desktop.paths import resource
from travellr_desktop.payments.sandbox import faults, idempotency, intents, reading, refunds
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.form import read_form
from travellr_desktop.payments.sandbox.operations import Operation, find_route
from travellr_desktop.payments.sandbox.parameters import ParameterCheck
from travellr_desktop.payments.sandbox.schema import RESOURCE
from travellr_desktop.payments.sandbox.store import Store
from travellr_desktop.payments.sandbox.wire import (
    ApiError,
    Delivery,
    Json,
    Reply,
    Response,
    key_in_use,
    server_error,
    too_many_requests,
)

Handler = Callable[[Call], Json]

_HANDLERS: dict[Operation, Handler] = {
    Operation.INTENT_CREATE: intents.create,
    Operation.INTENT_CONFIRM: intents.confirm,
    Operation.INTENT_CANCEL: intents.cancel,
    Operation.INTENT_RETRIEVE: functools.partial(reading.retrieve, kind=reading.INTENT),
    Operation.INTENT_LIST: functools.partial(reading.listing, kind=reading.INTENT),
    Operation.REFUND_CREATE: refunds.create,
    Operation.REFUND_RETRIEVE: functools.partial(reading.retrieve, kind=reading.REFUND),
    Operation.REFUND_LIST: functools.partial(reading.listing, kind=reading.REFUND),
    Operation.CHARGE_RETRIEVE: functools.partial(reading.retrieve, kind=reading.CHARGE),
    Operation.CHARGE_LIST: functools.partial(reading.listing, kind=reading.CHARGE),
    Operation.EVENT_RETRIEVE: functools.partial(reading.retrieve, kind=reading.EVENT),
    Operation.EVENT_LIST: functools.partial(reading.listing, kind=reading.EVENT),
    Operation.BALANCE_RETRIEVE: reading.balance,
}

_NO_REPLY = {
    FaultKind.UNREACHABLE: Delivery.UNREACHED,
    FaultKind.REPLY_LOST_BEFORE: Delivery.LOST,
}

# a restricted key that may only read, to see a permission refused
READ_ONLY_KEY = "rk_test_read_only"


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
            _authorise(operation, sent.get("authorization", ""))
            delay = self._delay()
            arriving = self._take(operation, faults.ON_ARRIVAL)
            if arriving in _NO_REPLY:
                return Response(0, {}, b"", delay, _NO_REPLY[arriving])
            if arriving is not None:
                raise _refused_on_arrival(arriving, sent.get("idempotency-key", ""))
            reply = self._answer(operation, ref, path, body, sent.get("idempotency-key"), request_id)
            delivery, cut = _on_return(self._take(operation, faults.ON_RETURN))
        except ApiError as error:
            reply = error.reply()
        encoded = reply.encoded()
        if cut:
            encoded = encoded[: len(encoded) // 2]
        return Response(reply.status, _headers(reply, sent, request_id), encoded, delay, delivery)

    def _delay(self) -> float:
        with self._store.read() as connection:
            return faults.latency_ms(connection) / 1000

    def _take(self, operation: Operation, among: frozenset[FaultKind]) -> FaultKind | None:
        with self._store.read() as connection:
            if not any(f.operation is operation and f.kind in among for f in faults.armed(connection)):
                return None
        with self._store.write(durable=False) as connection:
            return faults.take(connection, operation, among)

    def _answer(
        self, operation: Operation, ref: str | None, path: str, body: str, key: str | None, request_id: str
    ) -> Reply:
        address = urlsplit(path)
        params = self._check.check(operation, read_form(body if operation.writes else address.query))
        now = self._clock.now().timestamp()

        def call(connection: Any) -> Call:
            return Call(connection, params, int(now), request_id, ref or "", key)

        if not operation.writes:
            with self._store.read() as connection:
                return Reply(200, _HANDLERS[operation](call(connection)))
        if key is None:
            with self._store.write() as connection:
                return self._effect(operation, call(connection))
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
                reply = self._effect(operation, call(connection))
                idempotency.keep(connection, key, reply)
                return reply
        except BaseException:
            with self._store.write(durable=False) as connection:
                idempotency.drop(connection, key, owner)
            raise

    @staticmethod
    def _effect(operation: Operation, call: Call) -> Reply:
        """Run the handler; an error it answers with is a reply like any other, and what it wrote stays."""
        try:
            reply = Reply(200, _HANDLERS[operation](call))
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


def _authorise(operation: Operation, authorization: str) -> None:
    secret = authorization.removeprefix("Bearer ")
    if not secret.startswith(("sk_test_", "rk_test_")):
        shown = secret[:8] + "*" * 8 if secret else "none"
        raise ApiError(401, "invalid_request_error", f"Invalid API Key provided: {shown}")
    if secret == READ_ONLY_KEY and operation.writes:
        raise ApiError(
            403,
            "invalid_request_error",
            "The provided key does not have the required permissions for this endpoint.",
            code="more_permissions_required_for_application",
        )


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
