"""The gateway over a real socket, with the sandbox behind it and a hand on both, and what a call of it is told by."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import stripe

from helpers.gateway_hand import Hand
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.errors import Refusal
from travellr_desktop.payments.door import GatewayDoor
from travellr_desktop.payments.factory import SANDBOX_KEY
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.http_server import HttpSandbox
from travellr_desktop.payments.sandbox.operations import Operation, find_route
from travellr_desktop.payments.stripe_gateway import StripeGateway

PATIENT, HURRIED = 20.0, 0.05
"""Seconds after which an answer has been waited for long enough."""


class Hurried(stripe.HTTPClient):
    """Waits for answers, but not for those of one operation."""

    name = "hurried"

    def __init__(self, operation: Operation) -> None:
        super().__init__()
        self._operation = operation
        self._patient = stripe.RequestsClient(timeout=(5.0, PATIENT))
        self._hurried = stripe.RequestsClient(timeout=(5.0, HURRIED))

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any
    ) -> tuple[Any, int, Any]:
        found = find_route(method, urlsplit(url).path)
        late = found is not None and found[0] is self._operation
        return (self._hurried if late else self._patient).request(method, url, headers, post_data)

    def close(self) -> None:
        self._patient.close()  # type: ignore[no-untyped-call]
        self._hurried.close()  # type: ignore[no-untyped-call]


class World(Hand):
    """The library, a socket, the sandbox and its file. `gateway` stays the same while the server changes."""

    def __init__(self, file: Path, key: str = SANDBOX_KEY, *, wire: stripe.HTTPClient | None = None) -> None:
        """`wire` stands in for the library's own, and is closed with the gateway."""
        self._file, self._key, self._wire = file, key, wire
        self._server = HttpSandbox(file)
        self._server.start()
        self._door = GatewayDoor(self._over_network())
        super().__init__(self._door, SandboxControl(file))

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.close()
        self.control.close()
        self._server.close()

    def hurry(self, operation: Operation) -> None:
        """From here on nobody waits for a late answer to that."""
        self._door.change(self._over_network(Hurried(operation)))

    def rest(self) -> None:
        """Let everything that was sent be answered, then go on with patience."""
        self._server.close()
        self._server = HttpSandbox(self._file)
        self._server.start()
        self._door.change(self._over_network())

    def number(self, sql: str, *values: object) -> int:
        """A count in the sandbox's own file."""
        with closing(sqlite3.connect(self._file)) as connection:
            return int(connection.execute(sql, values).fetchone()[0])

    def _over_network(self, wire: stripe.HTTPClient | None = None) -> StripeGateway:
        return StripeGateway(
            self._key,
            kind=PaymentsKind.SANDBOX,
            api_base=self._server.address,
            http_client=wire or self._wire or stripe.RequestsClient(timeout=(5.0, PATIENT)),
            sleep=lambda _: None,
        )


@dataclass(frozen=True)
class Staged:
    """A call that is ready to be made, the same each time.

    `held` is what the sandbox's file holds of its effect, `told` what the gateway says of it by reading; `before` and
    `after` are what both are before the call and once it has taken effect, the same for one that only reads.

    `answers` are faults that the provider answers to this call by a refusal of its own, or by nothing at all (None);
    `passes` those that it comes through all the same. `heals` says that it comes through in the end
    although the provider keeps an error under its key, because the next try goes another way."""

    call: Callable[[], object]
    held: Callable[[], object]
    told: Callable[[], object]
    before: object = 0
    after: object = 1
    answers: Mapping[FaultKind, type[Refusal] | None] = field(default_factory=dict)
    passes: frozenset[FaultKind] = frozenset()
    heals: bool = False


def reading(call: Callable[[], object], held: object, **more: object) -> Staged:
    """A call that only reads, and what it is to read."""
    known: dict[str, object] = {
        "call": call,
        "held": lambda: held,
        "told": call,
        "before": held,
        "after": held,
    }
    return Staged(**(known | more))  # type: ignore[arg-type]


Stage = Callable[[World], Staged]

Place = tuple[str, Operation]
"""A method of the gateway, and the call of the library that it makes."""
