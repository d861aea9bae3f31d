"""Watching the whole application for a few kinds of events, with one filter for all who do.

Every event of every object comes by such a filter, and each filter in Python is a call from C++: so there is one, which
looks at the kind first and goes on only for those that somebody wants. It stands only while somebody watches.
"""

from __future__ import annotations

from collections.abc import Collection
from weakref import ref

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from shiboken6 import isValid


def watch(watcher: QObject, kinds: Collection[QEvent.Type]) -> None:
    """Have `watcher.eventFilter(watched, event)` called for events of these kinds, whatever object they are for, before
    those who began to watch earlier. True keeps the event from everybody else. Who watches already begins anew; who is
    deleted watches no more. Nothing without an application."""
    application = QCoreApplication.instance()
    if application is not None:
        (_found(application) or _EventWatch(application)).add(watcher, kinds)


def unwatch(watcher: QObject) -> None:
    """No more events for this one."""
    application = QCoreApplication.instance()
    found = _found(application) if application is not None else None
    if found is not None:
        found.remove(watcher)


def _found(application: QCoreApplication) -> _EventWatch | None:
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    return application.findChild(_EventWatch, options=direct)


class _EventWatch(QObject):
    """Keeps nobody alive."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self._application = application
        self._watchers: dict[ref[QObject], frozenset[QEvent.Type]] = {}  # the newest last
        self._wanted: dict[QEvent.Type, tuple[ref[QObject], ...]] = {}  # the newest first

    def add(self, watcher: QObject, kinds: Collection[QEvent.Type]) -> None:
        self._watchers.pop(ref(watcher), None)
        self._watchers[ref(watcher, self._forget)] = frozenset(kinds)
        self._sort()

    def remove(self, watcher: QObject) -> None:
        self._forget(ref(watcher))

    def _forget(self, watcher: ref[QObject]) -> None:
        if self._watchers.pop(watcher, None) is not None:
            self._sort()

    def _sort(self) -> None:
        newest = list(reversed(self._watchers.items()))
        kinds = frozenset[QEvent.Type]().union(*(wanted for _, wanted in newest))
        before = bool(self._wanted)
        self._wanted = {
            kind: tuple(watcher for watcher, wanted in newest if kind in wanted) for kind in kinds
        }
        if bool(self._wanted) and not before:
            self._application.installEventFilter(self)
        elif before and not self._wanted and isValid(self._application):
            self._application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        wanted = self._wanted.get(event.type())
        if wanted is None:
            return False
        for one in wanted:
            watcher = one()
            # one may end the watching of another
            if watcher is None or one not in self._watchers or not isValid(watcher):
                continue
            if watcher.eventFilter(watched, event):
                return True
        return False
