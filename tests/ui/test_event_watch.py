"""One filter for all who watch the whole application: only what is wanted reaches them, as if each had its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from travellr_desktop.ui.event_watch import unwatch, watch

HIDE, USER = QEvent.Type.Hide, QEvent.Type.User
LOG: list[str] = []


class Watcher(QObject):
    def __init__(self, name: str, *, eats: bool = False, ends: QObject | None = None) -> None:
        super().__init__()
        self.name, self.eats, self.ends = name, eats, ends

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        LOG.append(self.name)
        if self.ends is not None:
            unwatch(self.ends)
        return self.eats


class Target(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.got = 0

    def event(self, event: QEvent) -> bool:
        self.got += 1
        return super().event(event)


@pytest.fixture(autouse=True)
def log(qtbot: QtBot) -> Iterator[None]:
    LOG.clear()
    yield
    LOG.clear()


def sent(kind: QEvent.Type = USER) -> tuple[list[str], int]:
    """One event: who saw it, and how often it reached what it was for."""
    LOG.clear()
    target = Target()
    QCoreApplication.sendEvent(target, QEvent(kind))
    return list(LOG), target.got


def test_only_kinds_that_are_wanted_reach_a_watcher() -> None:
    one, other = Watcher("one"), Watcher("other")
    watch(one, (USER,))
    watch(other, (HIDE,))
    assert sent(USER) == (["one"], 1)
    assert sent(HIDE) == (["other"], 1)
    assert sent(QEvent.Type.Show) == ([], 1)
    unwatch(one)
    assert sent(USER) == ([], 1)
    unwatch(other)


def test_the_newest_sees_it_first_and_may_keep_it_from_the_others() -> None:
    first, second, third = Watcher("first"), Watcher("second", eats=True), Watcher("third")
    for each in (first, second, third):
        watch(each, (USER,))
    assert sent() == (["third", "second"], 0)
    watch(first, (USER,))  # anew: now it is the newest
    assert sent() == (["first", "third", "second"], 0)
    for each in (first, second, third):
        unwatch(each)


def test_one_that_was_ended_by_another_sees_no_more_of_the_same_event() -> None:
    ended = Watcher("ended")
    watch(ended, (USER,))
    ending = Watcher("ending", ends=ended)
    watch(ending, (USER,))
    assert sent() == (["ending"], 1)
    unwatch(ending)


def test_who_is_gone_is_forgotten_and_kept_alive_by_nobody() -> None:
    watcher = Watcher("gone")
    watch(watcher, (USER,))
    assert sent() == (["gone"], 1)
    del watcher
    gc.collect()
    assert sent() == ([], 1)


def test_who_was_deleted_by_qt_is_not_called() -> None:
    parent = QObject()
    watcher = Watcher("child")
    watcher.setParent(parent)
    watch(watcher, (USER,))
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(parent, QEvent.Type.DeferredDelete.value)
    assert sent() == ([], 1)
    unwatch(watcher)


def test_with_nobody_watching_there_is_no_filter() -> None:
    """What nobody wants does not even come by."""
    application = QCoreApplication.instance()
    assert application is not None
    watcher = Watcher("one")
    watch(watcher, (USER,))
    (shared,) = [each for each in application.children() if type(each).__name__ == "_EventWatch"]
    passed: list[QEvent.Type] = []
    seen = shared.eventFilter

    def counting(watched: QObject, event: QEvent) -> bool:
        passed.append(event.type())
        return seen(watched, event)

    shared.eventFilter = counting  # type: ignore[method-assign]
    sent()
    assert USER in passed
    unwatch(watcher)
    passed.clear()
    sent()
    assert passed == []
    del shared.eventFilter
