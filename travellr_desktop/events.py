"""What happened, told to whoever wants to know: domain events, and the bus that carries them.

Events are published after the commit. Nothing that must happen may hang on one: a handler that fails is logged,
and the others still run.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType, MethodType, TracebackType
from typing import Any, ClassVar, Literal, Self, TypeVar, get_args, get_type_hints
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.periods import to_utc
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import (
    BatchState,
    DepartureState,
    DisputeState,
    HoldState,
    PaymentState,
    PayoutState,
    RefundOrderState,
    RefundState,
    WaitingState,
)
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import InvalidInput

log = logging.getLogger(__name__)


class Change(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to `aggregate_id` at `timestamp` (aware; kept in UTC).

    A child's own fields are its `payload`, there as plain JSON values: ids and moments as text, an amount as
    `{"minor": 1250, "currency": "EUR"}`.
    """

    aggregate_id: UUID
    timestamp: datetime

    kinds: ClassVar[dict[str, type[Event]]] = {}
    """Every kind of event, by its name."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Event.kinds[cls.__name__] = cls

    def __post_init__(self) -> None:
        object.__setattr__(self, "timestamp", to_utc(self.timestamp))

    @property
    def event_name(self) -> str:
        return type(self).__name__

    @property
    def payload(self) -> Mapping[str, Any]:
        """The event's own fields, read-only."""
        return MappingProxyType({name: _plain(getattr(self, name)) for name in _own_types(type(self))})

    def to_json(self) -> dict[str, Any]:
        return {
            "event_name": self.event_name,
            "aggregate_id": str(self.aggregate_id),
            "timestamp": self.timestamp.isoformat(),
            "payload": dict(self.payload),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Event:
        """The event that `to_json` wrote, of its own kind. Raises `InvalidInput` if it cannot be one."""
        try:
            if set(data) != {"event_name", "aggregate_id", "timestamp", "payload"}:
                raise ValueError(f"has the fields {', '.join(sorted(data))}")
            kind = Event.kinds[data["event_name"]]
            own, payload = _own_types(kind), data["payload"]
            if set(payload) != set(own):
                raise ValueError(f"{kind.__name__} has no such payload: {', '.join(sorted(payload))}")
            return kind(
                aggregate_id=UUID(data["aggregate_id"]),
                timestamp=datetime.fromisoformat(data["timestamp"]),
                **{name: _typed(payload[name], hint) for name, hint in own.items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput(f"This is not an event: {error}") from error


# the kinds; the comment names what the aggregate is


@dataclass(frozen=True, kw_only=True)
class BookingCreated(Event):  # booking
    reference: str
    sale_id: UUID
    departure_id: UUID
    vendor_id: UUID
    traveller_id: UUID
    pax: int
    price: Money


@dataclass(frozen=True, kw_only=True)
class BookingConfirmed(Event):  # booking
    reference: str
    sale_id: UUID
    departure_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class BookingCancelled(Event):  # booking
    reference: str
    sale_id: UUID
    departure_id: UUID
    vendor_id: UUID
    reason: str
    kept: Money
    back: Money


@dataclass(frozen=True, kw_only=True)
class BookingCompleted(Event):  # booking
    reference: str
    departure_id: UUID
    vendor_id: UUID
    no_show: bool = False


@dataclass(frozen=True, kw_only=True)
class BookingChanged(Event):  # booking
    """Travellers, types, seats, departure, notes or who has come: `what` says which, in one word."""

    what: str
    departure_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class PaymentProcessed(Event):  # payment
    """A payment came to a state, whichever."""

    sale_id: UUID
    state: PaymentState
    amount: Money
    way: Way
    decline_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefundProcessed(Event):  # refund
    """A refund came to a state, whichever. `to` CREDIT: it became credit of the traveller."""

    payment_id: UUID
    booking_id: UUID | None
    state: RefundState
    amount: Money
    to: RefundTo = RefundTo.PAYMENT


@dataclass(frozen=True, kw_only=True)
class RefundOrderChanged(Event):  # request for a refund
    """Somebody asked for a refund that waits for a second person, or it was decided."""

    sale_id: UUID
    state: RefundOrderState
    amount: Money


@dataclass(frozen=True, kw_only=True)
class DisputeChanged(Event):  # dispute
    """A traveller's bank asks, has taken, or has decided."""

    payment_id: UUID
    state: DisputeState
    amount: Money


@dataclass(frozen=True, kw_only=True)
class HoldChanged(Event):  # hold
    departure_id: UUID
    seats: int
    state: HoldState
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OptionDue(Event):  # hold
    """The day has come on which somebody wanted to be reminded of an option."""

    departure_id: UUID
    traveller_id: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class WaitingChanged(Event):  # entry on the waiting list
    departure_id: UUID
    state: WaitingState
    hold_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogueChanged(Event):  # trip, vendor, seat plan or promo code
    """`what`: trip, vendor, plan, promo, series."""

    what: str
    change: Change


@dataclass(frozen=True, kw_only=True)
class RowsImported(Event):  # import
    """Rows of a file came in: `what` is vendors, trips, departures or travellers. Below zero: taken back."""

    what: str
    made: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class TravellerChanged(Event):  # traveller
    change: Change


@dataclass(frozen=True, kw_only=True)
class DepartureChanged(Event):  # departure
    trip_id: UUID
    vendor_id: UUID
    state: DepartureState


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):  # user
    change: Change


@dataclass(frozen=True, kw_only=True)
class SettingsChanged(Event):  # agency
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TillChanged(Event):  # till session
    """`what`: opened, moved, read, closed."""

    number: int
    what: str


@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):  # invoice
    """An invoice or a credit note was issued."""

    number: str
    sale_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorPayout(Event):  # payout
    """A payout was approved, or became what `state` says."""

    vendor_id: UUID
    batch_id: UUID
    amount: Money
    state: PayoutState


@dataclass(frozen=True, kw_only=True)
class PayoutBatchChanged(Event):  # payout batch
    state: BatchState


@dataclass(frozen=True, kw_only=True)
class EarningsChanged(Event):  # vendor
    """What a vendor has to come changed by hand: an adjustment, a rate, how they are paid."""


_own: dict[type[Event], Mapping[str, Any]] = {}


def _own_types(kind: type[Event]) -> Mapping[str, Any]:
    """The types of a kind's own fields, in their order; looked up once a kind."""
    if kind not in _own:
        hints = get_type_hints(kind)
        base = {field.name for field in fields(Event)}
        _own[kind] = {field.name: hints[field.name] for field in fields(kind) if field.name not in base}
    return _own[kind]


def _plain(value: object) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, datetime):
        return to_utc(value).isoformat()
    if isinstance(value, (UUID, StrEnum)):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _typed(value: Any, hint: Any) -> Any:
    """The value of a field from its plain form; raises one of the errors that `from_json` expects."""
    choices = get_args(hint)
    if type(None) in choices:
        return None if value is None else _typed(value, choices[0])
    if Ellipsis in choices:
        return tuple(_typed(item, choices[0]) for item in value)
    if hint is Money:
        return Money(**value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is UUID or issubclass(hint, StrEnum):
        return hint(value)
    if type(value) is not hint:
        raise TypeError(f"{value!r} is out of place")
    return value


# the bus

E = TypeVar("E", bound=Event)


class _Entry:
    """One subscription as the bus sees it: what it is for, and a way to reach the handler while it lives."""

    def __init__(self, kind: type[Event], reach: Callable[[], Callable[[Any], object] | None]) -> None:
        self.kind = kind
        self.reach = reach
        self.cancelled = False


class Subscription:
    """What `subscribe` hands back; `cancel()` it, or use it in a `with` block, or let it go."""

    def __init__(self, bus: EventBus, handler: Callable[[Any], object] | None) -> None:
        self._bus = bus
        self.handler = handler

    def cancel(self) -> None:
        """The handler is not called any more. Again is harmless."""
        self._bus.unsubscribe(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()


class EventBus:
    """Carries events from whoever publishes to whoever subscribed, on the publisher's thread.

    The bus keeps nobody alive. A bound method is called as long as the object it belongs to lives, whether or
    not the `Subscription` is kept. Any other callable (function, lambda, partial) lives as long as its
    `Subscription`: keep that, or the handler dies at once.

    Handlers run in the order in which they subscribed, outside the lock, so they may publish, subscribe and
    unsubscribe. One that was cancelled meanwhile is not called; one that came meanwhile hears the next event.
    """

    def __init__(self) -> None:
        # re-entrant: an object may die, and cancel what it subscribed, while the lock is held
        self._lock = threading.RLock()
        self._entries: list[_Entry] = []
        self._of: weakref.WeakKeyDictionary[Subscription, _Entry] = weakref.WeakKeyDictionary()

    def subscribe(self, kind: type[E] | Literal["*"], handler: Callable[[E], object]) -> Subscription:
        """Call `handler` with every event of that kind (or a child of it), or with all of them for `"*"`."""
        method = _weak_method(handler)
        subscription = Subscription(self, handler if method is None else None)
        reach = method if method is not None else _through(subscription)
        entry = _Entry(Event if kind == "*" else kind, reach)
        with self._lock:
            self._entries.append(entry)
            self._of[subscription] = entry
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """The same as `subscription.cancel()`."""
        with self._lock:
            entry = self._of.pop(subscription, None)
            if entry is not None:
                entry.cancelled = True
                self._prune()

    def publish(self, event: Event) -> None:
        """Call all who subscribed to it. A handler's `Exception` is logged with its traceback and goes no
        further; `KeyboardInterrupt` and its like pass through."""
        with self._lock:
            self._prune()
            called = [entry for entry in self._entries if isinstance(event, entry.kind)]
        for entry in called:
            handler = entry.reach()
            if handler is None or entry.cancelled:
                continue
            try:
                handler(event)
            except Exception:
                log.exception("A handler of %s failed: %r", event.event_name, handler)

    def count(self) -> int:
        """How many handlers are alive."""
        with self._lock:
            self._prune()
            return len(self._entries)

    def _prune(self) -> None:
        self._entries = [
            entry for entry in self._entries if not entry.cancelled and entry.reach() is not None
        ]


def _through(subscription: Subscription) -> Callable[[], Callable[[Any], object] | None]:
    """A way to the handler that a subscription keeps, without keeping the subscription."""
    weak = weakref.ref(subscription)

    def reach() -> Callable[[Any], object] | None:
        held = weak()
        return None if held is None else held.handler

    return reach


def _weak_method(handler: Callable[..., object]) -> weakref.WeakMethod[Callable[..., object]] | None:
    if not isinstance(handler, MethodType):
        return None
    try:
        return weakref.WeakMethod(handler)
    except TypeError:  # its object allows no weak references
        return None
