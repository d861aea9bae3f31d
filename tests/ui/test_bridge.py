from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from travellr_desktop.events import Change, Event, EventBus, TravellerChanged, UserChanged
from travellr_desktop.ui.bridge import Bridge

NOW = datetime(2026, 6, 18, 8, 42, tzinfo=UTC)


class Travellers(QWidget):
    """A screen that shows travellers."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.stale = False

    def cares(self, event: Event) -> bool:
        return isinstance(event, TravellerChanged)

    def mark_stale(self) -> None:
        self.stale = True

    def refresh(self) -> None:
        self.reads += 1


def changed() -> TravellerChanged:
    return TravellerChanged(aggregate_id=uuid4(), timestamp=NOW, change=Change.UPDATED)


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def bridge(qtbot: QtBot, bus: EventBus) -> Iterator[Bridge]:
    bridge = Bridge(bus)
    yield bridge
    bridge.close()


@pytest.fixture
def screen(qtbot: QtBot, bridge: Bridge) -> Travellers:
    screen = Travellers()
    qtbot.addWidget(screen)
    bridge.watch(screen)
    return screen


def test_an_event_of_a_worker_arrives_on_the_thread_of_the_window(
    qtbot: QtBot, bus: EventBus, bridge: Bridge
) -> None:
    threads: list[threading.Thread] = []

    def heard(_: Event) -> None:
        threads.append(threading.current_thread())

    bridge.happened.connect(heard)
    event = changed()
    worker = threading.Thread(target=bus.publish, args=(event,))
    with qtbot.waitSignal(bridge.happened) as caught:
        worker.start()
    worker.join()
    assert caught.args == [event]
    assert threads == [threading.main_thread()]


def test_a_screen_that_is_seen_reads_again_once_for_many_events(
    qtbot: QtBot, bus: EventBus, screen: Travellers
) -> None:
    screen.show()
    for _ in range(5):
        bus.publish(changed())
    assert screen.reads == 0
    qtbot.waitUntil(lambda: screen.reads == 1)
    assert not screen.stale


def test_a_hidden_screen_is_marked_stale_and_does_not_read(bus: EventBus, screen: Travellers) -> None:
    bus.publish(changed())
    assert screen.stale
    assert screen.reads == 0


def test_a_screen_hears_only_what_it_cares_for(bus: EventBus, screen: Travellers) -> None:
    bus.publish(UserChanged(aggregate_id=uuid4(), timestamp=NOW, change=Change.CREATED))
    assert not screen.stale


def test_a_screen_that_died_is_left_alone(qtbot: QtBot, bus: EventBus, bridge: Bridge) -> None:
    screen = Travellers()
    bridge.watch(screen)
    screen.show()
    bus.publish(changed())
    delete(screen)
    bus.publish(changed())
    with qtbot.waitSignal(bridge.happened):
        threading.Thread(target=bus.publish, args=(changed(),)).start()
    assert screen.reads == 0


def test_the_bridge_keeps_no_screen_alive(bus: EventBus, bridge: Bridge) -> None:
    gone: list[bool] = []
    screen = Travellers()
    screen.destroyed.connect(lambda *_: gone.append(True))
    bridge.watch(screen)
    del screen
    assert gone == [True]
    bus.publish(changed())


def test_a_closed_bridge_hears_nothing(bus: EventBus, bridge: Bridge, screen: Travellers) -> None:
    bridge.close()
    bus.publish(changed())
    assert not screen.stale
    assert bus.count() == 0
