"""Reading the batch of a page: at once for whoever asks, at a pace while it keeps changing, and never while it is read.

Where the provider has to be asked of very many accounts it is told how far that is, and can be stopped. Once stopped
nobody is asked until a person wants it: what can be read without is read all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from travellr_desktop.errors import Cancelled
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.background import Operation, Progress, State, Task
from travellr_desktop.ui.pace import Pace
from travellr_desktop.ui.payouts.reading import Asked, Read, read_batch
from travellr_desktop.ui.payouts.words import say

if TYPE_CHECKING:
    from travellr_desktop.ui.payouts.batch_page import BatchPage


class BatchReading(QObject):
    """`times` is how often it was begun."""

    def __init__(self, page: BatchPage, services: Services) -> None:
        super().__init__(page)
        self._page, self._services = page, services
        self._pace = Pace(self._begin, self)
        self._running: Operation[Any] | None = None
        self._progress = Progress(0)
        self._fresh = self._stopped = False
        self.times = 0

    def now(self, *, fresh: bool = False) -> None:
        """Somebody wants to see it; with `fresh` the provider is asked about a draft anew."""
        self._fresh, self._stopped = fresh, False
        self._pace.now()

    def changed(self) -> None:
        """Something of it may have changed."""
        self._pace.ask()

    def stop(self) -> None:
        """Ask of no other account."""
        if self._running is not None:
            self._running.cancel()

    def _begin(self) -> bool:
        page, services = self._page, self._services
        if page.batch_id is None:
            return False
        fresh, self._fresh = self._fresh, False
        may_ask, is_long = not self._stopped, page.figures is None
        actor, words = page.context.actor, page.words
        asked = Asked(page.batch_id, fresh, page.watched)
        self.times += 1

        def read(task: Task) -> Read:
            def told(done: int, total: int) -> None:
                if not may_ask:
                    raise Cancelled
                task.check()
                task.report(done, total)

            return read_batch(services, actor, words, asked, told)

        said = say("Running it again") if fresh else say("Reckoning the batch")
        self._progress = Progress(0)
        self._running = page.context.background.run(
            self,
            read,
            words=said if is_long else "",
            key=("payouts.batch", id(page)),
            newest=True,
            stoppable=is_long,
            done=page.show_read,
            refused=page.fail,
            failed=page.fail,
            progress=self._tell,
            ended=self._ended,
        )
        return self._running is not None

    def _tell(self, progress: Progress) -> None:
        self._progress = progress
        self._page.waiting.tell(progress.done, progress.total or 0)

    def _ended(self) -> None:
        running, self._running = self._running, None
        if running is not None and running.state is State.CANCELLED:
            if not self._stopped:
                self._page.say_stopped(self._progress.done, self._progress.total or 0)
            self._stopped = True
        else:
            self._page.waiting.clear()
        self._pace.ended()
