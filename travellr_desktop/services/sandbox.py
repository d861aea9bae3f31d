"""The payment sandbox's own settings: how often its random card succeeds, and faults that are armed one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import InvalidInput, NotFound
from travellr_desktop.payments.gateway import PaymentGateway, TestCard
from travellr_desktop.payments.sandbox.control import SandboxControl
from travellr_desktop.payments.sandbox.faults import FaultKind, possible
from travellr_desktop.payments.sandbox.operations import Operation


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault that waits for its call; `left` is how many requests it still meets, None until it is switched off."""

    id: int
    operation: str
    kind: str
    left: int | None


@dataclass(frozen=True, slots=True)
class SandboxView:
    """`success_rate` is from 0 to 1, `latency_ms` in milliseconds; `operations` and `kinds` are what can be armed."""

    success_rate: float
    latency_ms: int
    faults: tuple[FaultRow, ...]
    operations: tuple[str, ...]
    kinds: tuple[str, ...]
    succeeded: int


@dataclass(frozen=True, slots=True)
class LinkTried:
    """What came of it. Not `paid` and no `declined`: the bank decides later."""

    paid: bool
    declined: str | None


CALLED = (
    Operation.INTENT_CREATE,
    Operation.INTENT_CONFIRM,
    Operation.INTENT_RETRIEVE,
    Operation.INTENT_CANCEL,
    Operation.REFUND_CREATE,
    Operation.REFUND_RETRIEVE,
    Operation.REFUND_LIST,
    Operation.SESSION_CREATE,
    Operation.SESSION_RETRIEVE,
    Operation.SESSION_EXPIRE,
    Operation.READER_LIST,
    Operation.READER_RETRIEVE,
    Operation.READER_PROCESS,
    Operation.READER_CANCEL,
    Operation.READER_PRESENT,
)
"""The calls that taking and giving back money make: a fault on any other would never be met."""
KINDS = tuple(kind for kind in FaultKind if any(possible(operation, kind) for operation in CALLED))


class SandboxService:
    """Only while cards go to the sandbox; its file is not touched at other times."""

    def __init__(self, file: Path | None, gateway: PaymentGateway, clock: Clock | None = None) -> None:
        self._file = file
        self._gateway = gateway
        self._clock = clock

    def view(self, actor: Actor) -> SandboxView:
        require(actor, Permission.SETTINGS_WRITE)
        with self._open() as control:
            settings = control.settings()
            return SandboxView(
                success_rate=settings.success_rate,
                latency_ms=settings.latency_ms,
                faults=tuple(
                    FaultRow(fault.id, fault.operation.value, fault.kind.value, fault.left)
                    for fault in control.faults()
                ),
                operations=tuple(operation.value for operation in CALLED),
                kinds=tuple(kind.value for kind in KINDS),
                succeeded=control.counts().succeeded,
            )

    def set_rate(self, actor: Actor, rate: float) -> SandboxView:
        """Raises `InvalidInput` outside 0 to 1."""
        require(actor, Permission.SETTINGS_WRITE)
        with self._open() as control:
            control.set_success_rate(rate)
        return self.view(actor)

    def set_latency(self, actor: Actor, milliseconds: int) -> SandboxView:
        require(actor, Permission.SETTINGS_WRITE)
        with self._open() as control:
            control.set_latency(milliseconds)
        return self.view(actor)

    def arm(self, actor: Actor, operation: str, kind: str) -> SandboxView:
        """The next call of `operation` meets the fault."""
        require(actor, Permission.SETTINGS_WRITE)
        try:
            chosen = Operation(operation), FaultKind(kind)
        except ValueError:
            raise InvalidInput("The sandbox has no such fault.", field="fault") from None
        with self._open() as control:
            control.arm(*chosen)
        return self.view(actor)

    def disarm(self, actor: Actor) -> SandboxView:
        require(actor, Permission.SETTINGS_WRITE)
        with self._open() as control:
            control.disarm()
        return self.view(actor)

    def link_cards(self, actor: Actor) -> tuple[TestCard, ...]:
        """The cards that a traveller could pay a link with; none where links do not lead to the sandbox."""
        require(actor, Permission.PAYMENT_CREATE)
        return self._gateway.test_cards() if self._gateway.is_sandbox else ()

    def pay_link(self, actor: Actor, link_ref: str, card: str) -> LinkTried:
        """Pay a link as its traveller would, with one of `link_cards`. Raises `NotFound`, `WrongState` for a link that
        is not open any more, `InvalidInput` for no card."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._open() as control:
            tried = control.pay_link(link_ref, card)
        return LinkTried(tried.is_paid, tried.decline_code)

    @contextmanager
    def _open(self) -> Iterator[SandboxControl]:
        if self._file is None or not self._gateway.is_sandbox:
            raise NotFound("Cards do not go to the sandbox now.", hint="They go to Stripe.")
        with SandboxControl(self._file, clock=self._clock) as control:
            yield control
