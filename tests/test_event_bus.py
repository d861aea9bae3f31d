from __future__ import annotations

import gc
import logging
import threading
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from travellr_desktop import events
from travellr_desktop.domain.ids import new_id
from travellr_desktop.events import Change, Event, EventBus, Subscription

WHEN = datetime(2026, 6, 12, 9, 20, tzinfo=UTC)


def user_changed() -> events.UserChanged:
    return events.UserChanged(aggregate_id=new_id(), timestamp=WHEN, change=Change.UPDATED)


def traveller_changed() -> events.TravellerChanged:
    return events.TravellerChanged(aggregate_id=new_id(), timestamp=WHEN, change=Change.UPDATED)


class Listener:
    def __init__(self) -> None:
        self.heard: list[Event] = []

    def hear(self, event: Event) -> None:
        self.heard.append(event)


def test_handlers_hear_their_kind_and_a_star_hears_all() -> None:
    bus = EventBus()
    users, everything, any_kind = Listener(), Listener(), Listener()
    bus.subscribe(events.UserChanged, users.hear)
    bus.subscribe("*", everything.hear)
    bus.subscribe(Event, any_kind.hear)
    first, second = user_changed(), traveller_changed()
    bus.publish(first)
    bus.publish(second)
    assert users.heard == [first]
    assert everything.heard == any_kind.heard == [first, second]


def test_handlers_run_in_the_order_they_subscribed() -> None:
    bus = EventBus()
    order: list[int] = []

    def handler(number: int) -> Callable[[Event], None]:
        return lambda event: order.append(number)

    kept = [bus.subscribe("*", handler(n)) for n in range(5)]
    bus.publish(user_changed())
    assert order == [0, 1, 2, 3, 4]
    assert len(kept) == bus.count()


def test_a_failing_handler_is_logged_with_its_traceback_and_the_others_still_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus = EventBus()
    listener = Listener()

    def broken(event: Event) -> None:
        raise ZeroDivisionError("broken on purpose")

    kept = bus.subscribe("*", broken)
    bus.subscribe("*", listener.hear)
    with caplog.at_level(logging.ERROR):
        bus.publish(user_changed())
    assert len(listener.heard) == 1
    (record,) = caplog.records
    assert "UserChanged" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    kept.cancel()


def test_an_interrupt_passes_through() -> None:
    bus = EventBus()
    listener = Listener()

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    with bus.subscribe("*", interrupt):
        bus.subscribe("*", listener.hear)
        with pytest.raises(KeyboardInterrupt):
            bus.publish(user_changed())
    assert listener.heard == []
    bus.publish(user_changed())  # the bus is none the worse
    assert len(listener.heard) == 1


def test_a_bound_method_hears_as_long_as_its_object_lives() -> None:
    bus = EventBus()
    heard: list[Event] = []

    class Screen:
        def hear(self, event: Event) -> None:
            heard.append(event)

    screen = Screen()
    bus.subscribe("*", screen.hear)
    gc.collect()
    bus.publish(user_changed())
    assert len(heard) == 1
    gone = weakref.ref(screen)
    del screen
    gc.collect()
    assert gone() is None  # the bus did not keep it
    bus.publish(user_changed())
    assert len(heard) == 1
    assert bus.count() == 0


def test_a_function_hears_as_long_as_its_subscription_is_kept() -> None:
    bus = EventBus()
    heard: list[Event | str] = []
    kept = [
        bus.subscribe("*", lambda event: heard.append(event.event_name)),
        bus.subscribe("*", partial(heard.append)),
    ]
    bus.publish(user_changed())
    assert len(heard) == 2
    kept.clear()
    gc.collect()
    bus.publish(user_changed())
    assert len(heard) == 2
    assert bus.count() == 0


def test_an_owner_that_keeps_the_subscription_dies_with_it() -> None:
    bus = EventBus()

    class Screen:
        def __init__(self) -> None:
            self.heard: list[str] = []
            self.subscription = bus.subscribe("*", lambda event: self.heard.append(event.event_name))

    screen = Screen()
    bus.publish(user_changed())
    assert len(screen.heard) == 1
    gone = weakref.ref(screen)
    del screen
    gc.collect()
    assert gone() is None
    assert bus.count() == 0


def test_a_method_of_an_object_without_weak_references_is_kept_by_its_subscription() -> None:
    bus = EventBus()
    heard: list[Event] = []

    class Tight:
        __slots__ = ()

        def hear(self, event: Event) -> None:
            heard.append(event)

    subscription = bus.subscribe("*", Tight().hear)
    bus.publish(user_changed())
    assert len(heard) == 1
    subscription.cancel()
    bus.publish(user_changed())
    assert len(heard) == 1


