"""The bus that carries events from whoever publishes to whoever subscribed."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from types import MethodType, TracebackType
from typing import Any, Literal, Self, TypeVar

from travellr_desktop.events.event import Event

log = logging.getLogger(__name__)

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
