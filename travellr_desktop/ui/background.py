"""Operations: how the window asks a service for something without waiting for it.

Every action of a person goes one way::

    background.run(
        self,
        lambda task: holds.hold(actor, departure_id, party, key=key),
        words="Holding 3 seats",
        button=self.hold_button,
        done=self._held,
        refused=self._show_refusal,
    )

The work runs on a pool thread and may touch no widget; everything handed in as `done`, `refused`, `progress`
and `ended` is called on the GUI thread, and never after the owner has died. What the work raises is sorted
once, here:

* `Cancelled`: nothing is said;
* `Refusal`: `refused` shows it beside the work (without one, `Background.refused` is emitted);
* anything else is a bug: logged with its traceback, and `Background.bug` is emitted with a `BugReport`.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from PySide6.QtWidgets import QAbstractButton
from shiboken6 import isValid

from travellr_desktop.errors import Cancelled, Refusal
from travellr_desktop.ui.bug_report import BugReport
from travellr_desktop.ui.button_guard import ButtonGuard

log = logging.getLogger(__name__)

T = TypeVar("T")
Callback = Callable[..., object]

POOL_SIZE = 6

LONGEST_CALL = 40.0
"""Seconds that a call which is not cut off may take: more than the time-out of a payment (30 s)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: `done` of `total` things, or of an unknown number where `total` is None."""

    done: int
    total: int | None = None
    words: str = ""


class Task:
    """What the work sees of its operation. Safe to use from the work's thread."""

    def __init__(self, report: Callable[[Progress], None]) -> None:
        self._report = report
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._interrupts: list[Callable[[], object]] = []

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the person has stopped the operation. Call it where stopping leaves nothing
        half-done.
        """
        if self._stop.is_set():
            raise Cancelled

    def report(self, done: int, total: int | None = None, words: str = "") -> None:
        """Say how far the work is; cheap, the window is told of the newest only."""
        self._report(Progress(done, total, words))

    def on_cancel(self, interrupt: Callable[[], object]) -> None:
        """Call `interrupt` once when the operation is stopped, on the thread that stops it; at once if it
        already was.
        """
        with self._lock:
            if not self._stop.is_set():
                self._interrupts.append(interrupt)
                return
        interrupt()

    def stop(self) -> None:
        with self._lock:
            self._stop.set()
            interrupts, self._interrupts = self._interrupts, []
        for interrupt in interrupts:
            interrupt()


class Executor(Protocol):
    """Where the work of operations runs."""

    def submit(self, job: Callable[[], None]) -> None: ...

    def others_ended(self, timeout: float) -> bool:
        """Called by a job: wait until no other one runs; False if some still do after `timeout` s."""
        ...

    def shutdown(self, timeout: float) -> bool:
        """Take no more jobs, drop those not begun, wait for the others; False if some still run after
        `timeout` s.
        """
        ...


class PoolExecutor:
    """Threads of a pool, made when they are first needed."""

    def __init__(self, size: int = POOL_SIZE) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="operation")
        self._lock = threading.Lock()
        self._open: set[Future[None]] = set()
        self._ended = threading.Condition()
        self._at: set[int] = set()  # threads

    def submit(self, job: Callable[[], None]) -> None:
        future = self._pool.submit(self._do, job)
        with self._lock:
            self._open.add(future)
        future.add_done_callback(self._forget)

    def _forget(self, future: Future[None]) -> None:
        with self._lock:
            self._open.discard(future)

    def _do(self, job: Callable[[], None]) -> None:
        me = threading.get_ident()
        with self._ended:
            self._at.add(me)
        try:
            job()
        finally:
            with self._ended:
                self._at.discard(me)
                self._ended.notify_all()

    def others_ended(self, timeout: float) -> bool:
        me = {threading.get_ident()}
        with self._ended:
            return self._ended.wait_for(lambda: self._at <= me, timeout)

    def shutdown(self, timeout: float) -> bool:
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            running = set(self._open)
        if wait_for(running, timeout).not_done:
            return False
        self._pool.shutdown(wait=True)
        return True


class InlineExecutor:
    """Runs the work where it is started: for tests, and for `--self-test`."""

    def submit(self, job: Callable[[], None]) -> None:
        job()

    def others_ended(self, timeout: float) -> bool:
        return True

    def shutdown(self, timeout: float) -> bool:
        return True


class State(Enum):
    RUNNING = auto()
    DONE = auto()
    REFUSED = auto()
    FAILED = auto()
    CANCELLED = auto()
    DROPPED = auto()


class Operation(Generic[T]):
    """One action under way. Use it from the GUI thread only."""

    def __init__(self, background: Background, owner: QObject, words: str, key: Hashable | None) -> None:
        self.words = words
        self.key = key
        self.state = State.RUNNING
        self.progress: Progress | None = None
        self.started = monotonic()
        self.stoppable = False
        self._background = background
        self._owner = weakref.ref(owner)
        self._callbacks: dict[str, Callable[[], Callback | None]] = {}
        self._guard: ButtonGuard | None = None
        self._lock = threading.Lock()
        self._newest: Progress | None = None
        self.task = Task(self._report)
        owner.destroyed.connect(self.drop)

    @property
    def running(self) -> bool:
        return self.state is State.RUNNING

    def cancel(self) -> None:
        """Ask the work to stop. If it ends all the same, its result counts and is delivered."""
        self.task.stop()

    def drop(self, *_: object) -> None:
        """Ask the work to stop and hear no more of it: nothing is called any more."""
        if self.running:
            self._close(State.DROPPED)
            self.task.stop()

    def _set(self, **callbacks: Callback | None) -> None:
        for name, callback in callbacks.items():
            if callback is not None:
                self._callbacks[name] = _weakly(callback)

    def _call(self, name: str, *args: object) -> bool:
        """Call a callback if it is there and the owner lives; says whether there was one."""
        if name not in self._callbacks:
            return False
        if self._alive():
            callback = self._callbacks[name]()
            if callback is not None:
                callback(*args)
        return True

    # on the work's thread

    def _report(self, progress: Progress) -> None:
        with self._lock:
            waiting, self._newest = self._newest is not None, progress
        if not waiting:
            self._background._post(self._show_progress)

    def _work(self, work: Callable[[Task], T]) -> None:
        try:
            self.task.check()
            result = work(self.task)
        except Cancelled:
            self._background._post(lambda: self._finish(State.CANCELLED))
        except Refusal as refusal:
            error = refusal
            self._background._post(lambda: self._finish(State.REFUSED, error))
        except Exception as problem:
            log.exception("operation failed: %s", self.words or self.key or "unnamed")
            report = BugReport.of(problem, self.words)
            self._background._post(lambda: self._finish(State.FAILED, report))
        else:
            self._background._post(lambda: self._finish(State.DONE, result))

    # on the GUI thread

    def _show_progress(self) -> None:
        with self._lock:
            progress, self._newest = self._newest, None
        if self.running and progress is not None:
            self.progress = progress
            self._call("progress", progress)
            self._background.changed.emit()

    def _close(self, state: State) -> None:
        self.state = state
        if self._alive():
            owner = self._owner()
            if owner is not None:
                owner.destroyed.disconnect(self.drop)
        if self._guard is not None:
            self._guard.release()
        self._background._forget(self)

    def _alive(self) -> bool:
        owner = self._owner()
        return owner is not None and isValid(owner)

    def _finish(self, state: State, outcome: Any = None) -> None:
        if not self.running:
            return
        self._close(state)
        try:
            if state is State.DONE:
                self._call("done", outcome)
            elif state is State.REFUSED:
                if not self._call("refused", outcome) and self._alive():
                    self._background.refused.emit(outcome)
            elif state is State.FAILED:
                self._call("failed", outcome)
                self._background.bug.emit(outcome)
            self._call("ended")
        finally:
            self._callbacks.clear()


class Background(QObject):
    """Starts operations and knows which ones run. One for the program; lives on the GUI thread."""

    changed = Signal()
    """The running operations, or how far one is, changed."""
    refused = Signal(object)
    """A `Refusal` that no operation's own `refused` took."""
    bug = Signal(object)
    """A `BugReport`."""
    _letter = Signal(object)

    def __init__(self, executor: Executor | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor: Executor = executor if executor is not None else PoolExecutor()
        self._running: list[Operation[Any]] = []
        self._closed = False
        self._letter.connect(self._open, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[Task], T],
        *,
        words: str = "",
        key: Hashable | None = None,
        newest: bool = False,
        stoppable: bool = False,
        button: QAbstractButton | None = None,
        done: Callable[[T], object] | None = None,
        refused: Callable[[Refusal], object] | None = None,
        failed: Callable[[BugReport], object] | None = None,
        progress: Callable[[Progress], object] | None = None,
        ended: Callable[[], object] | None = None,
    ) -> Operation[T] | None:
        """Start `work` in the background; None if it was not started.

        `words` say what runs, for the button and the status bar. With a `key` (a `button` is one too) a
        second start is refused while the first still runs; with `newest` the first is dropped instead, as a
        search does when typing goes on. `stoppable` offers "Stop" in the status bar. `ended` is called last,
        however it ended, but not after `drop`. Methods handed in are held weakly.
        """
        if self._closed:
            return None
        if key is None and button is not None:
            key = ("button", id(button))
        if key is not None and (before := self.find(key)) is not None:
            if not newest:
                return None
            before.drop()
        operation: Operation[T] = Operation(self, owner, words, key)
        operation.stoppable = stoppable
        operation._set(done=done, refused=refused, failed=failed, progress=progress, ended=ended)
        if button is not None:
            operation._guard = ButtonGuard(button, words)
        self._running.append(operation)
        self.changed.emit()
        self._executor.submit(lambda: operation._work(work))
        return operation

    def find(self, key: Hashable) -> Operation[Any] | None:
        """The running operation with this key."""
        return next((o for o in self._running if o.key == key), None)

    @property
    def running(self) -> tuple[Operation[Any], ...]:
        """What runs now, the oldest first."""
        return tuple(self._running)

    def drop_all(self) -> None:
        """Ask everything that runs to stop, and hear no more of it."""
        for operation in self.running:
            operation.drop()

    def others_ended(self, timeout: float = LONGEST_CALL) -> bool:
        """Called by the work of an operation: wait until no other runs. False where some does after `timeout` s."""
        return self._executor.others_ended(timeout)

    def shutdown(self, timeout: float = LONGEST_CALL) -> bool:
        """Start nothing more, ask everything to stop and wait for it; nothing is called any more.

        False if some work still runs after `timeout` seconds: a payment on its way is never cut off, and its
        thread ends with its call.
        """
        self._closed = True
        self.drop_all()
        return self._executor.shutdown(timeout)

    def _post(self, letter: Callable[[], None]) -> None:
        """Run `letter` on the GUI thread: at once if this is it."""
        if not isValid(self):
            return
        if QThread.currentThread() is self.thread():
            letter()
            return
        try:
            self._letter.emit(letter)
        except RuntimeError:  # deleted between the question and the call
            log.debug("a result came after the window had gone")

    @Slot(object)
    def _open(self, letter: Callable[[], None]) -> None:
        if not self._closed:
            letter()

    def _forget(self, operation: Operation[Any]) -> None:
        if operation in self._running:
            self._running.remove(operation)
            if isValid(self):
                self.changed.emit()


def _weakly(callback: Callback) -> Callable[[], Callback | None]:
    """A way to the callback that keeps no method's object alive."""
    if hasattr(callback, "__self__") and hasattr(callback, "__func__"):
        return weakref.WeakMethod(callback)
    return lambda: callback