def test_cancelling_ends_a_subscription_in_each_of_its_ways() -> None:
    bus = EventBus()
    listener = Listener()
    with bus.subscribe("*", listener.hear):
        bus.publish(user_changed())
    second = bus.subscribe("*", listener.hear)
    second.cancel()
    second.cancel()  # again is harmless
    third = bus.subscribe("*", listener.hear)
    bus.unsubscribe(third)
    bus.publish(user_changed())
    assert len(listener.heard) == 1
    assert bus.count() == 0


def test_a_subscription_can_be_cancelled_after_its_handler_died() -> None:
    bus = EventBus()
    listener = Listener()
    subscription = bus.subscribe("*", listener.hear)
    del listener
    gc.collect()
    bus.publish(user_changed())
    subscription.cancel()
    assert bus.count() == 0


def test_subscribing_and_cancelling_while_an_event_is_out_is_safe() -> None:
    bus = EventBus()
    late, doomed = Listener(), Listener()
    kept: list[Subscription] = []

    def meddle(event: Event) -> None:
        kept.append(bus.subscribe("*", late.hear))
        victim.cancel()

    meddler = bus.subscribe("*", meddle)
    victim = bus.subscribe("*", doomed.hear)
    bus.publish(user_changed())
    assert doomed.heard == []  # cancelled before its turn
    assert late.heard == []  # came too late for this one
    meddler.cancel()
    bus.publish(user_changed())
    assert len(late.heard) == 1


def test_a_handler_that_dies_while_an_event_is_out_is_not_called() -> None:
    bus = EventBus()
    heard: list[Event] = []
    last: list[Subscription] = []
    first = bus.subscribe("*", lambda _: last.clear())
    last.append(bus.subscribe("*", heard.append))
    bus.publish(user_changed())
    assert heard == []
    first.cancel()


def test_a_handler_may_publish() -> None:
    bus = EventBus()
    listener = Listener()
    bus.subscribe(events.TravellerChanged, listener.hear)
    with bus.subscribe(events.UserChanged, lambda _: bus.publish(traveller_changed())):
        bus.publish(user_changed())
    assert len(listener.heard) == 1


def test_an_object_that_cancels_as_it_dies_does_not_block_the_bus() -> None:
    bus = EventBus()
    done = threading.Event()

    class Screen:
        def __init__(self) -> None:
            self.subscription = bus.subscribe("*", lambda event: None)
            self.me = self  # a cycle: the collector decides when it dies

        def __del__(self) -> None:
            self.subscription.cancel()

    def work() -> None:
        event = user_changed()
        usual = gc.get_threshold()
        gc.set_threshold(1)  # collect at every turn, so also while the bus holds its lock
        try:
            for _ in range(50):
                Screen()
                bus.publish(event)
        finally:
            gc.set_threshold(*usual)
        gc.collect()
        done.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert done.wait(20)
    thread.join()
    assert bus.count() == 0


def test_handlers_run_outside_the_lock() -> None:
    bus = EventBus()
    inside, go_on = threading.Event(), threading.Event()

    def slow(event: Event) -> None:
        inside.set()
        assert go_on.wait(20)

    kept = bus.subscribe(events.UserChanged, slow)
    thread = threading.Thread(target=bus.publish, args=(user_changed(),))
    thread.start()
    assert inside.wait(20)
    listener = Listener()
    bus.subscribe(events.TravellerChanged, listener.hear)  # neither blocks, while the other handler runs
    bus.publish(traveller_changed())
    go_on.set()
    thread.join()
    assert len(listener.heard) == 1
    kept.cancel()


def test_many_threads_lose_and_double_nothing() -> None:
    bus = EventBus()
    lock = threading.Lock()
    heard: list[Event] = []

    class Counter:
        def hear(self, event: Event) -> None:
            with lock:
                heard.append(event)

    counter = Counter()
    bus.subscribe("*", counter.hear)
    together = threading.Barrier(6)

    def publish() -> None:
        together.wait()
        for _ in range(200):
            bus.publish(user_changed())

    def come_and_go() -> None:
        together.wait()
        for _ in range(200):
            with bus.subscribe("*", lambda event: None):
                bus.publish(traveller_changed())

    threads = [threading.Thread(target=act) for act in (publish, come_and_go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 1_200
    assert len({event.aggregate_id for event in heard}) == 1_200
    assert bus.count() == 1
