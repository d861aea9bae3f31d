"""What people do on the screen of departures, each as an operation in the background."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.errors import Refusal
from travellr_desktop.services.board import BoardRow, Phase
from travellr_desktop.services.manifest_rows import Manifest, ManifestLine
from travellr_desktop.services.manifests import Closed
from travellr_desktop.services.registry import Services
from travellr_desktop.services.scanning import Scanned
from travellr_desktop.ui.departures import words as say
from travellr_desktop.ui.departures.manifest_panel import ManifestPanel
from travellr_desktop.ui.departures.questions import SeatsQuestion, StopQuestion, close_question
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.screen import Context


class Doing(QObject):
    """`changed` after everything that changes what is shown."""

    changed = Signal()

    def __init__(
        self,
        context: Context,
        formats: Formats,
        panel: ManifestPanel,
        opener: Callable[[Path], bool],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._context, self._formats, self._panel, self._opener = context, formats, panel, opener
        self._services = cast(Services, context.services)
        self._window = parent
        self._key: tuple[UUID, UUID] | None = None
        self._several: tuple[UUID, str] | None = None
        self._marks: deque[Callable[[], None]] = deque()

    # checking in

    def scan(self, text: str) -> None:
        """What a scanner sent, or a person typed. A code checks its booking in, as does a name that fits one traveller
        only; where it fits several they are chosen, and the same again means all of them."""
        manifest = self._panel.manifest
        if manifest is None or not text.strip():
            return
        manifests, actor, departure_id = self._services.manifests, self._context.actor, manifest.departure_id
        again = self._several == (departure_id, text)

        def work(_task: object) -> tuple[str, Scanned, int | None]:
            found = manifests.by_code(actor, departure_id, text)
            sure = again or found.exact or len(found.line_ids) == 1
            return text, found, manifests.check_in(actor, found.line_ids) if sure else None

        self._context.background.run(
            self,
            work,
            words=self.tr("Checking in"),
            key=("departures.scan", departure_id),
            done=self._scanned,
            refused=self._scan_refused,
        )

    def _scanned(self, answer: tuple[str, Scanned, int | None]) -> None:
        (text, found, came), panel = answer, self._panel
        self._several = None
        panel.list.show_lines(found.line_ids)
        names = self._names(found.line_ids)
        missing = [line for line in self._lines(found.line_ids) if line.checked_in_at is None]
        if came:
            panel.say("ok", self.tr("{0} checked in: {1}").format(say.travellers(came), names))
        elif came is not None or not missing:
            panel.say("wait", self.tr("Here already: {0}").format(names))
        else:
            if panel.manifest is not None:
                self._several = (panel.manifest.departure_id, text)
            fit = say.travellers(len(found.line_ids))
            panel.say("wait", self.tr("{0} fit. Enter again if all are here, or choose below.").format(fit))
            return
        panel.scan.edit.selectAll()
        self.changed.emit()

    def _lines(self, line_ids: Sequence[UUID]) -> list[ManifestLine]:
        wanted = set(line_ids)
        return [row.line for row in self._panel.list.rows.rows if row.line is not None and row.id in wanted]

    def _names(self, line_ids: Sequence[UUID]) -> str:
        names = [line.name for line in self._lines(line_ids)]
        return ", ".join(names[:3]) + (f" + {len(names) - 3}" if len(names) > 3 else "")

    def _scan_refused(self, refusal: Refusal) -> None:
        self._panel.say("bad", f"{refusal} {refusal.hint}".strip())
        self._panel.scan.edit.selectAll()

    def toggle(self, line_ids: Sequence[UUID]) -> None:
        """Who is not here comes; where all are here, they are not after all."""
        manifests, actor = self._services.manifests, self._context.actor

        def mark() -> None:
            here = all(line.checked_in_at is not None for line in self._lines(line_ids))
            work = manifests.undo_check_in if here else manifests.check_in
            self._run(lambda: work(actor, line_ids), self.tr("Checking in"))

        self._in_turn(mark)

    def no_show(self) -> None:
        """The chosen travellers did not come; where all are marked so, it is open again."""
        ids = self._panel.list.line_ids()
        if not ids:
            return
        manifests, actor = self._services.manifests, self._context.actor

        def mark() -> None:
            on = not all(line.absent for line in self._lines(ids))
            self._run(lambda: manifests.absent(actor, ids, on), self.tr("Noting a no-show"))

        self._in_turn(mark)

    def check_everybody_in(self) -> None:
        """All who are not marked yet; the toast has a way back."""
        manifest = self._panel.manifest
        if manifest is None:
            return
        ids = [
            line.id
            for booking in manifest.bookings
            if not booking.pending
            for line in booking.lines
            if not line.absent and line.checked_in_at is None
        ]
        manifests, actor = self._services.manifests, self._context.actor

        def undo() -> None:
            self._run(lambda: manifests.undo_check_in(actor, ids), self.tr("Undoing the check-in"))

        def came(count: int) -> None:
            self._context.say.finished(self.tr("{0} checked in").format(say.travellers(count)), undo)
            self.changed.emit()

        if ids:
            self._context.background.run(
                self,
                lambda _task: manifests.check_in(actor, ids),
                words=self.tr("Checking in"),
                key=self._marking,
                done=came,
                refused=self._refused,
                ended=self._next_mark,
            )

    def _in_turn(self, mark: Callable[[], None]) -> None:
        """Whoever counts people in at the gangway is faster than the file: no key is lost while one is written."""
        if self._context.background.find(self._marking) is None:
            mark()
        else:
            self._marks.append(mark)

    def _next_mark(self) -> None:
        if self._marks and self._context.background.find(self._marking) is None:
            self._marks.popleft()()

    @property
    def _marking(self) -> tuple[str, int]:
        return "departures.mark", id(self)

    def _run(self, work: Callable[[], object], words: str) -> None:
        self._context.background.run(
            self,
            lambda _task: work(),
            words=words,
            key=self._marking,
            done=lambda _changed: self.changed.emit(),
            refused=self._refused,
            ended=self._next_mark,
        )

    def _refused(self, refusal: Refusal) -> None:
        """Beside the list where it is open, else across the screen."""
        self._context.say.refused(refusal)
        self.changed.emit()

    # closing, printing

    def close(self) -> None:
        """Ask, then close the manifest. The same question sent again has one effect."""
        manifest = self._panel.manifest
        if manifest is None or manifest.why_not_close is not None:
            return
        if self._key is None or self._key[0] != manifest.departure_id:
            self._key = (manifest.departure_id, uuid4())
        question = close_question(self._formats, manifest, self._window)
        question.accepted.connect(lambda: self._close(manifest))
        question.finished.connect(question.deleteLater)
        question.open()

    def _close(self, manifest: Manifest) -> None:
        assert self._key is not None
        manifests, actor, key = self._services.manifests, self._context.actor, self._key[1]

        def closed(done: Closed) -> None:
            self._key = None
            words = self.tr("{0} is closed: {1} travelled").format(
                manifest.title, say.count(done.completed, "booking", "bookings")
            )
            if done.no_show:
                words = self.tr("{0}, {1} a no-show").format(words, done.no_show)
            self._context.say.finished(words)
            self.changed.emit()

        def refused(refusal: Refusal) -> None:
            self._key = None
            self._refused(refusal)

        self._context.background.run(
            self,
            lambda _task: manifests.close(actor, manifest.departure_id, key=key),
            words=self.tr("Closing the manifest"),
            button=self._panel.close_button,
            key=("departures.close", manifest.departure_id),
            done=closed,
            refused=refused,
        )

    def print(self) -> None:
        """The manifest as PDF, then opened."""
        manifest = self._panel.manifest
        if manifest is None:
            return
        documents, actor, departure_id = self._services.documents, self._context.actor, manifest.departure_id
        self._context.background.run(
            self,
            lambda _task: documents.manifest(actor, departure_id),
            words=self.tr("Making the manifest"),
            button=self._panel.print,
            key=("departures.print", departure_id),
            done=self._printed,
            refused=self._refused,
        )

    def _printed(self, path: Path) -> None:
        self._opener(path)
        self._context.say.finished(self.tr("{0} is saved").format(path.name))

    # selling

    def stop_or_reopen(self, row: BoardRow) -> None:
        """Ask why and stop the sales; those of a stopped one are opened again at once. Both have a way back."""
        timetable, actor = self._services.timetable, self._context.actor

        def reopen() -> None:
            self._run(lambda: timetable.reopen(actor, [row.id]), self.tr("Opening the sales"))

        def stop() -> None:
            self._run(lambda: timetable.stop(actor, [row.id], row.reason), self.tr("Stopping the sales"))

        if row.phase is not Phase.STOPPED:
            question = StopQuestion(self._formats, row, self._window)
            self._ask(
                question,
                lambda: timetable.stop(actor, [row.id], question.reason),
                self.tr("{0} is on stop-sell").format(row.title),
                self.tr("Stopping the sales"),
                undo=reopen,
            )
            return

        def reopened(_none: object) -> None:
            self._context.say.finished(self.tr("{0} is sold again").format(row.title), stop)
            self.changed.emit()

        self._context.background.run(
            self,
            lambda _task: timetable.reopen(actor, [row.id]),
            words=self.tr("Opening the sales"),
            key=("departures.sales", row.id),
            done=reopened,
            refused=self._refused,
        )

    def change_seats(self, row: BoardRow) -> None:
        question = SeatsQuestion(self._formats, row, self._window)
        timetable, actor = self._services.timetable, self._context.actor
        self._ask(
            question,
            lambda: timetable.set_capacity(actor, row.id, question.seats),
            self.tr("Seats of {0} are changed").format(row.title),
            self.tr("Changing the seats"),
        )

    def _ask(
        self,
        question: StopQuestion | SeatsQuestion,
        work: Callable[[], object],
        finished: str,
        words: str,
        *,
        undo: Callable[[], object] | None = None,
    ) -> None:
        """Open a question that stays until what it asks is done, or says why it cannot be."""

        def came(_result: object) -> None:
            question.set_busy(None)
            question.accept()
            self._context.say.finished(finished, undo)
            self.changed.emit()

        def act() -> None:
            question.note.hide()
            started = self._context.background.run(
                question,
                lambda _task: work(),
                words=words,
                key=("departures.ask", id(question)),
                done=came,
                refused=question.refuse,
            )
            if started is not None and started.running:
                question.set_busy(words)

        question.act.clicked.disconnect()
        question.act.clicked.connect(act)
        question.finished.connect(question.deleteLater)
        question.open()
